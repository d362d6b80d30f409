// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/print.hpp>

#include "random_expression.hpp"
#include "support.hpp"

using nke::Expr;
using nke::parse_expression;

namespace {

// Text that an author would write comes back as it was.
void check_unchanged(const std::string& text) {
  CHECK(to_text(parse_expression(text)) == text);
}

std::string text_of(const std::string& text) {
  return to_text(parse_expression(text));
}

std::string latex_of(const std::string& text) {
  return to_latex(parse_expression(text));
}

}  // namespace

TEST_CASE("what an author writes is printed as it was written [fact]") {
  check_unchanged("x*tanh(log(1 + exp(x)))");
  check_unchanged("x*(1 + erf(x/sqrt(2)))/2");
  check_unchanged("x*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3)))/2");
  check_unchanged("exp(-x^2/2)/sqrt(2*pi)");
  check_unchanged("piecewise(x > 0: x, alpha*(exp(x) - 1))");
  check_unchanged("max(x, 0)");
  check_unchanged("min(max(1/2 + x/6, 0), 1)");
  check_unchanged("x - 1");
  check_unchanged("1 - x^2");
  check_unchanged("-1 - x");
  check_unchanged("-x^2");
  check_unchanged("2^(-x)");
  check_unchanged("(x^n)^2");
  check_unchanged("x^(2/3)");
  check_unchanged("1/(x*exp(x))");
  check_unchanged("2*x/3");
  check_unchanged("-2/3");
  check_unchanged("3*x/2");
  check_unchanged("1.7*x");
  check_unchanged("x^(3/2)");
  check_unchanged("x/(1 + exp(-x))");
  check_unchanged("(x - 1)*(1 + x)");
  check_unchanged("-2*(1 + x)");
  check_unchanged("x*sigmoid(1.702*x)");
  check_unchanged("atan2(x, 1 + y)");
}

TEST_CASE("numbers print as short decimals where these are exact, otherwise as fractions [fact]") {
  CHECK(text_of("44715/1000000") == "0.044715");
  CHECK(text_of("0.5") == "1/2");
  CHECK(text_of("0.25*x") == "x/4");
  CHECK(text_of("0.125*x^2") == "x^2/8");
  CHECK(text_of("1/10") == "0.1");
  CHECK(text_of("1/3") == "1/3");
  CHECK(text_of("2^-40") == "1/1099511627776");
  CHECK(text_of("1e20") == "100000000000000000000");
  CHECK(text_of("-1e-10") == "-0.0000000001");
}

TEST_CASE("LaTeX is what an author would write [fact]") {
  CHECK(latex_of("x/2*(1+erf(x/sqrt(2)))") ==
        R"(\frac{x}{2} \left(1 + \operatorname{erf}\left(\frac{x}{\sqrt{2}}\right)\right))");
  CHECK(latex_of("x*tanh(log(1+exp(x)))") == R"(x \tanh\left(\log\left(1 + e^{x}\right)\right))");
  CHECK(latex_of("exp(-x^2/2)/sqrt(2*pi)") == R"(\frac{1}{\sqrt{2 \pi}} e^{-\frac{x^{2}}{2}})");
  CHECK(latex_of("piecewise(x > 0: x, alpha*(exp(x) - 1))") ==
        R"(\begin{cases} x & \text{if } x > 0 \\ \alpha \left(e^{x} - 1\right) & \text{otherwise} \end{cases})");
  CHECK(latex_of("abs(x)^3") == R"(\left|x\right|^{3})");
  CHECK(latex_of("sin(x)^2") == R"(\sin^{2}\left(x\right))");
  CHECK(latex_of("3/4*x^2 - sqrt(x)") == R"(\frac{3 x^{2}}{4} - \sqrt{x})");
  CHECK(latex_of("a_1*lambda2 + rate") == R"(a_{1} \lambda_{2} + \mathrm{rate})");
  CHECK(latex_of("max(x, 0)^2") == R"(\max\left(x, 0\right)^{2})");
  CHECK(latex_of("x*rate") == R"(\mathrm{rate} \, x)");
  CHECK(latex_of("piecewise(x > theta: x, 0)") ==
        R"(\begin{cases} x & \text{if } x > \theta \\ 0 & \text{otherwise} \end{cases})");
  CHECK(latex_of("2*2^x") == R"(2 \cdot 2^{x})");
  CHECK(latex_of("piecewise(x <= 1: 0, 2)") ==
        R"(\begin{cases} 0 & \text{if } x \le 1 \\ 2 & \text{otherwise} \end{cases})");
  CHECK(latex_of("x/(1+exp(-x))") == R"(\frac{x}{1 + e^{-x}})");
  CHECK(latex_of("Phi(x) + phi(x)") == R"(\Phi\left(x\right) + \varphi\left(x\right))");
}

TEST_CASE("text parses back to the expression it came from [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed());
  for (int i = 0; i < nke::test::iterations(4000); ++i) {
    const Expr e = random(1 + i % 5);
    if (e.tree_size() > 2000) continue;
    const std::string text = to_text(e);
    CAPTURE(text);
    REQUIRE(parse_expression(text) == e);
  }
}

TEST_CASE("every bracket in LaTeX is closed [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed() + 1);
  for (int i = 0; i < nke::test::iterations(1000); ++i) {
    const Expr e = random(1 + i % 4);
    if (e.tree_size() > 2000) continue;
    const std::string latex = to_latex(e);
    CAPTURE(latex);
    int braces = 0;
    for (const char c : latex) {
      braces += c == '{' ? 1 : c == '}' ? -1 : 0;
      REQUIRE(braces >= 0);
    }
    REQUIRE(braces == 0);
    const auto count = [&latex](const std::string& word) {
      int found = 0;
      for (std::size_t at = latex.find(word); at != std::string::npos; at = latex.find(word, at + 1)) ++found;
      return found;
    };
    REQUIRE(count("\\left") == count("\\right"));
    REQUIRE(count("\\begin{cases}") == count("\\end{cases}"));
  }
}
