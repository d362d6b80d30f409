// SPDX-License-Identifier: Apache-2.0
// A double in a message: six significant digits, so that 1e-7 is not 0.000000. Private to hermite.
#pragma once

#include <string>

namespace nke {

std::string number_text(double x);

}  // namespace nke
