// SPDX-License-Identifier: Apache-2.0
// Shared parts and code, as they are written; that the code computes the right values is tested in tests/emit.
#include <string>
#include <vector>

#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/substitute.hpp>

#include "random_expression.hpp"
#include "support.hpp"

using nke::Expr;
using nke::Language;
using nke::parse_expression;

namespace {

std::string cpp_of(const std::string& text) {
  return nke::to_cpp(std::vector{parse_expression(text)}).results.front();
}

std::string python_of(const std::string& text) {
  return nke::to_python(std::vector{parse_expression(text)}, Language::numpy).results.front();
}

// "t1 = …; t2 = …; result".
std::string statements(const nke::Code& code) {
  std::string text;
  for (const auto& [name, value] : code.locals) text += name + " = " + value + "; ";
  for (const std::string& result : code.results) text += result + (&result == &code.results.back() ? "" : "; ");
  return text;
}

std::string with_names(const nke::SharedText& shared) {
  std::string text;
  for (const std::string& result : shared.results) text += (text.empty() ? "" : "; ") + result;
  for (const auto& [name, value] : shared.where) text += " where " + name + " = " + value;
  return text;
}

}  // namespace

TEST_CASE("C++ computes in double whatever the numbers look like [fact]") {
  CHECK(cpp_of("x/3") == "x / 3.0");
  CHECK(cpp_of("2*x/3") == "2.0 * x / 3.0");
  CHECK(cpp_of("1/3") == "1.0 / 3.0");
  CHECK(cpp_of("x/4") == "0.25 * x");
  CHECK(cpp_of("-5*x/2") == "-2.5 * x");
  CHECK(cpp_of("0.044715*x/10") == "0.0044715 * x");
  CHECK(cpp_of("x + 0.01") == "0.01 + x");
  CHECK(cpp_of("1.6732632423543772848170429916717*x") == "1.6732632423543772 * x");
  CHECK(cpp_of("x - 1") == "x - 1.0");
  CHECK(cpp_of("(x - 1)/(1 + x)") == "(x - 1.0) / (1.0 + x)");
  CHECK(cpp_of("x/(2*pi)") == "x / (2.0 * pi)");
  CHECK(cpp_of("sqrt(x)*Phi(y)") == "std::sqrt(x) * Phi(y)");
  CHECK(cpp_of("piecewise(x < 1: 0, x < 2: x, 1)") == "(x < 1.0 ? 0.0 : (x < 2.0 ? x : 1.0))");
  CHECK(cpp_of("x^y") == "std::pow(x, y)");
  CHECK(cpp_of("max(x, 0)") == "std::fmax(x, 0.0)");
  CHECK(cpp_of("1e300*x") == "1e+300 * x");
}

TEST_CASE("Python says the same with numpy [fact]") {
  CHECK(python_of("x/3") == "x / 3");
  CHECK(python_of("x/(2*pi)") == "x / (2 * np.pi)");
  CHECK(python_of("atan2(x, y)") == "np.arctan2(x, y)");
  CHECK(python_of("x^y") == "x**y");
  CHECK(python_of("(1 + x)^y") == "(1 + x)**y");
  CHECK(python_of("piecewise(x <= 1: 0, 2)") == "np.where(x <= 1, 0, 2)");
  CHECK(python_of("12345678901*x") == "12345678901.0 * x");
}

TEST_CASE("integer powers are products, half-integer ones end in a root [fact]") {
  CHECK(cpp_of("x^2") == "x * x");
  CHECK(cpp_of("y*x^2") == "x * x * y");
  CHECK(cpp_of("x^3") == "x * x * x");
  CHECK(cpp_of("x^(3/2)") == "x * std::sqrt(x)");
  CHECK(cpp_of("1/x^2") == "1.0 / (x * x)");
  CHECK(cpp_of("x^(1/3)") == "std::pow(x, 1.0 / 3.0)");
  CHECK(statements(nke::to_cpp(std::vector{parse_expression("x^8")})) == "t1 = x * x; t2 = t1 * t1; t2 * t2");
}

TEST_CASE("exp(u) - 1 and log(1 + u) keep their digits [fact]") {
  CHECK(cpp_of("exp(x) - 1") == "std::expm1(x)");
  CHECK(cpp_of("1 - exp(x)") == "-std::expm1(x)");
  CHECK(cpp_of("3*exp(x) - 3 + y") == "y + 3.0 * std::expm1(x)");
  CHECK(cpp_of("y*(1 - exp(-x))") == "y * (-std::expm1(-x))");
  CHECK(cpp_of("exp(x) - 2") == "std::exp(x) - 2.0");
  CHECK(cpp_of("log(1 + x^2)") == "std::log1p(x * x)");
  CHECK(python_of("exp(x) - 1") == "np.expm1(x)");
}

TEST_CASE("what is used twice is computed once, across results too [fact]") {
  const std::vector<Expr> results{parse_expression("x*sqrt(1 + x^2)"), parse_expression("y/sqrt(1 + x^2)")};
  CHECK(statements(nke::to_cpp(results)) == "t1 = std::sqrt(1.0 + x * x); x * t1; y / t1");
  const std::vector<Expr> clash{parse_expression("t1*exp(x) + exp(x)^t2")};
  for (const auto& [name, value] : nke::to_cpp(clash).locals) CHECK((name != "t1" && name != "t2"));
}

TEST_CASE("a symbol that is a word of the language gets an underscore, and stays apart from others [fact]") {
  CHECK(cpp_of("lambda*double") == "double_ * lambda");
  CHECK(python_of("lambda*lambda_") == "lambda_ * lambda__");
  CHECK(nke::code_symbol("alpha", Language::numpy) == "alpha");
  CHECK(nke::code_symbol("sigmoid", Language::cpp) == "sigmoid_");
}

TEST_CASE("code that calls a function comes with its definition, after those it needs [fact]") {
  const std::string python = nke::code_definitions({nke::Function::Phi}, Language::numpy);
  CHECK(python.find("erfc = ") < python.find("def Phi"));
  CHECK(nke::code_definitions({nke::Function::exp}, Language::cpp).empty());
}

TEST_CASE("parts written more than once get the names an author would give them [fact]") {
  const std::vector<Expr> results{parse_expression("(sqrt(a*b - c^2) + c*atan2(sqrt(a*b - c^2), -c))/(2*pi)"),
                                  parse_expression("atan2(sqrt(a*b - c^2), -c)/(2*pi)")};
  CHECK(with_names(nke::to_shared_text(results)) ==
        "(s + c*atan2(s, -c))/(2*pi); atan2(s, -c)/(2*pi) where s = sqrt(a*b - c^2)");
  const auto latex =
      nke::to_shared_latex(std::vector{parse_expression("atan(x^3 + y*z)^2 + x*atan(x^3 + y*z) + atan(x^3 + y*z)")});
  REQUIRE(latex.where.size() == 1);
  CHECK(latex.where[0].name == "\\theta");
  CHECK(latex.where[0].text == R"(\arctan\left(x^{3} + y z\right))");
  CHECK(with_names(nke::to_shared_text(std::vector{parse_expression("exp(c) - exp(-c)")})) == "exp(c) - exp(-c)");
}

TEST_CASE(
    "what is long beyond reading is printed with a name for each repeated part, however large written out [law]") {
  Expr e = parse_expression("a + 2*b");  // 2^40 nodes as a tree
  for (int k = 0; k < 40; ++k) e = nke::sqrt(e * (e + k + 1) + nke::symbol("t3"));
  const std::vector<Expr> results{e, e * nke::symbol("c") + 1};
  const auto shared = nke::to_shared_text(results);
  CHECK(shared.where.size() >= 40);
  CHECK(shared.where.size() < 100);
  std::vector<Expr> back{parse_expression(shared.results[0]), parse_expression(shared.results[1])};
  for (auto part = shared.where.rbegin(); part != shared.where.rend(); ++part) {
    CHECK(part->name != "t3");
    for (Expr& result : back) result = substitute(result, part->name, parse_expression(part->text));
  }
  CHECK(back == results);
  CHECK(nke::to_shared_latex(results).where.size() == shared.where.size());
}

TEST_CASE("parts put back in give the expression again, and names clash with nothing [law]") {
  CAPTURE(nke::test::seed());
  nke::test::RandomExpression random(nke::test::seed());
  int named = 0;
  for (int i = 0; i < nke::test::iterations(300); ++i) {
    const Expr first = random(1 + i % 5);
    const Expr e = first * random(2) + nke::sqrt(1 + first * first);
    if (e.tree_size() > 500) continue;
    const auto shared = nke::to_shared_text(std::vector{e});
    Expr back = parse_expression(shared.results.front());
    for (auto part = shared.where.rbegin(); part != shared.where.rend(); ++part) {
      CHECK_FALSE(nke::depends_on(e, part->name));
      back = substitute(back, part->name, parse_expression(part->text));
    }
    CAPTURE(to_text(e));
    REQUIRE(back == e);
    named += shared.where.empty() ? 0 : 1;
  }
  CHECK(named > nke::test::iterations(300) / 6);
}
