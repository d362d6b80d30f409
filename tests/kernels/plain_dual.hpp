// SPDX-License-Identifier: Apache-2.0
// The dual of a layer for the plain kernels: an integral inside an integral, or a formula as it stands, whose slope in c
// is a difference quotient in 200 digits.
#pragma once

#include <nke/kernels/network.hpp>

namespace nke::test {

struct PlainDual {
  double k, kdot;
};
PlainDual plain_dual(const Nonlinearity& layer, double a, double b, double c);
PlainDual plain_dual(const FormulaDual& layer, double a, double b, double c);

}  // namespace nke::test
