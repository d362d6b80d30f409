// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <numbers>
#include <utility>
#include <vector>

#include <nke/exact/real/error.hpp>
#include <nke/hermite/mean_field_moments.hpp>
#include <nke/hermite/pieces.hpp>

#include "half_line.hpp"

namespace nke {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double hopeless = 1e-3;
constexpr double finest = 1e-18;  // the narrowest piece, in standard deviations
constexpr double rounding = 4 * std::numeric_limits<double>::epsilon();
// Squares have twice the degree and frequency of what panel_nodes expects: these nodes are more than they need.
constexpr PanelRefinement coarse{.frequency = 1.5, .steps = 2};
constexpr PanelRefinement fine{.frequency = 2.2, .steps = 4};

struct Plan {
  std::vector<Piece> pieces;
  double cutoff = 0;
};

}  // namespace

struct GaussianSquare::State {
  SampledFunction f;
  std::mutex mutex;
  std::map<int, std::shared_ptr<const Plan>> plans;  // null: not square-integrable over the whole factor of four

  std::shared_ptr<const Plan> make(double lower, double upper) const {
    auto plan = std::make_shared<Plan>();
    plan->cutoff = std::max(cutoff_of(f, lower), cutoff_of(f, upper));
    plan->pieces = folded_pieces(f, plan->cutoff * std::sqrt(upper), finest * std::sqrt(lower));
    return plan;
  }

  std::shared_ptr<const Plan> plan_for(double q) {
    const int index = static_cast<int>(std::floor(std::log2(q) / 2));
    {
      const std::scoped_lock lock(mutex);
      const auto found = plans.find(index);
      if (found != plans.end()) return found->second ? found->second : make(q, q);
    }
    std::shared_ptr<const Plan> plan;
    try {
      plan = make(std::ldexp(1.0, 2 * index), std::ldexp(1.0, 2 * index + 2));
    } catch (const DomainError&) {  // perhaps not everywhere in it
    }
    {
      const std::scoped_lock lock(mutex);
      plans.emplace(index, plan);
    }
    return plan ? plan : make(q, q);
  }

  SquareMoment sum(const Plan& plan, double q, const PanelRefinement& refinement) const {
    thread_local HalfLine nodes;
    thread_local std::vector<double> x, y;
    const double s = std::sqrt(q);
    panel_nodes(plan.pieces, s, plan.cutoff, 4, refinement, nodes);
    const std::size_t count = nodes.z.size();
    x.resize(2 * count);
    y.resize(2 * count);
    for (std::size_t k = 0; k < count; ++k) {
      x[k] = s * nodes.z[k];
      x[count + k] = -x[k];
    }
    f.values(x, y);
    double value = 0, slope = 0;
    for (std::size_t k = 0; k < count; ++k) {
      if (nodes.weight[k] == 0) continue;
      const double z = nodes.z[k];
      const double root = std::exp(-0.25 * z * z);  // in two halves: y² alone may overflow where the product does not
      const double right = y[k] * root, left = y[count + k] * root;
      const double term = nodes.weight[k] * (right * right + left * left);
      value += term;
      slope += term * (z - 1) * (z + 1);
    }
    constexpr double density = 1 / (std::numbers::sqrt2 * std::numbers::inv_sqrtpi * std::numbers::pi);
    return {.value = density * value,
            .slope = std::abs(slope) > 1e-15 * value ? density * slope / (2 * q) : 0,
            .error = 0,
            .nodes = 2 * count};
  }
};

GaussianSquare::GaussianSquare(SampledFunction f) : state_(std::make_shared<State>()) {
  state_->f = std::move(f);
}

SquareMoment GaussianSquare::operator()(double q) const {
  constexpr SquareMoment none{infinite, infinite, infinite, 0};
  if (!(q > 0) || !std::isfinite(q))
    throw DomainError("a second moment is asked for at a variance that is not positive");
  try {
    const auto plan = state_->plan_for(q);
    const SquareMoment rough = state_->sum(*plan, q, coarse);
    SquareMoment result = state_->sum(*plan, q, fine);
    const double change = result.value > 0 ? std::abs(result.value - rough.value) / result.value : 0;
    if (!(change < hopeless)) return none;
    result.error = change + rounding;
    return result;
  } catch (const DomainError&) {
    return none;
  }
}

SquareMoment GaussianSquare::quickly(double q) const {
  try {
    const auto plan = state_->plan_for(q);
    const SquareMoment result = state_->sum(*plan, q, coarse);
    if (std::isfinite(result.value)) return result;
  } catch (const DomainError&) {
  }
  return {infinite, infinite, infinite, 0};
}

}  // namespace nke
