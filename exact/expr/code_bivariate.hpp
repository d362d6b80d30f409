// SPDX-License-Identifier: Apache-2.0
// Phi2 in C++ and Python, for generated code. Private to function_table.cpp.
//
// Definition  Owen's formula Phi2 = (Φ(h) + Φ(k))/2 − T(h, w_h/h) − T(k, w_k/k) − [½ if hk < 0 or hk = 0 > h + k], with
//             w_h = (k − rh)/√(1−r²) in a form that keeps its digits near r = ±1, T(h, a > 1) through T(ah, 1/a), and
//             T(h, a ≤ 1) = a exp(−h²/2) Σ_i weight_i exp(−(ah)² t_i²/2)/(1 + a² t_i²): a Gauss-Legendre rule in
//             atan(t) whose ten squares t_i² and weights are below.
// Error       absolute, about 3e-16. The library's own Phi2 has relative accuracy in the tails, too.
#pragma once

#include "primitive.hpp"

namespace nke {

inline constexpr std::string_view cpp_Phi2 =
    R"(// P(Z1 <= h, Z2 <= k) for standard normal Z1, Z2 of correlation x/sqrt(x*x + y*y), y >= 0. Absolute error 3e-16.
inline double Phi2(double h, double k, double x, double y) {
  static const double square[] = {0.0036211832508764663, 0.032701660925850549, 0.09134737129713065,
                                  0.17998684687328992,   0.29781613710618615,  0.4409218938487604,
                                  0.59995759733234577,   0.7583568362583577,   0.89293097714051273,
                                  0.97864378221281012};
  static const double weight[] = {0.019163316892214784,  0.019256398861940915,  0.019384526922020744,
                                  0.019423857656585077,  0.019174346362171437,  0.018359167660911144,
                                  0.0166549069208414,    0.01377497807882436,   0.0096069630231685483,
                                  0.0043564807132169233};
  const double s = std::hypot(x, y), q = y / s > 1e-150 ? y / s : 1e-150, sense = x < 0.0 ? -1.0 : 1.0;
  const double apart = (k - sense * h) / q, shift = sense * q / (1.0 + std::fabs(x) / s);
  if (h == 0.0 && k == 0.0) return std::atan2(y, -x) * 0.15915494309189535;
  double sum = 0.5 * (Phi(h) + Phi(k)) - (h * k < 0.0 || (h * k == 0.0 && h + k < 0.0) ? 0.5 : 0.0);
  for (int line = 0; line < 2; ++line) {
    const double t = line == 0 ? h : k, w = line == 0 ? apart + shift * h : shift * k - sense * apart;
    const double high = std::fmax(std::fabs(t), std::fabs(w)), low = std::fmin(std::fabs(t), std::fabs(w));
    const double a = high < 1e150 ? low / high : 0.0;
    double mass = 0.0;
    for (int i = 0; i < 10; ++i) {
      mass += weight[i] * std::exp(-0.5 * (high * high + low * low * square[i])) / (1.0 + a * a * square[i]);
    }
    mass *= a;
    if (std::fabs(w) > std::fabs(t)) mass = 0.5 * (Phi(-high) + Phi(-low)) - Phi(-high) * Phi(-low) - mass;
    sum -= (t < 0.0) != (w < 0.0) ? -mass : mass;
  }
  return sum > 0.0 ? sum : 0.0;
}
)";

inline constexpr std::string_view python_Phi2 = R"(def Phi2(h, k, x, y):
    """P(Z1 <= h, Z2 <= k) for standard normal Z1, Z2 of correlation x/hypot(x, y), y >= 0. Absolute error 3e-16."""
    square = (0.0036211832508764663, 0.032701660925850549, 0.09134737129713065, 0.17998684687328992,
              0.29781613710618615, 0.4409218938487604, 0.59995759733234577, 0.7583568362583577,
              0.89293097714051273, 0.97864378221281012)
    weight = (0.019163316892214784, 0.019256398861940915, 0.019384526922020744, 0.019423857656585077,
              0.019174346362171437, 0.018359167660911144, 0.0166549069208414, 0.01377497807882436,
              0.0096069630231685483, 0.0043564807132169233)
    s = np.hypot(x, y)
    q = np.maximum(y / s, 1e-150)
    sense = np.where(x < 0.0, -1.0, 1.0)
    apart = (k - sense * h) / q
    shift = sense * q / (1.0 + np.abs(x) / s)
    total = 0.5 * (Phi(h) + Phi(k)) - np.where((h * k < 0.0) | ((h * k == 0.0) & (h + k < 0.0)), 0.5, 0.0)
    for t, w in ((h, apart + shift * h), (k, shift * k - sense * apart)):
        high = np.maximum(np.abs(t), np.abs(w))
        low = np.minimum(np.abs(t), np.abs(w))
        a = np.where((high > 0.0) & (high < 1e150), low / np.where(high > 0.0, high, 1.0), 0.0)
        high = np.minimum(high, 1e150)
        mass = 0.0
        for z, c in zip(square, weight):
            mass = mass + c * np.exp(-0.5 * (high * high + low * low * z)) / (1.0 + a * a * z)
        mass = a * mass
        swapped = 0.5 * (Phi(-high) + Phi(-low)) - Phi(-high) * Phi(-low) - mass
        mass = np.where(np.abs(w) > np.abs(t), swapped, mass)
        total = total - np.where((t < 0.0) != (w < 0.0), -mass, mass)
    return np.where((h == 0.0) & (k == 0.0), np.arctan2(y, -x) * 0.15915494309189535, np.maximum(total, 0.0))
)";

inline constexpr CodeSpellings code_of_Phi2{CodeSpelling{"Phi2", cpp_Phi2, Function::Phi},
                                            CodeSpelling{"Phi2", python_Phi2, Function::Phi},
                                            CodeSpelling{"Phi2", python_Phi2, Function::Phi}};

}  // namespace nke
