// SPDX-License-Identifier: Apache-2.0
// Primitives that C++ or Python lack, defined in those languages: what generated code carries along with it. Private to
// function_table.cpp.
//
// Definition  each is written for double precision with the relative accuracy of what it calls. numpy versions take
//             arrays; jax versions are built of jax.numpy alone and see it as np, so that they can be traced.
#pragma once

#include "primitive.hpp"

namespace nke {

inline constexpr CodeSpellings code_of_erf{CodeSpelling{"std::erf"}, CodeSpelling{"erf", R"(try:
    from scipy.special import erf
except ImportError:
    erf = np.vectorize(math.erf, otypes=[float])
)"},
                                           CodeSpelling{"erf", "from jax.scipy.special import erf\n"}};

inline constexpr CodeSpellings code_of_erfc{CodeSpelling{"std::erfc"}, CodeSpelling{"erfc", R"(try:
    from scipy.special import erfc
except ImportError:
    erfc = np.vectorize(math.erfc, otypes=[float])
)"},
                                            CodeSpelling{"erfc", "from jax.scipy.special import erfc\n"}};

inline constexpr std::string_view python_Phi = R"(def Phi(x):
    """Distribution function of the standard normal law."""
    return 0.5 * erfc(-0.7071067811865476 * x)
)";
inline constexpr CodeSpellings code_of_Phi{CodeSpelling{"Phi", R"(// Distribution function of the standard normal law.
inline double Phi(double x) {
  return 0.5 * std::erfc(-0.7071067811865476 * x);
}
)"},
                                           CodeSpelling{"Phi", python_Phi, Function::erfc},
                                           CodeSpelling{"Phi", python_Phi, Function::erfc}};

inline constexpr std::string_view python_phi = R"(def phi(x):
    """Density of the standard normal law."""
    return 0.3989422804014327 * np.exp(-0.5 * x * x)
)";
inline constexpr CodeSpellings code_of_phi{CodeSpelling{"phi", R"(// Density of the standard normal law.
inline double phi(double x) {
  return 0.3989422804014327 * std::exp(-0.5 * x * x);
}
)"},
                                           CodeSpelling{"phi", python_phi}, CodeSpelling{"phi", python_phi}};

inline constexpr std::string_view python_sigmoid = R"(def sigmoid(x):
    return np.exp(-np.logaddexp(0.0, -x))
)";
inline constexpr CodeSpellings code_of_sigmoid{CodeSpelling{"sigmoid", R"(inline double sigmoid(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}
)"},
                                               CodeSpelling{"sigmoid", python_sigmoid},
                                               CodeSpelling{"sigmoid", python_sigmoid}};

inline constexpr std::string_view python_softplus = R"(def softplus(x):
    return np.logaddexp(0.0, x)
)";
inline constexpr CodeSpellings code_of_softplus{CodeSpelling{"softplus", R"(inline double softplus(double x) {
  return std::fmax(x, 0.0) + std::log1p(std::exp(-std::fabs(x)));
}
)"},
                                                CodeSpelling{"softplus", python_softplus},
                                                CodeSpelling{"softplus", python_softplus}};

inline constexpr CodeSpellings code_of_sign{CodeSpelling{"sign", R"(inline double sign(double x) {
  return x > 0.0 ? 1.0 : x < 0.0 ? -1.0 : x;
}
)"},
                                            CodeSpelling{"np.sign"}, CodeSpelling{"np.sign"}};

inline constexpr std::string_view python_step = R"(def step(x):
    return 0.5 + 0.5 * np.sign(x)
)";
inline constexpr CodeSpellings code_of_step{CodeSpelling{"step", R"(inline double step(double x) {
  return x > 0.0 ? 1.0 : x < 0.0 ? 0.0 : x + 0.5;
}
)"},
                                            CodeSpelling{"step", python_step}, CodeSpelling{"step", python_step}};

}  // namespace nke
