// SPDX-License-Identifier: Apache-2.0
// What does a row of coefficients cost a feature map, and a value of the dual? From the table, and by quadrature.
#include <cmath>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <nke/exact/activation/activation.hpp>
#include <nke/hermite/series.hpp>

namespace {

nke::HermiteSeries series_of(const char* text, int degree) {
  return {nke::activation(text), {.degree = degree, .min_variance = 0.1, .max_variance = 10}};
}

void row_from_table(benchmark::State& state, const char* text) {
  const nke::HermiteSeries series = series_of(text, static_cast<int>(state.range(0)));
  std::vector<double> h(static_cast<std::size_t>(state.range(0)) + 1);
  double a = 0.1;
  for (auto _ : state) {
    series.coefficients(a, h);
    benchmark::DoNotOptimize(h.data());
    a = a < 9 ? a * 1.01 : 0.1;
  }
  state.counters["interpolation_error"] = series.interpolation_error();
}

void row_by_quadrature(benchmark::State& state, const char* text) {
  const nke::HermiteSeries series = series_of(text, static_cast<int>(state.range(0)));
  std::vector<double> h(static_cast<std::size_t>(state.range(0)) + 1);
  double a = 0.1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(series.rule()(a, h));
    a = a < 9 ? a * 1.01 : 0.1;
  }
}

void value(benchmark::State& state, const char* text) {
  const nke::HermiteSeries series = series_of(text, static_cast<int>(state.range(0)));
  double rho = -0.9;
  for (auto _ : state) {
    benchmark::DoNotOptimize(series.value(1.5, 0.7, rho));
    rho = rho < 0.9 ? rho + 0.01 : -0.9;
  }
}

void make(benchmark::State& state, const char* text) {
  for (auto _ : state) benchmark::DoNotOptimize(series_of(text, static_cast<int>(state.range(0))));
}

}  // namespace

BENCHMARK_CAPTURE(row_from_table, gelu, "gelu")->Arg(8)->Arg(100);
BENCHMARK_CAPTURE(row_from_table, hardswish, "hardswish")->Arg(8)->Arg(100);
BENCHMARK_CAPTURE(row_by_quadrature, gelu, "gelu")->Arg(8)->Arg(100);
BENCHMARK_CAPTURE(row_by_quadrature, hardswish, "hardswish")->Arg(8)->Arg(100);
BENCHMARK_CAPTURE(value, gelu, "gelu")->Arg(8)->Arg(100);
BENCHMARK_CAPTURE(make, gelu, "gelu")->Arg(8)->Arg(100)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(make, hardswish, "hardswish")->Arg(8)->Arg(100)->Unit(benchmark::kMillisecond);
