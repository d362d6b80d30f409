// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nke/exact/real/complex_phi.hpp>

#include "arb_scratch.hpp"

#if __has_include(<flint/acb_calc.h>)
#include <flint/acb_calc.h>
#else
#include <acb_calc.h>
#endif

namespace nke {
namespace {

struct Acb {
  Acb() { acb_init(value); }
  ~Acb() { acb_clear(value); }
  Acb(const Acb&) = delete;
  Acb& operator=(const Acb&) = delete;
  operator acb_ptr() { return value; }  // NOLINT: stands where Arb wants an acb_t
  acb_t value;
};

slong exponent_bits(const acb_t z, slong prec) {
  const slong exponent = std::max(arf_abs_bound_lt_2exp_si(arb_midref(acb_realref(z))),
                                  arf_abs_bound_lt_2exp_si(arb_midref(acb_imagref(z))));
  return 10 + 2 * std::clamp<slong>(exponent, 0, prec + 200);
}

// Φ at an exact point. erfc is that of the right half plane, which is small there.
void Phi_at(acb_t out, const acb_t z, slong prec) {
  const slong work = prec + exponent_bits(z, prec);
  const bool mirrored = arf_sgn(arb_midref(acb_realref(z))) > 0;
  Acb t;
  Arb root;
  arb_sqrt_ui(root, 2, work);
  acb_div_arb(t, z, root, work);
  if (!mirrored) acb_neg(t, t);
  // Arb takes the radius of its argument through exp(−z²) rounded to 30 bits: too coarse in the tails. So the centre,
  // and the error of the rounding of z/√2 after it.
  mag_t radius, slope;
  mag_init(radius);
  mag_init(slope);
  mag_hypot(radius, arb_radref(acb_realref(t.value)), arb_radref(acb_imagref(t.value)));
  acb_get_mid(t, t);
  acb_hypgeom_erfc(out, t, work);
  acb_sqr(t, t, work);  // the slope is at most 2/√π |exp(−t²)| exp(2 r (|t| + r)), with the last factor below 2 here
  acb_neg(t, t);
  acb_exp(t, t, work);
  acb_get_mag(slope, t);
  mag_mul_2exp_si(slope, slope, 2);
  mag_mul(radius, radius, slope);
  acb_add_error_mag(out, radius);
  mag_clear(radius);
  mag_clear(slope);
  acb_mul_2exp_si(out, out, -1);
  if (mirrored) {
    acb_sub_ui(out, out, 1, work);
    acb_neg(out, out);
  }
  acb_set_round(out, out, prec);
}

// At the centre, then the way to the rest of the box times the largest |φ| = exp((y² − x²)/2)/√(2π) in it.
ComplexBall complex_Phi(const Ball& x, const Ball& y) {
  const long prec = stated_precision(std::max(x.bits(), y.bits()), "Phi");
  const Precision precision = Precision::bits(prec);
  if (!x.is_finite() || !y.is_finite()) return ComplexBall::indeterminate(precision);
  if (arb_is_zero(arb_of(y)) != 0) return ComplexBall(Phi(x));
  const ComplexBall box(x, y);
  Acb center;
  acb_get_mid(center, acb_of(box));
  ComplexBall result = ArbAccess::blank_complex(prec);
  Phi_at(acb_of(result), center, prec);
  if (x.is_exact() && y.is_exact()) return result;
  Ball reach = ArbAccess::blank(prec), height = ArbAccess::blank(prec);
  arb_get_rad_arb(arb_of(reach), arb_of(x));
  arb_get_rad_arb(arb_of(height), arb_of(y));
  const Ball nearest = abs(x), farthest = abs(y);
  Ball low = ArbAccess::blank(prec), high = ArbAccess::blank(prec);
  arb_get_lbound_arf(arb_midref(arb_of(low)), arb_of(nearest), prec);
  arb_get_ubound_arf(arb_midref(arb_of(high)), arb_of(farthest), prec);
  low = max(low, Ball(0));
  const Ball error = (reach + height) * exp((high * high - low * low) / 2) / 2;  // 1/√(2π) < 1/2
  arb_add_error(acb_realref(acb_of(result)), arb_of(error));
  arb_add_error(acb_imagref(acb_of(result)), arb_of(error));
  return result;
}

// h² − 2hk cos t + k² = (h − k)² + 2hk (1 − cos t): as t → 0 only one of the two parts is divided by t².
struct Plackett {
  ComplexBall apart, product;  // (h − k)²/2, hk
  // exp(−(h − k)²/(2 sin² t) − hk/(1 + cos t)), holomorphic but for sin t = 0, where it is not finite.
  static int integrand(acb_ptr out, const acb_t t, void* parameters, slong, slong prec) {
    const auto& p = *static_cast<const Plackett*>(parameters);
    Acb sine, cosine, exponent;
    acb_sin_cos(sine, cosine, t, prec);
    acb_add_ui(cosine, cosine, 1, prec);
    acb_div(exponent, acb_of(p.product), cosine, prec);
    acb_sqr(sine, sine, prec);
    acb_div(cosine, acb_of(p.apart), sine, prec);
    acb_add(exponent, exponent, cosine, prec);
    acb_neg(exponent, exponent);
    acb_exp(out, exponent, prec);
    return 0;
  }
};

ComplexBall by_plackett(const ComplexBall& h, const ComplexBall& k, const Ball& angle, Precision precision) {
  const ComplexBall independent = complex_Phi(h.re(), h.im()) * complex_Phi(k.re(), k.im());
  Plackett p{(h - k) * (h - k) / 2, h * k};
  const ComplexBall from(angle), to(pi<Ball>(precision) / 2);
  ComplexBall integral = ArbAccess::blank_complex(precision.bits());
  mag_t tolerance;
  mag_init(tolerance);
  acb_get_mag(tolerance, acb_of(independent));
  mag_mul_2exp_si(tolerance, tolerance, -precision.bits());
  acb_calc_integrate_opt_t options;
  acb_calc_integrate_opt_init(options);
  options->eval_limit = 3000 + 20 * precision.bits();  // some hundreds are the rule; far off, the result says less
  acb_calc_integrate(acb_of(integral), &Plackett::integrand, &p, acb_of(from), acb_of(to), precision.bits(), tolerance,
                     options, precision.bits());
  mag_clear(tolerance);
  return independent + integral / ComplexBall(2 * pi<Ball>(precision));
}

// At exact arguments.
ComplexBall at_point(const ComplexBall& h, const ComplexBall& k, const Ball& x, const Ball& y, Precision precision) {
  const Ball angle = atan2(y, x);
  // Beyond π/2 the correlation is negative: Φ(h) − Phi2(h, −k, −x, y) has the shorter way.
  if (x.mid() >= 0) return by_plackett(h, k, angle, precision);
  return complex_Phi(h.re(), h.im()) - by_plackett(h, -k, pi<Ball>(precision) - angle, precision);
}

// exp((im² − re²)/2), at least |√(2π) φ| everywhere in the box.
Ball gaussian_bound(const ComplexBall& z) {
  const Ball low = abs(z.re()), high = abs(z.im());
  return exp((high * high - low * low) / 2);
}

// How far F is from its value at the centre. |∂F/∂h| = |φ(h) Φ(w_h)|, likewise in k, and |Φ(w)| ≤ exp(Im²w/2), since
// Φ(u + iv) = ∫_{−∞}^u φ(s + iv) ds. By the angle it is |φ(h) φ(w_h)|, and the angle moves by at most |d(x, y)|/s.
// 1/√(2π) < 1/2 and 1/(2π) < 1/4.
Ball change_bound(const ComplexBall& h, const ComplexBall& k, const Ball& x, const Ball& y) {
  constexpr long bits = 64;
  const Precision coarse = Precision::bits(bits);
  const auto rounded = [coarse](const Ball& u) { return u.at_precision(coarse); };
  const auto radius = [](const Ball& u) {
    Ball r = ArbAccess::blank(bits);
    arb_get_rad_arb(arb_of(r), arb_of(u));
    return r;
  };
  const ComplexBall u(rounded(h.re()), rounded(h.im())), v(rounded(k.re()), rounded(k.im()));
  const Ball across = rounded(x), up = rounded(y), s = sqrt(across * across + up * up);
  const auto along = [&](const ComplexBall& from, const ComplexBall& to) {
    return (to * ComplexBall(s) - ComplexBall(across) * from) / ComplexBall(up);
  };
  const auto imaginary_growth = [](const ComplexBall& w) { return exp(w.im() * w.im() / 2); };
  const ComplexBall w = along(u, v);
  const Ball by_h = gaussian_bound(u) * imaginary_growth(w) * (radius(h.re()) + radius(h.im()));
  const Ball by_k = gaussian_bound(v) * imaginary_growth(along(v, u)) * (radius(k.re()) + radius(k.im()));
  const Ball by_angle = gaussian_bound(u) * gaussian_bound(w) * (radius(x) + radius(y)) / s;
  return (by_h + by_k) / 2 + by_angle / 4;
}

ComplexBall complex_Phi2(const ComplexBall& h, const ComplexBall& k, const Ball& x, const Ball& y) {
  const long prec = stated_precision(std::max({h.bits(), k.bits(), x.bits(), y.bits()}), "Phi2");
  if (h.is_real() && k.is_real()) return ComplexBall(Phi2(h.re(), k.re(), x, y));
  if (!certainly_positive(y) || !h.is_finite() || !k.is_finite() || !x.is_finite()) {
    return ComplexBall::indeterminate(Precision::bits(prec));
  }
  const Precision work = Precision::bits(prec + 30);
  const auto center = [work](const Ball& u) { return u.center().at_precision(work); };
  const auto complex_center = [&center](const ComplexBall& z) { return ComplexBall(center(z.re()), center(z.im())); };
  const ComplexBall value = at_point(complex_center(h), complex_center(k), center(x), center(y), work);
  const bool exact =
      h.re().is_exact() && h.im().is_exact() && k.re().is_exact() && k.im().is_exact() && x.is_exact() && y.is_exact();
  ComplexBall result = ArbAccess::blank_complex(prec);
  acb_set_round(acb_of(result), acb_of(value), prec);
  if (exact) return result;
  const Ball change = change_bound(h, k, x, y);
  arb_add_error(acb_realref(acb_of(result)), arb_of(change));
  arb_add_error(acb_imagref(acb_of(result)), arb_of(change));
  return result;
}

}  // namespace

Ball re_Phi(const Ball& x, const Ball& y) {
  return complex_Phi(x, y).re();
}
Ball im_Phi(const Ball& x, const Ball& y) {
  return complex_Phi(x, y).im();
}
ComplexBall re_Phi(const ComplexBall& x, const ComplexBall& y) {
  if (x.is_real() && y.is_real()) return ComplexBall(re_Phi(x.re(), y.re()));
  const ComplexBall turned(-y.im(), y.re());
  return (Phi(x + turned) + Phi(x - turned)) / 2;
}
ComplexBall im_Phi(const ComplexBall& x, const ComplexBall& y) {
  if (x.is_real() && y.is_real()) return ComplexBall(im_Phi(x.re(), y.re()));
  const ComplexBall turned(-y.im(), y.re());
  const ComplexBall difference = (Phi(x + turned) - Phi(x - turned)) / 2;
  return ComplexBall(difference.im(), -difference.re());
}
Ball re_Phi2(const Ball& h, const Ball& h_im, const Ball& k, const Ball& k_im, const Ball& x, const Ball& y) {
  return complex_Phi2(ComplexBall(h, h_im), ComplexBall(k, k_im), x, y).re();
}
Ball im_Phi2(const Ball& h, const Ball& h_im, const Ball& k, const Ball& k_im, const Ball& x, const Ball& y) {
  return complex_Phi2(ComplexBall(h, h_im), ComplexBall(k, k_im), x, y).im();
}

namespace {

template <class F>
ComplexBall of_real(const F& f, const ComplexBall& h, const ComplexBall& h_im, const ComplexBall& k,
                    const ComplexBall& k_im, const ComplexBall& x, const ComplexBall& y) {
  if (h.is_real() && h_im.is_real() && k.is_real() && k_im.is_real() && x.is_real() && y.is_real()) {
    return ComplexBall(f(h.re(), h_im.re(), k.re(), k_im.re(), x.re(), y.re()));
  }
  const long bits = std::max({h.bits(), h_im.bits(), k.bits(), k_im.bits(), x.bits(), y.bits(), 2L});
  return ComplexBall::indeterminate(Precision::bits(bits));
}

using OfBalls = Ball (*)(const Ball&, const Ball&, const Ball&, const Ball&, const Ball&, const Ball&);

}  // namespace

ComplexBall re_Phi2(const ComplexBall& h, const ComplexBall& h_im, const ComplexBall& k, const ComplexBall& k_im,
                    const ComplexBall& x, const ComplexBall& y) {
  return of_real(static_cast<OfBalls>(re_Phi2), h, h_im, k, k_im, x, y);
}
ComplexBall im_Phi2(const ComplexBall& h, const ComplexBall& h_im, const ComplexBall& k, const ComplexBall& k_im,
                    const ComplexBall& x, const ComplexBall& y) {
  return of_real(static_cast<OfBalls>(im_Phi2), h, h_im, k, k_im, x, y);
}

ComplexBall Phi2(const ComplexBall& h, const ComplexBall& k, const ComplexBall& x, const ComplexBall& y,
                 Analytic analytic) {
  const bool real = h.is_real() && k.is_real() && x.is_real() && y.is_real();
  if (real && (analytic == Analytic::no || certainly_positive(y.re()))) {
    return ComplexBall(Phi2(h.re(), k.re(), x.re(), y.re()));
  }
  if (!real && x.is_real() && y.is_real()) return complex_Phi2(h, k, x.re(), y.re());
  return ComplexBall::indeterminate(Precision::bits(std::max({h.bits(), k.bits(), x.bits(), y.bits(), 2L})));
}

}  // namespace nke
