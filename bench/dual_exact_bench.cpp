// SPDX-License-Identifier: Apache-2.0
// What does a proven value cost? Against the same formula typed straight into Arb, at the same precision; and what the
// derivation and the cross-check cost beside it. Limits: 5 ms at 30 digits, 100 ms at 200, derivation 50 ms, a factor of
// 3 to the hand formula.
#include <string>

#include <benchmark/benchmark.h>

#include <nke/exact/dual/closed_form.hpp>
#include <nke/exact/dual/exact_value.hpp>
#include <nke/exact/real/arb_access.hpp>

namespace {

const nke::Rational a(1);
const nke::Rational b(9, 4);
const nke::Rational c(4, 5);

// What exact mode tries first: 30 digits at 128 bits, 200 at 704.
slong bits_at(long digits) {
  return (nke::Precision::digits(static_cast<int>(digits)).bits() + 24 + 63) / 64 * 64;
}

void derivation(benchmark::State& state, const char* name) {
  const nke::Activation sigma = nke::activation(name);
  for (auto _ : state) {
    auto form = nke::closed_form_dual(sigma);
    benchmark::DoNotOptimize(form);
  }
}

void value(benchmark::State& state, const char* name, bool cross_check = false) {
  const nke::ExactDual dual(nke::activation(name));
  const nke::ExactOptions options{.digits = static_cast<int>(state.range(0)), .cross_check = cross_check};
  for (auto _ : state) {
    auto result = dual(a, b, c, options);
    benchmark::DoNotOptimize(result);
  }
}

void with_cross_check(benchmark::State& state, const char* name) {
  value(state, name, true);
}

// The arguments as balls and their d = ab − c², as anybody would set them up.
struct Arguments {
  explicit Arguments(slong bits) {
    for (arb_ptr x : {a_, b_, c_, d_, s_, t_, u_, v_}) arb_init(x);
    arb_set_si(a_, 1);
    arb_set_si(b_, 9);
    arb_div_si(b_, b_, 4, bits);
    arb_set_si(c_, 4);
    arb_div_si(c_, c_, 5, bits);
    arb_mul(d_, a_, b_, bits);
    arb_submul(d_, c_, c_, bits);
  }
  ~Arguments() {
    for (arb_ptr x : {a_, b_, c_, d_, s_, t_, u_, v_}) arb_clear(x);
  }
  arb_t a_, b_, c_, d_, s_, t_, u_, v_;
};

// (√d + c atan2(√d, −c))/2π
void relu_by_hand(benchmark::State& state) {
  const slong bits = bits_at(state.range(0));
  for (auto _ : state) {
    Arguments x(bits);
    arb_sqrt(x.s_, x.d_, bits);
    arb_neg(x.t_, x.c_);
    arb_atan2(x.t_, x.s_, x.t_, bits);
    arb_addmul(x.s_, x.c_, x.t_, bits);
    arb_const_pi(x.u_, bits);
    arb_mul_2exp_si(x.u_, x.u_, 1);
    arb_div(x.s_, x.s_, x.u_, bits);
    benchmark::DoNotOptimize(x.s_);
  }
}

// c (1/4 + atan2(c, s)/2π) + (d + c²(1/A + 1/B))/(2πs), A = 1 + a, B = 1 + b, s = √(AB − c²)
void gelu_by_hand(benchmark::State& state) {
  const slong bits = bits_at(state.range(0));
  for (auto _ : state) {
    Arguments x(bits);
    arb_add_si(x.a_, x.a_, 1, bits);
    arb_add_si(x.b_, x.b_, 1, bits);
    arb_mul(x.s_, x.a_, x.b_, bits);
    arb_submul(x.s_, x.c_, x.c_, bits);
    arb_sqrt(x.s_, x.s_, bits);
    arb_const_pi(x.u_, bits);
    arb_mul_2exp_si(x.u_, x.u_, 1);
    arb_inv(x.a_, x.a_, bits);
    arb_inv(x.b_, x.b_, bits);
    arb_add(x.a_, x.a_, x.b_, bits);
    arb_mul(x.t_, x.c_, x.c_, bits);
    arb_addmul(x.d_, x.t_, x.a_, bits);
    arb_div(x.d_, x.d_, x.s_, bits);
    arb_atan2(x.v_, x.c_, x.s_, bits);
    arb_addmul(x.d_, x.c_, x.v_, bits);
    arb_div(x.d_, x.d_, x.u_, bits);
    arb_mul_2exp_si(x.c_, x.c_, -2);
    arb_add(x.d_, x.d_, x.c_, bits);
    benchmark::DoNotOptimize(x.d_);
  }
}

}  // namespace

BENCHMARK_CAPTURE(derivation, relu, "relu")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(derivation, gelu, "gelu")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(derivation, elu, "elu")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(derivation, hardswish, "hardswish")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(derivation, smelu, "smelu")->Unit(benchmark::kMillisecond);

BENCHMARK(relu_by_hand)->Arg(30)->Arg(200)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(value, relu, "relu")->Arg(30)->Arg(200)->Unit(benchmark::kMicrosecond);
BENCHMARK(gelu_by_hand)->Arg(30)->Arg(200)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(value, gelu, "gelu")->Arg(30)->Arg(200)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(value, erf, "erf")->Arg(30)->Arg(200)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(value, snake, "snake")->Arg(30)->Arg(200)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(value, elu, "elu")->Arg(30)->Arg(200)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(value, hardtanh, "hardtanh")->Arg(30)->Arg(200)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(value, hardswish, "hardswish")->Arg(30)->Arg(200)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(value, smelu, "smelu")->Arg(30)->Arg(200)->Unit(benchmark::kMicrosecond);

BENCHMARK_CAPTURE(with_cross_check, relu, "relu")->Arg(30)->Arg(200)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(with_cross_check, gelu, "gelu")->Arg(30)->Arg(200)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(with_cross_check, elu, "elu")->Arg(30)->Arg(200)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(with_cross_check, hardswish, "hardswish")->Arg(30)->Arg(200)->Unit(benchmark::kMillisecond);
