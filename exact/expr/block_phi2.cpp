// SPDX-License-Identifier: Apache-2.0
#include <cstddef>

#include <nke/exact/expr/block_math.hpp>
#include <nke/exact/real/bivariate.hpp>

namespace nke::block {

void Phi2(In h, In k, In x, In y, Out out) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = nke::Phi2(h[i], k[i], x[i], y[i]);
}

}  // namespace nke::block
