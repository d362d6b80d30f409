// SPDX-License-Identifier: Apache-2.0
// The real part of a sum over complex exponentials and special functions at complex arguments.
#include <algorithm>

#include "author.hpp"

namespace nke::detail {
namespace {

using Kind = Special::Kind;

// Φ(h) and Φ(−h) of one exponential: one of them is enough, that with the negative argument.
void join_mirrored(RealSum& sum) {
  for (auto it = sum.begin(); it != sum.end();) {
    const auto& [basis, coefficient] = *it;
    if (basis.special.kind != Kind::normal || !is_real(basis.special) || sign_of(basis.special.arguments[0]) < 0) {
      ++it;
      continue;
    }
    RealBasis mirrored = basis;
    mirrored.special.arguments[0] = -basis.special.arguments[0];
    if (!sum.contains(mirrored)) {
      ++it;
      continue;
    }
    RealBasis whole = basis;
    whole.special = {};
    const Surd moved = coefficient;
    sum.erase(it);
    add(sum, mirrored, -moved);
    add(sum, whole, moved);
    it = sum.begin();
  }
}

Surd conjugate(const Surd& x) {
  const auto [real, imaginary] = x.parts();
  return real - Surd(Fraction(x.ring().variable(Ring::i))) * imaginary;
}

// F(z̄) is the conjugate of F(z): the first imaginary part that is not 0 is made positive. Whether it was turned.
bool settle(Special& special) {
  const auto first =
      std::find_if(special.arguments.begin(), special.arguments.end(), [](const Surd& x) { return !x.is_real(); });
  const Surd imaginary = first->parts().second;
  const int sign = sign_of(imaginary) != 0 ? sign_of(imaginary) : imaginary.leading_sign();
  if (sign < 0) {
    for (Surd& x : special.arguments) x = conjugate(x);
  }
  if (special.kind == Kind::bivariate && special.arguments[1] < special.arguments[0]) {
    std::swap(special.arguments[0], special.arguments[1]);
  }
  return sign < 0;
}

// Re (p + i q) e^{i θ} = p cos θ − q sin θ, added with a real factor.
void add_wave(RealSum& sum, RealBasis basis, const Surd& theta, const Surd& p, const Surd& q) {
  if (theta.is_zero()) {
    add(sum, basis, p);
    return;
  }
  const int sign = sign_of(theta) != 0 ? sign_of(theta) : theta.leading_sign();
  basis.angle = Rational(sign) * theta;
  basis.wave = Wave::cosine;
  add(sum, basis, p);
  basis.wave = Wave::sine;
  add(sum, basis, Rational(-sign) * q);
}

}  // namespace

bool is_real(const Special& special) {
  return std::all_of(special.arguments.begin(), special.arguments.end(), [](const Surd& x) { return x.is_real(); });
}

void add(RealSum& sum, const RealBasis& basis, const Surd& coefficient) {
  if (coefficient.is_zero()) return;
  const auto [place, fresh] = sum.try_emplace(basis, coefficient);
  if (fresh) return;
  place->second = place->second + coefficient;
  if (place->second.is_zero()) sum.erase(place);
}

RealSum real_part(const Sum& sum) {
  const Ring& ring = sum.ring();
  RealSum result;
  for (const auto& [basis, coefficient] : sum.terms()) {
    const auto [exponent, angle] = basis.exponent.parts();
    const auto [p, q] = coefficient.parts();
    RealBasis real{exponent, Wave::none, Surd(ring), basis.special, Part::real};
    if (is_real(basis.special)) {
      add_wave(result, real, angle, p, q);
      continue;
    }
    // (p + i q) e^{iθ} (F + i G): F times the real part of the rest, less G times its imaginary part, which is the real
    // part of (q − i p) e^{iθ}.
    const bool turned = settle(real.special);
    if (real.special.kind == Kind::normal && real.special.arguments[0].parts().first.is_zero()) {
      RealBasis half = real;  // Re Φ(i y) = 1/2
      half.special = {};
      add_wave(result, half, angle, Rational(1, 2) * p, Rational(1, 2) * q);
    } else {
      add_wave(result, real, angle, p, q);
    }
    real.part = Part::imaginary;
    const Rational sign = turned ? 1 : -1;
    add_wave(result, real, angle, sign * q, -sign * p);
  }
  join_mirrored(result);
  return result;
}

}  // namespace nke::detail
