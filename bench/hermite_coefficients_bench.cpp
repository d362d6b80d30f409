// SPDX-License-Identifier: Apache-2.0
// What do h_0 … h_100 cost? Planned once and called, planned anew, and as one adaptive quadrature a coefficient.
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <nke/exact/activation/activation.hpp>
#include <nke/hermite/coefficients.hpp>
#include <nke/hermite/polynomials.hpp>

namespace {

constexpr int degree = 100;

const std::vector<std::string> activations{"tanh",
                                           "gelu",
                                           "swish",
                                           "mish",
                                           "softplus",
                                           "x*tanh(log(1+exp(x)))",
                                           "sin(2*x)*exp(-x^2/9)",
                                           "relu",
                                           "elu",
                                           "hardswish",
                                           "relu6",
                                           "piecewise(x < -1/3: x^2, x < 2: cos(3*x), exp(-x))"};

// What a script does: Gauss-Kronrod to 1e-12 for each n, over [−12, 12] split at the breakpoints. Seconds for n ≤ 100,
// estimated from every tenth n.
double adaptive_seconds(const nke::Activation& sigma) {
  std::vector<double> cuts{-12};
  for (const nke::Breakpoint& point : sigma.breakpoints()) cuts.push_back(point.at());
  cuts.push_back(12);
  const auto start = std::chrono::steady_clock::now();
  for (int n = 0; n <= degree; n += 10) {
    std::vector<double> p(static_cast<std::size_t>(n) + 1);
    const auto integrand = [&](double z) {
      nke::orthonormal_hermite(z, p);
      return sigma(z) * p.back() * std::exp(-z * z / 2) * 0.3989422804014327;
    };
    double sum = 0;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
      sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(integrand, cuts[i], cuts[i + 1], 10, 1e-12);
    }
    benchmark::DoNotOptimize(sum);
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() * (degree + 1) / 11;
}

void planned(benchmark::State& state, const std::string& text) {
  const nke::Activation sigma = nke::activation(text);
  const nke::HermiteRule rule(sigma, {.degree = degree});
  std::vector<double> h(degree + 1);
  const auto start = std::chrono::steady_clock::now();
  for (auto _ : state) benchmark::DoNotOptimize(rule(1, h));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() /
                         static_cast<double>(state.iterations());
  state.SetLabel(std::string(rule.method(1)));
  state.counters["nodes"] = rule.nodes(1);
  state.counters["adaptive/this"] = adaptive_seconds(sigma) / seconds;
}

void planned_anew(benchmark::State& state, const std::string& text) {
  const nke::Activation sigma = nke::activation(text);
  for (auto _ : state) benchmark::DoNotOptimize(nke::hermite_coefficients(sigma, degree, 1));
}

void planned_for_a_range(benchmark::State& state, const std::string& text) {
  const nke::Activation sigma = nke::activation(text);
  for (auto _ : state) {
    benchmark::DoNotOptimize(nke::HermiteRule(sigma, {.degree = degree, .min_variance = 0.1, .max_variance = 10}));
  }
}

const bool registered = [] {
  for (const std::string& text : activations) {
    benchmark::RegisterBenchmark(("planned/" + text).c_str(), planned, text)->Unit(benchmark::kMicrosecond);
  }
  for (const std::string& text : activations) {
    benchmark::RegisterBenchmark(("planned_anew/" + text).c_str(), planned_anew, text)->Unit(benchmark::kMicrosecond);
  }
  for (const char* text : {"gelu", "hardswish"}) {
    benchmark::RegisterBenchmark((std::string("planned_for_0.1..10/") + text).c_str(), planned_for_a_range,
                                 std::string(text))
        ->Unit(benchmark::kMicrosecond);
  }
  return true;
}();

}  // namespace
