// SPDX-License-Identifier: Apache-2.0
// What a text means, and what is said of texts that mean nothing.
#include <string>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/activation/named.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/real/error.hpp>

#include "support.hpp"

using namespace nke;

namespace {

template <class Kind>
std::string message(std::string_view text) {
  try {
    activation(text);
  } catch (const Kind& error) {
    return error.what();
  }
  return "no error of this kind";
}

bool mentions(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a name, a call with parameters and the expression they stand for are the same function [fact]") {
  CHECK(activation("gelu") == activation("x*Phi(x)"));
  CHECK(activation("gelu(x)") == activation("gelu"));
  CHECK(activation("  relu  ") == activation("max(x, 0)"));
  CHECK(activation("tanh") == activation("tanh(x)"));
  CHECK(activation("tanh(x)").named() == nullptr);
  CHECK(activation("tanh").named() != nullptr);
  CHECK(activation("leaky_relu(0.2)") == activation("leaky_relu(alpha = 1/5)"));
  CHECK(activation("leaky_relu(0.2)") == activation("max(x,0) + min(x,0)/5"));
  CHECK(activation("softplus(2)") == activation("softplus(2*x)/2"));
  CHECK(activation("softplus(2*x)") == activation("softplus(2*x)"));
  CHECK(activation("hardtanh(high = 3)") == activation("min(max(x, -1), 3)"));
  CHECK(activation("elu ( 3/2 )") == activation("elu(alpha=1.5)"));
  CHECK(activation("hard_swish") == activation("hardswish"));
}

TEST_CASE("named activations are functions within an expression, their parameters following the argument [fact]") {
  CHECK(activation("gelu(2*x - 1)") == activation("(2*x - 1)*Phi(2*x - 1)"));
  CHECK(activation("hardtanh(x/2) + 1") == activation("min(max(x/2, -1), 1) + 1"));
  CHECK(activation("x*elu(x, 1/3)") == activation("x*piecewise(x > 0: x, (exp(x) - 1)/3)"));
  CHECK(activation("elu(3*x)") == activation("piecewise(3*x > 0: 3*x, exp(3*x) - 1)"));
  CHECK(activation("softplus(2*x)") == activation("softplus(x + x)"));  // a function of the language comes first
  CHECK(activation_formula("leaky_relu(x, p) + x") == parse_expression("p*min(x, 0) + max(x, 0) + x"));
}

TEST_CASE("a named activation within an expression needs an argument with x [fault]") {
  CHECK(mentions(message<DomainError>("x*elu(1/3)"), "'elu' is applied to something with x: elu(x, alpha)"));
  CHECK(mentions(message<DomainError>("x + gelu(x, 2)"), "'gelu' has 0 parameters beside its argument"));
  CHECK(mentions(message<ParseError>("x*tahn(x)"), "there is no function tahn; do you mean tanh?"));
}

TEST_CASE("a dual given where an activation is asked for is refused as what it is [fault]") {
  CHECK(mentions(message<DomainError>("dual(\"asin(c)/pi\")"), "'dual(...)' is a dual K(a,b,c), not an activation"));
  CHECK(mentions(message<DomainError>(" exp_normalized (2, -1)"), "'exp_normalized(...)' is a dual"));
}

TEST_CASE("parameters are kept exactly [fact]") {
  const Activation sigma = activation("leaky_relu(0.1)");
  REQUIRE(sigma.parameters().size() == 1);
  CHECK(sigma.parameters()[0].name == "alpha");
  CHECK(sigma.parameters()[0].value == Expr(Rational(1, 10)));
  CHECK(to_text(activation("prelu(sqrt(2)/3)").parameters()[0].value) == to_text(parse_expression("sqrt(2)/3")));
  const Activation selu = activation("selu");
  CHECK(selu.parameters()[0].value == Expr(Rational::parse("1.6732632423543772848170429916717")));
  CHECK(selu.parameters()[1].value == Expr(Rational::parse("1.0507009873554804934193349852946")));
}

TEST_CASE("an activation is a value: copies share, equality is that of the function [fact]") {
  const Activation a = activation("gelu");
  Activation b = activation("relu");
  CHECK_FALSE(a == b);
  b = a;
  CHECK(a == b);
  CHECK(b.name() == "gelu");
  CHECK(Activation(parse_expression("x*Phi(x)"), "mine") == a);
  CHECK(Activation(parse_expression("x*Phi(x)"), "mine").name() == "mine");
  CHECK(activation("3").parity() == Parity::even);
}

TEST_CASE("misspelt names are answered with the nearest one [fault]") {
  CHECK(mentions(message<DomainError>("rleu"), "'relu'"));
  CHECK(mentions(message<DomainError>("gleu"), "'gelu'"));
  CHECK(mentions(message<DomainError>("Tanh"), "tanh"));
  CHECK(mentions(message<DomainError>("qwertyuiop"), "no activation is named 'qwertyuiop'"));
  CHECK(nearest_activation_name("sofplus") == "softplus");
}

TEST_CASE("wrong parameters are named, with the signature [fault]") {
  CHECK(mentions(message<DomainError>("elu(1, 2)"), "takes 1 parameter, not 2: elu(alpha=1)"));
  CHECK(mentions(message<DomainError>("tanh(2)"), "takes 0 parameters"));
  CHECK(mentions(message<DomainError>("elu(beta=2)"), "no parameter 'beta'"));
  CHECK(mentions(message<DomainError>("hardtanh(1, low=2)"), "given twice"));
  CHECK(mentions(message<DomainError>("celu(0)"), "celu"));
  CHECK(mentions(message<DomainError>("monomial(1/2)"), "x < 0"));
  CHECK_THROWS_AS(activation("elu(alpha=y)"), ParseError);
}

TEST_CASE("symbols other than x are refused by name [fault]") {
  CHECK(mentions(message<ParseError>("x + y"), "y"));
  CHECK(mentions(message<ParseError>("exp(alpha*x)"), "alpha"));
  CHECK_THROWS_AS(Activation(parse_expression("x*y")), DomainError);
  CHECK_THROWS_AS(activation(""), ParseError);
  CHECK_THROWS_AS(activation("x +"), ParseError);
  CHECK_THROWS_AS(activation("relu("), ParseError);
  CHECK_THROWS_AS(activation(std::string(5000, '(')), Error);
  CHECK_THROWS_AS(activation("gelu(" + std::string(5000, '1') + ")"), Error);
}

TEST_CASE("a function that is not real on an interval is refused, and the place is named [fault]") {
  CHECK(mentions(message<DomainError>("log(x)"), "x < 0"));
  CHECK(mentions(message<DomainError>("sqrt(x)"), "x < 0"));
  CHECK(mentions(message<DomainError>("x^x"), "x < 0"));
  CHECK(mentions(message<DomainError>("sqrt(x^2 - 1)"), "-1 < x < 1"));
  CHECK(mentions(message<DomainError>("asin(x)"), "x < -1"));
  CHECK(mentions(message<DomainError>("log(max(x, 0))"), "log"));
  CHECK(mentions(message<DomainError>("1/(max(x, 0) - x*step(x))"), "not defined"));
  CHECK(mentions(message<DomainError>("piecewise(x > 1: log(x - 2), x)"), "1 < x < 2"));
  // The same functions where they are defined.
  CHECK_NOTHROW(activation("log(abs(x))"));
  CHECK_NOTHROW(activation("piecewise(x > 2: log(x - 2), x)"));
  CHECK_NOTHROW(activation("sqrt(max(x, 0))"));
  CHECK_NOTHROW(activation("1/x"));
}
