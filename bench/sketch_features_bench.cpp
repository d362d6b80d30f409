// SPDX-License-Identifier: Apache-2.0
// How many rows a second does a sketch of one layer map, how good are its features, and how do random features compare?
//
// GELU, degree 8, D = 8192 features of 4096 rows of 784 (Fashion-MNIST where installed, Gaussian rows otherwise; the
// label says which). The output is written into memory touched before, so that the system's page faults are not
// measured; `fresh` counts them. error: relative Frobenius error of the kernel matrix of 512 rows against the series
// cut at degree 40.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <ctime>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <tbb/global_control.h>

#include <nke/data/named.hpp>
#include <nke/data/synthetic.hpp>
#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/series.hpp>
#include <nke/sketch/dual_features.hpp>
#include <nke/sketch/random_features.hpp>

namespace {

using nke::Matrix;
using nke::MatrixF;

constexpr std::size_t inputs = 784, rows = 4096, dimension = 8192;

struct Data {
  std::string name = "fashion-mnist:test";
  Matrix X;
  Data() {
    try {
      X = nke::read_points(name, {.limit = rows});
    } catch (const nke::Error&) {
      name = "gaussian";
      X = nke::gaussian(rows, inputs, 1);
    }
  }
  double variance(Eigen::Index i) const { return X.row(i).squaredNorm() / static_cast<double>(inputs); }
};

const Data& data() {
  static const Data all;
  return all;
}

const nke::HermiteSeries& gelu_series() {
  static const nke::HermiteSeries series = [] {
    double low = 1e300, high = 0;
    for (Eigen::Index i = 0; i < data().X.rows(); ++i) {
      low = std::min(low, data().variance(i));
      high = std::max(high, data().variance(i));
    }
    return nke::HermiteSeries(nke::activation("gelu"), {.degree = 40, .min_variance = low, .max_variance = high});
  }();
  return series;
}

template <class Features>
double kernel_error(const Features& features) {
  const Eigen::Index n = 512;
  const Matrix X = data().X.topRows(n);
  const Matrix Z = features(X).template cast<double>();
  const Matrix estimate = Z * Z.transpose(), gram = X * X.transpose() / static_cast<double>(inputs);
  double error = 0, norm = 0;
  for (Eigen::Index i = 0; i < n; ++i) {
    for (Eigen::Index j = 0; j < n; ++j) {
      const double exact = gelu_series().value(gram(i, i), gram(j, j), gram(i, j));
      error += std::pow(estimate(i, j) - exact, 2);
      norm += exact * exact;
    }
  }
  return std::sqrt(error / norm);
}

// Seconds of processor time of all threads: a busy machine lengthens a row on the clock, but hardly here.
double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

// Best seconds a row: on the clock, and of processor time.
struct RowTime {
  double wall = 1e300, cpu = 1e300;
};

template <class Features>
RowTime measure(benchmark::State& state, const Features& features) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(state.range(0)));
  MatrixF out = MatrixF::Zero(data().X.rows(), static_cast<Eigen::Index>(dimension));
  using clock = std::chrono::steady_clock;
  RowTime row;
  for (auto _ : state) {
    const auto start = clock::now();
    const double cpu = cpu_seconds();
    features.apply(data().X, out);
    row.cpu = std::min(row.cpu, (cpu_seconds() - cpu) / rows);
    row.wall = std::min(row.wall, std::chrono::duration<double>(clock::now() - start).count() / rows);
  }
  state.SetLabel(data().name);
  state.counters["rows/s"] = 1 / row.wall;
  state.counters["rows/cpu-s"] = 1 / row.cpu;
  state.counters["error"] = kernel_error(features);
  return row;
}

// The transforms of one row and nothing else: what part of a row's time are they?
double transform_seconds(const nke::sketch::DualFeatures& features) {
  nke::sketch::RandomStream random(1, 1);
  const auto m = features.features_by_degree();
  const nke::sketch::PolySketch powers(inputs, {m.begin() + 1, m.end()}, 1);
  const std::size_t padded = nke::sketch::Placement(inputs, random).padded();
  std::vector<nke::sketch::Rotation> rotations;  // of both sides of each product
  for (int n = 2; n <= features.degree(); ++n) {
    rotations.emplace_back(n == 2 ? padded : powers.width(n), powers.width(n), random);
    rotations.emplace_back(padded, powers.width(n), random);
  }
  const nke::sketch::AlignedVector v(powers.width(2), 0.0f);
  nke::sketch::AlignedVector out(powers.width(2));
  double best = 1e300;
  for (int batch = 0; batch < 100; ++batch) {
    const double start = cpu_seconds();
    for (int row = 0; row < 10; ++row) {
      for (const auto& rotation : rotations) {
        rotation(std::span(v).first(rotation.padded()), std::span(out).first(rotation.rows()));
      }
    }
    best = std::min(best, (cpu_seconds() - start) / 10);
  }
  return best;
}

void sketch(benchmark::State& state) {
  const nke::sketch::DualFeatures features(gelu_series(), inputs, {.degree = 8, .dimension = dimension, .seed = 1});
  const RowTime row = measure(state, features);
  if (state.range(0) == 1) state.counters["fwht share"] = transform_seconds(features) / row.cpu;
}

void sketch_fresh(benchmark::State& state) {
  const nke::sketch::DualFeatures features(gelu_series(), inputs, {.degree = 8, .dimension = dimension, .seed = 1});
  double best = 1e300;
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    benchmark::DoNotOptimize(features(data().X));
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  state.counters["rows/s"] = static_cast<double>(rows) / best;
}

void random_features(benchmark::State& state) {
  measure(state, nke::sketch::RandomFeatures(nke::activation("gelu"), inputs, {.dimension = dimension, .seed = 1}));
}

}  // namespace

BENCHMARK(sketch)->Arg(1)->Arg(2)->ArgName("threads")->Iterations(15)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(sketch_fresh)->Iterations(5)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(random_features)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->Iterations(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
