// SPDX-License-Identifier: Apache-2.0
// What a stranger writes first: one activation, its dual, its spectrum.
#include <iomanip>
#include <iostream>

#include <nke/nke.hpp>

int main() {
  const nke::Activation gelu = nke::activation("gelu");
  const nke::DualValue dual = nke::dual_activation(gelu, nke::Covariance(1.0, 1.0, 0.5));
  std::cout << std::setprecision(15) << dual.value << " +/- " << dual.error_bound << '\n';
  const nke::FastCoefficients spectrum = nke::hermite_coefficients(gelu, 8, 1.0);
  std::cout << "h_1 = " << spectrum.values[1] << '\n';
}
