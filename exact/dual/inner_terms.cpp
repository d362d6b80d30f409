// SPDX-License-Identifier: Apache-2.0
#include "inner_terms.hpp"

#include <algorithm>
#include <array>

#include <nke/exact/expr/evaluate.hpp>

namespace nke::detail {
namespace {

// The place of `key` in `seen`, at its end if it is new.
template <class Key>
std::size_t number_of(std::vector<Key>& seen, const Key& key) {
  const auto found = std::find(seen.begin(), seen.end(), key);
  if (found == seen.end()) seen.push_back(key);
  return static_cast<std::size_t>(std::find(seen.begin(), seen.end(), key) - seen.begin());
}

}  // namespace

Ball constant_value(const Expr& e, Precision precision) {
  if (e.is_number()) return Ball(e.number(), precision);
  return evaluate<Ball>(e, Bindings<Ball>{}, precision);
}

std::vector<NumericTerm> numeric_terms(const NormalForm& sigma, Precision precision) {
  std::vector<NumericTerm> result;
  std::vector<std::array<Expr, 3>> exponentials;
  std::vector<std::array<Expr, 2>> gates;
  for (const Term& term : sigma.terms) {
    NumericTerm numeric;
    const Ball coefficient = constant_value(term.coefficient, precision);
    const Ball linear = constant_value(term.linear, precision);
    numeric.power = term.power;
    numeric.quadratic = constant_value(term.quadratic, precision);
    if (term.gate) {
      numeric.gate = NumericGate{term.gate->side, constant_value(term.gate->threshold, precision),
                                 constant_value(term.gate->width2, precision), term.gate->width2.is_zero()};
      numeric.gate_kind = number_of(gates, {term.gate->threshold, term.gate->width2});
    }
    if (term.frequency.is_zero()) {
      numeric.coefficient =
          term.phase.is_zero() ? coefficient : coefficient * cos(constant_value(term.phase, precision));
      numeric.linear = linear;
      numeric.exponential = number_of(exponentials, {term.quadratic, term.linear, Expr()});
      result.push_back(std::move(numeric));
      continue;
    }
    const Ball frequency = constant_value(term.frequency, precision);
    const Ball phase = constant_value(term.phase, precision);
    for (const int sign : {1, -1}) {
      const ComplexBall rotation(cos(phase), sign * sin(phase));
      numeric.coefficient = coefficient * Ball(Rational(1, 2), precision) * rotation;
      numeric.linear = ComplexBall(linear, sign * frequency);
      numeric.exponential = number_of(exponentials, {term.quadratic, term.linear, sign * term.frequency});
      result.push_back(numeric);
    }
  }
  return result;
}

}  // namespace nke::detail
