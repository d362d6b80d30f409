// SPDX-License-Identifier: Apache-2.0
// A ball as a decimal and a bound of how far that decimal is from the truth.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include <nke/exact/real/ball.hpp>

namespace nke::cli {

struct ProvenNumber {
  std::string text;  ///< at most the digits asked for, and only proven ones; "0" where none is
  double bound = 0;  ///< |text − x| for every x in the ball, rounded upwards
  double nearest = 0;
};

ProvenNumber proven_number(const Ball& x, int digits);

/// Two digits, rounded up.
std::string bound_text(double bound);

/// A JSON number up to 17 digits, text beyond.
nlohmann::ordered_json json_value(const ProvenNumber& number, int digits);
/// Its bound, with the rounding of a JSON number added where it is one.
double json_bound(const ProvenNumber& number, int digits);

}  // namespace nke::cli
