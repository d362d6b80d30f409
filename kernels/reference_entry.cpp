// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>

#include <nke/exact/real/error.hpp>
#include <nke/kernels/reference_entry.hpp>

#include "reference_duals.hpp"
#include "theory.hpp"

namespace nke {
namespace {

using Covariances = ReferenceCovariances;

class Recursion {
 public:
  Recursion(bool same, int digits, Precision precision) : same_(same), duals_(digits, precision) {}

  Covariances through(const Network& network, Covariances s) {
    for (const Layer& layer : network.layers) {
      s = std::visit([&](const auto& l) { return after(l, s); }, layer);
    }
    return s;
  }

 private:
  Covariances after(const Dense& l, Covariances s) {
    const Ball w = duals_.constant(l.w), b = duals_.constant(l.b), ww = w * w, bb = b * b;
    s.xx = ww * s.xx + bb;
    s.xy = ww * s.xy + bb;
    s.yy = ww * s.yy + bb;
    s.txx = ww * s.txx + s.xx;
    s.txy = ww * s.txy + s.xy;
    s.tyy = ww * s.tyy + s.yy;
    return s;
  }
  Covariances after(const LayerNorm&, const Covariances& s) {
    const Ball epsilon = duals_.layernorm_epsilon();
    const Ball xx = s.xx + epsilon, yy = s.yy + epsilon, xy = sqrt(xx) * sqrt(yy);
    return {s.xx / xx, s.xy / xy, s.yy / yy, s.txx / xx, s.txy / xy, s.tyy / yy};
  }
  Covariances after(const Nonlinearity& l, const Covariances& s) { return activated(l, s); }
  Covariances after(const FormulaDual& l, const Covariances& s) { return activated(l, s); }
  template <class Dual>
  Covariances activated(const Dual& l, const Covariances& s) {
    const auto xx = duals_.of_one(l, s.xx), yy = duals_.of_one(l, s.yy);
    const auto xy = same_ ? xx : duals_.of_two(l, s.xx, s.yy, s.xy);
    // Beside a point at the origin Θ = 0, and K̇ is not known.
    const auto times = [](const Ball& theta, const Ball& kdot) {
      return is_exactly_zero(theta) ? theta : theta * kdot;
    };
    return {xx.k, xy.k, yy.k, times(s.txx, xx.kdot), times(s.txy, xy.kdot), times(s.tyy, yy.kdot)};
  }
  Covariances after(const Residual& l, const Covariances& s) {
    const Covariances m = through(l.main, s), n = through(l.shortcut, s);
    return {m.xx + n.xx, m.xy + n.xy, m.yy + n.yy, m.txx + n.txx, m.txy + n.txy, m.tyy + n.tyy};
  }
  template <class Other>
  Covariances after(const Other& l, const Covariances&) {
    throw ShapeError("layer " + to_text(Layer(l)) + " needs images, not points");
  }

  bool same_;
  ReferenceDuals duals_;
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
  return narrow_reference(network, digits, [&](int dual_digits, Precision precision) {
    Recursion recursion(same, dual_digits, precision);
    const Ball zero(0);
    return recursion.through(network,
                             {Ball(xx, precision), Ball(xy, precision), Ball(yy, precision), zero, zero, zero});
  });
}

}  // namespace nke
