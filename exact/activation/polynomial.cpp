// SPDX-License-Identifier: Apache-2.0
#include "polynomial.hpp"

#include <algorithm>
#include <utility>

#include <flint/fmpz_poly.h>
#include <flint/fmpz_poly_factor.h>

#include <nke/exact/real/arb_access.hpp>
#if __has_include(<flint/arb_fmpz_poly.h>)
#include <flint/arb_fmpz_poly.h>
#else
#include <arb_fmpz_poly.h>
#endif

namespace nke::detail {
namespace {

void strip(Coefficients& c) {
  while (!c.empty() && c.back().is_zero()) c.pop_back();
}

Coefficients add(const Coefficients& a, const Coefficients& b) {
  Coefficients result = a.size() < b.size() ? b : a;
  const Coefficients& shorter = a.size() < b.size() ? a : b;
  for (std::size_t i = 0; i < shorter.size(); ++i) result[i] += shorter[i];
  strip(result);
  return result;
}

Coefficients multiply(const Coefficients& a, const Coefficients& b) {
  if (a.empty() || b.empty()) return {};
  Coefficients result(a.size() + b.size() - 1);
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) result[i + j] += a[i] * b[j];
  }
  return result;
}

bool fits(const Coefficients& a, const Coefficients& b) {
  return a.size() + b.size() <= static_cast<std::size_t>(degree_limit) + 2;
}

std::optional<Coefficients> power_coefficients(const Expr& e) {
  if (!e.is_rational_power()) return std::nullopt;
  const auto exponent = e.operand(1).number().to_long();
  if (!exponent || *exponent < 0 || *exponent > degree_limit) return std::nullopt;
  const auto base = polynomial_coefficients(e.operand(0));
  if (!base) return std::nullopt;
  Coefficients result{Rational(1)};
  for (long i = 0; i < *exponent; ++i) {
    if (!fits(result, *base)) return std::nullopt;
    result = multiply(result, *base);
  }
  return result;
}

// FLINT's polynomial with integer coefficients, freed by scope.
class IntegerPolynomial {
 public:
  IntegerPolynomial() { fmpz_poly_init(poly_); }
  ~IntegerPolynomial() { fmpz_poly_clear(poly_); }
  IntegerPolynomial(const IntegerPolynomial&) = delete;
  IntegerPolynomial& operator=(const IntegerPolynomial&) = delete;
  fmpz_poly_struct* get() { return poly_; }

  /// A positive multiple of Σ c_k x^k.
  void assign(const Coefficients& c) {
    mpz_class common = 1;
    for (const Rational& q : c) mpz_lcm(common.get_mpz_t(), common.get_mpz_t(), q.value().get_den().get_mpz_t());
    fmpz_t coefficient;
    fmpz_init(coefficient);
    for (std::size_t i = 0; i < c.size(); ++i) {
      const mpz_class scaled = c[i].value().get_num() * (common / c[i].value().get_den());
      fmpz_set_mpz(coefficient, scaled.get_mpz_t());
      fmpz_poly_set_coeff_fmpz(poly_, static_cast<slong>(i), coefficient);
    }
    fmpz_clear(coefficient);
  }

 private:
  fmpz_poly_t poly_;
};

Rational coefficient_of(const fmpz_poly_struct* poly, slong i) {
  fmpz_t value;
  fmpz_init(value);
  fmpz_poly_get_coeff_fmpz(value, poly, i);
  mpz_class result;
  fmpz_get_mpz(result.get_mpz_t(), value);
  fmpz_clear(value);
  return Rational(mpq_class(result));
}

Expr expression_of(const fmpz_poly_struct* poly) {
  const Expr x = symbol("x");
  std::vector<Expr> terms;
  for (slong i = 0; i <= fmpz_poly_degree(poly); ++i) terms.push_back(Expr(coefficient_of(poly, i)) * pow(x, Expr(i)));
  return sum(std::move(terms));
}

// Real roots of an irreducible polynomial of degree ≥ 2: Arb lists them first, with imaginary part exactly zero.
void append_irrational_roots(const fmpz_poly_struct* factor, std::vector<Point>& points) {
  const slong degree = fmpz_poly_degree(factor);
  const Precision precision = Precision::bits(location_bits);
  const acb_ptr roots = _acb_vec_init(degree);
  arb_fmpz_poly_complex_roots(roots, factor, 0, precision.bits());
  const Expr defining = expression_of(factor);
  for (slong i = 0; i < degree; ++i) {
    if (!arb_is_zero(acb_imagref(roots + i))) continue;
    points.push_back({.location = ball_of(acb_realref(roots + i), precision), .exact = {}, .defining = defining});
  }
  _acb_vec_clear(roots, degree);
}

}  // namespace

std::optional<Coefficients> polynomial_coefficients(const Expr& e) {
  switch (e.kind()) {
    case Expr::Kind::number: {
      Coefficients constant{e.number()};
      strip(constant);
      return constant;
    }
    case Expr::Kind::symbol: return e.name() == "x" ? std::optional(Coefficients{0, 1}) : std::nullopt;
    case Expr::Kind::power: return power_coefficients(e);
    case Expr::Kind::sum:
    case Expr::Kind::product: {
      const bool is_sum = e.is(Expr::Kind::sum);
      Coefficients result;
      if (!is_sum) result.push_back(Rational(1));
      for (const Expr& operand : e.operands()) {
        const auto part = polynomial_coefficients(operand);
        if (!part || !fits(result, *part)) return std::nullopt;
        result = is_sum ? add(result, *part) : multiply(result, *part);
      }
      return result;
    }
    default: return std::nullopt;
  }
}

std::vector<Point> real_roots(const Coefficients& coefficients) {
  std::vector<Point> points;
  IntegerPolynomial poly;
  poly.assign(coefficients);
  fmpz_poly_factor_t factors;
  fmpz_poly_factor_init(factors);
  fmpz_poly_factor(factors, poly.get());
  for (slong i = 0; i < factors->num; ++i) {
    const fmpz_poly_struct* factor = factors->p + i;
    if (fmpz_poly_degree(factor) == 1) {
      points.push_back(Point::at(-coefficient_of(factor, 0) / coefficient_of(factor, 1)));
    } else if (fmpz_poly_degree(factor) > 1) {
      append_irrational_roots(factor, points);
    }
  }
  fmpz_poly_factor_clear(factors);
  std::sort(points.begin(), points.end(), [](const Point& a, const Point& b) { return compare(a, b) == Order::less; });
  return points;
}

}  // namespace nke::detail
