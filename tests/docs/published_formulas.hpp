// SPDX-License-Identifier: Apache-2.0
// Formulas of duals as papers and programs print them, typed here and nowhere else: what the derived ones are compared
// with. They are written down as published, cancellation and all.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nke/exact/real/mpfr.hpp>

namespace nke::test {

/// One formula f(c, a, b) over two kinds of numbers.
struct PublishedFunction {
  std::function<double(double, double, double)> in_double;
  std::function<Mpfr(const Mpfr&, const Mpfr&, const Mpfr&)> in_mpfr;
};

struct PublishedFormula {
  std::string name;        ///< as its authors call it
  std::string source;      ///< who prints it
  std::string activation;  ///< the same in nke's language; a dual("…") where there is no activation
  PublishedFunction value;
  PublishedFunction derivative;
  bool unit_variance = false;  ///< published for a = b = 1 only
};

inline constexpr int published_digits = 60;  ///< of the formulas over Mpfr

std::vector<PublishedFormula> published_formulas();

}  // namespace nke::test
