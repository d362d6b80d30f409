// SPDX-License-Identifier: Apache-2.0
#include "proven_number.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <nlohmann/json.hpp>

#include "output.hpp"

namespace nke::cli {
namespace {

constexpr int digits_of_a_number = 17;  // more would not survive as a JSON number

}  // namespace

ProvenNumber proven_number(const Ball& x, int digits) {
  ProvenNumber result;
  result.text = x.proven_digits() == 0 || (x.is_exact() && x.contains_zero()) ? "0" : x.to_decimal(digits);
  const Precision precision = Precision::bits(std::max(x.bits(), Precision::digits(digits).bits()) + 64);
  result.bound = abs(x.at_precision(precision) - Ball(Rational::parse(result.text), precision)).upper();
  result.nearest = std::strtod(result.text.c_str(), nullptr);
  return result;
}

std::string bound_text(double bound) {
  return number(bound * 1.05, 2);  // rounding to nearest loses at most a twentieth
}

nlohmann::ordered_json json_value(const ProvenNumber& number, int digits) {
  if (digits > digits_of_a_number) return number.text;
  return number.nearest;
}

double json_bound(const ProvenNumber& number, int digits) {
  if (digits > digits_of_a_number) return number.bound;
  const double rounding = std::ldexp(std::fabs(number.nearest), -53);
  return rounding == 0 ? number.bound : std::nextafter(number.bound + rounding, HUGE_VAL);
}

}  // namespace nke::cli
