// SPDX-License-Identifier: Apache-2.0
// What is inside a CertifiedRule, as flat rows of Arb numbers. Private to hermite.
#pragma once

#include <string>
#include <vector>

#include <nke/exact/integrate/arb_vector.hpp>
#include <nke/hermite/certified_rule.hpp>

namespace nke {

struct CertifiedRule::Data {
  ArbVector nodes;                    ///< z_k > 0
  ArbVector weights;                  ///< w_k
  std::vector<std::size_t> segments;  ///< of each node: which pieces hold there
  double log_error = 0;
  int log2_scale = 0;
  std::string method;
};

}  // namespace nke
