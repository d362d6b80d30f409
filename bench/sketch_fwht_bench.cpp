// SPDX-License-Identifier: Apache-2.0
// How fast is the Walsh-Hadamard transform, beside the additions it cannot avoid, the plain loop and FFTW's real
// transform?
//
// Each row times its rivals in the same run, so the ratios hold however busy the machine is. n log2 n additions are
// counted for ours and the loop; of FFTW only the time is compared.
#include <chrono>
#include <cmath>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>
#include <fftw3.h>

#include <nke/sketch/aligned.hpp>
#include <nke/sketch/fwht.hpp>

namespace {

struct Free {
  void operator()(void* memory) const { fftwf_free(memory); }
};

// The best of many batches of about 100 µs: other work on the machine can only add time, and often leaves so short a
// batch alone.
template <class Run>
double seconds(const Run& run) {
  using clock = std::chrono::steady_clock;
  std::size_t calls = 1;
  double best = 1e300;
  for (int batch = 0; batch < 200; ++batch) {
    const auto start = clock::now();
    for (std::size_t i = 0; i < calls; ++i) run();
    const double each = std::chrono::duration<double>(clock::now() - start).count() / static_cast<double>(calls);
    best = std::min(best, each);
    calls = std::max<std::size_t>(1, static_cast<std::size_t>(1e-4 / best));
    if (best > 1e-3 && batch >= 15) break;
  }
  return best;
}

template <class T>
void plain_loop(T* x, std::size_t n) {
  for (std::size_t h = 1; h < n; h *= 2) {
    for (std::size_t i = 0; i < n; i += 2 * h) {
      for (std::size_t j = i; j < i + h; ++j) {
        const T a = x[j], b = x[j + h];
        x[j] = a + b;
        x[j + h] = a - b;
      }
    }
  }
  benchmark::DoNotOptimize(x);
  benchmark::ClobberMemory();
}

double real_fft_seconds(std::size_t n) {
  const std::unique_ptr<float, Free> in(fftwf_alloc_real(n));
  const std::unique_ptr<fftwf_complex, Free> out(fftwf_alloc_complex(n / 2 + 1));
  const fftwf_plan plan = fftwf_plan_dft_r2c_1d(static_cast<int>(n), in.get(), out.get(), FFTW_MEASURE);
  std::fill_n(in.get(), n, 0.0f);
  const double time = seconds([&] { fftwf_execute(plan); });
  fftwf_destroy_plan(plan);
  return time;
}

template <class T>
void fwht(benchmark::State& state) {
  const std::size_t n = std::size_t{1} << state.range(0);
  // At cache lines, as FFTW's memory is, and two in turn: FFTW too has an input and an output, and so need not wait for
  // its last result. Zeros stay zeros: no overflow, and additions take the same time.
  std::vector<T, nke::sketch::CacheLineAllocator<T>> x(n, T{0}), y(n, T{0});
  double ours = 1e300;
  for (auto _ : state) {
    ours = std::min(ours, seconds([&] {
                            nke::sketch::fwht(std::span<T>(x));
                            nke::sketch::fwht(std::span<T>(y));
                          }) / 2);
  }
  state.counters["Gflop/s"] = static_cast<double>(n) * std::log2(static_cast<double>(n)) / ours * 1e-9;
  state.counters["ns"] = ours * 1e9;
  state.counters["loop/ours"] = seconds([&] { plain_loop(x.data(), n); }) / ours;
  // FFTW's search for a plan takes minutes beyond this.
  if (sizeof(T) == 4 && n <= std::size_t{1} << 18) state.counters["fftw/ours"] = real_fft_seconds(n) / ours;
}

}  // namespace

BENCHMARK(fwht<float>)->DenseRange(8, 18)->Arg(20)->Arg(22)->Arg(24)->Iterations(3)->Unit(benchmark::kMillisecond);
BENCHMARK(fwht<double>)->DenseRange(8, 18, 2)->Arg(20)->Arg(22)->Iterations(3)->Unit(benchmark::kMillisecond);
