// SPDX-License-Identifier: Apache-2.0
// One entry of a convolutional kernel (both kinds), one thread: Myrtle networks on 32x32x3 and 28x28x1, by activation.
// Pixels are Gaussian; "alike": 0.7 + 0.3 of them, so that windows have correlations near 1, as those of photographs do.
//
// From a square of 20 images, 190 entries and 20 preparations (the pair of an image with itself, in double), and 19 of them
// against one, with as many preparations but 19 entries. The best of five.
#include <algorithm>
#include <ctime>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include <nke/data/synthetic.hpp>
#include <nke/kernels/kernel_matrix.hpp>

namespace {

nke::Images images(Eigen::Index n, Eigen::Index side, Eigen::Index channels) {
  return {nke::gaussian(static_cast<std::size_t>(n), static_cast<std::size_t>(side * side * channels), 1), side, side,
          channels};
}

// Of this thread, so that other work on the machine costs caches only.
double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

void entries(benchmark::State& state, const char* text, int side, int channels, bool single, bool alike = false) {
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  const nke::Network net = nke::network(text);
  nke::Images all = images(20, side, channels);
  if (alike) all.pixels.array() = 0.7 + 0.3 * all.pixels.array();
  nke::Images most = all, last = all;
  most.pixels = all.pixels.topRows(19).eval();
  last.pixels = all.pixels.bottomRows(1).eval();
  const auto seconds = [&](bool square) {
    const double begin = cpu_seconds();
    if (single) {
      benchmark::DoNotOptimize((square ? nke::kernel_matrix_float(net, all, nke::Kind::ntk)
                                       : nke::kernel_matrix_float(net, most, last, nke::Kind::ntk))
                                   .data());
    } else {
      benchmark::DoNotOptimize(
          (square ? nke::kernel_matrix(net, all, nke::Kind::ntk) : nke::kernel_matrix(net, most, last, nke::Kind::ntk))
              .data());
    }
    return cpu_seconds() - begin;
  };
  double square = 1e9, line = 1e9;
  for (auto _ : state) {
    square = std::min(square, seconds(true));
    line = std::min(line, seconds(false));
    state.SetIterationTime(square);
  }
  const double entry = (square - line) / 171;
  state.counters["entry_ms"] = entry * 1e3;
  state.counters["prepare_ms"] = (line - 19 * entry) / 20 * 1e3;
}

#define NKE_ENTRY(name, text, side, channels, single)            \
  BENCHMARK_CAPTURE(entries, name, text, side, channels, single) \
      ->UseManualTime()                                          \
      ->Iterations(5)                                            \
      ->Unit(benchmark::kMillisecond)
NKE_ENTRY(myrtle5_relu_float, "myrtle(5, relu)", 32, 3, true);
NKE_ENTRY(myrtle5_relu_double, "myrtle(5, relu)", 32, 3, false);
NKE_ENTRY(myrtle5_exp_float, "myrtle(5, dual(\"sqrt(a*b)*exp(c/sqrt(a*b)-1)\"))", 32, 3, true);
NKE_ENTRY(myrtle5_exp_double, "myrtle(5, dual(\"sqrt(a*b)*exp(c/sqrt(a*b)-1)\"))", 32, 3, false);
NKE_ENTRY(myrtle5_gelu_float, "myrtle(5, gelu)", 32, 3, true);
NKE_ENTRY(myrtle5_tanh_float, "myrtle(5, tanh)", 32, 3, true);
BENCHMARK_CAPTURE(entries, myrtle5_tanh_alike_float, "myrtle(5, tanh)", 32, 3, true, true)
    ->UseManualTime()
    ->Iterations(5)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(entries, myrtle5_tanh_alike_double, "myrtle(5, tanh)", 32, 3, false, true)
    ->UseManualTime()
    ->Iterations(5)
    ->Unit(benchmark::kMillisecond);
NKE_ENTRY(myrtle5_silu_float, "myrtle(5, silu)", 32, 3, true);
NKE_ENTRY(myrtle5_gelu_double, "myrtle(5, gelu)", 32, 3, false);
NKE_ENTRY(myrtle5_tanh_double, "myrtle(5, tanh)", 32, 3, false);
NKE_ENTRY(myrtle5_elu_float, "myrtle(5, elu)", 32, 3, true);
NKE_ENTRY(myrtle5_hardtanh_double, "myrtle(5, hardtanh)", 32, 3, false);
NKE_ENTRY(myrtle10_gelu_float, "myrtle(10, gelu)", 32, 3, true);
NKE_ENTRY(myrtle10_relu_float, "myrtle(10, relu)", 32, 3, true);
NKE_ENTRY(myrtle5_relu_28_float, "myrtle(5, relu)", 28, 1, true);
NKE_ENTRY(myrtle5_gelu_28_float, "myrtle(5, gelu)", 28, 1, true);

}  // namespace
