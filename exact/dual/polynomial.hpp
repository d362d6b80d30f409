// SPDX-License-Identifier: Apache-2.0
// Polynomials with rational coefficients in a, b, c, the parameters and constants such as π. Private to exact/dual.
//
// Definition  Q[i, a, b, c, g_1, …] with i² = −1: a ring is made once for a derivation, from all expressions that can
//             occur; what is no polynomial in symbols (π, log 2, α^(1/3)) is a generator too.
// Sign        every irreducible polynomial is kept with the sign that makes it positive at the ring's sample point
//             (tiny variances, parameters at their usual values): the factors of a variance are positive everywhere
//             if they are so there, for the variance never vanishes and its domain is connected.
// Source      FLINT's fmpq_mpoly, with its gcd and factorisation.
#pragma once

#include <compare>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include <flint/fmpq_mpoly.h>

#include <nke/exact/expr/expr.hpp>
#include <nke/exact/real/error.hpp>

namespace nke::detail {

class Ring;

/// A derivation has outgrown its budget: multiplied out, its formula would be too long.
class TooLong : public LimitError {
 public:
  TooLong() : LimitError("a formula is too long multiplied out") {}
};

class Polynomial {
 public:
  explicit Polynomial(const Ring& ring);
  Polynomial(const Ring& ring, const Rational& constant);
  Polynomial(const Polynomial& other);
  Polynomial(Polynomial&& other) noexcept;
  Polynomial& operator=(const Polynomial& other);
  Polynomial& operator=(Polynomial&& other) noexcept;
  ~Polynomial();

  const Ring& ring() const { return *ring_; }
  bool is_zero() const;
  bool is_one() const;
  /// The value of a constant; nothing for anything else.
  std::optional<Rational> constant() const;
  /// Whether generator i occurs.
  bool depends_on(int generator) const;

  friend Polynomial operator+(const Polynomial& p, const Polynomial& q);
  friend Polynomial operator-(const Polynomial& p, const Polynomial& q);
  friend Polynomial operator*(const Polynomial& p, const Polynomial& q);
  friend Polynomial operator*(const Rational& r, const Polynomial& p);
  friend Polynomial operator-(const Polynomial& p) { return Rational(-1) * p; }
  friend bool operator==(const Polynomial& p, const Polynomial& q);
  friend std::strong_ordering operator<=>(const Polynomial& p, const Polynomial& q);

  /// p/q if q divides p.
  std::optional<Polynomial> divided_by(const Polynomial& q) const;
  /// The real and the imaginary part: (u, v) with p = u + i v.
  std::pair<Polynomial, Polynomial> parts() const;
  /// p with generator j put for generator i.
  Polynomial renamed(int i, int j) const;

  struct Monomial {
    Rational coefficient;
    std::vector<unsigned long> exponents;
  };
  std::vector<Monomial> monomials() const;
  std::size_t length() const;
  static Polynomial from_monomials(const Ring& ring, const std::vector<Monomial>& monomials);

 private:
  friend class Ring;
  friend Polynomial quotient_by(const Polynomial& p, const Polynomial& q);
  const Ring* ring_;
  fmpq_mpoly_t value_;
};

Polynomial power(const Polynomial& p, int n);
/// The quotient of division with remainder, in lexicographic order.
Polynomial quotient_by(const Polynomial& p, const Polynomial& q);

/// content · Π irreducible(id)^exponent.
struct Factors {
  Rational content;
  std::vector<std::pair<int, int>> powers;  // ascending ids
};

class Ring {
 public:
  static constexpr int i = 0;  ///< the generators that every ring has
  static constexpr int a = 1;
  static constexpr int b = 2;
  static constexpr int c = 3;

  /// With the generators needed to write these expressions: `coefficients` may have exponentials as factors, in
  /// `arguments` an exponential is a generator, and of `scales` each that has a root is one as it stands, since scales
  /// enter denominators and radicands.
  Ring(const std::vector<Expr>& coefficients, const std::vector<Expr>& arguments, const std::vector<Expr>& scales);
  ~Ring();
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  int generator_count() const { return static_cast<int>(generators_.size()); }
  /// What generator k stands for; the imaginary unit has no expression.
  const Expr& generator(int k) const { return generators_[static_cast<std::size_t>(k)]; }
  std::optional<int> find(const Expr& e) const;
  Polynomial variable(int generator) const;

  /// The sign of a real polynomial at the sample point.
  int sign(const Polynomial& p) const;
  Factors factor(const Polynomial& p) const;
  const Polynomial& irreducible(int id) const { return irreducibles_[static_cast<std::size_t>(id)]; }
  /// The id of a polynomial known to be irreducible and positive at the sample, or of a positive prime.
  int intern(const Polynomial& p) const;
  /// Primes whose product is n, small ones first; what trial division leaves counts as one.
  std::vector<std::pair<int, int>> factor_integer(const Rational& n) const;

  /// A place to keep what polynomials look like in print, one for each style, with a mark of how good it is.
  std::map<Polynomial, std::pair<Expr, int>>& written(int style) const { return written_[style]; }
  /// The same for fractions: numerator and denominator, one place for each of the four ways to write them.
  using FractionKey = std::pair<Polynomial, std::vector<std::pair<int, int>>>;
  std::map<FractionKey, Expr>& written_fractions(int manner) const { return fractions_[manner]; }

  /// Counts the products of terms that polynomials take, the same on every machine; TooLong past the budget.
  void spend(std::size_t work) const {
    if ((work_ += work) > budget_) throw TooLong();
  }
  void set_budget(std::size_t budget) { budget_ = budget; }

  /// Whether p has none of i, a, b, c: an expression in the parameters.
  static bool only_parameters(const Polynomial& p);

  const fmpq_mpoly_ctx_struct* context() const { return context_; }

 private:
  void collect(const Expr& e, bool with_exponentials);
  void add_generator(const Expr& e);

  std::vector<Expr> generators_;
  std::vector<Rational> samples_;
  mutable std::deque<Polynomial> irreducibles_;  // references stay valid while it grows
  mutable std::map<Polynomial, Factors> factored_;
  mutable std::size_t work_ = 0;
  std::size_t budget_ = std::numeric_limits<std::size_t>::max();
  mutable std::map<Polynomial, std::pair<Expr, int>> written_[2];
  mutable std::map<FractionKey, Expr> fractions_[4];
  fmpq_mpoly_ctx_t context_;
};

/// Whether a power in e has an exponent that is no integer.
bool has_root(const Expr& e);
/// Whether e is written with +, ·, ^, |·| (and exp, with exponentials) of what came before: no generator of its own.
bool is_composed(const Expr& e, bool with_exponentials);

}  // namespace nke::detail
