// SPDX-License-Identifier: Apache-2.0
// A formula as a value: what may be written, and when are two formulas the same?
//
// Definition  an immutable directed acyclic graph of numbers, constants, symbols, sums, products, powers, functions,
//             relations and piecewise definitions, meaning a real function of its symbols. sqrt(u) is the power
//             u^(1/2), a/b the product a * b^(-1), a > b the relation b < a.
// Canonical   every builder below returns one normal form: sums and products are flat and ordered, numbers are folded
//             exactly, like terms and like powers are collected. Nothing is expanded and nothing is rounded.
// Identity    structurally equal expressions are one shared node, so == is a pointer comparison and a subexpression is
//             shared wherever it came from. The order of operands follows order() alone: same output on every run.
// Domain      a rewriting may fill in single points (x/x is 1) but never widens an interval: sqrt(x)*sqrt(x) stays, for
//             it is undefined below 0. Unknown values are never assumed to be positive; 0*u is 0.
// Degenerate  0^0, 0^(-1), (-2)^(1/2), log(0): DomainError. step(0) = 1/2, sign(0) = 0.
// Limits      nesting 500, numbers of 40 000 bits, exponents of a million: LimitError.
// Threads     expressions may be built and read concurrently.
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nke/exact/real/error.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke {

/// The primitives; each has its row in function_table.hpp.
enum class Function : std::uint8_t {
  exp,
  log,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  erf,
  erfc,
  Phi,       ///< distribution function of N(0,1)
  phi,       ///< density of N(0,1)
  sigmoid,   ///< 1/(1+e^(-x))
  softplus,  ///< log(1+e^x)
  abs,
  sign,  ///< -1, 0, 1; sign(0) = 0
  step,  ///< 0 below 0, 1/2 at 0, 1 above
  atan2,
  min,
  max,
  Phi2,     ///< distribution function of two correlated normal variables
  re_Phi,   ///< real part of Phi(x + iy)
  im_Phi,   ///< imaginary part of Phi(x + iy)
  re_Phi2,  ///< the parts of Phi2(h + ih', k + ik', x, y)
  im_Phi2
};
inline constexpr std::size_t function_count = static_cast<std::size_t>(Function::im_Phi2) + 1;
/// No primitive has more arguments.
inline constexpr std::size_t largest_arity = 6;

enum class Constant : std::uint8_t { pi, e };

struct ExprNode;  // its layout is nobody's business but expr.cpp's

class Expr {
 public:
  enum class Kind : std::uint8_t {
    number,     ///< number()
    constant,   ///< constant()
    symbol,     ///< name()
    power,      ///< operands: base, exponent
    product,    ///< operands: two or more factors; a number, if there is one, is the first
    sum,        ///< operands: two or more terms; a number, if there is one, is the first
    function,   ///< function(); operands: its arguments
    relation,   ///< operands: left, right; strict(): left < right or left <= right. Only inside piecewise.
    piecewise,  ///< operands: condition, value, condition, value, …, otherwise; the first condition that holds counts
  };

  static constexpr int depth_limit = 500;
  static constexpr std::size_t number_bit_limit = 40'000;
  static constexpr long exponent_limit = 1'000'000;

  /// Zero.
  Expr();
  Expr(Rational value);  // NOLINT: a number is an expression
  template <std::integral T>
  requires(!std::same_as<T, bool>) Expr(T value) : Expr(Rational(value)) {}  // NOLINT
  Expr(double) = delete;  ///< 0.1 is not one tenth: write Rational(1, 10) or parse_expression("0.1")
  Expr(bool) = delete;

  Kind kind() const noexcept;
  std::span<const Expr> operands() const noexcept;
  const Expr& operand(std::size_t i) const { return operands()[i]; }

  /// The value of a number.
  const Rational& number() const;
  /// Which constant.
  Constant constant() const;
  /// The name of a symbol.
  const std::string& name() const;
  /// Which primitive.
  Function function() const;
  /// Whether a relation is < rather than <=.
  bool strict() const;

  bool is(Kind kind_asked) const noexcept { return kind() == kind_asked; }
  bool is(Function asked) const noexcept { return kind() == Kind::function && function() == asked; }
  bool is_number() const noexcept { return kind() == Kind::number; }
  bool is_zero() const noexcept { return is_number() && number().is_zero(); }
  bool is_one() const noexcept { return is_number() && number() == Rational(1); }
  /// A power whose exponent is a number.
  bool is_rational_power() const noexcept { return kind() == Kind::power && operand(1).is_number(); }

  /// Known, by its form, to be >= 0 (> 0) at every real point at which it is defined.
  bool nonnegative() const noexcept;
  bool positive() const noexcept;

  /// Longest path to a leaf; a leaf has depth 1.
  int depth() const noexcept;
  /// Nodes of the expression written out as a tree, shared ones counted each time; saturates at 2^62.
  std::uint64_t tree_size() const noexcept;
  /// The same on every run and machine.
  std::size_t hash() const noexcept;

  friend bool operator==(const Expr& a, const Expr& b) noexcept { return a.node_ == b.node_; }

  Expr& operator+=(const Expr& other);
  Expr& operator-=(const Expr& other);
  Expr& operator*=(const Expr& other);
  Expr& operator/=(const Expr& other);

 private:
  friend struct ExprNode;
  explicit Expr(std::shared_ptr<const ExprNode> node) noexcept : node_(std::move(node)) {}
  std::shared_ptr<const ExprNode> node_;
};

/// Text that parses back to the same expression; see print.hpp.
std::ostream& operator<<(std::ostream& out, const Expr& e);

/// The canonical total order: numbers, constants, symbols, then what is built of them, ascending in the degree, so that
/// a sum reads 1 + x + x^2 + exp(x). Depends on structure and names only.
std::strong_ordering order(const Expr& a, const Expr& b);

// Builders. All return normal forms.
Expr symbol(std::string_view name);
Expr pi();
Expr euler();  ///< the base e of the natural logarithm
Expr sum(std::vector<Expr> terms);
Expr product(std::vector<Expr> factors);
Expr pow(const Expr& base, const Expr& exponent);
Expr apply(Function function, std::vector<Expr> arguments);
/// left < right and left <= right: conditions for piecewise(). Swap the sides for > and >=.
Expr less(const Expr& left, const Expr& right);
Expr less_equal(const Expr& left, const Expr& right);

struct Branch {
  Expr condition;
  Expr value;
};
/// The value of the first branch whose condition holds, else `otherwise`. Decided conditions disappear.
Expr piecewise(const std::vector<Branch>& branches, const Expr& otherwise);

Expr operator+(const Expr& a, const Expr& b);
Expr operator-(const Expr& a, const Expr& b);
Expr operator*(const Expr& a, const Expr& b);
Expr operator/(const Expr& a, const Expr& b);
Expr operator-(const Expr& a);

Expr sqrt(const Expr& u);
Expr exp(const Expr& u);
Expr log(const Expr& u);
Expr sin(const Expr& u);
Expr cos(const Expr& u);
Expr tan(const Expr& u);
Expr asin(const Expr& u);
Expr acos(const Expr& u);
Expr atan(const Expr& u);
Expr sinh(const Expr& u);
Expr cosh(const Expr& u);
Expr tanh(const Expr& u);
Expr erf(const Expr& u);
Expr erfc(const Expr& u);
Expr Phi(const Expr& u);
Expr phi(const Expr& u);
Expr sigmoid(const Expr& u);
Expr softplus(const Expr& u);
Expr abs(const Expr& u);
Expr sign(const Expr& u);
Expr step(const Expr& u);
Expr atan2(const Expr& y, const Expr& x);
Expr min(const Expr& a, const Expr& b);
Expr max(const Expr& a, const Expr& b);
/// P(Z1 <= h, Z2 <= k) for standard normal Z1, Z2 of correlation x/sqrt(x^2 + y^2), y >= 0; see real/bivariate.hpp.
Expr Phi2(const Expr& h, const Expr& k, const Expr& x, const Expr& y);
/// Real and imaginary part of Phi(x + iy), and of Phi2(h + ih', k + ik', x, y), y > 0; see real/complex_phi.hpp.
Expr re_Phi(const Expr& x, const Expr& y);
Expr im_Phi(const Expr& x, const Expr& y);
Expr re_Phi2(const Expr& h, const Expr& h_im, const Expr& k, const Expr& k_im, const Expr& x, const Expr& y);
Expr im_Phi2(const Expr& h, const Expr& h_im, const Expr& k, const Expr& k_im, const Expr& x, const Expr& y);

// Reading an expression.

/// The same kind of node over other operands, in normal form; for a leaf the leaf itself.
Expr rebuild(const Expr& e, std::vector<Expr> operands);

/// (c, u) with e = c * u and u without a numeric factor; (c, 1) for a number.
std::pair<Rational, Expr> split_coefficient(const Expr& e);
/// (u, r) with e = u^r; (e, 1) unless e is a power with a number as exponent.
std::pair<Expr, Rational> split_power(const Expr& e);

bool depends_on(const Expr& e, std::string_view symbol_name);
/// Names of all symbols, in alphabetical order.
std::set<std::string> symbols(const Expr& e);
/// Distinct subexpressions, e included: the size of the graph.
std::size_t node_count(const Expr& e);

}  // namespace nke

template <>
struct std::hash<nke::Expr> {
  std::size_t operator()(const nke::Expr& e) const noexcept { return e.hash(); }
};
