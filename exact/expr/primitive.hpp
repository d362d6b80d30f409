// SPDX-License-Identifier: Apache-2.0
// What every primitive is made of, and how its struct becomes a row of the table. Private to function_table.cpp.
//
// A primitive is a specialisation of Primitive with
//   facts                                  the columns that are constants
//   code                                   how C++ and Python say it: library(…) or CodeSpellings{…}
//   value(x)        over double, Mpfr, Ball
//   complex(z, analytic)
//   series(u)       the Taylor coefficients, from those of the argument
//   derivative(x)   as an expression; with several arguments also which of them, from 0
//   exact(x)        the value where it is known exactly
// and with several arguments in place of one for atan2, min, max, Phi2, …
#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/complex_ball.hpp>
#include <nke/exact/real/mpfr.hpp>
#include <nke/exact/real/number.hpp>

#include "series.hpp"

namespace nke {

enum class Sign : std::uint8_t { any, nonnegative, positive };
/// By their number; of `symmetric` ones the first two may be swapped.
enum class Arguments : std::uint8_t { one, two, two_symmetric, four_symmetric, six };

/// All columns must be given: there are no defaults to forget.
struct Facts {
  constexpr Facts(std::string_view name_, std::string_view latex_, Arguments arguments_, FunctionParity parity_,
                  RealDomain domain_, Switch switch_, Holomorphy holomorphy_, Sign sign_)
      : name(name_),
        latex(latex_),
        arguments(arguments_),
        parity(parity_),
        domain(domain_),
        where_it_switches(switch_),
        holomorphy(holomorphy_),
        sign(sign_) {}
  std::string_view name;
  std::string_view latex;
  Arguments arguments;
  FunctionParity parity;
  RealDomain domain;
  Switch where_it_switches;
  Holomorphy holomorphy;
  Sign sign;
};

/// Functions that the languages have; jax.numpy says them as numpy does.
constexpr CodeSpellings library(std::string_view cpp, std::string_view python) {
  return {CodeSpelling{cpp}, CodeSpelling{python}, CodeSpelling{python}};
}

inline constexpr Switch smooth{Switch::Place::nowhere, 0};
inline constexpr Switch jump_at_zero{Switch::Place::argument_zero, 0};
inline constexpr Switch kink_at_zero{Switch::Place::argument_zero, 1};
inline constexpr Switch kink_where_equal{Switch::Place::arguments_equal, 1};

template <Function f>
struct Primitive;  // a primitive without a specialisation does not compile

using Exact = std::optional<Expr>;

/// r with e = r * pi.
inline std::optional<Rational> multiple_of_pi(const Expr& e) {
  const auto [coefficient, rest] = split_coefficient(e);
  if (rest == pi()) return coefficient;
  if (e.is_zero()) return Rational(0);
  return std::nullopt;
}

constexpr std::size_t arity_of(Arguments arguments) {
  switch (arguments) {
    case Arguments::one: return 1;
    case Arguments::two:
    case Arguments::two_symmetric: return 2;
    case Arguments::four_symmetric: return 4;
    case Arguments::six: return 6;
  }
  return 0;
}

template <class P, class T, std::size_t... i>
constexpr FunctionEvaluation<T> evaluation_of(std::index_sequence<i...>) {
  return {[](std::span<const T> x) -> T { return P::value(x[i]...); },
          [](std::span<const std::vector<T>> u) -> std::vector<T> { return P::series(u[i]...); }};
}

template <class P, std::size_t... i>
constexpr void fill_symbolic(FunctionRow& row, std::index_sequence<i...>) {
  if constexpr (sizeof...(i) == 1) {
    row.derivative = [](std::span<const Expr> u, std::size_t) -> Expr { return P::derivative(u[0]); };
  } else {
    row.derivative = [](std::span<const Expr> u, std::size_t k) -> Expr { return P::derivative(u[i]..., k); };
  }
  row.exact_value = [](std::span<const Expr> u) -> Exact { return P::exact(u[i]...); };
  row.over_complex_ball = [](std::span<const ComplexBall> z, bool analytic) -> ComplexBall {
    return P::complex(z[i]..., analytic ? Analytic::yes : Analytic::no);
  };
}

template <Function f>
constexpr FunctionRow row_of() {
  using P = Primitive<f>;
  constexpr Facts facts = P::facts;
  constexpr auto places = std::make_index_sequence<arity_of(facts.arguments)>();
  FunctionRow row{f,
                  facts.name,
                  static_cast<int>(arity_of(facts.arguments)),
                  facts.latex,
                  facts.parity,
                  facts.domain,
                  facts.where_it_switches,
                  facts.holomorphy,
                  facts.sign != Sign::any,
                  facts.sign == Sign::positive,
                  facts.arguments == Arguments::two_symmetric || facts.arguments == Arguments::four_symmetric,
                  P::code,
                  nullptr,
                  nullptr,
                  evaluation_of<P, double>(places),
                  evaluation_of<P, Mpfr>(places),
                  evaluation_of<P, Ball>(places),
                  nullptr};
  fill_symbolic<P>(row, places);
  return row;
}

}  // namespace nke
