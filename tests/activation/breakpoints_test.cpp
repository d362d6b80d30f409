// SPDX-License-Identifier: Apache-2.0
// Breakpoints of invented expressions, each with an answer worked out by hand, and the cases that cannot be decided.
#include <cmath>
#include <numbers>
#include <random>
#include <sstream>
#include <string>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/real/error.hpp>

#include "support.hpp"

using namespace nke;

namespace {

Breakpoints analyse(std::string_view text) {
  return find_breakpoints(parse_expression(text));
}

// "kind location:order", locations as fractions or rounded to 6 decimals, "!" after an order without proof.
std::string summary(std::string_view text) {
  const Breakpoints found = analyse(text);
  std::ostringstream out;
  out.precision(7);
  if (!found.proven) out << "? ";
  for (const Breakpoint& point : found.points) {
    switch (point.kind) {
      case Breakpoint::Kind::kink: out << 'k'; break;
      case Breakpoint::Kind::jump: out << 'j'; break;
      case Breakpoint::Kind::singular: out << (point.removable ? 'r' : 's'); break;
    }
    if (point.exact) {
      out << point.exact->to_string();
    } else {
      out << '~' << point.at();
    }
    if (point.kind == Breakpoint::Kind::kink) out << ':' << point.smoothness << (point.smoothness_proven ? "" : "!");
    out << ' ';
  }
  std::string result = out.str();
  if (!result.empty()) result.pop_back();
  return result;
}

}  // namespace

TEST_CASE("switches that never act, or act the same on both sides, leave no breakpoint [fact]") {
  CHECK(summary("max(abs(x), -1)") == "k0:1");
  CHECK(summary("abs(x)^2") == "");
  CHECK(summary("max(x, x + 10^-30)") == "");
  CHECK(summary("max(x^2*(x - 1)^2, 0)") == "");
  CHECK(summary("max(cos(x) - 1, 0)") == "");
  CHECK(summary("step(sin(x) + 2)*x") == "");
  CHECK(summary("piecewise(x < 0: x^2, x < 1: x^2, x)") == "k1:1");
  CHECK(summary("piecewise(x < 3: (x - 1)*(x + 1), x^2 - 1)") == "");
  CHECK(summary("max(x, exp(x) - 1)") == "");
  CHECK(summary("step(x)*step(-x)") == "");
  CHECK(summary("max(x, 0) + min(x, 0)") == "");
  CHECK(summary("min(max(x, 0), 6) - max(min(x, 6), 0)") == "");
}

TEST_CASE("nested switches are all found, and only where they are reached [fact]") {
  CHECK(summary("min(max(x, 0), 6)") == "k0:1 k6:1");
  CHECK(summary("abs(abs(abs(x) - 1) - 1)") == "k-2:1 k-1:1 k0:1 k1:1 k2:1");
  CHECK(summary("max(min(x, 1), min(-x, 1/2))") == "k-1/2:1 k0:1 k1:1");
  CHECK(summary("min(max(x, 0), 6)*max(x - 1, 0)") == "k1:1 k6:1");
  CHECK(summary("piecewise(x < 0: abs(x - 1), abs(x + 1))") == "k0:1");
  CHECK(summary("piecewise(x < 0: abs(x + 1), abs(x - 1))") == "k-1:1 k0:1 k1:1");
  CHECK(summary("piecewise(abs(x) < 1: 0, x > 0: x - 1, x + 1)") == "k-1:1 k1:1");
  CHECK(summary("x*step(x - 1/3) + step(x - 1/3)/7") == "j1/3");
  CHECK(summary("sign(max(x, 0))") == "j0");
  CHECK(summary("max(x, 0)^2*sign(x - 1)") == "k0:2 j1");
  CHECK(summary("abs(sin(x)*step(1 - abs(x)))") == "j-1 k0:1 j1");
}

TEST_CASE("roots of polynomials are exact, or enclosed to a hundred digits [fact]") {
  CHECK(summary("max(x^2 - 2, 0)") == "k~-1.414214:1 k~1.414214:1");
  CHECK(summary("max(x^3 - x, 0)") == "k-1:1 k0:1 k1:1");
  CHECK(summary("max(x^2 - 2, 0)^2") == "k~-1.414214:2 k~1.414214:2");
  CHECK(summary("abs((3*x - 1)*(x^2 + 1))") == "k1/3:1");
  CHECK(summary("max(abs(x) - 1/3, min(x, x^3))") == "k-1/6:1 k0:1 k~0.3949308:1 k~0.7422272:1 k1:1");
  const Breakpoints found = analyse("abs(x^5 - x - 1)");
  REQUIRE(found.points.size() == 1);
  const Ball root = found.points[0].location;
  CHECK(root.radius() < 1e-100);
  CHECK((pow_int(root, 5) - root - Ball(1)).contains_zero());
}

TEST_CASE("functions are undone, so that their roots are exact [fact]") {
  CHECK(summary("max(exp(x) - 1, 0)") == "k0:1");
  CHECK(summary("max(exp(x) - 2, 0)") == "k~0.6931472:1");
  CHECK(summary("abs(tanh(3*x - 1))") == "k1/3:1");
  CHECK(summary("max(log(1 + exp(x)) - log(2), 0)") == "k0:1");
  CHECK(summary("max(sigmoid(x) - 1/2, 0)") == "k0:1");
  CHECK(summary("max(sqrt(x^2 + 1) - 2, 0)") == "k~-1.732051:1 k~1.732051:1");
  CHECK(summary("max(exp(x) + 1, 0)") == "");
  CHECK(summary("max(tanh(x) - 2, -1)") == "");
  CHECK(summary("abs(x*exp(-x^2))") == "k0:1");
  CHECK(summary("step(atan(2*x - 1))") == "j1/2");
  CHECK(summary("step(atan(x) - pi/4)") == "j~1");
  const Breakpoints found = analyse("step(exp(x) - 2)");
  REQUIRE(found.points.size() == 1);
  CHECK((exp(found.points[0].location) - Ball(2)).contains_zero());
  CHECK(found.points[0].location.radius() < 1e-100);
}

TEST_CASE("transcendental roots are isolated on the whole line [fact]") {
  CHECK(summary("max(sin(x) - x/3, 0)") == "k~-2.278863:1 k0:1 k~2.278863:1");
  CHECK(summary("max(x, sin(x))") == "k0:3");
  CHECK(summary("max(x*exp(x) + 1/5, 0)") == "k~-2.542641:1 k~-0.2591711:1");
  CHECK(summary("max(erf(x) - 1/2, 0)") == "k~0.4769363:1");
  CHECK(summary("max(exp(x) - x^2, 0)") == "k~-0.7034674:1");
  CHECK(summary("max(exp(x/10) - x - 3, 0)").substr(0, 3) == "k~-");
  CHECK(analyse("max(exp(x/10) - x - 3, 0)").points.size() == 2);
  CHECK(summary("max(x*Phi(x) + 1/10, 0)").substr(0, 2) == "k~");
  const Breakpoints found = analyse("abs(cos(x) - x)");
  REQUIRE(found.points.size() == 1);
  CHECK((cos(found.points[0].location) - found.points[0].location).contains_zero());
  CHECK(found.points[0].location.radius() < 1e-95);
  CHECK(found.points[0].at() == doctest::Approx(0.7390851332151607));
}

TEST_CASE("roots beside poles are found, and poles are not taken for roots [fact]") {
  // x + 1/(3 x − 1) and the like cannot be undone; the pole at 1/3 is no double, so every box around it reaches over
  // it.
  CHECK(summary("max(1/(x - 1/3), 100)") == "s1/3 k103/300:1");
  CHECK(summary("max(exp(x)/(3*x - 1), 100)").substr(0, 7) == "s1/3 k~");
  CHECK(analyse("max(exp(x)/(3*x - 1), 100)").points.size() == 3);
  CHECK(summary("max(-exp(x)/(3*x - 1)^2, -100)").find("s1/3") == std::string::npos);
  CHECK(analyse("max(-exp(x)/(3*x - 1)^2, -100)").points.size() == 3);
  CHECK(summary("sign(exp(x)/(x - 100))") == "j100");
  CHECK(analyse("sign(exp(x/100) + 1/(x - 100))").points.size() == 3);
  // A root 1e-44 beside a pole is not missed in silence.
  CHECK_FALSE(analyse("sign(exp(x) + 1/(x - 100))").proven);
  CHECK(analyse("sign(exp(x/100) + 1/(x - 100) - 4)").points.size() == 3);
}

TEST_CASE("the order of a kink is the first derivative that jumps [fact]") {
  CHECK(summary("max(x, 0)^7") == "k0:7");
  CHECK(summary("abs(x)*x^4") == "k0:5");
  CHECK(summary("piecewise(x < 0: sin(x), x)") == "k0:3");
  CHECK(summary("piecewise(x < 0: cos(x), exp(-x^2/2))") == "k0:4");
  CHECK(summary("piecewise(x < 0: tanh(x), x - x^3/3)") == "k0:5");
  CHECK(summary("piecewise(x < log(2): exp(x), 2)") == "k~0.6931472:1");
  CHECK(summary("piecewise(x < pi: sin(x), pi - x)") == "k~3.141593:3");
}

TEST_CASE("singular points are found, and the removable ones are known as such [fact]") {
  CHECK(summary("1/x") == "s0");
  CHECK(summary("sin(x)/x") == "r0");
  CHECK(summary("(1 - cos(x))/x^2") == "r0");
  CHECK(summary("(1 - cos(x))/x^3") == "s0");
  CHECK(summary("(exp(x) - 1)/x") == "r0");
  CHECK(summary("x/(exp(x) - 1)") == "r0");
  CHECK(summary("tanh(x)/x") == "r0");
  CHECK(summary("cos(x)/x - sin(x)/x^2") == "r0");
  CHECK(summary("sin(pi*x)/(x - 1)") == "r1");
  CHECK(summary("sin(abs(x))/x") == "s0");
  CHECK(summary("sqrt(abs(x))") == "s0");
  CHECK(summary("log(abs(x))") == "s0");
  CHECK(summary("1/(x^2 - 2)") == "s~-1.414214 s~1.414214");
  CHECK(summary("piecewise(x > 0: exp(-1/x), 0)") == "s0");
  CHECK(summary("sin(1/x)") == "s0");
  CHECK(summary("1/(1 + x^2)") == "");
  CHECK(summary("sqrt(x^2 + 1)") == "");
  CHECK(summary("sqrt(x^2)") == "k0:1");
  CHECK(analyse("sqrt(abs(x))").points[0].smoothness == 1);
  CHECK(analyse("1/x").points[0].smoothness == 0);
}

TEST_CASE("what cannot be decided is said, and what is known is listed [fact]") {
  const Breakpoints waves = analyse("sign(sin(x))");
  CHECK_FALSE(waves.proven);
  CHECK(waves.pieces.empty());
  CHECK(waves.reach >= 32);
  CHECK(waves.reason.find("sin(x)") != std::string::npos);
  int inside = 0;
  for (const Breakpoint& point : waves.points) {
    const double multiple = point.at() / std::numbers::pi;
    CHECK(std::fabs(multiple - std::round(multiple)) < 1e-12);
    if (std::fabs(point.at()) <= waves.reach) ++inside;
  }
  CHECK(inside == 2 * static_cast<int>(waves.reach / std::numbers::pi) + 1);

  // Touches 0 at an irrational point, where no rule sees it: a suspicion, not a claim.
  const Breakpoints touch = analyse("sign((x^2 - 2)^2 + (exp(x) - exp(sqrt(2)))^2)");
  CHECK_FALSE(touch.proven);
  CHECK_FALSE(touch.reason.empty());

  // sin(1/x) has zeros without end near 0.
  CHECK_FALSE(analyse("sign(sin(1/x))").proven);
  CHECK(activation("abs(sin(x))").smoothness() == Smoothness::undecided);
  CHECK_FALSE(activation("abs(sin(x))").homogeneity());
}

TEST_CASE("random nests of switches over affine functions have the breakpoints that a dense scan sees [law]") {
  std::mt19937_64 random(test::seed());
  CAPTURE(test::seed());
  const auto number = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  const auto affine = [&] {
    return "(" + std::to_string(number(-3, 3)) + "/2*x + " + std::to_string(number(-6, 6)) + "/4)";
  };
  for (int trial = 0; trial < test::iterations(60); ++trial) {
    std::string text = affine();
    for (int level = number(1, 4); level > 0; --level) {
      switch (number(0, 3)) {
        case 0: text = "abs(" + text + ")"; break;
        case 1: text = "max(" + text + ", " + affine() + ")"; break;
        case 2: text = "min(" + text + ", " + affine() + ")"; break;
        default: text = "(" + text + " - " + std::to_string(number(1, 3)) + ")"; break;
      }
    }
    CAPTURE(text);
    const Breakpoints found = analyse(text);
    REQUIRE(found.proven);
    const Expr sigma = parse_expression(text);
    // The function is piecewise affine with corners at multiples of 1/lcm: away from the points listed it is affine.
    std::vector<double> corners{-40};
    for (const Breakpoint& point : found.points) {
      REQUIRE(point.exact);
      CHECK(point.smoothness == 1);
      const double p = point.at();
      const double h = 1.0 / 4096;
      const auto f = [&](double x) { return evaluate(sigma, "x", x); };
      CHECK(std::fabs(f(p + h) - 2 * f(p) + f(p - h)) > h / 100);
      corners.push_back(p);
    }
    corners.push_back(40);
    for (std::size_t i = 0; i + 1 < corners.size(); ++i) {
      const double low = corners[i];
      const double high = corners[i + 1];
      const double start = evaluate(sigma, "x", low);
      const double end = evaluate(sigma, "x", high);
      for (int k = 1; k < 64; ++k) {
        const double t = k / 64.0;
        const double between = evaluate(sigma, "x", low + t * (high - low));
        CHECK(std::fabs(between - (start + t * (end - start))) < 1e-10);
      }
    }
  }
}

TEST_CASE("a derivative whose rules leave the domain is put together from the pieces [fact]") {
  const Activation slope = activation("sqrt(max(x - 1/3, 0))").derivative();
  CHECK(slope(-2) == 0);
  CHECK(slope(Rational(13, 12).to_double()) == doctest::Approx(1 / (2 * std::sqrt(0.75))));
  REQUIRE(slope.breakpoints().size() == 1);
  CHECK(slope.breakpoints()[0].exact == Rational(1, 3));
  CHECK(slope.breakpoints()[0].kind == Breakpoint::Kind::singular);
}

TEST_CASE("hostile expressions end in an answer or an error, not in a crash [fault]") {
  for (const char* text :
       {"abs(sin(x^2))", "tan(tan(x))", "sign(sin(exp(x)))", "abs(x - 10^200)", "max(x^99 - 1, x^98)", "1/sin(x)",
        "abs(exp(exp(x)) - 3)", "piecewise(sin(x) < 0: abs(x), cos(x) < 0: x, 1/x)", "asin(sin(x))",
        "atan2(x, 1 - x^2)", "exp(1000*x)*sign(x^3 - 3*x + 1)", "max(exp(-exp(x)) - 1/2, 0)^(1/2)",
        "step(10^-300*x - 1)"}) {
    CAPTURE(text);
    try {
      const Breakpoints found = analyse(text);
      CHECK((found.proven || !found.reason.empty()));
    } catch (const Error& error) {
      CHECK_FALSE(std::string(error.what()).empty());
    }
  }
}
