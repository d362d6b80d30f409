// SPDX-License-Identifier: Apache-2.0
// --breakpoints and --growth: what the user vouches for where nothing proves it.
#pragma once

#include <string>

#include <nke/hermite/certified_pieces.hpp>

namespace nke::cli {

struct DeclarationOptions {
  std::string breakpoints;  ///< "none" or "-1, 1/2"
  std::string growth;       ///< "A, p, kappa, alpha" for A (1+|x|)^p exp(kappa |x| + alpha x^2)
};

Declarations read_declarations(const DeclarationOptions& options);

}  // namespace nke::cli
