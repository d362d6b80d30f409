// SPDX-License-Identifier: Apache-2.0
#include "point_plan.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

constexpr double largest_variance = 1e150;  // a·b is a product of two of them
constexpr double least_variance = 1e-300;   // below it numbers have fewer digits, and below that they are 0
constexpr double layernorm_epsilon = 1e-12;

template <class T>
class Planner {
 public:
  explicit Planner(std::vector<Magnitude> norms) {
    plan_.norm = std::move(norms);
    plan_.growth.assign(plan_.norm.size(), 0);
  }

  PointPlan<T> run(const Network& network) {
    walk(network, 0);
    return std::move(plan_);
  }

 private:
  void walk(const Network& network, int depth) {
    plan_.nesting = std::max(plan_.nesting, depth);
    for (const Layer& layer : network.layers) {
      std::visit([&](const auto& l) { add(l, depth); }, layer);
    }
  }

  std::size_t count() const { return plan_.norm.size(); }

  void add(const Dense& l, int) {
    const double w = std::abs(scale_value(l.w, "w")), b = std::abs(scale_value(l.b, "b"));
    AffineStep<T> step;
    step.plain = b == 0 && w > 0;
    if (!step.plain) {
      step.alpha.resize(count());
      step.beta.resize(count());
    }
    for (std::size_t i = 0; i < count(); ++i) {
      const Magnitude scaled = Magnitude(w) * plan_.norm[i];
      const Magnitude next = hypot(scaled, Magnitude(b));
      const double alpha = ratio(scaled, next);
      plan_.growth[i] = next.is_zero() ? 0 : std::fma(alpha * alpha, plan_.growth[i], 1.0);  // as the rows do
      plan_.norm[i] = next;
      if (!step.plain) {
        step.alpha[i] = static_cast<T>(alpha);
        step.beta[i] = static_cast<T>(ratio(Magnitude(b), next));
      }
    }
    plan_.steps.emplace_back(std::move(step));
  }

  void add(const LayerNorm&, int) {
    for (Magnitude& norm : plan_.norm) {
      norm = Magnitude(ratio(norm, hypot(norm, Magnitude(std::sqrt(layernorm_epsilon)))));
    }
  }

  void add(const Nonlinearity& l, int) {
    const bool some_zero =
        std::any_of(plan_.norm.begin(), plan_.norm.end(), [](const Magnitude& n) { return n.is_zero(); });
    if (l.activation.homogeneity() && fit_of(l.activation)) {
      const HomogeneousFit& fit = *fit_of(l.activation);
      if (fit.power > 0 || !some_zero) return add(fit);
    }
    double least = largest_variance, largest = 0;
    for (const Magnitude& norm : plan_.norm) {
      const double a = variance_of(norm, l.text);
      if (a > 0) least = std::min(least, a);
      largest = std::max(largest, a);
    }
    if (largest == 0) least = largest = 1;
    add(row_dual(l, least, largest), l.text);
  }

  void add(const FormulaDual& l, int) { add(row_dual(l), "dual(...)"); }

  void add(const HomogeneousFit& fit) {
    HomogeneousStep step{fit, false};
    if (!plan_.steps.empty()) {
      const auto* affine = std::get_if<AffineStep<T>>(&plan_.steps.back());
      if (affine != nullptr && affine->plain) {
        plan_.steps.pop_back();
        step.dense = true;
      }
    }
    const Magnitude scale(std::sqrt(fit.at_one));
    for (std::size_t i = 0; i < count(); ++i) {
      plan_.norm[i] = power(plan_.norm[i], fit.power) * scale;
      plan_.growth[i] *= fit.dot_plus[0];
    }
    plan_.steps.emplace_back(step);
  }

  void add(RowDual dual, const std::string& text) {
    DualStep step{std::move(dual), {}, {}, {}, {}, {}, {}};
    for (std::vector<double>* v : {&step.variance, &step.root, &step.out, &step.ratio, &step.value, &step.slope}) {
      v->resize(count());
    }
    std::map<double, DiagonalDual> known;  // data of equal norms are common
    for (std::size_t i = 0; i < count(); ++i) {
      const double a = variance_of(plan_.norm[i], text), root = a == 0 ? 0 : plan_.norm[i].to_double();
      auto at = known.find(a);
      if (at == known.end()) at = known.emplace(a, at_diagonal(step.dual, a)).first;
      const auto [value, derivative] = at->second;
      if (!(value >= 0) || !std::isfinite(value) || !std::isfinite(derivative)) {
        throw DomainError("activation " + text + ": the dual at variance " + std::to_string(a) +
                          " is not a finite number >= 0");
      }
      const Magnitude next(std::sqrt(value));
      step.variance[i] = a;
      step.root[i] = root;
      step.out[i] = next.is_zero() ? 0 : 1 / next.to_double();
      step.ratio[i] = ratio(plan_.norm[i], next);
      step.value[i] = value;
      step.slope[i] = derivative;
      plan_.growth[i] *= derivative * step.ratio[i] * step.ratio[i];
      plan_.norm[i] = next;
    }
    plan_.steps.emplace_back(std::move(step));
  }

  void add(const Residual& l, int depth) {
    const std::vector<Magnitude> norm = plan_.norm;
    const std::vector<double> growth = plan_.growth;
    plan_.steps.emplace_back(SaveStep{});
    walk(l.main, depth + 1);
    const std::vector<Magnitude> main_norm = std::exchange(plan_.norm, norm);
    const std::vector<double> main_growth = std::exchange(plan_.growth, growth);
    plan_.steps.emplace_back(ExchangeStep{});
    walk(l.shortcut, depth + 1);
    JoinStep<T> step;
    for (std::size_t i = 0; i < count(); ++i) {
      const Magnitude sum = hypot(plan_.norm[i], main_norm[i]);
      const double mu = ratio(plan_.norm[i], sum), nu = ratio(main_norm[i], sum);
      step.mu.push_back(static_cast<T>(mu));
      step.nu.push_back(static_cast<T>(nu));
      plan_.growth[i] = mu * mu * plan_.growth[i] + nu * nu * main_growth[i];
      plan_.norm[i] = sum;
    }
    plan_.steps.emplace_back(std::move(step));
  }

  // Layers of pixels: the theory refuses them on points before a plan is made.
  template <class Other>
  void add(const Other& l, int) {
    throw ShapeError("layer " + to_text(Layer(l)) + " needs images, not points");
  }

  static double variance_of(const Magnitude& norm, const std::string& text) {
    const double a = (norm * norm).to_double();
    if (a < least_variance) return 0;
    if (a <= largest_variance) return a;
    throw DomainError("activation " + text +
                      " meets a variance above 1e150; only homogeneous ones (relu, abs, ...) can " +
                      "be taken so far: make w smaller, or put a layernorm between");
  }

  const std::optional<HomogeneousFit>& fit_of(const Activation& sigma) {
    for (const auto& [known, fit] : fits_) {
      if (known == sigma) return fit;
    }
    const FastDual dual(sigma, {.min_variance = 1, .max_variance = 1});
    return fits_.emplace_back(sigma, homogeneous_fit(sigma, dual)).second;
  }

  PointPlan<T> plan_;
  std::vector<std::pair<Activation, std::optional<HomogeneousFit>>> fits_;
};

}  // namespace

template <class T>
PointPlan<T> plan_points(const Network& network, std::vector<Magnitude> norms) {
  return Planner<T>(std::move(norms)).run(network);
}
template PointPlan<float> plan_points(const Network&, std::vector<Magnitude>);
template PointPlan<double> plan_points(const Network&, std::vector<Magnitude>);

}  // namespace nke
