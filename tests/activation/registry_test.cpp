// SPDX-License-Identifier: Apache-2.0
// What is claimed of every named activation, against numbers that know nothing of the claims.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/activation/named.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/program.hpp>
#include <nke/exact/real/error.hpp>

#include "support.hpp"

using namespace nke;

namespace {

double value(const Expr& sigma, double x) {
  return evaluate(sigma, "x", x);
}

// How far σ is from the polynomial through 12 Chebyshev points of [low, high], relative to its size there. A function
// that is analytic well beyond the cell gives rounding noise; a kink of order k in it gives some width^k.
double misfit(const Evaluator<double>& sigma, double low, double high) {
  constexpr int count = 12;
  double node[count];
  double height[count];
  double weight[count];
  double size = 0;
  for (int i = 0; i < count; ++i) {
    const double angle = (2 * i + 1) * std::numbers::pi / (2 * count);
    node[i] = (low + high) / 2 + (high - low) / 2 * std::cos(angle);
    height[i] = sigma(node[i]);
    weight[i] = (i % 2 == 0 ? 1 : -1) * std::sin(angle);
    size = std::max(size, std::fabs(height[i]));
  }
  double worst = 0;
  for (int k = 1; k < 40; ++k) {
    const double x = low + (high - low) * k / 40;
    double above = 0;
    double below = 0;
    for (int i = 0; i < count; ++i) {
      const double term = weight[i] / (x - node[i]);
      above += term * height[i];
      below += term;
    }
    worst = std::max(worst, std::fabs(above / below - sigma(x)));
  }
  return worst / std::max(size, 1e-3);
}

constexpr double smooth_misfit = 1e-11;
constexpr double width = 1.0 / 32;

struct Named {
  const NamedActivation* row;
  Activation sigma;
};

const std::vector<Named>& all() {
  static const std::vector<Named> list = [] {
    std::vector<Named> result;
    for (const NamedActivation& row : named_activations()) result.push_back({&row, activation(row.name)});
    return result;
  }();
  return list;
}

}  // namespace

TEST_CASE("every name and alias is unique and every row says where it comes from [fact]") {
  std::set<std::string_view> names;
  for (const NamedActivation& row : named_activations()) {
    CAPTURE(row.name);
    CHECK(names.insert(row.name).second);
    for (const std::string_view alias : row.aliases) CHECK(names.insert(alias).second);
    CHECK_FALSE(row.source.empty());
    CHECK_FALSE(row.description.empty());
    CHECK_FALSE(row.closed_form_reason.empty());
    CHECK(find_named_activation(row.name) == &row);
    for (const std::string_view alias : row.aliases) CHECK(find_named_activation(alias) == &row);
  }
  CHECK(named_activations().size() >= 75);
  CHECK(find_named_activation("no such name") == nullptr);
}

TEST_CASE("every named activation prints as an expression that reads back as the same function [law]") {
  for (const Named& entry : all()) {
    const NamedActivation* row = entry.row;
    const Activation& sigma = entry.sigma;
    CAPTURE(row->name);
    CHECK(sigma.named() == row);
    CHECK(sigma.name() == row->name);
    CHECK(parse_expression(to_text(sigma.expression())) == sigma.expression());
    CHECK(activation(to_text(sigma.expression())) == sigma);
    CHECK(sigma.parameters().size() == row->parameters.size());
    for (const std::string_view alias : row->aliases) CHECK(activation(alias) == sigma);
  }
}

TEST_CASE("passing the default parameters by value or by name changes nothing [law]") {
  for (const Named& entry : all()) {
    const NamedActivation* row = entry.row;
    const Activation& sigma = entry.sigma;
    CAPTURE(row->name);
    std::string by_value = std::string(row->name) + "(";
    std::string by_name = by_value;
    for (const NamedParameter& parameter : row->parameters) {
      if (by_value.back() != '(') by_value += ", ", by_name += ", ";
      by_value += parameter.default_value;
      by_name += std::string(parameter.name) + " = " + std::string(parameter.default_value);
    }
    CHECK(activation(by_value + ")") == sigma);
    CHECK(activation(by_name + ")") == sigma);
  }
}

TEST_CASE("between its breakpoints every named activation looks analytic, at each of them it does not [law]") {
  for (const Named& entry : all()) {
    const NamedActivation* row = entry.row;
    const Activation& sigma = entry.sigma;
    CAPTURE(row->name);
    REQUIRE(sigma.breakpoints_proven());
    const Evaluator<double> evaluator(sigma.expression(), "x", Precision::of_double());
    // A grid that starts off any round number, so that kinks fall inside of cells.
    for (double low = -12.0041; low < 12; low += width) {
      const double high = low + width;
      bool near_singular = false;
      bool has_kink = false;
      for (const Breakpoint& point : sigma.breakpoints()) {
        const bool singular = point.kind == Breakpoint::Kind::singular;
        if (singular && !point.removable && point.at() > low - 0.5 && point.at() < high + 0.5) near_singular = true;
        if (!singular && point.at() >= low && point.at() <= high) has_kink = true;
      }
      if (near_singular || has_kink) continue;
      CAPTURE(low);
      CHECK(misfit(evaluator, low, high) < smooth_misfit);
    }
    for (const Breakpoint& point : sigma.breakpoints()) {
      if (point.removable) continue;
      CAPTURE(point.at());
      const double seen = misfit(evaluator, point.at() - 0.4 * width, point.at() + 0.6 * width);
      CHECK(seen > 100 * smooth_misfit);
    }
  }
}

TEST_CASE("the pieces between breakpoints are the function [law]") {
  std::mt19937_64 random(test::seed());
  CAPTURE(test::seed());
  std::uniform_real_distribution<double> uniform(-9, 9);
  for (const Named& entry : all()) {
    const NamedActivation* row = entry.row;
    const Activation& sigma = entry.sigma;
    CAPTURE(row->name);
    const Breakpoints& found = sigma.breakpoint_analysis();
    REQUIRE(found.pieces.size() == found.points.size() + 1);
    CHECK(found.reach == std::numeric_limits<double>::infinity());
    for (int i = 0; i < test::iterations(50); ++i) {
      const double x = uniform(random);
      const auto index = static_cast<std::size_t>(
          std::count_if(found.points.begin(), found.points.end(), [x](const Breakpoint& p) { return p.at() < x; }));
      const double expected = value(sigma.expression(), x);
      CHECK(std::fabs(value(found.pieces[index], x) - expected) <= 1e-12 * std::max(1.0, std::fabs(expected)));
    }
  }
}

TEST_CASE("parity and homogeneity hold where they are claimed, and parity is missed nowhere in the registry [law]") {
  std::mt19937_64 random(test::seed());
  CAPTURE(test::seed());
  std::uniform_real_distribution<double> uniform(0.01, 6);
  for (const Named& entry : all()) {
    const NamedActivation* row = entry.row;
    const Activation& sigma = entry.sigma;
    CAPTURE(row->name);
    bool even = true;
    bool odd = true;
    for (int i = 0; i < 40; ++i) {
      const double x = uniform(random);
      const double t = uniform(random);
      const double right = value(sigma.expression(), x);
      const double left = value(sigma.expression(), -x);
      const double noise = 1e-12 * std::max(1.0, std::fabs(right));
      even = even && std::fabs(left - right) <= noise;
      odd = odd && std::fabs(left + right) <= noise;
      if (!sigma.homogeneity()) continue;
      const double power = sigma.homogeneity()->to_double();
      CHECK(value(sigma.expression(), t * x) == doctest::Approx(std::pow(t, power) * right).epsilon(1e-11));
      CHECK(value(sigma.expression(), -t * x) == doctest::Approx(std::pow(t, power) * left).epsilon(1e-11));
    }
    CHECK((sigma.parity() == Parity::even) == even);
    CHECK((sigma.parity() == Parity::odd) == odd);
  }
}

TEST_CASE("the derivative is the limit of difference quotients, off the breakpoints [law]") {
  std::mt19937_64 random(test::seed());
  CAPTURE(test::seed());
  std::uniform_real_distribution<double> uniform(-5, 5);
  constexpr double h = 1e-5;
  for (const Named& entry : all()) {
    const NamedActivation* row = entry.row;
    const Activation& sigma = entry.sigma;
    CAPTURE(row->name);
    const Activation slope = sigma.derivative();
    CHECK(slope.breakpoints_proven());
    for (const Breakpoint& point : slope.breakpoints()) {
      // A derivative has no breakpoints of its own.
      CHECK(std::ranges::any_of(sigma.breakpoints(),
                                [&](const Breakpoint& p) { return p.location.overlaps(point.location); }));
    }
    for (int i = 0; i < test::iterations(20); ++i) {
      const double x = uniform(random);
      const bool close =
          std::ranges::any_of(sigma.breakpoints(), [x](const Breakpoint& p) { return std::fabs(p.at() - x) < 0.05; });
      if (close) continue;
      const double quotient = (value(sigma.expression(), x + h) - value(sigma.expression(), x - h)) / (2 * h);
      const double size = std::max(1.0, std::fabs(value(sigma.expression(), x)));
      CAPTURE(x);
      CHECK(std::fabs(slope(x) - quotient) < 1e-6 * std::max(size, std::fabs(quotient)));
    }
  }
}

TEST_CASE("the compiled program computes the expression [law]") {
  std::vector<double> x;
  for (int i = -200; i <= 200; ++i) x.push_back(i / 16.0 + 0.01);
  std::vector<double> y(x.size());
  for (const Named& entry : all()) {
    const NamedActivation* row = entry.row;
    const Activation& sigma = entry.sigma;
    CAPTURE(row->name);
    const Activation copy = sigma;
    copy(x, y);
    CHECK(&copy.program() == &sigma.program());
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double expected = value(sigma.expression(), x[i]);
      CHECK(std::fabs(y[i] - expected) <= 1e-12 * std::max(1.0, std::fabs(expected)));
    }
  }
}

TEST_CASE("known activations have the known breakpoints, orders and classes [fact]") {
  const auto points = [](std::string_view text) {
    std::string result;
    const Activation sigma = activation(text);
    for (const Breakpoint& point : sigma.breakpoints()) {
      REQUIRE(point.exact);
      CHECK(point.smoothness_proven);
      result += point.exact->to_string() + ":" + std::to_string(point.smoothness) + " ";
    }
    return result;
  };
  CHECK(points("relu") == "0:1 ");
  CHECK(points("leaky_relu") == "0:1 ");
  CHECK(points("relu6") == "0:1 6:1 ");
  CHECK(points("hardswish") == "-3:1 3:1 ");
  CHECK(points("hardshrink(1/3)") == "-1/3:0 1/3:0 ");
  CHECK(points("threshold(0.7, 0.7)") == "7/10:1 ");
  CHECK(points("triangle") == "-1:1 0:1 1:1 ");
  CHECK(points("repu(5)") == "0:5 ");
  CHECK(points("elu") == "0:2 ");
  CHECK(points("elu(1/2)") == "0:1 ");
  CHECK(points("celu(1/2)") == "0:2 ");
  CHECK(points("smelu(2)") == "-2:2 2:2 ");
  CHECK(points("isrlu") == "0:3 ");
  CHECK(points("step") == "0:0 ");
  CHECK(activation("gelu").smoothness() == Smoothness::entire);
  CHECK(activation("hermite3").smoothness() == Smoothness::entire);
  CHECK(activation("tanh").smoothness() == Smoothness::analytic);
  CHECK(activation("sinc").smoothness() == Smoothness::analytic);
  CHECK(activation("softsign").smoothness() == Smoothness::piecewise_analytic);
  CHECK(activation("relu").homogeneity() == Rational(1));
  CHECK(activation("step").homogeneity() == Rational(0));
  CHECK(activation("monomial(3)").homogeneity() == Rational(3));
  CHECK_FALSE(activation("gelu").homogeneity());
}
