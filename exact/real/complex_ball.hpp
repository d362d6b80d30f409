// SPDX-License-Identifier: Apache-2.0
// A complex number known up to a proven box: what can f be on this piece of the plane, and is it holomorphic there?
//
// Definition  a box, the product of two balls (Arb's acb_t). Operations enclose, precision is carried as in ball.hpp.
// Domain      the plane. At a pole inside the box the result is not finite.
// Branches    functions with a branch cut, a kink or a jump on the real line take Analytic. With Analytic::no they
//             return an enclosure of the principal value, or of the piece chosen by the sign of the real part.
//             With Analytic::yes the result is finite only if the function is proven holomorphic on the whole box:
//             this is what contour bounds and quadrature on a strip ask for.
// Source      the convention of acb_calc_integrate: Johansson, Numerical integration in arbitrary-precision ball
//             arithmetic (2018).
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <iosfwd>
#include <string>

#include <nke/exact/real/ball.hpp>

namespace nke {

/// May a function use a value that is correct but not holomorphic on the whole box?
enum class Analytic { no, yes };

class ComplexBall {
 public:
  ComplexBall() noexcept;
  template <std::signed_integral T>
  requires(sizeof(T) <= sizeof(long)) ComplexBall(T value) : ComplexBall(Ball(value)) {}  // NOLINT: no loss to warn of
  ComplexBall(const Ball& re);  // NOLINT: the reals are in the plane
  ComplexBall(const Ball& re, const Ball& im);
  ComplexBall(const Rational& value, Precision precision) : ComplexBall(Ball(value, precision)) {}
  ComplexBall(double) = delete;
  ComplexBall(bool) = delete;

  ComplexBall(const ComplexBall& other);
  ComplexBall(ComplexBall&& other) noexcept;
  ComplexBall& operator=(const ComplexBall& other);
  ComplexBall& operator=(ComplexBall&& other) noexcept;
  ~ComplexBall();

  static ComplexBall indeterminate(Precision precision);

  Ball re() const;
  Ball im() const;
  long bits() const { return bits_; }
  bool is_finite() const;
  bool is_real() const;
  bool contains_zero() const;
  bool overlaps(const ComplexBall& other) const;
  bool contains(const ComplexBall& other) const;
  /// Doubles above and below |z| for every z in the box.
  double abs_upper() const;
  double abs_lower() const;

  std::string to_string() const;

  ComplexBall& operator+=(const ComplexBall& other) { return *this = *this + other; }
  ComplexBall& operator-=(const ComplexBall& other) { return *this = *this - other; }
  ComplexBall& operator*=(const ComplexBall& other) { return *this = *this * other; }
  ComplexBall& operator/=(const ComplexBall& other) { return *this = *this / other; }
  friend ComplexBall operator+(const ComplexBall& a, const ComplexBall& b);
  friend ComplexBall operator-(const ComplexBall& a, const ComplexBall& b);
  friend ComplexBall operator*(const ComplexBall& a, const ComplexBall& b);
  friend ComplexBall operator/(const ComplexBall& a, const ComplexBall& b);
  friend ComplexBall operator-(const ComplexBall& a);
  friend ComplexBall operator+(const ComplexBall& a) { return a; }
  friend bool operator==(const ComplexBall& a, const ComplexBall& b);
  friend std::ostream& operator<<(std::ostream& out, const ComplexBall& z);

 private:
  friend struct ArbAccess;
  alignas(8) std::array<std::byte, 96> storage_;  // an acb_t, opaque for the reason given in ball.hpp
  long bits_ = 0;
};

// Entire functions, and those whose only singularities are poles.
ComplexBall exp(const ComplexBall& z);
ComplexBall expm1(const ComplexBall& z);
ComplexBall sin(const ComplexBall& z);
ComplexBall cos(const ComplexBall& z);
ComplexBall tan(const ComplexBall& z);
ComplexBall sinh(const ComplexBall& z);
ComplexBall cosh(const ComplexBall& z);
ComplexBall tanh(const ComplexBall& z);
ComplexBall erf(const ComplexBall& z);
ComplexBall erfc(const ComplexBall& z);
ComplexBall Phi(const ComplexBall& z);
ComplexBall phi(const ComplexBall& z);
ComplexBall sigmoid(const ComplexBall& z);
ComplexBall pow_int(const ComplexBall& z, long n);

// Functions with branch cuts.
ComplexBall log(const ComplexBall& z, Analytic analytic = Analytic::no);
ComplexBall log1p(const ComplexBall& z, Analytic analytic = Analytic::no);
ComplexBall sqrt(const ComplexBall& z, Analytic analytic = Analytic::no);
ComplexBall atan(const ComplexBall& z, Analytic analytic = Analytic::no);
ComplexBall softplus(const ComplexBall& z, Analytic analytic = Analytic::no);
ComplexBall pow(const ComplexBall& z, const ComplexBall& w, Analytic analytic = Analytic::no);

// Real functions with a kink or a jump, continued to the half planes on both sides of it: abs is z on the right and −z
// on the left, max(z, w) is whichever has the larger real part.
ComplexBall abs(const ComplexBall& z, Analytic analytic = Analytic::no);
ComplexBall sign(const ComplexBall& z, Analytic analytic = Analytic::no);
ComplexBall step(const ComplexBall& z, Analytic analytic = Analytic::no);
ComplexBall min(const ComplexBall& z, const ComplexBall& w, Analytic analytic = Analytic::no);
ComplexBall max(const ComplexBall& z, const ComplexBall& w, Analytic analytic = Analytic::no);

template <>
ComplexBall number<ComplexBall>(const Rational& q, Precision precision);
template <>
ComplexBall pi<ComplexBall>(Precision precision);
template <>
ComplexBall euler<ComplexBall>(Precision precision);

}  // namespace nke
