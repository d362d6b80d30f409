// SPDX-License-Identifier: Apache-2.0
#include "number_powers.hpp"

#include <algorithm>
#include <cmath>

#include "expr_node.hpp"

namespace nke {
namespace {

constexpr unsigned long trial_limit = 1000;
constexpr std::size_t trial_bit_limit = 2048;  // longer numbers are not taken apart

// The largest k with n = root^k, for numbers whose primes are all large.
std::pair<mpz_class, long> as_perfect_power(const mpz_class& n) {
  if (mpz_perfect_power_p(n.get_mpz_t()) == 0) return {n, 1};
  mpz_class root;
  const auto longest = static_cast<unsigned long>(mpz_sizeinbase(n.get_mpz_t(), 2)) / 9 + 1;  // primes above 1000
  for (unsigned long k = longest; k > 1; --k) {
    if (mpz_root(root.get_mpz_t(), n.get_mpz_t(), k) != 0) return {root, static_cast<long>(k)};
  }
  return {n, 1};
}

}  // namespace

void require_exponent(const Rational& r) {
  const Rational limit(Expr::exponent_limit);
  if (abs(r.numerator()) > limit || r.denominator() > limit) {
    const std::string text =
        r.bit_size() < 200 ? r.to_string() : "an exponent of " + std::to_string(r.bit_size()) + " bits";
    throw LimitError(text + " is too large an exponent; numerator and denominator may be up to " +
                     std::to_string(Expr::exponent_limit));
  }
}

Rational integer_power(const Rational& q, long n) {
  if (q.is_zero() && n == 0) throw DomainError("0^0 is undefined");
  if (q.is_zero() && n < 0) throw DomainError("division by zero");
  if (q == Rational(1)) return q;
  if (q == Rational(-1)) return n % 2 == 0 ? Rational(1) : q;
  const double bits = static_cast<double>(q.bit_size()) * std::abs(static_cast<double>(n));
  if (bits > 2 * static_cast<double>(Expr::number_bit_limit)) {
    throw LimitError("a power of a number with about " + std::to_string(static_cast<long long>(bits)) +
                     " bits; at most " + std::to_string(Expr::number_bit_limit) + " are allowed");
  }
  Rational result = pow(q, n);
  require_size(result);
  return result;
}

void NumberPowers::multiply(const Rational& q) {
  coefficient_ *= q;
  require_size(coefficient_);
}

void NumberPowers::multiply(const Rational& q, const Rational& r) {
  if (const auto n = r.to_long()) {
    multiply(integer_power(q, *n));
    return;
  }
  require_exponent(r);
  multiply_integer(q.value().get_num(), r);
  multiply_integer(q.value().get_den(), -r);
}

void NumberPowers::multiply_integer(mpz_class n, const Rational& r) {
  if (n == 1) return;
  if (mpz_sizeinbase(n.get_mpz_t(), 2) <= trial_bit_limit) {
    for (unsigned long p = 2; p < trial_limit && n > 1; ++p) {
      if (mpz_divisible_ui_p(n.get_mpz_t(), p) == 0) continue;
      const mpz_class prime(p);
      const auto count = mpz_remove(n.get_mpz_t(), n.get_mpz_t(), prime.get_mpz_t());
      exponents_[Rational(mpq_class(prime))] += r * Rational(count);
    }
    if (n > 1) {
      const auto [root, k] = as_perfect_power(n);
      exponents_[Rational(mpq_class(root))] += r * Rational(k);
    }
  } else {
    exponents_[Rational(mpq_class(n))] += r;
  }
}

NumberPowers::Result NumberPowers::result() const {
  Rational coefficient = coefficient_;
  std::map<Rational, Rational> radicands;  // by exponent
  for (const auto& [base, exponent] : exponents_) {
    const Rational whole = floor(exponent);
    const Rational fraction = exponent - whole;
    if (const auto n = whole.to_long()) {
      coefficient *= integer_power(base, *n);
    } else {
      require_exponent(whole);
    }
    require_size(coefficient);
    if (fraction.is_zero()) continue;
    require_exponent(fraction);
    auto [it, fresh] = radicands.try_emplace(fraction, Rational(1));
    it->second *= base;
    require_size(it->second);
  }
  Result result{coefficient, {}};
  for (const auto& [exponent, radicand] : radicands) result.radicals.push_back(raw_power(radicand, exponent));
  std::sort(result.radicals.begin(), result.radicals.end(),
            [](const Expr& a, const Expr& b) { return order(a, b) < 0; });
  return result;
}

}  // namespace nke
