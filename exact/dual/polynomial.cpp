// SPDX-License-Identifier: Apache-2.0
#include "polynomial.hpp"

#include <algorithm>
#include <cmath>

#include <flint/fmpq_mpoly_factor.h>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/real/ball.hpp>

#include "normal_form_signs.hpp"

namespace nke::detail {
namespace {

// FLINT takes its contexts and arguments without const.
fmpq_mpoly_ctx_struct* raw(const Ring& ring) {
  return const_cast<fmpq_mpoly_ctx_struct*>(ring.context());  // NOLINT: read only
}

class Fmpq {
 public:
  Fmpq() { fmpq_init(value_); }
  explicit Fmpq(const Rational& q) : Fmpq() { fmpq_set_mpq(value_, q.value().get_mpq_t()); }
  Fmpq(const Fmpq&) = delete;
  Fmpq& operator=(const Fmpq&) = delete;
  ~Fmpq() { fmpq_clear(value_); }
  fmpq* get() { return value_; }
  Rational rational() const {
    mpq_class q;
    fmpq_get_mpq(q.get_mpq_t(), value_);
    return Rational(q);
  }

 private:
  fmpq_t value_;
};

}  // namespace

Polynomial::Polynomial(const Ring& ring) : ring_(&ring) {
  fmpq_mpoly_init(value_, raw(ring));
}
Polynomial::Polynomial(const Ring& ring, const Rational& constant) : Polynomial(ring) {
  fmpq_mpoly_set_fmpq(value_, Fmpq(constant).get(), raw(ring));
}
Polynomial::Polynomial(const Polynomial& other) : Polynomial(*other.ring_) {
  fmpq_mpoly_set(value_, other.value_, raw(*ring_));
}
Polynomial::Polynomial(Polynomial&& other) noexcept : Polynomial(*other.ring_) {
  fmpq_mpoly_swap(value_, other.value_, raw(*ring_));
}
Polynomial& Polynomial::operator=(const Polynomial& other) {
  if (this != &other) fmpq_mpoly_set(value_, other.value_, raw(*ring_));
  return *this;
}
Polynomial& Polynomial::operator=(Polynomial&& other) noexcept {
  fmpq_mpoly_swap(value_, other.value_, raw(*ring_));
  return *this;
}
Polynomial::~Polynomial() {
  fmpq_mpoly_clear(value_, raw(*ring_));
}

bool Polynomial::is_zero() const {
  return fmpq_mpoly_is_zero(value_, raw(*ring_)) != 0;
}
bool Polynomial::is_one() const {
  return fmpq_mpoly_is_one(value_, raw(*ring_)) != 0;
}
std::optional<Rational> Polynomial::constant() const {
  if (fmpq_mpoly_is_fmpq(value_, raw(*ring_)) == 0) return std::nullopt;
  Fmpq q;
  fmpq_mpoly_get_fmpq(q.get(), value_, raw(*ring_));
  return q.rational();
}
bool Polynomial::depends_on(int generator) const {
  return fmpq_mpoly_degree_si(value_, generator, raw(*ring_)) > 0;
}

Polynomial operator+(const Polynomial& p, const Polynomial& q) {
  Polynomial r(*p.ring_);
  fmpq_mpoly_add(r.value_, p.value_, q.value_, raw(*p.ring_));
  return r;
}
Polynomial operator-(const Polynomial& p, const Polynomial& q) {
  Polynomial r(*p.ring_);
  fmpq_mpoly_sub(r.value_, p.value_, q.value_, raw(*p.ring_));
  return r;
}
Polynomial operator*(const Polynomial& p, const Polynomial& q) {
  p.ring_->spend(p.length() * q.length());
  Polynomial r(*p.ring_);
  fmpq_mpoly_mul(r.value_, p.value_, q.value_, raw(*p.ring_));
  if (fmpq_mpoly_degree_si(r.value_, Ring::i, raw(*p.ring_)) < 2) return r;
  std::vector<Polynomial::Monomial> monomials = r.monomials();
  for (Polynomial::Monomial& m : monomials) {
    if (m.exponents[Ring::i] / 2 % 2 == 1) m.coefficient = -m.coefficient;
    m.exponents[Ring::i] %= 2;
  }
  return Polynomial::from_monomials(*p.ring_, monomials);
}
Polynomial operator*(const Rational& r, const Polynomial& p) {
  Polynomial result(*p.ring_);
  fmpq_mpoly_scalar_mul_fmpq(result.value_, p.value_, Fmpq(r).get(), raw(*p.ring_));
  return result;
}
bool operator==(const Polynomial& p, const Polynomial& q) {
  return fmpq_mpoly_equal(p.value_, q.value_, raw(*p.ring_)) != 0;
}
std::strong_ordering operator<=>(const Polynomial& p, const Polynomial& q) {
  return fmpq_mpoly_cmp(p.value_, q.value_, raw(*p.ring_)) <=> 0;
}

std::optional<Polynomial> Polynomial::divided_by(const Polynomial& q) const {
  ring_->spend(length() + q.length());
  Polynomial result(*ring_);
  if (fmpq_mpoly_divides(result.value_, value_, q.value_, raw(*ring_)) == 0) return std::nullopt;
  return result;
}

std::size_t Polynomial::length() const {
  return static_cast<std::size_t>(fmpq_mpoly_length(value_, raw(*ring_)));
}

std::vector<Polynomial::Monomial> Polynomial::monomials() const {
  std::vector<Monomial> result;
  const auto length = fmpq_mpoly_length(value_, raw(*ring_));
  Fmpq q;
  for (slong k = 0; k < length; ++k) {
    std::vector<unsigned long> exponents(static_cast<std::size_t>(ring_->generator_count()));
    fmpq_mpoly_get_term_coeff_fmpq(q.get(), value_, k, raw(*ring_));
    fmpq_mpoly_get_term_exp_ui(exponents.data(), value_, k, raw(*ring_));
    result.push_back({q.rational(), std::move(exponents)});
  }
  return result;
}

Polynomial Polynomial::from_monomials(const Ring& ring, const std::vector<Monomial>& monomials) {
  Polynomial result(ring);
  for (const Monomial& m : monomials) {
    fmpq_mpoly_push_term_fmpq_ui(result.value_, Fmpq(m.coefficient).get(), m.exponents.data(), raw(ring));
  }
  fmpq_mpoly_sort_terms(result.value_, raw(ring));
  fmpq_mpoly_combine_like_terms(result.value_, raw(ring));
  return result;
}

std::pair<Polynomial, Polynomial> Polynomial::parts() const {
  if (!depends_on(Ring::i)) return {*this, Polynomial(*ring_)};
  std::vector<Monomial> real;
  std::vector<Monomial> imaginary;
  for (Monomial& m : monomials()) {
    auto& target = m.exponents[Ring::i] == 0 ? real : imaginary;
    m.exponents[Ring::i] = 0;
    target.push_back(std::move(m));
  }
  return {from_monomials(*ring_, real), from_monomials(*ring_, imaginary)};
}

Polynomial Polynomial::renamed(int from, int to) const {
  std::vector<Monomial> result = monomials();
  for (Monomial& m : result) {
    auto& source = m.exponents[static_cast<std::size_t>(from)];
    m.exponents[static_cast<std::size_t>(to)] += source;
    source = 0;
  }
  return from_monomials(*ring_, result);
}

Polynomial power(const Polynomial& p, int n) {
  Polynomial result(p.ring(), 1);
  for (int k = 0; k < n; ++k) result = result * p;
  return result;
}

Polynomial quotient_by(const Polynomial& p, const Polynomial& q) {
  Polynomial quotient(p.ring());
  fmpq_mpoly_div(quotient.value_, p.value_, q.value_, raw(p.ring()));
  return quotient;
}

bool is_composed(const Expr& e, bool with_exponentials) {
  switch (e.kind()) {
    case Expr::Kind::number:
    case Expr::Kind::sum:
    case Expr::Kind::product: return true;
    case Expr::Kind::constant: return with_exponentials && e == euler();
    case Expr::Kind::power: return e.is_rational_power() && (e.operand(1).number() * Rational(2)).is_integer();
    case Expr::Kind::function: return e.is(Function::abs) || (with_exponentials && e.is(Function::exp));
    default: return false;
  }
}

bool has_root(const Expr& e) {
  if (e.is(Expr::Kind::power) && !(e.is_rational_power() && e.operand(1).number().is_integer())) return true;
  return std::any_of(e.operands().begin(), e.operands().end(), has_root);
}

void Ring::add_generator(const Expr& e) {
  if (find(e)) return;
  generators_.push_back(e);
  Bindings<Ball> at;
  const Precision precision = Precision::bits(128);
  long place = 0;
  for (const std::string& name : symbols(e)) {
    at.emplace(name, Ball(usual_value(name) * Rational(1000 + ++place, 1000), precision));
  }
  const double value = evaluate(e, at, precision).mid();
  samples_.push_back(Rational::from_double_exactly(std::isfinite(value) ? value : 1.0));
}

void Ring::collect(const Expr& e, bool with_exponentials) {
  if (!is_composed(e, with_exponentials)) {
    add_generator(e);
    return;
  }
  // A power of a sum may turn out to be no product of polynomials; then it is a generator as it stands.
  if (e.is(Expr::Kind::power) && !e.operand(0).is_number()) {
    const Rational& exponent = e.operand(1).number();
    const bool plain = !e.operand(0).is(Expr::Kind::sum) || (exponent.is_integer() && exponent.sign() > 0);
    if (!plain) add_generator(e);
  }
  const bool exponent = e.is(Function::exp);
  for (const Expr& operand : e.operands()) collect(operand, with_exponentials && !exponent);
}

Ring::Ring(const std::vector<Expr>& coefficients, const std::vector<Expr>& arguments, const std::vector<Expr>& scales) {
  const Rational tiny = pow(Rational(2), -40);
  generators_ = {Expr(), symbol("a"), symbol("b"), symbol("c")};
  samples_ = {0, Rational(3) * tiny, Rational(5) * tiny, tiny};
  add_generator(pi());
  for (const Expr& e : coefficients) collect(e, true);
  for (const Expr& e : arguments) collect(e, false);
  for (const Expr& e : scales) {
    if (has_root(e)) add_generator(split_coefficient(e).second);
    collect(e, false);
  }
  fmpq_mpoly_ctx_init(context_, generator_count(), ORD_LEX);
}

Ring::~Ring() {
  for (auto& forms : written_) forms.clear();
  for (auto& forms : fractions_) forms.clear();
  factored_.clear();
  irreducibles_.clear();
  fmpq_mpoly_ctx_clear(context_);
}

std::optional<int> Ring::find(const Expr& e) const {
  for (int k = a; k < generator_count(); ++k) {
    if (generator(k) == e) return k;
  }
  return std::nullopt;
}

Polynomial Ring::variable(int generator) const {
  Polynomial result(*this);
  fmpq_mpoly_gen(result.value_, generator, raw(*this));
  return result;
}

int Ring::sign(const Polynomial& p) const {
  Rational total;
  for (const Polynomial::Monomial& m : p.monomials()) {
    Rational value = m.coefficient;
    for (std::size_t k = 0; k < samples_.size(); ++k) {
      if (m.exponents[k] > 0) value *= pow(samples_[k], static_cast<long>(m.exponents[k]));
    }
    total += value;
  }
  return total.sign();
}

int Ring::intern(const Polynomial& p) const {
  const auto found = std::find(irreducibles_.begin(), irreducibles_.end(), p);
  if (found != irreducibles_.end()) return static_cast<int>(found - irreducibles_.begin());
  irreducibles_.push_back(p);
  return static_cast<int>(irreducibles_.size()) - 1;
}

Factors Ring::factor(const Polynomial& p) const {
  if (const auto constant = p.constant()) return {*constant, {}};
  if (const auto found = factored_.find(p); found != factored_.end()) return found->second;
  spend(p.length() * p.length());
  fmpq_mpoly_factor_t parts;
  fmpq_mpoly_factor_init(parts, raw(*this));
  if (fmpq_mpoly_factor(parts, p.value_, raw(*this)) == 0) {
    fmpq_mpoly_factor_clear(parts, raw(*this));
    throw LimitError("a polynomial of a derivation could not be factored");
  }
  fmpq_mpoly_factor_make_integral(parts, raw(*this));
  Factors result;
  Fmpq constant;
  fmpq_mpoly_factor_get_constant_fmpq(constant.get(), parts, raw(*this));
  result.content = constant.rational();
  for (slong k = 0; k < fmpq_mpoly_factor_length(parts, raw(*this)); ++k) {
    Polynomial base(*this);
    fmpq_mpoly_factor_get_base(base.value_, parts, k, raw(*this));
    const auto exponent = static_cast<int>(fmpq_mpoly_factor_get_exp_si(parts, k, raw(*this)));
    if (sign(base) < 0) {
      base = -base;
      if (exponent % 2 == 1) result.content = -result.content;
    }
    result.powers.emplace_back(intern(base), exponent);
  }
  fmpq_mpoly_factor_clear(parts, raw(*this));
  std::sort(result.powers.begin(), result.powers.end());
  factored_.emplace(p, result);
  return result;
}

std::vector<std::pair<int, int>> Ring::factor_integer(const Rational& n) const {
  constexpr long largest_trial = 1000;
  std::vector<std::pair<int, int>> result;
  Rational rest = n;
  const auto add = [&](const Rational& prime, int exponent) {
    result.emplace_back(intern(Polynomial(*this, prime)), exponent);
  };
  for (long prime = 2; prime < largest_trial && rest > Rational(1); ++prime) {
    int exponent = 0;
    while ((rest / Rational(prime)).is_integer()) {
      rest /= Rational(prime);
      ++exponent;
    }
    if (exponent > 0) add(prime, exponent);
  }
  if (rest > Rational(1)) {
    // What is left may be a square, as in the square of a long decimal.
    mpz_class root;
    const mpz_class& left = rest.value().get_num();
    if (mpz_perfect_square_p(left.get_mpz_t()) != 0) {
      mpz_sqrt(root.get_mpz_t(), left.get_mpz_t());
      add(Rational(mpq_class(root)), 2);
    } else {
      add(rest, 1);
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

bool Ring::only_parameters(const Polynomial& p) {
  return !p.depends_on(i) && !p.depends_on(a) && !p.depends_on(b) && !p.depends_on(c);
}

}  // namespace nke::detail
