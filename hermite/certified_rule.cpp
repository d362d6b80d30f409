// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include <nke/exact/expr/print.hpp>
#include <nke/exact/integrate/gauss_legendre.hpp>
#include <nke/exact/integrate/gauss_legendre_nodes.hpp>
#include <nke/exact/integrate/trapezoid.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_rule.hpp>

#include "certified_nodes.hpp"

namespace nke {
namespace {

constexpr double reach_limit = 2000;
constexpr double log_root_two_pi = 0.91893853320467275;  // rounded up
constexpr double least_gap = 1e-250;
constexpr long trapezoid_limit = 20000;
constexpr long cheap_trapezoid = 2500;  // nodes; beyond, panels are tried first

// log of √E s², roughly: errors are measured against it.
int log2_of_scale(const Activation& sigma, double root_variance) {
  double norm = 0;
  for (double z = -36.03125; z <= 36; z += 0.0625) {
    const double value = sigma(root_variance * z);
    if (std::isfinite(value)) norm += value * value * phi(z) * 0.0625;
  }
  return norm > 0 && std::isfinite(norm) ? static_cast<int>(std::floor(std::log2(norm) / 2)) : 0;
}

// The growth bound of s(z)/scale, and with it the tails.
class Tail {
 public:
  Tail(const GrowthBound& growth, double root_variance, double log_scale)
      : growth_(growth), root_(root_variance), log_scale_(log_scale) {}

  // An upper bound of log( 2/√(2π) ∫_R^∞ G e^{−z²/4} ), and of the same with G² e^{−z²/2}.
  double log_at(double reach) const {
    if (growth_.amplitude.is_zero()) return -no_bound;
    const double x = root_ * reach * (1 + 0x1p-50);
    const double power = growth_.power.to_double();
    const double slope = root_ * (power / (1 + x) + growth_.linear.to_double() + 2 * growth_.quadratic.to_double() * x);
    const double falling = (reach / 2 - slope) * (1 - 0x1p-30) - 0x1p-30;
    if (!(falling > 0)) return no_bound;
    const double value = growth_.log_at(x) - log_scale_ - reach * reach / 4;
    const double single = value - std::log(falling);
    const double squared = 2 * value - std::log(2 * falling);
    return std::max(single, squared) + std::numbers::ln2 - log_root_two_pi + 1e-9 * (1 + std::fabs(value));
  }

  double reach(double log_error) const {
    double reach = 1;
    while (log_at(reach) > log_error) {
      reach *= 1.25;
      if (reach > reach_limit) throw NotCertified("the growth bound " + to_text(growth_) + " falls too slowly");
    }
    double low = reach / 1.25;
    for (int step = 0; step < 8; ++step) {
      const double middle = (low + reach) / 2;
      (log_at(middle) > log_error ? low : reach) = middle;
    }
    return std::ceil(reach * 16) / 16;
  }

 private:
  const GrowthBound& growth_;
  double root_;
  double log_scale_;
};

class Planner {
 public:
  Planner(const CertifiedPieces& pieces, const Activation& sigma, const RuleRequest& request)
      : pieces_(pieces), request_(request), root_(std::sqrt(request.variance.mid())) {
    data_.log2_scale = log2_of_scale(sigma, root_);
    log_scale_ = data_.log2_scale * std::numbers::ln2;
    root_degree_ = std::sqrt(static_cast<double>(request.degree)) * (1 + 0x1p-50);
    for (const Expr& piece : pieces.pieces) bounds_.emplace_back(piece);
    variance_low_ = std::sqrt(request.variance.lower()) * (1 - 0x1p-50);
    variance_high_ = std::sqrt(request.variance.upper()) * (1 + 0x1p-50);
  }

  CertifiedRule::Data run(const std::string& name) {
    // Half of the error for the rule, a quarter for the tail.
    const double log_error = -request_.digits * std::numbers::ln10;
    const Tail tail(pieces_.growth, variance_high_, log_scale_);
    const double reach = tail.reach(log_error - std::log(4));
    const double of_rule = log_error - std::log(2);
    if (!(try_trapezoid(reach, of_rule, cheap_trapezoid) || try_panels(reach, of_rule) ||
          try_trapezoid(reach, of_rule, trapezoid_limit))) {
      throw NotCertified("no quadrature for " + name + " at variance " + request_.variance.to_decimal(6) +
                         " could be proven to " + digits_asked());
    }
    data_.log_error = log_sum(data_.log_error, tail.log_at(reach));
    return std::move(data_);
  }

 private:
  // |s(z)| on a box right of the axis and on its mirror image, over √scale.
  struct Sizes {
    double right;
    double left;
  };

  // The boxes of z, scaled by √a, outwards.
  double piece_bound(std::size_t piece, double left, double right, double high) const {
    const auto down = [](double x) { return x - std::fabs(x) * 0x1p-50; };
    const auto up = [](double x) { return x + std::fabs(x) * 0x1p-50; };
    const double low_factor = left < 0 ? variance_high_ : variance_low_;
    const double high_factor = right < 0 ? variance_low_ : variance_high_;
    return bounds_[piece]({down(left * low_factor), up(right * high_factor), 0, up(high * variance_high_)}) -
           log_scale_;
  }

  double folded_bound(std::size_t segment, const Box& box) const {
    const double right = piece_bound(pieces_.right[segment], box.left, box.right, box.high);
    if (right == no_bound) return no_bound;
    const double left =
        pieces_.parity != Parity::none ? right : piece_bound(pieces_.left[segment], -box.right, -box.left, box.high);
    const double nearest = box.left > 0 ? box.left : box.right < 0 ? box.right : 0;
    const double y = box.high;
    const double single = log_sum(right, left) - nearest * nearest / 4 + y * y / 2 + root_degree_ * y;
    const double squared = log_sum(2 * right, 2 * left) - nearest * nearest / 2 + y * y / 2;
    return std::max(single, squared) - log_root_two_pi + log_slack;
  }

  bool try_trapezoid(double reach, double log_error, long limit) {
    if (!pieces_.smooth() || pieces_.singular) return false;
    const auto rule = plan_trapezoid([this](const Box& box) { return folded_bound(0, box); },
                                     {.reach = reach, .log_error = log_error, .node_limit = limit});
    if (!rule) return false;
    const auto count = static_cast<std::size_t>(rule->half_count);
    data_.nodes = ArbVector(count);
    data_.weights = ArbVector(count);
    data_.segments.assign(count, 0);
    for (std::size_t k = 0; k < count; ++k) {
      arb_set_d(data_.nodes[k], (static_cast<double>(k) + 0.5) * rule->step);
      arb_set_d(data_.weights[k], rule->step);
    }
    data_.log_error = rule->log_error;
    data_.method = "trapezoid";
    return true;
  }

  // An upper bound of log ∫_{−ε}^{ε} |s p_n φ|, and of the same with s²: what is left out next to a singularity at 0.
  double log_of_gap(double gap) const {
    const double x = variance_high_ * gap * (1 + 0x1p-50);
    const double falling = std::max(-pieces_.growth.quadratic.to_double(), 0.0);  // the bound is largest at 0 if α < 0
    const double value = pieces_.growth.log_at(x) + falling * x * x * (1 + 0x1p-30) - log_scale_;
    const double single = value + gap * gap / 4;
    return std::numbers::ln2 + std::log(gap) + std::max(single, 2 * value) - log_root_two_pi +
           1e-9 * (1 + std::fabs(value));
  }

  // ε: where the panels begin. A power of two, so that it is exact.
  double gap(double log_error) const {
    double gap = 1.0 / 16;
    while (log_of_gap(gap) > log_error) {
      gap /= 2;
      if (gap < least_gap) throw NotCertified("the singularity at 0 is too strong for " + digits_asked());
    }
    return gap;
  }

  std::string digits_asked() const { return std::to_string(request_.digits) + " digits"; }

  bool try_panels(double reach, double log_error) {
    const bool with_gap = pieces_.singular;
    if (with_gap) log_error -= std::numbers::ln2;
    const double start = with_gap ? gap(log_error) : 0;
    PanelRequest request{.cuts = {start}, .log_error = log_error};
    std::vector<Ball> cuts{Ball::from_double_exactly(start, Precision::bits(request_.bits))};
    for (const Ball& cut : pieces_.cuts) {
      Ball in_z = cut / root_of_variance();
      if (in_z.mid() >= reach) break;
      if (!(certainly_less(cuts[0], in_z))) return false;
      request.cuts.push_back(in_z.mid());
      cuts.push_back(std::move(in_z));
    }
    request.cuts.push_back(reach);
    cuts.push_back(Ball::from_double_exactly(reach, Precision::bits(request_.bits)));
    const auto rule =
        plan_panels([this](std::size_t segment, const Box& box) { return folded_bound(segment, box); }, request);
    if (!rule) return false;
    place(*rule, cuts);
    data_.log_error = with_gap ? log_sum(rule->log_error, log_of_gap(start)) : rule->log_error;
    data_.method = "panels";
    return true;
  }

  Ball root_of_variance() const { return sqrt(request_.variance.at_precision(Precision::bits(request_.bits))); }

  void place(const PanelRule& rule, const std::vector<Ball>& cuts) {
    const auto unit = gauss_legendre_nodes(rule.points, request_.bits);
    const auto points = static_cast<std::size_t>(rule.points);
    const std::size_t count = rule.panels.size() * points;
    data_.nodes = ArbVector(count);
    data_.weights = ArbVector(count);
    data_.segments.resize(count);
    ArbNumber left;
    ArbNumber half;
    ArbNumber middle;
    std::size_t k = 0;
    for (const Panel& panel : rule.panels) {
      const auto end = [&](arb_t x, bool is_cut, std::size_t cut, double at) {
        if (is_cut) {
          arb_set(x, arb_of(cuts[cut]));
        } else {
          arb_set_d(x, at);
        }
      };
      end(left, panel.left_is_cut, panel.segment, panel.left);
      end(half, panel.right_is_cut, panel.segment + 1, panel.right);
      arb_add(middle, left, half, request_.bits);
      arb_sub(half, half, left, request_.bits);
      arb_mul_2exp_si(middle, middle, -1);
      arb_mul_2exp_si(half, half, -1);
      for (std::size_t i = 0; i < points; ++i, ++k) {
        arb_set(data_.nodes[k], middle);
        arb_addmul(data_.nodes[k], unit->nodes[i], half, request_.bits);
        arb_mul(data_.weights[k], unit->weights[i], half, request_.bits);
        data_.segments[k] = panel.segment;
      }
    }
  }

  const CertifiedPieces& pieces_;
  const RuleRequest& request_;
  double root_;
  double variance_low_ = 0;
  double variance_high_ = 0;
  double log_scale_ = 0;
  double root_degree_ = 0;
  std::vector<HolomorphicBound> bounds_;
  CertifiedRule::Data data_;
};

}  // namespace

CertifiedRule::CertifiedRule(const CertifiedPieces& pieces, const Activation& sigma, const RuleRequest& request)
    : data_(std::make_shared<const Data>(Planner(pieces, sigma, request).run(sigma.name()))) {}

long CertifiedRule::nodes() const {
  return static_cast<long>(data_->nodes.size());
}
double CertifiedRule::log_error() const {
  return data_->log_error;
}
int CertifiedRule::log2_scale() const {
  return data_->log2_scale;
}
double CertifiedRule::log_scale() const {
  return data_->log2_scale * std::numbers::ln2;
}
const std::string& CertifiedRule::method() const {
  return data_->method;
}

}  // namespace nke
