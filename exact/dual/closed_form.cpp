// SPDX-License-Identifier: Apache-2.0
#include <nke/exact/dual/closed_form.hpp>

#include "author.hpp"
#include "derivation.hpp"
#include "nested.hpp"

namespace nke {
namespace {

using detail::Derivation;
using detail::RealSum;
using detail::Style;

ClosedForm multiplied_out(const NormalForm& form) {
  const detail::KnownCosts known;
  Derivation derivation(form);
  const detail::Ring& ring = derivation.ring();
  const RealSum k = real_part(derivation.expectation(derivation.sigma()));
  const RealSum k_dot = real_part(derivation.expectation(derivation.derivative()));
  const auto finite_where = derivation.integrable_where_positive();  // of K and K̇: the mean square asks for more
  const RealSum mean = real_part(derivation.mean(derivation.sigma()));
  const RealSum mean_dot = real_part(derivation.mean(derivation.derivative()));
  const RealSum square = real_part(derivation.square(derivation.sigma()));

  ClosedForm result;
  const detail::Manner author{ring, Style::author, derivation.squares()};
  const detail::Manner stable{ring, Style::stable, derivation.squares()};
  result.value = written(k, author);
  result.derivative = written(k_dot, author);
  result.stable_value = written_around_mean(k, mean, stable);
  result.stable_derivative = written_around_mean(k_dot, mean_dot, stable);
  result.mean = written(mean, author);
  result.diagonal = written(square, author);
  if (!derivation.atoms().empty()) {
    const auto& atoms = derivation.atoms();
    const auto& slope = derivation.derivative();
    const detail::Variances at = derivation.general();
    const RealSum jumps = real_part(derivation.expectation(atoms, slope, at) +
                                    derivation.expectation(slope, atoms, at) + derivation.expectation(atoms));
    result.jumps = written(jumps, author);
    result.stable_jumps = written(jumps, stable);
  }
  for (const detail::Fraction& x : finite_where) {
    result.integrable_where_positive.push_back(written(x, Style::stable));
  }
  result.assumptions = derivation.assumptions();
  return result;
}

ClosedForm derived(const NormalForm& form) {
  try {
    return multiplied_out(form);
  } catch (const detail::TooLong&) {
    return detail::nested_closed_form(form);
  }
}

}  // namespace

ClosedForm closed_form_dual(const Activation& sigma) {
  return derived(normal_form(sigma));
}

ClosedForm closed_form_dual(const Expr& sigma) {
  return derived(normal_form(sigma));
}

Expr mean_square(const NormalForm& form) {
  try {
    Derivation derivation(form);
    const RealSum square = real_part(derivation.square(derivation.sigma()));
    return written(square, detail::Manner{derivation.ring(), Style::author, derivation.squares()});
  } catch (const detail::TooLong&) {
    return detail::nested_mean_square(form);
  }
}

std::optional<ClosedForm> try_closed_form_dual(const Activation& sigma) {
  try {
    return closed_form_dual(sigma);
  } catch (const NoClosedForm&) {
    return std::nullopt;
  }
}

}  // namespace nke
