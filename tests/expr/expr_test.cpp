// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <thread>

#include <nke/exact/expr/expr.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/substitute.hpp>

#include "random_expression.hpp"
#include "support.hpp"

using nke::Expr;
using nke::Rational;

namespace {

const Expr x = nke::symbol("x");
const Expr y = nke::symbol("y");
const Rational half(1, 2);
const Rational third(1, 3);

}  // namespace

TEST_CASE("sums are flat, collect like terms and fold numbers exactly [fact]") {
  CHECK(x + x == 2 * x);
  CHECK(x - x == Expr(0));
  CHECK((x + 1) + (y + 2) == nke::sum({Expr(3), y, x}));
  CHECK(Expr(third) + Expr(Rational(1, 6)) == Expr(half));
  CHECK(3 * x * y - 2 * y * x == x * y);
  CHECK((x + 1).operands().size() == 2);
  CHECK(2 * (x + 1) - (x + 1) == x + 1);
}

TEST_CASE("products are flat, collect powers and fold numbers exactly [fact]") {
  CHECK(x * x == pow(x, 2));
  CHECK(x / x == Expr(1));
  CHECK(2 * (3 * x) == 6 * x);
  CHECK(0 * nke::sin(x) == Expr(0));
  CHECK(pow(2 * x * y, 3) == 8 * pow(x, 3) * pow(y, 3));
  CHECK(pow(pow(x, 2), 3) == pow(x, 6));
  CHECK(nke::exp(x) * nke::exp(x) == pow(nke::exp(x), 2));
}

TEST_CASE("powers with fractional exponents combine only where that holds for every real x [fact]") {
  CHECK(pow(x, half) * pow(x, third) == pow(x, Rational(5, 6)));
  CHECK(pow(x, half) * x == pow(x, Rational(3, 2)));
  const Expr only_right_half = nke::sqrt(x) * nke::sqrt(x);  // undefined for x < 0, so not x
  CHECK(only_right_half != x);
  CHECK(only_right_half == pow(nke::sqrt(x), 2));
  CHECK(only_right_half * x == pow(x, Rational(3, 2)) * nke::sqrt(x));
  CHECK((only_right_half * nke::sqrt(x)) == pow(x, Rational(3, 2)));
  CHECK(nke::sqrt(nke::exp(x)) * nke::sqrt(nke::exp(x)) == nke::exp(x));
  CHECK(nke::sqrt(pow(x, 2)) == nke::abs(x));
  CHECK(nke::sqrt(pow(x, 4)) == pow(x, 2));
  CHECK(pow(pow(x, 3), third) != x);
  CHECK(pow(nke::abs(x), 2) == pow(x, 2));
}

TEST_CASE("roots of fractions have one form [fact]") {
  CHECK(nke::sqrt(Expr(12)) == 2 * nke::sqrt(Expr(3)));
  CHECK(nke::sqrt(Expr(2)) * nke::sqrt(Expr(3)) == nke::sqrt(Expr(6)));
  CHECK(1 / nke::sqrt(Expr(2)) == nke::sqrt(Expr(half)));
  CHECK(nke::sqrt(Expr(2)) / 2 == 1 / nke::sqrt(Expr(2)));
  CHECK(pow(Expr(8), third) == Expr(2));
  CHECK(pow(Expr(Rational(4, 9)), Rational(-3, 2)) == Expr(Rational(27, 8)));
  CHECK(pow(Expr(2), half) * pow(Expr(2), third) == pow(Expr(2), Rational(5, 6)));
  const Rational large = nke::pow(Rational(1'000'003), 2);  // past the trial divisors, found as a perfect power
  CHECK(nke::sqrt(Expr(large)) == Expr(1'000'003));
  CHECK(nke::sqrt(2 * nke::pi() * x) == nke::sqrt(Expr(2)) * nke::sqrt(nke::pi()) * nke::sqrt(x));
}

TEST_CASE("known values fold [fact]") {
  CHECK(nke::exp(Expr(0)) == Expr(1));
  CHECK(nke::exp(Expr(1)) == nke::euler());
  CHECK(nke::log(nke::euler()) == Expr(1));
  CHECK(nke::step(Expr(0)) == Expr(half));
  CHECK(nke::sign(Expr(0)) == Expr(0));
  CHECK(nke::cos(nke::pi()) == Expr(-1));
  CHECK(nke::sin(5 * nke::pi() / 2) == Expr(1));
  CHECK(nke::sin(-nke::pi() / 2) == Expr(-1));
  CHECK(nke::phi(Expr(0)) == 1 / nke::sqrt(2 * nke::pi()));
  CHECK(nke::max(Expr(2), Expr(third)) == Expr(2));
  CHECK(nke::max(x, Expr(0)) == nke::max(Expr(0), x));
  CHECK(nke::piecewise({{nke::less(Expr(1), Expr(2)), x}}, y) == x);
  CHECK(nke::piecewise({{nke::less(x, x), x}}, y) == y);
  CHECK(nke::piecewise({{nke::less(x, y), y}}, y) == y);
}

TEST_CASE("what is undefined is refused by name [fault]") {
  CHECK_THROWS_WITH_AS(pow(Expr(0), 0), "0^0 is undefined", nke::DomainError);
  CHECK_THROWS_WITH_AS(Expr(1) / Expr(0), "division by zero", nke::DomainError);
  CHECK_THROWS_WITH_AS(nke::sqrt(Expr(-2)), "(-2)^(1/2) is not a real number", nke::DomainError);
  CHECK_THROWS_WITH_AS(nke::log(Expr(0)), "log(0) is not a real number", nke::DomainError);
  CHECK_THROWS_AS(nke::sqrt(-nke::pi()), nke::DomainError);
  CHECK_THROWS_AS(nke::tan(nke::pi() / 2), nke::DomainError);
  CHECK_THROWS_AS(nke::apply(nke::Function::max, {x}), nke::DomainError);
  CHECK_THROWS_AS(nke::less(x, y) + 1, nke::DomainError);
  CHECK_THROWS_AS(nke::piecewise({{x, y}}, x), nke::DomainError);
}

TEST_CASE("sizes are limited before they cost anything [fault]") {
  CHECK_THROWS_AS(pow(Expr(10), 1'000'000), nke::LimitError);
  CHECK_THROWS_AS(pow(pow(x, 1'000'000), 2), nke::LimitError);
  CHECK_THROWS_AS(pow(x, Rational(1, 1'000'001)), nke::LimitError);
  Expr deep = x;
  CHECK_THROWS_AS(
      {
        for (int i = 0; i <= Expr::depth_limit; ++i) deep = nke::sin(deep);
      },
      nke::LimitError);
  CHECK(deep.depth() == Expr::depth_limit);
}

TEST_CASE("equal expressions are one node, however they were built and on whatever thread [law]") {
  CAPTURE(nke::test::seed());
  std::vector<Expr> here;
  nke::test::RandomExpression random(nke::test::seed());
  const int count = nke::test::iterations(500);
  for (int i = 0; i < count; ++i) here.push_back(random(3));
  std::vector<std::vector<Expr>> there(3);
  std::vector<std::thread> threads;
  for (auto& list : there) {
    threads.emplace_back([&list, count] {
      nke::test::RandomExpression same(nke::test::seed());
      for (int i = 0; i < count; ++i) list.push_back(same(3));
    });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& list : there) CHECK(list == here);
}

TEST_CASE("the canonical order is total, and sums and products come out the same in any order [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed());
  for (int i = 0; i < nke::test::iterations(500); ++i) {
    std::vector<Expr> list{random(2), random(2), random(2), random(3)};
    for (const Expr& a : list) {
      for (const Expr& b : list) {
        REQUIRE((order(a, b) == 0) == (a == b));
        REQUIRE((order(a, b) < 0) == (order(b, a) > 0));
        for (const Expr& c : list) {
          if (order(a, b) < 0 && order(b, c) < 0) REQUIRE(order(a, c) < 0);
        }
      }
    }
    const Expr total = nke::sum(list);
    std::reverse(list.begin(), list.end());
    REQUIRE(nke::sum(list) == total);
    REQUIRE(((list[0] + list[1]) + list[2]) + list[3] == total);
    try {
      const Expr all = nke::product(list);
      std::rotate(list.begin(), list.begin() + 1, list.end());
      CAPTURE(all);
      REQUIRE(nke::product(list) == all);
    } catch (const nke::LimitError&) {
    }
  }
}

TEST_CASE("a graph of 2^60 paths is one of 60 nodes [law]") {
  Expr e = x;
  for (int i = 0; i < 60; ++i) e = nke::sin(e) + nke::cos(e);
  CHECK(nke::node_count(e) == 181);
  CHECK(e.tree_size() > (std::uint64_t{1} << 60));
  CHECK_THROWS_AS(nke::to_text(e), nke::LimitError);
  CHECK(nke::symbols(e) == std::set<std::string>{"x"});
  CHECK(nke::substitute(e, "x", y) != e);
  CHECK(nke::substitute(nke::substitute(e, "x", y), "y", x) == e);
}

TEST_CASE("substitution replaces all symbols at once and folds what becomes known [fact]") {
  const Expr e = x / y + nke::exp(x);
  CHECK(nke::substitute(e, {{"x", y}, {"y", x}}) == y / x + nke::exp(y));
  CHECK(nke::substitute(e, {{"x", Expr(0)}}) == Expr(1));
  CHECK(nke::substitute(pow(x, y), "y", Expr(2)) == x * x);
  CHECK_THROWS_AS(nke::substitute(1 / x, "x", Expr(0)), nke::DomainError);
}

TEST_CASE("signs are known from the form alone [fact]") {
  CHECK(nke::exp(x).positive());
  CHECK((1 + pow(x, 2)).positive());
  CHECK(pow(x, 2).nonnegative());
  CHECK_FALSE(pow(x, 2).positive());
  CHECK_FALSE(x.nonnegative());
  CHECK(nke::sqrt(x).nonnegative());
  CHECK(nke::max(x, nke::exp(x)).positive());
  CHECK_FALSE(nke::min(x, nke::exp(x)).nonnegative());
  CHECK(nke::sign(1 + nke::abs(x)) == Expr(1));
}
