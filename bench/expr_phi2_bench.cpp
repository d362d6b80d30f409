// SPDX-License-Identifier: Apache-2.0
// What does the bivariate normal distribution function cost, against Owen's formula through Boost.Math?
// `exp` is one exponential of libm an entry: the unit all of them are made of.
#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include <benchmark/benchmark.h>
#include <boost/math/special_functions/owens_t.hpp>

#include <nke/exact/expr/block_math.hpp>
#include <nke/exact/expr/block_program.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/real/bivariate.hpp>

namespace {

constexpr std::size_t entries = 4096;

template <class T>
struct Arguments {
  std::vector<T> h, k, x, y;
};

template <class T>
Arguments<T> drawn() {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> threshold(-4, 4), angle(0, std::numbers::pi);
  Arguments<T> list;
  for (std::size_t i = 0; i < entries; ++i) {
    const double theta = angle(random);
    list.h.push_back(static_cast<T>(threshold(random)));
    list.k.push_back(static_cast<T>(threshold(random)));
    list.x.push_back(static_cast<T>(std::cos(theta)));
    list.y.push_back(static_cast<T>(std::sin(theta)));
  }
  return list;
}

void per_entry(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(entries));
}

void blocks(benchmark::State& state) {
  const Arguments<double> at = drawn<double>();
  std::vector<double> out(entries);
  for (auto _ : state) {
    nke::block::Phi2(at.h, at.k, at.x, at.y, out);
    benchmark::DoNotOptimize(out.data());
  }
  per_entry(state);
}

// As a program of a row of a matrix: the first threshold belongs to the row.
template <class T>
void row(benchmark::State& state) {
  const Arguments<T> at = drawn<T>();
  const std::vector<nke::Expr> formula{nke::parse_expression("Phi2(h, k, x, y)")};
  const nke::BlockProgram<T> program(formula, {{"h"}, {}, {"k", "x", "y"}});
  std::vector<T> out(entries);
  const T h = T(-0.5);
  const std::vector<std::span<const T>> inputs{at.k, at.x, at.y};
  const std::vector<std::span<T>> outputs{out};
  for (auto _ : state) {
    program(std::span(&h, 1), {}, inputs, outputs);
    benchmark::DoNotOptimize(out.data());
  }
  per_entry(state);
}

double by_owen(double h, double k, double r, double q) {
  return 0.5 * (nke::Phi(h) + nke::Phi(k)) - boost::math::owens_t(h, (k - r * h) / (h * q)) -
         boost::math::owens_t(k, (h - r * k) / (k * q)) - (h * k < 0 ? 0.5 : 0);
}

template <class F>
void scalar(benchmark::State& state, F f) {
  const Arguments<double> at = drawn<double>();
  std::vector<double> out(entries);
  for (auto _ : state) {
    for (std::size_t i = 0; i < entries; ++i) out[i] = f(at.h[i], at.k[i], at.x[i], at.y[i]);
    benchmark::DoNotOptimize(out.data());
  }
  per_entry(state);
}

struct Point {
  double h, k, angle;
};
constexpr Point middle{0.7, 1.3, 1.1}, opposite{-1.5, 2, 2}, tail{-6, -7, 2}, far{-1e6, -1e6, 1},
    near_minus_one{1, -1.0001, std::numbers::pi - 1e-12};

template <class Number>
void many_digits(benchmark::State& state, const Point& p) {
  const nke::Precision precision = nke::Precision::digits(static_cast<int>(state.range(0)));
  const auto number = [precision](double v) { return Number::from_double_exactly(v, precision); };
  const Number h = number(p.h), k = number(p.k), x = number(std::cos(p.angle)), y = number(std::sin(p.angle));
  for (auto _ : state) benchmark::DoNotOptimize(nke::Phi2(h, k, x, y));
}

void balls(benchmark::State& state, const Point& p) {
  many_digits<nke::Ball>(state, p);
}
void plain(benchmark::State& state, const Point& p) {
  many_digits<nke::Mpfr>(state, p);
}

}  // namespace

BENCHMARK_CAPTURE(scalar, exp, [](double h, double, double, double) { return std::exp(h); });
BENCHMARK(blocks);
BENCHMARK(row<double>);
BENCHMARK(row<float>);
BENCHMARK_CAPTURE(scalar, doubles, [](double h, double k, double x, double y) { return nke::Phi2(h, k, x, y); });
BENCHMARK_CAPTURE(scalar, boost_owens_t, by_owen);
BENCHMARK_CAPTURE(balls, middle, middle)->Arg(15)->Arg(30)->Arg(100)->Arg(200)->Arg(300);
BENCHMARK_CAPTURE(balls, opposite, opposite)->Arg(30)->Arg(200);
BENCHMARK_CAPTURE(balls, tail, tail)->Arg(30)->Arg(200);
BENCHMARK_CAPTURE(balls, far, far)->Arg(30)->Arg(200);
BENCHMARK_CAPTURE(balls, near_minus_one, near_minus_one)->Arg(30)->Arg(200);
BENCHMARK_CAPTURE(plain, middle, middle)->Arg(30);
