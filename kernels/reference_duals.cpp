// SPDX-License-Identifier: Apache-2.0
#include "reference_duals.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include <nke/exact/dual/closed_form.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_dual.hpp>

namespace nke {

// What is known of one σ, found once for all layers.
struct ReferenceDuals::Known {
  Activation sigma;
  std::optional<ClosedForm> form;
  CertifiedDual certified;
  bool derived = false;    // slope is set
  Known* slope = nullptr;  // none where σ′ = 0
};

ReferenceDuals::ReferenceDuals(int digits, Precision precision) : digits_(digits), precision_(precision) {}
ReferenceDuals::~ReferenceDuals() = default;

Ball ReferenceDuals::constant(const Expr& e) const {
  return evaluate<Ball>(e, Bindings<Ball>{}, precision_);
}

Ball ReferenceDuals::layernorm_epsilon() const {
  return {Rational::parse("1e-12"), precision_};
}

ReferenceDuals::Known& ReferenceDuals::known(const Activation& sigma) {
  for (const auto& k : known_) {
    if (k->sigma == sigma) return *k;
  }
  known_.push_back(std::make_unique<Known>(Known{sigma, try_closed_form_dual(sigma), CertifiedDual(sigma, digits_)}));
  return *known_.back();
}

ReferenceDuals::Known* ReferenceDuals::slope_of(Known& sigma) {
  if (!sigma.derived) {
    const Activation slope = sigma.sigma.derivative();
    if (!slope.expression().is_zero()) sigma.slope = &known(slope);
    sigma.derived = true;
  }
  return sigma.slope;
}

// E σ(u)², u ~ N(0, a).
Ball ReferenceDuals::second_moment(const Known* sigma, const Ball& a) const {
  if (sigma == nullptr) return Ball(0);
  if (!sigma->form) return sigma->certified.norm(a);
  return sigma->certified.norm(a, [&](const Ball& at) {
    return evaluate<Ball>(sigma->form->diagonal, Bindings<Ball>{{"a", at}}, precision_);
  });
}

// K(0, v, 0) = m(0) m(v), m(v) = E σ(√v x), where m(0) is σ(0), or the mean of its sides.
Ball ReferenceDuals::beside_black(const Known& sigma, const Ball& v) {
  const Ball at_zero = sigma.certified(0, 0, 0).value;
  if (is_exactly_zero(v) || is_exactly_zero(at_zero)) return at_zero;
  // m(v)² is K(v, v, 0). The sign is that of m next to v, between which and v there is no zero.
  const Ball near = Ball::from_double_exactly(v.mid()), around = hull(v, near);
  const Ball product = sigma.certified(0, Rational::from_double_exactly(v.mid()), 0).value;
  const Ball square = at_zero * sigma.certified.over(v, v, Ball(0)).value;
  const bool sign_is_known = certainly_positive(sigma.certified.over(around, around, Ball(0)).value);
  if (sign_is_known && certainly_positive(product)) return sqrt(square);
  if (sign_is_known && certainly_negative(product)) return -sqrt(square);
  const double most = std::nextafter(std::sqrt(std::max(square.upper(), 0.0)), HUGE_VAL);
  return Ball::from_interval(-most, most);
}

ReferenceDuals::Value ReferenceDuals::of_one(const Nonlinearity& layer, const Ball& a) {
  if (layer.activation.expression().is_zero()) return {Ball(0), Ball(0)};
  Known& sigma = known(layer.activation);
  if (is_exactly_zero(a)) return {beside_black(sigma, a), Ball::indeterminate(precision_)};
  const Known* slope = slope_of(sigma);
  return {second_moment(&sigma, a), second_moment(slope, a)};
}

ReferenceDuals::Value ReferenceDuals::of_two(const Nonlinearity& layer, const Ball& a, const Ball& b, const Ball& c) {
  if (layer.activation.expression().is_zero()) return {Ball(0), Ball(0)};
  Known& sigma = known(layer.activation);
  if (is_exactly_zero(a) || is_exactly_zero(b)) {
    return {beside_black(sigma, is_exactly_zero(a) ? b : a), Ball::indeterminate(precision_)};
  }
  const Known* slope = slope_of(sigma);
  const auto over = [&](const CertifiedDual& certified, const Expr ClosedForm::*which) {
    if (!sigma.form) return certified.over(a, b, c).value;
    const auto value = [&](const Ball& u, const Ball& v, const Ball& w) {
      const Bindings<Ball> at{{"a", u}, {"b", v}, {"c", w}, {"d", u * v - w * w}};
      return evaluate<Ball>((*sigma.form).*which, at, precision_);
    };
    return certified.over(a, b, c, value).value;
  };
  return {over(sigma.certified, &ClosedForm::stable_value),
          slope == nullptr ? Ball(0) : over(slope->certified, &ClosedForm::stable_derivative)};
}

ReferenceDuals::Value ReferenceDuals::of_two(const FormulaDual& layer, const Ball& a, const Ball& b,
                                             const Ball& c) const {
  const Bindings<Ball> at{{"a", a}, {"b", b}, {"c", c}};
  return {evaluate<Ball>(layer.value, at, precision_), evaluate<Ball>(layer.derivative, at, precision_)};
}

ReferenceEntry narrow_reference(const Network& network, int digits, const ReferencePass& pass) {
  const double goal = std::pow(10.0, -digits);
  const auto narrow = [&](const Ball& value, const Ball& a, const Ball& b) {
    return value.is_finite() &&
           value.radius() <= goal * std::sqrt(std::max(a.lower(), 0.0)) * std::sqrt(std::max(b.lower(), 0.0));
  };
  std::string reached = "nothing";
  for (int attempt = 0; attempt < 5; ++attempt) {
    const ReferenceCovariances s = pass(digits + 5 + 10 * attempt, Precision::bits((64 + 4 * digits) << attempt));
    for (const Ball* of : {&s.xx, &s.yy, &s.txx, &s.tyy}) {
      if (of->is_finite() && std::isinf(of->mid())) {
        throw DomainError("an entry of the kernel of '" + to_text(network) + "' is beyond 1.8e308: make w smaller");
      }
    }
    if (narrow(s.xy, s.xx, s.yy) && narrow(s.txy, s.txx, s.tyy)) return {s.xy, s.txy};
    reached = "radii of " + std::to_string(s.xy.radius()) + " and " + std::to_string(s.txy.radius());
  }
  throw NotCertified("this entry of the kernel of '" + to_text(network) + "' could not be enclosed to " +
                     std::to_string(digits) + " digits: " + reached);
}

}  // namespace nke
