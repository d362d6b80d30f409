// SPDX-License-Identifier: Apache-2.0
// Does a compiled expression cost more than the loop one would write by hand? 4096 doubles, with libm for the rival.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include <benchmark/benchmark.h>

#include <nke/exact/expr/block_math.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/program.hpp>

namespace {

std::vector<double> arguments() {
  std::vector<double> x(4096);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = -6 + 12 * static_cast<double>(i) / 4096;
  return x;
}

void per_element(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * 4096);
}

void compiled(benchmark::State& state, const char* text) {
  const nke::Program program(nke::parse_expression(text));
  const std::vector<double> x = arguments();
  std::vector<double> y(x.size());
  for (auto _ : state) {
    program(x, y);
    benchmark::DoNotOptimize(y.data());
  }
  per_element(state);
}

template <double (*F)(double)>
void loop(benchmark::State& state) {
  const std::vector<double> x = arguments();
  std::vector<double> y(x.size());
  for (auto _ : state) {
    for (std::size_t i = 0; i < x.size(); ++i) y[i] = F(x[i]);
    benchmark::DoNotOptimize(y.data());
  }
  per_element(state);
}

double relu(double x) {
  return std::max(x, 0.0);
}
double gelu(double x) {
  return x * 0.5 * std::erfc(-x * std::numbers::sqrt2 / 2);
}
double mish(double x) {
  return x * std::tanh(std::log1p(std::exp(x)));
}
double hardswish(double x) {
  return x * std::min(std::max(x + 3, 0.0), 6.0) / 6;
}
double elu(double x) {
  return x < 0 ? std::expm1(x) : x;
}

template <void (*F)(nke::block::In, nke::block::Out)>
void block_function(benchmark::State& state) {
  std::vector<double> x = arguments();
  for (double& value : x) value = std::abs(value) + 0.01;  // the logarithm has no fast way outside its domain
  std::vector<double> y(x.size());
  for (auto _ : state) {
    F(x, y);
    benchmark::DoNotOptimize(y.data());
  }
  per_element(state);
}

}  // namespace

BENCHMARK_CAPTURE(compiled, relu, "max(x,0)");
BENCHMARK(loop<relu>);
BENCHMARK_CAPTURE(compiled, hardswish, "x*min(max(x+3,0),6)/6");
BENCHMARK(loop<hardswish>);
BENCHMARK_CAPTURE(compiled, elu, "piecewise(x < 0: exp(x)-1, x)");
BENCHMARK(loop<elu>);
BENCHMARK_CAPTURE(compiled, gelu, "x*Phi(x)");
BENCHMARK(loop<gelu>);
BENCHMARK_CAPTURE(compiled, mish, "x*tanh(log(1+exp(x)))");
BENCHMARK(loop<mish>);
BENCHMARK(block_function<nke::block::exp>);
BENCHMARK(block_function<nke::block::log>);
BENCHMARK(block_function<nke::block::sin>);
BENCHMARK(block_function<nke::block::tanh>);
BENCHMARK(block_function<nke::block::erf>);
BENCHMARK(block_function<nke::block::erfc>);
BENCHMARK(block_function<nke::block::Phi>);
BENCHMARK(block_function<nke::block::sigmoid>);
BENCHMARK(block_function<nke::block::softplus>);
