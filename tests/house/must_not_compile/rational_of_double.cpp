// SPDX-License-Identifier: Apache-2.0
// 0.1 is not one tenth: an exact number is made of text or integers, never of a double in silence.
#include <nke/exact/real/rational.hpp>

nke::Rational tenth() {
  return nke::Rational(0.1);
}
