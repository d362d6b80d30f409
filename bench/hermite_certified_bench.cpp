// SPDX-License-Identifier: Apache-2.0
// Proven coefficients and duals: how long, and how many times faster than integrating coefficient by coefficient with
// Arb's own rigorous acb_calc_integrate (through tests/hermite/second_opinion.cpp), which proves the same.
#include <string>

#include <benchmark/benchmark.h>

#include <nke/exact/activation/activation.hpp>
#include <nke/hermite/certified_coefficients.hpp>
#include <nke/hermite/certified_dual.hpp>

#include "second_opinion.hpp"

namespace {

using namespace nke;

const char* const activations[] = {"tanh",
                                   "sigmoid",
                                   "silu",
                                   "softplus",
                                   "mish",
                                   "erf",
                                   "gelu",
                                   "gelu_tanh",
                                   "softsign",
                                   "atan",
                                   "elu",
                                   "relu",
                                   "hardswish",
                                   "x*tanh(exp(x))",
                                   "exp(-x^2)*sin(3*x)",
                                   "max(x, x^2/4) - cos(x)",
                                   "log(1 + x^2)/(2 + cos(x))",
                                   "x*erf(softplus(x))"};

void coefficients(benchmark::State& state, const std::string& text, int degree, int digits) {
  const Activation sigma = activation(text);
  long nodes = 0;
  for (auto _ : state) {
    const CertifiedCoefficients found =
        certified_coefficients(sigma, Rational(1), {.degree = degree, .digits = digits});
    nodes = found.nodes;
    benchmark::DoNotOptimize(found.values.data());
  }
  state.counters["nodes"] = static_cast<double>(nodes);
}

// One of the coefficients by the peer; times the degree, it is what all of them would take (low degrees take less).
void peer(benchmark::State& state, const std::string& text, int n, int digits) {
  const Activation sigma = activation(text);
  for (auto _ : state) benchmark::DoNotOptimize(test::integrated_coefficient(sigma, Rational(1), n, digits));
}

void dual_cold(benchmark::State& state, const std::string& text, const std::string& rho) {
  const Activation sigma = activation(text);
  for (auto _ : state)
    benchmark::DoNotOptimize(CertifiedDual(sigma, 30)(Rational(1), Rational(1), Rational::parse(rho)));
}

void dual_warm(benchmark::State& state, const std::string& text, const std::string& rho) {
  const CertifiedDual dual(activation(text), 30);
  const Rational c = Rational::parse(rho);
  dual.prepare(1, 1, c.sign());
  benchmark::DoNotOptimize(dual(Rational(1), Rational(1), c));
  for (auto _ : state) benchmark::DoNotOptimize(dual(Rational(1), Rational(1), c));
}

// What many correlations at the same variances cost once, where there are kinks.
void dual_prepared(benchmark::State& state, const std::string& text) {
  const Activation sigma = activation(text);
  for (auto _ : state) benchmark::DoNotOptimize(CertifiedDual(sigma, 30).prepare(1, 1, 1));
}

const int registered = [] {
  for (const char* text : activations) {
    for (const int digits : {15, 50, 200}) {
      const std::string name = std::string("h_0..h_100/") + text + "/digits:" + std::to_string(digits);
      benchmark::RegisterBenchmark(name.c_str(), coefficients, text, 100, digits)->Unit(benchmark::kMillisecond);
    }
  }
  for (const char* text : {"silu", "tanh", "relu"}) {
    const std::string name = std::string("h_0..h_1000/") + text + "/digits:50";
    benchmark::RegisterBenchmark(name.c_str(), coefficients, text, 1000, 50)->Unit(benchmark::kMillisecond);
  }
  for (const char* text : {"tanh", "gelu", "elu"}) {
    const std::string name = std::string("peer: acb_calc, h_50 alone/") + text + "/digits:50";
    benchmark::RegisterBenchmark(name.c_str(), peer, text, 50, 50)->Unit(benchmark::kMillisecond);
  }
  for (const char* text : {"tanh", "gelu", "relu", "elu", "hardswish"}) {
    for (const char* rho : {"0.5", "0.99", "0.999999999999", "-0.9"}) {
      const std::string at = std::string(text) + "/rho:" + rho;
      benchmark::RegisterBenchmark(("K, 30 digits, cold/" + at).c_str(), dual_cold, text, rho)
          ->Unit(benchmark::kMillisecond);
      benchmark::RegisterBenchmark(("K, 30 digits, warm/" + at).c_str(), dual_warm, text, rho)
          ->Unit(benchmark::kMillisecond);
    }
  }
  for (const char* text : {"relu", "elu", "hardswish"}) {
    benchmark::RegisterBenchmark((std::string("K, 30 digits, table next to 1/") + text).c_str(), dual_prepared, text)
        ->Unit(benchmark::kMillisecond);
  }
  return 0;
}();

}  // namespace
