// SPDX-License-Identifier: Apache-2.0
#include "row_dual.hpp"

#include <cmath>

#include <nke/exact/dual/block_dual.hpp>
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

RowDual row_dual(const FormulaDual& layer) {
  ClosedForm form;
  form.value = form.stable_value = layer.value;
  form.derivative = form.stable_derivative = layer.derivative;
  return [dual = BlockDual(form), layer](double a, std::span<const double> b, std::span<const double> c,
                                         std::span<const double> d, std::span<double> k, std::span<double> kdot) {
    dual(DualRow<double>{.a = a, .b = b, .c = c, .d = d, .K = k, .Kdot = kdot});
    for (const std::span<double> values : {k, kdot}) {
      for (std::size_t j = 0; j < values.size(); ++j) {
        if (std::isfinite(values[j])) continue;
        throw DomainError("dual(\"" + to_text(layer.value) + "\") has no finite value and derivative at a = " +
                          std::to_string(a) + ", b = " + std::to_string(b[j]) + ", c = " + std::to_string(c[j]));
      }
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
