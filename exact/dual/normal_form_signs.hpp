// SPDX-License-Identifier: Apache-2.0
// Which sign has an expression in the parameters? Private to exact/dual.
//
// Definition  without symbols: the sign, by enclosures of increasing precision. With symbols: the sign at their usual
//             values, recorded as an assumption unless the form of the expression shows it.
// Usual       the default of the first parameter of this name in the registry, otherwise 1; a little off, so that
//             distinct parameters rarely meet by chance.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <nke/exact/dual/normal_form.hpp>

namespace nke::detail {

/// The value of each symbol at which signs of expressions in parameters are read.
Rational usual_value(const std::string& parameter);

class Signs {
 public:
  /// −1, 0 or 1; what it takes for granted is recorded.
  int of(const Expr& e);
  /// The same for a choice that is right either way, so that nothing need be recorded.
  int hint(const Expr& e) const;

  /// Sorted, each once.
  const std::vector<Assumption>& assumptions() const { return assumptions_; }
  void add(const std::vector<Assumption>& assumptions);

 private:
  void assume_positive(const Expr& e);
  std::vector<Assumption> assumptions_;
};

}  // namespace nke::detail
