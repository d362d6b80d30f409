// SPDX-License-Identifier: Apache-2.0
#include "points_oracle.hpp"

#include <cmath>
#include <stdexcept>

#include "plain_dual.hpp"

namespace nke::test {
namespace {

struct State {
  double xx, xy, yy;     // Σ
  double txx, txy, tyy;  // Θ
};

template <class Activated>
State activated(const Activated& l, const State& s) {
  const PlainDual x = plain_dual(l, s.xx, s.xx, s.xx), xy = plain_dual(l, s.xx, s.yy, s.xy),
                  y = plain_dual(l, s.yy, s.yy, s.yy);
  return {x.k, xy.k, y.k, s.txx * x.kdot, s.txy * xy.kdot, s.tyy * y.kdot};
}

State through(const Network& network, State s);

State through(const Layer& layer, State s) {
  if (const auto* l = std::get_if<Dense>(&layer)) {
    const double w = scale_value(l->w, "w"), b = scale_value(l->b, "b");
    const auto affine = [&](double& sigma, double& theta) {
      sigma = w * w * sigma + b * b;
      theta = w * w * theta + sigma;
    };
    affine(s.xx, s.txx);
    affine(s.xy, s.txy);
    affine(s.yy, s.tyy);
    return s;
  }
  if (std::holds_alternative<LayerNorm>(layer)) {
    const double x = std::sqrt(s.xx + 1e-12), y = std::sqrt(s.yy + 1e-12);
    return {s.xx / (x * x), s.xy / (x * y), s.yy / (y * y), s.txx / (x * x), s.txy / (x * y), s.tyy / (y * y)};
  }
  if (const auto* l = std::get_if<Nonlinearity>(&layer)) return activated(*l, s);
  if (const auto* l = std::get_if<FormulaDual>(&layer)) return activated(*l, s);
  if (const auto* l = std::get_if<Residual>(&layer)) {
    const State m = through(l->main, s), n = through(l->shortcut, s);
    return {m.xx + n.xx, m.xy + n.xy, m.yy + n.yy, m.txx + n.txx, m.txy + n.txy, m.tyy + n.tyy};
  }
  throw std::logic_error("the plain kernels know no such layer");
}

State through(const Network& network, State s) {
  for (const Layer& layer : network.layers) s = through(layer, s);
  return s;
}

}  // namespace

PlainPair plain_pair(const Network& network, const double* x, const double* y, std::size_t d) {
  long double xx = 0, xy = 0, yy = 0;
  for (std::size_t k = 0; k < d; ++k) {
    xx += static_cast<long double>(x[k]) * static_cast<long double>(x[k]);
    xy += static_cast<long double>(x[k]) * static_cast<long double>(y[k]);
    yy += static_cast<long double>(y[k]) * static_cast<long double>(y[k]);
  }
  const auto n = static_cast<long double>(d);
  const State out = through(
      network, State{static_cast<double>(xx / n), static_cast<double>(xy / n), static_cast<double>(yy / n), 0, 0, 0});
  return {out.xy, out.txy};
}

PlainMatrices plain_matrices(const Network& network, const Matrix& x, const Matrix& y) {
  PlainMatrices result{Matrix(x.rows(), y.rows()), Matrix(x.rows(), y.rows())};
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index j = 0; j < y.rows(); ++j) {
      if (&x == &y && j < i) {  // both halves of a symmetric matrix would be the same integrals
        result.nngp(i, j) = result.nngp(j, i);
        result.ntk(i, j) = result.ntk(j, i);
        continue;
      }
      const PlainPair pair = plain_pair(network, x.row(i).data(), y.row(j).data(), static_cast<std::size_t>(x.cols()));
      result.nngp(i, j) = pair.nngp;
      result.ntk(i, j) = pair.ntk;
    }
  }
  return result;
}

}  // namespace nke::test
