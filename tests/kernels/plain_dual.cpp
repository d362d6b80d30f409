// SPDX-License-Identifier: Apache-2.0
#include "plain_dual.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/real/mpfr.hpp>
#include <nke/hermite/nested_quadrature.hpp>

namespace nke::test {
namespace {

double integral(const Activation& sigma, double a, double b, double c) {
  if (sigma.expression().is_zero()) return 0;  // the derivative of a step
  // Parallel points are exactly parallel: rounding must not open an angle of 1e-8 between them.
  const NestedQuadrature rule(sigma, std::max({a, b, 1e-300}));
  const double most = std::sqrt(a) * std::sqrt(b);
  if (std::abs(c) > (1 - 1e-13) * most) {
    return rule(Covariance::from_angle(a, b, c > 0 ? 0.0 : std::numbers::pi)).value;
  }
  return rule(Covariance(a, b, c)).value;
}

}  // namespace

PlainDual plain_dual(const Nonlinearity& layer, double a, double b, double c) {
  return {integral(layer.activation, a, b, c), integral(layer.activation.derivative(), a, b, c)};
}

PlainDual plain_dual(const FormulaDual& layer, double a, double b, double c) {
  const Precision precision = Precision::digits(200);
  const auto at = [&](const Rational& shift) {
    const auto exactly = [&](double v) { return Mpfr(Rational::from_double_exactly(v), precision); };
    const Mpfr moved(Rational::from_double_exactly(c) - shift, precision);
    return evaluate<Mpfr>(layer.value, Bindings<Mpfr>{{"a", exactly(a)}, {"b", exactly(b)}, {"c", moved}}, precision);
  };
  const Rational step = Rational::parse("1e-60");
  const Mpfr value = at(0);
  return {value.to_double(), ((value - at(step)) / Mpfr(step, precision)).to_double()};
}

}  // namespace nke::test
