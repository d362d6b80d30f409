// SPDX-License-Identifier: Apache-2.0
// The normal distribution functions at complex arguments in C++ and Python, for generated code. Private to
// function_table.cpp.
//
// Definition  Φ by Faddeeva's function and that by the trapezoidal or the midpoint rule with twelve nodes and the residue
//             of the pole next to the line of the nodes (real/complex_phi.hpp); Phi2 by Plackett's integral, Gauss-
//             Legendre on panels that double towards t = 0.
// Error       Φ: 1e-14 of |Φ|. Phi2: 1e-14 of |Φ(h)| + |Phi2|, for y/x down to 1e-4; below, what there
//             is of y.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "primitive.hpp"

namespace nke {

// One text of several.
template <const std::string_view&... Parts>
inline constexpr auto joined_characters = [] {
  std::array<char, (Parts.size() + ...)> all{};
  auto to = all.begin();
  ((to = std::copy(Parts.begin(), Parts.end(), to)), ...);
  return all;
}();
template <const std::string_view&... Parts>
inline constexpr std::string_view joined{joined_characters<Parts...>.data(), joined_characters<Parts...>.size()};

inline constexpr std::string_view cpp_re_Phi = R"(// Phi(x + iy), the distribution function of the standard normal law.
inline void complex_Phi(double x, double y, double* re, double* im) {
  const int count = 13;
  const double pi = 3.141592653589793, step = 0.4737082174254673;
  const double a = 0.7071067811865476 * std::fabs(x), b = -0.7071067811865476 * (x > 0.0 ? -y : y), t = std::fabs(b);
  const bool residue = !(a >= t && a >= pi / step);
  const double fraction = t / step - std::floor(t / step);
  const bool midpoint = !residue || fraction < 0.25 || fraction > 0.75;
  const double sr = t * t - a * a, si = 2.0 * t * a;
  double p = 0.0, q = 0.0;  // the sum over the nodes
  for (int k = midpoint ? 0 : 1; k <= count; ++k) {
    const double u = step * (midpoint ? k + 0.5 : k), d = sr - u * u, w = std::exp(-u * u) / (d * d + si * si);
    p += w * d;
    q -= w * si;
  }
  double r = t * p - a * q, s = t * q + a * p;
  if (!midpoint) {
    r += 0.5 * t / (t * t + a * a);
    s -= 0.5 * a / (t * t + a * a);
  }
  const double scale = 2.0 * step / pi * std::exp(sr), c = std::cos(si), e = std::sin(si);
  double vr = scale * (-c * s - e * r), vi = scale * (c * r - e * s);
  if (residue && 2.0 * pi * a / step < 700.0) {
    const double size = (midpoint ? 1.0 : -1.0) * std::exp(2.0 * pi * a / step);
    const double dr = 1.0 + size * std::cos(2.0 * pi * t / step), di = -size * std::sin(2.0 * pi * t / step);
    vr += 2.0 * dr / (dr * dr + di * di);
    vi -= 2.0 * di / (dr * dr + di * di);
  }
  vr *= 0.5;
  vi *= b > 0.0 ? -0.5 : 0.5;
  *re = x > 0.0 ? 1.0 - vr : vr;
  *im = x > 0.0 ? -vi : vi;
}
inline double re_Phi(double x, double y) {
  double re, im;
  complex_Phi(x, y, &re, &im);
  return re;
}
)";
inline constexpr std::string_view cpp_im_Phi = R"(inline double im_Phi(double x, double y) {
  double re, im;
  complex_Phi(x, y, &re, &im);
  return im;
}
)";

inline constexpr std::string_view python_re_Phi = R"(def complex_Phi(z):
    """Phi(z), the distribution function of the standard normal law, for complex z."""
    count, step = 13, 0.4737082174254673
    left = np.where(np.real(z) > 0.0, -z, z)
    zeta = -1j * 0.7071067811865476 * left
    mirrored = np.real(zeta) < 0.0
    zeta = np.abs(np.real(zeta)) + 1j * np.imag(zeta)
    t, a = np.real(zeta), np.imag(zeta)
    residue = ~((a >= t) & (a >= np.pi / step))
    fraction = t / step - np.floor(t / step)
    midpoint = ~residue | (fraction < 0.25) | (fraction > 0.75)
    safe = np.where(midpoint, 1.0, zeta)
    total = np.where(midpoint, np.exp(-0.25 * step * step) / (zeta * zeta - 0.25 * step * step), 0.5 / safe**2)
    for k in range(1, count + 1):
        node = step * np.where(midpoint, k + 0.5, 1.0 * k)
        total = total + np.exp(-node * node) / (zeta * zeta - node * node)
    value = np.exp(zeta * zeta) * (2j * step / np.pi) * zeta * total
    far = np.exp(np.minimum(2.0 * np.pi * a / step, 690.0)) * np.exp(-2j * np.pi * t / step)
    value = value + np.where(residue, 2.0 / (1.0 + np.where(midpoint, far, -far)), 0.0)
    value = 0.5 * np.where(mirrored, np.conj(value), value)
    return np.where(np.real(z) > 0.0, 1.0 - value, value)


def re_Phi(x, y):
    return np.real(complex_Phi(x + 1j * y))
)";
inline constexpr std::string_view python_im_Phi = R"(def im_Phi(x, y):
    return np.imag(complex_Phi(x + 1j * y))
)";

inline constexpr CodeSpellings code_of_re_Phi{CodeSpelling{"re_Phi", cpp_re_Phi}, CodeSpelling{"re_Phi", python_re_Phi},
                                              CodeSpelling{"re_Phi", python_re_Phi}};
inline constexpr CodeSpellings code_of_im_Phi{CodeSpelling{"im_Phi", cpp_im_Phi, Function::re_Phi},
                                              CodeSpelling{"im_Phi", python_im_Phi, Function::re_Phi},
                                              CodeSpelling{"im_Phi", python_im_Phi, Function::re_Phi}};

inline constexpr std::string_view cpp_re_Phi2 =
    R"(// Phi2(h + ip, k + iq, x, y), y > 0: Plackett's integral over the angle.
inline void complex_Phi2(double h, double p, double k, double q, double x, double y, double* re, double* im) {
  static const double node[] = {0.09501250983763744, 0.2816035507792589, 0.4580167776572274, 0.6178762444026438,
                                0.755404408355003,   0.8656312023878318, 0.9445750230732326, 0.9894009349916499};
  static const double weight[] = {0.1894506104550685,  0.18260341504492359, 0.16915651939500254, 0.14959598881657673,
                                  0.12462897125553387, 0.09515851168249278, 0.06225352393864789, 0.027152459411754096};
  const double half_pi = 1.5707963267948966;
  double ar, ai, br, bi;
  complex_Phi(h, p, &ar, &ai);
  const bool obtuse = x < 0.0;
  if (obtuse) {
    k = -k;
    q = -q;
  }
  complex_Phi(k, q, &br, &bi);
  // exp(-apart/sin(t)^2 - product/(1 + cos(t)))
  const double dr = h - k, di = p - q, apart_r = 0.5 * (dr * dr - di * di), apart_i = dr * di;
  const double product_r = h * k - p * q, product_i = h * q + p * k;
  double sum_r = 0.0, sum_i = 0.0;
  for (double left = std::atan2(y, std::fabs(x)); left < half_pi;) {
    double right = std::fmin(left + 0.25 * std::fmin(left, 0.5), half_pi);
    for (int i = 0; i < 16; ++i) {
      const double u = i < 8 ? node[i] : -node[i - 8], t = 0.5 * (left + right) + 0.5 * (right - left) * u;
      const double s = 1.0 / (std::sin(t) * std::sin(t)), c = 1.0 / (1.0 + std::cos(t));
      const double size = 0.5 * (right - left) * weight[i % 8] * std::exp(-apart_r * s - product_r * c);
      sum_r += size * std::cos(apart_i * s + product_i * c);
      sum_i -= size * std::sin(apart_i * s + product_i * c);
    }
    left = right;
  }
  double vr = ar * br - ai * bi + 0.15915494309189535 * sum_r, vi = ar * bi + ai * br + 0.15915494309189535 * sum_i;
  *re = obtuse ? ar - vr : vr;
  *im = obtuse ? ai - vi : vi;
}
inline double re_Phi2(double h, double p, double k, double q, double x, double y) {
  double re, im;
  complex_Phi2(h, p, k, q, x, y, &re, &im);
  return re;
}
)";
inline constexpr std::string_view cpp_im_Phi2 =
    R"(inline double im_Phi2(double h, double p, double k, double q, double x, double y) {
  double re, im;
  complex_Phi2(h, p, k, q, x, y, &re, &im);
  return im;
}
)";
// In Python and JAX alike but for the loop over panels, which is either as long as needed or can be traced.
inline constexpr std::string_view python_Phi2_head =
    R"(def complex_Phi2(h, k, x, y):
    """Phi2(h, k, x, y) for complex h and k, y > 0: Plackett's integral over the angle."""
    node = (0.09501250983763744, 0.2816035507792589, 0.4580167776572274, 0.6178762444026438,
            0.755404408355003, 0.8656312023878318, 0.9445750230732326, 0.9894009349916499)
    weight = (0.1894506104550685, 0.18260341504492359, 0.16915651939500254, 0.14959598881657673,
              0.12462897125553387, 0.09515851168249278, 0.06225352393864789, 0.027152459411754096)
    obtuse = x < 0.0
    first = complex_Phi(h)
    k = np.where(obtuse, -k, k)
    apart, product = 0.5 * (h - k) ** 2, h * k
    left = np.maximum(np.arctan2(y, np.abs(x)), 1e-18)
)";
inline constexpr std::string_view python_Phi2_loop = R"(    total = 0.0
    while np.any(left < 0.5 * np.pi):
)";
inline constexpr std::string_view jax_Phi2_loop =
    R"(    total = 0.0  # a fixed number of panels, so that it can be traced
    for _ in range(200):
)";
inline constexpr std::string_view python_Phi2_tail =
    R"(        right = np.minimum(left + 0.25 * np.minimum(left, 0.5), 0.5 * np.pi)
        for sign in (-1.0, 1.0):
            for u, w in zip(node, weight):
                t = 0.5 * (left + right) + 0.5 * sign * u * (right - left)
                total = total + 0.5 * (right - left) * w * np.exp(-apart / np.sin(t) ** 2 - product / (1.0 + np.cos(t)))
        left = right
    value = first * complex_Phi(k) + total / (2.0 * np.pi)
    return np.where(obtuse, first - value, value)


def re_Phi2(h, p, k, q, x, y):
    return np.real(complex_Phi2(h + 1j * p, k + 1j * q, x, y))
)";
inline constexpr std::string_view python_re_Phi2 = joined<python_Phi2_head, python_Phi2_loop, python_Phi2_tail>;
inline constexpr std::string_view jax_re_Phi2 = joined<python_Phi2_head, jax_Phi2_loop, python_Phi2_tail>;
inline constexpr std::string_view python_im_Phi2 = R"(def im_Phi2(h, p, k, q, x, y):
    return np.imag(complex_Phi2(h + 1j * p, k + 1j * q, x, y))
)";

inline constexpr CodeSpellings code_of_re_Phi2{CodeSpelling{"re_Phi2", cpp_re_Phi2, Function::re_Phi},
                                               CodeSpelling{"re_Phi2", python_re_Phi2, Function::re_Phi},
                                               CodeSpelling{"re_Phi2", jax_re_Phi2, Function::re_Phi}};
inline constexpr CodeSpellings code_of_im_Phi2{CodeSpelling{"im_Phi2", cpp_im_Phi2, Function::re_Phi2},
                                               CodeSpelling{"im_Phi2", python_im_Phi2, Function::re_Phi2},
                                               CodeSpelling{"im_Phi2", python_im_Phi2, Function::re_Phi2}};

}  // namespace nke
