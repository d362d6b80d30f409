// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <nke/exact/expr/block_math.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/dual.hpp>

#include "column_cache.hpp"
#include "dual_integrals.hpp"
#include "known_duals.hpp"
#include "series_rows.hpp"

namespace nke {

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
// Series this long are cheap beside anything else; a kink makes them converge too slowly for more to be of use.
constexpr int most_terms_smooth = 768, most_terms_kinked = 192;

bool has_jump(const Activation& sigma) {
  return std::any_of(sigma.breakpoints().begin(), sigma.breakpoints().end(),
                     [](const Breakpoint& p) { return p.smoothness == 0 && !p.removable; });
}

// One function's series, with the columns met of late.
struct Series {
  SeriesRows rows;
  ColumnCache<double> doubles;
  ColumnCache<float> floats;

  Series(const Activation& sigma, const SeriesRows::Options& options) : rows(sigma, options) {}

  template <class T>
  void run(T a, std::span<const T> b, std::span<const T> c, std::span<T> value, std::span<T> slope,
           std::vector<std::size_t>& unresolved) {
    const auto columns = [&] {
      if constexpr (std::is_same_v<T, double>) {
        return doubles.columns(rows, b);
      } else {
        return floats.columns(rows, b);
      }
    }();
    rows.row(a, *columns, 0, c, value, slope, unresolved);
  }
};

// Entries taken out of a row.
template <class T>
struct Picked {
  std::vector<std::size_t> index;
  std::vector<T> b, c, d, k, kdot, error;

  Picked(const DualRow<T>& row, std::vector<std::size_t> which) : index(std::move(which)) {
    for (const std::size_t j : index) {
      b.push_back(row.b[j]);
      c.push_back(row.c[j]);
      if (!row.d.empty()) d.push_back(row.d[j]);
    }
    if (!row.K.empty()) k.resize(index.size());
    if (!row.Kdot.empty()) kdot.resize(index.size());
  }
  DualRow<T> row(T a) { return {a, b, c, d, k, kdot, error}; }
  /// A copy with the results that `from`, of whose entries these were picked, has at the same places.
  Picked with_results_of(const Picked& from) const {
    Picked copy = *this;
    copy.error.resize(index.size());
    for (std::size_t i = 0; i < index.size(); ++i) {
      if (!k.empty()) copy.k[i] = from.k[index[i]];
      if (!kdot.empty()) copy.kdot[i] = from.kdot[index[i]];
      copy.error[i] = from.error[index[i]];
    }
    return copy;
  }
  void put_back(const DualRow<T>& row) const {
    for (std::size_t i = 0; i < index.size(); ++i) {
      if (!row.K.empty()) row.K[index[i]] = k[i];
      if (!row.Kdot.empty()) row.Kdot[index[i]] = kdot[i];
    }
  }
};

template <class T>
std::vector<std::size_t> all_of(const DualRow<T>& row) {
  std::vector<std::size_t> all(row.b.size());
  for (std::size_t j = 0; j < all.size(); ++j) all[j] = j;
  return all;
}

// The covariance of an entry; c² may exceed ab by more than roundings, as it does after products of matrices.
Covariance covariance(double a, double b, double c, std::optional<double> d) {
  const double root = std::sqrt(a) * std::sqrt(b);
  if (d && root > 0) {
    const double sine = std::sqrt(std::max(*d, 0.0)) / root;
    return Covariance::from_angle(a, b, std::atan2(std::min(sine, 1.0), std::clamp(c / root, -1.0, 1.0)));
  }
  // Near ρ = ±1 every digit of c counts: it is touched only where it must be.
  return {a, b, std::abs(c) <= root * (1 + 2 * std::numeric_limits<double>::epsilon()) ? c : std::copysign(root, c)};
}

}  // namespace

struct FastDual::State {
  Activation sigma, slope;
  FastDualOptions options;
  std::shared_ptr<const KnownDual> closed;
  BlockDual::Interval trusted;  // by doubles
  bool jumps;
  DualIntegrals value_integrals, slope_integrals;

  State(const Activation& of, const FastDualOptions& with)
      : sigma(of),
        slope(of.derivative()),
        options(with),
        closed(known_dual(of)),
        jumps(has_jump(of)),
        value_integrals(sigma),
        slope_integrals(slope) {
    if (!closed) {
      series();
    } else if (2 * options.tolerance == closed_form_tolerance) {
      trusted = closed->trusted_doubles;
    } else {
      trusted = closed->dual.trusted<double>(2 * options.tolerance);
    }
  }

  /// Null if σ has no series on the whole range of variances.
  Series* value_series() { return series().first.get(); }
  /// The series of σ', if that of σ does not give K̇.
  Series* slope_series() { return series().second.get(); }

  template <class T>
  void run(const DualRow<T>& row) {
    if (!closed) return by_series(row);
    const BlockDual::Interval& interval = std::is_same_v<T, double> ? trusted : closed->trusted_floats;
    const auto is_trusted = [&](T variance) { return interval.contains(static_cast<double>(variance)); };
    if (is_trusted(row.a) && block::all_between(row.b, static_cast<T>(interval.low), static_cast<T>(interval.high))) {
      closed->dual(row);
      return;
    }
    if constexpr (std::is_same_v<T, float>) {
      // Where floats may fail and doubles will not, asking floats first would cost as much again.
      const bool by_doubles =
          trusted.contains(static_cast<double>(row.a)) &&
          block::all_between(row.b, static_cast<float>(trusted.low), static_cast<float>(trusted.high));
      if (by_doubles && !(row.K.empty() && row.Kdot.empty())) return run_in_doubles(row);
    }
    std::vector<std::size_t> doubtful;
    if (!is_trusted(row.a)) {
      doubtful = all_of(row);
    } else {
      for (std::size_t j = 0; j < row.b.size(); ++j) {
        if (!is_trusted(row.b[j])) doubtful.push_back(j);
      }
    }
    Picked<T> picked(row, std::move(doubtful));
    if (row.K.empty() && row.Kdot.empty()) return;
    if (picked.index.size() < row.b.size()) closed->dual(row);
    if (picked.index.empty()) return;
    with_doubt(picked, row.a);
    picked.put_back(row);
  }

 private:
  // The closed form where it says it can be believed, other methods elsewhere.
  template <class T>
  void with_doubt(Picked<T>& picked, T a) {
    picked.error.resize(picked.index.size());
    closed->dual(picked.row(a));
    const double tolerance = std::is_same_v<T, double> ? 2 * options.tolerance : closed_form_tolerance_float;
    std::vector<std::size_t> bad;
    for (std::size_t i = 0; i < picked.index.size(); ++i) {
      const bool degenerate = a == 0 || picked.b[i] == 0;
      if (degenerate) picked.error[i] = std::numeric_limits<T>::infinity();
      if (!(static_cast<double>(picked.error[i]) <= tolerance)) bad.push_back(i);
    }
    if (!bad.empty()) {
      const DualRow<T> row = picked.row(a);
      Picked<T> again(row, std::move(bad));
      if constexpr (std::is_same_v<T, float>) {  // doubles have the digits that floats lack
        run_in_doubles(again, a);
      } else {
        const Picked<T> doubted = again.with_results_of(picked);
        by_series(again.row(a), &doubted);
      }
      again.put_back(row);
    }
    picked.error.clear();
  }

  void run_in_doubles(Picked<float>& picked, float a) { run_in_doubles(picked.row(a)); }
  // Results are written last: they may go where the arguments are.
  void run_in_doubles(const DualRow<float>& row) {
    thread_local std::array<std::vector<double>, 5> memory;  // of the longest row met
    const auto part = [&](std::size_t which, std::size_t size) {
      std::vector<double>& room = memory[which];
      if (room.size() < size) room.resize(size);
      return std::span<double>(room.data(), size);
    };
    const auto wide = [&](std::size_t which, std::span<const float> x) {
      const std::span<double> y = part(which, x.size());
      std::copy(x.begin(), x.end(), y.begin());
      return y;
    };
    const auto narrow = [](std::span<const double> x, std::span<float> y) {
      std::transform(x.begin(), x.end(), y.begin(), [](double v) { return static_cast<float>(v); });
    };
    const std::span<double> b = wide(0, row.b), c = wide(1, row.c), d = wide(2, row.d);
    const std::span<double> k = part(3, row.K.size()), kdot = part(4, row.Kdot.size());
    run(DualRow<double>{static_cast<double>(row.a), b, c, d, k, kdot});
    narrow(k, row.K);
    narrow(kdot, row.Kdot);
  }

  // `doubted`: what the closed form had to say.
  template <class T>
  void by_series(const DualRow<T>& row, const Picked<T>* doubted = nullptr) {
    std::vector<std::size_t> unresolved;
    // Results may be written over the arguments, which the integrals still need.
    const bool in_place = !row.b.empty() && (row.K.data() == row.b.data() || row.K.data() == row.c.data() ||
                                             row.Kdot.data() == row.b.data() || row.Kdot.data() == row.c.data());
    if (value_series() == nullptr) {
      unresolved = all_of(row);
    } else if (in_place) {
      Picked<T> copy(row, all_of(row));
      by_series(copy.row(row.a), doubted);
      copy.put_back(row);
      return;
    } else if (slope_series() == nullptr) {
      value_series()->run<T>(row.a, row.b, row.c, row.K, row.Kdot, unresolved);
    } else {
      if (!row.K.empty()) value_series()->run<T>(row.a, row.b, row.c, row.K, {}, unresolved);
      if (!row.Kdot.empty()) slope_series()->run<T>(row.a, row.b, row.c, row.Kdot, {}, unresolved);
      std::sort(unresolved.begin(), unresolved.end());
      unresolved.erase(std::unique(unresolved.begin(), unresolved.end()), unresolved.end());
    }
    if (closed) at_the_ends(row, unresolved);
    for (const std::size_t j : unresolved) by_integral(row, j, doubted);
  }

  // At ρ = ±1 all terms of a series count, with all their errors; a closed form has a better answer, and few entries of a
  // row are there.
  template <class T>
  static void at_the_ends(const DualRow<T>& row, std::vector<std::size_t>& unresolved) {
    for (std::size_t j = 0; j < row.b.size(); ++j) {
      const auto a = static_cast<double>(row.a), b = static_cast<double>(row.b[j]), c = static_cast<double>(row.c[j]);
      if (std::abs(c) >= (1 - 1e-12) * std::sqrt(a) * std::sqrt(b)) unresolved.push_back(j);
    }
    std::sort(unresolved.begin(), unresolved.end());
    unresolved.erase(std::unique(unresolved.begin(), unresolved.end()), unresolved.end());
  }

  template <class T>
  void by_integral(const DualRow<T>& row, std::size_t j, const Picked<T>* doubted) {
    const auto a = static_cast<double>(row.a), b = static_cast<double>(row.b[j]), c = static_cast<double>(row.c[j]);
    const double invalid = a + b + c;
    if (std::isnan(invalid)) {
      if (!row.K.empty()) row.K[j] = std::numeric_limits<T>::quiet_NaN();
      if (!row.Kdot.empty()) row.Kdot[j] = std::numeric_limits<T>::quiet_NaN();
      return;
    }
    const Covariance at =
        covariance(a, b, c, row.d.empty() ? std::nullopt : std::optional(static_cast<double>(row.d[j])));
    if (closed && exactly(row, j)) return;
    const double error = doubted == nullptr ? infinite : static_cast<double>(doubted->error[j]);
    const auto better = [&](const DualIntegrals& integrals, const std::vector<T>* closed_values) {
      const std::optional<double> known =
          error < infinite ? std::optional(static_cast<double>((*closed_values)[j])) : std::nullopt;
      return static_cast<T>(better_of(integrals, at, known, error));
    };
    if (!row.K.empty()) row.K[j] = better(value_integrals, doubted ? &doubted->k : nullptr);
    if (!row.Kdot.empty()) row.Kdot[j] = better(slope_integrals, doubted ? &doubted->kdot : nullptr);
  }

  // The closed form over balls. False where these would take too many bits.
  template <class T>
  bool exactly(const DualRow<T>& row, std::size_t j) {
    std::call_once(exact_made_, [this] { exact_ = std::make_unique<const DualExactly>(sigma, closed->form); });
    const ExactCovariance at(static_cast<double>(row.a), static_cast<double>(row.b[j]), static_cast<double>(row.c[j]),
                             row.d.empty() ? std::nullopt : std::optional(static_cast<double>(row.d[j])));
    try {
      const double value = row.K.empty() ? 0 : (*exact_)(at, DualPart::value);
      const double derivative = row.Kdot.empty() ? 0 : (*exact_)(at, DualPart::derivative);
      if (!row.K.empty()) row.K[j] = static_cast<T>(value);
      if (!row.Kdot.empty()) row.Kdot[j] = static_cast<T>(derivative);
      return true;
    } catch (const NotCertified&) {
      return false;
    }
  }

  // The integral, or a value known to a relative error if that is the smaller one.
  static double better_of(const DualIntegrals& integrals, const Covariance& at, std::optional<double> known,
                          double error) {
    constexpr double good = 1e-14, tolerable = 1e-8;
    try {
      const Estimate integral = integrals(at);
      if (!known || integral.error_estimate <= good * std::abs(integral.value)) return integral.value;
      const double scale = at.a > 0 && at.b > 0 ? integrals.scale(at.a, at.b) : 0;
      return integral.error_estimate <= error * scale ? integral.value : *known;
    } catch (const Error&) {
      if (known && error <= tolerable) return *known;
      throw;
    }
  }

  using SeriesPair = std::pair<std::unique_ptr<Series>, std::unique_ptr<Series>>;
  SeriesPair& series() {
    std::call_once(series_made_, [this] {
      SeriesRows::Options plan{options.min_variance, options.max_variance, options.tolerance,
                               sigma.breakpoints().empty() ? most_terms_smooth : most_terms_kinked};
      if (closed) {
        // Beside a closed form the series only mends; at far-off variances its table would cost more than it saves, and
        // what it cannot do well is better done exactly.
        plan.tolerance /= 4;
        plan.min_variance = std::clamp(plan.min_variance, 1e-2, 1e2);
        plan.max_variance = std::clamp(plan.max_variance, 1e-2, 1e2);
      }
      try {
        series_.first = std::make_unique<Series>(sigma, plan);
        if (jumps) series_.second = std::make_unique<Series>(slope, plan);
      } catch (const Error&) {  // E σ² is infinite, or cannot be resolved, somewhere in the range
        series_ = {};
      }
    });
    return series_;
  }

  std::once_flag series_made_, exact_made_;
  SeriesPair series_;
  std::unique_ptr<const DualExactly> exact_;
};

namespace {

template <class T>
void require_equal(const DualRow<T>& row, bool with_d) {
  for (const std::size_t size :
       {row.c.size(), row.K.empty() ? row.b.size() : row.K.size(), row.Kdot.empty() ? row.b.size() : row.Kdot.size(),
        with_d ? row.d.size() : row.b.size()}) {
    if (size != row.b.size()) {
      throw ShapeError("a row of a dual was given spans of " + std::to_string(row.b.size()) + " and " +
                       std::to_string(size) + " entries");
    }
  }
  if (static_cast<double>(row.a) < 0) {
    throw DomainError("a variance must not be negative, but a = " + std::to_string(row.a));
  }
}

}  // namespace

FastDual::FastDual(const Activation& sigma, const FastDualOptions& options)
    : state_(std::make_shared<State>(sigma, options)) {}

void FastDual::operator()(double a, std::span<const double> b, std::span<const double> c, std::span<double> K,
                          std::span<double> Kdot) const {
  const DualRow<double> row{a, b, c, {}, K, Kdot};
  require_equal(row, false);
  state_->run(row);
}

void FastDual::operator()(float a, std::span<const float> b, std::span<const float> c, std::span<float> K,
                          std::span<float> Kdot) const {
  const DualRow<float> row{a, b, c, {}, K, Kdot};
  require_equal(row, false);
  state_->run(row);
}

void FastDual::operator()(double a, std::span<const double> b, std::span<const double> c, std::span<const double> d,
                          std::span<double> K, std::span<double> Kdot) const {
  const DualRow<double> row{a, b, c, d, K, Kdot};
  require_equal(row, true);
  state_->run(row);
}

std::string_view FastDual::method() const {
  if (state_->closed) return "closed form";
  return state_->value_series() != nullptr ? "Mehler series" : "nested quadrature";
}

}  // namespace nke
