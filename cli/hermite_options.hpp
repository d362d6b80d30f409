// SPDX-License-Identifier: Apache-2.0
// What `nke hermite` was asked; each mode answers in a file of its own.
#pragma once

#include <string>

#include "declarations.hpp"
#include "options.hpp"

namespace nke::cli {

struct HermiteOptions {
  CommonOptions common;
  std::string activation;
  std::string degree;
  std::string variance = "1";
  std::string mode = "fast";
  bool decay = false;
  // Mode reference:
  std::string digits;
  bool cross_check = false;
  DeclarationOptions declared;
  // --degree auto:
  std::string epsilon;
};

/// Every digit proven; exit status 1 if the plain quadrature of --cross-check disagrees.
Exit run_hermite_reference(const HermiteOptions& options);
/// The smallest degree that is enough, proven, over a range of variances.
Exit run_hermite_degree(const HermiteOptions& options);

}  // namespace nke::cli
