// SPDX-License-Identifier: Apache-2.0
#include "moments.hpp"

#include <nke/exact/dual/normal_form.hpp>

namespace nke::detail {
namespace {

// The gate's mean l = side·(mu − t) and variance V = s + width2.
struct Reach {
  Surd l;
  Fraction v;
};

Reach reach(const SurdGate& gate, const Surd& mu, const Fraction& s) {
  return {Rational(gate.side) * (mu - gate.threshold), s + gate.width2};
}

Surd over_root(const Surd& x, const Fraction& v, Findings& findings) {
  return x * square_root(v.inverse(), findings.assumed);
}

PairLaw swapped(PairLaw law) {
  std::swap(law.mu1, law.mu2);
  std::swap(law.s11, law.s22);
  std::swap(law.gate1, law.gate2);
  return law;
}

}  // namespace

std::pair<Sum, PairLaw> conditioned(const PairLaw& law, int which, Findings& findings) {
  if (which == 2) {
    auto [factor, given] = conditioned(swapped(law), 1, findings);
    return {std::move(factor), swapped(std::move(given))};
  }
  const Ring& ring = law.s11.ring();
  const SurdGate& gate = *law.gate1;
  const auto [l, v] = reach(gate, law.mu1, law.s11);
  const Fraction over_v = v.inverse();
  const int pi_index = *ring.find(pi());
  const Surd density = square_root((Rational(1, 2) * over_v) / Fraction(ring.variable(pi_index)), findings.assumed);
  const Surd exponent = Rational(-1, 2) * (l * l * Surd(over_v));
  if (exponent.is_real() && has_determinant_below(exponent)) findings.squares.insert(exponent);
  Sum factor = density * Sum::exponential(exponent);
  const Fraction kept = gate.width2 * over_v;
  PairLaw given{Surd(kept) * law.mu1 + gate.threshold * Surd(law.s11 * over_v),
                law.mu2 - Rational(gate.side) * (Surd(law.s12 * over_v) * l),
                law.s11 * kept,
                law.s12 * kept,
                (law.det + gate.width2 * law.s22) * over_v,
                law.det * kept,
                std::nullopt,
                law.gate2};
  return {std::move(factor), std::move(given)};
}

Moments::Moments(PairLaw law, Findings& findings)
    : ring_(law.s11.ring()),
      law_(std::move(law)),
      findings_(findings),
      given_{{Sum(ring_), nullptr}, {Sum(ring_), nullptr}} {}

Sum Moments::on_boundary(int which, int i, int j) {
  Given& given = given_[which - 1];
  if (!given.moments) {
    auto [factor, law] = conditioned(law_, which, findings_);
    given.factor = std::move(factor);
    given.moments = std::make_unique<Moments>(std::move(law), findings_);
  }
  return given.factor * (*given.moments)(i, j);
}

Sum Moments::probability() {
  const auto& [mu1, mu2, s11, s12, s22, det, gate1, gate2] = law_;
  if (!gate1 && !gate2) return Surd(ring_, 1);
  if (!gate1 || !gate2) {
    const auto [l, v] = gate1 ? reach(*gate1, mu1, s11) : reach(*gate2, mu2, s22);
    if (l.is_zero()) return Surd(ring_, Rational(1, 2));
    return Sum::special(ring_, {Special::Kind::normal, {over_root(l, v, findings_)}});
  }
  const auto [l1, v1] = reach(*gate1, mu1, s11);
  const auto [l2, v2] = reach(*gate2, mu2, s22);
  // correlation = x/√(x²+y²), √(1 − correlation²) = y/√(x²+y²); brought to a common, root-free scale for x.
  const Fraction variance = det + gate1->width2 * s22 + gate2->width2 * s11 + gate1->width2 * gate2->width2;
  const Surd root = square_root(variance, findings_.assumed);
  const auto& [radicand, scale] = *root.terms().begin();
  Fraction x = Rational(gate1->side * gate2->side) * (s12 / scale);
  Fraction under = Fraction(ring_, 1);
  for (const auto& [id, exponent] : x.denominator()) {
    for (int k = 0; k < exponent; ++k) under = under * Fraction(ring_.irreducible(id));
  }
  const Rational content = ring_.factor(x.numerator()).content;
  const Rational numeric = content.is_zero() ? Rational(1) : content.denominator();
  const Surd y(ring_, radicand, numeric * under);
  x = numeric * (x * under);
  if (l1.is_zero() && l2.is_zero()) {
    Sum angle = Sum::special(ring_, {Special::Kind::angle, {Surd(x), y}});
    const Fraction turn = Rational(1, 2) * Fraction(ring_.variable(*ring_.find(pi()))).inverse();
    return Sum(Surd(ring_, Rational(1, 4))) + Surd(turn) * angle;
  }
  Surd h = over_root(l1, v1, findings_);
  Surd k = over_root(l2, v2, findings_);
  if (k < h) std::swap(h, k);
  return Sum::special(ring_, {Special::Kind::bivariate, {std::move(h), std::move(k), Surd(x), y}});
}

const Sum& Moments::operator()(int i, int j) {
  const auto key = std::pair(i, j);
  if (const auto found = known_.find(key); found != known_.end()) return found->second;
  return known_.emplace(key, i < 0 || j < 0 ? Sum(ring_) : computed(i, j)).first->second;
}

Sum Moments::computed(int i, int j) {
  if (i == 0 && j == 0) return probability();
  const bool first = i > 0;
  const Surd& mu = first ? law_.mu1 : law_.mu2;
  const Fraction& with1 = first ? law_.s11 : law_.s12;  // covariances of the factor split off with u and v
  const Fraction& with2 = first ? law_.s12 : law_.s22;
  const int p = first ? i - 1 : i;
  const int q = first ? j : j - 1;
  Sum total = mu * (*this)(p, q);
  if (p > 0 && !with1.is_zero()) total = std::move(total) + Rational(p) * (Surd(with1) * (*this)(p - 1, q));
  if (q > 0 && !with2.is_zero()) total = std::move(total) + Rational(q) * (Surd(with2) * (*this)(p, q - 1));
  if (law_.gate1 && !with1.is_zero()) {
    total = std::move(total) + Rational(law_.gate1->side) * (Surd(with1) * on_boundary(1, p, q));
  }
  if (law_.gate2 && !with2.is_zero()) {
    total = std::move(total) + Rational(law_.gate2->side) * (Surd(with2) * on_boundary(2, p, q));
  }
  return total;
}

}  // namespace nke::detail
