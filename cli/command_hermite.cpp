// SPDX-License-Identifier: Apache-2.0
// nke hermite: the coefficients h_0 … h_N of an activation at one variance.
#include <cstdlib>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/coefficients.hpp>
#include <nke/hermite/coefficients_mpfr.hpp>

#include "commands.hpp"
#include "output.hpp"

namespace nke::cli {
namespace {

constexpr std::int64_t degree_limit = 2000;
constexpr std::int64_t digit_limit = 200;

struct HermiteOptions {
  CommonOptions common;
  std::string activation;
  std::string degree;
  std::string variance = "1";
  std::string mode = "fast";
  std::string digits;
};

struct Number {
  std::string text;  // all digits the mode has
  double nearest = 0;
  bool as_text = false;  // more digits than a double holds
};

Number fast_number(double value) {
  return {exact_number(value), value, false};
}
Number long_number(const std::string& text) {
  return {text, std::strtod(text.c_str(), nullptr), true};
}

using cli::json_of;  // the overload below would hide it

nlohmann::ordered_json json_of(const Number& number) {
  if (number.as_text) return number.text;
  return json_number(number.nearest);
}

struct Coefficients {
  std::vector<Number> values;
  std::vector<double> error_bounds;
  Number norm;
  Number tail;  // norm − Σ h_n², rounded upwards in fast mode
  std::string method;
};

Coefficients fast_coefficients(const Activation& sigma, int degree, const Rational& variance) {
  const FastCoefficients fast = hermite_coefficients(sigma, degree, double_option("--variance", variance));
  Coefficients result;
  for (const double value : fast.values) result.values.push_back(fast_number(value));
  result.error_bounds.assign(fast.values.size(), fast.error_bound);
  result.norm = fast_number(fast.norm);
  result.tail = fast_number(fast.tail + fast.tail_noise);
  result.method = "quadrature in double precision";
  return result;
}

Coefficients many_digits(const Activation& sigma, int degree, const Rational& variance, int digits) {
  const ReferenceCoefficients slow =
      reference_coefficients(sigma, {.degree = degree, .variance = variance, .digits = digits});
  Coefficients result;
  for (const std::string& value : slow.values) result.values.push_back(long_number(value));
  result.error_bounds = slow.error_estimates;
  result.norm = long_number(slow.norm);
  result.tail = long_number(slow.tail);
  result.method = fmt::format("{} in MPFR, {} nodes", slow.method, slow.nodes);
  return result;
}

void print_object(const HermiteOptions& options, const Rational& variance, std::int64_t degree, std::int64_t digits,
                  const Coefficients& coefficients) {
  auto list = nlohmann::ordered_json::array();
  for (std::size_t n = 0; n < coefficients.values.size(); ++n) {
    list.push_back({{"n", n},
                    {"value", json_of(coefficients.values[n])},
                    {"error_bound", json_number(coefficients.error_bounds[n])}});
  }
  nlohmann::ordered_json object;
  object["activation"] = options.activation;
  object["variance"] = json_of(variance);
  object["degree"] = degree;
  object["mode"] = options.mode;
  object["coefficients"] = std::move(list);
  object["norm"] = json_of(coefficients.norm);
  object["tail_bound"] = json_of(coefficients.tail);
  object["proven"] = false;
  if (options.mode == "reference") object["digits"] = digits;
  object["method"] = coefficients.method;
  print_json(object);
}

void print_text(const HermiteOptions& options, const Coefficients& coefficients) {
  std::vector<std::vector<std::string>> rows = {{"n", "h_n", "+/-", "h_n^2 / E sigma^2"}};
  const double norm = coefficients.norm.nearest;
  for (std::size_t n = 0; n < coefficients.values.size(); ++n) {
    const double h = coefficients.values[n].nearest;
    rows.push_back({std::to_string(n), coefficients.values[n].text, number(coefficients.error_bounds[n], 2),
                    number(norm > 0 ? h * h / norm : 0, 4)});
  }
  print(fmt::format("h_n = E[sigma(sqrt(a) z) He_n(z)] / sqrt(n!) of {} at variance a = {}\n\n", options.activation,
                    options.variance));
  print(aligned(rows, {true, true, true, true}));
  print(fmt::format("\nE sigma^2 = {}, of which {} lies beyond degree {}\n", coefficients.norm.text,
                    number(coefficients.tail.nearest, 4), options.degree));
  print(fmt::format("mode {}: {}; errors are estimated, not proven\n", options.mode, coefficients.method));
}

Exit run_hermite(const HermiteOptions& options) {
  const ThreadLimit threads(options.common.threads);
  expect_mode("hermite", options.mode, {"fast", "reference"});
  const bool reference = options.mode == "reference";
  if (!reference && !options.digits.empty()) throw DomainError("--digits goes with --mode reference");
  const std::int64_t degree = integer_option("--degree", options.degree, 0, degree_limit);
  const std::int64_t digits = options.digits.empty() ? 30 : integer_option("--digits", options.digits, 1, digit_limit);
  const Rational variance = rational_option("--variance", options.variance);
  if (variance.sign() < 0) throw DomainError("--variance cannot be negative; it is " + options.variance);
  const Activation sigma = activation(options.activation);
  const Coefficients coefficients =
      reference ? many_digits(sigma, static_cast<int>(degree), variance, static_cast<int>(digits))
                : fast_coefficients(sigma, static_cast<int>(degree), variance);
  if (options.common.json) {
    print_object(options, variance, degree, digits, coefficients);
  } else {
    print_text(options, coefficients);
  }
  return Exit::done;
}

}  // namespace

void add_hermite(CommandLine& line) {
  auto options = std::make_shared<HermiteOptions>();
  line.verb("hermite", "Hermite coefficients of an activation", [options] { return run_hermite(*options); })
      .argument("ACT", options->activation, "a name or an expression in x")
      .required("--degree", "N", options->degree, "highest degree N, 0 to 2000")
      .option("--variance", "A", options->variance, "variance a of the argument (default 1)")
      .option("--mode", "MODE", options->mode,
              "fast: double precision (default); reference: many digits by plain MPFR quadrature. Errors are "
              "estimated in both")
      .option("--digits", "D", options->digits, "digits of --mode reference, 1 to 200 (default 30)")
      .common(options->common)
      .footer(
          "Examples:\n"
          "  nke hermite gelu --degree 10\n"
          "  nke hermite \"x^2*step(x)\" --degree 50 --variance 5/2 --json\n"
          "  nke hermite tanh --degree 20 --mode reference --digits 50");
}

}  // namespace nke::cli
