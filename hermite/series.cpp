// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/dual/covariance.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/sampled_function.hpp>
#include <nke/hermite/series.hpp>

#include "number_text.hpp"
#include "variance_table.hpp"

namespace nke {

namespace {

constexpr double epsilon = std::numeric_limits<double>::epsilon();

HermiteRange positive(HermiteRange range) {
  if (range.min_variance == 0 && range.max_variance >= 0) {
    if (range.max_variance == 0) range.max_variance = 1;  // only 0 will be asked for
    range.min_variance = 1e-6 * range.max_variance;
  }
  return range;
}

// Σ p_n xⁿ by four interleaved Horner schemes in x⁴: the same rounding, a quarter of the waiting.
double power_sum(std::span<const double> p, double x) {
  const double x2 = x * x, x4 = x2 * x2;
  std::array<double, 4> part{};
  for (std::size_t n = (p.size() + 3) / 4 * 4; n > 0; n -= 4) {
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t at = n - 4 + i;
      part[i] = part[i] * x4 + (at < p.size() ? p[at] : 0.0);
    }
  }
  return (part[0] + x * part[1]) + x2 * (part[2] + x * part[3]);
}

}  // namespace

struct HermiteSeries::Data {
  SampledFunction sigma;
  HermiteRule rule;
  VarianceTable table;

  Data(const Activation& activation, const HermiteRange& range)
      : sigma(sampled(activation)),
        rule(sigma, range),
        table(range.min_variance, range.max_variance, static_cast<std::size_t>(range.degree) + 2,
              [this](double a, std::span<double> row) {
                // The columns are h_0 … h_N and √norm: all of one size.
                const double root = std::sqrt(
                    rule(std::clamp(a, rule.min_variance(), rule.max_variance()), row.first(row.size() - 1)).norm);
                row.back() = root;
                return root;
              }) {}

  std::size_t norm_column() const { return static_cast<std::size_t>(rule.degree()) + 1; }

  // A variance outside the table, as data not seen when it was made may have.
  HermiteRule rule_for(double a) const {
    if (!(a >= 0) || std::isinf(a)) {
      throw DomainError("a variance is finite and 0 or more, not " + number_text(a));
    }
    return rule.covers(a) ? rule : HermiteRule(sigma, {rule.degree(), a, a});
  }
  bool tabulated(double a) const { return a > 0 && rule.covers(a); }

  void row(double a, std::span<double> out) const {
    if (tabulated(a)) {
      table(a, out);
    } else {
      rule_for(a)(a, out);
    }
  }

  // h_n(a) h_n(b)
  std::vector<double> products(double a, double b) const {
    std::vector<double> p(static_cast<std::size_t>(rule.degree()) + 1);
    row(a, p);
    if (a == b) {
      for (double& h : p) h *= h;
    } else {
      std::vector<double> other(p.size());
      row(b, other);
      for (std::size_t n = 0; n < p.size(); ++n) p[n] *= other[n];
    }
    return p;
  }
};

HermiteSeries::HermiteSeries(const Activation& sigma, const HermiteRange& range)
    : data_(std::make_shared<const Data>(sigma, positive(range))) {}

int HermiteSeries::degree() const {
  return data_->rule.degree();
}

double HermiteSeries::min_variance() const {
  return data_->rule.min_variance();
}

double HermiteSeries::max_variance() const {
  return data_->rule.max_variance();
}

void HermiteSeries::coefficients(double a, std::span<double> out) const {
  if (out.size() > static_cast<std::size_t>(degree()) + 1) {
    throw ShapeError("room for " + std::to_string(out.size()) + " coefficients, but the series ends at degree " +
                     std::to_string(degree()));
  }
  data_->row(a, out);
}

double HermiteSeries::norm(double a) const {
  if (!data_->tabulated(a)) return data_->rule_for(a)(a, {}).norm;
  const double root = data_->table.column(a, data_->norm_column());
  return root * root;
}

double HermiteSeries::tail(double a) const {
  std::vector<double> h(static_cast<std::size_t>(degree()) + 1);
  data_->row(a, h);
  const double whole = norm(a);
  double sum = 0;
  for (std::size_t n = h.size(); n-- > 0;) sum += h[n] * h[n];
  const double rest = whole - sum;
  return rest > (16 * epsilon + 4 * interpolation_error()) * whole ? rest : 0;
}

double HermiteSeries::value(double a, double b, double c) const {
  const Covariance at(a, b, c);
  return power_sum(data_->products(a, b), at.rho);
}

double HermiteSeries::derivative(double a, double b, double c) const {
  const Covariance at(a, b, c);
  if (a == 0 || b == 0) {
    throw DomainError("the series for dK/dc divides by sqrt(a b), but a = " + number_text(a) +
                      " and b = " + number_text(b) + "; take the dual of the derivative of sigma");
  }
  const std::vector<double> p = data_->products(a, b);
  std::vector<double> slopes(p.size() - 1);
  for (std::size_t n = 1; n < p.size(); ++n) slopes[n - 1] = static_cast<double>(n) * p[n];
  return power_sum(slopes, at.rho) / (std::sqrt(a) * std::sqrt(b));
}

double mehler_remainder(double rho, int degree, double product_of_tails) {
  return std::pow(std::abs(rho), degree + 1) * std::sqrt(product_of_tails);
}

double HermiteSeries::truncation_bound(double a, double b, double c) const {
  const Covariance at(a, b, c);
  const double noise = 16 * epsilon + 4 * interpolation_error();
  const double tails = (tail(a) + noise * norm(a)) * (a == b ? tail(a) + noise * norm(a) : tail(b) + noise * norm(b));
  return mehler_remainder(at.rho, degree(), tails);
}

double HermiteSeries::interpolation_error() const {
  return data_->table.error();
}

const HermiteRule& HermiteSeries::rule() const {
  return data_->rule;
}

}  // namespace nke
