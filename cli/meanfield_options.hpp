// SPDX-License-Identifier: Apache-2.0
// What `nke meanfield` was asked, read; text and JSON are written in a file of their own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nke/hermite/mean_field_certified.hpp>

#include "options.hpp"

namespace nke::cli {

struct MeanfieldOptions {
  CommonOptions common;
  std::string activation;
  std::string sigma_w = "1";
  std::string sigma_b = "0";
  std::string mode = "fast";
  std::string digits;
  bool critical_line = false;
  std::string out;
};

/// The square of a scale as it was typed: "1.5", "3/2", "sqrt(2)".
struct SquaredScale {
  std::string text;               ///< "9/4"
  std::optional<Rational> exact;  ///< if it is a fraction
  double value = 0;
};
SquaredScale squared_scale(const std::string& option, const std::string& text);

struct MeanfieldAnswer {
  SquaredScale weight, bias;
  FieldFixedPoints found;                   // of mode fast
  std::optional<CertifiedField> certified;  // of mode reference
  int digits = 0;
  std::vector<CriticalPoint> line;
  std::string figure;  // the file that was written
};

void print_meanfield_text(const MeanfieldOptions& options, const MeanfieldAnswer& answer);
void print_meanfield_object(const MeanfieldOptions& options, const MeanfieldAnswer& answer);

}  // namespace nke::cli
