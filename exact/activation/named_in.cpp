// SPDX-License-Identifier: Apache-2.0
#include "named_rows.hpp"

namespace nke::detail {
namespace {

constexpr std::string_view linear_pieces = "piecewise polynomial: one half-line gate a term";
constexpr std::string_view exponential_piece = "polynomial and exponential on half-lines";
constexpr std::string_view normal_gate = "polynomial times one normal gate Phi";
constexpr std::string_view waves = "polynomial times exp(i w x): conjugate pairs";
constexpr std::string_view bump = "polynomial times exp(quadratic)";
constexpr std::string_view polynomial = "polynomial";
constexpr std::string_view elementary = "elementary function";
constexpr std::string_view neural_tangents = "Novak et al. 2020, Neural Tangents, arXiv:1912.02803";

// One row: name, aliases, parameters, expression / the form it takes / description / source.
// clang-format off
constexpr NamedRow rows[] = {
    // Piecewise polynomial.
    {"relu", {"rectifier"}, {}, "max(x, 0)", linear_pieces,
     "rectified linear unit", "Nair & Hinton 2010, ICML"},
    {"leaky_relu", {"lrelu"}, {{{"alpha", "0.01"}}}, "max(x, 0) + alpha*min(x, 0)", linear_pieces,
     "relu with slope alpha on the left", "Maas, Hannun & Ng 2013, ICML workshop on deep learning for audio, speech and language"},
    {"prelu", {}, {{{"alpha", "0.25"}}}, "max(x, 0) + alpha*min(x, 0)", linear_pieces,
     "leaky relu whose slope is trained; alpha is its usual start", "He et al. 2015, arXiv:1502.01852"},
    {"abs", {"absolute"}, {}, "abs(x)", linear_pieces,
     "absolute value", elementary},
    {"abrelu", {}, {{{"a", "-1/2"}, {"b", "1"}}}, "a*min(x, 0) + b*max(x, 0)", linear_pieces,
     "slopes a on the left and b on the right", neural_tangents},
    {"relu6", {}, {}, "min(max(x, 0), 6)", linear_pieces,
     "relu capped at 6", "Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10"},
    {"hardtanh", {"hard_tanh"}, {{{"low", "-1"}, {"high", "1"}}}, "min(max(x, low), high)", linear_pieces,
     "identity clipped to [low, high]", "Collobert 2004, Large scale machine learning, thesis, Universite Paris VI"},
    {"hard_sigmoid", {"hardsigmoid"}, {}, "min(max(x + 3, 0), 6)/6", linear_pieces,
     "piecewise linear sigmoid with slope 1/6", "Howard et al. 2019, MobileNetV3, arXiv:1905.02244"},
    {"hard_sigmoid_binary", {}, {}, "min(max((x + 1)/2, 0), 1)", linear_pieces,
     "piecewise linear sigmoid with slope 1/2", "Courbariaux, Bengio & David 2015, BinaryConnect, arXiv:1511.00363"},
    {"hardswish", {"hard_swish", "hard_silu"}, {}, "x*min(max(x + 3, 0), 6)/6", linear_pieces,
     "x times hard_sigmoid", "Howard et al. 2019, MobileNetV3, arXiv:1905.02244"},
    {"softshrink", {"soft_threshold"}, {{{"lambda", "1/2"}}}, "max(x - lambda, 0) + min(x + lambda, 0)", linear_pieces,
     "soft thresholding at lambda", "Donoho 1995, doi:10.1109/18.382009"},
    {"hardshrink", {"hard_threshold"}, {{{"lambda", "1/2"}}}, "piecewise(x > lambda: x, x < -lambda: x, 0)", linear_pieces,
     "identity outside [-lambda, lambda], 0 inside", "Donoho & Johnstone 1994, doi:10.1093/biomet/81.3.425"},
    {"threshold", {"thresholded_relu"}, {{{"theta", "1"}, {"value", "0"}}}, "piecewise(x > theta: x, value)", linear_pieces,
     "identity above theta, a constant below", "Konda, Memisevic & Krueger 2014, arXiv:1402.3337"},
    {"srelu", {"s_shaped_relu"}, {{{"low", "-1"}, {"low_slope", "1/10"}, {"high", "1"}, {"high_slope", "1/10"}}},
     "min(max(x, low), high) + low_slope*min(x - low, 0) + high_slope*max(x - high, 0)", linear_pieces,
     "identity between low and high, other slopes outside", "Jin et al. 2015, arXiv:1512.07030"},
    {"triangle", {"hat"}, {}, "max(1 - abs(x), 0)", linear_pieces,
     "linear B-spline", "Schoenberg 1946, Quarterly of Applied Mathematics 4"},
    {"smelu", {}, {{{"beta", "1"}}}, "piecewise(x <= -beta: 0, x < beta: (x + beta)^2/(4*beta), x)", linear_pieces,
     "relu with its kink replaced by a parabola of half-width beta", "Shamir, Lin & Coviello 2020, arXiv:2010.09931"},
    {"star_relu", {"starrelu"}, {{{"scale", "0.8944"}, {"bias", "-0.4472"}}}, "scale*max(x, 0)^2 + bias", linear_pieces,
     "squared relu, scaled to mean 0 and variance 1", "Yu et al. 2022, arXiv:2210.13452"},
    {"relu2", {"squared_relu"}, {}, "max(x, 0)^2", linear_pieces,
     "squared relu", "So et al. 2021, Primer, arXiv:2109.08668"},
    {"repu", {"rectified_power"}, {{{"k", "3"}}}, "max(x, 0)^k", "piecewise polynomial if k is an integer",
     "rectified power", "Cho & Saul 2009, Kernel methods for deep learning, NIPS; Li, Tang & Yu 2019, arXiv:1903.05858"},
    {"step", {"heaviside"}, {}, "step(x)", linear_pieces,
     "0 on the left, 1 on the right, 1/2 at 0", "McCulloch & Pitts 1943, doi:10.1007/BF02478259"},
    {"sign", {"sgn"}, {}, "sign(x)", linear_pieces,
     "-1 on the left, 1 on the right, 0 at 0", "Cho & Saul 2009, Kernel methods for deep learning, NIPS (as the step of degree 0)"},

    // Exponential on one side.
    {"elu", {}, {{{"alpha", "1"}}}, "piecewise(x > 0: x, alpha*(exp(x) - 1))", exponential_piece,
     "exponential linear unit", "Clevert, Unterthiner & Hochreiter 2015, arXiv:1511.07289"},
    {"selu", {}, {{{"alpha", "1.6732632423543772848170429916717"}, {"scale", "1.0507009873554804934193349852946"}}},
     "scale*piecewise(x > 0: x, alpha*(exp(x) - 1))", exponential_piece,
     "elu scaled so that mean 0 and variance 1 are a fixed point", "Klambauer et al. 2017, arXiv:1706.02515"},
    {"celu", {}, {{{"alpha", "1"}}}, "piecewise(x > 0: x, alpha*(exp(x/alpha) - 1))", exponential_piece,
     "elu with a continuous derivative for every alpha", "Barron 2017, arXiv:1704.07483"},
    {"pelu", {}, {{{"a", "1"}, {"b", "1"}}}, "piecewise(x > 0: a*x/b, a*(exp(x/b) - 1))", exponential_piece,
     "elu with trained scales a and b", "Trottier, Giguere & Chaib-draa 2016, arXiv:1605.09332"},

    // Normal gates.
    {"erf", {}, {}, "erf(x)", normal_gate,
     "error function", "Williams 1997, Computing with infinite networks, NIPS 9"},
    {"erfc", {}, {}, "erfc(x)", normal_gate,
     "complementary error function", elementary},
    {"Phi", {"probit", "normal_cdf"}, {}, "Phi(x)", normal_gate,
     "standard normal distribution function", elementary},
    {"gelu", {}, {}, "x*Phi(x)", normal_gate,
     "Gaussian error linear unit, the exact one", "Hendrycks & Gimpel 2016, arXiv:1606.08415"},
    {"laplace", {}, {{{"mu", "sqrt(1/2)"}, {"sigma", "sqrt(1/(4*pi))"}}}, "(1 + erf((x - mu)/(sigma*sqrt(2))))/2", normal_gate,
     "smooth stand-in for squared relu in attention", "Ma et al. 2022, Mega, arXiv:2209.10655"},

    // Waves.
    {"sin", {"sine"}, {}, "sin(x)", waves,
     "sine", "Sitzmann et al. 2020, arXiv:2006.09661"},
    {"cos", {"cosine"}, {}, "cos(x)", waves,
     "cosine", "Rahimi & Recht 2007, Random features for large-scale kernel machines, NIPS"},
    {"sinusoid", {"phase"}, {{{"amplitude", "1"}, {"frequency", "1"}, {"shift", "pi/4"}}}, "amplitude*sin(frequency*x + shift)", waves,
     "sine with amplitude, frequency and phase", neural_tangents},
    {"rbf", {}, {{{"gamma", "1"}}}, "sqrt(2)*sin(sqrt(2*gamma)*x + pi/4)", waves,
     "sinusoid whose dual is the radial basis function exp(-gamma (a + b - 2c))", neural_tangents},
    {"snake", {}, {{{"alpha", "1"}}}, "x + sin(alpha*x)^2/alpha", waves,
     "identity plus a ripple", "Liu, Hartwig & Ueda 2020, arXiv:2006.08195"},
    {"gcu", {"x_cos_x"}, {}, "x*cos(x)", waves,
     "growing cosine unit", "Noel et al. 2021, arXiv:2108.12943"},

    // Bumps.
    {"gaussian", {}, {{{"b", "1"}}}, "exp(-b*x^2)", bump,
     "Gaussian bump", neural_tangents},
    {"shifted_rbf", {}, {{{"center", "1"}, {"width", "1"}}}, "exp(-((x - center)/width)^2/2)", bump,
     "Gaussian bump off centre", "Broomhead & Lowe 1988, Complex Systems 2"},
    {"gabor", {}, {{{"frequency", "2"}, {"width", "1"}}}, "exp(-(x/width)^2/2)*cos(frequency*x)", "polynomial times exp(quadratic), complex",
     "wave under a Gaussian", "Gabor 1946, doi:10.1049/ji-3-2.1946.0074"},
    {"gaussian_derivative", {}, {}, "x*exp(-x^2/2)", bump,
     "first derivative of the Gaussian, up to sign", elementary},
    {"mexican_hat", {"ricker"}, {}, "(1 - x^2)*exp(-x^2/2)", bump,
     "second derivative of the Gaussian, up to sign", "Ricker 1953, doi:10.1190/1.1437843"},

    // Exponentials and polynomials.
    {"exp", {"exponential"}, {{{"rate", "1"}}}, "exp(rate*x)", bump,
     "exponential", elementary},
    {"sinh", {}, {}, "sinh(x)", bump,
     "hyperbolic sine", elementary},
    {"cosh", {}, {}, "cosh(x)", bump,
     "hyperbolic cosine", elementary},
    {"identity", {"linear"}, {}, "x", polynomial,
     "identity", elementary},
    {"square", {"quadratic"}, {}, "x^2", polynomial,
     "square", elementary},
    {"cube", {"cubic"}, {}, "x^3", polynomial,
     "cube", elementary},
    {"monomial", {}, {{{"k", "4"}}}, "x^k", polynomial,
     "power; k is a non-negative integer", neural_tangents},
    {"polynomial", {}, {{{"c0", "0"}, {"c1", "1"}, {"c2", "1/2"}, {"c3", "1/6"}}}, "c0 + c1*x + c2*x^2 + c3*x^3", polynomial,
     "cubic polynomial with any coefficients", neural_tangents},
    {"hermite2", {}, {}, "(x^2 - 1)/sqrt(2)", polynomial,
     "orthonormal Hermite polynomial of degree 2", neural_tangents},
    {"hermite3", {}, {}, "(x^3 - 3*x)/sqrt(6)", polynomial,
     "orthonormal Hermite polynomial of degree 3", neural_tangents},
    {"hermite4", {}, {}, "(x^4 - 6*x^2 + 3)/sqrt(24)", polynomial,
     "orthonormal Hermite polynomial of degree 4", neural_tangents},
};
// clang-format on

}  // namespace

std::span<const NamedRow> rows_with_closed_form() {
  return rows;
}

}  // namespace nke::detail
