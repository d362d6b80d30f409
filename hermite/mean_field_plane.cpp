// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <limits>
#include <optional>

#include <nke/exact/real/error.hpp>
#include <nke/hermite/coefficients.hpp>
#include <nke/hermite/mean_field_plane.hpp>

namespace nke {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double gap = std::numeric_limits<double>::quiet_NaN();
constexpr double lowest = 0x1p-16, highest = 0x1p24;
constexpr int an_octave = 12;
constexpr std::size_t more_nodes = 12000;  // of an integral than at the first q: σ oscillates too fast to go on
constexpr int series_degree = 300;
constexpr double least_correlation = -0.3;
constexpr double largest_correlation = 0.985;  // ^300 is 0.01, of a tail that is small itself

struct Sample {
  double q = 0, value = 0, value_slope = 0, derived = 0;
};

std::vector<Sample> samples(const MeanField& field) {
  std::vector<Sample> list;
  const double step = std::exp2(1.0 / an_octave);
  std::size_t most_nodes = 0;
  for (double q = lowest; q <= highest; q *= step) {
    const SquareMoment moment = field.second_moment(q);
    if (most_nodes == 0) most_nodes = 3 * moment.nodes + more_nodes;
    if (!std::isfinite(moment.value) || moment.nodes > most_nodes) break;
    list.push_back({q, moment.value, moment.slope, field.derivative_moment(q)});
  }
  return list;
}

class Plane {
 public:
  Plane(const MeanField& field, const FieldPlaneOptions& options)
      : field_(field), samples_(samples(field)), options_(options) {
    choose_size();
  }

  FieldPlane draw() {
    plane_.critical = contour(1, infinite);
    for (const double depth : options_.depths) {
      if (!field_.tears()) plane_.contours.push_back(contour(std::exp(-1 / depth), depth));
    }
    add_chaotic_contours();
    add_growth();
    add_labels();
    std::erase_if(plane_.contours, [](const PlaneCurve& c) { return c.weight.empty() && c.repelling_weight.empty(); });
    return std::move(plane_);
  }

 private:
  void choose_size() {
    double& weight = plane_.largest_weight = options_.largest_weight;
    double& bias = plane_.largest_bias = options_.largest_bias;
    if (samples_.empty()) throw DomainError("E sigma^2 of " + field_.activation().name() + " is finite at no variance");
    // A point of the critical line at a moderate variance, if there is one; else any point there.
    const Sample* at_one = nullptr;
    for (const Sample& s : samples_) {
      const bool critical = s.derived > 0 && std::isfinite(s.derived) && s.q * s.derived >= s.value * (1 - 1e-12);
      if (s.q >= 1 && s.q <= 1024 && critical) {
        at_one = &s;
        break;
      }
    }
    const auto middle = std::find_if(samples_.begin(), samples_.end(), [](const Sample& s) { return s.q >= 1; });
    if (at_one == nullptr) at_one = middle == samples_.end() ? &samples_.back() : &*middle;
    if (weight <= 0) {
      const bool usable = at_one->derived > 0 && std::isfinite(at_one->derived);
      const double unit = usable ? 1 / at_one->derived : at_one->value > 0 ? at_one->q / at_one->value : 1;
      weight = 2.5 * unit;
      // Round: 1, 2, 3, 4, 5, 6, 8 times a power of ten.
      const double power = std::pow(10.0, std::floor(std::log10(weight)));
      for (const double m : {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0}) {
        if (m * power >= weight) {
          weight = m * power;
          break;
        }
      }
    }
    if (bias <= 0) bias = 1;
    if (!(weight > 0) || !std::isfinite(weight))
      throw DomainError("no scale of weights can be shown for this activation");
  }

  // Points of one curve, by growing q; NaN where there is none.
  struct Raw {
    std::vector<double> weight, bias;
    std::vector<bool> repels;
  };
  static void add(Raw& raw, const Sample& s, double weight, double bias) {
    raw.weight.push_back(weight);
    raw.bias.push_back(bias);
    raw.repels.push_back(weight * s.value_slope > 1 + 1e-9);
  }

  // The part of the segment from (w, b) to (v, a) that is inside, if any (Liang and Barsky).
  bool clip(double& w, double& b, double& v, double& a) const {
    double from = 0, to = 1;
    const double dw = v - w, db = a - b;
    const auto cut = [&](double direction, double room) {  // direction · t ≤ room
      if (direction == 0) return room >= 0;
      const double t = room / direction;
      (direction > 0 ? to : from) = direction > 0 ? std::min(to, t) : std::max(from, t);
      return from <= to;
    };
    if (!cut(-dw, w) || !cut(dw, plane_.largest_weight - w) || !cut(-db, b) || !cut(db, plane_.largest_bias - b)) {
      return false;
    }
    v = w + to * dw;
    a = b + to * db;
    w += from * dw;
    b += from * db;
    return true;
  }

  void add_clipped(const Raw& raw, PlaneCurve& curve) const {
    const auto part = [&](bool repelling, std::vector<double>& x, std::vector<double>& y) {
      std::size_t last = raw.weight.size();  // the sample where the line ends, inside
      for (std::size_t i = 0; i + 1 < raw.weight.size(); ++i) {
        double w = raw.weight[i], b = raw.bias[i], v = raw.weight[i + 1], a = raw.bias[i + 1];
        if ((raw.repels[i] || raw.repels[i + 1]) != repelling || !std::isfinite(w + b + v + a)) continue;
        if (!clip(w, b, v, a)) continue;
        if (last != i) {
          if (!x.empty()) {
            x.push_back(gap);
            y.push_back(gap);
          }
          x.push_back(w);
          y.push_back(b);
        }
        x.push_back(v);
        y.push_back(a);
        last = i + 1;
      }
    };
    part(false, curve.weight, curve.bias);
    part(true, curve.repelling_weight, curve.repelling_bias);
  }

  PlaneCurve contour(double chi, double depth) const {
    Raw raw;
    for (const Sample& s : samples_) {
      if (!(s.derived > 0) || !std::isfinite(s.derived)) continue;
      const double weight = chi / s.derived;
      double bias = s.q - weight * s.value;
      if (std::abs(bias) <= 1e-14 * s.q) bias = 0;
      add(raw, s, weight, bias);
    }
    PlaneCurve curve;
    curve.depth = depth;
    add_clipped(raw, curve);
    return curve;
  }

  // q can be a fixed point with scales inside the rectangle.
  bool visible(const Sample& s) const {
    return s.q <= plane_.largest_weight * s.value + plane_.largest_bias && s.q >= 0;
  }

  void add_chaotic_contours() {
    std::vector<Sample> seen;
    std::copy_if(samples_.begin(), samples_.end(), std::back_inserter(seen),
                 [&](const Sample& s) { return visible(s); });
    if (seen.empty()) return;
    // For one q up to two correlations have the slope that is asked for.
    std::vector<std::array<Raw, 2>> curves(options_.depths.size());
    try {
      const HermiteRule rule(field_.activation(),
                             {.degree = series_degree, .min_variance = seen.front().q, .max_variance = seen.back().q});
      std::vector<double> p(series_degree + 1);
      for (const Sample& s : seen) {
        const double norm = rule(s.q, p).norm;
        for (double& value : p) value *= value;
        add_chaotic(s, p, norm, curves);
      }
    } catch (const Error&) {  // no coefficients on the whole range: no contours
      return;
    }
    for (std::size_t i = 0; i < curves.size(); ++i) {
      PlaneCurve curve;
      curve.depth = options_.depths[i];
      curve.chaotic = true;
      for (const Raw& raw : curves[i]) add_clipped(raw, curve);
      plane_.contours.push_back(std::move(curve));
    }
  }

  struct Series {
    double value = 0, slope = 0;
  };
  static Series series(const std::vector<double>& p, double c) {
    Series s;
    for (std::size_t n = p.size(); n-- > 0;) {
      s.slope = s.slope * c + s.value;
      s.value = s.value * c + p[n];
    }
    return s;
  }

  void add_chaotic(const Sample& s, const std::vector<double>& p, double norm,
                   std::vector<std::array<Raw, 2>>& curves) const {
    const auto slope = [&](double c) {
      const Series at = series(p, c);
      return (1 - c) * at.slope / (norm - at.value);
    };
    // Below c = 0 lie biases below 0: they show where a contour meets the axis.
    constexpr int steps = 40;
    std::array<double, steps + 1> c{}, value{};
    for (std::size_t j = 0; j <= steps; ++j) {
      c[j] = least_correlation + (largest_correlation - least_correlation) * static_cast<double>(j) / steps;
      value[j] = slope(c[j]);
    }
    for (std::size_t i = 0; i < curves.size(); ++i) {
      const double wanted = std::exp(-1 / options_.depths[i]);
      std::size_t branch = 0;
      for (std::size_t j = steps; j-- > 0 && branch < 2;) {
        if ((value[j] < wanted) == (value[j + 1] < wanted)) continue;
        double low = c[j], high = c[j + 1];
        for (int step = 0; step < 30; ++step) {
          const double middle = (low + high) / 2;
          ((slope(middle) < wanted) == (value[j] < wanted) ? low : high) = middle;
        }
        const double weight = s.q * (1 - low) / (norm - series(p, low).value);
        add(curves[i][branch++], s, weight, s.q - weight * s.value);
      }
      for (; branch < 2; ++branch) add(curves[i][branch], s, gap, gap);
    }
  }

  // sup_q (q − w E σ²) over the samples; infinite if it still rises at the last of them.
  double growth_limit(double weight) const {
    double best = -infinite;
    std::size_t at = 0;
    for (std::size_t j = 0; j < samples_.size(); ++j) {
      double bias = samples_[j].q - weight * samples_[j].value;
      if (std::abs(bias) <= 1e-13 * samples_[j].q) bias = 0;
      if (bias > best) {
        best = bias;
        at = j;
      }
    }
    if (at + 1 == samples_.size() && best > 0) return infinite;
    return std::max(best, 0.0);
  }

  void add_growth() {
    constexpr int steps = 240;
    for (int i = 0; i <= steps; ++i) {
      const double weight = plane_.largest_weight * i / steps;
      plane_.growth_weight.push_back(weight);
      plane_.growth_bias.push_back(growth_limit(weight));
    }
  }

  // The attracting fixed point with the least q.
  PlaneRegion region(double weight, double bias) const {
    if (bias > growth_limit(weight)) return PlaneRegion::growing;
    for (std::size_t j = 0; j < samples_.size(); ++j) {
      const Sample& s = samples_[j];
      if (weight * s.value + bias > s.q) continue;
      return field_.tears() || weight * s.derived > 1 ? PlaneRegion::chaotic : PlaneRegion::ordered;
    }
    return PlaneRegion::growing;
  }

  // For each region the cell farthest from every other region and from the frame.
  void add_labels() {
    constexpr int columns = 32, rows = 20;
    std::vector<PlaneRegion> cells;
    const auto place = [&](int i, int j) {
      return std::array{(i + 0.5) / columns * plane_.largest_weight, (j + 0.5) / rows * plane_.largest_bias};
    };
    for (int j = 0; j < rows; ++j) {
      for (int i = 0; i < columns; ++i) cells.push_back(region(place(i, j)[0], place(i, j)[1]));
    }
    const auto cell = [&](int i, int j) { return cells[static_cast<std::size_t>(j * columns + i)]; };
    const auto room = [&](int i, int j) {
      // Words are wide: a column counts half a row.
      double least = std::min({0.5 * (i + 1), 0.5 * (columns - i), double(j + 1), double(rows - j)});
      for (int v = 0; v < rows; ++v) {
        for (int u = 0; u < columns; ++u) {
          if (cell(u, v) != cell(i, j))
            least = std::min(least, std::max(0.5 * std::abs(u - i), double(std::abs(v - j))));
        }
      }
      return least;
    };
    for (const PlaneRegion wanted : {PlaneRegion::ordered, PlaneRegion::chaotic, PlaneRegion::growing}) {
      double best = 1.4;  // less has no room for a word
      std::optional<RegionLabel> label;
      for (int j = 0; j < rows; ++j) {
        for (int i = 0; i < columns; ++i) {
          if (cell(i, j) != wanted) continue;
          const double here = room(i, j);
          if (here <= best) continue;
          best = here;
          label = RegionLabel{wanted, place(i, j)[0], place(i, j)[1]};
        }
      }
      if (label) plane_.labels.push_back(*label);
    }
  }

  const MeanField& field_;
  std::vector<Sample> samples_;
  FieldPlaneOptions options_;
  FieldPlane plane_;
};

}  // namespace

FieldPlane field_plane(const MeanField& field, const FieldPlaneOptions& options) {
  return Plane(field, options).draw();
}

std::vector<CriticalPoint> critical_line(const MeanField& field, double low, double high, int points_an_octave) {
  if (!(low > 0) || !(high >= low) || points_an_octave < 1)
    throw DomainError("a critical line needs variances 0 < low <= high");
  std::vector<CriticalPoint> line;
  const int count = static_cast<int>(std::floor(std::log2(high / low) * points_an_octave + 1e-9));
  for (int i = 0; i <= count; ++i) {
    const auto point = field.critical_point(low * std::exp2(static_cast<double>(i) / points_an_octave));
    if (point && point->bias >= 0) line.push_back(*point);
  }
  return line;
}

}  // namespace nke
