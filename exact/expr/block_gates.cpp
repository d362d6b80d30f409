// SPDX-License-Identifier: Apache-2.0
#include "block_gates.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/error.hpp>

namespace nke::detail {

namespace {

constexpr std::size_t places = 4;
using Values = std::array<std::optional<Ball>, places>;

const Precision precision = Precision::bits(160);

class Finder {
 public:
  Finder(std::span<const Expr> outputs, const BlockInputs& inputs) : determinant_(inputs.determinant) {
    for (const Expr& e : outputs) collect(e);
    if (gates_.empty()) return;
    for (std::size_t i = 0; i < places; ++i) points_[i] = point(inputs, i);
  }

  Gates operator()() {
    Gates found;
    for (const Expr& gate : gates_) {
      const std::span<const Expr> hkxy = gate.operands();
      const Values h = at(hkxy[0]), k = at(hkxy[1]);
      const Values w[2] = {at(corner(hkxy, 0)), at(corner(hkxy, 1))};
      auto& own = found.corners[gate];
      for (std::size_t line = 0; line < 2; ++line) {
        // What differentiating Phi2 writes is w in terms of h and k: no better than what is computed without it.
        const Expr mechanical = corner(hkxy, line);
        if (same(w[line], zero())) own[line] = Expr(0);
        for (const Expr& u : arguments_) {
          if (u == mechanical) {
            found.on_line.try_emplace(u, CornerOnLine{gate, line});
          } else if (!own[line] && same(at(u), w[line])) {
            own[line] = u;
          }
        }
      }
      for (std::size_t line = 0; line < 2; ++line) {
        if (!own[line]) own[line] = in_covariances(hkxy, line, w[line]);
      }
      // One line by its own w and the other by h and k would not meet in one corner; and an angle is not to be had from
      // thresholds that have lost their digits.
      const bool known = own[0] && own[1] && keeps_digits(*own[0]) && keeps_digits(*own[1]);
      if (!known || !keeps_digits(hkxy[0]) || !keeps_digits(hkxy[1])) {
        own = {};
        continue;
      }
      Values exponent;
      for (std::size_t i = 0; i < places; ++i) {
        if (h[i] && w[0][i]) exponent[i] = (*h[i] * *h[i] + *w[0][i] * *w[0][i]) * Ball(-1) / Ball(2);
      }
      for (const Expr& e : exponentials_) {
        if (same(at(e.operand(0)), exponent)) found.at_corner.try_emplace(e, gate);
        if (same(at(-e.operand(0)), exponent)) found.growth.try_emplace(e, gate);
      }
    }
    return found;
  }

 private:
  void collect(const Expr& e) {
    if (!seen_.insert(e).second) return;
    for (const Expr& operand : e.operands()) collect(operand);
    if (e.is(Function::Phi2)) gates_.push_back(e);
    if (e.is(Function::Phi)) arguments_.push_back(e.operand(0));
    if (e.is(Function::exp)) exponentials_.push_back(e);
  }

  // w_h or w_k, as the derivative of Phi2 has it.
  static Expr corner(std::span<const Expr> hkxy, std::size_t line) {
    const Expr &from = hkxy[line], &to = hkxy[1 - line], &x = hkxy[2], &y = hkxy[3];
    return (to * sqrt(pow(x, 2) + pow(y, 2)) - x * from) / y;
  }

  // t √a, which is θ for a threshold t = θ/√a.
  static Expr times_root(const Expr& t, const Expr& a) {
    const Expr root = sqrt(a), inverse = 1 / root;
    if (t.is(Expr::Kind::product)) {
      std::vector<Expr> factors(t.operands().begin(), t.operands().end());
      if (std::erase(factors, inverse) == 1) return nke::product(std::move(factors));
    }
    return t == inverse ? Expr(1) : t * root;
  }

  // For thresholds θ/√a and η/√b at x = ±c, y = √d: w = (η a − r θ c)/√(ad) and its mirror image, whose numerators are
  // exact but for one rounding.
  std::optional<Expr> in_covariances(std::span<const Expr> hkxy, std::size_t line, const Values& w) {
    if (!determinant_) return std::nullopt;
    const Expr x = symbol(determinant_->a), y = symbol(determinant_->b), d = symbol(determinant_->name);
    for (const auto& [a, b] : {std::pair(x, y), std::pair(y, x)}) {  // h may be the threshold of either
      const Expr above = times_root(hkxy[1 - line], b) * a - hkxy[2] * times_root(hkxy[line], a);
      const Expr candidate = above / sqrt(a * d);
      if (is_sum_of_inputs(above) && same(at(candidate), w)) return candidate;
    }
    return std::nullopt;
  }

  // Whether e is computed to a few roundings of itself whatever the inputs: sums of what is not negative, and of two
  // inputs that come without a rounding; d is known so well, and a variance, a determinant is not negative.
  bool keeps_digits(const Expr& e) const {
    if (e.is_number() || e.is(Expr::Kind::constant) || e.is(Expr::Kind::symbol)) return true;
    if (e.is(Expr::Kind::product)) {
      return std::all_of(e.operands().begin(), e.operands().end(), [this](const Expr& f) { return keeps_digits(f); });
    }
    if (e.is_rational_power()) return keeps_digits(e.operand(0));
    if (!e.is(Expr::Kind::sum)) return false;
    const auto as_it_comes = [](const Expr& term) {
      if (term.is_number()) return true;
      const auto [factor, body] = split_coefficient(term);
      int power = 0;  // a power of two does not round
      return body.is(Expr::Kind::symbol) && std::abs(std::frexp(factor.to_double(), &power)) == 0.5;
    };
    const std::span<const Expr> terms = e.operands();
    if (terms.size() == 2 && as_it_comes(terms[0]) && as_it_comes(terms[1])) return true;
    return std::all_of(terms.begin(), terms.end(),
                       [this](const Expr& term) { return not_negative(term) && keeps_digits(term); });
  }
  bool not_negative(const Expr& e) const {
    if (e.is_number()) return e.number().sign() >= 0;
    if (e.is(Expr::Kind::symbol)) return determinant_ && e.name() != determinant_->c;
    if (e.is(Expr::Kind::sum) || e.is(Expr::Kind::product)) {
      return std::all_of(e.operands().begin(), e.operands().end(), [this](const Expr& f) { return not_negative(f); });
    }
    if (!e.is_rational_power()) return e.nonnegative();
    return e.operand(1).number() == Rational(2) || not_negative(e.operand(0));
  }

  static bool is_sum_of_inputs(const Expr& e) {
    const std::span<const Expr> terms = e.is(Expr::Kind::sum) ? e.operands() : std::span(&e, 1);
    return std::all_of(terms.begin(), terms.end(), [](const Expr& term) {
      const Expr body = split_coefficient(term).second;
      return body.is_number() || body.is(Expr::Kind::symbol);
    });
  }

  static Bindings<Ball> point(const BlockInputs& inputs, std::size_t i) {
    Bindings<Ball> at;
    double value = 0.37 + 0.29 * static_cast<double>(i);
    for (const auto* names : {&inputs.row, &inputs.column, &inputs.entry}) {
      for (const std::string& name : *names) {
        value = 0.4 + std::fmod(value * 1.6180339887498949 + 0.31, 1.0);
        at.insert_or_assign(name, Ball::from_double_exactly(value, precision));
      }
    }
    if (const auto& d = inputs.determinant) {
      // A covariance; both signs of c are met.
      const Ball a = at.at(d->a), b = at.at(d->b);
      const Ball c = a * b / Ball(i % 2 == 0 ? 3 : -4) / (a + b);
      at.insert_or_assign(d->c, c);
      at.insert_or_assign(d->name, a * b - c * c);
      if (!d->given.empty()) at.insert_or_assign(d->given, a * b - c * c);
    }
    return at;
  }

  const Values& at(const Expr& e) {
    if (const auto found = values_.find(e); found != values_.end()) return found->second;
    Values values;
    for (std::size_t i = 0; i < places; ++i) {
      try {
        const Ball value = evaluate<Ball>(e, points_[i], precision);
        if (value.is_finite()) values[i] = value;
      } catch (const Error&) {  // not defined there
      }
    }
    return values_.emplace(e, std::move(values)).first->second;
  }

  static Values zero() {
    Values values;
    values.fill(Ball(0));
    return values;
  }

  static bool same(const Values& u, const Values& v) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < places; ++i) {
      if (u[i].has_value() != v[i].has_value()) return false;
      if (!u[i]) continue;
      const double difference = std::abs((*u[i] - *v[i]).mid());
      if (!(difference <= 1e-30 * (1 + std::abs(v[i]->mid())))) return false;
      ++seen;
    }
    return seen >= 2;
  }

  std::optional<BlockInputs::Determinant> determinant_;
  std::unordered_set<Expr> seen_;
  std::vector<Expr> gates_, arguments_, exponentials_;
  std::array<Bindings<Ball>, places> points_;
  std::unordered_map<Expr, Values> values_;
};

}  // namespace

Gates find_gates(std::span<const Expr> outputs, const BlockInputs& inputs) {
  return Finder(outputs, inputs)();
}

}  // namespace nke::detail
