// SPDX-License-Identifier: Apache-2.0
#include "slice_activation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <nke/hermite/dual.hpp>

#include "homogeneous_fit.hpp"
#include "row_dual.hpp"

namespace nke {
namespace {

using kernels::simd::SliceDual;

constexpr int series_degree = 96;
constexpr int smooth_nodes = 48;

template <class T>
SliceFunction<T> kinked(const HomogeneousFit& fit) {
  SliceFunction<T> f;
  const double k = fit.at_one;
  f.at_one = k;
  f.numbers.kind = SliceDual::kinked;
  for (std::size_t i = 0; i < 2; ++i) {
    f.numbers.e_plus[i] = static_cast<T>(k * ((i == 0 ? 1 : 0) - fit.base_plus[i]));
    f.numbers.e_minus[i] = static_cast<T>(k * ((i == 0 ? 1 : 0) - fit.base_minus[i]));
  }
  f.numbers.d_plus = static_cast<T>(k * fit.dot_plus[0]);
  f.numbers.d_minus = static_cast<T>(k * fit.dot_minus[0]);
  const auto copy = [&](const auto& base, const auto& dot) {
    for (std::size_t i = 0; i < base.size(); ++i) {
      f.numbers.o[i] = static_cast<T>(-k * base[i]);
      f.numbers.p[i] = static_cast<T>(k * dot[i]);
    }
  };
  if constexpr (sizeof(T) == 8) {
    copy(fit.base_tail, fit.dot_tail);
  } else {
    copy(fit.base_tail_float, fit.dot_tail_float);
  }
  return f;
}

// Coefficients of 1, ρ, ρ², … of the Chebyshev series through f at the nodes, cut where it has ended.
std::vector<double> polynomial(const std::vector<double>& nodes, const std::vector<double>& f, double cut) {
  const std::size_t n = nodes.size();
  std::vector<long double> chebyshev(n), result;
  long double largest = 0;
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      const long double angle = std::numbers::pi_v<long double> * static_cast<long double>(2 * i + 1) / (2.0L * n);
      chebyshev[k] +=
          (k == 0 ? 1 : 2) * static_cast<long double>(f[i]) * std::cos(static_cast<long double>(k) * angle) / n;
    }
    largest = std::max(largest, std::abs(chebyshev[k]));
  }
  std::size_t terms = n;
  while (terms > 1 && std::abs(chebyshev[terms - 1]) < static_cast<long double>(cut) * largest) --terms;
  std::vector<long double> before(terms, 0), now(terms, 0);
  before[0] = 1;
  if (terms > 1) now[1] = 1;
  result.assign(terms, 0);
  result[0] = chebyshev[0];
  for (std::size_t k = 1; k < terms; ++k) {
    for (std::size_t i = 0; i <= k; ++i) result[i] += chebyshev[k] * now[i];
    std::vector<long double> next(terms, 0);
    for (std::size_t i = 0; i + 1 < terms; ++i) next[i + 1] += 2 * now[i];
    for (std::size_t i = 0; i < terms; ++i) next[i] -= before[i];
    before = std::exchange(now, next);
  }
  return {result.begin(), result.end()};
}

double at(const std::vector<double>& c, double x) {
  double sum = 0;
  for (std::size_t k = c.size(); k-- > 0;) sum = sum * x + c[k];
  return sum;
}

// K and K̇ of the formula at one point; NaN where it has none.
DiagonalDual formula_at(const RowDual& dual, double a, double b, double rho) {
  DiagonalDual v{};
  const double c = rho * std::sqrt(a * b), d = a * b * (1 - rho) * (1 + rho);
  dual(a, {&b, 1}, {&c, 1}, {&d, 1}, {&v.value, 1}, {&v.derivative, 1});
  return v;
}

template <class T>
std::optional<SliceFunction<T>> smooth(const FormulaDual& layer, double tolerance) {
  const RowDual dual = row_dual(layer);
  std::vector<double> nodes, kappa, kappa_dot;
  for (int i = 0; i < smooth_nodes; ++i) {
    nodes.push_back(std::cos(std::numbers::pi * (2 * i + 1) / (2 * smooth_nodes)));
    const DiagonalDual v = formula_at(dual, 1, 1, nodes.back());
    kappa.push_back(v.value);
    kappa_dot.push_back(v.derivative);
  }
  const double cut = tolerance / 100;
  const std::vector<double> value = polynomial(nodes, kappa, cut), slope = polynomial(nodes, kappa_dot, cut);
  SliceFunction<T> f;
  f.numbers.kind = SliceDual::smooth;
  f.numbers.terms = static_cast<int>(std::max(value.size(), slope.size()));
  if (f.numbers.terms > 40) return std::nullopt;
  f.at_one = at(value, 1);
  // √(ab) κ(ρ) at other variances and correlations than those of the series?
  for (const double rho : {-0.93, -0.31, 0.17, 0.62, 0.98}) {
    const DiagonalDual v = formula_at(dual, 3, 0.2, rho);
    const double scale = std::sqrt(0.6);
    const double error = std::max(std::abs(v.value - scale * at(value, rho)), std::abs(v.derivative - at(slope, rho)));
    if (!(error < tolerance * std::abs(f.at_one))) return std::nullopt;
  }
  std::transform(value.begin(), value.end(), f.numbers.kappa, [](double x) { return static_cast<T>(x); });
  std::transform(slope.begin(), slope.end(), f.numbers.kappa_dot, [](double x) { return static_cast<T>(x); });
  return f;
}

// How many terms leave less than the tolerance of Σ h_n² and of Σ n h_n², at the largest variance; 0 if too many.
int terms_needed(const HermiteSeries& series, double variance, double tolerance) {
  std::vector<double> h(series_degree + 1);
  series.coefficients(variance, h);
  const double norm = series.norm(variance);
  double rest = series.tail(variance) * series_degree, all = 0;
  for (int n = 0; n <= series_degree; ++n) all += n * h[static_cast<std::size_t>(n)] * h[static_cast<std::size_t>(n)];
  if (!(rest <= tolerance * std::max(norm, all))) return 0;
  int terms = series_degree + 1;
  while (terms > 1) {
    const double last = h[static_cast<std::size_t>(terms - 1)];
    rest += (terms - 1) * last * last;
    if (rest > tolerance * std::max(norm, all)) break;
    --terms;
  }
  return terms;
}

}  // namespace

template <class T>
double SliceFunction<T>::diagonal(double a) const {
  if (series == nullptr) return at_one * a;
  std::vector<double> h(static_cast<std::size_t>(numbers.terms));
  series->coefficients(a, h);
  double sum = 0;
  for (const double x : h) sum += x * x;
  return sum;
}

template <class T>
std::optional<SliceFunction<T>> slice_function(const Layer& layer, double largest, double tolerance) {
  if (const auto* given = std::get_if<FormulaDual>(&layer)) return smooth<T>(*given, tolerance);
  const Activation& sigma = std::get<Nonlinearity>(layer).activation;
  if (sigma.homogeneity()) {
    const FastDual dual(sigma, {.min_variance = 1, .max_variance = 1});
    const std::optional<HomogeneousFit> fit = homogeneous_fit(sigma, dual);
    if (fit && fit->power == 1 && !fit->base_flips && fit->dot_flips) return kinked<T>(*fit);
  }
  if (!sigma.breakpoints().empty()) return std::nullopt;  // the series of a kink ends too slowly
  SliceFunction<T> f;
  f.series = std::make_shared<HermiteSeries>(sigma, HermiteRange{series_degree, largest * 1e-6, largest * 1.01});
  f.numbers.kind = SliceDual::series;
  f.numbers.terms = terms_needed(*f.series, largest, tolerance);
  if (f.numbers.terms == 0) return std::nullopt;
  return f;
}

template struct SliceFunction<float>;
template struct SliceFunction<double>;
template std::optional<SliceFunction<float>> slice_function(const Layer&, double, double);
template std::optional<SliceFunction<double>> slice_function(const Layer&, double, double);

}  // namespace nke
