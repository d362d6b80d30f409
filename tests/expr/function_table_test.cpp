// SPDX-License-Identifier: Apache-2.0
// Laws over all rows: what a cell says is compared with what another cell computes.
#include <cmath>
#include <string>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/expr/jet.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/real/ball.hpp>

#include "random_expression.hpp"
#include "support.hpp"

using nke::Ball;
using nke::Expr;
using nke::FunctionRow;
using nke::Precision;
using nke::Rational;

namespace {

const Precision precision = Precision::digits(60);

// Arguments inside the domain of every primitive: log wants x > 0, asin |x| < 1, Phi2 y > 0 (and at complex
// thresholds not too small a y, for it grows as exp(1/y²)).
Rational argument(const FunctionRow& row, int place, nke::test::RandomExpression& random) {
  switch (row.domain) {
    case nke::RealDomain::upper_half_plane:
      if (place == row.arity - 1) return abs(random.point(3)) + Rational(1, row.arity == 6 ? 1 : 100);
      return random.point(row.arity == 6 ? 1 : 3);
    case nke::RealDomain::positive: return abs(random.point(3)) + Rational(1, 100);
    case nke::RealDomain::unit_interval: return random.point(1) * Rational(99, 100);
    default: return random.point(3);
  }
}

Ball value(const FunctionRow& row, const std::vector<Rational>& at) {
  std::vector<Ball> arguments;
  for (const Rational& x : at) arguments.emplace_back(x, precision);
  return row.over_ball.value(arguments);
}

// Arguments of a row, with symbols that stand for them.
struct Point {
  std::vector<Rational> at;
  std::vector<Expr> names;
  nke::Bindings<Ball> bindings;
};

Point drawn(const FunctionRow& row, nke::test::RandomExpression& random) {
  Point point;
  for (int k = 0; k < row.arity; ++k) {
    point.at.push_back(argument(row, k, random));
    const std::string name(1, "uvstpq"[k]);
    point.names.push_back(nke::symbol(name));
    point.bindings.emplace(name, Ball(point.at.back(), precision));
  }
  return point;
}

}  // namespace

TEST_CASE("rows stand in the order of the enumerators and are found by name [fact]") {
  REQUIRE(nke::function_table().size() == nke::function_count);
  for (std::size_t i = 0; i < nke::function_count; ++i) {
    const FunctionRow& row = nke::function_table()[i];
    CHECK(row.function == static_cast<nke::Function>(i));
    CHECK(nke::find_function(row.name) == &row);
    CHECK(&nke::function_row(row.function) == &row);
    CHECK(row.arity >= 1);
    CHECK(row.arity <= static_cast<int>(nke::largest_arity));
    CHECK_FALSE(row.latex.empty());
  }
  CHECK(nke::find_function("sqrt") == nullptr);  // a spelling of a power
}

TEST_CASE("the derivative of each primitive is the first coefficient of its series [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed());
  for (const FunctionRow& row : nke::function_table()) {
    CAPTURE(row.name);
    const int few = row.arity == 6 ? 2 : 20;  // one integral for every value
    for (int i = 0; i < nke::test::iterations(few); ++i) {
      const Point point = drawn(row, random);
      for (int k = 0; k < row.arity; ++k) {
        const Expr slope = row.derivative(point.names, static_cast<std::size_t>(k));
        std::vector<std::vector<Ball>> series;
        for (int j = 0; j < row.arity; ++j) {
          series.push_back(
              {Ball(point.at[static_cast<std::size_t>(j)], precision), Ball(Rational(j == k ? 1 : 0), precision)});
        }
        const std::vector<Ball> expansion = row.over_ball.series(series);
        REQUIRE(expansion[0].overlaps(value(row, point.at)));
        const Ball expected = evaluate<Ball>(slope, point.bindings, precision);
        REQUIRE(expansion[1].overlaps(expected));
        REQUIRE(expansion[1].radius() < 1e-40);
        REQUIRE(expected.radius() < 1e-40);
      }
    }
  }
}

TEST_CASE("the derivative of each primitive is the limit of difference quotients [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed() + 2);
  const Rational step = nke::pow(Rational(10), -15);  // an error of 1e-30, and of 60 digits 45 are left
  for (const FunctionRow& row : nke::function_table()) {
    CAPTURE(row.name);
    const Point point = drawn(row, random);
    for (int k = 0; k < row.arity; ++k) {
      CAPTURE(k);
      const auto place = static_cast<std::size_t>(k);
      std::vector<Rational> after = point.at, before = point.at;
      after[place] += step;
      before[place] -= step;
      const Ball quotient = (value(row, after) - value(row, before)) / Ball(step + step, precision);
      const Ball slope = evaluate<Ball>(row.derivative(point.names, place), point.bindings, precision);
      REQUIRE(std::abs((quotient - slope).mid()) < 1e-24 * (1 + std::abs(slope.mid())));
    }
  }
}

TEST_CASE("parity, sign and symmetry are true of the values [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed() + 1);
  for (const FunctionRow& row : nke::function_table()) {
    CAPTURE(row.name);
    const int few = row.arity == 6 ? 2 : 50;
    for (int i = 0; i < nke::test::iterations(few); ++i) {
      std::vector<Rational> at;
      for (int k = 0; k < row.arity; ++k) at.push_back(argument(row, k, random));
      const Ball here = value(row, at);
      if (row.nonnegative) REQUIRE_FALSE(certainly_negative(here));
      if (row.positive) REQUIRE(certainly_positive(here));
      if (row.symmetric) {
        std::vector<Rational> swapped = at;
        std::swap(swapped[0], swapped[1]);
        REQUIRE(value(row, swapped).overlaps(here));
      }
      if (row.parity == nke::FunctionParity::odd) REQUIRE(value(row, {-at[0]}).overlaps(-here));
      if (row.parity == nke::FunctionParity::even) REQUIRE(value(row, {-at[0]}).overlaps(here));
    }
  }
}

TEST_CASE("exact values are the values [law]") {
  const std::vector<Expr> candidates{
      0, 1, -1, Rational(1, 2), nke::pi(), nke::euler(), nke::pi() / 2, -nke::pi(), 3 * nke::pi() / 2};
  const auto enclosed = [](const Expr& e) { return evaluate<Ball>(e, nke::Bindings<Ball>{}, precision); };
  int known = 0;
  for (const FunctionRow& row : nke::function_table()) {
    CAPTURE(row.name);
    for (const Expr& u : candidates) {
      for (const Expr& v : candidates) {
        std::vector<Expr> arguments{u};
        if (row.arity == 2) arguments.push_back(v);
        if (row.arity == 4) arguments = {v, u, u, v};
        if (row.arity == 6) arguments = {v, u - v, u, v - u, u, v};
        std::optional<Expr> exact;
        try {
          exact = row.exact_value(arguments);
        } catch (const nke::DomainError&) {
          continue;
        }
        if (!exact) continue;
        std::vector<Ball> values;
        for (const Expr& argument : arguments) values.push_back(enclosed(argument));
        REQUIRE(row.over_ball.value(values).overlaps(enclosed(*exact)));
        ++known;
      }
    }
  }
  CHECK(known > 100);
}

TEST_CASE("switches act where the row says [fact]") {
  for (const FunctionRow& row : nke::function_table()) {
    CAPTURE(row.name);
    const bool switches = row.where_it_switches.place != nke::Switch::Place::nowhere;
    CHECK(switches == (row.holomorphy == nke::Holomorphy::switches));
    if (!switches) continue;
    // The jump of the value (smoothness 0) or of the slope (1) between the two sides of 0, and of x = 0 for min(x, 0).
    const Ball tiny(nke::pow(Rational(10), -30), precision);
    const Ball zero(Rational(0), precision);
    const Ball one(Rational(1), precision);
    const std::size_t order = static_cast<std::size_t>(row.where_it_switches.smoothness);
    const auto side = [&](const Ball& x) {
      std::vector<std::vector<Ball>> series{{x, one}};
      if (row.arity == 2) series.push_back({zero, zero});
      return row.over_ball.series(series)[order];
    };
    CHECK(certainly_nonzero(side(tiny) - side(-tiny)));
  }
}
