// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <nke/exact/activation/range.hpp>

namespace nke {
namespace {

constexpr double infinity = Range::infinity;

double down(double x) {
  return std::nextafter(x, -infinity);
}
double up(double x) {
  return std::nextafter(x, infinity);
}

// Sums and products are rounded to nearest and corrected by the sign of their error, so that exact ones stay exact:
// a zero must remain a zero, or every half-line that ends at one would change its sign.
double add_toward(double a, double b, bool upwards) {
  const double sum = a + b;
  if (!std::isfinite(sum)) {
    if (std::isinf(a) || std::isinf(b)) return sum;
    // Finite terms that overflow: the true sum is finite and beyond the largest double on that side.
    return upwards == (sum > 0) ? sum : std::copysign(std::numeric_limits<double>::max(), sum);
  }
  const double part = sum - a;
  const double error = (a - (sum - part)) + (b - part);
  if (upwards) return error > 0 ? up(sum) : sum;
  return error < 0 ? down(sum) : sum;
}

double multiply_toward(double a, double b, bool upwards) {
  if (a == 0 || b == 0) return 0;
  const double product = a * b;
  if (std::isinf(product)) {
    if (std::isinf(a) || std::isinf(b)) return product;
    return upwards == (product > 0) ? product : std::copysign(std::numeric_limits<double>::max(), product);
  }
  constexpr double error_underflows = 1e-290;  // below, the error of the product is itself rounded
  const double error = std::fma(a, b, -product);
  const bool surely_exact = error == 0 && std::fabs(product) > error_underflows;
  if (surely_exact) return product;
  const bool positive = (a > 0) == (b > 0);  // an underflow must not change the sign
  if (upwards) return positive ? up(product) : std::min(up(product), 0.0);
  return positive ? std::max(down(product), 0.0) : down(product);
}

double invert_toward(double a, bool upwards) {
  if (std::isinf(a)) return 0;
  const double inverse = 1 / a;
  if (std::isinf(inverse)) {
    return upwards == (inverse > 0) ? inverse : std::copysign(std::numeric_limits<double>::max(), inverse);
  }
  if (std::fma(inverse, a, -1.0) == 0) return inverse;
  return upwards ? up(inverse) : down(inverse);
}

// a^q for a ≥ 0, by logarithms where q is not a small integer; monotone in a.
double power_toward(double a, const Rational& q, bool upwards) {
  if (a == 0) return q.sign() > 0 ? 0 : (q.sign() == 0 ? 1 : infinity);
  if (std::isinf(a)) return q.sign() > 0 ? infinity : (q.sign() == 0 ? 1 : 0);
  const Precision precision = Precision::bits(64);
  const Ball base = Ball::from_double_exactly(a, precision);
  const auto integer = q.to_long();
  const Ball value = integer ? pow_int(base, *integer) : pow(base, Ball(q, precision));
  if (!value.is_finite()) return upwards ? infinity : 0;
  return upwards ? value.upper() : std::max(0.0, value.lower());
}

}  // namespace

Range Range::enclosing(const Rational& q) {
  const double nearest = q.to_double();
  if (std::isinf(nearest)) {
    constexpr double largest = std::numeric_limits<double>::max();
    return nearest > 0 ? Range{largest, infinity} : Range{-infinity, -largest};
  }
  const Rational back = Rational::from_double_exactly(nearest);
  return {back > q ? down(nearest) : nearest, back < q ? up(nearest) : nearest};
}

double Range::magnitude() const {
  return std::max(std::fabs(low), std::fabs(high));
}

double Range::mignitude() const {
  return contains_zero() ? 0 : std::min(std::fabs(low), std::fabs(high));
}

Range operator+(const Range& a, const Range& b) {
  return {add_toward(a.low, b.low, false), add_toward(a.high, b.high, true)};
}

Range operator-(const Range& a) {
  return {-a.high, -a.low};
}

Range operator-(const Range& a, const Range& b) {
  return a + (-b);
}

Range operator*(const Range& a, const Range& b) {
  const auto corner = [&](bool upwards) {
    const double values[] = {multiply_toward(a.low, b.low, upwards), multiply_toward(a.low, b.high, upwards),
                             multiply_toward(a.high, b.low, upwards), multiply_toward(a.high, b.high, upwards)};
    return upwards ? *std::max_element(values, values + 4) : *std::min_element(values, values + 4);
  };
  return {corner(false), corner(true)};
}

Range reciprocal(const Range& a) {
  if (a.low < 0 && a.high > 0) return Range::everything();
  if (a.low == 0 && a.high == 0) return Range::everything();  // nowhere defined
  if (a.low == 0) return {invert_toward(a.high, false), infinity};
  if (a.high == 0) return {-infinity, invert_toward(a.low, true)};
  return {invert_toward(a.high, false), invert_toward(a.low, true)};
}

Range abs(const Range& a) {
  return {a.mignitude(), a.magnitude()};
}

Range min(const Range& a, const Range& b) {
  return {std::min(a.low, b.low), std::min(a.high, b.high)};
}

Range max(const Range& a, const Range& b) {
  return {std::max(a.low, b.low), std::max(a.high, b.high)};
}

Range hull(const Range& a, const Range& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

Range pow(const Range& a, const Rational& q) {
  if (q.is_zero()) return {1, 1};
  if (q.sign() < 0) return reciprocal(pow(a, -q));
  if (q.is_integer()) {
    const bool odd = !(q / Rational(2)).is_integer();
    if (odd && a.low < 0) {
      const double low = -power_toward(-a.low, q, true);
      return {low, a.high < 0 ? -power_toward(-a.high, q, false) : power_toward(a.high, q, true)};
    }
    const Range size = odd ? a : abs(a);
    return {power_toward(size.low, q, false), power_toward(size.high, q, true)};
  }
  if (a.high < 0) return Range::everything();  // nowhere defined
  return {power_toward(std::max(a.low, 0.0), q, false), power_toward(a.high, q, true)};
}

}  // namespace nke
