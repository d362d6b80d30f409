// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>

#include <nke/exact/real/complex_phi.hpp>

#include "complex_plain.hpp"
#include "mpfr_access.hpp"

namespace nke {
namespace {

using plain::Complex;

// Room for exp(−z²/2) and for the difference of exponentials near y = 0.
template <class... Numbers>
Precision with_room(long bits, const Numbers&... numbers) {
  long size = 0;
  for (const long exponent : {(numbers.sign() == 0 ? 0L : static_cast<long>(mpfr_get_exp(numbers.data())))...}) {
    size = std::max(size, exponent);
  }
  constexpr long most = 120;  // beyond, exp(−z²/2) is 0 or infinite in MPFR
  return Precision::bits((bits + 30 + std::min(2 * size, most) + 127) / 128 * 128);  // so that rules are found again
}

bool finite(std::initializer_list<const Mpfr*> numbers) {
  return std::all_of(numbers.begin(), numbers.end(), [](const Mpfr* x) { return x->is_finite(); });
}

Complex<Mpfr> undefined(Precision precision) {
  const Mpfr nan = Mpfr::from_double_exactly(std::nan(""), precision);
  return {nan, nan};
}

Complex<Mpfr> complex_Phi(const Mpfr& x, const Mpfr& y) {
  const long bits = stated(std::max(x.bits(), y.bits()), "Phi");
  if (!finite({&x, &y})) return undefined(Precision::bits(bits));
  const Precision work = with_room(bits, x, y);
  const Complex<Mpfr> value = plain::Phi(Complex<Mpfr>{x.at_precision(work), y.at_precision(work)});
  return {value.re.at_precision(Precision::bits(bits)), value.im.at_precision(Precision::bits(bits))};
}

Complex<Mpfr> complex_Phi2(const Mpfr& h, const Mpfr& h_im, const Mpfr& k, const Mpfr& k_im, const Mpfr& x,
                           const Mpfr& y) {
  const long bits = stated(std::max({h.bits(), h_im.bits(), k.bits(), k_im.bits(), x.bits(), y.bits()}), "Phi2");
  const Precision given = Precision::bits(bits);
  if (h_im.sign() == 0 && k_im.sign() == 0) return {Phi2(h, k, x, y), h * 0};
  if (!finite({&h, &h_im, &k, &k_im, &x, &y}) || y.sign() <= 0) return undefined(given);
  const Precision work = with_room(bits, h, h_im, k, k_im);
  const auto ready = [work](const Mpfr& u) { return u.at_precision(work); };
  const Complex<Mpfr> value =
      plain::Phi2(Complex<Mpfr>{ready(h), ready(h_im)}, Complex<Mpfr>{ready(k), ready(k_im)}, ready(x), ready(y));
  return {value.re.at_precision(given), value.im.at_precision(given)};
}

}  // namespace

std::complex<double> complex_Phi(double x, double y) {
  if (!std::isfinite(x) || !std::isfinite(y)) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    return {nan, nan};
  }
  const Complex<double> value = plain::Phi(Complex<double>{x, y});
  return {value.re, value.im};
}

std::complex<double> complex_Phi2(std::complex<double> h, std::complex<double> k, double x, double y) {
  if (h.imag() == 0 && k.imag() == 0) return {Phi2(h.real(), k.real(), x, y), 0};
  const double sum = h.real() + h.imag() + k.real() + k.imag() + x + y;
  if (!std::isfinite(sum) || !(y > 0)) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    return {nan, nan};
  }
  const Complex<double> value =
      plain::Phi2(Complex<double>{h.real(), h.imag()}, Complex<double>{k.real(), k.imag()}, x, y);
  return {value.re, value.im};
}

double re_Phi(double x, double y) {
  return complex_Phi(x, y).real();
}
double im_Phi(double x, double y) {
  return complex_Phi(x, y).imag();
}
Mpfr re_Phi(const Mpfr& x, const Mpfr& y) {
  return complex_Phi(x, y).re;
}
Mpfr im_Phi(const Mpfr& x, const Mpfr& y) {
  return complex_Phi(x, y).im;
}
double re_Phi2(double h, double h_im, double k, double k_im, double x, double y) {
  return complex_Phi2({h, h_im}, {k, k_im}, x, y).real();
}
double im_Phi2(double h, double h_im, double k, double k_im, double x, double y) {
  return complex_Phi2({h, h_im}, {k, k_im}, x, y).imag();
}
Mpfr re_Phi2(const Mpfr& h, const Mpfr& h_im, const Mpfr& k, const Mpfr& k_im, const Mpfr& x, const Mpfr& y) {
  return complex_Phi2(h, h_im, k, k_im, x, y).re;
}
Mpfr im_Phi2(const Mpfr& h, const Mpfr& h_im, const Mpfr& k, const Mpfr& k_im, const Mpfr& x, const Mpfr& y) {
  return complex_Phi2(h, h_im, k, k_im, x, y).im;
}

}  // namespace nke
