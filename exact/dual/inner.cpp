// SPDX-License-Identifier: Apache-2.0
#include "inner.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <nke/exact/real/error.hpp>

#include "exact_radius.hpp"
#include "inner_erfcx.hpp"

namespace nke::detail {
namespace {

// One term under the tilted law of v.
struct Tilt {
  Ball precision_factor;  // P
  Ball variance;          // s²/P
  ComplexBall mean_0;
  Ball mean_1;
  Exponent bulk;
};

Tilt tilted(const NumericTerm& term, const Ball& beta, const Ball& s2) {
  Tilt tilt;
  tilt.precision_factor = 1 - 2 * term.quadratic * s2;
  const Ball& p = tilt.precision_factor;
  if (!certainly_positive(p)) {
    throw DomainError("E[sigma(v) | u] is infinite: exp(q v^2) with q = " + term.quadratic.to_decimal(6) +
                      " against a conditional variance of " + s2.to_decimal(6));
  }
  tilt.variance = s2 / p;
  tilt.mean_0 = term.linear * s2 / p;
  tilt.mean_1 = beta / p;
  tilt.bulk = {term.quadratic * beta * beta / p, term.linear * beta / p, term.linear * term.linear * s2 / (2 * p)};
  return tilt;
}

// M_k = mean · M_(k−1) + (k−1) variance · M_(k−2), from M_0 = 1, as polynomials in x.
Polynomial free_moment(int k, const Tilt& tilt) {
  Polynomial before;
  Polynomial now{ComplexBall(1)};
  for (int n = 1; n <= k; ++n) {
    Polynomial next(now.size() + 1);
    for (std::size_t i = 0; i < now.size(); ++i) {
      next[i] += tilt.mean_0 * now[i];
      next[i + 1] += ComplexBall(tilt.mean_1) * now[i];
    }
    for (std::size_t i = 0; i < before.size(); ++i) next[i] += ComplexBall(tilt.variance * (n - 1)) * before[i];
    before = std::move(now);
    now = std::move(next);
  }
  return now;
}

// Which exponent a key stands for.
class ExponentTable {
 public:
  explicit ExponentTable(std::vector<Exponent>& exponents) : exponents_(exponents) {}
  std::size_t number(std::size_t exponential, std::size_t gate, const Exponent& exponent) {
    const std::array<std::size_t, 2> key{exponential, gate};
    const auto found = std::find(keys_.begin(), keys_.end(), key);
    if (found != keys_.end()) return static_cast<std::size_t>(found - keys_.begin());
    keys_.push_back(key);
    exponents_.push_back(exponent);
    return keys_.size() - 1;
  }
  static constexpr std::size_t no_gate = static_cast<std::size_t>(-1);

 private:
  std::vector<Exponent>& exponents_;
  std::vector<std::array<std::size_t, 2>> keys_;
};

}  // namespace

ConditionalExpectation::ConditionalExpectation(const std::vector<NumericTerm>& terms, const Rational& beta,
                                               const Rational& variance, Precision precision)
    : precision_(precision), root_half_(sqrt(Ball(Rational(1, 2), precision))) {
  const Ball slope(beta, precision);
  const Ball s2(variance, precision);
  ExponentTable table(exponents_);
  for (const NumericTerm& term : terms) {
    const Tilt tilt = tilted(term, slope, s2);
    const Ball& p = tilt.precision_factor;
    const std::size_t bulk = table.number(term.exponential, ExponentTable::no_gate, tilt.bulk);
    const ComplexBall coefficient = term.coefficient / ComplexBall(sqrt(p));
    if (!term.gate) {
      free_.resize(std::max(free_.size(), exponents_.size()));
      const Polynomial moment = free_moment(term.power, tilt);
      if (free_[bulk].size() < moment.size()) free_[bulk].resize(moment.size());
      for (std::size_t i = 0; i < moment.size(); ++i) free_[bulk][i] += coefficient * moment[i];
      continue;
    }
    const NumericGate& gate = *term.gate;
    Gated gated{coefficient, term.power, tilt.mean_0, tilt.mean_1, tilt.variance, bulk, {}, {}, {}, {}, {}, {}, {}};
    if (gate.sharp && variance.is_zero()) {
      gated.indicator = Indicator{gate.side * beta.sign(), gate.threshold / slope};
    } else {
      const Ball& t = gate.threshold;
      const Ball& w2 = gate.width2;
      const Ball v = tilt.variance + w2;
      const Ball root_v = sqrt(v);
      gated.y_0 = ComplexBall(gate.side / root_v) * (tilt.mean_0 - ComplexBall(t));
      gated.y_1 = gate.side * tilt.mean_1 / root_v;
      gated.edge_mean_0 = (tilt.mean_0 * w2 + ComplexBall(t * tilt.variance)) / v;
      gated.edge_mean_1 = tilt.mean_1 * w2 / v;
      gated.edge_variance = tilt.variance * w2 / v;
      gated.edge_factor = gate.side * tilt.variance / (root_v * sqrt(2 * pi<Ball>(precision)));
      // bulk − y²/2 over the common denominator 2P(s² + τ²P): P cancels from each coefficient, on paper.
      const Ball common = s2 + w2 * p;
      const Ball calm = 1 - 2 * term.quadratic * w2;
      const ComplexBall& lambda = term.linear;
      gated.edge = table.number(
          term.exponential, term.gate_kind,
          Exponent{-(slope * slope * calm) / (2 * common), (lambda * w2 + ComplexBall(t)) * slope / common,
                   (lambda * lambda * (w2 * s2) + ComplexBall(2) * lambda * (t * s2) - ComplexBall(t * t * p)) /
                       (2 * common)});
    }
    gated_.push_back(std::move(gated));
  }
  free_.resize(exponents_.size());
}

ComplexBall value_of(const Polynomial& p, const ComplexBall& x) {
  ComplexBall value = p.back();
  for (std::size_t i = p.size() - 1; i-- > 0;) value = value * x + p[i];
  return value;
}

Scaled ConditionalExpectation::free_part_at(const ComplexBall& x) const {
  Scaled result(exponents_.size());
  for (std::size_t i = 0; i < free_.size(); ++i) {
    if (!free_[i].empty()) result.add(i, value_of(free_[i], x));
  }
  return result;
}

namespace {

using Gated = ConditionalExpectation::Gated;

// M_k from M_0 = start and what the gate's edge adds in each step.
ComplexBall moment(const Gated& term, const ComplexBall& x, const ComplexBall& start, bool with_edge) {
  const ComplexBall mean = term.mean_0 + ComplexBall(term.mean_1) * x;
  const ComplexBall edge_mean = with_edge ? term.edge_mean_0 + ComplexBall(term.edge_mean_1) * x : ComplexBall();
  ComplexBall before;
  ComplexBall now = start;
  ComplexBall edge_before;
  ComplexBall edge(term.edge_factor);
  for (int k = 1; k <= term.power; ++k) {
    ComplexBall next = mean * now;
    if (k > 1) next += ComplexBall(term.variance * (k - 1)) * before;
    if (with_edge) {
      next += edge;
      ComplexBall edge_next = edge_mean * edge;
      if (k > 1) edge_next += ComplexBall(term.edge_variance * (k - 1)) * edge_before;
      edge_before = std::move(edge);
      edge = std::move(edge_next);
    }
    before = std::move(now);
    now = std::move(next);
  }
  return now;
}

}  // namespace

ComplexBall ConditionalExpectation::argument(const Gated& term, const ComplexBall& x) const {
  return (term.y_0 + ComplexBall(term.y_1) * x) * ComplexBall(root_half_);
}

Scaled ConditionalExpectation::gated_part(const ComplexBall& x, const std::vector<GateState>& states) const {
  Scaled result(exponents_.size());
  const ComplexBall half(Rational(1, 2), precision_);
  for (std::size_t n = 0; n < gated_.size(); ++n) {
    const Gated& term = gated_[n];
    if (states[n] == GateState::off) continue;
    if (states[n] == GateState::on) {
      result.add(term.bulk, term.coefficient * moment(term, x, ComplexBall(1), false));
      continue;
    }
    const ComplexBall h = argument(term, x);
    if (h.re().mid() > 0) {
      result.add(term.bulk, term.coefficient * moment(term, x, ComplexBall(1), false));
      result.add(term.edge, term.coefficient * moment(term, x, -half * erfcx(h), true));
    } else {
      result.add(term.edge, term.coefficient * moment(term, x, half * erfcx(-h), true));
    }
  }
  return result;
}

Ball ConditionalExpectation::edge_magnitude(std::size_t n, const ComplexBall& x) const {
  const Ball half(Rational(1, 2), precision_);
  const Ball start = widen(Ball(Rational(0), precision_), half);  // 0 < erfcx ≤ 1 on the right
  return greatest_magnitude(gated_[n].coefficient * moment(gated_[n], x, ComplexBall(start), true));
}

ComplexBall ConditionalExpectation::value_at(const ComplexBall& x, const std::vector<GateState>& states) const {
  const Scaled free = free_part_at(x);
  const Scaled gated = gated_part(x, states);
  ComplexBall total;
  for (std::size_t i = 0; i < exponents_.size(); ++i) {
    if (!free.used(i) && !gated.used(i)) continue;
    const Exponent& e = exponents_[i];
    total += (free[i] + gated[i]) * exp((ComplexBall(e.quadratic) * x + e.linear) * x + e.constant);
  }
  return total;
}

std::vector<Ball> ConditionalExpectation::magnitudes(const ComplexBall& x, const std::vector<GateState>& bounds) const {
  std::vector<Ball> result(exponents_.size(), Ball(Rational(0), precision_));
  for (std::size_t i = 0; i < free_.size(); ++i) {
    if (!free_[i].empty()) result[i] += greatest_magnitude(value_of(free_[i], x));
  }
  for (std::size_t n = 0; n < gated_.size(); ++n) {
    if (bounds[n] == GateState::edge) result[gated_[n].edge] += edge_magnitude(n, x);
    if (bounds[n] != GateState::on) continue;
    Gated twice = gated_[n];  // E|v|^k ≤ √(E v^(2k))
    twice.power *= 2;
    result[twice.bulk] +=
        greatest_magnitude(twice.coefficient) * sqrt(greatest_magnitude(moment(twice, x, ComplexBall(1), false)));
  }
  return result;
}

}  // namespace nke::detail
