// SPDX-License-Identifier: Apache-2.0
#include "table_dual.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>
#include <vector>

#include <nke/hermite/gauss_legendre.hpp>

namespace nke {
namespace {

constexpr int longest_degree = 512;
constexpr double short_series = 0.8;      // the largest |ρ| for which the series is used
constexpr double largest_variance = 128;  // beyond, the integrand has layers at the kink, and tables are long
constexpr int angle_nodes = 40, radius_nodes = 72;
constexpr double last_radius = 9.5;  // e^{−r²/2} r² is below 1e-17 there

bool kinked_at_zero_only(const Activation& sigma) {
  if (!sigma.breakpoints_proven() || sigma.breakpoints().size() != 1) return false;
  const Breakpoint& point = sigma.breakpoints().front();
  return point.kind == Breakpoint::Kind::kink && point.exact == Rational(0);
}

bool by_series(double rho) {
  return std::abs(rho) <= short_series * (1 + 1e-12);
}

// Whether K and K̇ have ended within the series, at the largest variance.
bool has_ended(const HermiteSeries& series, double tolerance) {
  const auto terms = static_cast<std::size_t>(series.degree()) + 1;
  const double a = series.max_variance();
  std::vector<double> h(terms);
  series.coefficients(a, h);
  double slope = series.norm(a), end = 0;
  for (std::size_t n = 0; n < terms; ++n) {
    const double part = static_cast<double>(n) * h[n] * h[n];
    slope += part;
    // What lies beyond the series looks like its end.
    if (n + 16 >= terms) end += part;
  }
  const double last = std::pow(short_series, static_cast<double>(terms));
  return end * last <= tolerance / 30 * slope && series.tail(a) * last <= tolerance * series.norm(a);
}

std::optional<HermiteSeries> series_of(const Activation& sigma, double largest, double tolerance) {
  for (int degree = 64; degree <= longest_degree; degree *= 2) {
    const HermiteSeries series(sigma, {degree, largest * TableDual::smallest_share, largest});
    if (has_ended(series, tolerance)) return series;
  }
  return std::nullopt;
}

}  // namespace

TableDual::TableDual(const Activation& sigma, HermiteSeries series, RowDual rows)
    : sigma_(sigma), slope_(sigma.derivative()), series_(std::move(series)), rows_(std::move(rows)) {}

std::optional<TableDual> TableDual::make(const Nonlinearity& layer, double largest, double tolerance) {
  const Activation& sigma = layer.activation;
  if (!(largest > 1e-100 && largest < largest_variance) || !kinked_at_zero_only(sigma)) return std::nullopt;
  std::optional<HermiteSeries> series = series_of(sigma, largest, tolerance);
  if (!series) return std::nullopt;
  return TableDual(sigma, *std::move(series), row_dual(layer, largest * smallest_share, largest));
}

DiagonalDual TableDual::diagonal(double a) const {
  return at_diagonal(rows_, a);
}

// h_n(t_i²) are the columns of h.
TableDual::Pairs TableDual::from_series(const Eigen::VectorXd& t, const Eigen::MatrixXd& h, double rho) {
  Eigen::VectorXd power(h.rows()), slope(h.rows());
  double at = 1, before = 0;
  for (Eigen::Index n = 0; n < h.rows(); ++n) {
    power(n) = at;
    slope(n) = static_cast<double>(n) * before;
    before = std::exchange(at, at * rho);
  }
  const Eigen::VectorXd inverse = t.cwiseInverse();
  return {h.transpose() * power.asDiagonal() * h,
          inverse.asDiagonal() * (h.transpose() * slope.asDiagonal() * h) * inverse.asDiagonal()};
}

TableDual::Pairs TableDual::from_integral(const Eigen::VectorXd& t, double angle) const {
  constexpr double quarter = std::numbers::pi / 2;
  const double turns[] = {-quarter, angle - quarter, quarter, angle + quarter, 3 * quarter};
  const GaussLegendre &along = gauss_legendre(radius_nodes), &around = gauss_legendre(angle_nodes);
  constexpr Eigen::Index points = angle_nodes * radius_nodes;
  const Eigen::Index n = t.size();
  Eigen::MatrixXd value = Eigen::MatrixXd::Zero(n, n), derivative = value;
  Eigen::MatrixXd left(points, n), right(points, n);
  Eigen::VectorXd u(points), v(points), weight(points);
  for (int part = 0; part < 4; ++part) {
    const double width = turns[part + 1] - turns[part];
    Eigen::Index at = 0;
    for (std::size_t i = 0; i < around.node.size(); ++i) {
      const double phi = turns[part] + width * around.node[i];
      for (std::size_t j = 0; j < along.node.size(); ++j, ++at) {
        const double r = last_radius * along.node[j];
        u(at) = r * std::cos(phi);
        v(at) = r * std::cos(phi - angle);
        weight(at) = width * around.weight[i] * last_radius * along.weight[j] * r * std::exp(-r * r / 2) /
                     (2 * std::numbers::pi);
      }
    }
    const auto add = [&](const Activation& f, Eigen::MatrixXd& sum) {
      const auto all = static_cast<std::size_t>(points);
      for (Eigen::Index i = 0; i < n; ++i) {
        left.col(i) = t(i) * u;
        right.col(i) = t(i) * v;
        f({left.col(i).data(), all}, {left.col(i).data(), all});
        f({right.col(i).data(), all}, {right.col(i).data(), all});
        right.col(i).array() *= weight.array();
      }
      sum.noalias() += left.transpose() * right;
    };
    add(sigma_, value);
    add(slope_, derivative);
  }
  return {(value + value.transpose()) / 2, (derivative + derivative.transpose()) / 2};
}

void TableDual::grid(const Eigen::VectorXd& t, std::span<const double> angles, Eigen::MatrixXd& k,
                     Eigen::MatrixXd& kdot) const {
  const Eigen::Index n = t.size();
  Eigen::MatrixXd h(series_.degree() + 1, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    series_.coefficients(t(i) * t(i), {h.col(i).data(), static_cast<std::size_t>(h.rows())});
  }
  k.resize(static_cast<Eigen::Index>(angles.size()), n * (n + 1) / 2);
  kdot.resize(k.rows(), k.cols());
  for (Eigen::Index row = 0; row < k.rows(); ++row) {
    const double angle = angles[static_cast<std::size_t>(row)], rho = std::cos(angle);
    const Pairs pairs = by_series(rho) ? from_series(t, h, rho) : from_integral(t, angle);
    Eigen::Index column = 0;
    for (Eigen::Index i = 0; i < n; ++i) {
      for (Eigen::Index j = 0; j <= i; ++j, ++column) {
        k(row, column) = pairs.k(i, j);
        kdot(row, column) = pairs.kdot(i, j);
      }
    }
  }
}

DiagonalDual TableDual::check(double a, double b, double away, bool negative) const {
  const double rho = negative ? away - 1 : 1 - away, c = rho * std::sqrt(a) * std::sqrt(b);
  DiagonalDual v{};
  if (by_series(rho)) {
    v = {series_.value(a, b, c), series_.derivative(a, b, c)};
  } else {
    const double d = a * b * away * (2 - away);
    rows_(a, {&b, 1}, {&c, 1}, {&d, 1}, {&v.value, 1}, {&v.derivative, 1});
  }
  return v;
}

}  // namespace nke
