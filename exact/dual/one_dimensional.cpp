// SPDX-License-Identifier: Apache-2.0
#include "one_dimensional.hpp"

#include <algorithm>
#include <exception>

#include <nke/exact/real/arb_access.hpp>

#include "one_dimensional_intervals.hpp"

#if __has_include(<flint/acb_calc.h>)
#include <flint/acb_calc.h>
#else
#include <acb_calc.h>
#endif

namespace nke::detail {
namespace {

constexpr long wide_bits = 96;             // for boxes that are wide anyway
constexpr long evaluation_limit = 20'000;  // an interval; a hundred times what a tame integrand takes at 100 digits

struct Mag {
  Mag() { mag_init(value); }
  ~Mag() { mag_clear(value); }
  Mag(const Mag&) = delete;
  Mag& operator=(const Mag&) = delete;
  mag_t value;
};

struct OnInterval {
  const Integrand* fine;
  const Integrand* coarse;
  const GateStates* states;
  std::exception_ptr failure;
};

// What acb_calc_integrate calls; no exception may pass through it. Every integrand is entire, whatever the order asked.
int integrand_value(acb_ptr out, const acb_t x, void* parameter, slong, slong bits) {
  auto& here = *static_cast<OnInterval*>(parameter);
  try {
    const bool wide = acb_rel_accuracy_bits(x) < wide_bits / 2 && !acb_is_exact(x);
    const Integrand& integrand = wide ? *here.coarse : *here.fine;
    ComplexBall at = ArbAccess::blank_complex(integrand.precision().bits());
    acb_set_round(acb_of(at), x, at.bits());
    acb_set_round(out, acb_of(integrand.gated_pairs(at, *here.states)), bits);
  } catch (...) {
    here.failure = std::current_exception();
    acb_indeterminate(out);
  }
  return 0;
}

bool any_gated_pair(const std::vector<NumericTerm>& sigma, const std::vector<NumericTerm>& tau) {
  const auto gated = [](const NumericTerm& term) { return term.gate.has_value(); };
  return (std::any_of(sigma.begin(), sigma.end(), gated) && !tau.empty()) ||
         (std::any_of(tau.begin(), tau.end(), gated) && !sigma.empty());
}

// ∫ over the line of everything that has a gate, without the factor 1/√(2πa).
Integral gated_integral(const Integrand& fine, const Integrand& coarse, const CalmIntervals& calm,
                        const Ball& tolerance) {
  Mag goal;
  arb_get_mag_lower(goal.value, arb_of(tolerance / static_cast<long>(calm.intervals.size() + 1)));
  acb_calc_integrate_opt_t options;
  acb_calc_integrate_opt_init(options);
  options->eval_limit = evaluation_limit;
  const long bits = fine.precision().bits();
  options->depth_limit = 4 * bits;
  ComplexBall total;
  bool converged = true;
  for (const CalmInterval& interval : calm.intervals) {
    OnInterval here{&fine, &coarse, &interval.states, nullptr};
    ComplexBall part = ArbAccess::blank_complex(bits);
    const int status = acb_calc_integrate(acb_of(part), integrand_value, &here, acb_of(ComplexBall(interval.left)),
                                          acb_of(ComplexBall(interval.right)), bits, goal.value, options, bits);
    if (here.failure) std::rethrow_exception(here.failure);
    converged = converged && status == ARB_CALC_SUCCESS;
    total += part;
  }
  return {widen(total.re().at_precision(fine.precision()), calm.left_out), converged};
}

// Everything that is decided before the first value of the integrand.
struct Setting {
  Setting(const NormalForm& sigma, const NormalForm& tau, const Rational& a, const Rational& b, const Rational& c,
          const Ball& tolerance, Precision precision)
      : Setting(sigma, tau, Outer{a, c / a, (a * b - c * c) / a}, tolerance, precision,
                numeric_terms(sigma, std::max(precision, Precision::bits(tail_bits))),
                numeric_terms(tau, Precision::bits(tail_bits))) {}

  bool gated;
  Line line;
  Integrand fine;
  Integrand coarse;
  Ball norm;     // √(2πa), which is left out of the integrand
  Ball allowed;  // the error of the integral without it

 private:
  Setting(const NormalForm& sigma, const NormalForm& tau, const Outer& place, const Ball& tolerance,
          Precision precision, const std::vector<NumericTerm>& sigma_terms, const std::vector<NumericTerm>& tau_terms)
      : gated(any_gated_pair(sigma_terms, tau_terms)),
        line(gated ? line_of_integration(sigma_terms, tau_terms, place, tolerance / 8) : whole_line()),
        fine(sigma, tau, place, line.left, line.right, precision),
        coarse(sigma, tau, place, line.left, line.right, std::min(precision, Precision::bits(wide_bits))),
        norm(sqrt(2 * pi<Ball>(precision) * Ball(place.a, precision))),
        allowed((tolerance * norm / 4).at_precision(Precision::bits(tail_bits))) {}

  static Line whole_line() {
    const Ball far = pow_int(Ball(2), 1000);
    return {-far, far, Ball(0)};
  }
};

}  // namespace

Integral integrate_over_first(const NormalForm& sigma, const NormalForm& tau, const Rational& a, const Rational& b,
                              const Rational& c, const Ball& tolerance, Precision precision) {
  const Setting setting(sigma, tau, a, b, c, tolerance, precision);
  if (!setting.gated) return {setting.fine.free_pairs(a), true};
  const CalmIntervals calm = calm_intervals(setting.fine, setting.coarse, setting.line, setting.allowed);
  Integral result = gated_integral(setting.fine, setting.coarse, calm, setting.allowed);
  result.value = widen(setting.fine.free_pairs(a) + result.value / setting.norm, setting.line.left_out);
  return result;
}

Ball tight_magnitude_bound(const NormalForm& sigma, const NormalForm& tau, const Rational& a, const Rational& b,
                           const Rational& c, const Ball& tolerance) {
  const Setting setting(sigma, tau, a, b, c, tolerance, Precision::bits(wide_bits));
  const Ball free = abs(setting.fine.free_pairs(a));
  if (!setting.gated) return free;
  const Ball gated = size_on_line(setting.fine, setting.coarse, setting.line, setting.allowed) / setting.norm;
  return free + gated + setting.line.left_out;
}

Ball magnitude_bound(const NormalForm& sigma, const NormalForm& tau, const Rational& a, const Rational& b,
                     const Rational& c) {
  const Precision precision = Precision::bits(tail_bits);
  return whole_line_bound(numeric_terms(sigma, precision), numeric_terms(tau, precision),
                          {a, c / a, (a * b - c * c) / a});
}

Ball expectation(const NormalForm& tau, const Ball& mean, const Rational& variance, Precision precision) {
  const ConditionalExpectation law(numeric_terms(tau, precision), Rational(1), variance, precision);
  const ComplexBall x(mean.at_precision(precision));
  std::vector<GateState> states;
  std::vector<GateState> others;  // with a half-line whose threshold is hit open in one and shut in the other
  for (const auto& gated : law.gated()) {
    GateState state = GateState::edge;
    bool hit = false;
    if (gated.indicator) {
      const Ball distance = gated.indicator->side * (mean - gated.indicator->at);
      hit = distance.is_exact() && distance.contains_zero();
      if (!hit && distance.contains_zero()) return Ball::indeterminate(precision);
      state = hit || certainly_positive(distance) ? GateState::on : GateState::off;
    }
    states.push_back(state);
    others.push_back(hit ? GateState::off : state);
  }
  const ComplexBall free = law.value_at(x, states);
  return states == others ? free.re() : ((free + law.value_at(x, others)) / ComplexBall(2)).re();
}

}  // namespace nke::detail
