// SPDX-License-Identifier: Apache-2.0
#include "second_opinion.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/real/arb_access.hpp>

#if __has_include(<flint/acb_calc.h>)
#include <flint/acb_calc.h>
#else
#include <acb_calc.h>
#endif

namespace nke::test {
namespace {

struct Integrand {
  Evaluator<ComplexBall> plain;
  Evaluator<ComplexBall> analytic;
  Ball root;
  int n;
  Precision precision;
};

// σ(√a z) He_n(z) φ(z)/√n!
int integrand(acb_ptr out, const acb_t z, void* data, slong order, slong) {
  const auto& f = *static_cast<const Integrand*>(data);
  const ComplexBall x = complex_ball_of(z, f.precision);
  const ComplexBall sigma = (order == 1 ? f.analytic : f.plain)(x * ComplexBall(f.root));
  ComplexBall before = ComplexBall(0);
  ComplexBall he = ComplexBall(1);
  Ball factorial(Rational(1), f.precision);
  for (int k = 0; k < f.n; ++k) {
    const ComplexBall next = x * he - ComplexBall(k) * before;
    before = he;
    he = next;
    factorial *= Ball(k + 1);
  }
  const ComplexBall value = sigma * he * phi(x) / ComplexBall(sqrt(factorial));
  acb_set(out, acb_of(value));
  return 0;
}

}  // namespace

Ball integrated_coefficient(const Activation& sigma, const Rational& variance, int n, int digits) {
  const Precision precision = Precision::digits(digits).with_guard(40 + n);
  const Breakpoints& analysis = sigma.breakpoint_analysis();
  const GrowthBound& growth = sigma.growth().value();
  if (growth.linear.sign() > 0 || growth.quadratic.sign() > 0) throw std::invalid_argument("grows too fast");
  const Ball root = sqrt(Ball(variance, precision));
  // Beyond R: A (1 + √a z)^p e^{−z²/4} falls at least like e^{−z} from z = 4 + 4p on, so its integral is below its value.
  const double p = growth.power.to_double();
  const double root_a = std::sqrt(variance.to_double());
  double reach = 4 + 4 * p;
  const auto log_tail = [&] {
    return std::log(growth.amplitude.to_double() + 1e-300) + p * std::log1p(root_a * reach) - reach * reach / 4;
  };
  while (log_tail() > -(digits + 1) * std::log(10.0)) reach += 0.5;

  for (const Breakpoint& point : analysis.points) reach = std::max(reach, std::fabs(point.at()) / root_a + 1);

  std::vector<Ball> stops{Ball::from_double_exactly(-reach, precision)};
  for (const Breakpoint& point : analysis.points) {
    stops.push_back((point.exact ? Ball(*point.exact, precision) : point.location) / root);
  }
  stops.push_back(Ball::from_double_exactly(reach, precision));
  mag_t tolerance;
  mag_init(tolerance);
  mag_set_d(tolerance, std::pow(10.0, -digits));
  ComplexBall total(Ball(Rational(0), precision));
  for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
    Integrand f{Evaluator<ComplexBall>(analysis.pieces[i], "x", precision),
                Evaluator<ComplexBall>(analysis.pieces[i], "x", precision, true), root, n, precision};
    const ComplexBall from(stops[i]);
    const ComplexBall to(stops[i + 1]);
    ComplexBall part(Ball(Rational(0), precision));
    acb_calc_integrate(acb_of(part), integrand, &f, acb_of(from), acb_of(to), precision.bits(), tolerance, nullptr,
                       precision.bits());
    total += part;
  }
  mag_clear(tolerance);
  return widen(total.re(), Ball::from_double_exactly(std::exp(log_tail()) * 1.01));
}

}  // namespace nke::test
