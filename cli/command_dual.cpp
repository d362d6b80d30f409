// SPDX-License-Identifier: Apache-2.0
// nke dual: one value of the dual activation K(a,b,c), or of the derivative dual.
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/dual_fast.hpp>

#include "commands.hpp"
#include "dual_options.hpp"
#include "output.hpp"

namespace nke::cli {
namespace {

Exit run_dual_fast(const DualOptions& options, const DualPlace& place) {
  const auto& [a, b, c] = place;
  for (const auto& [name, value] : {std::pair{"--a", &a}, {"--b", &b}, {"--c", &c}}) double_option(name, *value);
  const Activation sigma = activation(options.activation);
  const Covariance at(a, b, c);
  const DualValue result = options.derivative ? derivative_dual(sigma, at) : dual_activation(sigma, at);
  if (options.common.json) {
    nlohmann::ordered_json object;
    object["activation"] = options.activation;
    object["a"] = json_of(a);
    object["b"] = json_of(b);
    object["c"] = json_of(c);
    object["derivative"] = options.derivative;
    object["mode"] = options.mode;
    object["value"] = json_number(result.value);
    object["error_bound"] = json_number(result.error_bound);
    object["proven"] = false;
    object["method"] = result.method;
    print_json(object);
    return Exit::done;
  }
  print(fmt::format("{}({}, {}, {}) = {} +/- {}\n", options.derivative ? "K'" : "K", options.a, options.b, options.c,
                    exact_number(result.value), number(result.error_bound, 2)));
  print(fmt::format("of {}, mode fast: {}; the error is estimated, not proven\n", options.activation, result.method));
  return Exit::done;
}

// What only proven digits can answer.
void refuse_options_of_exact(const DualOptions& options) {
  const auto refuse = [](const char* name) {
    throw DomainError(std::string(name) + " belongs to --mode exact or reference");
  };
  if (!options.digits.empty()) refuse("--digits");
  if (options.distributional) refuse("--distributional");
  if (!options.relative.empty()) refuse("--relative");
  if (options.cross_check) refuse("--cross-check");
}

Exit run_dual(const DualOptions& options) {
  const ThreadLimit threads(options.common.threads);
  expect_mode("dual", options.mode, {"fast", "exact", "reference"});
  const DualPlace place{rational_option("--a", options.a), rational_option("--b", options.b),
                        rational_option("--c", options.c)};
  if (is_given_dual(options.activation)) return run_dual_exact(options, place);  // a formula needs no other mode
  if (options.mode == "reference") return run_dual_reference(options, place);
  if (!options.declared.breakpoints.empty() || !options.declared.growth.empty()) {
    throw DomainError("--breakpoints and --growth belong to --mode reference");
  }
  if (options.mode == "exact") return run_dual_exact(options, place);
  refuse_options_of_exact(options);
  return run_dual_fast(options, place);
}

}  // namespace

void add_dual(CommandLine& line) {
  auto options = std::make_shared<DualOptions>();
  line.verb("dual", "one value of the dual activation E[sigma(u) sigma(v)]", [options] { return run_dual(*options); })
      .argument("ACT", options->activation,
                "a name or an expression in x; or a dual itself, dual(expression in a, b, c)")
      .required("--a", "A", options->a, "variance of u, >= 0")
      .required("--b", "B", options->b, "variance of v, >= 0")
      .required("--c", "C", options->c, "covariance of u and v, c^2 <= a b")
      .flag("--derivative", options->derivative, "the derivative dual E[sigma'(u) sigma'(v)]")
      .option("--mode", "MODE", options->mode,
              "fast: double precision, error estimated; exact: a closed form, every digit proven; reference: any "
              "activation by integration, every digit proven")
      .option("--digits", "N", options->digits,
              "how many digits, by default 30: 1 ... 10000 (mode exact), 1 ... 300 (mode reference)")
      .flag("--distributional", options->distributional,
            "the derivative dual with the jumps of sigma, which is dK/dc (mode exact)")
      .option("--relative", "TO", options->relative,
              "digits relative to: scale, sqrt(K(a,a,a) K(b,b,b)), or the value itself (mode exact)")
      .flag("--cross-check", options->cross_check,
            "compute it again as a certified integral; status 1 if they disagree (modes exact and reference)")
      .option(
          "--breakpoints", "LIST", options->declared.breakpoints,
          "where sigma is not analytic, if that is undecided: -1,1/2 or none; becomes an assumption (mode reference)")
      .option("--growth", "A,P,KAPPA,ALPHA", options->declared.growth,
              "|sigma| <= A (1+|x|)^P exp(KAPPA |x| + ALPHA x^2), if that is undecided; becomes an assumption (mode "
              "reference)")
      .common(options->common)
      .footer(
          "Examples:\n"
          "  nke dual relu --a 1 --b 1 --c 0.5\n"
          "  nke dual gelu --a 1e-6 --b 1e6 --c 0.999 --mode exact --digits 50 --cross-check\n"
          "  nke dual \"dual(sqrt(a*b)*exp(c/sqrt(a*b) - 1))\" --a 1 --b 2 --c 1 --mode exact\n"
          "  nke dual \"x*tanh(log(1+exp(x)))\" --a 1 --b 2 --c 1/3 --derivative --json");
}

}  // namespace nke::cli
