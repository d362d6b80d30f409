// SPDX-License-Identifier: Apache-2.0
#include "declarations.hpp"

#include <nke/exact/real/error.hpp>

#include "options.hpp"

namespace nke::cli {
namespace {

std::vector<Rational> numbers(const std::string& name, const std::string& text) {
  std::vector<Rational> result;
  std::size_t from = 0;
  while (from <= text.size()) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    std::string part = text.substr(from, comma - from);
    part.erase(0, part.find_first_not_of(' '));
    part.erase(part.find_last_not_of(' ') + 1);
    result.push_back(rational_option(name, part));
    from = comma + 1;
  }
  return result;
}

}  // namespace

Declarations read_declarations(const DeclarationOptions& options) {
  Declarations result;
  if (options.breakpoints == "none") {
    result.breakpoints = std::vector<Rational>{};
  } else if (!options.breakpoints.empty()) {
    result.breakpoints = numbers("--breakpoints", options.breakpoints);
  }
  if (options.growth.empty()) return result;
  const std::vector<Rational> bound = numbers("--growth", options.growth);
  if (bound.size() != 4) {
    throw DomainError(
        "--growth takes four numbers, A,p,kappa,alpha for |sigma| <= A (1+|x|)^p exp(kappa |x| + alpha "
        "x^2); it is '" +
        options.growth + "'");
  }
  if (bound[0].sign() < 0 || bound[1].sign() < 0 || bound[2].sign() < 0) {
    throw DomainError("A, p and kappa of --growth cannot be negative; they are '" + options.growth + "'");
  }
  result.growth = GrowthBound{bound[0], bound[1], bound[2], bound[3]};
  return result;
}

}  // namespace nke::cli
