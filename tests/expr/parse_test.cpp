// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <nke/exact/expr/parse.hpp>

#include "support.hpp"

using nke::Expr;
using nke::parse_expression;
using nke::Rational;

namespace {

const Expr x = nke::symbol("x");

std::string repeated(const std::string& part, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += part;
  return text;
}

void check_fault(const std::string& text, std::size_t position, const std::string& part_of_message) {
  CAPTURE(text);
  try {
    parse_expression(text, {.symbols = {{"x", "alpha"}}});
    FAIL("no error");
  } catch (const nke::ParseError& error) {
    CHECK(error.position() == position);
    const std::string message = error.what();
    CAPTURE(message);
    CHECK(message.find(part_of_message) != std::string::npos);
  }
}

template <class Kind>
void check_refused(const std::string& text, const std::string& part_of_message) {
  CAPTURE(text.substr(0, 60));
  try {
    parse_expression(text);
    FAIL("no error");
  } catch (const Kind& error) {
    const std::string message = error.what();
    CAPTURE(message);
    CHECK(message.find(part_of_message) != std::string::npos);
  }
}

}  // namespace

TEST_CASE("numbers are exact [fact]") {
  CHECK(parse_expression("0.044715") == Expr(Rational(44715, 1000000)));
  CHECK(parse_expression("1e-3") == Expr(Rational(1, 1000)));
  CHECK(parse_expression("1.5E+2") == Expr(150));
  CHECK(parse_expression(".5") == Expr(Rational(1, 2)));
  CHECK(parse_expression("2.") == Expr(2));
  CHECK(parse_expression("2.e1") == Expr(20));
  CHECK(parse_expression("0.1+0.2") == Expr(Rational(3, 10)));
}

TEST_CASE("operators bind as in a textbook [fact]") {
  CHECK(parse_expression("-x^2") == -pow(x, 2));
  CHECK(parse_expression("(-x)^2") == pow(x, 2));
  CHECK(parse_expression("2^3^2") == Expr(512));
  CHECK(parse_expression("2^-1") == Expr(Rational(1, 2)));
  CHECK(parse_expression("2^-x^2") == pow(2, -pow(x, 2)));
  CHECK(parse_expression("1-2-3") == Expr(-4));
  CHECK(parse_expression("8/4/2") == Expr(1));
  CHECK(parse_expression("8/4*2") == Expr(4));
  CHECK(parse_expression("1+2*3") == Expr(7));
  CHECK(parse_expression("-x*-x") == pow(x, 2));
  CHECK(parse_expression("--x") == x);
  CHECK(parse_expression("+x - +x") == Expr(0));
  CHECK(parse_expression(" x\t*\n( x + 1 ) ") == x * (x + 1));
}

TEST_CASE("functions and spellings [fact]") {
  CHECK(parse_expression("sqrt(x)") == pow(x, Rational(1, 2)));
  CHECK(parse_expression("relu(x)") == nke::max(x, 0));
  CHECK(parse_expression("clip(x, -1, 1)") == nke::min(nke::max(x, -1), 1));
  CHECK(parse_expression("pow(x, 3)") == pow(x, 3));
  CHECK(parse_expression("max(x, 2, 0, 1)") == nke::max(nke::max(x, 2), nke::max(0, 1)));
  CHECK(parse_expression("e^x") == nke::exp(x));
  CHECK(parse_expression("pi") == nke::pi());
  CHECK(parse_expression("Phi(x)*phi(x)") == nke::Phi(x) * nke::phi(x));
  CHECK(parse_expression("alpha_1*x") == nke::symbol("alpha_1") * x);
}

TEST_CASE("piecewise takes conditions in order and a last value without one [fact]") {
  CHECK(parse_expression("piecewise(x < 0: 0, x)") == nke::piecewise({{nke::less(x, 0), 0}}, x));
  CHECK(parse_expression("piecewise(x >= 1: 1, x > -1: x, -1)") ==
        nke::piecewise({{nke::less_equal(1, x), 1}, {nke::less(-1, x), x}}, -1));
  CHECK(parse_expression("piecewise(x <= 2*x: x, 0)") == nke::piecewise({{nke::less_equal(x, 2 * x), x}}, 0));
}

TEST_CASE("faults point at their place [fault]") {
  check_fault("", 0, "empty");
  check_fault("   ", 3, "empty");
  check_fault("2x", 1, "2*x");
  check_fault("x (x+1)", 0, "x is not a function; a product is written x*(...)");
  check_fault("(x)(x)", 3, "2*x");
  check_fault("x x", 2, "2*x");
  check_fault("x + ", 4, "missing at the end");
  check_fault("x + * 2", 4, "before *");
  check_fault("(x + 1", 0, "never closed");
  check_fault("sin(x + (1", 8, "never closed");
  check_fault("x + 1)", 5, "closes nothing");
  check_fault("x, 1", 1, "comma");
  check_fault("x : 1", 2, "colon");
  check_fault("x < 1", 2, "piecewise");
  check_fault("(x < 1)", 3, "piecewise");
  check_fault("x ** 2", 2, "^");
  check_fault("|x|", 0, "abs(x)");
  check_fault("x = 1", 2, "equations");
  check_fault("[x]", 0, "( and )");
  check_fault("x + $", 4, "$");
  check_fault("x + \xCF\x83", 4, "outside ASCII");
  check_fault(std::string("x\0y", 3), 1, "control character");
  check_fault("1..2", 2, "2*x");
  check_fault("x . 2", 2, "point");
}

TEST_CASE("unknown names suggest the nearest known one [fault]") {
  check_fault("x*tahn(x)", 2, "do you mean tanh?");
  check_fault("ln(x)", 0, "do you mean log?");
  check_fault("sigmod(x)", 0, "do you mean sigmoid?");
  check_fault("Sin(x)", 0, "do you mean sin?");
  check_fault("softplsu(x)", 0, "do you mean softplus?");
  check_fault("heaviside(x)", 0, "do you mean step?");
  check_fault("frobnicate(x)", 0, "there is no function frobnicate;");
  check_fault("alhpa*x", 0, "do you mean alpha?");
  check_fault("x + y", 4, "y is not known here");
  check_fault("tanh", 0, "tanh is a function: write tanh(x)");
  check_fault("pi(x)", 0, "pi is not a function");
}

TEST_CASE("a wrong number of arguments names the function [fault]") {
  check_fault("1 + tanh(x, 2)", 4, "tanh takes 1 argument, not 2");
  check_fault("sin()", 0, "sin takes 1 argument, not 0");
  check_fault("clip(x, 1)", 0, "clip takes 3 arguments, not 2");
  check_fault("max(x)", 0, "max takes at least 2 arguments, not 1");
  check_fault("pow(x)", 0, "pow takes 2 arguments, not 1");
  check_fault("atan2(x)", 0, "atan2 takes 2 arguments, not 1");
}

TEST_CASE("faults in piecewise say what is expected [fault]") {
  check_fault("piecewise(x, 1)", 11, "begins with a condition");
  check_fault("piecewise(x: 1, 2)", 11, "compares");
  check_fault("piecewise(x < 0 1, 2)", 16, "2*x");
  check_fault("piecewise(x < 0, 2)", 15, ": is expected");
  check_fault("piecewise(x < 0: 1)", 18, "without a condition");
  check_fault("piecewise(0 < x < 1: 1, 2)", 16, "one comparison");
  check_fault("piecewise(x < 0: 1, 2, 3)", 21, "expected before ,");
}

TEST_CASE("what has no value is a domain error with its place [fault]") {
  check_refused<nke::DomainError>("x + 1/0", "division by zero (at character 6)");
  check_refused<nke::DomainError>("1/(2 - 2)", "division by zero");
  check_refused<nke::DomainError>("0^0", "0^0 is undefined");
  check_refused<nke::DomainError>("0^-1", "division by zero");
  check_refused<nke::DomainError>("(-2)^0.5", "not a real number");
  check_refused<nke::DomainError>("log(-1)", "log(-1)");
  check_refused<nke::DomainError>("clip(x, 1, 0)", "low <= high");
  check_refused<nke::DomainError>("asin(2)", "asin(2)");
}

TEST_CASE("hostile text is refused at once [fault]") {
  check_refused<nke::LimitError>("x^10^10^10", "bits");
  check_refused<nke::LimitError>("9^9^9^9", "bits");
  check_refused<nke::LimitError>("1e999999999", "exponent");
  check_refused<nke::LimitError>("1e99999999999999999999999", "exponent");
  check_refused<nke::LimitError>("x^1e9", "exponent");
  check_refused<nke::LimitError>("(x^999999)^999999", "exponent");
  check_refused<nke::LimitError>("2^(1/1e9)", "exponent");
  check_refused<nke::LimitError>(std::string(10'000'000, 'x'), "bytes");
  check_refused<nke::LimitError>(std::string(20'000, '1'), "digits");
  check_refused<nke::LimitError>(repeated("(", 60'000), "nested");
  check_refused<nke::LimitError>(repeated("-", 60'000) + "x", "nested");
  check_refused<nke::LimitError>(repeated("x^", 30'000) + "x", "nested");
  check_refused<nke::LimitError>(repeated("sin(", 10'000) + "x", "nested");
  check_refused<nke::LimitError>(repeated("piecewise(x<", 5'000), "nested");
  check_refused<nke::LimitError>(repeated("1e9999*", 10) + "x", "bits");
  check_refused<nke::LimitError>("1e9999^(1/3)^(1/1000001)", "exponent");
}

TEST_CASE("long text that is harmless is read, in time that grows as n log n [fact]") {
  std::string terms = "x";
  for (int i = 0; i < 8'000; ++i) terms += "+a" + std::to_string(i);
  CHECK(parse_expression(terms).operands().size() == 8'001);
  CHECK(parse_expression(repeated("x*", 30'000) + "x") == pow(x, 30'001));
  CHECK(parse_expression(repeated("(", 190) + "x" + repeated(")", 190)) == x);
  std::string fractions = "0";
  for (int i = 2; i < 2'000; ++i) fractions += "+1/" + std::to_string(i);
  CHECK(parse_expression(fractions).is_number());
}
