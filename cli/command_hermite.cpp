// SPDX-License-Identifier: Apache-2.0
// nke hermite: the coefficients h_0 … h_N of an activation at one variance.
#include <cmath>
#include <cstdlib>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/coefficients.hpp>
#include <nke/hermite/decay.hpp>

#include "commands.hpp"
#include "hermite_options.hpp"
#include "output.hpp"

namespace nke::cli {
namespace {

constexpr std::int64_t degree_limit = 2000;

struct Number {
  std::string text;  // all digits of a double
  double nearest = 0;
};

Number fast_number(double value) {
  return {exact_number(value), value};
}
using cli::json_of;  // the overload below would hide it

nlohmann::ordered_json json_of(const Number& number) {
  return json_number(number.nearest);
}

struct Coefficients {
  std::vector<Number> values;
  std::vector<double> error_bounds;
  Number norm;
  Number tail;  // norm − Σ h_n², rounded upwards in fast mode
  std::string method;
  std::optional<HermiteDecay> decay;
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

nlohmann::ordered_json json_of(const HermiteDecay& decay) {
  return {{"statement", to_text(decay)},
          {"kind", to_text(decay.kind)},
          {"value", json_number(decay.value)},
          {"uncertainty", json_number(decay.uncertainty)},
          {"first_degree", decay.first},
          {"last_degree", decay.last},
          {"theory", decay.theory.value ? json_number(*decay.theory.value) : nlohmann::ordered_json(nullptr)},
          {"reason", decay.theory.reason}};
}

// "in the long run h_n^2 ~ n^-p with p = 2.5 +/- 0.0003, fitted to degrees 100 to 400; 2.5 by theory: kink at 0 …"
std::string sentence(const HermiteDecay& decay) {
  std::string text = "in the long run: " + to_text(decay);
  const bool is_fit = decay.kind != DecayKind::finite && std::isfinite(decay.uncertainty);
  if (is_fit) text += fmt::format(", fitted to degrees {} to {}", decay.first, decay.last);
  if (decay.theory.value) text += fmt::format("; by theory {}", number(*decay.theory.value, 5));
  if (!decay.theory.reason.empty()) text += fmt::format(" ({})", decay.theory.reason);
  return text + "\n";
}

void print_object(const HermiteOptions& options, const Rational& variance, std::int64_t degree,
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
  if (coefficients.decay) object["decay"] = json_of(*coefficients.decay);
  object["proven"] = false;
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
  if (coefficients.decay) print(sentence(*coefficients.decay));
  print(fmt::format("mode {}: {}; errors are estimated, not proven\n", options.mode, coefficients.method));
}

// What only proven digits can answer.
void refuse_options_of_reference(const HermiteOptions& options) {
  const auto refuse = [](const char* name) { throw DomainError(std::string(name) + " goes with --mode reference"); };
  if (!options.digits.empty()) refuse("--digits");
  if (options.cross_check) refuse("--cross-check");
  if (!options.declared.breakpoints.empty()) refuse("--breakpoints");
  if (!options.declared.growth.empty()) refuse("--growth");
}

Exit run_hermite_fast(const HermiteOptions& options) {
  refuse_options_of_reference(options);
  const std::int64_t degree = integer_option("--degree", options.degree, 0, degree_limit);
  const Rational variance = rational_option("--variance", options.variance);
  if (variance.sign() < 0) throw DomainError("--variance cannot be negative; it is " + options.variance);
  const Activation sigma = activation(options.activation);
  Coefficients coefficients = fast_coefficients(sigma, static_cast<int>(degree), variance);
  if (options.decay) coefficients.decay = hermite_decay(sigma, double_option("--variance", variance));
  if (options.common.json) {
    print_object(options, variance, degree, coefficients);
  } else {
    print_text(options, coefficients);
  }
  return Exit::done;
}

Exit run_hermite(const HermiteOptions& options) {
  const ThreadLimit threads(options.common.threads);
  expect_mode("hermite", options.mode, {"fast", "reference"});
  if (options.decay && (options.mode != "fast" || options.degree == "auto")) {
    throw DomainError("--decay goes with --mode fast and a number as --degree");
  }
  if (options.degree == "auto") return run_hermite_degree(options);
  if (!options.epsilon.empty()) throw DomainError("--epsilon goes with --degree auto");
  return options.mode == "reference" ? run_hermite_reference(options) : run_hermite_fast(options);
}

}  // namespace

void add_hermite(CommandLine& line) {
  auto options = std::make_shared<HermiteOptions>();
  line.verb("hermite", "Hermite coefficients of an activation", [options] { return run_hermite(*options); })
      .argument("ACT", options->activation, "a name or an expression in x")
      .required("--degree", "N", options->degree,
                "highest degree N, 0 to 2000 (5000 in mode reference); or auto: the smallest that is proven to do")
      .option("--variance", "A", options->variance,
              "variance a of the argument (default 1); with --degree auto a range, 0.5:2")
      .option("--mode", "MODE", options->mode,
              "fast: double precision (default), errors estimated; reference: many digits, each proven")
      .flag("--decay", options->decay, "also how fast they fall in the long run: a fit, and theory (mode fast)")
      .option("--digits", "D", options->digits, "digits of --mode reference, 1 to 1000 (default 30)")
      .flag("--cross-check", options->cross_check,
            "compute them again by plain MPFR quadrature; status 1 if they disagree (mode reference)")
      .option("--breakpoints", "LIST", options->declared.breakpoints,
              "where sigma is not analytic, if that is undecided: -1,1/2 or none; becomes an assumption")
      .option("--growth", "A,P,KAPPA,ALPHA", options->declared.growth,
              "|sigma| <= A (1+|x|)^P exp(KAPPA |x| + ALPHA x^2), if that is undecided; becomes an assumption")
      .option("--epsilon", "E", options->epsilon, "relative error of K allowed, for --degree auto")
      .common(options->common)
      .footer(
          "Examples:\n"
          "  nke hermite gelu --degree 10 --decay\n"
          "  nke hermite \"x^2*step(x)\" --degree 50 --variance 5/2 --json\n"
          "  nke hermite tanh --degree 20 --mode reference --digits 50\n"
          "  nke hermite tanh --degree auto --epsilon 1e-6 --variance 0.5:2");
}

}  // namespace nke::cli
