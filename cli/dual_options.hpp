// SPDX-License-Identifier: Apache-2.0
// What `nke dual` was asked; each mode answers in a file of its own.
#pragma once

#include <string>

#include <nke/exact/real/rational.hpp>

#include "declarations.hpp"
#include "options.hpp"

namespace nke::cli {

struct DualOptions {
  CommonOptions common;
  std::string activation;
  std::string a;
  std::string b;
  std::string c;
  std::string mode = "fast";
  bool derivative = false;
  // Mode exact:
  std::string digits;
  bool distributional = false;
  std::string relative;
  bool cross_check = false;
  DeclarationOptions declared;  // mode reference
};

struct DualPlace {
  Rational a;
  Rational b;
  Rational c;
};

/// Every digit proven; exit status 1 if a cross-check disagrees.
Exit run_dual_exact(const DualOptions& options, const DualPlace& place);

/// Any activation, proven digits by integration.
Exit run_dual_reference(const DualOptions& options, const DualPlace& place);

/// Whether the text is a dual given as a formula rather than an activation.
bool is_given_dual(const std::string& text);

}  // namespace nke::cli
