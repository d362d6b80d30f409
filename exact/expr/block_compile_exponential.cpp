// SPDX-License-Identifier: Apache-2.0
// Exponents, summed without loss: an error of theirs is one of the result.
#include <vector>

#include "block_compiler.hpp"

namespace nke::detail {

namespace {

// k·(u + v) as k u + k v, however deep.
void flatten(const Rational& factor, const Expr& e, std::vector<std::pair<Rational, Expr>>& terms) {
  const auto [coefficient, body] = split_coefficient(e);
  const Rational k = factor * coefficient;
  if (!body.is(Expr::Kind::sum)) {
    terms.emplace_back(k, body);
    return;
  }
  for (const Expr& term : body.operands()) flatten(k, term, terms);
}

}  // namespace

// An exponent, whose error is one of the result: as rounded, and what its additions and multiplications lost.
struct BlockCompiler::Exponent {
  Value rounded;
  std::optional<Value> lost;
};
BlockCompiler::Exponent BlockCompiler::exponent(const Expr& e) {
  std::vector<std::pair<Rational, Expr>> flat;
  flatten(Rational(1), e, flat);
  std::optional<Value> total, lost;
  const auto lose = [&](const Value& error) { lost = lost ? add(*lost, error) : error; };
  std::vector<Term> terms;
  for (const auto& [factor, body] : flat) {
    if (const auto [base, power] = split_power(body); base.is(Expr::Kind::symbol) && power == Rational(-1)) {
      const Value above = number(factor.to_double()), below = value_of(base);
      const Value quotient = emit(Operation::divide, {above, below});
      lose(emit(Operation::quotient_error, {above, below, quotient}));
      const Rational rest = factor - Rational::from_double_exactly(above.number);
      if (!rest.is_zero()) lose(emit(Operation::divide, {number(rest.to_double()), below}));
      terms.push_back({quotient, 1});
    } else {
      terms.push_back({value_of(body), factor.to_double()});
      const Rational rest = factor - Rational::from_double_exactly(factor.to_double());
      if (!rest.is_zero()) lose(scaled(terms.back().value, rest.to_double()));
    }
  }
  if (terms.size() < 2 && !lost) return {value_of(e), std::nullopt};
  std::stable_sort(terms.begin(), terms.end(),
                   [&](const Term& s, const Term& t) { return group(s.value) < group(t.value); });
  for (const Term& term : terms) {
    const Value part = scaled(term.value, term.factor);
    int power = 0;
    if (!part.known && std::abs(std::frexp(term.factor, &power)) != 0.5) {
      lose(emit(Operation::product_error, {term.value, number(term.factor)}));
    }
    if (total) lose(emit(Operation::sum_error, {*total, part}));
    total = total ? add(*total, part) : part;
  }
  return {*total, lost};
}
BlockCompiler::Value BlockCompiler::exponential(const Expr& e) {
  const Exponent u = exponent(e);
  const Value power = emit(Operation::exp, {u.rounded});
  // exp(u + δ) = exp(u) (1 + δ); written so, infinity stays infinity.
  return u.lost ? multiply(power, add(*u.lost, number(1))) : power;
}
BlockCompiler::Value BlockCompiler::exponential_minus_one(const Expr& e) {
  minus_one_.insert(e);
  const Exponent u = exponent(e);
  return emit(Operation::expm1, {u.lost ? add(u.rounded, *u.lost) : u.rounded});
}

// exp(p) sinh(q) = sign(q) exp(p + |q|) (1 − exp(−2|q|))/2, and cosh likewise: p + |q| may be small where the
// factors overflow and vanish, and sinh and cosh of one q share everything.
BlockCompiler::Value BlockCompiler::damped_wave(const Expr& p, const Expr& wave) {
  const Expr size = nke::abs(wave.operand(0));
  const Value envelope = exponential(p + size);
  const Value rest = emit(Operation::expm1, {value_of(Expr(-2) * size)});
  if (wave.is(Function::cosh)) return scaled(multiply(envelope, add(rest, number(2))), 0.5);
  const Value sign = emit(Operation::sign, {value_of(wave.operand(0))});
  return scaled(multiply(multiply(envelope, rest), sign), -0.5);
}

}  // namespace nke::detail
