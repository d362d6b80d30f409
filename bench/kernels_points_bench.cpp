// SPDX-License-Identifier: Apache-2.0
// Kernels of points against the Gram product alone, which no method can do without.
//
// Rows: the Gram product (upper half, as the kernels need it) through BLAS where there is one, then whole kernels of 3
// hidden layers, n = 4096, d = 784, both kinds where it says so. One thread, so that ratios are of work, not of luck.
#include <vector>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include <nke/data/synthetic.hpp>
#include <nke/kernels/kernel_matrix.hpp>

#ifdef NKE_BENCH_BLAS
extern "C" {
void dsyrk_(const char* uplo, const char* trans, const int* n, const int* k, const double* alpha, const double* a,
            const int* lda, const double* beta, double* c, const int* ldc);
void dgemm_(const char* ta, const char* tb, const int* m, const int* n, const int* k, const double* alpha,
            const double* a, const int* lda, const double* b, const int* ldb, const double* beta, double* c,
            const int* ldc);
}
#endif

namespace {

constexpr int points = 4096, coordinates = 784;

const nke::Matrix& data() {
  static const nke::Matrix x = nke::gaussian(points, coordinates, 1);
  return x;
}

#ifdef NKE_BENCH_BLAS
void dsyrk(benchmark::State& state) {
  nke::Matrix out(points, points);
  out.setZero();
  const double scale = 1.0 / coordinates, zero = 0;
  for (auto _ : state) {
    dsyrk_("L", "T", &points, &coordinates, &scale, data().data(), &coordinates, &zero, out.data(), &points);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(dsyrk)->Unit(benchmark::kMillisecond);
void dgemm(benchmark::State& state) {
  nke::Matrix out(points, points);
  out.setZero();
  const double scale = 1.0 / coordinates, zero = 0;
  for (auto _ : state) {
    dgemm_("T", "N", &points, &points, &coordinates, &scale, data().data(), &coordinates, data().data(), &coordinates,
           &zero, out.data(), &points);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(dgemm)->Unit(benchmark::kMillisecond);
#endif

void kernel(benchmark::State& state, const char* text, int kinds) {
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  const nke::Network net = nke::network(text);
  for (auto _ : state) {
    if (kinds == 2) {
      benchmark::DoNotOptimize(nke::kernel_matrices(net, data()).ntk.data());
    } else {
      benchmark::DoNotOptimize(nke::kernel_matrix(net, data(), nke::Kind::ntk).data());
    }
  }
}
// No activation: the Gram product of our own, and the transport of results.
BENCHMARK_CAPTURE(kernel, gram, "dense", 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(kernel, relu, "fc(depth=3, relu)", 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(kernel, relu_both, "fc(depth=3, relu)", 2)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(kernel, relu_bias_both, "fc(depth=3, relu, b=1/10)", 2)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(kernel, gelu_both, "fc(depth=3, gelu)", 2)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(kernel, tanh_both, "fc(depth=3, tanh)", 2)->Unit(benchmark::kMillisecond);

void kernel_float(benchmark::State& state) {
  const tbb::global_control one(tbb::global_control::max_allowed_parallelism, 1);
  const nke::Network net = nke::network("fc(depth=3, relu)");
  for (auto _ : state) {
    benchmark::DoNotOptimize(nke::kernel_matrix_float(net, data(), nke::Kind::ntk).data());
  }
}
BENCHMARK(kernel_float)->Unit(benchmark::kMillisecond);

// Both kinds once, by the clock: what bench/peers/kernels_points.py holds numpy against.
void all_cores(benchmark::State& state, const char* text) {
  const nke::Network net = nke::network(text);
  const nke::Matrix& x = data();
  for (auto _ : state) benchmark::DoNotOptimize(nke::kernel_matrices(net, x).ntk.data());
}
BENCHMARK_CAPTURE(all_cores, relu, "fc(depth=3, relu)")->UseRealTime()->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(all_cores, gelu, "fc(depth=3, gelu)")->UseRealTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
