// SPDX-License-Identifier: Apache-2.0
#include <nke/verify/version.hpp>

namespace nke {

std::string_view version() {
  return NKE_VERSION;
}

}  // namespace nke
