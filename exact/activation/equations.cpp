// SPDX-License-Identifier: Apache-2.0
#include "equations.hpp"

#include <optional>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/real/ball.hpp>

#include "point.hpp"
#include "polynomial.hpp"

namespace nke::detail {
namespace {

// The proven sign of a constant expression; nothing if 1000 bits do not tell it from 0 and no rule does.
std::optional<int> constant_sign(const Expr& c) {
  if (c.is_number()) return c.number().sign();
  const Ball value = evaluate<Ball>(c, "x", Ball(0), Precision::bits(1000));
  if (certainly_positive(value)) return 1;
  if (certainly_negative(value)) return -1;
  if (proves_zero(c)) return 0;
  return std::nullopt;
}

class Undoing {
 public:
  std::vector<Expr> run(const Expr& g) {
    visit(g, 0);
    return std::move(equations_);
  }

 private:
  static constexpr int depth_limit = 40;

  void visit(const Expr& g, int depth) {
    if (!depends_on(g, "x")) {
      const auto sign = constant_sign(g);
      if (!sign) keep(g);
      if (sign == 0) keep(Expr(0));
      return;
    }
    if (depth > depth_limit || polynomial_coefficients(g)) return keep(g);
    switch (g.kind()) {
      case Expr::Kind::product:
        for (const Expr& factor : g.operands()) visit(factor, depth + 1);
        return;
      case Expr::Kind::power: return visit_power(g, depth);
      case Expr::Kind::function: return visit_function(g, depth);
      case Expr::Kind::sum: return visit_sum(g, depth);
      default: return keep(g);
    }
  }

  void keep(const Expr& f) { equations_.push_back(f); }

  void visit_power(const Expr& g, int depth) {
    const Expr& exponent = g.operand(1);
    // u^q = 0: u = 0 for q > 0, never for q < 0. b^v with b > 0 is never 0.
    if (exponent.is_number()) {
      if (exponent.number().sign() > 0) visit(g.operand(0), depth + 1);
      return;
    }
    if (!g.operand(0).positive()) keep(g);
  }

  void visit_function(const Expr& g, int depth) {
    const Expr& u = g.operand(0);
    switch (g.function()) {
      case Function::exp:
      case Function::Phi:
      case Function::phi:
      case Function::sigmoid:
      case Function::softplus:
      case Function::erfc:
      case Function::cosh: return;
      case Function::tanh:
      case Function::sinh:
      case Function::atan:
      case Function::asin:
      case Function::erf:
      case Function::abs:
      case Function::sign: return visit(u, depth + 1);
      case Function::log: return visit(u - Expr(1), depth + 1);
      default: return keep(g);
    }
  }

  // c + a·h(u) = 0 with constants a and c is h(u) = q.
  void visit_sum(const Expr& g, int depth) {
    std::vector<Expr> constants;
    std::vector<Expr> others;
    for (const Expr& term : g.operands()) (depends_on(term, "x") ? others : constants).push_back(term);
    if (others.size() != 1) return keep(g);
    std::vector<Expr> coefficients;
    std::vector<Expr> factors;
    if (others[0].is(Expr::Kind::product)) {
      for (const Expr& factor : others[0].operands())
        (depends_on(factor, "x") ? factors : coefficients).push_back(factor);
    } else {
      factors.push_back(others[0]);
    }
    const Expr q = simplify(-sum(constants) / product(coefficients));
    if (factors.size() == 1 && solve(factors[0], q, depth)) return;
    keep(g);
  }

  // h(u) = q, if h can be undone; every inverse is stated for the values h takes only.
  bool solve(const Expr& h, const Expr& q, int depth) {
    const auto sign = constant_sign(q);
    if (!sign) return false;
    if (h.is(Expr::Kind::symbol)) {
      keep(h - q);
      return true;
    }
    if (h.is_rational_power()) return solve_power(h.operand(0), h.operand(1).number(), q, *sign, depth);
    if (!h.is(Expr::Kind::function)) return false;
    const Expr& u = h.operand(0);
    const auto equals = [&](const Expr& value) {
      visit(u - value, depth + 1);
      return true;
    };
    const auto below_one = [&] { return constant_sign(Expr(1) - q); };
    switch (h.function()) {
      case Function::exp: return *sign <= 0 || equals(log(q));
      case Function::log: return equals(exp(q));
      case Function::sinh: return equals(log(q + sqrt(pow(q, Expr(2)) + Expr(1))));
      case Function::softplus: return *sign <= 0 || equals(log(exp(q) - Expr(1)));
      case Function::sigmoid: {
        const auto below = below_one();
        if (!below) return false;
        return *sign <= 0 || *below <= 0 || equals(log(q / (Expr(1) - q)));
      }
      case Function::tanh: {
        const auto inside = constant_sign(Expr(1) - pow(q, Expr(2)));
        if (!inside) return false;
        return *inside <= 0 || equals(log((Expr(1) + q) / (Expr(1) - q)) / Expr(2));
      }
      case Function::atan: {
        const auto inside = constant_sign(pow(pi(), Expr(2)) / Expr(4) - pow(q, Expr(2)));
        if (!inside) return false;
        return *inside <= 0 || equals(tan(q));
      }
      default: return false;
    }
  }

  // u^r = q.
  bool solve_power(const Expr& u, const Rational& r, const Expr& q, int sign, int depth) {
    if (sign == 0) {
      if (r.sign() > 0) visit(u, depth + 1);
      return true;
    }
    const Expr inverse = Expr(Rational(1) / r);
    const bool integer = r.is_integer();
    const bool odd = integer && !(r / Rational(2)).is_integer();
    if (sign < 0) {
      if (odd) visit(u + pow(-q, inverse), depth + 1);
      return true;  // even and fractional powers are never negative
    }
    visit(u - pow(q, inverse), depth + 1);
    if (integer && !odd) visit(u + pow(q, inverse), depth + 1);
    return true;
  }

  std::vector<Expr> equations_;
};

}  // namespace

std::vector<Expr> simpler_equations(const Expr& g) {
  return Undoing().run(g);
}

}  // namespace nke::detail
