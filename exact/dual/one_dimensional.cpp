// SPDX-License-Identifier: Apache-2.0
#include "one_dimensional.hpp"

#include <algorithm>
#include <cmath>
#include <exception>

#include <nke/exact/real/arb_access.hpp>
#include <nke/exact/real/error.hpp>

#include "inner.hpp"
#include "one_dimensional_tails.hpp"

#if __has_include(<flint/acb_calc.h>)
#include <flint/acb_calc.h>
#else
#include <acb_calc.h>
#endif

namespace nke::detail {
namespace {

constexpr long wide_bits = 96;             // for boxes that are wide anyway
constexpr long evaluation_limit = 60'000;  // an interval; a hundred times what a tame integrand takes at 100 digits
constexpr double narrow = 1.0 / 40;        // a gate is narrow if it turns within this part of the range

struct Mag {
  Mag() { mag_init(value); }
  ~Mag() { mag_clear(value); }
  Mag(const Mag&) = delete;
  Mag& operator=(const Mag&) = delete;
  mag_t value;
};

// Both factors at one precision, and the exponents of their products with the density.
struct Level {
  Level(const std::vector<NumericTerm>& sigma, const std::vector<NumericTerm>& tau, const Outer& place,
        Precision precision_)
      : precision(precision_),
        outer(sigma, Rational(1), Rational(0), precision),
        inner(tau, place.beta, place.variance, precision) {
    const Ball density = -1 / (2 * Ball(place.a, precision));
    for (const Exponent& left : outer.exponents()) {
      for (const Exponent& right : inner.exponents()) {
        sums.push_back(
            {left.quadratic + right.quadratic + density, left.linear + right.linear, left.constant + right.constant});
      }
    }
  }
  const Exponent& sum(std::size_t i, std::size_t j) const { return sums[i * inner.exponents().size() + j]; }

  Precision precision;
  ConditionalExpectation outer;
  ConditionalExpectation inner;
  std::vector<Exponent> sums;
};

// exp(q x² + l x + c), around the centre of the box: no first-order term is counted twice.
ComplexBall exponential(const Exponent& e, const ComplexBall& center, const ComplexBall& offset) {
  const ComplexBall q(e.quadratic);
  const ComplexBall at_center = (q * center + e.linear) * center + e.constant;
  return exp(at_center + (ComplexBall(2) * q * center + e.linear + q * offset) * offset);
}

// One interval between thresholds: which indicators are on.
struct Active {
  std::vector<bool> outer;
  std::vector<bool> inner;
};

// Σ over the pairs with at least one gate.
ComplexBall gated_pairs(const Level& level, const Active& active, const ComplexBall& x) {
  ComplexBall center = x;
  acb_get_mid(acb_of(center), acb_of(x));
  const ComplexBall offset = x - center;
  const Scaled outer_free = level.outer.free_part_at(x);
  const Scaled outer_gated = level.outer.gated_part(x, active.outer);
  const Scaled inner_free = level.inner.free_part_at(x);
  const Scaled inner_gated = level.inner.gated_part(x, active.inner);
  ComplexBall total;
  for (std::size_t i = 0; i < level.outer.exponents().size(); ++i) {
    for (std::size_t j = 0; j < level.inner.exponents().size(); ++j) {
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
      if (any) total += product * exponential(level.sum(i, j), center, offset);
    }
  }
  return total;
}

struct Integrand {
  const Level* fine;
  const Level* coarse;
  Active active;
  std::exception_ptr failure;
};

// What acb_calc_integrate calls; no exception may pass through it.
int integrand_value(acb_ptr out, const acb_t x, void* parameter, slong order, slong bits) {
  auto& integrand = *static_cast<Integrand*>(parameter);
  try {
    const bool wide = mag_cmp_2exp_si(arb_radref(acb_realref(x)), -64) > 0 && acb_rel_accuracy_bits(x) < wide_bits / 2;
    const Level& level = wide ? *integrand.coarse : *integrand.fine;
    ComplexBall at = ArbAccess::blank_complex(level.precision.bits());
    acb_set_round(acb_of(at), x, level.precision.bits());
    acb_set_round(out, acb_of(gated_pairs(level, integrand.active, at)), bits);
  } catch (...) {
    integrand.failure = std::current_exception();
    acb_indeterminate(out);
  }
  static_cast<void>(order);  // every integrand is entire
  return 0;
}

// The pairs without gates: E of polynomial · e^(Qx² + Lx + C) under N(0,a).
Ball free_pairs(const Level& level, const Rational& variance) {
  const Precision precision = level.precision;
  const Ball a(variance, precision);
  ComplexBall total;
  for (std::size_t i = 0; i < level.outer.exponents().size(); ++i) {
    const Polynomial& p = level.outer.free_part()[i];
    for (std::size_t j = 0; j < level.inner.exponents().size() && !p.empty(); ++j) {
      const Polynomial& q = level.inner.free_part()[j];
      if (q.empty()) continue;
      const Exponent& sum = level.sum(i, j);  // holds the density: −1/(2a) + Q
      const Ball spread = -1 / (2 * sum.quadratic);
      if (!certainly_positive(spread)) throw DomainError("E is infinite: the exponentials outgrow the normal density");
      const ComplexBall mean = sum.linear * spread;
      std::vector<ComplexBall> moments{ComplexBall(1), mean};
      for (std::size_t k = 2; k < p.size() + q.size(); ++k) {
        moments.push_back(mean * moments[k - 1] + ComplexBall(spread * static_cast<long>(k - 1)) * moments[k - 2]);
      }
      ComplexBall expectation;
      for (std::size_t m = 0; m < p.size(); ++m) {
        for (std::size_t n = 0; n < q.size(); ++n) expectation += p[m] * q[n] * moments[m + n];
      }
      total += expectation * exp(sum.constant + sum.linear * sum.linear * spread / ComplexBall(2)) * sqrt(spread / a);
    }
  }
  return total.re();
}

// Where intervals begin and end: thresholds of indicators, which must be kept apart, and points that merely help.
struct Cut {
  Ball at;
  bool is_threshold;
};

std::vector<Cut> sorted_and_merged(std::vector<Cut> cuts) {
  std::sort(cuts.begin(), cuts.end(),
            [](const Cut& a, const Cut& b) { return arf_cmp(arb_midref(arb_of(a.at)), arb_midref(arb_of(b.at))) < 0; });
  std::vector<Cut> result;
  for (Cut& cut : cuts) {
    if (result.empty() || !result.back().at.overlaps(cut.at)) {
      result.push_back(std::move(cut));
    } else if (cut.is_threshold) {  // a threshold not told from its neighbour: one inexact point, which may be either
      result.back().at = result.back().is_threshold ? hull(result.back().at, cut.at) : cut.at;
      result.back().is_threshold = true;
    }
  }
  return result;
}

bool any_gated_pair(const std::vector<NumericTerm>& sigma, const std::vector<NumericTerm>& tau) {
  const auto gated = [](const NumericTerm& term) { return term.gate.has_value(); };
  return (std::any_of(sigma.begin(), sigma.end(), gated) && !tau.empty()) ||
         (std::any_of(tau.begin(), tau.end(), gated) && !sigma.empty());
}

std::vector<ConditionalExpectation::Indicator> indicators(const Level& level) {
  std::vector<ConditionalExpectation::Indicator> result;
  for (const ConditionalExpectation* factor : {&level.outer, &level.inner}) {
    for (const auto& gated : factor->gated()) {
      if (gated.indicator) result.push_back(*gated.indicator);
    }
  }
  return result;
}

// An indicator is on in an interval if the interval lies, as a whole, on its side.
std::vector<bool> switched_on(const ConditionalExpectation& factor, const Ball& left, const Ball& right) {
  std::vector<bool> on;
  for (const auto& gated : factor.gated()) {
    if (!gated.indicator) {
      on.push_back(true);
      continue;
    }
    const Ball& at = gated.indicator->at;
    // The ends are thresholds or beyond them: comparing centres decides, and a threshold within an end counts as it.
    const bool on_the_right = at.overlaps(left) || certainly_less(at, left);
    const bool on_the_left = at.overlaps(right) || certainly_less(right, at);
    on.push_back(gated.indicator->side > 0 ? on_the_right : on_the_left);
  }
  return on;
}

// Terms that the side never sees make no tail: relu on the left.
bool silent(const std::vector<NumericTerm>& sigma, int side) {
  return std::all_of(sigma.begin(), sigma.end(), [side](const NumericTerm& term) {
    return term.gate && term.gate->sharp && term.gate->side != side;
  });
}

// The ends of the intervals, from the far left to the far right.
std::vector<Ball> ends(const Level& level, const std::vector<NumericTerm>& sigma, const std::vector<NumericTerm>& tau,
                       const Outer& place, const Ball& tolerance, Ball& tails) {
  std::vector<Cut> cuts;
  for (const auto& indicator : indicators(level)) cuts.push_back({indicator.at, true});
  const auto far_end = [&](int side) {
    if (silent(sigma, side)) {
      const auto furthest = std::max_element(cuts.begin(), cuts.end(), [side](const Cut& x, const Cut& y) {
        return side * x.at.mid() < side * y.at.mid();
      });
      return furthest->at;
    }
    const Ball start = tail_start(sigma, tau, place, side, tolerance);
    tails += tail_bound(sigma, tau, place, side, start);
    return side * start;
  };
  const Ball left = far_end(-1);
  const Ball right = far_end(1);
  const double range = right.mid() - left.mid();
  for (const ConditionalExpectation* factor : {&level.outer, &level.inner}) {
    for (const auto& bend : factor->bends()) {
      if (bend.width > narrow * range) continue;
      for (const double steps : {-8.0, 0.0, 8.0}) {
        Ball at = bend.at + Ball::from_double_exactly(steps * bend.width);
        arb_get_mid_arb(arb_of(at), arb_of(at));
        cuts.push_back({at, false});
      }
    }
  }
  std::vector<Ball> result{left};
  Ball last = right;
  for (const Cut& cut : sorted_and_merged(std::move(cuts))) {
    if (cut.is_threshold && cut.at.overlaps(result.front())) {
      result.front() = hull(result.front(), cut.at);
    } else if (cut.is_threshold && cut.at.overlaps(last)) {
      last = hull(last, cut.at);
    } else if (certainly_less(result.back(), cut.at) && certainly_less(cut.at, last)) {
      result.push_back(cut.at);
    }
  }
  if (certainly_less(result.back(), last)) result.push_back(last);
  return result;
}

}  // namespace

Integral integrate_over_first(const NormalForm& sigma_form, const NormalForm& tau_form, const Rational& a,
                              const Rational& b, const Rational& c, const Ball& tolerance, Precision precision) {
  const Outer place{a, c / a, (a * b - c * c) / a};
  const std::vector<NumericTerm> sigma = numeric_terms(sigma_form, precision);
  const std::vector<NumericTerm> tau = numeric_terms(tau_form, precision);
  const Level fine(sigma, tau, place, precision);
  Integral result{free_pairs(fine, a), true};
  if (!any_gated_pair(sigma, tau)) return result;

  const Precision coarse_precision = std::min(precision, Precision::bits(wide_bits));
  const Level coarse(numeric_terms(sigma_form, coarse_precision), numeric_terms(tau_form, coarse_precision), place,
                     coarse_precision);
  Ball tails(Rational(0), Precision::bits(tail_bits));
  const std::vector<Ball> points = ends(fine, sigma, tau, place, tolerance / 8, tails);

  // Without the factor 1/√(2πa), which comes last.
  const Ball norm = sqrt(2 * pi<Ball>(precision) * Ball(a, precision));
  Mag goal;
  arb_get_mag_lower(goal.value, arb_of(tolerance * norm / (4 * static_cast<long>(points.size()))));
  acb_calc_integrate_opt_t options;
  acb_calc_integrate_opt_init(options);
  options->eval_limit = evaluation_limit;
  options->depth_limit = 4 * precision.bits();
  ComplexBall total;
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    Integrand integrand{
        &fine,
        &coarse,
        {switched_on(fine.outer, points[i], points[i + 1]), switched_on(fine.inner, points[i], points[i + 1])},
        nullptr};
    ComplexBall part = ArbAccess::blank_complex(precision.bits());
    const int status =
        acb_calc_integrate(acb_of(part), integrand_value, &integrand, acb_of(ComplexBall(points[i])),
                           acb_of(ComplexBall(points[i + 1])), precision.bits(), goal.value, options, precision.bits());
    if (integrand.failure) std::rethrow_exception(integrand.failure);
    result.converged = result.converged && status == ARB_CALC_SUCCESS;
    total += part;
  }
  result.value = widen(result.value + total.re() / norm, tails);
  return result;
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
  std::vector<bool> on;
  std::vector<bool> half;
  bool any_half = false;
  for (const auto& gated : law.gated()) {
    bool is_on = true;
    bool is_half = false;
    if (gated.indicator) {
      const Ball distance = gated.indicator->side * (mean - gated.indicator->at);
      is_on = certainly_positive(distance);
      is_half = distance.is_exact() && distance.contains_zero();
      if (!is_on && !is_half && !certainly_negative(distance)) return Ball::indeterminate(precision);
    }
    on.push_back(is_on || is_half);
    half.push_back(is_on && !is_half);
    any_half = any_half || is_half;
  }
  const auto value = [&](const std::vector<bool>& active) {
    ComplexBall total;
    const Scaled free = law.free_part_at(x);
    const Scaled gated = law.gated_part(x, active);
    ComplexBall offset = x;
    ComplexBall center = x;
    acb_get_mid(acb_of(center), acb_of(x));
    offset = x - center;
    for (std::size_t i = 0; i < law.exponents().size(); ++i) {
      if (free.used(i) || gated.used(i))
        total += (free[i] + gated[i]) * exponential(law.exponents()[i], center, offset);
    }
    return total.re();
  };
  return any_half ? (value(on) + value(half)) / 2 : value(on);
}

}  // namespace nke::detail
