// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/integrate/bounds.hpp>
#include <nke/exact/integrate/gauss_legendre_nodes.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_plane.hpp>

#include "plane_tail.hpp"

namespace nke {
namespace {

constexpr double widest = 13;     // of a piece, in x and in w
constexpr int most_points = 120;  // in one direction; beyond, the piece is halved
constexpr int grain = 6;          // point counts are multiples of this, so that few rules are needed
constexpr int halving_limit = 40;
constexpr long evaluation_limit = 2'000'000;
constexpr double log_two_pi = 1.8378770664093456;  // rounded up; used with both signs, a slack covers the difference

// value + slope · ξ, ξ being the distance from the left end of a trapezium. The value as a ball and as a double.
struct Affine {
  Ball value;
  Ball slope;
  double v = 0;
  double s = 0;
  Affine() = default;
  Affine(Ball value_, Ball slope_)
      : value(std::move(value_)), slope(std::move(slope_)), v(value.mid()), s(slope.mid()) {}
  double at(double xi) const { return v + s * xi; }
};

// lo(x) ≤ w ≤ hi(x) over x = left + ξ, 0 ≤ ξ ≤ length, with one piece of σ for u and one for v.
struct Trapezium {
  Ball left;
  Ball length;
  std::size_t of_u = 0;
  std::size_t of_v = 0;
  Affine lo, hi;      // w
  Affine v_lo, v_hi;  // v on these lines
};

struct Span {
  double low = 0;
  double high = 0;
  double mignitude() const { return low > 0 ? low : high < 0 ? -high : 0; }
  double magnitude() const { return std::max(std::fabs(low), std::fabs(high)); }
};

// (1 − θ) lo(ξ) + θ hi(ξ) over ξ in X, θ in T: bilinear, so its extremes are at corners. Rounded outwards.
Span range_of(const Affine& lo, const Affine& hi, const Span& xi, const Span& theta) {
  Span range{HUGE_VAL, -HUGE_VAL};
  double size = 0;
  for (const double x : {xi.low, xi.high}) {
    for (const double t : {theta.low, theta.high}) {
      const double value = (1 - t) * lo.at(x) + t * hi.at(x);
      range.low = std::min(range.low, value);
      range.high = std::max(range.high, value);
      size = std::max({size, std::fabs(lo.v) + std::fabs(lo.s * x), std::fabs(hi.v) + std::fabs(hi.s * x)});
    }
  }
  const double slack = size * (1 + theta.magnitude()) * 0x1p-44;
  return {range.low - slack, range.high + slack};
}

class Plane {
 public:
  Plane(const CertifiedPieces& pieces, const PlaneRequest& request)
      : pieces_(pieces),
        request_(request),
        bits_(Precision::digits(request.digits).bits() + 40),
        precision_(Precision::bits(bits_)) {
    const Precision exact = Precision::bits(2 * bits_ + 400);
    const Rational det = request.a * request.b - request.c * request.c;
    root_a_ = sqrt(Ball(request.a, exact));
    root_b_ = sqrt(Ball(request.b, exact));
    rho_ = Ball(request.c, exact) / (root_a_ * root_b_);
    s_ = sqrt(Ball(det, exact)) / (root_a_ * root_b_);
    allowed_ = request.log_scale - request.digits * std::numbers::ln10;
    for (const Expr& piece : pieces.pieces) {
      bounds_.emplace_back(piece);
      sigma_.emplace_back(piece, "x", precision_);
    }
    error_ = -no_bound;
  }

  PlaneValue run() {
    // A reach with an odd fraction: corners of the figure then do not coincide by accident.
    const PlaneTail tail(pieces_.growth, request_.a, request_.b);
    reach_ = tail.reach(allowed_ - std::log(4)) + 0.0390625;
    error_ = tail.log_at(reach_);
    total_ = Ball(0).at_precision(precision_);
    for (const Trapezium& piece : trapezia()) {
      if (bounds_[piece.of_u].vanishes() || bounds_[piece.of_v].vanishes()) continue;
      cover(piece, {0, piece.length.upper()}, {0, 1}, 0, true, true);
    }
    Ball value = total_ / (2 * pi<Ball>(precision_));
    add_error_of_log(arb_of(value), error_);
    return {value, evaluations_};
  }

 private:
  Ball exact(double x) const { return Ball::from_double_exactly(x, s_precision()); }
  Precision s_precision() const { return Precision::bits(s_.bits()); }

  // All trapezia of the figure.
  std::vector<Trapezium> trapezia() const {
    const Ball reach = exact(reach_);
    std::vector<Ball> stops{-reach, reach};
    const auto add = [&](const Ball& x) {
      if (certainly_greater(x, -reach) && certainly_less(x, reach)) stops.push_back(x);
    };
    for (const Ball& t : pieces_.points) {
      add(t / root_a_);
      if (rho_.contains_zero()) continue;
      add((t / root_b_ - s_ * reach) / rho_);
      add((t / root_b_ + s_ * reach) / rho_);
    }
    std::sort(stops.begin(), stops.end(), [](const Ball& x, const Ball& y) { return certainly_less(x, y); });
    std::vector<Trapezium> result;
    for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
      if (stops[i] == stops[i + 1]) continue;
      if (!certainly_less(stops[i], stops[i + 1])) {
        throw NotCertified("two corners of the figure cannot be told apart; ask for other digits");
      }
      add_column(stops[i], stops[i + 1], result);
    }
    return result;
  }

  // The trapezia between two neighbouring stops: no line enters or leaves the square in between.
  void add_column(const Ball& left, const Ball& right, std::vector<Trapezium>& result) const {
    const Ball middle = (left + right) / 2;
    const Ball zero = Ball(0).at_precision(s_precision());
    const std::size_t of_u = piece_at(root_a_ * middle);
    const Ball run = root_b_ * rho_;
    const auto edge = [&](double w) {
      return std::pair{Affine(exact(w), zero), Affine(run * left + root_b_ * s_ * exact(w), run)};
    };
    auto lower = edge(-reach_);
    // The piece of v at the bottom of the column.
    std::size_t of_v = piece_at(run * middle - root_b_ * s_ * exact(reach_));
    const auto close = [&](const std::pair<Affine, Affine>& upper) {
      result.push_back({left, right - left, of_u, of_v, lower.first, upper.first, lower.second, upper.second});
      lower = upper;
    };
    for (std::size_t j = of_v; j < pieces_.points.size(); ++j) {
      const Ball& t = pieces_.points[j];
      if (certainly_greater((t / root_b_ - rho_ * middle) / s_, exact(reach_))) break;
      close({Affine((t / root_b_ - rho_ * left) / s_, -rho_ / s_), Affine(t.at_precision(s_precision()), zero)});
      of_v = j + 1;
    }
    close(edge(reach_));
  }

  std::size_t piece_at(const Ball& x) const {
    std::size_t i = 0;
    while (i < pieces_.points.size() && certainly_greater(x, pieces_.points[i])) ++i;
    return i;
  }

  double slack_of(double x) const { return std::fabs(x) * 0x1p-44; }

  // log sup of |σ(u) φ(x)| times that of |σ(v) φ(w) dw/dτ|, over ξ in X + i[0, y], θ in T + i[0, q].
  double log_bound(const Trapezium& p, const Span& xi, double y, const Span& theta, double q) const {
    const double left = p.left.mid();
    const Span x{left + xi.low - slack_of(left), left + xi.high + slack_of(left)};
    const double a = root_a_.mid() * (1 + 0x1p-44);
    const double grow = 0x1p-44 * a * x.magnitude();
    const double u = bounds_[p.of_u]({root_a_.mid() * x.low - grow, root_a_.mid() * x.high + grow, 0, a * y});
    if (u == no_bound) return no_bound;
    const Span w = range_of(p.lo, p.hi, xi, theta);
    const Span v = range_of(p.v_lo, p.v_hi, xi, theta);
    const double opening =
        std::max(std::fabs(p.hi.at(xi.low) - p.lo.at(xi.low)), std::fabs(p.hi.at(xi.high) - p.lo.at(xi.high)));
    const double v_opening =
        std::max(std::fabs(p.v_hi.at(xi.low) - p.v_lo.at(xi.low)), std::fabs(p.v_hi.at(xi.high) - p.v_lo.at(xi.high)));
    const double most = 1 + theta.magnitude();
    const double w_high = (y * most * std::max(std::fabs(p.lo.s), std::fabs(p.hi.s)) + q * opening) * (1 + 1e-9);
    const double v_high = (y * most * std::max(std::fabs(p.v_lo.s), std::fabs(p.v_hi.s)) + q * v_opening) * (1 + 1e-9);
    const double v_size = bounds_[p.of_v]({v.low, v.high, 0, v_high});
    if (v_size == no_bound) return no_bound;
    const double jacobian = opening + y * (std::fabs(p.lo.s) + std::fabs(p.hi.s));
    return u + v_size + (y * y - x.mignitude() * x.mignitude() + w_high * w_high - w.mignitude() * w.mignitude()) / 2 +
           std::log(jacobian * (1 + 1e-9)) + log_slack;
  }

  struct Choice {
    int points = 0;
    double log_error = 0;
  };

  // The fewest points in one direction. `bound` gives log M on the ellipse of parameter rho, `log_size` is the log of
  // (64/15)(half length) times what the error is multiplied by.
  template <class Bound>
  Choice fewest(const Bound& bound, double log_size, double target) const {
    Choice best{10000, 0};
    for (const double rho : {1.7, 2.5, 4.0, 7.0, 14.0}) {
      const double m = bound(rho);
      if (m == no_bound) break;
      const double at_zero = m + log_size - std::log1p(-1 / (rho * rho)) + log_slack;
      const double needed = std::max((at_zero - target) / (2 * std::log(rho)), 2.0);
      if (needed > 4 * most_points) continue;
      const int points = (static_cast<int>(std::ceil(needed)) + grain - 1) / grain * grain;
      if (points < best.points) best = {points, at_zero - 2 * points * std::log(rho)};
    }
    return best;
  }

  void halve(const Trapezium& p, const Span& xi, const Span& theta, int depth, bool first, bool last, bool along_x) {
    if (depth >= halving_limit) throw NotCertified("a piece of the plane stays unproven however small it is cut");
    if (along_x) {
      const double middle = xi.low / 2 + xi.high / 2;
      cover(p, {xi.low, middle}, theta, depth + 1, first, false);
      cover(p, {middle, xi.high}, theta, depth + 1, false, last);
    } else {
      const double middle = theta.low / 2 + theta.high / 2;
      cover(p, xi, {theta.low, middle}, depth + 1, first, last);
      cover(p, xi, {middle, theta.high}, depth + 1, first, last);
    }
  }

  // first, last: whether the ends of xi are those of the trapezium, which are balls.
  void cover(const Trapezium& p, const Span& xi, const Span& theta, int depth, bool first, bool last) {
    const double length = xi.high - xi.low;
    const double opening =
        std::max(p.hi.at(xi.low) - p.lo.at(xi.low), p.hi.at(xi.high) - p.lo.at(xi.high)) * (theta.high - theta.low);
    if (length > widest || opening > widest) return halve(p, xi, theta, depth, first, last, length > opening);
    // Every piece may err by its share of the area, but never less than a little.
    const double share = allowed_ - std::log(64.0) + std::log(std::max(length * opening, 1e-9) / (reach_ * reach_));
    const double real = log_bound(p, xi, 0, theta, 0);
    if (real < no_bound) {
      const double all = real + std::log(length * (theta.high - theta.low)) - log_two_pi + log_slack;
      if (all <= share) {
        error_ = log_sum(error_, all);
        return;
      }
    }
    const auto wider = [](const Span& i, double rho) {
      const double half = (i.high - i.low) / 2;
      const double middle = i.low + half;
      const double axis = half * (rho + 1 / rho) / 2 * (1 + 1e-9);
      return Span{middle - axis, middle + axis};
    };
    const auto height = [](const Span& i, double rho) {
      return (i.high - i.low) / 2 * (rho - 1 / rho) / 2 * (1 + 1e-9);
    };
    const double log_size = std::log(64.0 / 15) + std::log(length / 2) + std::log(theta.high - theta.low) - log_two_pi;
    const Choice along_x =
        fewest([&](double rho) { return log_bound(p, wider(xi, rho), height(xi, rho), theta, 0); }, log_size, share);
    const Choice along_w =
        along_x.points > most_points
            ? Choice{10000, 0}
            : fewest([&](double rho) { return log_bound(p, xi, 0, wider(theta, rho), height(theta, rho)); }, log_size,
                     share);
    if (along_x.points > most_points) return halve(p, xi, theta, depth, first, last, true);
    if (along_w.points > most_points) return halve(p, xi, theta, depth, first, last, false);
    error_ = log_sum(error_, log_sum(along_x.log_error, along_w.log_error));
    add(p, xi, theta, along_x.points, along_w.points, first, last);
  }

  // The product rule on one piece, added to the total.
  void add(const Trapezium& p, const Span& xi, const Span& theta, int points_x, int points_w, bool first, bool last) {
    evaluations_ += static_cast<long>(points_x) * points_w;
    if (evaluations_ > evaluation_limit) throw NotCertified("the integral over the plane would take too long");
    const auto in_x = gauss_legendre_nodes(points_x, bits_);
    const auto in_w = gauss_legendre_nodes(points_w, bits_);
    const Ball from = first ? Ball(0).at_precision(precision_) : exact(xi.low);
    const Ball to = last ? p.length : exact(xi.high);
    const Ball half_x = (to - from) / 2;
    const Ball theta_half = exact((theta.high - theta.low) / 2);
    const Ball theta_middle = exact(theta.low / 2 + theta.high / 2);
    const bool level = p.lo.s == 0 && p.hi.s == 0;
    const auto count = static_cast<std::size_t>(points_w);
    ArbVector weights(count);  // weight · exp(−w²/2)
    ArbVector values(count);
    const auto weigh = [&](const Ball& middle, const Ball& half) {
      ArbNumber w;
      for (std::size_t i = 0; i < count; ++i) {
        arb_set(w, arb_of(middle));
        arb_addmul(w, arb_of(half), in_w->nodes[i], bits_);
        arb_sqr(w, w, bits_);
        arb_mul_2exp_si(w, w, -1);
        arb_neg(w, w);
        arb_exp(w, w, bits_);
        arb_mul(weights[i], w, in_w->weights[i], bits_);
      }
    };
    for (std::size_t k = 0; k < static_cast<std::size_t>(points_x); ++k) {
      const Ball x_local = ((from + to) / 2 + half_x * ball_of(in_x->nodes[k], precision_));
      const Ball x = (p.left + x_local).at_precision(precision_);
      const auto on = [&](const Affine& line) { return line.value + line.slope * x_local; };
      const auto middle_and_half = [&](const Affine& lo, const Affine& hi) {
        const Ball low = on(lo);
        const Ball opening = on(hi) - low;
        return std::pair{(low + opening * theta_middle).at_precision(precision_),
                         (opening * theta_half).at_precision(precision_)};
      };
      const auto [w_middle, w_half] = middle_and_half(p.lo, p.hi);
      const auto [v_middle, v_half] = middle_and_half(p.v_lo, p.v_hi);
      if (k == 0 || !level) weigh(w_middle, w_half);
      Ball v = v_middle;
      for (std::size_t i = 0; i < count; ++i) {
        arb_set(arb_of(v), arb_of(v_middle));
        arb_addmul(arb_of(v), arb_of(v_half), in_w->nodes[i], bits_);
        const Ball value = sigma_[p.of_v](v);
        arb_set(values[i], arb_of(value));
      }
      Ball inner = v_middle;
      arb_dot(arb_of(inner), nullptr, 0, weights.data(), 1, values.data(), 1, static_cast<slong>(count), bits_);
      const Ball of_u = sigma_[p.of_u]((root_a_ * (p.left + x_local)).at_precision(precision_));
      total_ += inner * w_half * of_u * exp(-(x * x) / 2) * ball_of(in_x->weights[k], precision_) *
                half_x.at_precision(precision_);
    }
  }

  const CertifiedPieces& pieces_;
  const PlaneRequest& request_;
  long bits_;
  Precision precision_;
  Ball root_a_, root_b_, rho_, s_;
  double allowed_ = 0;
  double reach_ = 0;
  double error_ = 0;
  std::vector<HolomorphicBound> bounds_;
  std::vector<Evaluator<Ball>> sigma_;
  Ball total_;
  long evaluations_ = 0;
};

}  // namespace

PlaneValue certified_plane(const CertifiedPieces& pieces, const PlaneRequest& request) {
  return Plane(pieces, request).run();
}

}  // namespace nke
