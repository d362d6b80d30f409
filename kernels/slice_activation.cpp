// SPDX-License-Identifier: Apache-2.0
#include "slice_activation.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <nke/hermite/dual.hpp>

#include "row_dual.hpp"

namespace nke {
namespace {

using kernels::simd::SliceActivation;
using kernels::simd::SliceDual;

constexpr int longest_degree = 1024;
constexpr int smooth_nodes = 48;
constexpr double for_doubles = 1e-12;  // tolerances up to this

// Coefficients of 1, ρ, ρ², … of the Chebyshev series through f at the nodes, cut where it has ended.
std::vector<double> polynomial(const std::vector<double>& f, double cut) {
  const std::size_t n = f.size();
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

// Coefficients of 1, z, z², … of (asin √z/√z − 1)/z for z up to sin² ⅛π, by interpolation between Chebyshev points.
template <std::size_t Terms>
std::vector<double> arcsine() {
  constexpr long double half = 0.07322330470336311889L;  // of sin² ⅛π
  std::vector<double> f;
  for (std::size_t i = 0; i < Terms; ++i) {
    const long double angle = std::numbers::pi_v<long double> * static_cast<long double>(2 * i + 1) / (2.0L * Terms);
    const long double z = half * (1 + std::cos(angle)), v = std::sqrt(z);
    f.push_back(static_cast<double>((std::asin(v) / v - 1) / z));
  }
  // From powers of z/half − 1 to powers of z.
  const std::vector<double> shifted = polynomial(f, 0);
  std::vector<long double> result(Terms, 0), power{1};
  for (const double c : shifted) {
    for (std::size_t i = 0; i < power.size(); ++i) result[i] += static_cast<long double>(c) * power[i];
    power.push_back(0);
    for (std::size_t i = power.size(); i-- > 0;) power[i] = (i > 0 ? power[i - 1] / half : 0) - power[i];
  }
  return {result.begin(), result.end()};
}

template <class T>
void set_arcsine(SliceActivation<T>& numbers) {
  static const std::vector<double> coefficients = arcsine<kernels::simd::arcsine_terms<T>>();
  std::transform(coefficients.begin(), coefficients.end(), numbers.arcsine, [](double x) { return static_cast<T>(x); });
}

// K and K̇ of the formula at one point; NaN where it has none.
DiagonalDual formula_at(const RowDual& dual, double a, double b, double rho) {
  DiagonalDual v{};
  const double c = rho * std::sqrt(a * b), d = a * b * (1 - rho) * (1 + rho);
  dual(a, {&b, 1}, {&c, 1}, {&d, 1}, {&v.value, 1}, {&v.derivative, 1});
  return v;
}

template <class T>
std::optional<SliceFunction<T>> kinked(const RowDual& dual) {
  // A² and B² of A|x| + Bx.
  const double up = formula_at(dual, 1, 1, 1).value, down = formula_at(dual, 1, 1, -1).value;
  const double bend = (up + down) / std::numbers::pi, line = (up - down) / 2;
  for (const double rho : {-0.8, -0.1, 0.4, 0.95}) {
    const DiagonalDual v = formula_at(dual, 3, 0.2, rho);
    const double kappa = line * rho + bend * (std::sqrt((1 - rho) * (1 + rho)) + rho * std::asin(rho));
    const double error =
        std::max(std::abs(v.value - std::sqrt(0.6) * kappa), std::abs(v.derivative - (line + bend * std::asin(rho))));
    if (!(error < 1e-13 * up)) return std::nullopt;
  }
  SliceFunction<T> f;
  f.at_one = up;
  f.numbers.kind = SliceDual::kinked;
  f.numbers.line = f.numbers.line_dot = static_cast<T>(line);
  f.numbers.bend = f.numbers.bend_dot = static_cast<T>(bend);
  set_arcsine(f.numbers);
  return f;
}

// Up to which |ρ| how many terms leave less than `error` of K and K̇.
template <class T>
void set_reach(const std::vector<double>& h, double error, SliceActivation<T>& numbers) {
  constexpr int steps = kernels::simd::series_steps;
  numbers.step = (numbers.terms + steps - 1) / steps;
  const auto left_out = [&](int from, double rho) {
    double sum = 0;
    for (auto n = static_cast<std::size_t>(numbers.first + numbers.stride * from); n < h.size();
         n += static_cast<std::size_t>(numbers.stride)) {
      sum += static_cast<double>(n) * h[n] * h[n] * std::pow(rho, static_cast<double>(n) - 1);
    }
    return sum;
  };
  for (int j = 0; j < steps; ++j) {
    const int terms = (j + 1) * numbers.step;
    numbers.reach[j] = 2;
    if (terms >= numbers.terms) continue;
    double low = 0, high = 1;
    for (int i = 0; i < 20; ++i) (left_out(terms, (low + high) / 2) <= error ? low : high) = (low + high) / 2;
    numbers.reach[j] = static_cast<T>(low);
  }
}

// How many degrees of the series leave less than the tolerance of Σ h_n² and of Σ n h_n², at the largest variance, and
// which are there at all; false if too many are needed.
template <class T>
bool choose_terms(const HermiteSeries& series, double variance, double tolerance, SliceActivation<T>& numbers) {
  const auto all = static_cast<std::size_t>(series.degree()) + 1;
  std::vector<double> h(all);
  double odd = 0, even = 0, size = 0;
  for (const double a : {variance, variance / 30, variance / 1000}) {
    series.coefficients(a, h);
    const double root = std::sqrt(series.norm(a));
    for (std::size_t n = 0; n < all; ++n) {
      if (n != 1) (n % 2 == 0 ? even : odd) = std::max(n % 2 == 0 ? even : odd, std::abs(h[n]) / root);
    }
  }
  constexpr double absent = 1e-15;
  numbers.stride = odd <= absent || even <= absent ? 2 : 1;
  numbers.first = even <= absent ? 1 : 0;
  series.coefficients(variance, h);
  numbers.line_plane =
      numbers.stride == 2 && numbers.first == 0 && std::abs(h[1]) > absent * std::sqrt(series.norm(variance));
  for (std::size_t n = 0; n < all; ++n) size += static_cast<double>(n) * h[n] * h[n];
  size = std::max(size, series.norm(variance));
  double rest = 0;
  std::size_t last = all;
  while (last > 0) {
    rest += static_cast<double>(last - 1) * h[last - 1] * h[last - 1];
    if (rest > tolerance * size) break;
    --last;
  }
  // What lies beyond the longest series looks like its end.
  if (last + 16 > all || !(series.tail(variance) <= tolerance * series.norm(variance))) return false;
  const auto stride = static_cast<std::size_t>(numbers.stride), first = static_cast<std::size_t>(numbers.first);
  numbers.terms = static_cast<int>(last > first ? (last - first + stride - 1) / stride : 1);
  numbers.planes = numbers.terms + (numbers.line_plane ? 1 : 0);
  set_reach(h, tolerance * size, numbers);
  return true;
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
  const double cut = tolerance / 10;
  const std::vector<double> value = polynomial(kappa, cut), slope = polynomial(kappa_dot, cut);
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
  f.numbers.rate = static_cast<T>(kappa_dot[0] / kappa[0]);
  bool exponential = true;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const double error = kappa_dot[i] * kappa[0] - kappa_dot[0] * kappa[i];
    exponential = exponential && std::abs(error) <= 1e-15 * std::abs(f.at_one * kappa[0]);
  }
  if (exponential) f.numbers.kind = SliceDual::exponential;
  std::transform(value.begin(), value.end(), f.numbers.kappa, [](double x) { return static_cast<T>(x); });
  std::transform(slope.begin(), slope.end(), f.numbers.kappa_dot, [](double x) { return static_cast<T>(x); });
  return f;
}

template <class T>
std::optional<SliceFunction<T>> closed_gate(const Activation& sigma, double largest) {
  SliceFunction<T> f;
  if (largest > 1e-12) f.gate = gaussian_gate(sigma);
  if (!f.gate) return std::nullopt;
  set_arcsine(f.numbers);
  set_gate(*f.gate, {}, f.numbers);
  return f;
}

template <class T>
std::optional<SliceFunction<T>> mehler(const Activation& sigma, double largest, double tolerance) {
  SliceFunction<T> f;
  f.numbers.kind = SliceDual::series;
  for (int degree = 64; degree <= longest_degree && largest < 1e18; degree *= 2) {
    f.series = std::make_shared<HermiteSeries>(sigma, HermiteRange{degree, largest * 1e-6, largest * 1.01});
    if (choose_terms(*f.series, largest, tolerance, f.numbers)) return f;
  }
  return std::nullopt;
}

template <class T>
std::optional<SliceFunction<T>> tabulated(const Nonlinearity& layer, double largest, double tolerance) {
  SliceFunction<T> f;
  f.table = SliceTable::make(layer, 1.01 * largest, tolerance);
  if (f.table == nullptr) return std::nullopt;
  f.numbers.kind = SliceDual::table;
  f.numbers.planes = static_cast<int>(f.table->planes());
  f.numbers.levels = f.table->levels();
  set_arcsine(f.numbers);
  return f;
}

template <class T>
std::optional<SliceFunction<T>> blocked(const Activation& sigma, double largest, double tolerance) {
  std::optional<SliceBlock> block = sizeof(T) == 8 ? SliceBlock::make(sigma, largest, tolerance) : std::nullopt;
  if (!block) return std::nullopt;
  SliceFunction<T> f;
  f.block = std::make_shared<const SliceBlock>(std::move(*block));
  f.numbers.kind = SliceDual::block;
  f.numbers.planes = 1;
  f.numbers.block = &SliceBlock::evaluate;
  f.numbers.block_data = f.block.get();
  return f;
}

}  // namespace

template <class T>
void SliceFunction<T>::coefficients(double variance, std::span<double> out) const {
  const auto terms = static_cast<std::size_t>(numbers.terms), stride = static_cast<std::size_t>(numbers.stride),
             first = static_cast<std::size_t>(numbers.first);
  thread_local std::vector<double> h;
  h.resize(std::max(first + stride * (terms - 1) + 1, std::size_t{2}));
  series->coefficients(variance, h);
  for (std::size_t m = 0; m < terms; ++m) out[m] = h[first + stride * m];
  if (numbers.line_plane) out[terms] = h[1];
}

template <class T>
double SliceFunction<T>::diagonal(double a) const {
  if (gate) return gate->diagonal(a);
  if (block) return block->diagonal(a);
  if (table) return table->diagonal(a);
  if (series == nullptr) return at_one * a;
  std::vector<double> h(planes());
  coefficients(a, h);
  double sum = 0;
  for (const double x : h) sum += x * x;
  return sum;
}

template <class T>
void SliceFunction<T>::set_pixel(const SliceUnits& units, double a, SlicePixel& pixel) const {
  if (gate) {
    nke::set_pixel(*gate, units, a, pixel);
    return;
  }
  if (block) {
    block->set_pixel(units, a, pixel);
    return;
  }
  if (table) {
    table->set_pixel(units, a, pixel);
    return;
  }
  pixel.root = std::sqrt(a * units.out);
  pixel.inverse = a > 0 ? 1 / std::sqrt(a) : 0;
  if (series == nullptr) return;
  coefficients(std::ldexp(a, units.exponent), pixel.rest);
  const double root = std::sqrt(std::ldexp(units.out, -units.exponent));
  for (double& h : pixel.rest) h *= root;
}

template <class T>
void SliceFunction<T>::use_units(const SliceUnits& units) {
  if (gate) {
    set_gate(*gate, units, numbers);
    return;
  }
  numbers.value_units = static_cast<T>(std::ldexp(units.out, -units.exponent));
  numbers.slope_units = static_cast<T>(units.out);
  const auto times = [&units](T& x) { x = static_cast<T>(units.out * static_cast<double>(x)); };
  times(numbers.line_dot);
  times(numbers.bend_dot);
  times(numbers.rate);
  for (T& x : numbers.kappa_dot) times(x);
}

template <class T>
std::optional<SliceFunction<T>> slice_function(const Layer& layer, double largest, double tolerance) {
  if (const auto* given = std::get_if<FormulaDual>(&layer)) return smooth<T>(*given, tolerance);
  const auto& named = std::get<Nonlinearity>(layer);
  const Activation& sigma = named.activation;
  if (sigma.homogeneity() == Rational(1)) return kinked<T>(row_dual(named, 0.1, 4));
  // The series of a kink ends too slowly.
  if (sigma.breakpoints().empty()) {
    if (auto f = closed_gate<T>(sigma, largest)) return f;
    if (auto f = mehler<T>(sigma, largest, tolerance)) return f;
  } else if (tolerance > for_doubles) {
    if (auto f = tabulated<T>(named, largest, tolerance)) return f;
  }
  return blocked<T>(sigma, largest, tolerance);
}

template struct SliceFunction<float>;
template struct SliceFunction<double>;
template std::optional<SliceFunction<float>> slice_function(const Layer&, double, double);
template std::optional<SliceFunction<double>> slice_function(const Layer&, double, double);

}  // namespace nke
