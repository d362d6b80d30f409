// SPDX-License-Identifier: Apache-2.0
// nke dual --mode exact: as many digits as asked for, each of them proven.
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <nke/exact/dual/given_dual.hpp>
#include <nke/exact/real/error.hpp>

#include "dual_options.hpp"
#include "output.hpp"

namespace nke::cli {
namespace {

constexpr int default_digits = 30;
constexpr int digits_of_a_number = 17;  // more would not survive as a JSON number

// The digits of a ball, and a bound of how far they are from the truth, their own rounding included.
struct Printed {
  std::string value;
  Ball error;
};

Printed printed(const Ball& x, int digits) {
  const Precision precision = Precision::digits(digits).with_guard(64);
  if (x.is_exact() && x.contains_zero()) return {"0", Ball(Rational(0), precision)};
  if (x.proven_digits() == 0) return {"0", abs(x)};  // not told from 0
  const std::string text = x.to_decimal(digits);
  try {
    return {text, abs(x.at_precision(Precision::bits(std::max(x.bits(), precision.bits()))) -
                      Ball(Rational::parse(text), precision))};
  } catch (const LimitError&) {  // 10^(10^12): one unit of the last digit, which to_decimal promises
    const Ball unit = abs(x) * Ball(pow(Rational(10), 1 - std::min(digits, x.proven_digits())), precision);
    return {text, unit};
  }
}

// Three digits, rounded up: Arb prints radii of any magnitude so.
std::string bound_text(const Ball& error) {
  if (error.is_exact() && error.contains_zero()) return "0";
  const std::string interval = widen(Ball(Rational(0), Precision::bits(64)), error).to_string(3);
  return interval.substr(interval.rfind(' ') + 1);
}

nlohmann::ordered_json json_value(const std::string& text, int digits) {
  if (digits > digits_of_a_number) return text;
  const double nearest = std::strtod(text.c_str(), nullptr);
  if (!std::isfinite(nearest) || (nearest == 0 && text != "0")) return text;
  return nearest;
}

// A JSON number that is read back may differ from the decimal by half a unit of a double.
nlohmann::ordered_json json_bound(const Printed& printed, int digits) {
  const double upper = printed.error.upper();
  const bool is_number = digits <= digits_of_a_number;
  const double rounding = is_number ? std::ldexp(std::fabs(std::strtod(printed.value.c_str(), nullptr)), -53) : 0;
  const double bound = std::nextafter(upper + rounding, HUGE_VAL);
  if (upper == 0 && rounding == 0) return 0;
  if (!std::isfinite(bound) || upper < 1e-300) return bound_text(printed.error);
  return bound;
}

RelativeTo relative_option(const std::string& text) {
  if (text.empty() || text == "scale") return RelativeTo::scale;
  if (text == "value") return RelativeTo::value;
  throw DomainError("--relative must be scale or value, not '" + text + "'");
}

DualPart part_of(const DualOptions& options) {
  if (options.distributional) return DualPart::distributional_derivative;
  return options.derivative ? DualPart::derivative : DualPart::value;
}

ExactValue computed(const DualOptions& options, const DualPlace& place, const ExactOptions& exact) {
  if (const auto given = read_given_dual(options.activation)) {
    static_cast<void>(check_positive(*given));
    return exact_dual(*given, place.a, place.b, place.c, exact);
  }
  const Activation sigma = activation(options.activation);
  try {
    return exact_dual(sigma, place.a, place.b, place.c, exact);
  } catch (const NoClosedForm& refusal) {
    throw DomainError(std::string("no closed form: ") + refusal.what() + "; --mode reference takes any activation");
  }
}

void print_object(const DualOptions& options, const DualPlace& place, const ExactValue& result, int digits) {
  const Printed value = printed(result.value, digits);
  nlohmann::ordered_json object;
  object["activation"] = options.activation;
  object["a"] = json_of(place.a);
  object["b"] = json_of(place.b);
  object["c"] = json_of(place.c);
  object["derivative"] = options.derivative || options.distributional;
  if (options.distributional) object["distributional"] = true;
  object["mode"] = options.mode;
  object["value"] = json_value(value.value, digits);
  object["error_bound"] = json_bound(value, digits);
  object["proven"] = true;
  object["digits"] = digits;
  object["relative"] = options.relative.empty() ? "scale" : options.relative;
  object["method"] = result.method;
  if (result.cross_check) {
    const Printed check = printed(*result.cross_check, digits);
    object["cross_check"] = {{"value", json_value(check.value, digits)},
                             {"error_bound", json_bound(check, digits)},
                             {"method", result.cross_check_method},
                             {"agrees", result.agrees()}};
  }
  print_json(object);
}

void print_text(const DualOptions& options, const ExactValue& result, int digits) {
  const Printed value = printed(result.value, digits);
  const bool derivative = options.derivative || options.distributional;
  print(fmt::format("{}({}, {}, {}) = {} +/- {}\n", derivative ? "K'" : "K", options.a, options.b, options.c,
                    value.value, bound_text(value.error)));
  print(fmt::format("of {}{}, mode {}: {}; the error is proven\n", options.activation,
                    options.distributional ? ", its jumps included" : "", options.mode, result.method));
  if (!result.cross_check) return;
  const Printed check = printed(*result.cross_check, digits);
  print(fmt::format("cross-check: {} +/- {} by {}: they {}\n", check.value, bound_text(check.error),
                    result.cross_check_method, result.agrees() ? "agree" : "DISAGREE"));
}

}  // namespace

bool is_given_dual(const std::string& text) {
  return read_given_dual(text).has_value();
}

Exit run_dual_exact(const DualOptions& options, const DualPlace& place) {
  const int digits = options.digits.empty()
                         ? (options.mode == "fast" ? digits_of_a_number : default_digits)
                         : static_cast<int>(integer_option("--digits", options.digits, 1, exact_digit_limit));
  const ExactOptions exact{.digits = digits,
                           .part = part_of(options),
                           .relative_to = relative_option(options.relative),
                           .cross_check = options.cross_check};
  const ExactValue result = computed(options, place, exact);
  if (options.common.json) {
    print_object(options, place, result, digits);
  } else {
    print_text(options, result, digits);
  }
  return result.agrees() ? Exit::done : Exit::check_failed;
}

}  // namespace nke::cli
