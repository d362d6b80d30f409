// SPDX-License-Identifier: Apache-2.0
#include "inner.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <nke/exact/real/error.hpp>

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

std::vector<ConditionalExpectation::Bend> ConditionalExpectation::bends() const {
  std::vector<Bend> result;
  for (const Gated& gated : gated_) {
    if (gated.indicator || !certainly_nonzero(gated.y_1)) continue;
    result.push_back({-gated.y_0.re() / gated.y_1, 1 / std::fabs(gated.y_1.mid())});
  }
  return result;
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

Scaled ConditionalExpectation::gated_part(const ComplexBall& x, const std::vector<bool>& on) const {
  Scaled result(exponents_.size());
  for (std::size_t n = 0; n < gated_.size(); ++n) {
    const Gated& term = gated_[n];
    if (!on[n]) continue;
    const ComplexBall mean = term.mean_0 + ComplexBall(term.mean_1) * x;
    const auto moment = [&](const ComplexBall& start, const std::vector<ComplexBall>& edge) {
      ComplexBall before;
      ComplexBall now = start;
      for (int k = 1; k <= term.power; ++k) {
        ComplexBall next = mean * now;
        if (k > 1) next += ComplexBall(term.variance * (k - 1)) * before;
        if (!edge.empty()) next += edge[static_cast<std::size_t>(k - 1)];
        before = std::move(now);
        now = std::move(next);
      }
      return now;
    };
    if (term.indicator) {
      result.add(term.bulk, term.coefficient * moment(ComplexBall(1), {}));
      continue;
    }
    // What the gate's edge adds in each step of the recursion.
    std::vector<ComplexBall> edge;
    if (term.power > 0) {
      const ComplexBall edge_mean = term.edge_mean_0 + ComplexBall(term.edge_mean_1) * x;
      edge.emplace_back(term.edge_factor);
      for (int k = 1; k < term.power; ++k) {
        ComplexBall next = edge_mean * edge.back();
        if (k > 1) next += ComplexBall(term.edge_variance * (k - 1)) * edge[static_cast<std::size_t>(k - 2)];
        edge.push_back(std::move(next));
      }
    }
    const ComplexBall h = (term.y_0 + ComplexBall(term.y_1) * x) * ComplexBall(root_half_);
    const ComplexBall half(Rational(1, 2), precision_);
    if (h.re().mid() <= 0) {
      result.add(term.edge, term.coefficient * moment(half * erfcx(-h), edge));
    } else {
      result.add(term.bulk, term.coefficient * moment(ComplexBall(1), {}));
      result.add(term.edge, term.coefficient * moment(-half * erfcx(h), edge));
    }
  }
  return result;
}

}  // namespace nke::detail
