// SPDX-License-Identifier: Apache-2.0
// How many nanoseconds does an entry of a kernel matrix cost, K and K̇ together? Sixteen rows of 512 entries by FastDual,
// in doubles and floats. Peers in the same run: the formulas as one would write them with <cmath>, one atan2 and one
// square root over blocks, and the memory traffic that nothing can undercut.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>

#include <nke/exact/expr/block_math.hpp>
#include <nke/hermite/dual.hpp>

namespace {

constexpr std::size_t rows = 16, columns = 512;
constexpr double pi = std::numbers::pi;

// One set of columns, and a row of covariances for each a; |ρ| below 0.9.
template <class T>
struct Matrix {
  std::vector<T> a, b, c, k = std::vector<T>(columns), kdot = std::vector<T>(columns);

  Matrix() {
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> variance(0.7, 1.4), rho(-0.9, 0.9);
    for (std::size_t i = 0; i < rows; ++i) a.push_back(static_cast<T>(variance(random)));
    for (std::size_t j = 0; j < columns; ++j) b.push_back(static_cast<T>(variance(random)));
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j) c.push_back(static_cast<T>(rho(random)) * std::sqrt(a[i] * b[j]));
    }
  }
  std::span<const T> covariances(std::size_t i) const { return std::span(c).subspan(i * columns, columns); }
};

template <class T, class Row>
void per_entry(benchmark::State& state, const Row& row) {
  Matrix<T> m;
  for (auto _ : state) {
    for (std::size_t i = 0; i < rows; ++i) {
      row(m, i);
      benchmark::DoNotOptimize(m.k.data());
      benchmark::DoNotOptimize(m.kdot.data());
      benchmark::ClobberMemory();
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows * columns));
  state.counters["time/entry"] = benchmark::Counter(
      static_cast<double>(rows * columns), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

template <class T>
void dual(benchmark::State& state, const char* text) {
  const nke::FastDual fast(nke::activation(text), {.min_variance = 0.5, .max_variance = 2});
  per_entry<T>(state, [&](Matrix<T>& m, std::size_t i) { fast(m.a[i], m.b, m.covariances(i), m.k, m.kdot); });
}

void doubles(benchmark::State& state, const char* text) {
  dual<double>(state, text);
}
void floats(benchmark::State& state, const char* text) {
  dual<float>(state, text);
}

struct Pair {
  double k, kdot;
};
Pair relu(double a, double b, double c) {
  const double d = std::fma(a, b, -c * c), root = std::sqrt(std::max(d, 0.0)), t = std::atan2(root, -c);
  return {(root + c * t) / (2 * pi), t / (2 * pi)};
}
Pair erf(double a, double b, double c) {
  const double root = std::sqrt((1 + 2 * a) * (1 + 2 * b) - 4 * c * c);
  return {2 / pi * std::atan2(2 * c, root), 4 / (pi * root)};
}
Pair gelu(double a, double b, double c) {
  const double d = a * b - c * c, whole = 1 + a + b + d, root = std::sqrt(whole), t = std::atan2(root, -c);
  const double inverses = 1 / (1 + a) + 1 / (1 + b);
  return {(c * t + (d + c * c * inverses) / root) / (2 * pi), (t + c / root * (inverses + 1 / whole)) / (2 * pi)};
}
Pair sin(double a, double b, double c) {
  const double damping = std::exp(-(a + b) / 2);
  return {damping * std::sinh(c), damping * std::cosh(c)};
}

template <Pair (*F)(double, double, double)>
void by_hand(benchmark::State& state) {
  per_entry<double>(state, [](Matrix<double>& m, std::size_t i) {
    const std::span<const double> c = m.covariances(i);
    for (std::size_t j = 0; j < columns; ++j) {
      const auto [k, kdot] = F(m.a[i], m.b[j], c[j]);
      m.k[j] = k;
      m.kdot[j] = kdot;
    }
  });
}

void atan2_and_sqrt(benchmark::State& state) {
  per_entry<double>(state, [](Matrix<double>& m, std::size_t i) {
    nke::block::sqrt(m.b, m.k);
    nke::block::atan2(m.k, m.covariances(i), m.kdot);
  });
}

void memory(benchmark::State& state) {
  per_entry<double>(state, [](Matrix<double>& m, std::size_t i) {
    std::copy(m.b.begin(), m.b.end(), m.k.begin());
    std::copy_n(m.covariances(i).begin(), columns, m.kdot.begin());
  });
}

}  // namespace

BENCHMARK(memory);
BENCHMARK(atan2_and_sqrt);
BENCHMARK_CAPTURE(doubles, relu, "relu");
BENCHMARK(by_hand<relu>);
BENCHMARK_CAPTURE(doubles, erf, "erf");
BENCHMARK(by_hand<erf>);
BENCHMARK_CAPTURE(doubles, gelu, "gelu");
BENCHMARK(by_hand<gelu>);
BENCHMARK_CAPTURE(doubles, sin, "sin");
BENCHMARK(by_hand<sin>);
BENCHMARK_CAPTURE(doubles, hardtanh, "hardtanh");
BENCHMARK_CAPTURE(doubles, relu6, "relu6");
BENCHMARK_CAPTURE(doubles, elu, "elu");
BENCHMARK_CAPTURE(doubles, tanh_by_series, "tanh");
BENCHMARK_CAPTURE(doubles, silu_by_series, "silu");
BENCHMARK_CAPTURE(floats, relu, "relu");
BENCHMARK_CAPTURE(floats, erf, "erf");
BENCHMARK_CAPTURE(floats, gelu, "gelu");
BENCHMARK_CAPTURE(floats, sin, "sin");
BENCHMARK_CAPTURE(floats, hardtanh, "hardtanh");
BENCHMARK_CAPTURE(floats, relu6, "relu6");
BENCHMARK_CAPTURE(floats, elu, "elu");
BENCHMARK_CAPTURE(floats, tanh_by_series, "tanh");
