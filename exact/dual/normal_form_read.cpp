// SPDX-License-Identifier: Apache-2.0
#include "normal_form_read.hpp"

#include <unordered_map>

#include <nke/exact/expr/print.hpp>

namespace nke::detail {
namespace {

constexpr long highest_power = 64;

constexpr const char* outside = "is not a polynomial-exponential with at most one gate";

class Reader {
 public:
  explicit Reader(Signs& signs) : signs_(signs) {}

  Terms read(const Expr& e) {
    if (!depends_on(e, "x")) return constant_term(e);
    if (const auto found = done_.find(e); found != done_.end()) return found->second;
    Terms terms = read_new(e);
    done_.emplace(e, terms);
    return terms;
  }

 private:
  Terms read_new(const Expr& e) {
    switch (e.kind()) {
      case Expr::Kind::symbol: return monomial(1, 1);
      case Expr::Kind::sum: {
        Terms total;
        for (const Expr& term : e.operands()) total = added(std::move(total), read(term));
        return total;
      }
      case Expr::Kind::product: {
        Terms total = constant_term(1);
        for (const Expr& factor : e.operands()) total = multiplied(total, read(factor));
        return total;
      }
      case Expr::Kind::power: return read_power(e);
      case Expr::Kind::function: return read_function(e);
      default: throw NoClosedForm(e, outside);
    }
  }

  Terms read_power(const Expr& e) {
    const Expr& base = e.operand(0);
    const Expr& exponent = e.operand(1);
    if (depends_on(exponent, "x")) {
      if (depends_on(base, "x") || signs_.of(base) <= 0) throw NoClosedForm(e, outside);
      return exponential(e, exponent * log(base));
    }
    const Terms terms = read(base);
    if (exponent.is_number() && exponent.number().sign() > 0 && exponent.number().is_integer()) {
      const auto n = exponent.number().to_long();
      if (!n || *n > highest_power) throw NoClosedForm(e, "is a power higher than 64");
      Terms result = constant_term(1);
      for (long i = 0; i < *n; ++i) result = multiplied(result, terms);
      return result;
    }
    // Any power of a lone exponential is one again: 1/exp(x), sqrt(exp(x)).
    const bool lone =
        terms.size() == 1 && terms.front().power == 0 && !terms.front().gate && terms.front().frequency.is_zero();
    if (!lone) {
      const bool quotient = exponent.is_number() && exponent.number().is_integer();
      throw NoClosedForm(e, quotient ? "divides by a function of x; quotients are outside the class" : outside);
    }
    Term term = terms.front();
    term.coefficient = pow(term.coefficient, exponent);
    term.quadratic *= exponent;
    term.linear *= exponent;
    return {term};
  }

  // The argument as c_0 + c_1 x + …, at most of this degree.
  std::vector<Expr> polynomial_argument(const Expr& e, const Expr& argument, std::size_t degree, const char* rule) {
    std::vector<Expr> c;
    try {
      c = as_polynomial(read(argument));
    } catch (const NoClosedForm&) {
      throw NoClosedForm(e, rule);
    }
    if (c.empty() || c.size() > degree + 1) throw NoClosedForm(e, rule);
    c.resize(degree + 1);
    return c;
  }

  Terms exponential(const Expr& e, const Expr& argument) {
    const auto c = polynomial_argument(e, argument, 2, "is outside the class: exponents are at most quadratic in x");
    Term term;
    term.coefficient = exp(c[0]);
    term.linear = c[1];
    term.quadratic = c[2];
    return {term};
  }

  // cos(argument − π/2·quarter).
  Terms wave(const Expr& e, const Expr& phase_shift) {
    const auto c = polynomial_argument(e, e.operand(0), 1, "is outside the class: sin and cos take affine arguments");
    Term term;
    term.coefficient = 1;
    term.frequency = c[1];
    term.phase = c[0] + phase_shift;
    return {term};
  }

  // scale·Φ(stretch·(c_0 + c_1 x)) + offset, stretch² given.
  Terms normal_gate(const Expr& e, const Expr& scale, const Expr& stretch2, const Expr& offset) {
    const auto c = polynomial_argument(e, e.operand(0), 1, "is outside the class: a gate takes an affine argument");
    const int side = signs_.of(c[1]);
    if (side == 0) throw NoClosedForm(e, outside);
    Term gate;
    gate.coefficient = scale;
    gate.gate = Gate{side, tidy(-c[0] / c[1]), tidy(1 / (stretch2 * c[1] * c[1]))};
    return added(constant_term(offset), {gate});
  }

  Terms read_function(const Expr& e) {
    const Expr& u = e.operand(0);
    switch (e.function()) {
      case Function::exp: return exponential(e, u);
      case Function::sinh: return scaled(Rational(1, 2), added(exponential(e, u), scaled(-1, exponential(e, -u))));
      case Function::cosh: return scaled(Rational(1, 2), added(exponential(e, u), exponential(e, -u)));
      case Function::cos: return wave(e, 0);
      case Function::sin: return wave(e, -pi() / 2);
      case Function::Phi: return normal_gate(e, 1, 1, 0);
      case Function::erf: return normal_gate(e, 2, 2, -1);
      case Function::erfc: return normal_gate(e, -2, 2, 2);
      case Function::phi: return scaled(1 / sqrt(2 * pi()), exponential(e, -u * u / 2));
      default: throw NoClosedForm(e, outside);
    }
  }

  Signs& signs_;
  std::unordered_map<Expr, Terms> done_;
};

}  // namespace

Terms read_terms(const Expr& e, Signs& signs) {
  return Reader(signs).read(e);
}

}  // namespace nke::detail
