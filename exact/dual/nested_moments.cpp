// SPDX-License-Identifier: Apache-2.0
#include "nested_moments.hpp"

namespace nke::detail {
namespace {

NestedLaw swapped(NestedLaw law) {
  std::swap(law.mu1, law.mu2);
  std::swap(law.s11, law.s22);
  std::swap(law.gate1, law.gate2);
  return law;
}

// l = E w = side·(mu − t).
ComplexExpr distance(const Gate& gate, const ComplexExpr& mu) {
  return Expr(gate.side) * (mu - ComplexExpr{gate.threshold, 0});
}

ComplexExpr square(const ComplexExpr& x) {
  return x * x;
}

}  // namespace

ComplexExpr operator+(const ComplexExpr& x, const ComplexExpr& y) {
  return {x.re + y.re, x.im + y.im};
}
ComplexExpr operator-(const ComplexExpr& x, const ComplexExpr& y) {
  return {x.re - y.re, x.im - y.im};
}
ComplexExpr operator*(const ComplexExpr& x, const ComplexExpr& y) {
  return {x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}
ComplexExpr operator*(const Expr& factor, const ComplexExpr& x) {
  return {factor * x.re, factor * x.im};
}
ComplexExpr exp(const ComplexExpr& x) {
  const Expr size = exp(x.re);
  return {size * cos(x.im), size * sin(x.im)};
}

std::pair<ComplexExpr, NestedLaw> conditioned(const NestedLaw& law, int which) {
  if (which == 2) {
    auto [factor, given] = conditioned(swapped(law), 1);
    return {std::move(factor), swapped(std::move(given))};
  }
  const Gate& gate = *law.gate1;
  const ComplexExpr l = distance(gate, law.mu1);
  const Expr v = law.s11 + gate.width2;
  const ComplexExpr factor = (1 / sqrt(2 * pi() * v)) * exp(Expr(-1) / (2 * v) * square(l));
  const Expr kept = gate.width2 / v;
  NestedLaw given{kept * law.mu1 + ComplexExpr{gate.threshold * law.s11 / v, 0},
                  law.mu2 - (Expr(gate.side) * law.s12 / v) * l,
                  law.s11 * kept,
                  law.s12 * kept,
                  (law.det + gate.width2 * law.s22) / v,
                  law.det * kept,
                  std::nullopt,
                  law.gate2};
  return {factor, std::move(given)};
}

NestedMoments::NestedMoments(NestedLaw law) : law_(std::move(law)) {}

ComplexExpr NestedMoments::on_boundary(int which, int i, int j) {
  Given& given = given_[which - 1];
  if (!given.moments) {
    auto [factor, law] = conditioned(law_, which);
    given.factor = std::move(factor);
    given.moments = std::make_unique<NestedMoments>(std::move(law));
  }
  return given.factor * (*given.moments)(i, j);
}

ComplexExpr NestedMoments::probability() const {
  const auto& [mu1, mu2, s11, s12, s22, det, gate1, gate2] = law_;
  if (!gate1 && !gate2) return {1, 0};
  if (!gate1 || !gate2) {
    const Gate& gate = gate1 ? *gate1 : *gate2;
    const ComplexExpr l = distance(gate, gate1 ? mu1 : mu2);
    const ComplexExpr h = (1 / sqrt((gate1 ? s11 : s22) + gate.width2)) * l;
    if (h.is_zero()) return {Rational(1, 2), 0};
    if (h.is_real()) return {Phi(h.re), 0};
    return {apply(Function::re_Phi, {h.re, h.im}), apply(Function::im_Phi, {h.re, h.im})};
  }
  const ComplexExpr l1 = distance(*gate1, mu1);
  const ComplexExpr l2 = distance(*gate2, mu2);
  const Expr& w1 = gate1->width2;
  const Expr& w2 = gate2->width2;
  const Expr x = Expr(gate1->side * gate2->side) * s12;
  const Expr y = sqrt(det + w1 * s22 + w2 * s11 + w1 * w2);
  if (l1.is_zero() && l2.is_zero()) return {Rational(1, 4) + atan2(x, y) / (2 * pi()), 0};
  const ComplexExpr h = (1 / sqrt(s11 + w1)) * l1;
  const ComplexExpr k = (1 / sqrt(s22 + w2)) * l2;
  if (h.is_real() && k.is_real()) return {Phi2(h.re, k.re, x, y), 0};
  const std::vector<Expr> arguments{h.re, h.im, k.re, k.im, x, y};
  return {apply(Function::re_Phi2, arguments), apply(Function::im_Phi2, arguments)};
}

const ComplexExpr& NestedMoments::operator()(int i, int j) {
  const auto key = std::pair(i, j);
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  return known_.emplace(key, i < 0 || j < 0 ? ComplexExpr{} : computed(i, j)).first->second;
}

ComplexExpr NestedMoments::computed(int i, int j) {
  if (i == 0 && j == 0) return probability();
  const bool first = i > 0;
  const ComplexExpr& mu = first ? law_.mu1 : law_.mu2;
  const Expr& with1 = first ? law_.s11 : law_.s12;  // covariances of the factor split off with u and v
  const Expr& with2 = first ? law_.s12 : law_.s22;
  const int p = first ? i - 1 : i;
  const int q = first ? j : j - 1;
  ComplexExpr total = mu * (*this)(p, q);
  if (p > 0) total = total + (Expr(p) * with1) * (*this)(p - 1, q);
  if (q > 0) total = total + (Expr(q) * with2) * (*this)(p, q - 1);
  if (law_.gate1 && !with1.is_zero()) total = total + (Expr(law_.gate1->side) * with1) * on_boundary(1, p, q);
  if (law_.gate2 && !with2.is_zero()) total = total + (Expr(law_.gate2->side) * with2) * on_boundary(2, p, q);
  return total;
}

}  // namespace nke::detail
