// SPDX-License-Identifier: Apache-2.0
#include "block_rounding.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <nke/exact/expr/function_table.hpp>

namespace nke::detail {

namespace {

// An expression in a, b, d >= 0 and c that is plainly not negative.
bool nonnegative(const Expr& e) {
  if (e.is(Expr::Kind::symbol)) return e.name() != "c";
  if (e.is_number()) return e.number().sign() >= 0;
  const auto all = [&] { return std::all_of(e.operands().begin(), e.operands().end(), nonnegative); };
  if (e.is(Expr::Kind::sum) || e.is(Expr::Kind::product)) return all();
  if (e.is(Expr::Kind::power) && nonnegative(e.operand(0))) return true;
  return e.nonnegative();
}

// What a function itself loses, in units of ε, with some room: sums of them rarely stay as far below their bound as
// those of Φ do.
Rational roundings(const Expr& e) {
  switch (e.function()) {
    case Function::abs:
    case Function::sign:
    case Function::step: return Rational(0);
    case Function::Phi: return Rational(2);
    case Function::Phi2: return Rational(5, 2);
    case Function::sin:
    case Function::cos: return Rational(6);
    default: return Rational(4);
  }
}

// |e|, with as few absolute values as it takes.
Expr size(const Expr& e) {
  if (nonnegative(e)) return e;
  if (e.is(Expr::Kind::product)) {
    std::vector<Expr> factors;
    for (const Expr& factor : e.operands()) factors.push_back(size(factor));
    return product(std::move(factors));
  }
  if (e.is_rational_power()) return pow(size(e.operand(0)), e.operand(1));
  return abs(e);
}

Expr half(const Expr& e) {
  return Expr(Rational(1, 2)) * e;
}

// A threshold of a row or column alone: block programs take the Gaussian of it from its square (block_compile.cpp), so
// that its own rounding only shifts Mills' ratio, by less than itself.
bool is_threshold(const Expr& e) {
  const std::set<std::string> names = symbols(e);
  return !names.contains("c") && !names.contains("d") && names.size() <= 1;
}

// A number times a, b or c, which come without error.
bool is_exact_term(const Expr& e) {
  const Expr body = split_coefficient(e).second;
  return body.is_number() || (body.is(Expr::Kind::symbol) && body.name() != "d");
}

class Bound {
 public:
  Expr of(const Expr& e) {
    if (const auto found = done_.find(e); found != done_.end()) return found->second;
    Expr result = by_rule(e);
    done_.emplace(e, result);
    return result;
  }

 private:
  Expr by_rule(const Expr& e) {
    switch (e.kind()) {
      case Expr::Kind::number:
      case Expr::Kind::constant:
      case Expr::Kind::relation: return {};
      case Expr::Kind::symbol: return e.name() == "d" ? e : Expr();
      case Expr::Kind::sum: return of_sum(e);
      case Expr::Kind::product: return of_product(e);
      case Expr::Kind::power: return of_power(e);
      case Expr::Kind::function: return of_function(e);
      case Expr::Kind::piecewise: break;
    }
    std::vector<Branch> branches;
    for (std::size_t i = 0; i + 1 < e.operands().size(); i += 2) {
      branches.push_back({e.operand(i), of(e.operand(i + 1))});
    }
    return piecewise(branches, of(e.operands().back()));
  }

  Expr of_sum(const Expr& e) {
    // Block programs sum inputs without loss.
    if (std::all_of(e.operands().begin(), e.operands().end(), is_exact_term)) return half(size(e));
    std::vector<Expr> parts, sizes;
    Rational rest = e.operand(0).is_number() ? e.operand(0).number() : Rational(0);
    for (const Expr& term : e.operands()) {
      const auto [factor, body] = split_coefficient(term);
      if (!rest.is_zero() && factor == -rest && body.is(Function::exp)) {  // expm1
        const Expr u = body.operand(0);
        parts.push_back(Expr(abs(factor)) * (body * of(u) + Expr(4) * abs(body - Expr(1))));
        sizes.front() = sizes.back();
        sizes.erase(sizes.begin());
        rest = Rational(0);
        sizes.push_back(abs(Expr(factor) * (body - Expr(1))));
        continue;
      }
      parts.push_back(of(term));
      sizes.push_back(size(term));
    }
    if (sizes.size() > 1) parts.push_back(half(sizes.size() == 2 || nonnegative(e) ? size(e) : sum(sizes)));
    return sum(std::move(parts));
  }

  // Σ E(f_i) Π_{j≠i} |f_j| + |f_1 f_2 …| (n − 1)/2
  Expr of_factors(const std::vector<Expr>& factors) {
    std::vector<Expr> parts;
    for (std::size_t i = 0; i < factors.size(); ++i) {
      std::vector<Expr> others{of(factors[i])};
      for (std::size_t j = 0; j < factors.size(); ++j) {
        if (j != i) others.push_back(size(factors[j]));
      }
      parts.push_back(product(std::move(others)));
    }
    const long multiplications = static_cast<long>(factors.size()) - 1;
    parts.push_back(Expr(Rational(multiplications, 2)) * size(product(factors)));
    return sum(std::move(parts));
  }

  Expr of_product(const Expr& e) {
    std::vector<Expr> factors(e.operands().begin(), e.operands().end());
    const auto damping =
        std::find_if(factors.begin(), factors.end(), [](const Expr& f) { return f.is(Function::exp); });
    const auto wave = std::find_if(factors.begin(), factors.end(),
                                   [](const Expr& f) { return f.is(Function::sinh) || f.is(Function::cosh); });
    if (damping == factors.end() || wave == factors.end()) return of_factors(factors);
    // A block program computes exp(p) sinh(q) as exp(p + |q|) times something of size 1.
    const Expr p = damping->operand(0), q = wave->operand(0);
    const Expr damped = *damping * *wave;
    const Expr relative = Expr(8) + exponent(p) + exponent(q) + abs(p + abs(q));
    const Expr pair[] = {*damping, *wave};
    std::erase_if(factors, [&](const Expr& f) { return f == pair[0] || f == pair[1]; });
    if (factors.empty()) return abs(damped) * relative;
    const Expr rest = product(factors);
    return abs(damped) * (size(rest) * relative + of(rest));
  }

  Expr of_power(const Expr& e) {
    const Expr &base = e.operand(0), &exponent_of_base = e.operand(1);
    if (base.is_number() || base.is(Expr::Kind::constant)) return e * (Expr(4) + of(exponent_of_base));
    if (!e.is_rational_power()) {
      return size(e) *
             (Expr(4) + of(exponent_of_base) * abs(log(base)) + of(base) * size(exponent_of_base) / size(base));
    }
    // A factor of the base in its error is taken out, so that √d has the error √d at d = 0 too.
    const Rational& r = exponent_of_base.number();
    const Expr carried = of(base) * pow(size(base), Expr(r - Rational(1)));
    return Expr(abs(r)) * (base == symbol("d") ? size(e) : carried) + half(size(e));
  }

  // The error of an exponent that is a sum: what its terms carry, their addition being free of it.
  Expr exponent(const Expr& e) {
    const auto [coefficient, body] = split_coefficient(e);
    const bool exact = Rational::from_double_exactly(coefficient.to_double()) == coefficient;
    if (body.is_rational_power() && is_exact_term(body.operand(0)) && body.operand(1) == Expr(-1)) return {};
    if (!body.is(Expr::Kind::sum)) return Expr(abs(coefficient)) * of(body) + (exact ? Expr() : half(size(e)));
    std::vector<Expr> parts;
    for (const Expr& term : body.operands()) parts.push_back(exponent(term));
    return Expr(abs(coefficient)) * sum(std::move(parts));
  }

  Expr of_function(const Expr& e) {
    if (e.is(Function::exp)) {
      const Expr& u = e.operand(0);
      return e * (Expr(3) + exponent(u));
    }
    const bool gaussian = e.is(Function::Phi2) || e.is(Function::Phi) || e.is(Function::phi);
    std::vector<Expr> parts{Expr(roundings(e)) * size(e)};
    for (std::size_t i = 0; i < e.operands().size(); ++i) {
      const Expr carried = of(e.operand(i));
      if (gaussian && is_threshold(e.operand(i))) {
        parts.push_back(half(size(e)));
      } else if (e.is(Function::Phi) && !carried.is_zero()) {
        // Where an argument is all noise, so is the density there: it is taken as near to 0 as the argument may be.
        const Expr nearest = max(Expr(0), abs(e.operand(i)) - Expr(pow(Rational(2), -49)) * carried);
        parts.push_back(phi(nearest) * carried);
      } else if (!carried.is_zero())
        parts.push_back(abs(function_row(e.function()).derivative(e.operands(), i)) * carried);
    }
    return sum(std::move(parts));
  }

  std::unordered_map<Expr, Expr> done_;
};

}  // namespace

Expr rounding_bound(const Expr& e) {
  return Bound().of(e);
}

}  // namespace nke::detail
