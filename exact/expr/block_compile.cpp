// SPDX-License-Identifier: Apache-2.0
#include "block_compiler.hpp"

namespace nke::detail {

ValueGraph compile_block(std::span<const Expr> outputs, const BlockInputs& inputs) {
  BlockCompiler compiler(outputs, inputs);
  for (const Expr& e : outputs) compiler.output(e);
  return std::move(compiler).graph();
}

}  // namespace nke::detail
