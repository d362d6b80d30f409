// SPDX-License-Identifier: Apache-2.0
#include "given_dual.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/jet.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/expr/substitute.hpp>
#include <nke/exact/real/error.hpp>

#include "exact_evaluate.hpp"
#include "exact_radius.hpp"

namespace nke {
namespace {

constexpr std::string_view keyword = "dual";
constexpr std::string_view exp_normalized_name = "exp_normalized";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// What is between the parentheses of name(…); nothing if the text is not of that form.
std::optional<std::string_view> inside_call(std::string_view text, std::string_view name) {
  if (!text.starts_with(name)) return std::nullopt;
  const std::string_view rest = trimmed(text.substr(name.size()));
  if (rest.size() < 2 || rest.front() != '(' || rest.back() != ')') return std::nullopt;
  return trimmed(rest.substr(1, rest.size() - 2));
}

std::string_view without_quotes(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.front() == text.back();
  return quoted ? trimmed(text.substr(1, text.size() - 2)) : text;
}

Expr parameter(std::string_view text, std::string_view label) {
  text = trimmed(text);
  if (text.starts_with(label)) {
    const std::string_view rest = trimmed(text.substr(label.size()));
    if (rest.starts_with('=')) text = trimmed(rest.substr(1));
  }
  return parse_expression(text, {.symbols = std::vector<std::string>{}});
}

Expr correlation() {
  return symbol("c") / sqrt(symbol("a") * symbol("b"));
}

// √(ab) e^(γ(ρ + shift))
GivenDual exp_normalized(std::string_view arguments, std::string_view text) {
  Expr gamma(1);
  Expr shift(-1);
  if (!arguments.empty()) {
    const std::size_t comma = arguments.find(',');
    std::string_view first = trimmed(arguments.substr(0, comma));
    std::string_view second = comma == std::string_view::npos ? std::string_view() : arguments.substr(comma + 1);
    if (second.find(',') != std::string_view::npos) {
      throw DomainError("'exp_normalized' takes 2 parameters: exp_normalized(gamma=1, shift=-1)");
    }
    if (comma == std::string_view::npos && first.starts_with("shift")) std::swap(first, second);
    if (!first.empty()) gamma = parameter(first, "gamma");
    if (!trimmed(second).empty()) shift = parameter(second, "shift");
  }
  return given_dual(sqrt(symbol("a") * symbol("b")) * exp(gamma * (correlation() + shift)), std::string(text));
}

// The degree of homogeneity in a, b and c that the form shows: a sum has that of its terms if they agree, and so on.
std::optional<Rational> degree_of(const Expr& e);

// The degree all of them have.
std::optional<Rational> common_degree(std::span<const Expr> parts) {
  std::optional<Rational> degree;
  for (const Expr& part : parts) {
    if (part.is_zero()) continue;  // of every degree
    const std::optional<Rational> here = degree_of(part);
    if (!here || (degree && *degree != *here)) return std::nullopt;
    degree = here;
  }
  return degree;
}

// Conditions have to compare like with like; the values have to agree.
std::optional<Rational> degree_of_branches(std::span<const Expr> operands) {
  std::vector<Expr> values{operands.back()};
  for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
    if (!degree_of(operands[i])) return std::nullopt;
    values.push_back(operands[i + 1]);
  }
  return common_degree(values);
}

std::optional<Rational> degree_of_call(const Expr& e) {
  const std::optional<Rational> degree = common_degree(e.operands());
  switch (e.function()) {
    case Function::abs:
    case Function::min:
    case Function::max: return degree;
    case Function::sign:
    case Function::step:
    case Function::atan2: return degree ? std::optional(Rational(0)) : std::nullopt;
    default: return degree == Rational(0) ? degree : std::nullopt;
  }
}

std::optional<Rational> degree_of(const Expr& e) {
  switch (e.kind()) {
    case Expr::Kind::number:
    case Expr::Kind::constant: return Rational(0);
    case Expr::Kind::symbol: return Rational(1);
    case Expr::Kind::sum:
    case Expr::Kind::relation: return common_degree(e.operands());
    case Expr::Kind::piecewise: return degree_of_branches(e.operands());
    case Expr::Kind::function: return degree_of_call(e);
    case Expr::Kind::product: {
      Rational total;
      for (const Expr& factor : e.operands()) {
        const std::optional<Rational> degree = degree_of(factor);
        if (!degree) return std::nullopt;
        total += *degree;
      }
      return total;
    }
    case Expr::Kind::power: {
      const std::optional<Rational> degree = degree_of(e.operand(0));
      if (degree && e.operand(1).is_number()) return *degree * e.operand(1).number();
      return degree == Rational(0) && degree_of(e.operand(1)) == Rational(0) ? degree : std::nullopt;
    }
  }
  return std::nullopt;
}

// Whether e > 0 because a, b > 0: a product of powers of a and b.
bool is_positive_monomial(const Expr& e) {
  if (e == symbol("a") || e == symbol("b") || (e.is_number() && e.number().sign() > 0)) return true;
  if (e.is(Expr::Kind::power)) return e.operand(1).is_number() && is_positive_monomial(e.operand(0));
  if (!e.is(Expr::Kind::product)) return false;
  return std::all_of(e.operands().begin(), e.operands().end(), is_positive_monomial);
}

// sqrt(a*b)/sqrt(a*b) is 1 where a, b > 0, which an expression of real a and b does not know.
Expr cancelled(const Expr& e) {
  if (e.operands().empty()) return e;
  std::vector<Expr> operands;
  for (const Expr& operand : e.operands()) operands.push_back(cancelled(operand));
  const Expr made = rebuild(e, operands);
  if (!made.is(Expr::Kind::product)) return made;
  std::vector<Expr> others;
  std::vector<std::pair<Expr, Rational>> powers;
  for (const Expr& factor : made.operands()) {
    const auto split = split_power(factor);
    const Expr& base = split.first;
    if (!is_positive_monomial(base)) {
      others.push_back(factor);
      continue;
    }
    const auto same = std::find_if(powers.begin(), powers.end(), [&](const auto& p) { return p.first == base; });
    if (same == powers.end()) {
      powers.push_back(split);
    } else {
      same->second += split.second;
    }
  }
  for (const auto& [base, exponent] : powers) others.push_back(pow(base, exponent));
  return product(std::move(others));
}

void require_symmetric(const GivenDual& dual) {
  const Expr swapped = substitute(dual.value, {{"a", symbol("b")}, {"b", symbol("a")}});
  if (simplify(swapped - dual.value).is_zero()) return;
  const Precision precision = Precision::digits(60);
  const detail::ExactFormula value(dual.value);
  const std::array<std::array<Rational, 3>, 3> places{{{Rational(1), Rational(2), Rational(1, 2)},
                                                       {Rational(3, 7), Rational(5), Rational(-2, 3)},
                                                       {Rational(9, 4), Rational(1, 3), Rational(4, 5)}}};
  for (const auto& [a, b, c] : places) {
    const Ball here = value(detail::ExactPoint(a, b, c), precision);
    const Ball there = value(detail::ExactPoint(b, a, c), precision);
    if (here.is_finite() && there.is_finite() && !here.overlaps(there)) {
      throw DomainError("'" + dual.name + "' is no dual: K(a, b, c) and K(b, a, c) differ at (a, b, c) = (" +
                        a.to_string() + ", " + b.to_string() + ", " + c.to_string() + "): " + here.to_decimal(6) +
                        " and " + there.to_decimal(6));
    }
  }
}

}  // namespace

GivenDual given_dual(const Expr& value, std::string name) {
  for (const std::string& used : symbols(value)) {
    if (used != "a" && used != "b" && used != "c") {
      throw DomainError("a dual is an expression in a, b and c; '" + used + "' is none of them");
    }
  }
  GivenDual dual{std::move(name), simplify(value), cancelled(differentiate(value, "c")), degree_of(value)};
  require_symmetric(dual);
  return dual;
}

std::optional<GivenDual> read_given_dual(std::string_view text) {
  const std::string_view body = trimmed(text);
  if (body == exp_normalized_name) return exp_normalized({}, body);
  if (const auto arguments = inside_call(body, exp_normalized_name)) return exp_normalized(*arguments, body);
  const auto expression = inside_call(body, keyword);
  if (!expression) return std::nullopt;
  const ParseOptions names{.symbols = std::vector<std::string>{"a", "b", "c"}};
  return given_dual(parse_expression(without_quotes(*expression), names), std::string(body));
}

std::vector<Ball> taylor_coefficients(const GivenDual& dual, int degree, const Rational& variance,
                                      Precision precision) {
  const Expr at_variance =
      substitute(dual.value, {{"a", Expr(variance)}, {"b", Expr(variance)}, {"c", Expr(variance) * symbol("rho")}});
  return taylor<Ball>(at_variance, "rho", Ball(Rational(0), precision), degree, precision);
}

PositivityCheck check_positive(const GivenDual& dual, int degree) {
  PositivityCheck check{degree, {Rational(1)}, 0, 0};
  if (!dual.homogeneity) check.variances = {Rational(1, 4), Rational(1), Rational(4)};
  // A few bits a degree: what the recurrences of a series lose.
  const Precision precision = Precision::digits(60).with_guard(8L * degree);
  for (const Rational& variance : check.variances) {
    const std::vector<Ball> coefficients = taylor_coefficients(dual, degree, variance, precision);
    for (std::size_t n = 0; n < coefficients.size(); ++n) {
      if (!coefficients[n].is_finite()) {
        throw NotCertified("'" + dual.name + "' has no Taylor coefficient of rho^" + std::to_string(n) +
                           " at a = b = " + variance.to_string() + ": it is not analytic at rho = 0");
      }
      if (certainly_negative(coefficients[n])) {
        throw DomainError("'" + dual.name + "' is not positive definite: at a = b = " + variance.to_string() +
                          " the coefficient of rho^" + std::to_string(n) + " is " + coefficients[n].to_decimal(6) +
                          " < 0");
      }
      ++(certainly_positive(coefficients[n]) ? check.proven : check.undecided);
    }
  }
  return check;
}

ExactValue exact_dual(const GivenDual& dual, const Rational& a, const Rational& b, const Rational& c,
                      const ExactOptions& options) {
  const detail::ExactPoint point(a, b, c);
  point.require_covariance();
  if (options.cross_check) {
    throw DomainError("'" + dual.name +
                      "' is given as a formula: there is no activation to integrate as a cross-check");
  }
  const detail::ExactFormula form(options.part == DualPart::value ? dual.value : dual.derivative);
  const Ball unit = detail::relative_unit(options.digits);
  std::optional<Ball> scale;
  const auto allowed = [&](const Ball& value) {
    if (options.relative_to == RelativeTo::value) return unit * detail::least_magnitude(value);
    if (!scale) {
      const auto first = detail::diagonal_from_below(form, a);
      const auto second = detail::diagonal_from_below(form, b);
      const Precision bits = Precision::bits(64);
      scale = first && second ? detail::least_magnitude(sqrt(first->at_precision(bits) * second->at_precision(bits)))
                              : Ball(Rational(0), bits);
    }
    return unit * *scale;
  };
  const detail::Aim aim{[&](const Ball& value) {
                          return detail::radius_at_most(value, unit * detail::least_magnitude(value)) ||
                                 detail::radius_at_most(value, allowed(value));
                        },
                        [&](const Ball& value) {
                          const Ball bound = allowed(value);
                          if (!certainly_positive(bound)) return value.bits();
                          return detail::binary_exponent(detail::radius_of(value)) - detail::binary_exponent(bound);
                        }};
  const detail::Evaluation result = detail::evaluate_until(form, point, detail::first_bits(options.digits),
                                                           ExactDual::bit_ceiling(options.digits), aim);
  if (result.undefined) {
    throw DomainError("'" + dual.name + "' is not defined at " + point.pair_text() + ", c = " + c.to_string());
  }
  if (!result.reached) {
    throw NotCertified("'" + dual.name + "' is known as " + result.value.to_string(20) + " at " +
                       std::to_string(result.bits) + " bits");
  }
  return {result.value, "the given formula at " + std::to_string(result.bits) + " bits", {}, {}};
}

}  // namespace nke
