// SPDX-License-Identifier: Apache-2.0
// nke hermite --mode reference: coefficients with proven digits, and the plain quadrature as a second opinion.
#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_coefficients.hpp>
#include <nke/hermite/coefficients_mpfr.hpp>

#include "hermite_options.hpp"
#include "output.hpp"
#include "proven_number.hpp"

namespace nke::cli {
namespace {

constexpr int default_digits = 30;
constexpr std::int64_t degree_limit = 5000;
constexpr std::int64_t digit_limit = 1000;
constexpr int plain_digit_limit = 200;  // of the second opinion
constexpr int plain_degree_limit = 2000;

struct CrossCheck {
  std::string method;
  double difference = 0;  // the largest distance from a ball, over √norm
  bool agrees = true;
};

// How far the plain values are outside the balls, beyond the errors they are estimated to have.
CrossCheck cross_checked(const Activation& sigma, const Rational& variance, const CertifiedCoefficients& proven,
                         int digits) {
  const int degree = static_cast<int>(proven.values.size()) - 1;
  if (digits > plain_digit_limit || degree > plain_degree_limit) {
    throw DomainError("--cross-check goes up to 200 digits and degree 2000");
  }
  const ReferenceCoefficients plain =
      reference_coefficients(sigma, {.degree = degree, .variance = variance, .digits = digits});
  CrossCheck result{fmt::format("{} in MPFR, {} nodes", plain.method, plain.nodes)};
  const Precision precision = Precision::digits(digits).with_guard(64);
  const double scale = std::sqrt(proven.norm.upper());
  for (std::size_t n = 0; n < proven.values.size(); ++n) {
    const double distance = abs(proven.values[n] - Ball(Rational::parse(plain.values[n]), precision)).lower();
    result.difference = std::max(result.difference, scale > 0 ? distance / scale : distance);
    // Estimates are no bounds: a factor ten, and the rounding to the digits printed.
    result.agrees = result.agrees && distance <= 10 * plain.error_estimates[n] + std::pow(10.0, -digits) * scale;
  }
  return result;
}

void print_object(const HermiteOptions& options, const Rational& variance, int digits,
                  const CertifiedCoefficients& found, const std::optional<CrossCheck>& check) {
  auto list = nlohmann::ordered_json::array();
  for (std::size_t n = 0; n < found.values.size(); ++n) {
    const ProvenNumber number = proven_number(found.values[n], digits);
    list.push_back(
        {{"n", n}, {"value", json_value(number, digits)}, {"error_bound", json_number(json_bound(number, digits))}});
  }
  nlohmann::ordered_json object;
  object["activation"] = options.activation;
  object["variance"] = json_of(variance);
  object["degree"] = found.values.size() - 1;
  object["mode"] = options.mode;
  object["coefficients"] = std::move(list);
  const ProvenNumber norm = proven_number(found.norm, digits);
  object["norm"] = json_value(norm, digits);
  object["norm_error_bound"] = json_number(json_bound(norm, digits));
  object["tail_bound"] = json_number(found.tail.upper());
  object["proven"] = found.assumptions.empty();
  object["assumptions"] = found.assumptions;
  object["digits"] = digits;
  object["method"] = fmt::format("{}, {} nodes", found.method, found.nodes);
  if (check) {
    object["cross_check"] = {
        {"method", check->method}, {"difference", json_number(check->difference)}, {"agrees", check->agrees}};
  }
  print_json(object);
}

void print_text(const HermiteOptions& options, int digits, const CertifiedCoefficients& found,
                const std::optional<CrossCheck>& check) {
  std::vector<std::vector<std::string>> rows = {{"n", "h_n", "+/-", "h_n^2 / E sigma^2"}};
  for (std::size_t n = 0; n < found.values.size(); ++n) {
    const ProvenNumber h = proven_number(found.values[n], digits);
    const double norm = found.norm.mid();
    rows.push_back(
        {std::to_string(n), h.text, bound_text(h.bound), number(norm > 0 ? h.nearest * h.nearest / norm : 0, 4)});
  }
  print(fmt::format("h_n = E[sigma(sqrt(a) z) He_n(z)] / sqrt(n!) of {} at variance a = {}\n\n", options.activation,
                    options.variance));
  print(aligned(rows, {true, true, true, true}));
  const ProvenNumber norm = proven_number(found.norm, digits);
  print(fmt::format("\nE sigma^2 = {} +/- {}, of which at most {} lies beyond degree {}\n", norm.text,
                    bound_text(norm.bound), number(found.tail.upper(), 4), found.values.size() - 1));
  print(fmt::format("mode reference: {}, {} nodes; errors are proven{}\n", found.method, found.nodes,
                    found.assumptions.empty() ? "" : ", assuming that"));
  for (const std::string& assumption : found.assumptions) print("  " + assumption + "\n");
  if (!check) return;
  print(fmt::format("cross-check: {}: at most {} sqrt(E sigma^2) outside; they {}\n", check->method,
                    number(check->difference, 2), check->agrees ? "agree" : "DISAGREE"));
}

}  // namespace

Exit run_hermite_reference(const HermiteOptions& options) {
  const auto degree = static_cast<int>(integer_option("--degree", options.degree, 0, degree_limit));
  const auto digits = options.digits.empty()
                          ? default_digits
                          : static_cast<int>(integer_option("--digits", options.digits, 1, digit_limit));
  const Rational variance = rational_option("--variance", options.variance);
  if (variance.sign() < 0) throw DomainError("--variance cannot be negative; it is " + options.variance);
  const Activation sigma = activation(options.activation);
  const CertifiedCoefficients found = certified_coefficients(
      sigma, variance, {.degree = degree, .digits = digits, .declared = read_declarations(options.declared)});
  std::optional<CrossCheck> check;
  if (options.cross_check) check = cross_checked(sigma, variance, found, digits);
  if (options.common.json) {
    print_object(options, variance, digits, found, check);
  } else {
    print_text(options, digits, found, check);
  }
  return check && !check->agrees ? Exit::check_failed : Exit::done;
}

}  // namespace nke::cli
