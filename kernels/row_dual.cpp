// SPDX-License-Identifier: Apache-2.0
#include "row_dual.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

#include <nke/exact/dual/block_dual.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/dual.hpp>

namespace nke {
namespace {

// ab − c² below this part of ab is the rounding of c. Closed forms divide differences such as a − c, a rounding too, by its
// root: next to parallel directions they would be off by as much as they are large.
constexpr double parallel = 0x1p-52;
// Variances as close as this, of parallel directions, may both be √(ab): K is even in log(a/b) there.
constexpr double close = 0x1p-27;

bool is_parallel(double a, double b, double d) {
  return d <= parallel * a * b && a * b > 0;
}

// Most rows have none: without branches, so that the loop is a matter of lanes.
bool some_parallel(double a, std::span<const double> b, std::span<const double> d) {
  const double share = parallel * a;
  std::int64_t any = 0;
  for (std::size_t j = 0; j < d.size(); ++j) any |= d[j] <= share * b[j] ? 1 : 0;
  return any != 0;
}

// Calls `dual` with directions that are parallel but for rounding made exactly parallel.
template <class Dual>
void settled(const Dual& dual, double a, std::span<const double> b, std::span<const double> c,
             std::span<const double> d, std::span<double> k, std::span<double> kdot) {
  if (!some_parallel(a, b, d)) return dual(a, b, c, d, k, kdot);
  std::vector<double> covariance(c.begin(), c.end()), rest(d.begin(), d.end());
  std::vector<std::size_t> alone;
  for (std::size_t j = 0; j < rest.size(); ++j) {
    if (!is_parallel(a, b[j], d[j])) continue;
    rest[j] = 0;
    covariance[j] = std::copysign(b[j] == a ? a : std::sqrt(a) * std::sqrt(b[j]), c[j]);
    if (b[j] != a && std::abs(a - b[j]) <= close * a) alone.push_back(j);
  }
  dual(a, b, covariance, rest, k, kdot);
  for (const std::size_t j : alone) {
    const double both = std::abs(covariance[j]), zero = 0;
    dual(both, {&both, 1}, {&covariance[j], 1}, {&zero, 1}, k.subspan(j, 1),
         kdot.subspan(kdot.empty() ? 0 : j, kdot.empty() ? 0 : 1));
  }
}

}  // namespace

RowDual row_dual(const Nonlinearity& layer, double least, double largest) {
  // A little wider than asked: a table over a range of no width is no table.
  const FastDual dual(layer.activation, {.min_variance = least / 1.01, .max_variance = largest * 1.01});
  return [dual](double a, std::span<const double> b, std::span<const double> c, std::span<const double> d,
                std::span<double> k, std::span<double> kdot) { settled(dual, a, b, c, d, k, kdot); };
}

RowDual row_dual(const FormulaDual& layer) {
  ClosedForm form;
  form.value = form.stable_value = layer.value;
  form.derivative = form.stable_derivative = layer.derivative;
  return [dual = BlockDual(form), layer](double a, std::span<const double> b, std::span<const double> c,
                                         std::span<const double> d, std::span<double> k, std::span<double> kdot) {
    const auto row = [&dual](double u, std::span<const double> v, std::span<const double> w, std::span<const double> x,
                             std::span<double> value, std::span<double> slope) {
      dual(DualRow<double>{.a = u, .b = v, .c = w, .d = x, .K = value, .Kdot = slope});
    };
    settled(row, a, b, c, d, k, kdot);
    for (const std::span<double> values : {k, kdot}) {
      for (std::size_t j = 0; j < values.size(); ++j) {
        if (std::isfinite(values[j])) continue;
        std::array<char, 100> place{};
        std::snprintf(place.data(), place.size(), "a = %.6g, b = %.6g, c = %.6g", a, b[j], c[j]);
        throw DomainError("dual(\"" + to_text(layer.value) + "\") has no finite value and derivative at " +
                          place.data());
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
