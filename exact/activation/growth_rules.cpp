// SPDX-License-Identifier: Apache-2.0
#include "growth_rules.hpp"

#include <algorithm>
#include <cmath>

#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/real/error.hpp>

#include "polynomial.hpp"

namespace nke::detail {
namespace {

// u(x) ≤ c0 + c1|x| + c2 x².
struct Majorant {
  Rational c0;
  Rational c1;
  Rational c2;
};

Rational binomial(std::size_t n, std::size_t k) {
  Rational result(1);
  for (std::size_t i = 1; i <= k; ++i) result *= Rational(static_cast<long>(n - k + i), static_cast<long>(i));
  return result;
}

// Σ |c_i| t^i ≤ max_i (|c_i|/C(d,i)) (1 + t)^d.
Bound polynomial_bound(const Coefficients& c) {
  if (c.empty()) return bound_of_constant(0);
  Rational amplitude;
  for (std::size_t i = 0; i < c.size(); ++i) amplitude = std::max(amplitude, abs(c[i]) / binomial(c.size() - 1, i));
  return product_of(GrowthBound{amplitude, Rational(static_cast<long>(c.size()) - 1), Rational(0), Rational(0)},
                    bound_of_constant(1));
}

Bound exponential(const Majorant& m) {
  const Ball value = exp(Ball(m.c0, Precision::bits(80)));
  const Bound constant = bound_of_constant(value.is_finite() ? value.upper() : Range::infinity);
  if (!constant) return std::nullopt;
  return GrowthBound{constant->amplitude, Rational(0), m.c1, m.c2};
}

// The rules of one interval for x.
class Rules {
 public:
  explicit Rules(const Range& x) : x_(x) {}

  Bound bound(const Expr& e) {
    if (++depth_ > depth_limit) return std::nullopt;
    const Range values = range_of(e, "x", x_);
    const Bound by_range = bound_of_constant(values.is_bounded() ? values.magnitude() : Range::infinity);
    // On a bounded interval, and for constants, nothing can be better than the range.
    const bool settled = by_range && (x_.is_bounded() || !depends_on(e, "x"));
    const Bound result = settled ? by_range : better_of(by_range, by_form(e));
    --depth_;
    return result;
  }

 private:
  static constexpr int depth_limit = 100;

  Bound by_form(const Expr& e) {
    if (const auto coefficients = polynomial_coefficients(e)) return polynomial_bound(*coefficients);
    switch (e.kind()) {
      case Expr::Kind::sum: {
        Bound total = bound_of_constant(0);
        for (const Expr& term : e.operands()) total = sum_of(total, bound(term));
        return total;
      }
      case Expr::Kind::product: return product_bound(e.operands());
      case Expr::Kind::power: return power_bound(e);
      case Expr::Kind::function: return function_bound(e);
      case Expr::Kind::piecewise: {
        Bound total = bound(e.operands().back());
        for (std::size_t i = 1; i < e.operands().size(); i += 2) total = join(total, bound(e.operand(i)));
        return total;
      }
      default: return std::nullopt;
    }
  }

  // Powers of polynomials are taken together, so that their degrees cancel: x (1 + x²)^(-1/2) is bounded.
  Bound product_bound(std::span<const Expr> factors) {
    Bound separately = bound_of_constant(1);
    for (const Expr& factor : factors) separately = product_of(separately, bound(factor));
    Bound degrees = bound_of_constant(1);
    Rational degree;
    for (const Expr& factor : factors) {
      const auto [base, exponent] = split_power(factor);
      const auto coefficients = polynomial_coefficients(base);
      if (coefficients && coefficients->size() > 1) {
        degree += Rational(static_cast<long>(coefficients->size()) - 1) * exponent;
        degrees = product_of(degrees, bound_of_constant(pow(leading_range(*coefficients), exponent).magnitude()));
      } else {
        degrees = product_of(degrees, bound(factor));
      }
    }
    return better_of(separately, times_power_of_x(degrees, degree));
  }

  // |P(x)|/|x|^d for |x| ≥ 1: the polynomial with reversed coefficients at 1/x. Everything elsewhere.
  Range leading_range(const Coefficients& c) const {
    if (x_.mignitude() < 1) return Range::everything();
    const Range t = reciprocal(x_);
    Range value{0, 0};
    for (const Rational& coefficient : c) value = value * t + Range::enclosing(coefficient);
    return abs(value);
  }

  // |x|^d ≤ (1+|x|)^d for d ≥ 0; for d < 0 at most 1, since |x| ≥ 1 wherever this is asked.
  static Bound times_power_of_x(Bound bound, const Rational& degree) {
    if (bound && degree.sign() > 0) bound->power += degree;
    return bound;
  }

  Bound power_bound(const Expr& e) {
    const Expr& base = e.operand(0);
    const Expr& exponent = e.operand(1);
    if (!exponent.is_number()) return exponential_of(exponent * log(base));
    const Rational& r = exponent.number();
    return r.sign() > 0 ? power_of(bound(base), r) : power_of(reciprocal_bound(base), -r);
  }

  Bound function_bound(const Expr& e) {
    const Expr& u = e.operand(0);
    switch (e.function()) {
      case Function::exp: return exponential_of(u);
      case Function::sinh:
      case Function::cosh: return product_of(sum_of(exponential_of(u), exponential_of(-u)), bound_of_constant(0.5));
      case Function::log: return logarithm_bound(u);
      case Function::softplus: {  // softplus(u) ≤ |u| + log 2, and ≤ exp(u)
        constexpr double log_2_above = 0.6931471805599454;
        return better_of(sum_of(bound(u), bound_of_constant(log_2_above)), exponential_of(u));
      }
      case Function::sigmoid: return exponential_of(u);
      case Function::phi: return exponential_of(-pow(u, Expr(2)) / Expr(2));  // φ(0) < 1
      case Function::Phi:                                                     // Φ(u) ≤ exp(−u²/2) for u ≤ 0
        return range_of(u, "x", x_).high <= 0 ? exponential_of(-pow(u, Expr(2)) / Expr(2)) : std::nullopt;
      case Function::erfc:  // erfc(u) ≤ exp(−u²) for u ≥ 0
        return range_of(u, "x", x_).low >= 0 ? exponential_of(-pow(u, Expr(2))) : std::nullopt;
      case Function::abs: return bound(u);
      case Function::min:
      case Function::max: return join(bound(u), bound(e.operand(1)));
      default: return std::nullopt;  // the bounded ones are known by their range
    }
  }

  Bound exponential_of(const Expr& u) {
    // Multiplied out, so that a quadratic shows its leading term: (x − m)² counts as x² − 2mx + m².
    Expr expanded = u;
    try {
      expanded = expand(u, 100);
    } catch (const LimitError&) {
    }
    const auto m = majorant(expanded, false);
    return m ? exponential(*m) : std::nullopt;
  }

  // −log(bound of 1/u) ≤ log u ≤ log(bound of u), and log(1+|x|) ≤ |x|.
  Bound logarithm_bound(const Expr& u) {
    const Bound above = bound(u);
    const Bound below = reciprocal_bound(u);
    if (!above || !below) return std::nullopt;
    double c0 = 0;
    Rational c1;
    Rational c2;
    for (const Bound& side : {above, below}) {
      if (side->amplitude.is_zero()) return std::nullopt;
      const Range amplitude = Range::enclosing(side->amplitude);
      if (!amplitude.is_positive()) return std::nullopt;
      const Ball logarithm = log(Ball(side->amplitude, Precision::bits(80)));
      c0 = std::max(c0, logarithm.upper());
      c1 = std::max(c1, side->linear + side->power);
      c2 = std::max(c2, side->quadratic);
    }
    // c0 + c1 t + c2 t² ≤ A (1 + t)^d with d = 0, 1 or 2.
    Coefficients majorizing{Rational::from_double_exactly(c0), c1, c2};
    while (!majorizing.empty() && majorizing.back().is_zero()) majorizing.pop_back();
    return polynomial_bound(majorizing);
  }

  // A bound of 1/|u|.
  Bound reciprocal_bound(const Expr& u) {
    const double least = range_of(u, "x", x_).mignitude();
    const Bound by_range = least > 0 ? bound_of_constant(reciprocal(Range{least, least}).high) : std::nullopt;
    return by_range && !u.is(Expr::Kind::product) && !u.is(Function::exp) ? by_range
                                                                          : better_of(by_range, reciprocal_by_form(u));
  }

  Bound reciprocal_by_form(const Expr& u) {
    switch (u.kind()) {
      case Expr::Kind::product: {
        Bound total = bound_of_constant(1);
        for (const Expr& factor : u.operands()) total = product_of(total, reciprocal_bound(factor));
        return total;
      }
      case Expr::Kind::power: {
        const Expr& exponent = u.operand(1);
        if (!exponent.is_number()) return exponential_of(-exponent * log(u.operand(0)));
        const Rational& r = exponent.number();
        return r.sign() > 0 ? power_of(reciprocal_bound(u.operand(0)), r) : power_of(bound(u.operand(0)), -r);
      }
      case Expr::Kind::function:
        switch (u.function()) {
          case Function::exp: return exponential_of(-u.operand(0));
          // 1/sigmoid(v) = 1 + exp(−v), and softplus(v) ≥ sigmoid(v) since log(1+t) ≥ t/(1+t).
          case Function::sigmoid:
          case Function::softplus: return sum_of(bound_of_constant(1), exponential_of(-u.operand(0)));
          case Function::phi: {
            constexpr double root_of_two_pi_above = 2.506628274631001;
            return product_of(exponential_of(pow(u.operand(0), Expr(2)) / Expr(2)),
                              bound_of_constant(root_of_two_pi_above));
          }
          case Function::abs: return reciprocal_bound(u.operand(0));
          default: return std::nullopt;
        }
      default: return std::nullopt;
    }
  }

  // Of u, or of −u: the sign is carried along, so that no expression grows on the way.
  std::optional<Majorant> majorant(const Expr& u, bool negated) {
    if (const auto c = polynomial_coefficients(u); c && c->size() <= 3) {
      const auto coefficient = [&](std::size_t i) {
        const Rational value = i < c->size() ? (*c)[i] : Rational(0);
        return negated ? -value : value;
      };
      const Rational b = coefficient(1);
      return Majorant{coefficient(0), x_.low >= 0 ? b : x_.high <= 0 ? -b : abs(b), coefficient(2)};
    }
    if (u.is(Expr::Kind::sum)) {
      if (const auto total = sum_of_majorants(u, negated)) return total;
    }
    if (u.is(Expr::Kind::product)) {
      if (const auto scaled = scaled_majorant(u, negated)) return scaled;
    }
    const Range values = range_of(u, "x", x_);
    const double high = negated ? -values.low : values.high;
    if (std::isfinite(high)) return Majorant{Rational::from_double_exactly(high), Rational(0), Rational(0)};
    return majorant_of_bound(bound(u));
  }

  std::optional<Majorant> sum_of_majorants(const Expr& u, bool negated) {
    Majorant total;
    for (const Expr& term : u.operands()) {
      const auto part = majorant(term, negated);
      if (!part) return std::nullopt;
      total.c0 += part->c0;
      total.c1 += part->c1;
      total.c2 += part->c2;
    }
    return total;
  }

  // A constant times the rest: c·v ≤ |c| (c0 + …) with the majorant of v or of −v, |c| between two fractions.
  std::optional<Majorant> scaled_majorant(const Expr& u, bool negated) {
    std::vector<Expr> constants;
    std::vector<Expr> rest;
    for (const Expr& factor : u.operands()) (depends_on(factor, "x") ? rest : constants).push_back(factor);
    if (constants.empty() || rest.empty()) return std::nullopt;
    const Expr constant = product(constants);
    const Range c = range_of(constant, "x", x_);
    if (!c.is_bounded() || c.contains_zero()) return std::nullopt;
    const auto m = majorant(product(rest), negated != c.is_negative());
    if (!m) return std::nullopt;
    const bool exact = constant.is_number();
    const Rational low = exact ? abs(constant.number()) : Rational::from_double_exactly(c.mignitude());
    const Rational high = exact ? low : Rational::from_double_exactly(c.magnitude());
    const auto scale = [&](const Rational& q) { return std::max(low * q, high * q); };
    return Majorant{scale(m->c0), scale(m->c1), scale(m->c2)};
  }

  // A(1+t) = A + At;  A(1+t)² ≤ 2A + 2At².
  static std::optional<Majorant> majorant_of_bound(const Bound& b) {
    if (!b || b->linear.sign() > 0 || b->quadratic.sign() > 0 || b->power > Rational(2)) return std::nullopt;
    const Rational& a = b->amplitude;
    if (b->power <= Rational(1)) return Majorant{a, a, Rational(0)};
    return Majorant{Rational(2) * a, Rational(0), Rational(2) * a};
  }

  Range x_;
  int depth_ = 0;
};

}  // namespace

Bound bound_on(const Expr& e, const Range& x) {
  return Rules(x).bound(e);
}

}  // namespace nke::detail
