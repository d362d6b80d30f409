// SPDX-License-Identifier: Apache-2.0
// Phi2 over blocks on every instruction set, against the scalar function, whose own test holds it against enclosures.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include <hwy/targets.h>

#include <nke/exact/expr/block_math.hpp>
#include <nke/exact/expr/block_program.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/program.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/bivariate.hpp>

#include "support.hpp"

namespace {

std::vector<std::int64_t> targets() {
  std::vector<std::int64_t> list;
  for (const std::int64_t target : {HWY_SSE4, HWY_AVX2, HWY_AVX3}) {
    if (hwy::SupportedTargets() & target) list.push_back(target);
  }
  if (list.empty()) list.push_back(0);  // another kind of machine: whatever is best there
  return list;
}

struct OnTarget {
  explicit OnTarget(std::int64_t target) {
    if (target != 0) hwy::GetChosenTarget().Update(target);
  }
  ~OnTarget() { hwy::GetChosenTarget().Update(hwy::SupportedTargets()); }
  OnTarget(const OnTarget&) = delete;
  OnTarget& operator=(const OnTarget&) = delete;
};

template <class T>
struct Arguments {
  std::vector<T> h, k, x, y;
};

// Thresholds in the middle and in the tails, angles everywhere and next to 0 and π, thresholds that nearly coincide.
template <class T>
Arguments<T> drawn(std::size_t n, double largest) {
  std::mt19937_64 random(nke::test::seed());
  const auto uniform = [&random](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  Arguments<T> list;
  for (std::size_t i = 0; i < n; ++i) {
    const double size = i % 3 == 0 ? largest : i % 3 == 1 ? 4 : 1.5;
    double angle = uniform(0, std::numbers::pi), h = uniform(-size, size), k = uniform(-size, size);
    if (i % 4 == 0) angle = std::pow(10, uniform(-12, 0));
    if (i % 8 == 0) k = h * (1 + std::pow(10, uniform(-14, -1)));
    if (i % 5 == 0) angle = std::numbers::pi - angle;
    list.h.push_back(static_cast<T>(h));
    list.k.push_back(static_cast<T>(k));
    list.x.push_back(static_cast<T>(3 * std::cos(angle)));
    list.y.push_back(static_cast<T>(3 * std::sin(angle)));
  }
  return list;
}

// The worst absolute error, and the worst relative one where sectors do not cancel.
struct Worst {
  double absolute = 0, relative = 0;
  void add(double value, double h, double k, double x, double y, double least) {
    const double exact = nke::Phi2(h, k, x, y), error = std::abs(value - exact);
    absolute = std::max(absolute, error);
    const bool cancels = (h > 0) != (k > 0) && x < 0;
    if (exact > least && !cancels) relative = std::max(relative, error / exact);
    if (!(error <= 1)) absolute = std::numeric_limits<double>::infinity();
  }
};

}  // namespace

TEST_CASE("Phi2 over blocks of doubles is accurate, relatively in the tails, on every instruction set [fact]") {
  CAPTURE(nke::test::seed());
  const std::size_t n = static_cast<std::size_t>(nke::test::iterations(6001));  // no multiple of a vector
  const Arguments<double> at = drawn<double>(n, 35);
  std::vector<double> out(n);
  for (const std::int64_t target : targets()) {
    const OnTarget on(target);
    CAPTURE(target);
    nke::block::Phi2(at.h, at.k, at.x, at.y, out);
    Worst worst;
    for (std::size_t i = 0; i < n; ++i) worst.add(out[i], at.h[i], at.k[i], at.x[i], at.y[i], 1e-290);
    CHECK(worst.absolute < 6e-16);
    CHECK(worst.relative < 1e-12);
    MESSAGE("worst error of doubles: " << worst.absolute << ", relative " << worst.relative);
  }
}

TEST_CASE("a program evaluates Phi2, in floats too, and with thresholds that do not change [fact]") {
  CAPTURE(nke::test::seed());
  const std::size_t n = 1003;
  const Arguments<float> at = drawn<float>(n, 8);
  const auto formula = [](const char* text) { return std::vector<nke::Expr>{nke::parse_expression(text)}; };
  std::vector<float> out(n);
  const std::vector<std::span<float>> outputs{out};
  for (const std::int64_t target : targets()) {
    const OnTarget on(target);
    CAPTURE(target);
    const auto check = [&](const nke::BlockInputs& inputs, std::span<const float> row,
                           std::vector<std::span<const float>> entries, bool fixed_h, bool fixed_k) {
      const auto text = formula("Phi2(h, k, x, y)");
      nke::BlockProgram<float>(text, inputs)(row, {}, entries, outputs);
      Worst worst;
      for (std::size_t i = 0; i < n; ++i) {
        const auto wide = [](float x) { return static_cast<double>(x); };
        const float h = fixed_h ? row[0] : at.h[i], k = fixed_k ? row.back() : at.k[i];
        worst.add(wide(out[i]), wide(h), wide(k), wide(at.x[i]), wide(at.y[i]), 1e-25);
      }
      CHECK(worst.absolute < 4e-7);
      CHECK(worst.relative < 4e-5);
    };
    const std::array<float, 2> fixed{-1.25F, 0.75F};
    check({{}, {}, {"h", "k", "x", "y"}}, {}, {at.h, at.k, at.x, at.y}, false, false);
    check({{"h"}, {}, {"k", "x", "y"}}, std::span(fixed).first(1), {at.k, at.x, at.y}, true, false);
    check({{"k"}, {}, {"h", "x", "y"}}, std::span(fixed).last(1), {at.h, at.x, at.y}, false, true);
    check({{"h", "k"}, {}, {"x", "y"}}, fixed, {at.x, at.y}, true, true);
  }
}

TEST_CASE("Phi2 over blocks knows its special cases [fact]") {
  const double infinity = std::numeric_limits<double>::infinity(), nan = std::nan("");
  struct Case {
    double h, k, x, y, value;
  };
  const Case cases[] = {
      {0, 0, -3, 4, nke::Phi2(0.0, 0.0, -3.0, 4.0)},
      {0, 0, 1, 0, 0.5},
      {0, 0, -1, 0, 0},
      {1, 2, 1, 0, nke::Phi(1.0)},
      {1, -2, -1, 0, 0},
      {2, -1, -1, 0, nke::Phi(2.0) - nke::Phi(1.0)},
      {1e-200, 0, 1e-250, 1e-250, 0.375},
      {1, 2, 1e300, 1e300, nke::Phi2(1.0, 2.0, 1.0, 1.0)},
      {-1, -1, 1, 1e-300, nke::Phi(-1.0)},
      {-infinity, 1, 1, 1, 0},
      {infinity, -1, 1, 1, nke::Phi(-1.0)},
      {-45, 1, 1, 1, 0},
      {0, 1, 0, 0, nan},
      {0, 1, 1, -1, nan},
      {nan, 1, 1, 1, nan},
      {1, nan, 1, 1, nan},
      {1, 1, nan, 1, nan},
      {1, 1, 1, nan, nan},
      {1, 1, 1, infinity, nan},
  };
  for (const std::int64_t target : targets()) {
    const OnTarget on(target);
    CAPTURE(target);
    for (const Case& c : cases) {
      CAPTURE(c.h);
      CAPTURE(c.k);
      CAPTURE(c.x);
      CAPTURE(c.y);
      double out = -1;
      nke::block::Phi2({&c.h, 1}, {&c.k, 1}, {&c.x, 1}, {&c.y, 1}, {&out, 1});
      if (std::isnan(c.value)) {
        CHECK(std::isnan(out));
        CHECK(std::isnan(nke::Phi2(c.h, c.k, c.x, c.y)));
      } else {
        CHECK(std::abs(out - c.value) < 3e-16);
        CHECK(std::abs(nke::Phi2(c.h, c.k, c.x, c.y) - c.value) < 3e-16);
      }
    }
  }
  CHECK(nke::Program(nke::parse_expression("Phi2(x, 0, 1, 1)"))(0.5) ==
        doctest::Approx(nke::Phi2(0.5, 0.0, 1.0, 1.0)).epsilon(1e-15));
}

namespace {

// Covariances with variances between 0.02 and 50 and correlations up to ±(1 − 1e-9), floats 1e-5.
template <class T>
struct Covariances {
  T a;
  std::vector<T> b, c;
};
template <class T>
Covariances<T> covariances(std::size_t n) {
  std::mt19937_64 random(nke::test::seed());
  const auto power = [&random](double low, double high) {
    return std::pow(10, std::uniform_real_distribution<double>(low, high)(random));
  };
  Covariances<T> at{static_cast<T>(power(-1.7, 1.7)), {}, {}};
  for (std::size_t i = 0; i < n; ++i) {
    const double away = i % 2 == 0 ? power(-1, 0) : power(sizeof(T) == sizeof(double) ? -9 : -5, 0),
                 sense = i % 3 == 0 ? -1 : 1;
    at.b.push_back(static_cast<T>(power(-1.7, 1.7)));
    at.c.push_back(
        static_cast<T>(sense * (1 - away) * std::sqrt(static_cast<double>(at.a) * static_cast<double>(at.b.back()))));
  }
  return at;
}

// Of a float's product nothing is lost in doubles; of a double's, as little as the program loses.
double determinant(double a, double b, double c) {
  const double square = c * c, product = a * b;
  return (product - square) + (std::fma(a, b, -product) - std::fma(c, c, -square));
}

template <class T, class Want>
double worst_of(const char* formula, const Want& want) {
  const std::size_t n = 203;
  const Covariances<T> at = covariances<T>(n);
  const std::vector<nke::Expr> outputs{nke::parse_expression(formula)};
  nke::BlockInputs inputs{{"a"}, {"b"}, {"c"}};
  inputs.determinant = nke::BlockInputs::Determinant{"d", "a", "b", "c"};
  std::vector<T> out(n);
  const std::vector<std::span<const T>> columns{at.b}, entries{at.c};
  const std::vector<std::span<T>> results{out};
  nke::BlockProgram<T>(outputs, inputs)(std::span(&at.a, 1), columns, entries, results);
  double worst = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const auto a = static_cast<double>(at.a), b = static_cast<double>(at.b[i]), c = static_cast<double>(at.c[i]);
    const double d = determinant(a, b, c);
    const double error = std::abs(static_cast<double>(out[i]) - want(a, b, c, d));
    worst = error <= 1 ? std::max(worst, error) : std::numeric_limits<double>::infinity();
  }
  return worst;
}

}  // namespace

TEST_CASE(
    "Phi2 whose corner is the foot of a line, or with a threshold of 0, is one line's work and as accurate [fact]") {
  CAPTURE(nke::test::seed());
  using nke::Phi2;
  struct Form {
    const char* text;
    double (*value)(double, double, double, double);
  };
  const Form forms[] = {
      {"Phi2(-sqrt(a), c/sqrt(b), -c, sqrt(d))",
       [](double a, double b, double c, double d) { return Phi2(-std::sqrt(a), c / std::sqrt(b), -c, std::sqrt(d)); }},
      {"Phi2(sqrt(a), c/sqrt(b), c, sqrt(d))",
       [](double a, double b, double c, double d) { return Phi2(std::sqrt(a), c / std::sqrt(b), c, std::sqrt(d)); }},
      {"Phi2(c/sqrt(a), -sqrt(b), -c, sqrt(d))",
       [](double a, double b, double c, double d) { return Phi2(c / std::sqrt(a), -std::sqrt(b), -c, std::sqrt(d)); }},
      {"Phi2(-1/sqrt(a), 0, c, sqrt(d))",
       [](double a, double, double c, double d) { return Phi2(-1 / std::sqrt(a), 0.0, c, std::sqrt(d)); }},
      {"Phi2(0, 3/sqrt(a), c, sqrt(d))",
       [](double a, double, double c, double d) { return Phi2(0.0, 3 / std::sqrt(a), c, std::sqrt(d)); }},
      {"Phi2(2/sqrt(b), 0, -c, sqrt(d))",
       [](double, double b, double c, double d) { return Phi2(2 / std::sqrt(b), 0.0, -c, std::sqrt(d)); }},
  };
  for (const std::int64_t target : targets()) {
    const OnTarget on(target);
    CAPTURE(target);
    for (const Form& form : forms) {
      CAPTURE(form.text);
      CHECK(worst_of<double>(form.text, form.value) < 6e-16);
      CHECK(worst_of<float>(form.text, form.value) < 4e-7);
    }
  }
}

TEST_CASE("exp(R^2/2) Phi2 with the corner below both feet is computed without either factor [fact]") {
  CAPTURE(nke::test::seed());
  const char* const text = "exp((a + b + 2*c)/2)*Phi2(-(a + c)/sqrt(a), -(b + c)/sqrt(b), c, sqrt(d))";
  static const nke::Expr formula = nke::parse_expression(text);
  const auto value = [](double a, double b, double c, double) {
    const auto precision = nke::Precision::bits(400);
    const auto ball = [&](double x) { return nke::Ball::from_double_exactly(x, precision); };
    const nke::Ball d = ball(a) * ball(b) - ball(c) * ball(c);
    return nke::evaluate<nke::Ball>(formula, {{"a", ball(a)}, {"b", ball(b)}, {"c", ball(c)}, {"d", d}}, precision)
        .mid();
  };
  for (const std::int64_t target : targets()) {
    const OnTarget on(target);
    CAPTURE(target);
    CHECK(worst_of<double>(text, value) < 2e-15);
    CHECK(worst_of<float>(text, value) < 4e-7);
  }
}

TEST_CASE("exp(t^2/2) Phi(t) far in the tail keeps the digits that its factors lose [fact]") {
  CAPTURE(nke::test::seed());
  const auto value = [](double a, double, double, double d) {
    const double t = std::sqrt(d / a);
    // Mills' ratio as a continued fraction where it converges at once.
    if (t < 5) return std::exp(t * t / 2) * nke::Phi(-t);
    double tail = t;
    for (int k = 60; k > 0; --k) tail = t + k / tail;
    return 1 / (tail * std::sqrt(2 * std::numbers::pi));
  };
  for (const std::int64_t target : targets()) {
    const OnTarget on(target);
    CAPTURE(target);
    CHECK(worst_of<double>("exp(d/(2*a))*Phi(-sqrt(d)/sqrt(a))", value) < 2e-15);
    CHECK(worst_of<float>("exp(d/(2*a))*Phi(-sqrt(d)/sqrt(a))", value) < 3e-7);
  }
}
