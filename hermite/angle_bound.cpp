// SPDX-License-Identifier: Apache-2.0
#include "angle_bound.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <nke/exact/real/complex_ball.hpp>

namespace nke {
namespace {

constexpr int slices = 8;     // of the upper half of an ellipse
constexpr long bits = 53;     // of boxes
constexpr double cell = 1.0;  // widest box in p and q
constexpr double log_two_pi_low = 1.8378770664093453;

// A breakpoint in standard deviations, of one of the two arguments.
struct Line {
  Ball place;
  bool of_x = true;
  std::size_t before = 0;  // the piece of that argument to the left of it
  std::size_t after = 0;
  int group = 0;  // lines that cross at q = 0 share it
};

Ball box_of(double low, double high) {
  return Ball::from_interval(low, high, Precision::bits(bits));
}

}  // namespace

struct AngleBound::Data {
  std::vector<HolomorphicBound> pieces;
  std::vector<Line> lines;  // increasing; of one group, those of x first
  double radius = 0;        // R
  double root_a = 0;
  double root_b = 0;
  int sign = 1;
  bool ordered = true;
  bool symmetric = false;  // both halves q < 0 < q are alike

  double size(std::size_t piece, double root, int side, const ComplexBall& z) const {
    const Ball re = z.re();
    if (!z.is_finite()) return no_bound;
    double low = re.lower() * root;
    double high = re.upper() * root;
    const double grow = 0x1p-44 * std::max(std::fabs(low), std::fabs(high));
    low -= grow;
    high += grow;
    const double height = abs(z.im()).upper() * root * (1 + 0x1p-44);
    return side > 0 ? pieces[piece]({low, high, 0, height}) : pieces[piece]({-high, -low, 0, height});
  }

  // Half of P: every breakpoint is a line inside of [−P, P], or beyond it, for all |q| ≤ R and angles ≤ reach.
  double p_limit(double reach) const {
    const double c = std::cos(reach / 2) * (1 - 1e-9);
    const double s = std::sin(reach / 2) * (1 + 1e-9);
    double limit = radius;
    for (std::size_t round = 0; round <= lines.size(); ++round) {
      double next = limit;
      for (const Line& line : lines) {
        const double place = abs(line.place).upper();
        if (abs(line.place).lower() > limit + s * radius + 1e-6) continue;
        next = std::max(next, (place + s * radius) / c + 1e-3);
      }
      if (next == limit) return limit;
      limit = next;
    }
    return limit;
  }
};

AngleBound::AngleBound(const CertifiedPieces& pieces, const AngleRequest& request, double radius) {
  auto data = std::make_unique<Data>();
  data->radius = radius;
  data->sign = request.sign;
  data->root_a = std::sqrt(request.a.to_double());
  data->root_b = std::sqrt(request.b.to_double());
  for (const Expr& piece : pieces.pieces) data->pieces.emplace_back(piece);
  const Precision precision = Precision::bits(200);
  const Ball root_a = sqrt(Ball(request.a, precision));
  const Ball root_b = sqrt(Ball(request.b, precision));
  const std::size_t count = pieces.points.size();
  const bool even_places = pieces.parity != Parity::none;
  // Breakpoint i of x and k of y, both from the left; which number of σ that is depends on the sign of ρ.
  struct Place {
    Ball at;
    std::size_t index;
    bool zero;
  };
  std::vector<Place> xs, ys;
  for (std::size_t i = 0; i < count; ++i) {
    const Ball t = pieces.points[i].at_precision(precision);
    xs.push_back({t / root_a, i, t == Ball(0)});
    const std::size_t mirrored = request.sign > 0 ? i : count - 1 - i;
    const Ball u = pieces.points[mirrored].at_precision(precision);
    ys.push_back({request.sign > 0 ? u / root_b : -u / root_b, mirrored, u == Ball(0)});
  }
  data->symmetric = request.a == request.b && (request.sign > 0 || even_places);
  const auto same = [&](const Place& x, const Place& y, std::size_t i, std::size_t k) {
    if ((x.zero && y.zero) || (data->symmetric && i == k)) return true;
    // Two fractions without rounding, mirror images of each other.
    const Ball& t = pieces.points[x.index];
    const Ball& u = pieces.points[y.index];
    return request.a == request.b && t.is_exact() && u.is_exact() && t == (request.sign > 0 ? u : -u);
  };
  std::size_t i = 0, k = 0;
  int group = 0;
  const auto add = [&](const Place& place, bool of_x) {
    const bool plain = of_x || request.sign > 0;
    data->lines.push_back({place.at, of_x, place.index + (plain ? 0U : 1U), place.index + (plain ? 1U : 0U), group});
  };
  while (i < count || k < count) {
    ++group;
    if (i < count && k < count && same(xs[i], ys[k], i, k)) {
      add(xs[i++], true);
      add(ys[k++], false);
    } else if (k == count || (i < count && certainly_less(xs[i].at, ys[k].at))) {
      add(xs[i++], true);
    } else {
      data->ordered = data->ordered && (i == count || certainly_less(ys[k].at, xs[i].at));
      add(ys[k++], false);
    }
  }
  data_ = std::move(data);
}

AngleBound::~AngleBound() = default;

double AngleBound::reach(double widest) const {
  if (!data_->ordered) return 0;
  double sine = std::sin(widest / 2);
  for (std::size_t i = 0; i < data_->lines.size(); ++i) {
    for (std::size_t k = i + 1; k < data_->lines.size(); ++k) {
      const Line& low = data_->lines[i];
      const Line& high = data_->lines[k];
      if (low.group == high.group || low.of_x == high.of_x) continue;
      sine = std::min(sine, (high.place - low.place).lower() / (2 * data_->radius) * (1 - 1e-9));
    }
  }
  return sine > 0 ? 2 * std::asin(sine) : 0;
}

double AngleBound::log_on_ellipse(double reach, double r) const {
  const Data& d = *data_;
  const double half = reach / 2;
  const double a = half * (r + 1 / r) / 2 * (1 + 1e-9);
  const double b = half * (r - 1 / r) / 2 * (1 + 1e-9);
  const double limit = d.p_limit(reach);
  const Precision precision = Precision::bits(bits);
  const auto last_piece = d.pieces.size() - 1;
  const Ball one = Ball(1).at_precision(precision);
  double largest = -no_bound;
  for (int slice = 0; slice < slices; ++slice) {
    const double from = -1 + 2.0 * slice / slices;
    const double to = -1 + 2.0 * (slice + 1) / slices;
    const double nearest = from < 0 ? std::min(to, 0.0) : from;
    const double height = b * std::sqrt((1 - nearest) * (1 + nearest)) + 1e-12;
    const ComplexBall half_theta(box_of((half + a * from) / 2 - 1e-12, (half + a * to) / 2 + 1e-12),
                                 box_of(0, height / 2));
    const ComplexBall c = cos(half_theta);
    const ComplexBall s = sin(half_theta);
    if (!certainly_positive(c.re())) return no_bound;
    double total = -no_bound;
    for (int side = 0; side < (d.symmetric ? 1 : 2); ++side) {
      // For q < 0, x and y change places: |q| is used, and lines of one group swap.
      for (double q_low = 0; q_low < d.radius; q_low += cell) {
        const double q_high = std::min(q_low + cell, d.radius);
        const ComplexBall shift = s * ComplexBall(box_of(q_low, q_high));  // S |q|
        // x and y on a line; the first is C p + shift, the second C p − shift.
        struct End {
          ComplexBall x, y, p;
        };
        const auto on_line = [&](const Line& line) {
          const ComplexBall place(line.place.at_precision(precision));
          const bool rises = line.of_x == (side == 0);  // this argument is C p + shift
          const ComplexBall other = rises ? place - shift - shift : place + shift + shift;
          const ComplexBall p = (rises ? place - shift : place + shift) / c;
          return line.of_x ? End{place, other, p} : End{other, place, p};
        };
        const auto on_edge = [&](double edge) {
          const ComplexBall p(Ball::from_double_exactly(edge, precision));
          const ComplexBall up = c * p + shift;
          const ComplexBall down = c * p - shift;
          return side == 0 ? End{up, down, p} : End{down, up, p};
        };
        std::vector<Line> order = d.lines;
        // p is smaller on the line of the argument that is C p + shift.
        if (side == 1) {
          for (std::size_t i = 0; i + 1 < order.size(); ++i) {
            if (order[i].group == order[i + 1].group) std::swap(order[i], order[i + 1]);
          }
        }
        std::size_t of_x = 0;
        std::size_t of_y = d.sign > 0 ? 0 : last_piece;
        End lower = on_edge(-limit);
        const auto close = [&](const End& upper) {
          const ComplexBall opening = upper.p - lower.p;
          const double length = abs(opening.re()).upper() + abs(opening.im()).upper();
          if (d.pieces[of_x].vanishes() || d.pieces[of_y].vanishes()) return true;
          if (!(length < 1e6)) return false;
          const int parts = std::clamp(static_cast<int>(std::ceil(length / cell)), 1, 64);
          for (int part = 0; part < parts; ++part) {
            const ComplexBall tau(box_of(static_cast<double>(part) / parts, static_cast<double>(part + 1) / parts));
            const ComplexBall p = lower.p * (ComplexBall(one) - tau) + upper.p * tau;
            const double u = d.size(of_x, d.root_a, 1, lower.x * (ComplexBall(one) - tau) + upper.x * tau);
            if (u == no_bound) return false;
            const double v = d.size(of_y, d.root_b, d.sign, lower.y * (ComplexBall(one) - tau) + upper.y * tau);
            if (v == no_bound) return false;
            const double inner = abs(p.re()).lower();
            const double outer = abs(p.im()).upper();
            const double weight = (outer * outer - inner * inner - q_low * q_low) / 2;
            total = log_sum(
                total, u + v + weight + std::log((length + 1e-12) / parts * (q_high - q_low)) - log_two_pi_low + 1e-6);
          }
          return true;
        };
        for (const Line& line : order) {
          const double place = abs(line.place).lower();
          if (place > limit) {
            // Not in the rectangle: only the pieces at its lower edge depend on it.
            if (certainly_negative(line.place)) (line.of_x ? of_x : of_y) = line.after;
            continue;
          }
          const End upper = on_line(line);
          if (!close(upper)) return no_bound;
          (line.of_x ? of_x : of_y) = line.after;
          lower = upper;
        }
        if (!close(on_edge(limit))) return no_bound;
      }
    }
    if (d.symmetric) total += 0.6931471805599454;
    largest = std::max(largest, total);
  }
  return largest + 1e-6;
}

}  // namespace nke
