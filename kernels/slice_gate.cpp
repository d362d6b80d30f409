// SPDX-License-Identifier: Apache-2.0
#include "slice_gate.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <nke/exact/dual/normal_form.hpp>
#include <nke/exact/expr/evaluate.hpp>

namespace nke {
namespace {

constexpr double two_pi = 2 * std::numbers::pi;
// Beyond, 1 + a is a.
constexpr int last_exponent = 100;

bool is_zero(const Expr& e) {
  return evaluate(e, "", 0.0) == 0;
}

double root_two_pi() {
  return std::sqrt(two_pi);
}

}  // namespace

std::optional<GaussianGate> gaussian_gate(const Activation& sigma) {
  if (!sigma.breakpoints().empty()) return std::nullopt;
  const std::optional<NormalForm> form = try_normal_form(sigma);
  if (!form) return std::nullopt;
  double alone[2] = {0, 0}, gated[2] = {0, 0}, width2 = 0;
  int side = 0;
  for (const Term& term : form->terms) {
    const bool line = term.power <= 1 && is_zero(term.quadratic) && is_zero(term.linear) && is_zero(term.frequency) &&
                      is_zero(term.phase);
    if (!line) return std::nullopt;
    const double coefficient = evaluate(term.coefficient, "", 0.0);
    if (!term.gate) {
      alone[term.power] += coefficient;
      continue;
    }
    const double w = evaluate(term.gate->width2, "", 0.0);
    if (!is_zero(term.gate->threshold) || !(w > 0) || (width2 != 0 && w != width2)) return std::nullopt;
    width2 = w;
    // Φ(−x) = 1 − Φ(x).
    side = term.gate->side;
    if (side < 0) alone[term.power] += coefficient;
    gated[term.power] += side < 0 ? -coefficient : coefficient;
  }
  if (side == 0 || (gated[0] == 0 && gated[1] == 0)) return std::nullopt;
  const double width = std::sqrt(width2);
  GaussianGate gate;
  gate.constant = alone[0] + gated[0] / 2;
  gate.line = (alone[1] + gated[1] / 2) * width;
  gate.gate = gated[0];
  gate.gated_line = gated[1] * width;
  gate.scale2 = 1 / width2;
  // What is left of a difference is rounding: erf is 2Φ − 1.
  const double size = std::abs(alone[0]) + std::abs(gated[0]), slope = std::abs(alone[1]) + std::abs(gated[1]);
  if (std::abs(gate.constant) < 1e-15 * size) gate.constant = 0;
  if (std::abs(gate.line) < 1e-15 * slope * width) gate.line = 0;
  const double parts[] = {gate.constant, gate.line, gate.gate, gate.gated_line, gate.scale2, width2};
  if (!std::all_of(std::begin(parts), std::end(parts), [](double x) { return std::abs(x) < 1e6; })) return std::nullopt;
  return gate;
}

double GaussianGate::diagonal(double a) const {
  const double y = scale2 * a, A = 1 + y, r = y / A, s = std::sqrt(1 + 2 * y) / A, arcsine = std::atan2(r, s);
  const double odd =
      line * line * y + line * gate * (2 * r * std::sqrt(A)) / root_two_pi() + gate * gate * arcsine / two_pi;
  const double even = constant * constant + constant * gated_line * (2 * r * std::sqrt(A)) / root_two_pi() +
                      gated_line * gated_line * (y * arcsine + y * r * s + r * r / (s * A)) / two_pi;
  return odd + even;
}

template <class T>
void set_gate(const GaussianGate& gate, const SliceUnits& units, kernels::simd::SliceActivation<T>& numbers) {
  const int near = std::min(units.exponent, last_exponent);
  const double inner = std::ldexp(gate.scale2, near), value = std::ldexp(units.out, -units.exponent);
  const double slope = units.out * gate.scale2, linear = gate.gated_line * gate.gated_line / two_pi;
  const double flat = gate.gate * gate.gate / two_pi;
  numbers.bend = static_cast<T>(slope * linear);
  numbers.curve = static_cast<T>(std::ldexp(units.out, -near) * linear / inner);
  numbers.jump = static_cast<T>(value * flat);
  numbers.constant = static_cast<T>(value * gate.constant * gate.constant);
  numbers.line = static_cast<T>(slope * gate.line * gate.line);
  numbers.kind = gate.gated_line != 0 ? kernels::simd::SliceDual::gated_line : kernels::simd::SliceDual::gated;
  numbers.mixed = gate.gated_line != 0 && (gate.constant != 0 || gate.gate != 0);
  numbers.mixed = numbers.mixed || gate.line * gate.gate != 0;
  numbers.planes = numbers.mixed ? 3 : 1;
}

void set_pixel(const GaussianGate& gate, const SliceUnits& units, double a, SlicePixel& pixel) {
  const int near = std::min(units.exponent, last_exponent);
  const double inner = std::ldexp(gate.scale2, near), y = inner * a, A = 1 + y;
  const double mean = y / std::sqrt(A) / root_two_pi();  // E[y E(y)]
  pixel.inverse = a > 0 ? std::sqrt(inner / A) : 0;
  pixel.root = std::sqrt(std::ldexp(units.out, -near)) * std::abs(gate.gated_line) * mean;
  pixel.rest[0] = 1 / A;
  if (pixel.rest.size() == 1) return;
  pixel.rest[1] = std::ldexp(units.out, -units.exponent) * gate.constant * gate.gated_line * mean;
  pixel.rest[2] = units.out * gate.scale2 * gate.line * gate.gate / std::sqrt(A) / root_two_pi();
}

template void set_gate(const GaussianGate&, const SliceUnits&, kernels::simd::SliceActivation<float>&);
template void set_gate(const GaussianGate&, const SliceUnits&, kernels::simd::SliceActivation<double>&);

}  // namespace nke
