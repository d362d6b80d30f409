// SPDX-License-Identifier: Apache-2.0
#include "published_formulas.hpp"

#include <cmath>

#include <nke/exact/real/number.hpp>
#include <nke/exact/real/rational.hpp>

namespace nke::test {
namespace {

using std::acos;
using std::asin;
using std::atan2;
using std::cos;
using std::exp;
using std::sin;
using std::sqrt;

// The inverse functions of Mpfr, which are needed here only.
Mpfr acos(const Mpfr& x) {
  return atan2(sqrt((1 - x) * (1 + x)), x);
}
Mpfr asin(const Mpfr& x) {
  return atan2(x, sqrt((1 - x) * (1 + x)));
}

const std::string neural_tangents = "Neural Tangents";
const Precision precision = Precision::digits(published_digits);

// The number q as one of the same kind as `like`.
double number_like(double, const char* q) {
  return Rational::parse(q).to_double();
}
Mpfr number_like(const Mpfr&, const char* q) {
  return Mpfr(Rational::parse(q), precision);
}
double pi_like(double) {
  return std::acos(-1.0);
}
Mpfr pi_like(const Mpfr&) {
  return pi<Mpfr>(precision);
}

template <class F>
PublishedFunction both(F f) {
  return {f, f};
}

template <class T>
T square(const T& x) {
  return x * x;
}

// erf, after scaling the input by 4/5: then times 3/2, plus 1/5.
PublishedFormula erf_layer() {
  const auto value = [](const auto& c0, const auto& a0, const auto& b0) {
    const auto bb = square(number_like(c0, "4/5"));
    const auto c = bb * c0;
    const auto root = sqrt((1 + 2 * bb * a0) * (1 + 2 * bb * b0) - 4 * c * c);
    const auto k = 2 / pi_like(c0) * atan2(2 * c, root);
    return square(number_like(c0, "3/2")) * k + square(number_like(c0, "1/5"));
  };
  const auto derivative = [](const auto& c0, const auto& a0, const auto& b0) {
    const auto bb = square(number_like(c0, "4/5"));
    const auto c = bb * c0;
    const auto root = sqrt((1 + 2 * bb * a0) * (1 + 2 * bb * b0) - 4 * c * c);
    return square(number_like(c0, "3/2")) * bb * (4 / pi_like(c0)) / root;
  };
  return {"Erf(a, b, c)", neural_tangents, "3/2*erf(4/5*x) + 1/5", both(value), both(derivative)};
}

PublishedFormula gelu_layer() {
  const auto value = [](const auto& c, const auto& a, const auto& b) {
    const auto plus = (a + 1) * (b + 1);
    const auto squared = plus - c * c;
    const auto delta = sqrt(squared);
    const auto k = (c * c + a * b * squared) / (plus * delta) + c * atan2(c, delta);
    return k / (2 * pi_like(c)) + number_like(c, "1/4") * c;
  };
  const auto derivative = [](const auto& c, const auto& a, const auto& b) {
    const auto plus = (a + 1) * (b + 1);
    const auto squared = plus - c * c;
    const auto delta = sqrt(squared);
    const auto first = (1 / squared + (1 - a * b) / plus + 1) * (c / delta / (2 * pi_like(c)));
    return first + number_like(c, "1/4") + atan2(c, delta) / (2 * pi_like(c));
  };
  return {"Gelu()", neural_tangents + "; 2002.08517", "gelu", both(value), both(derivative)};
}

// a sin(b x + c) with b = 7/5 and c = shift.
template <class Shift>
PublishedFormula sine_layer(const std::string& name, const std::string& activation, Shift shift) {
  const auto value = [shift](const auto& c, const auto& a, const auto& b) {
    const auto ww = square(number_like(c, "7/5"));
    const auto half = number_like(c, "1/2");
    const auto s1 = exp(ww * (-half * (a + b) + c));
    const auto s2 = exp(ww * (-half * (a + b) - c)) * cos(2 * shift(c));
    return half * (s1 - s2);
  };
  const auto derivative = [shift](const auto& c, const auto& a, const auto& b) {
    const auto ww = square(number_like(c, "7/5"));
    const auto half = number_like(c, "1/2");
    const auto s1 = exp(ww * (-half * (a + b) + c));
    const auto s2 = exp(ww * (-half * (a + b) - c)) * cos(2 * shift(c));
    return half * ww * (s1 + s2);
  };
  return {name, neural_tangents, activation, both(value), both(derivative)};
}

PublishedFormula rbf_layer() {
  const auto value = [](const auto& c, const auto& a, const auto& b) {
    return exp(number_like(c, "3/4") * (-(a + b) + 2 * c));
  };
  const auto derivative = [value](const auto& c, const auto& a, const auto& b) {
    return 2 * number_like(c, "3/4") * value(c, a, b);
  };
  return {"Rbf(gamma)", neural_tangents, "rbf(3/4)", both(value), both(derivative)};
}

PublishedFormula abrelu_layer(const std::string& name, const char* left, const char* right,
                              const std::string& activation) {
  const auto slope = [left, right](const auto& c, const auto& a, const auto& b) {
    const auto p = number_like(c, left);
    const auto q = number_like(c, right);
    const auto angle = atan2(sqrt(a * b - c * c), c);
    return (p * p + q * q) / 2 - square(q - p) / (2 * pi_like(c)) * angle;
  };
  const auto value = [left, right, slope](const auto& c, const auto& a, const auto& b) {
    const auto factor = square(number_like(c, right) - number_like(c, left)) / (2 * pi_like(c));
    return factor * sqrt(a * b - c * c) + slope(c, a, b) * c;
  };
  return {name, neural_tangents, activation, both(value), both(slope)};
}

PublishedFormula sign_layer() {
  const auto value = [](const auto& c, const auto& a, const auto& b) {
    return 1 - atan2(sqrt(a * b - c * c), c) * 2 / pi_like(c);
  };
  const auto derivative = [](const auto& c, const auto&, const auto&) { return c * 0; };
  return {"Sign()", neural_tangents, "sign", both(value), both(derivative)};
}

PublishedFormula exp_layer() {
  const auto value = [](const auto& c, const auto& a, const auto& b) {
    const auto ww = square(number_like(c, "3/5"));
    return square(number_like(c, "2")) * exp(ww * ((a + b) / 2 + c));
  };
  const auto derivative = [value](const auto& c, const auto& a, const auto& b) {
    return square(number_like(c, "3/5")) * value(c, a, b);
  };
  return {"Exp(a, b)", neural_tangents, "2*exp(3/5*x)", both(value), both(derivative)};
}

PublishedFormula gaussian_layer() {
  const auto value = [](const auto& c, const auto& a, const auto& b) {
    const auto w = number_like(c, "-3/2");
    return 1 / sqrt((1 - 2 * w * a) * (1 - 2 * w * b) - 4 * w * w * c * c);
  };
  const auto derivative = [value](const auto& c, const auto& a, const auto& b) {
    const auto w = number_like(c, "-3/2");
    const auto k = value(c, a, b);
    return 4 * w * w * c * k * k * k;
  };
  return {"Gaussian(a, b)", neural_tangents, "exp(-3/2*x^2)", both(value), both(derivative)};
}

PublishedFormula exp_normalized_layer() {
  const auto derivative = [](const auto& c, const auto& a, const auto& b) {
    const auto gamma = number_like(c, "5/4");
    return gamma * exp(gamma * (c / sqrt(a * b) - number_like(c, "1")));
  };
  const auto value = [](const auto& c, const auto& a, const auto& b) {
    const auto product = sqrt(a * b);
    return product * exp(number_like(c, "5/4") * (c / product - number_like(c, "1")));
  };
  return {"ExpNormalized(gamma, shift)", neural_tangents + "; 2003.02237", "exp_normalized(5/4, -1)", both(value),
          both(derivative)};
}

PublishedFormula hermite_layer() {
  const auto value = [](const auto& c, const auto&, const auto&) { return c * c * c; };
  const auto derivative = [](const auto& c, const auto&, const auto&) { return 3 * c * c; };
  return {"Hermite(3)", neural_tangents, "hermite3", both(value), both(derivative), true};
}

struct Monomial {
  int degree;
  template <class T>
  T operator()(const T& c, const T& a, const T& b) const {
    const T p = a * b;
    switch (degree) {
      case 1: return c;
      case 2: return 2 * c * c + p;
      case 3: return 6 * c * c * c + 9 * c * p;
      case 4: return 3 * (8 * c * c * c * c + 3 * p * (8 * c * c + p));
      default: return 15 * c * (8 * c * c * c * c + 5 * p * (8 * c * c + 3 * p));
    }
  }
};

PublishedFormula monomial_layer(int degree) {
  const auto derivative = [degree](const auto& c, const auto& a, const auto& b) {
    return degree * degree * Monomial{degree - 1}(c, a, b);
  };
  return {"Monomial(" + std::to_string(degree) + ")", neural_tangents, "x^" + std::to_string(degree),
          both(Monomial{degree}), both(derivative)};
}

// J_n(θ), θ = arccos ρ: K = (ab)^(n/2) J_n(θ) / (2π).
struct ArcCosine {
  int degree;
  template <class T>
  T operator()(const T& c, const T& a, const T& b) const {
    const T product = sqrt(a * b);
    const T theta = acos(c / product);
    const T rest = pi_like(c) - theta;
    const T scale = 1 / (2 * pi_like(c));
    switch (degree) {
      case 0: return scale * rest;
      case 1: return scale * product * (sin(theta) + rest * cos(theta));
      default:
        return scale * product * product * (3 * sin(theta) * cos(theta) + rest * (1 + 2 * square(T(cos(theta)))));
    }
  }
};

PublishedFormula arc_cosine(int degree) {
  const auto derivative = [degree](const auto& c, const auto& a, const auto& b) {
    return degree * degree * ArcCosine{degree - 1}(c, a, b);
  };
  return {"arc-cosine kernel of degree " + std::to_string(degree), "Cho & Saul 2009",
          degree == 1 ? "relu" : "max(x, 0)^2", both(ArcCosine{degree}), both(derivative)};
}

// (−1)ⁿ sin²ⁿ⁺¹θ ((1/sin θ) d/dθ)ⁿ (π − θ)/sin θ, the derivatives written out.
struct RectifiedMonomial {
  int degree;
  template <class T>
  T operator()(const T& c, const T& a, const T& b) const {
    const T product = sqrt(a * b);
    const T theta = acos(c / product);
    const T s = sin(theta);
    const T q = cos(theta);
    const T rest = pi_like(c) - theta;
    const T scale = 1 / (2 * pi_like(c));
    if (degree == 0) return scale * s * (rest / s);
    const T f1 = (-1 / s - rest * q / (s * s)) / s;
    if (degree == 1) return -(scale * product * (s * s * s) * f1);
    // f1 = −s⁻² − rest q s⁻³;  f2 = f1'/s.
    const T f2 = (2 * q / (s * s * s) + (q + rest * s) / (s * s * s) + 3 * rest * q * q / (s * s * s * s)) / s;
    return scale * product * product * (s * s * s * s * s) * f2;
  }
};

PublishedFormula rectified_monomial_layer(int degree) {
  const auto derivative = [degree](const auto& c, const auto& a, const auto& b) {
    return degree * degree * RectifiedMonomial{degree - 1}(c, a, b);
  };
  return {"RectifiedMonomial(" + std::to_string(degree) + ")", neural_tangents, "max(x, 0)^" + std::to_string(degree),
          both(RectifiedMonomial{degree}), both(derivative)};
}

// Σ_l r_l(a) r_l(b) ρ^l with r_l(a) = Σ_i coef[2i+l] (2i+l)!/(2^i i! √l!) a^((2i+l)/2), for 1 − x + x²/2 + x³/6.
PublishedFormula polynomial_layer() {
  const auto r = [](const auto& a, int l) {
    const auto root = sqrt(a);
    switch (l) {
      case 0: return 1 + a / 2;
      case 1: return -root + root * a / 2;
      case 2: return a / 2 * 2 / sqrt(number_like(a, "2"));
      default: return root * a / 6 * 6 / sqrt(number_like(a, "6"));
    }
  };
  const auto value = [r](const auto& c, const auto& a, const auto& b) {
    const auto rho = c / sqrt(a * b);
    return r(a, 0) * r(b, 0) + r(a, 1) * r(b, 1) * rho + r(a, 2) * r(b, 2) * rho * rho +
           r(a, 3) * r(b, 3) * rho * rho * rho;
  };
  const auto derivative = [r](const auto& c, const auto& a, const auto& b) {
    const auto rho = c / sqrt(a * b);
    return (r(a, 1) * r(b, 1) + 2 * r(a, 2) * r(b, 2) * rho + 3 * r(a, 3) * r(b, 3) * rho * rho) / sqrt(a * b);
  };
  return {"Polynomial(1, -1, 1/2, 1/6)", neural_tangents, "1 - x + x^2/2 + x^3/6", both(value), both(derivative)};
}

PublishedFormula williams() {
  const auto value = [](const auto& c, const auto& a, const auto& b) {
    return 2 / pi_like(c) * asin(2 * c / sqrt((1 + 2 * a) * (1 + 2 * b)));
  };
  const auto derivative = [](const auto& c, const auto& a, const auto& b) {
    return 4 / (pi_like(c) * sqrt((1 + 2 * a) * (1 + 2 * b) - 4 * c * c));
  };
  return {"neural network kernel of erf", "Williams 1997", "erf", both(value), both(derivative)};
}

}  // namespace

std::vector<PublishedFormula> published_formulas() {
  const auto third = [](const auto& c) { return number_like(c, "1/3"); };
  const auto third_and_quarter_turn = [](const auto& c) { return number_like(c, "1/3") + pi_like(c) / 2; };
  return {erf_layer(),
          gelu_layer(),
          sine_layer("Sin(a, b, c)", "sin(7/5*x + 1/3)", third),
          sine_layer("Cos(a, b, c)", "cos(7/5*x + 1/3)", third_and_quarter_turn),
          rbf_layer(),
          abrelu_layer("Relu()", "0", "1", "relu"),
          abrelu_layer("LeakyRelu(alpha)", "1/10", "1", "leaky_relu(1/10)"),
          abrelu_layer("ABRelu(a, b)", "-1/2", "2", "abrelu(-1/2, 2)"),
          abrelu_layer("Abs()", "-1", "1", "abs"),
          sign_layer(),
          exp_layer(),
          gaussian_layer(),
          exp_normalized_layer(),
          hermite_layer(),
          monomial_layer(2),
          monomial_layer(3),
          monomial_layer(4),
          monomial_layer(5),
          rectified_monomial_layer(1),
          rectified_monomial_layer(2),
          polynomial_layer(),
          williams(),
          arc_cosine(1),
          arc_cosine(2)};
}

}  // namespace nke::test
