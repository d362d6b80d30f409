// SPDX-License-Identifier: Apache-2.0
#include "exact_value.hpp"

#include <algorithm>
#include <mutex>

#include <nke/exact/dual/cross_check.hpp>
#include <nke/exact/expr/substitute.hpp>
#include <nke/exact/real/error.hpp>

#include "exact_evaluate.hpp"
#include "exact_radius.hpp"

namespace nke {

// What is evaluated, and what is integrated.
struct ExactDual::State {
  State(ClosedForm derived, NormalForm form)
      : value(derived.stable_value),
        derivative(derived.stable_derivative),
        distributional(derived.stable_derivative + derived.stable_jumps),
        diagonal(derived.diagonal),
        mean(derived.mean),
        integrable_where_positive(std::move(derived.integrable_where_positive)),
        jumps(!derived.stable_jumps.is_zero()),
        sigma(std::move(form)),
        slope(nke::derivative(sigma)) {}

  /// E σ'(u)²: derived when first asked for, since few questions need it. The derivative's own form at c² = ab may be
  /// 0/0, or a difference of terms like e^(−2a) · e^(2a).
  const detail::ExactFormula& slope_diagonal() const {
    std::call_once(slope_once, [this] { slope_square.emplace(mean_square(slope)); });
    return *slope_square;
  }

  detail::ExactFormula value;
  detail::ExactFormula derivative;
  detail::ExactFormula distributional;
  detail::ExactFormula diagonal;
  Expr mean;
  std::vector<Expr> integrable_where_positive;
  bool jumps;
  NormalForm sigma;
  NormalForm slope;
  mutable std::once_flag slope_once;
  mutable std::optional<detail::ExactFormula> slope_square;
};

namespace {

using detail::least_magnitude;
using detail::radius_at_most;
using Point = detail::ExactPoint;

constexpr long sign_bits = 128;
constexpr long sign_bit_ceiling = 4096;

// The sign of an expression at exact numbers: by arithmetic if it becomes a number, otherwise by balls.
bool is_positive(const Expr& e, const Point& point) {
  const Expr number = substitute(e, {{"a", point.a}, {"b", point.b}, {"c", point.c}, {"d", point.d}});
  if (number.is_number()) return number.number().sign() > 0;
  for (long bits = sign_bits; bits <= sign_bit_ceiling; bits *= 2) {
    const Ball value = evaluate<Ball>(number, Bindings<Ball>{}, Precision::bits(bits));
    if (certainly_positive(value)) return true;
    if (certainly_negative(value)) return false;
  }
  throw NotCertified("whether E[sigma(u) sigma(v)] is finite at " + point.pair_text() + " is not decided at " +
                     std::to_string(sign_bit_ceiling) + " bits");
}

void require_integrable(const std::vector<Expr>& where_positive, const Point& point) {
  for (const Expr& e : where_positive) {
    if (!is_positive(e, point)) {
      throw DomainError("E[sigma(u) sigma(v)] is infinite at " + point.pair_text() + ", c = " + point.c.to_string() +
                        ": the activation outgrows the normal density");
    }
  }
}

// √(E f(u)² E f(v)²) from below, f = σ or σ', worked out only when |K| alone does not do as a scale.
class Scale {
 public:
  Scale(const ExactDual::State& state, DualPart part, const Point& point)
      : state_(state), of_sigma_(part == DualPart::value), point_(point) {}

  const Ball& lower_bound() {
    if (!bound_) {
      const Ball first = mean_square(point_.a);
      bound_ = point_.a == point_.b ? first : least_magnitude(sqrt(first * mean_square(point_.b)));
    }
    return *bound_;
  }

 private:
  Ball mean_square(const Rational& a) const {
    if (!a.is_zero()) {
      const detail::ExactFormula& diagonal = of_sigma_ ? state_.diagonal : state_.slope_diagonal();
      if (const auto square = detail::diagonal_from_below(diagonal, a)) return *square;
    }
    return mean_square_by_integral(of_sigma_ ? state_.sigma : state_.slope, a);
  }

  const ExactDual::State& state_;
  bool of_sigma_;
  const Point& point_;
  std::optional<Ball> bound_;
};

// One question: a part of the dual at a point, to so many digits.
class Question {
 public:
  Question(const ExactDual::State& state, const Point& point, const ExactOptions& options)
      : state_(state),
        point_(point),
        options_(options),
        unit_(detail::relative_unit(options.digits)),
        scale_(state, options.part, point) {}

  ExactValue answer() {
    ExactValue result =
        on_an_axis() ? from_integral("one variable is 0, an expectation over the other") : from_closed_form();
    if (options_.cross_check) add_cross_check(result);
    return result;
  }

 private:
  bool on_the_diagonal() const { return point_.a == point_.b && point_.a == point_.c; }
  bool on_an_axis() const { return point_.a.is_zero() || point_.b.is_zero(); }

  // The error allowed by |K| alone, and by the scale if that is what counts.
  Ball allowed_by_value(const Ball& value) const { return unit_ * least_magnitude(value); }
  Ball allowed_by_scale() { return unit_ * scale_.lower_bound(); }

  bool good(const Ball& value) {
    if (!value.is_finite()) return false;
    if (radius_at_most(value, allowed_by_value(value))) return true;
    if (options_.relative_to == RelativeTo::value || within_reach(value)) return false;
    return radius_at_most(value, allowed_by_scale());
  }

  // A few more bits are cheaper than finding out what the scale is.
  bool within_reach(const Ball& value) const {
    const Ball allowed = allowed_by_value(value);
    return certainly_positive(allowed) && bits_lacking(value, allowed) <= bits_within_reach;
  }

  // How many bits too wide the ball is.
  long missing(const Ball& value) {
    const bool to_scale = options_.relative_to == RelativeTo::scale && !within_reach(value);
    const Ball allowed = to_scale ? allowed_by_scale() : allowed_by_value(value);
    return certainly_positive(allowed) ? bits_lacking(value, allowed) : value.bits();
  }

  static long bits_lacking(const Ball& value, const Ball& allowed) {
    return detail::binary_exponent(detail::radius_of(value)) - detail::binary_exponent(allowed);
  }

  ExactValue from_closed_form() {
    if (point_.c.is_zero() && options_.part == DualPart::value && state_.mean.is_zero()) {
      return {Ball(Rational(0), Precision::digits(options_.digits)), "0: c = 0, and E sigma(u) = 0", {}, {}};
    }
    const detail::ExactFormula& form = formula();
    if (options_.part == DualPart::distributional_derivative && state_.jumps && point_.d.is_zero()) {
      return from_integral("the closed form does not hold at c^2 = a b");
    }
    const long ceiling = ExactDual::bit_ceiling(options_.digits);
    const detail::Aim aim{[this](const Ball& value) { return good(value); },
                          [this](const Ball& value) { return missing(value); }};
    const detail::Evaluation closed =
        detail::evaluate_until(form, point_, detail::first_bits(options_.digits), ceiling, aim);
    if (closed.reached) return {closed.value, "closed form at " + std::to_string(closed.bits) + " bits", {}, {}};
    return from_integral(closed.undefined
                             ? "the closed form is undefined here"
                             : "the closed form would take more than " + std::to_string(ceiling) + " bits");
  }

  ExactValue from_integral(const std::string& reason) {
    if (vanishes())
      return {Ball(Rational(0), Precision::digits(options_.digits)), "0: sigma(0) = 0, and one variable is 0", {}, {}};
    Ball tolerance = allowed_by_scale();
    if (options_.part == DualPart::distributional_derivative && !certainly_positive(tolerance)) tolerance = unit_;
    if (!certainly_positive(tolerance)) throw NotCertified("no scale for the error is found at " + point_.pair_text());
    Ball value = integral(tolerance, OuterVariable::narrow);
    for (int round = 0; round < value_rounds && !good(value); ++round) {
      const Ball allowed = allowed_by_value(value);
      tolerance = certainly_positive(allowed) ? allowed : tolerance * unit_;
      value = integral(tolerance, OuterVariable::narrow);
    }
    if (!good(value)) {
      throw NotCertified("the value is known as " + value.to_string(20) +
                         "; it may be 0, and has no relative accuracy");
    }
    return {value, "integral with a closed inner expectation (" + reason + ")", {}, {}};
  }

  // One variable is 0 and the function is 0 there, by exact arithmetic: then so is the dual.
  bool vanishes() const {
    if (!on_an_axis() || (options_.part == DualPart::distributional_derivative && state_.jumps)) return false;
    const NormalForm& f = options_.part == DualPart::value ? state_.sigma : state_.slope;
    return substitute(to_expression(f), "x", Rational(0)).is_zero();
  }

  // To the accuracy of the value itself where the integral can do that, otherwise to what was asked for.
  void add_cross_check(ExactValue& result) {
    const bool swapped = result.method.starts_with("integral");
    const OuterVariable outer = swapped ? OuterVariable::wide : OuterVariable::narrow;
    result.cross_check_method =
        swapped ? "integral over the other variable" : "integral with a closed inner expectation";
    const Ball by_value = allowed_by_value(result.value);
    if (certainly_positive(by_value) && radius_at_most(result.value, by_value)) {
      try {
        result.cross_check = integral(by_value, outer);
        return;
      } catch (const NotCertified&) {
        if (options_.relative_to == RelativeTo::value) throw;
      }
    }
    const Ball by_scale = allowed_by_scale();
    result.cross_check = integral(certainly_positive(by_scale) ? by_scale : unit_, outer);
  }

  Ball integral(const Ball& tolerance, OuterVariable outer) const {
    switch (options_.part) {
      case DualPart::value: return dual_by_integral(state_.sigma, point_.a, point_.b, point_.c, tolerance, outer);
      case DualPart::derivative: return dual_by_integral(state_.slope, point_.a, point_.b, point_.c, tolerance, outer);
      case DualPart::distributional_derivative: break;
    }
    return distributional_dual_by_integral(state_.sigma, point_.a, point_.b, point_.c, tolerance, outer);
  }

  const detail::ExactFormula& formula() const {
    switch (options_.part) {
      case DualPart::value: return on_the_diagonal() ? state_.diagonal : state_.value;
      case DualPart::derivative: return on_the_diagonal() ? state_.slope_diagonal() : state_.derivative;
      case DualPart::distributional_derivative: break;
    }
    return state_.distributional;
  }

  static constexpr int value_rounds = 8;
  static constexpr long bits_within_reach = 128;

  const ExactDual::State& state_;
  const Point& point_;
  const ExactOptions& options_;
  Ball unit_;
  Scale scale_;
};

}  // namespace

ExactDual::ExactDual(const Activation& sigma) : ExactDual(closed_form_dual(sigma), normal_form(sigma)) {}

ExactDual::ExactDual(ClosedForm form, NormalForm sigma)
    : state_(std::make_shared<const State>(std::move(form), std::move(sigma))) {}

long ExactDual::bit_ceiling(int digits) {
  return 8 * Precision::digits(digits).bits() + 4096;
}

ExactValue ExactDual::operator()(const Rational& a, const Rational& b, const Rational& c,
                                 const ExactOptions& options) const {
  const Point point(a, b, c);
  point.require_covariance();
  require_integrable(state_->integrable_where_positive, point);
  return Question(*state_, point, options).answer();
}

ExactValue exact_dual(const Activation& sigma, const Rational& a, const Rational& b, const Rational& c,
                      const ExactOptions& options) {
  return ExactDual(sigma)(a, b, c, options);
}

}  // namespace nke
