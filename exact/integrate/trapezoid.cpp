// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <nke/exact/integrate/trapezoid.hpp>

namespace nke {
namespace {

constexpr double column_width = 0.5;
constexpr double extension_limit = 4;   // beyond the reach asked for, until the ends are small enough
constexpr double least_exponent = 1.5;  // c H: below it e^{cH} − 1 saves nothing
constexpr int fitting_limit = 8;        // heights tried for one column at one step
constexpr int halving_limit = 24;       // of the first height, until it is below the nearest singularity
constexpr int refinement = 5;           // of the best height
constexpr int settling_limit = 12;
constexpr double widest_step = 0.45;  // less than a column
constexpr double step_bits = 4096;

struct Column {
  double left = 0;
  double right = 0;
  double height = 0;
  double bound = 0;  // log M over [left, right] × [0, height]
};

// −log(e^x − 1), rounded up.
double log_kernel(double x) {
  return -(x + std::log1p(-std::exp(-x))) + log_slack;
}

class Planner {
 public:
  Planner(const LogBound& bound, const TrapezoidRequest& request)
      : bound_(bound), request_(request), width_(std::min(column_width, request.reach)) {
    const double columns = std::ceil((request.reach + extension_limit) / width_);
    target_ = request.log_error - std::log(6 * columns);
    c_ = 2 * std::numbers::pi / widest_step;
    greatest_c_ = 2 * std::numbers::pi * static_cast<double>(request.node_limit) / request.reach;
  }

  std::optional<TrapezoidRule> run() {
    for (double left = 0; !ends_are_small(); left += width_) {
      if (left > request_.reach + extension_limit) return std::nullopt;
      Column column{left, left + width_, 0, 0};
      if (columns_.empty() || !fit(column)) {
        if (!choose(column)) return std::nullopt;
      }
      columns_.push_back(column);
    }
    return finish();
  }

 private:
  double at(const Column& column, double height) const { return bound_({column.left, column.right, 0, height}); }
  // What c H has to be at least.
  double exponent(double bound) const { return std::max(bound + std::log(width_) - target_, least_exponent); }

  // The end Re z = R is a vertical line under the last column.
  double log_end() const { return columns_.back().bound + std::log(std::numbers::ln2 / c_) + log_slack; }
  bool ends_are_small() const {
    return !columns_.empty() && columns_.back().right >= request_.reach + 2 * std::numbers::pi / c_ &&
           log_end() <= target_;
  }

  // A height that is enough for this column at the present step.
  bool fit(Column& column) const {
    double height = exponent(columns_.back().bound) / c_;
    for (int attempt = 0; attempt < fitting_limit; ++attempt) {
      const double bound = at(column, height);
      if (bound == no_bound) {
        // The guess came from the neighbour; a lower column may do, but not an arbitrarily low one.
        if (attempt > 0) return false;
        height *= 0.75;
        continue;
      }
      const double needed = exponent(bound) / c_;
      column.height = height;
      column.bound = bound;
      if (needed <= height) return true;
      height = needed + (needed - height) / 4;
    }
    return false;
  }

  // The height that permits the widest step for this column, and that step if it is narrower than the present one.
  bool choose(Column& column) {
    double best_c = no_bound;
    const auto look = [&](double height) {
      const double bound = at(column, height);
      const double c = bound == no_bound ? no_bound : exponent(bound) / height;
      if (c < best_c) {
        best_c = c;
        column.height = height;
        column.bound = bound;
      }
      return c;
    };
    double height = columns_.empty() ? 1 : columns_.back().height;
    for (int halving = 0; look(height) == no_bound; ++halving) {
      if (halving == halving_limit) return false;
      height /= 2;
    }
    double ratio = 2;
    while (look(height * ratio) <= best_c) height *= ratio;
    for (int step = 0; step < refinement; ++step) {
      ratio = std::sqrt(ratio);
      const double middle = column.height;
      if (look(middle * ratio) > best_c) look(middle / ratio);
    }
    c_ = std::max(c_, best_c);
    return c_ <= greatest_c_;
  }

  // Columns were fitted from the axis outwards; those fitted before the step shrank are higher than they need be now,
  // and others too low for the bound beside them: the riser between two wants the height that the larger bound asks for.
  void settle() {
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      Column& column = columns_[j];
      double bound = column.bound;
      if (j > 0) bound = std::max(bound, columns_[j - 1].bound);
      if (j + 1 < columns_.size()) bound = std::max(bound, columns_[j + 1].bound);
      const double needed = exponent(bound) / c_;
      if (needed > 0.9 * column.height && needed <= column.height) continue;
      const double there = at(column, needed);
      if (there > bound) continue;  // higher is worse
      column.height = needed;
      column.bound = there;
    }
  }

  // log of the whole error for nodes this far apart.
  double log_total(double step) const {
    const double c = 2 * std::numbers::pi / step * (1 - 0x1p-40);
    double total = columns_.back().bound + std::log(std::numbers::ln2 / c) + log_slack;
    for (std::size_t j = 0; j < columns_.size(); ++j) {
      const Column& column = columns_[j];
      total = log_sum(total, column.bound + std::log(column.right - column.left) + log_kernel(c * column.height));
      if (j + 1 == columns_.size()) break;
      const double lower = std::min(column.height, columns_[j + 1].height);
      // −log(1 − e^{−x}) ≤ 1/(e^x − 1).
      total = log_sum(total, std::max(column.bound, columns_[j + 1].bound) + log_kernel(c * lower) - std::log(c));
    }
    return total + std::numbers::ln2 + log_slack;
  }

  std::optional<TrapezoidRule> finish() {
    for (int attempt = 0; attempt < settling_limit; ++attempt) {
      TrapezoidRule rule;
      int scale = 0;
      const double mantissa = std::frexp(2 * std::numbers::pi / c_, &scale);
      rule.step = std::ldexp(std::floor(mantissa * step_bits) / step_bits, scale);
      // The end must be a multiple of h, and lie in the last column: only that one was checked for the end.
      const double end = std::max(request_.reach, columns_.back().left);
      rule.half_count = static_cast<long>(std::ceil(end / rule.step));
      if (rule.half_count > request_.node_limit) return std::nullopt;
      rule.log_error = log_total(rule.step);
      if (rule.log_error <= request_.log_error) return rule;
      if (attempt % 2 == 1) c_ *= 1 + 0.02 * attempt;
      settle();
    }
    return std::nullopt;
  }

  const LogBound& bound_;
  const TrapezoidRequest& request_;
  double width_;
  double target_ = 0;
  double greatest_c_ = 0;
  double c_ = 0;
  std::vector<Column> columns_;
};

}  // namespace

std::optional<TrapezoidRule> plan_trapezoid(const LogBound& bound, const TrapezoidRequest& request) {
  return Planner(bound, request).run();
}

}  // namespace nke
