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
#include "output.hpp"

namespace nke::cli {
namespace {

struct DualOptions {
  CommonOptions common;
  std::string activation;
  std::string a;
  std::string b;
  std::string c;
  std::string mode = "fast";
  bool derivative = false;
};

Exit run_dual(const DualOptions& options) {
  const ThreadLimit threads(options.common.threads);
  expect_mode("dual", options.mode, {"fast"});
  const Rational a = rational_option("--a", options.a);
  const Rational b = rational_option("--b", options.b);
  const Rational c = rational_option("--c", options.c);
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

}  // namespace

void add_dual(CommandLine& line) {
  auto options = std::make_shared<DualOptions>();
  line.verb("dual", "one value of the dual activation E[sigma(u) sigma(v)]", [options] { return run_dual(*options); })
      .argument("ACT", options->activation, "a name or an expression in x")
      .required("--a", "A", options->a, "variance of u, >= 0")
      .required("--b", "B", options->b, "variance of v, >= 0")
      .required("--c", "C", options->c, "covariance of u and v, c^2 <= a b")
      .flag("--derivative", options->derivative, "the derivative dual E[sigma'(u) sigma'(v)]")
      .option("--mode", "MODE", options->mode, "fast: double precision with an estimated error")
      .common(options->common)
      .footer(
          "Examples:\n"
          "  nke dual relu --a 1 --b 1 --c 0.5\n"
          "  nke dual \"x*tanh(log(1+exp(x)))\" --a 1 --b 2 --c 1/3 --derivative --json");
}

}  // namespace nke::cli
