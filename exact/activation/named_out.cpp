// SPDX-License-Identifier: Apache-2.0
#include "named_rows.hpp"

namespace nke::detail {
namespace {

constexpr std::string_view logistic = "a rational function of exp(x) is not polynomial times exp(quadratic)";
constexpr std::string_view logarithm = "a logarithm is not polynomial times exp(quadratic)";
constexpr std::string_view quotient = "division by a function of x leaves the class";
constexpr std::string_view root = "a root of a polynomial leaves the class";
constexpr std::string_view composition = "a composition of gates leaves the class";
constexpr std::string_view elementary = "elementary function";

// One row: name, aliases, parameters, expression / what leaves the class / description / source.
// clang-format off
constexpr NamedRow rows[] = {
    // Logistic and hyperbolic.
    {"tanh", {}, {}, "tanh(x)", logistic,
     "hyperbolic tangent", "LeCun et al. 1998, Efficient BackProp"},
    {"lecun_tanh", {}, {}, "1.7159*tanh(2*x/3)", logistic,
     "tanh scaled so that 1 is close to a fixed point", "LeCun et al. 1998, Efficient BackProp"},
    {"sigmoid", {"logistic"}, {}, "sigmoid(x)", logistic,
     "logistic function 1/(1 + exp(-x))", "Rumelhart, Hinton & Williams 1986, doi:10.1038/323533a0"},
    {"silu", {}, {}, "x*sigmoid(x)", logistic,
     "sigmoid linear unit", "Elfwing, Uchibe & Doya 2017, arXiv:1702.03118"},
    {"dsilu", {}, {}, "sigmoid(x)*(1 + x*(1 - sigmoid(x)))", logistic,
     "derivative of silu", "Elfwing, Uchibe & Doya 2017, arXiv:1702.03118"},
    {"swish", {}, {{{"beta", "1"}}}, "x*sigmoid(beta*x)", logistic,
     "silu with a sharpness", "Ramachandran, Zoph & Le 2017, arXiv:1710.05941"},
    {"quick_gelu", {}, {}, "x*sigmoid(1.702*x)", logistic,
     "logistic approximation of gelu", "Hendrycks & Gimpel 2016, arXiv:1606.08415"},
    {"gelu_tanh", {"gelu_new"}, {}, "x/2*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3)))", logistic,
     "tanh approximation of gelu", "Hendrycks & Gimpel 2016, arXiv:1606.08415"},
    {"tanhshrink", {"tanh_shrink"}, {}, "x - tanh(x)", logistic,
     "identity minus tanh", "PyTorch, torch.nn.Tanhshrink"},
    {"lisht", {}, {}, "x*tanh(x)", logistic,
     "linearly scaled tanh", "Roy et al. 2019, arXiv:1901.05894"},

    // Logarithms.
    {"softplus", {}, {{{"beta", "1"}}}, "softplus(beta*x)/beta", logarithm,
     "smooth relu log(1 + exp(x)), sharpened by beta", "Dugas et al. 2000, NIPS 13"},
    {"logsigmoid", {"log_sigmoid"}, {}, "-softplus(-x)", logarithm,
     "logarithm of the logistic function", "PyTorch, torch.nn.LogSigmoid"},
    {"logcosh", {"log_cosh"}, {}, "x + softplus(-2*x) - log(2)", logarithm,
     "log(cosh(x)), written so that it does not overflow", elementary},
    {"mish", {}, {}, "x*tanh(softplus(x))", logarithm,
     "x tanh(softplus(x))", "Misra 2019, arXiv:1908.08681"},
    {"serf", {}, {}, "x*erf(softplus(x))", logarithm,
     "x erf(softplus(x))", "Nag & Bhattacharyya 2021, arXiv:2108.09598"},
    {"symlog", {}, {}, "sign(x)*log(1 + abs(x))", logarithm,
     "logarithm to both sides", "Hafner et al. 2023, DreamerV3, arXiv:2301.04104"},

    // Compositions with exp.
    {"tanhexp", {"telu"}, {}, "x*tanh(exp(x))", composition,
     "x tanh(exp(x))", "Liu & Di 2020, arXiv:2003.09855"},
    {"elish", {}, {}, "piecewise(x > 0: x*sigmoid(x), (exp(x) - 1)*sigmoid(x))", logistic,
     "exponential linear sigmoid squashing", "Basirat & Roth 2018, arXiv:1808.00783"},

    // Quotients and roots.
    {"softsign", {}, {}, "x/(1 + abs(x))", quotient,
     "x/(1 + |x|)", "Turian, Bergstra & Bengio 2009, NAACL HLT"},
    {"atan", {"arctan"}, {}, "atan(x)", "the arctangent leaves the class",
     "arctangent", elementary},
    {"sinc", {}, {}, "sin(x)/x", quotient,
     "sin(x)/x, which is 1 at 0", elementary},
    {"cauchy", {"inverse_quadratic"}, {}, "1/(1 + x^2)", quotient,
     "inverse quadratic bump", elementary},
    {"bent_identity", {}, {}, "(sqrt(x^2 + 1) - 1)/2 + x", root,
     "identity with a bend at 0", elementary},
    {"squareplus", {}, {{{"b", "4"}}}, "(x + sqrt(x^2 + b))/2", root,
     "algebraic softplus", "Barron 2021, arXiv:2112.11687"},
    {"isru", {}, {{{"alpha", "1"}}}, "x/sqrt(1 + alpha*x^2)", root,
     "inverse square root unit", "Carlile et al. 2017, arXiv:1710.09967"},
    {"isrlu", {}, {{{"alpha", "1"}}}, "piecewise(x >= 0: x, x/sqrt(1 + alpha*x^2))", root,
     "inverse square root linear unit", "Carlile et al. 2017, arXiv:1710.09967"},
    {"signed_sqrt", {}, {}, "sign(x)*sqrt(abs(x))", root,
     "square root to both sides, with a vertical tangent at 0", elementary},
};
// clang-format on

}  // namespace

std::span<const NamedRow> rows_without_closed_form() {
  return rows;
}

}  // namespace nke::detail
