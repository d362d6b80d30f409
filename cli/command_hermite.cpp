// SPDX-License-Identifier: Apache-2.0
// nke hermite: the coefficients h_0 … h_N of an activation at one variance.
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/coefficients.hpp>

#include "commands.hpp"
#include "output.hpp"

namespace nke::cli {
namespace {

constexpr std::int64_t degree_limit = 2000;  // beyond it, fast coefficients are no longer tested

struct HermiteOptions {
  CommonOptions common;
  std::string activation;
  std::string degree;
  std::string variance = "1";
  std::string mode = "fast";
};

struct Coefficients {
  std::vector<std::string> text;  // as many digits as the mode has
  std::vector<double> values;
  std::vector<double> error_bounds;
  double norm = 0;
  double tail_bound = 0;
};

Coefficients fast_coefficients(const Activation& sigma, int degree, double variance) {
  const FastCoefficients fast = hermite_coefficients(sigma, degree, variance);
  Coefficients result;
  result.values = fast.values;
  result.error_bounds.assign(fast.values.size(), fast.error_bound);
  for (const double value : fast.values) result.text.push_back(exact_number(value));
  result.norm = fast.norm;
  result.tail_bound = fast.tail + fast.tail_noise;
  return result;
}

void print_object(const HermiteOptions& options, const Rational& variance, std::int64_t degree,
                  const Coefficients& coefficients) {
  auto list = nlohmann::ordered_json::array();
  for (std::size_t n = 0; n < coefficients.values.size(); ++n) {
    list.push_back({{"n", n},
                    {"value", json_number(coefficients.values[n])},
                    {"error_bound", json_number(coefficients.error_bounds[n])}});
  }
  nlohmann::ordered_json object;
  object["activation"] = options.activation;
  object["variance"] = json_of(variance);
  object["degree"] = degree;
  object["mode"] = options.mode;
  object["coefficients"] = std::move(list);
  object["norm"] = json_number(coefficients.norm);
  object["tail_bound"] = json_number(coefficients.tail_bound);
  object["proven"] = false;
  print_json(object);
}

void print_text(const HermiteOptions& options, const Coefficients& coefficients) {
  std::vector<std::vector<std::string>> rows = {{"n", "h_n", "+/-", "h_n^2 / E[sigma^2]"}};
  for (std::size_t n = 0; n < coefficients.values.size(); ++n) {
    const double h = coefficients.values[n];
    rows.push_back({std::to_string(n), coefficients.text[n], number(coefficients.error_bounds[n], 2),
                    number(coefficients.norm > 0 ? h * h / coefficients.norm : 0, 4)});
  }
  print(fmt::format("h_n = E[sigma(sqrt(a) z) He_n(z)] / sqrt(n!) of {} at variance a = {}\n\n", options.activation,
                    options.variance));
  print(aligned(rows, {true, true, true, true}));
  print(fmt::format("\nE[sigma^2] = {}, of which {} lies beyond degree {}\nmode {}: errors are estimated, not proven\n",
                    exact_number(coefficients.norm), number(coefficients.tail_bound, 4), options.degree, options.mode));
}

Exit run_hermite(const HermiteOptions& options) {
  const ThreadLimit threads(options.common.threads);
  expect_mode("hermite", options.mode, {"fast"});
  const std::int64_t degree = integer_option("--degree", options.degree, 0, degree_limit);
  const Rational variance = rational_option("--variance", options.variance);
  if (variance.sign() < 0) throw DomainError("--variance cannot be negative; it is " + options.variance);
  const double a = double_option("--variance", variance);
  const Coefficients coefficients = fast_coefficients(activation(options.activation), static_cast<int>(degree), a);
  if (options.common.json) {
    print_object(options, variance, degree, coefficients);
  } else {
    print_text(options, coefficients);
  }
  return Exit::done;
}

}  // namespace

void add_hermite(CLI::App& app, Run& run) {
  auto options = std::make_shared<HermiteOptions>();
  CLI::App* command = app.add_subcommand("hermite", "Hermite coefficients of an activation");
  command->add_option("ACT", options->activation, "a name or an expression in x")->required();
  command->add_option("--degree", options->degree, "highest degree N, 0 to 2000")->required()->type_name("N");
  command->add_option("--variance", options->variance, "variance a of the argument (default 1)")->type_name("A");
  command->add_option("--mode", options->mode, "fast: double precision with estimated errors")->type_name("MODE");
  add_common(*command, options->common,
             "  nke hermite gelu --degree 10\n"
             "  nke hermite \"x^2*step(x)\" --degree 50 --variance 5/2 --json");
  command->callback([options, &run] { run = [options] { return run_hermite(*options); }; });
}

}  // namespace nke::cli
