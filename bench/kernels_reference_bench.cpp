// SPDX-License-Identifier: Apache-2.0
// What does one proven entry cost? Points and small images, 20 digits, one thread: the recursion in balls, its precision
// raised until both kernels are narrow.
#include <benchmark/benchmark.h>

#include <nke/data/synthetic.hpp>
#include <nke/kernels/reference_image_entry.hpp>

namespace {

void point(benchmark::State& state, const char* text) {
  const nke::Matrix x = nke::gaussian(2, 784, 1);
  const nke::Network net = nke::network(text);
  for (auto _ : state) {
    benchmark::DoNotOptimize(nke::reference_entry(net, {x.row(0).data(), 784}, {x.row(1).data(), 784}, 20));
  }
}

void image(benchmark::State& state, const char* text) {
  const nke::Images x{nke::gaussian(2, 3 * 4 * 2, 5), 3, 4, 2};
  const nke::Network net = nke::network(text);
  for (auto _ : state) {
    benchmark::DoNotOptimize(nke::reference_image_entry(net, {x, 0}, {x, 1}, 20));
  }
}

BENCHMARK_CAPTURE(point, relu, "fc(depth=3, relu)")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(point, gelu, "fc(depth=3, gelu)")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(point, tanh, "fc(depth=3, tanh)")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(image, relu_gap, "conv(3) relu gap")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(image, erf_gap, "conv(3) erf gap")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(image, gelu_gap, "conv(3) gelu gap")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(image, relu_flatten, "conv(3) relu flatten")->Unit(benchmark::kMillisecond);

}  // namespace
