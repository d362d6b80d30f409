// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <string>

#include <nke/exact/dual/closed_form.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_dual.hpp>
#include <nke/kernels/reference_entry.hpp>

#include "theory.hpp"

namespace nke {
namespace {

// Σ(x,x), Σ(x,x'), Σ(x',x') and the Θ to each.
struct Covariances {
  Ball xx, xy, yy;
  Ball txx, txy, tyy;
};

class Recursion {
 public:
  Recursion(bool same, int digits, Precision precision) : same_(same), digits_(digits), precision_(precision) {}

  Covariances through(const Network& network, Covariances s) const {
    for (const Layer& layer : network.layers) {
      s = std::visit([&](const auto& l) { return after(l, s); }, layer);
    }
    return s;
  }

 private:
  Ball constant(const Expr& e) const { return evaluate<Ball>(e, Bindings<Ball>{}, precision_); }

  Covariances after(const Dense& l, Covariances s) const {
    const Ball w = constant(l.w), b = constant(l.b), ww = w * w, bb = b * b;
    s.xx = ww * s.xx + bb;
    s.xy = ww * s.xy + bb;
    s.yy = ww * s.yy + bb;
    s.txx = ww * s.txx + s.xx;
    s.txy = ww * s.txy + s.xy;
    s.tyy = ww * s.tyy + s.yy;
    return s;
  }
  Covariances after(const LayerNorm&, const Covariances& s) const {
    const Ball epsilon(Rational::parse("1e-12"), precision_);
    const Ball xx = s.xx + epsilon, yy = s.yy + epsilon, xy = sqrt(xx) * sqrt(yy);
    return {s.xx / xx, s.xy / xy, s.yy / yy, s.txx / xx, s.txy / xy, s.tyy / yy};
  }
  Covariances after(const Nonlinearity& l, const Covariances& s) const {
    const Activation slope = l.activation.derivative();
    const Ball kdot = same_ ? second_moment(slope, s.xx) : pair(l.activation, slope, true, s);
    const Ball k = same_ ? second_moment(l.activation, s.xx) : pair(l.activation, slope, false, s);
    return {second_moment(l.activation, s.xx),
            k,
            second_moment(l.activation, s.yy),
            s.txx * second_moment(slope, s.xx),
            s.txy * kdot,
            s.tyy * second_moment(slope, s.yy)};
  }
  Covariances after(const FormulaDual& l, const Covariances& s) const {
    const auto at = [&](const Expr& e, const Ball& a, const Ball& b, const Ball& c) {
      return evaluate<Ball>(e, Bindings<Ball>{{"a", a}, {"b", b}, {"c", c}}, precision_);
    };
    return {at(l.value, s.xx, s.xx, s.xx),
            at(l.value, s.xx, s.yy, s.xy),
            at(l.value, s.yy, s.yy, s.yy),
            s.txx * at(l.derivative, s.xx, s.xx, s.xx),
            s.txy * at(l.derivative, s.xx, s.yy, s.xy),
            s.tyy * at(l.derivative, s.yy, s.yy, s.yy)};
  }
  Covariances after(const Residual& l, const Covariances& s) const {
    const Covariances m = through(l.main, s), n = through(l.shortcut, s);
    return {m.xx + n.xx, m.xy + n.xy, m.yy + n.yy, m.txx + n.txx, m.txy + n.txy, m.tyy + n.tyy};
  }
  template <class Other>
  Covariances after(const Other& l, const Covariances&) const {
    throw ShapeError("layer " + to_text(Layer(l)) + " needs images, not points");
  }

  // What is known of one σ, found once for all layers.
  struct Known {
    Activation sigma;
    std::optional<ClosedForm> form;
    CertifiedDual certified;
  };
  const Known& known(const Activation& sigma) const {
    for (const Known& k : known_) {
      if (k.sigma == sigma) return k;
    }
    known_.push_back({sigma, try_closed_form_dual(sigma), CertifiedDual(sigma, digits_)});
    return known_.back();
  }

  // E σ(u)², u ~ N(0, a): at the centre of a, and what it can change from there. Closed forms over wide balls would
  // lose digits at every layer.
  Ball second_moment(const Activation& sigma, const Ball& a) const {
    if (sigma.expression().is_zero()) return Ball(0);
    const Known& k = known(sigma);
    if (!k.form) return k.certified.norm(a);
    return k.certified.norm(a, [&](const Ball& at) {
      return evaluate<Ball>(k.form->diagonal, Bindings<Ball>{{"a", at}}, precision_);
    });
  }
  Ball pair(const Activation& sigma, const Activation& slope, bool derivative, const Covariances& s) const {
    if (derivative && slope.expression().is_zero()) return Ball(0);
    const CertifiedDual& certified = known(derivative ? slope : sigma).certified;
    const auto& form = known(sigma).form;
    if (!form) return certified.over(s.xx, s.yy, s.xy).value;
    const auto value = [&](const Ball& a, const Ball& b, const Ball& c) {
      const Bindings<Ball> at{{"a", a}, {"b", b}, {"c", c}, {"d", a * b - c * c}};
      return evaluate<Ball>(derivative ? form->stable_derivative : form->stable_value, at, precision_);
    };
    return certified.over(s.xx, s.yy, s.xy, value).value;
  }

  bool same_;
  int digits_;  // of certified duals, over √(Σ(x,x) Σ(x',x'))
  Precision precision_;
  mutable std::deque<Known> known_;
};

Rational inner(std::span<const double> x, std::span<const double> y) {
  Rational sum = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    sum = sum + Rational::from_double_exactly(x[k]) * Rational::from_double_exactly(y[k]);
  }
  return sum / Rational(x.size());
}

}  // namespace

ReferenceEntry reference_entry(const Network& network, std::span<const double> x, std::span<const double> y,
                               int digits) {
  if (x.size() != y.size() || x.empty()) {
    throw ShapeError("points of " + std::to_string(x.size()) + " and of " + std::to_string(y.size()) +
                     " coordinates have no kernel together");
  }
  for (const double v : x) {
    if (!std::isfinite(v)) throw DomainError("a kernel needs finite data");
  }
  for (const double v : y) {
    if (!std::isfinite(v)) throw DomainError("a kernel needs finite data");
  }
  require_covered(network, InputShape{});
  const bool same = std::equal(x.begin(), x.end(), y.begin());
  const Rational xx = inner(x, x), xy = inner(x, y), yy = inner(y, y);
  std::string reached = "nothing";
  for (int attempt = 0; attempt < 5; ++attempt) {
    const Precision precision = Precision::bits((64 + 4 * digits) << attempt);
    const Recursion recursion(same, digits + 5 + 10 * attempt, precision);
    const Ball zero(0);
    const Covariances s =
        recursion.through(network, {Ball(xx, precision), Ball(xy, precision), Ball(yy, precision), zero, zero, zero});
    const double goal = std::pow(10.0, -digits);
    const auto narrow = [&](const Ball& value, const Ball& a, const Ball& b) {
      return value.is_finite() &&
             value.radius() <= goal * std::sqrt(std::max(a.lower(), 0.0)) * std::sqrt(std::max(b.lower(), 0.0));
    };
    if (narrow(s.xy, s.xx, s.yy) && narrow(s.txy, s.txx, s.tyy)) return {s.xy, s.txy};
    reached = "radii of " + std::to_string(s.xy.radius()) + " and " + std::to_string(s.txy.radius());
  }
  throw NotCertified("this entry of the kernel of '" + to_text(network) + "' could not be enclosed to " +
                     std::to_string(digits) + " digits: " + reached);
}

}  // namespace nke
