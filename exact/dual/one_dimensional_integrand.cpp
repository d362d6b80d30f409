// SPDX-License-Identifier: Apache-2.0
#include "one_dimensional_integrand.hpp"

#include <algorithm>

#include <nke/exact/real/arb_access.hpp>
#include <nke/exact/real/error.hpp>

namespace nke::detail {
namespace {

ComplexBall rounded(const ComplexBall& z, Precision precision) {
  ComplexBall result = ArbAccess::blank_complex(precision.bits());
  acb_set_round(acb_of(result), acb_of(z), precision.bits());
  return result;
}

// The sum of two exponents and the density's, around the point of [left, right] next to its vertex.
CenteredExponent centered(const Exponent& first, const Exponent& second, const Ball& density, const Ball& left,
                          const Ball& right, Precision precision) {
  const Ball quadratic = first.quadratic + second.quadratic + density;
  const ComplexBall linear = first.linear + second.linear;
  const ComplexBall constant = first.constant + second.constant;
  Ball at = (-linear.re() / (2 * quadratic)).at_precision(precision).center();
  if (!at.is_finite() || !certainly_greater(at, left)) {
    at = left.center();
  } else if (!certainly_less(at, right)) {
    at = right.center();
  }
  const ComplexBall q(quadratic);
  const ComplexBall x(at);
  return {quadratic.at_precision(precision), at, rounded(ComplexBall(2) * q * x + linear, precision),
          rounded((q * x + linear) * x + constant, precision)};
}

}  // namespace

ComplexBall exponential(const CenteredExponent& e, const ComplexBall& x) {
  ComplexBall center = x;
  acb_get_mid(acb_of(center), acb_of(x));
  const ComplexBall offset = x - center;
  const ComplexBall q(e.quadratic);
  const ComplexBall r = center - ComplexBall(e.at);
  const ComplexBall qr = q * r;
  const ComplexBall at_center = (qr + e.slope) * r + e.constant;
  const ComplexBall around = (ComplexBall(2) * qr + e.slope + q * offset) * offset;
  // The exponential of a wide ball is taken at 30 bits, too few for exponents of 10^14; that of its centre is not.
  constexpr double narrow = 1.0 / 1024;
  return around.abs_upper() < narrow ? exp(at_center + around) : exp(at_center) * exp(around);
}

Ball largest_exponential(const CenteredExponent& e, const Ball& left, const Ball& right) {
  const auto value = [&](const Ball& x) {
    const Ball r = x - e.at;
    return (e.quadratic * r + e.slope.re()) * r + e.constant.re();
  };
  Ball largest = max(value(left), value(right));
  const Ball vertex = e.at - e.slope.re() / (2 * e.quadratic);
  if (!certainly_less(vertex, left) && !certainly_greater(vertex, right)) {
    largest = max(largest, e.constant.re() - e.slope.re() * e.slope.re() / (4 * e.quadratic));
  }
  return exp(largest);
}

Integrand::Integrand(const NormalForm& sigma, const NormalForm& tau, const Outer& place, const Ball& left,
                     const Ball& right, Precision precision)
    : precision_(precision),
      outer_(numeric_terms(sigma, precision), Rational(1), Rational(0), precision),
      inner_(numeric_terms(tau, precision), place.beta, place.variance, precision) {
  const Precision twice = Precision::bits(2 * precision.bits() + 64);
  const ConditionalExpectation outer(numeric_terms(sigma, twice), Rational(1), Rational(0), twice);
  const ConditionalExpectation inner(numeric_terms(tau, twice), place.beta, place.variance, twice);
  const Ball density = -1 / (2 * Ball(place.a, twice));
  for (const Exponent& first : outer.exponents()) {
    for (const Exponent& second : inner.exponents()) {
      sums_.push_back(centered(first, second, density, left, right, precision));
    }
  }
}

ComplexBall Integrand::gated_pairs(const ComplexBall& x, const GateStates& states) const {
  const Scaled outer_free = outer_.free_part_at(x);
  const Scaled outer_gated = outer_.gated_part(x, states.outer);
  const Scaled inner_free = inner_.free_part_at(x);
  const Scaled inner_gated = inner_.gated_part(x, states.inner);
  ComplexBall total;
  for (std::size_t i = 0; i < outer_.exponents().size(); ++i) {
    for (std::size_t j = 0; j < inner_.exponents().size(); ++j) {
      ComplexBall product;
      bool any = false;
      if (outer_gated.used(i) && (inner_free.used(j) || inner_gated.used(j))) {
        product = outer_gated[i] * (inner_free[j] + inner_gated[j]);
        any = true;
      }
      if (outer_free.used(i) && inner_gated.used(j)) {
        product += outer_free[i] * inner_gated[j];
        any = true;
      }
      if (any) total += product * exponential(sum(i, j), x);
    }
  }
  return total;
}

Ball Integrand::free_pairs(const Rational& variance) const {
  const Ball a(variance, precision_);
  ComplexBall total;
  for (std::size_t i = 0; i < outer_.exponents().size(); ++i) {
    const Polynomial& p = outer_.free_part()[i];
    for (std::size_t j = 0; j < inner_.exponents().size() && !p.empty(); ++j) {
      const Polynomial& q = inner_.free_part()[j];
      if (q.empty()) continue;
      // ∫ x^k e^(exponent) dx/√(2πa), by completing the square.
      const CenteredExponent& e = sum(i, j);
      const Ball spread = -1 / (2 * e.quadratic);
      if (!certainly_positive(spread)) throw DomainError("E is infinite: the exponentials outgrow the normal density");
      const ComplexBall shift = e.slope * ComplexBall(spread);
      const ComplexBall mean = ComplexBall(e.at) + shift;
      std::vector<ComplexBall> moments{ComplexBall(1), mean};
      for (std::size_t k = 2; k < p.size() + q.size(); ++k) {
        moments.push_back(mean * moments[k - 1] + ComplexBall(spread * static_cast<long>(k - 1)) * moments[k - 2]);
      }
      ComplexBall expectation;
      for (std::size_t m = 0; m < p.size(); ++m) {
        for (std::size_t n = 0; n < q.size(); ++n) expectation += p[m] * q[n] * moments[m + n];
      }
      total += expectation * exp(e.constant + e.slope * shift / ComplexBall(2)) * ComplexBall(sqrt(spread / a));
    }
  }
  return total.re();
}

}  // namespace nke::detail
