// SPDX-License-Identifier: Apache-2.0
// Expressions as text, as LaTeX and as code, in the order an author would choose; the same output on every run.
//
// Definition  parse_expression(to_text(e)) == e, unless the text is past the parser's limits. Numbers print as
//             decimals where these are finite and short, as a/b otherwise. Few parentheses: only those that the
//             precedence asks for.
// Shared      several results printed together may give names to the parts they repeat, "where s = sqrt(a*b - c^2)", if
//             that makes the whole shorter. The names are the same in text and in LaTeX, and none is a symbol of the
//             results. Putting the parts back in, last one first, gives the results again.
// Code        infix statements for C++ (double) and Python (numpy, jax.numpy as np). What is used twice is computed
//             once; rationals are quotients of integers that a double holds, or the nearest double; integer powers are
//             products; exp(u) - 1 and log(1 + u) are expm1 and log1p. A symbol that is a word of the language gets an
//             underscore.
// Limits      50 000 nodes written out as a tree, for code 20 000 distinct ones: LimitError.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nke/exact/expr/expr.hpp>
#include <nke/exact/expr/function_table.hpp>

namespace nke {

inline constexpr std::uint64_t print_size_limit = 50'000;
inline constexpr std::size_t code_size_limit = 20'000;

/// "x*tanh(log(1 + exp(x)))".
std::string to_text(const Expr& e);
/// "x \tanh\left(\log\left(1 + e^{x}\right)\right)", for math mode with amsmath.
std::string to_latex(const Expr& e);
/// "\alpha", "a_{1}", "\mathrm{rate}".
std::string symbol_latex(const std::string& name);

struct NamedPart {
  std::string name;
  std::string text;  ///< may use the names before it
};
struct SharedText {
  std::vector<std::string> results;
  std::vector<NamedPart> where;
};
SharedText to_shared_text(std::span<const Expr> results);
SharedText to_shared_latex(std::span<const Expr> results);

struct Code {
  std::vector<NamedPart> locals;  ///< to be computed first, in this order
  std::vector<std::string> results;
  std::set<Function> functions;  ///< the primitives called: see code_definitions
};
Code to_cpp(std::span<const Expr> results);
Code to_python(std::span<const Expr> results, Language language);  ///< numpy or jax
/// The symbol as an identifier of the language: "lambda_" in Python.
std::string code_symbol(const std::string& name, Language language);
/// What has to stand before code that calls these primitives, in an order that works; empty if nothing has to.
std::string code_definitions(const std::set<Function>& functions, Language language);

}  // namespace nke
