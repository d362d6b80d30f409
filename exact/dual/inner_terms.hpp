// SPDX-License-Identifier: Apache-2.0
// The terms of a normal form as numbers at one precision, waves taken apart into complex exponentials.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include <nke/exact/dual/normal_form.hpp>
#include <nke/exact/real/complex_ball.hpp>

namespace nke::detail {

struct NumericGate {
  int side;
  Ball threshold;
  Ball width2;
  bool sharp;  ///< width2 = 0: a half-line
};

/// coefficient · x^power · exp(quadratic x² + linear x) · gate(x)
struct NumericTerm {
  ComplexBall coefficient;
  int power = 0;
  Ball quadratic;
  ComplexBall linear;
  std::optional<NumericGate> gate;
  std::size_t exponential = 0;  ///< terms with the same exponential have the same number
  std::size_t gate_kind = 0;    ///< terms with the same threshold and width have the same number
};

/// cos(f x + p) becomes half of e^(i(f x + p)) and half of its conjugate. DomainError if a parameter has no value.
std::vector<NumericTerm> numeric_terms(const NormalForm& sigma, Precision precision);

/// The value of a constant expression.
Ball constant_value(const Expr& e, Precision precision);

}  // namespace nke::detail
