// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <nke/exact/integrate/gauss_legendre.hpp>

namespace nke {
namespace {

constexpr int slices = 8;          // boxes along the upper half of an ellipse
constexpr double growing = 1.7;    // of the next panel over the last
constexpr double shrinking = 0.8;  // of a panel that was too wide
constexpr double narrowest = 1e-300;
constexpr double least_rho = 1.15;
constexpr double greatest_rho = 60;

class Layout {
 public:
  Layout(const SegmentBound& bound, const PanelRequest& request, int points)
      : bound_(bound), request_(request), points_(points) {
    const double reach = request.cuts.back() - request.cuts.front();
    share_ = request.log_error - std::log(reach);
  }

  std::optional<PanelRule> run(long node_limit) {
    rule_.points = points_;
    rule_.log_error = -no_bound;
    for (std::size_t segment = 0; segment + 1 < request_.cuts.size(); ++segment) {
      const double left = request_.cuts[segment];
      const double right = request_.cuts[segment + 1];
      if (bound_(segment, {left, right, 0, 0}) == -no_bound) continue;  // f = 0
      if (!cover(segment, left, right, node_limit)) return std::nullopt;
    }
    return rule_;
  }

 private:
  bool cover(std::size_t segment, double from, double to, long node_limit) {
    double left = from;
    double width = std::min(to - from, 4.0);
    if (from > 0) width = std::min(width, 64 * from);  // cuts next to 0 stand for a singularity there
    const auto begin = rule_.panels.size();
    while (left < to) {
      // The last panel must not be a crumb.
      double right = left + width;
      if (right >= to || to - right < width / 8) {
        right = to;
      } else {
        right = rounded(right, width);
      }
      const double error = log_error(segment, left, right);
      if (error == no_bound) {
        width = std::min(width, right - left) * shrinking;
        if (width < narrowest || width < 1e-15 * std::fabs(left)) return false;
        continue;
      }
      rule_.panels.push_back({segment, left, right, left == from, right == to});
      rule_.log_error = log_sum(rule_.log_error, error);
      if (rule_.nodes() > node_limit) return false;
      width = growing * (right - left);
      left = right;
    }
    return begin < rule_.panels.size();
  }

  // Few bits, so that the ends are exact whatever they are multiplied by.
  static double rounded(double x, double width) {
    const double grain = std::ldexp(1.0, std::ilogb(width) - 5);
    return std::round(x / grain) * grain;
  }

  // The proven error of a panel if it is within its share, else no_bound.
  double log_error(std::size_t segment, double left, double right) {
    const double allowed = share_ + std::log(right - left);
    const auto within = [&](double rho) {
      if (rho < least_rho || rho > greatest_rho) return no_bound;
      const double error = of_ellipse(segment, left, right, rho, allowed);
      if (error < no_bound) rho_ = rho;
      return error;
    };
    for (const double factor : {1.0, 1.25, 0.8, 1.6, 0.6}) {
      const double error = within(rho_ * factor);
      if (error < no_bound) return error;
    }
    return no_bound;
  }

  double of_ellipse(std::size_t segment, double left, double right, double rho, double allowed) const {
    const double half = (right - left) / 2;
    const double middle = left + half;
    const double a = half * (rho + 1 / rho) / 2;
    const double b = half * (rho - 1 / rho) / 2;
    const double factor =
        std::log(64.0 / 15) + std::log(half) - 2 * points_ * std::log(rho) - std::log1p(-1 / (rho * rho));
    // Room for the rounding of these lines, and for cuts that are rounded themselves.
    const double slack = 0x1p-30 * half + 0x1p-48 * std::max(std::fabs(left), std::fabs(right));
    double bound = -no_bound;
    for (const int i : {3, 4, 0, 7, 2, 5, 1, 6}) {
      const double from = -1 + 2.0 * i / slices;
      const double to = -1 + 2.0 * (i + 1) / slices;
      const double nearest = from < 0 ? std::min(to, 0.0) : from;
      const double height = b * std::sqrt((1 - nearest) * (1 + nearest)) + slack;
      bound = std::max(bound, bound_(segment, {middle + a * from - slack, middle + a * to + slack, 0, height}));
      if (bound + factor + log_slack > allowed) return no_bound;
    }
    return bound + factor + log_slack;
  }

  const SegmentBound& bound_;
  const PanelRequest& request_;
  int points_;
  double share_ = 0;
  double rho_ = 4;
  PanelRule rule_;
};

}  // namespace

std::optional<PanelRule> plan_panels(const SegmentBound& bound, const PanelRequest& request) {
  std::optional<PanelRule> best;
  long limit = request.node_limit;
  const double digits = std::max(-request.log_error / std::numbers::ln10, 1.0);
  for (const double share : {0.9, 1.5}) {
    const int points = 8 + static_cast<int>(std::ceil(share * digits / 4)) * 4;
    auto rule = Layout(bound, request, points).run(limit);
    if (!rule || (best && rule->nodes() >= best->nodes())) continue;
    limit = rule->nodes();
    best = std::move(rule);
  }
  return best;
}

}  // namespace nke
