// SPDX-License-Identifier: Apache-2.0
// nke dual --mode reference: any activation, proven digits, no closed form needed.
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_dual.hpp>
#include <nke/hermite/certified_plane.hpp>
#include <nke/hermite/nested_quadrature.hpp>

#include "dual_options.hpp"
#include "output.hpp"
#include "proven_number.hpp"

namespace nke::cli {
namespace {

constexpr int default_digits = 30;
constexpr std::int64_t digit_limit = 300;

// K by a method that shares only σ with the one to be checked.
struct SecondOpinion {
  double value = 0;
  double error = 0;
  std::string method;
  bool agrees = false;
};

// The proven integral over the plane, to fewer digits.
SecondOpinion by_plane(const Activation& sigma, const Declarations& declared, const DualPlace& place, int digits,
                       const Ball& found) {
  const CertifiedPieces pieces = certified_pieces(sigma, declared, Precision::digits(digits).bits() + 200);
  const PlaneValue value = certified_plane(pieces, {.a = place.a, .b = place.b, .c = place.c, .digits = digits});
  return {value.value.mid(), value.value.radius(), fmt::format("plane, {} evaluations", value.evaluations),
          value.value.overlaps(found)};
}

// An integral inside an integral, in doubles: for what is itself an integral over the plane or along a line. Its error is
// an estimate, so a factor ten is allowed for, and the rounding of the sum.
SecondOpinion by_nesting(const Activation& sigma, const DualPlace& place, const Ball& found) {
  const NestedQuadrature rule(sigma, std::max(place.a, place.b).to_double());
  const Estimate value = rule(Covariance(place.a, place.b, place.c));
  const auto moment = [&](const Rational& variance) { return rule.second_moment(variance.to_double()).value; };
  const double rounding = 8 * std::numeric_limits<double>::epsilon() * std::sqrt(moment(place.a) * moment(place.b));
  const double error = 10 * value.error_estimate + rounding;
  return {value.value, error, "nested quadrature in double, error estimated",
          abs(found - Ball::from_double_exactly(value.value)).lower() <= error};
}

SecondOpinion second_opinion(const Activation& sigma, const Declarations& declared, const DualPlace& place, int digits,
                             const CertifiedValue& found) {
  if (found.method.starts_with("series") && place.c * place.c < place.a * place.b) {
    try {
      return by_plane(sigma, declared, place, digits, found.value);
    } catch (const NotCertified&) {  // too long, at large variances
    }
  }
  return by_nesting(sigma, place, found.value);
}

}  // namespace

Exit run_dual_reference(const DualOptions& options, const DualPlace& place) {
  if (is_given_dual(options.activation)) {
    throw DomainError("a dual given as a formula has --mode exact: " + options.activation);
  }
  if (options.distributional) throw DomainError("--distributional belongs to --mode exact");
  if (!options.relative.empty()) throw DomainError("--relative belongs to --mode exact; here digits are of the scale");
  const int digits = options.digits.empty()
                         ? default_digits
                         : static_cast<int>(integer_option("--digits", options.digits, 1, digit_limit));
  const Declarations declared = read_declarations(options.declared);
  const Activation given = activation(options.activation);
  const Activation sigma = options.derivative ? given.derivative() : given;
  const CertifiedDual dual(sigma, digits, declared);
  const CertifiedValue found = dual(place.a, place.b, place.c);
  const ProvenNumber value = proven_number(found.value, digits);
  std::optional<SecondOpinion> check;
  if (options.cross_check) check = second_opinion(sigma, declared, place, std::min(digits, 15), found);
  const bool agrees = !check || check->agrees;
  if (options.common.json) {
    nlohmann::ordered_json object;
    object["activation"] = options.activation;
    object["a"] = json_of(place.a);
    object["b"] = json_of(place.b);
    object["c"] = json_of(place.c);
    object["derivative"] = options.derivative;
    object["mode"] = options.mode;
    object["value"] = json_value(value, digits);
    object["error_bound"] = json_number(json_bound(value, digits));
    object["proven"] = dual.assumptions().empty();
    object["assumptions"] = dual.assumptions();
    object["digits"] = digits;
    object["method"] = found.method;
    if (check) {
      object["cross_check"] = {{"value", json_number(check->value)},
                               {"error_bound", json_number(check->error)},
                               {"method", check->method},
                               {"agrees", agrees}};
    }
    print_json(object);
  } else {
    print(fmt::format("{}({}, {}, {}) = {} +/- {}\n", options.derivative ? "K'" : "K", options.a, options.b, options.c,
                      value.text, bound_text(value.bound)));
    print(fmt::format("of {}, mode reference: {}; the error is proven{}\n", options.activation, found.method,
                      dual.assumptions().empty() ? "" : ", assuming that"));
    for (const std::string& assumption : dual.assumptions()) print("  " + assumption + "\n");
    if (check) {
      print(fmt::format("cross-check: {:.15g} +/- {} by {}: they {}\n", check->value, bound_text(check->error),
                        check->method, agrees ? "agree" : "DISAGREE"));
    }
  }
  return agrees ? Exit::done : Exit::check_failed;
}

}  // namespace nke::cli
