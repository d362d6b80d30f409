// SPDX-License-Identifier: Apache-2.0
// Every block function on every instruction set of this machine, against enclosures of 200 bits.
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <hwy/targets.h>

#include <nke/exact/expr/block_math.hpp>
#include <nke/exact/real/ball.hpp>

#include "support.hpp"

namespace block = nke::block;
using nke::Ball;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
const double nan_value = std::numeric_limits<double>::quiet_NaN();

using BlockFunction = std::function<void(block::In, block::Out)>;

struct Case {
  std::string name;
  BlockFunction f;
  std::function<Ball(const Ball&)> exact;
  double low, high;     // where it is defined and finite
  double at_minus_inf;  // the values at the ends of the line
  double at_plus_inf;
};

Ball one() {
  return Ball(1);
}

std::vector<Case> cases() {
  const double half_pi = std::acos(0.0);
  const auto asin = [](const Ball& x) { return nke::atan2(x, nke::sqrt((one() - x) * (one() + x))); };
  const auto acos = [](const Ball& x) { return nke::atan2(nke::sqrt((one() - x) * (one() + x)), x); };
#define NKE_CASE(name, low, high, at_minus_inf, at_plus_inf)                                                           \
  {                                                                                                                    \
#name, [](block::In x,                                                                                             \
              block::Out y) { block::name(x, y); }, [](const Ball& x) { return nke::name(x); }, low, high,             \
                                                                                             at_minus_inf, at_plus_inf \
  }
  return {
      NKE_CASE(exp, -745, 709.7, 0, infinity),
      NKE_CASE(log, 0, 1e308, nan_value, infinity),
      NKE_CASE(sqrt, 0, 1e308, nan_value, infinity),
      NKE_CASE(sin, -1e5, 1e5, nan_value, nan_value),
      NKE_CASE(cos, -1e5, 1e5, nan_value, nan_value),
      NKE_CASE(tan, -1e5, 1e5, nan_value, nan_value),
      NKE_CASE(sinh, -710, 710, -infinity, infinity),
      NKE_CASE(cosh, -710, 710, infinity, infinity),
      NKE_CASE(tanh, -1e3, 1e3, -1, 1),
      {"asin", [](block::In x, block::Out y) { block::asin(x, y); }, asin, -1, 1, nan_value, nan_value},
      {"acos", [](block::In x, block::Out y) { block::acos(x, y); }, acos, -1, 1, nan_value, nan_value},
      NKE_CASE(atan, -1e6, 1e6, -half_pi, half_pi),
      NKE_CASE(erf, -1e3, 1e3, -1, 1),
      NKE_CASE(erfc, -1e3, 26.5, 2, 0),
      NKE_CASE(Phi, -37.5, 1e3, 0, 1),
      NKE_CASE(phi, -37.6, 37.6, 0, 0),
      NKE_CASE(sigmoid, -708, 1e3, 0, 1),
      NKE_CASE(softplus, -708, 1e6, 0, infinity),
      NKE_CASE(expm1, -1e3, 709.7, -1, infinity),
      NKE_CASE(log1p, -1, 1e308, nan_value, infinity),
      {"square", [](block::In x, block::Out y) { block::square(x, y); }, [](const Ball& x) { return x * x; }, -1e150,
       1e150, infinity, infinity},
      {"reciprocal", [](block::In x, block::Out y) { block::reciprocal(x, y); },
       [](const Ball& x) { return one() / x; }, 1e-300, 1e300, -0.0, 0},
  };
#undef NKE_CASE
}

// Uniform over the range, and over all magnitudes towards 0; both ends and their neighbours.
std::vector<double> grid(double low, double high) {
  std::mt19937_64 random(nke::test::seed());
  std::uniform_real_distribution<double> unit(0, 1), exponent(-60, 0);
  std::vector<double> x{std::nextafter(high, low), std::nextafter(low, high)};
  for (int i = 0; i < 600; ++i) {
    x.push_back(low + (high - low) * unit(random));
    const double bounded = std::min(high, 40.0);
    x.push_back(std::max(low, -40.0) + (bounded - std::max(low, -40.0)) * unit(random));
    const double small = std::exp2(exponent(random));
    if (small < high) x.push_back(small);
    if (-small > low) x.push_back(-small);
  }
  return x;
}

double last_place(double value) {
  const double size = std::abs(value);
  return std::nextafter(size, infinity) - size;
}

// Instruction sets this machine can run, the portable one (0) among them.
std::vector<std::int64_t> targets() {
  std::vector<std::int64_t> list{0};
  for (const std::int64_t target : {HWY_SSE4, HWY_AVX2, HWY_AVX3}) {
    if (hwy::SupportedTargets() & target) list.push_back(target);
  }
  return list;
}

struct OnTarget {
  explicit OnTarget(std::int64_t target) { hwy::GetChosenTarget().Update(target); }
  ~OnTarget() { hwy::GetChosenTarget().Update(hwy::SupportedTargets()); }
};

double promise(std::string_view name) {
  for (const block::Accuracy& row : block::block_accuracy()) {
    if (row.name == name) return row.ulp;
  }
  FAIL("no promise for " << name);
  return 0;
}

}  // namespace

TEST_CASE("block functions keep their promised accuracy on every instruction set [law]") {
  CAPTURE(nke::test::seed());
  for (const Case& f : cases()) {
    CAPTURE(f.name);
    const std::vector<double> x = grid(f.low, f.high);
    std::vector<Ball> exact;
    for (const double at : x) exact.push_back(f.exact(Ball::from_double_exactly(at, nke::Precision::bits(220))));
    for (const std::int64_t target : targets()) {
      const OnTarget on(target);
      std::vector<double> y(x.size());
      f.f(x, y);
      double worst = 0, worst_at = 0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const double error = std::abs((Ball::from_double_exactly(y[i], nke::Precision::bits(220)) - exact[i]).mid());
        const double ulp = error / last_place(exact[i].mid());
        if (!(ulp <= worst)) worst = ulp, worst_at = x[i];
      }
      CAPTURE(target);
      CAPTURE(worst_at);
      CHECK(worst <= promise(f.name));
    }
  }
}

TEST_CASE("block functions take NaN to NaN and know the ends of the line [fact]") {
  for (const std::int64_t target : targets()) {
    const OnTarget on(target);
    CAPTURE(target);
    for (const Case& f : cases()) {
      CAPTURE(f.name);
      const std::vector<double> x{nan_value, -infinity, infinity};
      std::vector<double> y(3);
      f.f(x, y);
      CHECK(std::isnan(y[0]));
      for (const auto& [got, want] : {std::pair(y[1], f.at_minus_inf), std::pair(y[2], f.at_plus_inf)}) {
        if (std::isnan(want)) {
          CHECK(std::isnan(got));
        } else {
          CHECK((got == want || std::abs(got - want) <= 1e-15));
        }
      }
    }
  }
}

TEST_CASE("switches are exact, and take the mean at their jump [fact]") {
  const std::vector<double> x{-infinity, -1e3, -5e-324, -0.0, 0.0, 5e-324, 2.5, infinity, nan_value};
  const std::vector<double> sign{-1, -1, -1, 0, 0, 1, 1, 1}, step{0, 0, 0, 0.5, 0.5, 1, 1, 1};
  for (const std::int64_t target : targets()) {
    const OnTarget on(target);
    CAPTURE(target);
    std::vector<double> y(x.size());
    block::sign(x, y);
    for (std::size_t i = 0; i < sign.size(); ++i) CHECK(y[i] == sign[i]);
    CHECK(std::isnan(y.back()));
    block::step(x, y);
    for (std::size_t i = 0; i < step.size(); ++i) CHECK(y[i] == step[i]);
    CHECK(std::isnan(y.back()));
    block::abs(x, y);
    for (std::size_t i = 0; i < step.size(); ++i) CHECK(y[i] == std::abs(x[i]));
    CHECK(std::isnan(y.back()));
  }
}

TEST_CASE("functions of two arguments agree with libm at every length, in place too [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  std::normal_distribution<double> normal(0, 10);
  using Binary = void (*)(block::In, block::In, block::Out);
  using Constant = void (*)(block::In, double, block::Out);
  struct Pair {
    const char* name;
    Binary f;
    Constant with_constant;
    double (*scalar)(double, double);
    double tolerance;
  };
  const std::vector<Pair> pairs{
      {"add", block::add, block::add, [](double a, double b) { return a + b; }, 0},
      {"subtract", block::subtract, nullptr, [](double a, double b) { return a - b; }, 0},
      {"multiply", block::multiply, block::multiply, [](double a, double b) { return a * b; }, 0},
      {"divide", block::divide, nullptr, [](double a, double b) { return a / b; }, 0},
      {"min", block::min, block::min, [](double a, double b) { return nke::min(a, b); }, 0},
      {"max", block::max, block::max, [](double a, double b) { return nke::max(a, b); }, 0},
      {"pow", block::pow, block::pow, [](double a, double b) { return std::pow(a, b); }, 1e-15},
      {"atan2", block::atan2, nullptr, [](double a, double b) { return std::atan2(a, b); }, 1e-15},
      {"less", block::less, nullptr, [](double a, double b) { return a < b ? 1.0 : 0.0; }, 0},
      {"less_equal", block::less_equal, nullptr, [](double a, double b) { return a <= b ? 1.0 : 0.0; }, 0},
      {"equal", block::equal, nullptr, [](double a, double b) { return a == b ? 1.0 : 0.0; }, 0},
  };
  for (const std::int64_t target : targets()) {
    const OnTarget on(target);
    for (const Pair& pair : pairs) {
      CAPTURE(pair.name);
      for (std::size_t n = 0; n <= 19; ++n) {
        std::vector<double> a(n), b(n), y(n), z(n);
        for (std::size_t i = 0; i < n; ++i) {
          a[i] = pair.f == static_cast<Binary>(block::pow) ? std::abs(normal(random)) : normal(random);
          b[i] = i % 5 == 4 ? a[i] : normal(random);
        }
        if (n > 3) a[2] = nan_value, b[3] = nan_value;
        pair.f(a, b, y);
        if (pair.with_constant) pair.with_constant(a, 1.75, z);
        std::vector<double> in_place = a;
        pair.f(in_place, b, in_place);
        for (std::size_t i = 0; i < n; ++i) {
          const double want = pair.scalar(a[i], b[i]);
          CHECK((std::isnan(want) ? std::isnan(y[i]) : std::abs(y[i] - want) <= pair.tolerance * std::abs(want)));
          CHECK((y[i] == in_place[i] || std::isnan(y[i])));
          if (pair.with_constant && !std::isnan(a[i])) {
            const double fixed = pair.scalar(a[i], 1.75);
            CHECK(std::abs(z[i] - fixed) <= pair.tolerance * std::abs(fixed));
          }
        }
      }
    }
  }
}

TEST_CASE("what is not selected has no influence, even NaN [fact]") {
  const std::vector<double> mask{1, 0, 1}, chosen{1, nan_value, 3}, otherwise{nan_value, 5, infinity};
  std::vector<double> y(3);
  block::select(mask, chosen, otherwise, y);
  CHECK(y == std::vector<double>{1, 5, 3});
  block::divide_into(chosen, 6, y);
  CHECK(y[0] == 6);
  CHECK(y[2] == 2);
}
