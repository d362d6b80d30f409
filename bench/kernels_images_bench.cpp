// SPDX-License-Identifier: Apache-2.0
// One entry of a convolutional kernel (both kinds), one thread: Myrtle networks on 32x32x3 and 28x28x1, by activation.
//
// From two matrices, of 10 and of 2 images: n(n − 1)/2 entries and n preparations (the pair of an image with itself, in
// double) each, solved for both. The best of five.
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

void entries(benchmark::State& state, const char* text, int side, int channels, bool single) {
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  const nke::Network net = nke::network(text);
  const nke::Images few = images(2, side, channels), many = images(10, side, channels);
  const auto seconds = [&](const nke::Images& x) {
    const double begin = cpu_seconds();
    if (single) {
      benchmark::DoNotOptimize(nke::kernel_matrix_float(net, x, nke::Kind::ntk).data());
    } else {
      benchmark::DoNotOptimize(nke::kernel_matrix(net, x, nke::Kind::ntk).data());
    }
    return cpu_seconds() - begin;
  };
  double square = 1e9, small = 1e9;
  for (auto _ : state) {
    square = std::min(square, seconds(many));  // 45 entries, 10 preparations
    small = std::min(small, seconds(few));     // 1 entry, 2 preparations
    state.SetIterationTime(square);
  }
  const double best = (square - 5 * small) / 40, best_prepare = (small - best) / 2;
  state.counters["entry_ms"] = best * 1e3;
  state.counters["prepare_ms"] = best_prepare * 1e3;
}

#define NKE_ENTRY(name, text, side, channels, single)            \
  BENCHMARK_CAPTURE(entries, name, text, side, channels, single) \
      ->UseManualTime()                                          \
      ->Iterations(5)                                            \
      ->Unit(benchmark::kMillisecond)
NKE_ENTRY(myrtle5_relu_float, "myrtle(5, relu)", 32, 3, true);
NKE_ENTRY(myrtle5_relu_double, "myrtle(5, relu)", 32, 3, false);
NKE_ENTRY(myrtle5_exp_float, "myrtle(5, dual(\"sqrt(a*b)*exp(c/sqrt(a*b)-1)\"))", 32, 3, true);
NKE_ENTRY(myrtle5_gelu_float, "myrtle(5, gelu)", 32, 3, true);
NKE_ENTRY(myrtle5_tanh_float, "myrtle(5, tanh)", 32, 3, true);
NKE_ENTRY(myrtle10_relu_float, "myrtle(10, relu)", 32, 3, true);
NKE_ENTRY(myrtle5_relu_28_float, "myrtle(5, relu)", 28, 1, true);

}  // namespace
