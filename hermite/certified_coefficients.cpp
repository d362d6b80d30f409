// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numbers>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_coefficients.hpp>
#include <nke/hermite/certified_rule.hpp>

#include "certified_nodes.hpp"

namespace nke {
namespace {

constexpr int degree_limit = 5000;
constexpr int digit_limit = 1000;
constexpr int attempts = 3;  // with doubled guard bits, for σ that cancels

struct Bits {
  long samples;     // of σ: its absolute accuracy counts
  long recurrence;  // of He_n, which loses up to n/2 bits
};

Bits bits_for(const CertifiedOptions& options, int attempt) {
  const long digits = Precision::digits(options.digits).bits();
  const long guard = 30L << attempt;
  return {digits + guard, digits + guard + 20 + options.degree / 2};
}

// σ at √a z and −√a z for all nodes, as even and odd parts times the weights w φ(z).
struct Samples {
  ArbVector even;  // s(z) + s(−z)
  ArbVector odd;   // s(z) − s(−z)
  ArbVector density;
};

class Sampling {
 public:
  Sampling(const CertifiedPieces& pieces, const CertifiedRule& rule, const Ball& variance, Bits bits)
      : pieces_(pieces), rule_(rule.data()), bits_(bits) {
    for (const Expr& piece : pieces.pieces) sigma_.emplace_back(piece, "x", Precision::bits(bits.samples));
    root_ = sqrt(variance.at_precision(Precision::bits(bits.samples)));
  }

  Samples run() const {
    const std::size_t count = rule_.nodes.size();
    Samples result{ArbVector(count), ArbVector(count), ArbVector(count)};
    for (std::size_t k = 0; k < count; ++k) {
      const Ball x = ball_of(rule_.nodes[k], Precision::bits(bits_.samples)) * root_;
      const std::size_t segment = rule_.segments[k];
      const Ball right = sigma_[pieces_.right[segment]](x);
      if (pieces_.parity == Parity::none) {
        const Ball left = sigma_[pieces_.left[segment]](-x);
        arb_add(result.even[k], arb_of(right), arb_of(left), bits_.samples);
        arb_sub(result.odd[k], arb_of(right), arb_of(left), bits_.samples);
      } else {
        arb_mul_2exp_si(pieces_.parity == Parity::even ? result.even[k] : result.odd[k], arb_of(right), 1);
      }
    }
    weigh(result.density);
    return result;
  }

 private:
  // w φ(z)
  void weigh(ArbVector& density) const {
    ArbNumber factor;
    arb_const_pi(factor, bits_.recurrence);
    arb_mul_2exp_si(factor, factor, 1);
    arb_rsqrt(factor, factor, bits_.recurrence);
    for (std::size_t k = 0; k < density.size(); ++k) {
      arb_ptr out = density[k];
      arb_sqr(out, rule_.nodes[k], bits_.recurrence);
      arb_mul_2exp_si(out, out, -1);
      arb_neg(out, out);
      arb_exp(out, out, bits_.recurrence);
      arb_mul(out, out, factor, bits_.recurrence);
      arb_mul(out, out, rule_.weights[k], bits_.recurrence);
    }
  }

  const CertifiedPieces& pieces_;
  const CertifiedRule::Data& rule_;
  Bits bits_;
  std::vector<Evaluator<Ball>> sigma_;
  Ball root_;
};

slong length(const ArbVector& v) {
  return static_cast<slong>(v.size());
}

// E s² = Σ w φ (s(z)² + s(−z)²) = Σ w φ (even² + odd²)/2, and the error of the rule.
Ball norm_of(const Samples& samples, const CertifiedRule& rule, Bits bits) {
  ArbNumber sum;
  ArbVector squares(samples.even.size());
  for (std::size_t k = 0; k < squares.size(); ++k) {
    arb_sqr(squares[k], samples.even[k], bits.samples);
    arb_addmul(squares[k], samples.odd[k], samples.odd[k], bits.samples);
  }
  arb_dot(sum, nullptr, 0, samples.density.data(), 1, squares.data(), 1, length(squares), bits.samples);
  arb_mul_2exp_si(sum, sum, -1);
  add_error_of_log(sum, rule.log_error() + 2 * rule.log_scale());
  return ball_of(sum, Precision::bits(bits.samples));
}

std::vector<Ball> coefficients_of(const Samples& samples, const CertifiedPieces& pieces, const CertifiedRule& rule,
                                  int degree, Bits bits) {
  const ArbVector& z = rule.data().nodes;
  const std::size_t count = z.size();
  // Two rows take turns: w φ He_n and w φ He_{n−1}. He_n outgrows double soon, but balls have any exponent; an integer
  // n costs less to multiply by than 1/√n.
  ArbVector previous(count);
  ArbVector current(count);
  for (std::size_t k = 0; k < count; ++k) arb_set(current[k], samples.density[k]);
  ArbNumber product;
  ArbNumber root_factorial;
  ArbNumber sum;
  arb_one(root_factorial);
  std::vector<Ball> values;
  for (int n = 0;; ++n) {
    const bool even = n % 2 == 0;
    const bool vanishes = pieces.parity == (even ? Parity::odd : Parity::even);
    if (vanishes) {
      values.emplace_back(0);
    } else {
      arb_dot(sum, nullptr, 0, current.data(), 1, (even ? samples.even : samples.odd).data(), 1, length(z),
              bits.samples + 20);
      arb_mul(sum, sum, root_factorial, bits.samples + 20);
      add_error_of_log(sum, rule.log_error() + rule.log_scale());
      values.push_back(ball_of(sum, Precision::bits(bits.samples)));
    }
    if (n == degree) return values;
    for (std::size_t k = 0; k < count; ++k) {
      arb_mul_si(previous[k], previous[k], -n, bits.recurrence);
      arb_addmul(previous[k], current[k], z[k], bits.recurrence);
    }
    previous.swap(current);
    arb_set_si(product, n + 1);
    arb_rsqrt(product, product, bits.recurrence);
    arb_mul(root_factorial, root_factorial, product, bits.recurrence);
  }
}

// norm − Σ h_n², which is not negative.
Ball tail_of(const Ball& norm, const std::vector<Ball>& values) {
  Ball rest = norm;
  for (const Ball& h : values) rest -= h * h;
  if (certainly_positive(rest)) return rest;
  return Ball::from_interval(0, std::max(rest.upper(), 0.0), Precision::bits(std::max(norm.bits(), 53L)));
}

void check(const CertifiedOptions& options, const Ball& variance) {
  if (options.degree < 0 || options.degree > degree_limit) {
    throw LimitError("certified coefficients are computed for degrees 0 ... " + std::to_string(degree_limit) +
                     ", not " + std::to_string(options.degree));
  }
  if (options.digits < 1 || options.digits > digit_limit) {
    throw LimitError("certified coefficients are computed to 1 ... " + std::to_string(digit_limit) + " digits, not " +
                     std::to_string(options.digits));
  }
  if (certainly_negative(variance)) throw DomainError("the variance " + variance.to_string() + " is negative");
}

CertifiedCoefficients at_point(const CertifiedPieces& pieces, const CertifiedOptions& options) {
  const Precision precision = Precision::digits(options.digits).with_guard(30);
  const Ball zero = Ball(0).at_precision(precision);
  const auto at = [&](std::size_t piece) { return evaluate<Ball>(pieces.pieces[piece], "x", zero, precision); };
  const Ball value = (at(pieces.right.front()) + at(pieces.left.front())) / 2;
  if (!value.is_finite()) throw NotCertified("the value at variance 0, a limit of the form 0/0, is not certified");
  CertifiedCoefficients result;
  result.values.assign(static_cast<std::size_t>(options.degree) + 1, Ball(0));
  result.values[0] = value;
  result.norm = value * value;
  result.tail = Ball(0);
  result.method = "point";
  result.assumptions = pieces.assumptions;
  return result;
}

void require_square_integrable(const Activation& sigma, const CertifiedPieces& pieces, const Ball& variance) {
  if (pieces.growth.square_integrable(Rational::from_double_exactly(variance.upper()))) return;
  throw DomainError("E sigma(sqrt(a) z)^2 of " + sigma.name() + " is not finite, or not proven to be, at variance " +
                    variance.to_decimal(6) + ": all that is known is " + to_text(pieces.growth));
}

// The one way through: rule, samples, and more bits if σ loses too many.
template <class Use>
void integrate(const Activation& sigma, const Ball& variance, const CertifiedOptions& options,
               const CertifiedPieces& pieces, const Use& use) {
  require_square_integrable(sigma, pieces, variance);
  std::optional<CertifiedRule> rule;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const Bits bits = bits_for(options, attempt);
    if (!rule || rule->method() == "panels") {
      rule.emplace(
          pieces, sigma,
          RuleRequest{
              .degree = options.degree, .variance = variance, .digits = options.digits + 1, .bits = bits.recurrence});
    }
    if (use(Sampling(pieces, *rule, variance, bits).run(), *rule, bits)) return;
  }
  throw NotCertified(sigma.name() + " at variance " + variance.to_decimal(6) + " could not be enclosed to " +
                     std::to_string(options.digits) + " digits: its balls stay wider, whatever the precision");
}

bool narrow(const Ball& x, double log_limit) {
  const double radius = x.radius();
  return radius == 0 || std::log(radius) <= log_limit;
}

double log_of_digits(const CertifiedOptions& options) {
  return -options.digits * std::numbers::ln10;
}

}  // namespace

CertifiedCoefficients certified_coefficients(const Activation& sigma, const Ball& variance,
                                             const CertifiedOptions& options) {
  check(options, variance);
  const CertifiedPieces pieces =
      certified_pieces(sigma, options.declared, bits_for(options, 1).recurrence, Singularity::at_zero);
  if (variance == Ball(0)) return at_point(pieces, options);
  CertifiedCoefficients result;
  integrate(sigma, variance, options, pieces, [&](const Samples& samples, const CertifiedRule& rule, Bits bits) {
    result.norm = norm_of(samples, rule, bits);
    result.values = coefficients_of(samples, pieces, rule, options.degree, bits);
    result.method = rule.method();
    result.nodes = rule.nodes();
    const double limit = log_of_digits(options) + rule.log_scale() + std::numbers::ln2;
    return narrow(result.norm, limit + rule.log_scale()) &&
           std::ranges::all_of(result.values, [&](const Ball& h) { return narrow(h, limit); });
  });
  result.tail = tail_of(result.norm, result.values);
  result.assumptions = pieces.assumptions;
  return result;
}

CertifiedCoefficients certified_coefficients(const Activation& sigma, const Rational& variance,
                                             const CertifiedOptions& options) {
  if (variance.is_zero()) return certified_coefficients(sigma, Ball(0), options);
  return certified_coefficients(sigma, Ball(variance, Precision::bits(bits_for(options, attempts).recurrence)),
                                options);
}

Ball certified_norm(const Activation& sigma, const Ball& variance, const CertifiedOptions& options) {
  CertifiedOptions alone = options;
  alone.degree = 0;
  check(alone, variance);
  const CertifiedPieces pieces =
      certified_pieces(sigma, alone.declared, bits_for(alone, 1).recurrence, Singularity::at_zero);
  if (variance == Ball(0)) return at_point(pieces, alone).norm;
  Ball norm;
  integrate(sigma, variance, alone, pieces, [&](const Samples& samples, const CertifiedRule& rule, Bits bits) {
    norm = norm_of(samples, rule, bits);
    return narrow(norm, log_of_digits(alone) + 2 * rule.log_scale() + std::numbers::ln2);
  });
  return norm;
}

}  // namespace nke
