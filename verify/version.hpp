// SPDX-License-Identifier: Apache-2.0
// Which nke is this? Written into every report.
#pragma once

#include <string_view>

namespace nke {

/// "0.1.0".
std::string_view version();

}  // namespace nke
