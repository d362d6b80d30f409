// SPDX-License-Identifier: Apache-2.0
// nke dual --mode reference: any activation, proven digits, no closed form needed.
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_dual.hpp>
#include <nke/hermite/certified_plane.hpp>

#include "dual_options.hpp"
#include "output.hpp"
#include "proven_number.hpp"

namespace nke::cli {
namespace {

constexpr int default_digits = 30;
constexpr std::int64_t digit_limit = 300;

// The integral over the plane, to fewer digits: another method than the series.
CertifiedValue second_opinion(const Activation& sigma, const Declarations& declared, const DualPlace& place,
                              int digits) {
  const Rational& a = place.a;
  const Rational& b = place.b;
  if (a.is_zero() || b.is_zero() || place.c * place.c == a * b) {
    throw DomainError("--cross-check of mode reference is an integral over the plane: it needs c^2 < a b");
  }
  const CertifiedPieces pieces = certified_pieces(sigma, declared, Precision::digits(digits).bits() + 200);
  const PlaneValue value = certified_plane(pieces, {.a = a, .b = b, .c = place.c, .digits = digits});
  return {value.value, fmt::format("plane, {} evaluations", value.evaluations)};
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
  std::optional<CertifiedValue> check;
  if (options.cross_check) check = second_opinion(sigma, declared, place, std::min(digits, 15));
  const bool agrees = !check || check->value.overlaps(found.value);
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
      const ProvenNumber other = proven_number(check->value, 17);
      object["cross_check"] = {{"value", json_value(other, 17)},
                               {"error_bound", json_number(json_bound(other, 17))},
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
      print(fmt::format("cross-check: {} by {}: they {}\n", check->value.to_string(15), check->method,
                        agrees ? "agree" : "DISAGREE"));
    }
  }
  return agrees ? Exit::done : Exit::check_failed;
}

}  // namespace nke::cli
