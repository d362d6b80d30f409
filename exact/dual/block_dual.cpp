// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <nke/exact/dual/block_dual.hpp>
#include <nke/exact/expr/substitute.hpp>
#include <nke/exact/real/error.hpp>

#include "block_rounding.hpp"

namespace nke {

namespace {

// What d is at least, beside ab: below every rounding of √d, so that ρ = ±1 needs no formula of its own.
template <class T>
Rational smallest_determinant() {
  return Rational(1) / pow(Rational(2), std::is_same_v<T, double> ? 130 : 60);
}

// d as the last of the inputs of an entry.
void give_determinant(BlockInputs& inputs, const Rational& smallest) {
  inputs.entry.emplace_back("given_d");
  inputs.determinant->given = "given_d";
  inputs.determinant->least = smallest.to_double();
}

// Which formulas one program computes, and where d comes from.
struct Wanted {
  bool value = false, derivative = false, error = false, d_given = false;
  std::size_t index() const { return value + 2 * derivative + 4 * error + 8 * d_given; }
};

// The columns of the latest rows, prepared: a kernel matrix is computed row after row over the same ones.
template <class T>
class PreparedColumns {
 public:
  using Columns = typename BlockProgram<T>::Columns;

  /// Nothing where it would not pay.
  std::optional<Columns> of(const BlockProgram<T>& program, std::span<const T> b) {
    constexpr std::size_t fewest = 64, most = 4096, dear = 6;
    if (b.size() < fewest || b.size() > most || program.operations().column < dear) return std::nullopt;
    // A place by address, as the tiles of a matrix have each their own; what counts is the content.
    const auto address = reinterpret_cast<std::uintptr_t>(b.data()) / sizeof(T);
    Place& place = places_[(address / 32 + address / 4096 + b.size()) % places_.size()];
    {
      const std::scoped_lock lock(place.mutex);
      const bool known = place.b.size() == b.size() && std::memcmp(place.b.data(), b.data(), b.size_bytes()) == 0;
      if (known) return place.columns;
      // Columns met once are perhaps not met again: they are only remembered.
      const bool again = place.seen.size() == b.size() && std::memcmp(place.seen.data(), b.data(), b.size_bytes()) == 0;
      if (!again) {
        place.seen.assign(b.begin(), b.end());
        return std::nullopt;
      }
    }
    const std::array<std::span<const T>, 1> inputs{b};
    const Columns made = program.columns(inputs);
    const std::scoped_lock lock(place.mutex);
    place.b.assign(b.begin(), b.end());
    place.columns = made;
    return made;
  }

 private:
  struct Place {
    std::mutex mutex;
    std::vector<T> b, seen;
    Columns columns;
  };
  std::array<Place, 16> places_;
};

template <class T>
struct Programs {
  struct Slot {
    std::once_flag compiled;
    std::unique_ptr<const BlockProgram<T>> program;
    std::unique_ptr<PreparedColumns<T>> columns;
  };
  mutable std::array<Slot, 16> slots;
};

// The largest of the bounds relative to the scales; beyond the domain more than any tolerance.
Expr relative_error(const ClosedForm& form, const Wanted& wanted, const Rational& smallest, double epsilon) {
  const Expr a = symbol("a"), b = symbol("b");
  std::vector<Expr> bounds;
  if (wanted.value) {
    const Expr scale = sqrt(form.diagonal) * sqrt(substitute(form.diagonal, "a", b));
    if (!form.stable_value.is_zero()) bounds.push_back(detail::rounding_bound(form.stable_value) / scale);
  }
  if (wanted.derivative && !form.stable_derivative.is_zero()) {
    const auto at_one_point = [&](const Expr& x) {
      return substitute(form.stable_derivative,
                        Substitution{{"a", x}, {"b", x}, {"c", x}, {"d", Expr(smallest) * x * x}});
    };
    bounds.push_back(detail::rounding_bound(form.stable_derivative) / (sqrt(at_one_point(a)) * sqrt(at_one_point(b))));
  }
  Expr worst;
  for (const Expr& bound : bounds) worst = max(worst, bound);
  std::vector<Branch> outside;
  for (const Expr& condition : form.integrable_where_positive) {
    outside.push_back({less_equal(condition, Expr(0)), pow(Expr(10), Expr(30))});
  }
  return piecewise(outside, Expr(Rational::from_double_exactly(epsilon)) * worst);
}

void require_symbols(const Expr& e) {
  for (const std::string& name : symbols(e)) {
    if (name != "a" && name != "b" && name != "c" && name != "d") {
      throw DomainError("a dual evaluated in blocks needs a number for its parameter " + name);
    }
  }
}

template <class T>
void require_lengths(const DualRow<T>& row) {
  const auto check = [&](std::size_t size, bool optional) {
    if (size != row.b.size() && !(optional && size == 0)) {
      throw ShapeError("a row of a dual was given spans of " + std::to_string(row.b.size()) + " and " +
                       std::to_string(size) + " entries");
    }
  };
  check(row.c.size(), false);
  check(row.d.size(), true);
  check(row.K.size(), true);
  check(row.Kdot.size(), true);
  check(row.error.size(), true);
}

}  // namespace

struct BlockDual::State {
  ClosedForm form;
  Programs<double> doubles;
  Programs<float> floats;
  std::once_flag pairs_compiled;
  std::unique_ptr<const BlockProgram<double>> pairs;

  template <class T>
  const typename Programs<T>::Slot& slot(const Wanted& wanted) {
    typename Programs<T>::Slot& slot = [&]() -> auto& {
      if constexpr (std::is_same_v<T, double>) {
        return doubles.slots[wanted.index()];
      } else {
        return floats.slots[wanted.index()];
      }
    }
    ();
    std::call_once(slot.compiled, [&] {
      slot.program = std::make_unique<const BlockProgram<T>>(compile<T>(wanted));
      slot.columns = std::make_unique<PreparedColumns<T>>();
    });
    return slot;
  }

 private:
  template <class T>
  BlockProgram<T> compile(const Wanted& wanted) const {
    const Rational smallest = smallest_determinant<T>();
    std::vector<Expr> outputs;
    if (wanted.value) outputs.push_back(form.stable_value);
    if (wanted.derivative) outputs.push_back(form.stable_derivative);
    if (wanted.error) {
      outputs.push_back(relative_error(form, wanted, smallest, static_cast<double>(std::numeric_limits<T>::epsilon())));
    }
    BlockInputs inputs{{"a"}, {"b"}, {"c"}};
    inputs.determinant = BlockInputs::Determinant{"d", "a", "b", "c"};
    if (wanted.d_given) give_determinant(inputs, smallest);
    return BlockProgram<T>(outputs, inputs);
  }
};

BlockDual::BlockDual(const ClosedForm& form) : state_(std::make_shared<State>()) {
  require_symbols(form.stable_value);
  require_symbols(form.stable_derivative);
  state_->form = form;
}

namespace {

template <class T, class State>
void run_row(State& state, const DualRow<T>& row) {
  require_lengths(row);
  const Wanted wanted{!row.K.empty(), !row.Kdot.empty(), !row.error.empty(), !row.d.empty()};
  if (!wanted.value && !wanted.derivative) return;
  const auto& slot = state.template slot<T>(wanted);
  const BlockProgram<T>& program = *slot.program;
  const std::array<std::span<const T>, 1> columns{row.b};
  const std::array<std::span<const T>, 2> entries{row.c, row.d};
  std::array<std::span<T>, 3> outputs;
  std::size_t count = 0;
  for (const std::span<T>& out : {row.K, row.Kdot, row.error}) {
    if (!out.empty()) outputs[count++] = out;
  }
  const std::span<const T> a(&row.a, 1);
  const auto given = std::span(entries).first(wanted.d_given ? 2 : 1);
  const auto wanted_outputs = std::span(outputs).first(count);
  if (const auto prepared = slot.columns->of(program, row.b)) {
    program(a, *prepared, 0, given, wanted_outputs);
  } else {
    program(a, columns, given, wanted_outputs);
  }
}

}  // namespace

void BlockDual::operator()(const DualRow<double>& row) const {
  run_row(*state_, row);
}

void BlockDual::operator()(const DualRow<float>& row) const {
  run_row(*state_, row);
}

void BlockDual::operator()(std::span<const double> as, std::span<const double> bs, std::span<const double> cs,
                           std::span<const double> ds, std::span<double> K, std::span<double> Kdot) const {
  State& state = *state_;
  std::call_once(state.pairs_compiled, [&] {
    const Expr outputs[] = {state.form.stable_value, state.form.stable_derivative};
    BlockInputs inputs{{}, {}, {"a", "b", "c"}, BlockInputs::Determinant{"d", "a", "b", "c"}};
    give_determinant(inputs, smallest_determinant<double>());
    state.pairs = std::make_unique<const BlockProgram<double>>(outputs, inputs);
  });
  const std::array<std::span<const double>, 4> entries{as, bs, cs, ds};
  std::vector<double> unwanted(K.empty() || Kdot.empty() ? as.size() : 0);
  const std::array<std::span<double>, 2> outputs{K.empty() ? std::span<double>(unwanted) : K,
                                                 Kdot.empty() ? std::span<double>(unwanted) : Kdot};
  (*state.pairs)({}, {}, entries, outputs);
}

namespace {

// Correlations from one end to the other, most of them near the ends, with 1 − ρ² known to its last digit.
template <class T>
void probe(T variance, std::vector<T>& bs, std::vector<T>& cs, std::vector<T>& ds, T other) {
  const T root = std::sqrt(variance) * std::sqrt(other), whole = variance * other;
  const auto add = [&](T one_minus, T sense) {  // ρ = sense (1 − one_minus)
    bs.push_back(other);
    cs.push_back(sense * root * (1 - one_minus));
    ds.push_back(whole * one_minus * (2 - one_minus));
  };
  for (const T sense : {T{1}, T{-1}}) {
    add(0, sense);
    for (T one_minus = T(1e-15); one_minus < T(0.5); one_minus *= 8) add(one_minus, sense);
    for (const T one_minus : {T(0.5), T(0.7), T(0.9), T(1)}) add(one_minus, sense);
  }
}

template <class T, class Dual>
bool is_safe(const Dual& dual, T variance, T other, double tolerance) {
  std::vector<T> bs, cs, ds;
  probe(variance, bs, cs, ds, other);
  std::vector<T> k(bs.size()), kdot(bs.size()), error(bs.size());
  dual(DualRow<T>{variance, bs, cs, ds, k, kdot, error});
  for (std::size_t i = 0; i < bs.size(); ++i) {
    if (!(std::isfinite(k[i]) && std::isfinite(kdot[i]) && static_cast<double>(error[i]) <= tolerance)) return false;
  }
  return true;
}

}  // namespace

template <class T>
BlockDual::Interval BlockDual::trusted(double tolerance) const {
  constexpr int furthest = 50;  // powers of 2 on each side of 1
  const auto variance = [](int k) { return std::ldexp(T{1}, k); };
  const auto safe = [&](int k, int l) { return is_safe<T>(*this, variance(k), variance(l), tolerance); };
  int low = 0;
  // The safe variance nearest to 1.
  for (int k = 0; !safe(low, low);) {
    k = k >= 0 ? -k - 1 : -k;
    if (std::abs(k) > furthest) return {1, 0};
    low = k;
  }
  int high = low;
  const int middle = low;
  const auto fits = [&](int k) { return safe(k, k) && safe(k, low) && safe(k, middle) && safe(k, high); };
  bool down = true, up = true;
  while (down || up) {
    // Far out one step is like the next; near 1, where variances are, every factor of 2 is worth having.
    const int down_step = low <= -6 ? 2 : 1, up_step = high >= 6 ? 2 : 1;
    down = down && low > -furthest && fits(low - down_step);
    if (down) low -= down_step;
    up = up && high < furthest && fits(high + up_step);
    if (up) high += up_step;
  }
  return {static_cast<double>(variance(low)), static_cast<double>(variance(high))};
}

template BlockDual::Interval BlockDual::trusted<double>(double) const;
template BlockDual::Interval BlockDual::trusted<float>(double) const;

}  // namespace nke
