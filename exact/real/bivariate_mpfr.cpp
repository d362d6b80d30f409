// SPDX-License-Identifier: Apache-2.0
// Phi2 over Mpfr: the sectors of bivariate.hpp by Gauss-Legendre and double exponential rules, a check of the balls that
// shares neither series nor error bound with them.
#include <algorithm>
#include <cmath>

#include <nke/exact/real/bivariate.hpp>

#include "legendre.hpp"
#include "mpfr_access.hpp"

namespace nke {
namespace {

// V(h, −w), w ≥ 0: (h/2π) exp(−R²/2) ∫_0^∞ exp(−w t − t²/2)/(h² + (w+t)²) dt with t = L exp(u − exp(−u)), which makes
// the integrand fall doubly exponentially on both sides (Takahasi & Mori 1974); L is the scale on which it lives.
Mpfr near_sector(const Mpfr& h, const Mpfr& w, Precision precision) {
  if (h.sign() == 0) return h;
  const Mpfr one(Rational(1), precision);
  const Mpfr scale = one / (w + 1);
  const Mpfr square = h * h;
  const auto integrand = [&](const Mpfr& u) {
    const Mpfr fall = exp(-u);
    const Mpfr t = scale * exp(u - fall);
    const Mpfr from_foot = w + t;
    return exp(-(t * (w + t / 2))) / (square + from_foot * from_foot) * (t * (1 + fall));
  };
  const Mpfr negligible = pow_int(Mpfr(2).at_precision(precision), -precision.bits() - 8);
  // From u = 0 outwards until terms vanish beside the sum; then again on a grid half as wide.
  const auto added = [&](const Mpfr& first, const Mpfr& step, const Mpfr& start) {
    Mpfr total = start;
    for (const int side : {1, -1}) {
      int small = 0;
      for (Mpfr u = side * first; small < 3; u = u + side * step) {
        const Mpfr value = integrand(u);
        total = total + value;
        small = value <= total * negligible ? small + 1 : 0;
      }
    }
    return total;
  };
  Mpfr step = one / 2;
  Mpfr sum = added(step, step, integrand(one * 0));
  Mpfr integral = sum * step;
  constexpr int halvings = 12;
  for (int i = 0; i < halvings; ++i) {
    sum = added(step / 2, step, sum);
    step = step / 2;
    const Mpfr finer = sum * step;
    // The error squares with every halving: half the digits in common say that the finer value has them all.
    const bool done = abs(finer - integral) * abs(finer - integral) <= finer * finer * negligible;
    integral = finer;
    if (done) break;
  }
  return h * integral * exp(-(square + w * w) / 2) / (2 * pi<Mpfr>(precision));
}

// T(large, small/large) for 0 ≤ small ≤ large, small ≤ 8: exp(−large²/2) a ∫_0^1 exp(−small² t²/2)/(1 + a² t²) dt/(2π),
// a = small/large, by a Gauss-Legendre rule in u, t = tan u. The integrand is even and analytic for |u| < π/2, so that in
// the ellipse of sum of axes 3 about [−π/4, π/4] it is at most exp(small²/2): n nodes leave 3^(−4n) of that.
Mpfr owens_t(const Mpfr& large, const Mpfr& small, Precision precision) {
  const Mpfr a = small / large, s = small * small / 2, quarter = pi<Mpfr>(precision) / 4;
  const auto n = static_cast<int>(0.158 * static_cast<double>(precision.bits())) + 12;
  Mpfr total = a * 0;
  for (const LegendreNode& node : legendre_half(n, precision.bits())) {
    const Mpfr t = tan(quarter * node.at), square = t * t;
    total = total + node.weight * exp(-(s * square)) * (1 + square) / (1 + a * a * square);
  }
  return exp(-(large * large) / 2) * a * total / 8;
}

Mpfr near_half(const Mpfr& h, const Mpfr& w, Precision precision) {
  constexpr int middling = 8;
  constexpr long most_bits = 1600;  // a rule of more would take longer to find than to do without
  if (min(h, w) > middling || precision.bits() > most_bits) return near_sector(h, w, precision);
  if (w <= h) return Phi(-h) / 2 - owens_t(h, w, precision);
  return owens_t(w, h, precision) - Phi(-w) * erf(h / sqrt(2 * (h * 0 + 1))) / 2;
}

Mpfr sector(const Mpfr& h, const Mpfr& w, Precision precision) {
  const Mpfr near = near_half(h, abs(w), precision);
  return w.sign() < 0 ? near : Phi(-h) - near;
}

long exponent_of(const Mpfr& x) {
  return x.sign() == 0 ? 0 : static_cast<long>(mpfr_get_exp(x.data()));
}

Mpfr by_sectors(const Mpfr& h, const Mpfr& k, const Mpfr& x, const Mpfr& y, Precision precision) {
  const Mpfr s = sqrt(x * x + y * y);
  // (k − r h)/√(1−r²) and (h − r k)/√(1−r²) with what cancels near r = ±1 taken out.
  const int sense = x.sign() >= 0 ? 1 : -1;
  const Mpfr apart = (k - sense * h) * s / y;
  const Mpfr shift = sense * y / (s + abs(x));
  const Mpfr along_h = apart + shift * h, along_k = shift * k - sense * apart;
  if (h.sign() <= 0 && k.sign() <= 0) return sector(-h, along_h, precision) + sector(-k, along_k, precision);
  if (h.sign() >= 0 && k.sign() >= 0) {
    const Mpfr root = sqrt(2 * (h * 0 + 1));
    return (erf(h / root) + erf(k / root)) / 2 + sector(h, -along_h, precision) + sector(k, -along_k, precision);
  }
  return h.sign() < 0 ? sector(-h, along_h, precision) - sector(k, along_k, precision)
                      : sector(-k, along_k, precision) - sector(h, along_h, precision);
}

}  // namespace

Mpfr Phi2(const Mpfr& h, const Mpfr& k, const Mpfr& x, const Mpfr& y) {
  const Precision given = Precision::bits(stated(std::max({h.bits(), k.bits(), x.bits(), y.bits()}), "Phi2"));
  const bool finite = h.is_finite() && k.is_finite() && x.is_finite() && y.is_finite();
  if (!finite || y.sign() < 0 || (x.sign() == 0 && y.sign() == 0)) {
    return Mpfr::from_double_exactly(std::nan(""), given);
  }
  // Room for exp(−h²/2), and for the difference of two sectors near r = −1.
  const long size = std::max({exponent_of(h), exponent_of(k), 0L});
  const long narrow = y.sign() == 0 ? 0 : std::max(exponent_of(x) - exponent_of(y), 0L);
  constexpr long farthest = 120;  // beyond, exp(−h²/2) is 0 in MPFR
  const long narrowest = 300 + given.bits();
  // Another 60 for ½Q − T, in whole words so that rules are found again.
  const long wanted = given.bits() + 90 + std::min(2 * size, farthest) + std::min(narrow, narrowest);
  const Precision precision = Precision::bits((wanted + 127) / 128 * 128);
  const auto prepared = [precision](const Mpfr& u) { return u.at_precision(precision); };
  const Mpfr p = prepared(h), q = prepared(k), r = prepared(x), t = prepared(y);
  if (p.sign() == 0 && q.sign() == 0) return (atan2(t, -r) / (2 * pi<Mpfr>(precision))).at_precision(given);
  if (t.sign() == 0) {
    return (r.sign() > 0 ? Phi(min(p, q)) : max(Mpfr(0), Phi(p) - Phi(-q))).at_precision(given);
  }
  return max(Mpfr(0), by_sectors(p, q, r, t, precision)).at_precision(given);
}

}  // namespace nke
