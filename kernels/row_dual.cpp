// SPDX-License-Identifier: Apache-2.0
#include "row_dual.hpp"

#include <cmath>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/dual.hpp>

namespace nke {

RowDual row_dual(const Nonlinearity& layer, double least, double largest) {
  // A little wider than asked: a table over a range of no width is no table.
  const FastDual dual(layer.activation, {.min_variance = least / 1.01, .max_variance = largest * 1.01});
  return [dual](double a, std::span<const double> b, std::span<const double> c, std::span<const double> d,
                std::span<double> k, std::span<double> kdot) { dual(a, b, c, d, k, kdot); };
}

RowDual row_dual(const GivenDual& layer) {
  return [layer](double a, std::span<const double> b, std::span<const double> c, std::span<const double>,
                 std::span<double> k, std::span<double> kdot) {
    const Precision precision = Precision::bits(53);
    Bindings<double> at;
    double& b_at = at["b"];
    double& c_at = at["c"];
    at["a"] = a;
    const auto checked = [&](double value) {
      if (std::isfinite(value)) return value;
      throw DomainError("dual(\"" + to_text(layer.value) + "\") has no finite value and derivative at a = " +
                        std::to_string(a) + ", b = " + std::to_string(b_at) + ", c = " + std::to_string(c_at));
    };
    for (std::size_t j = 0; j < b.size(); ++j) {
      b_at = b[j];
      c_at = c[j];
      if (!k.empty()) k[j] = checked(evaluate(layer.value, at, precision));
      if (!kdot.empty()) kdot[j] = checked(evaluate(layer.derivative, at, precision));
    }
  };
}

DiagonalDual at_diagonal(const RowDual& dual, double a) {
  DiagonalDual result{};
  const double zero = 0;
  dual(a, {&a, 1}, {&a, 1}, {&zero, 1}, {&result.value, 1}, {&result.derivative, 1});
  return result;
}

}  // namespace nke
