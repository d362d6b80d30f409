// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <string>

#include <nke/exact/expr/block_program.hpp>
#include <nke/exact/expr/program.hpp>
#include <nke/exact/real/error.hpp>

namespace nke {

struct Program::Code {
  BlockProgram<double> block;
};

Program::Program(const Expr& e, std::string_view variable) {
  for (const std::string& name : symbols(e)) {
    if (name != variable) {
      throw DomainError("a program in " + std::string(variable) + " cannot hold the symbol " + name);
    }
  }
  code_ = std::make_shared<const Code>(
      Code{BlockProgram<double>(std::span(&e, 1), BlockInputs{{}, {}, {std::string(variable)}})});
}

void Program::operator()(std::span<const double> x, std::span<double> y) const {
  if (x.size() != y.size()) {
    throw ShapeError("a program was given " + std::to_string(x.size()) + " arguments and room for " +
                     std::to_string(y.size()) + " results");
  }
  code_->block({}, {}, std::span(&x, 1), std::span(&y, 1));
}

double Program::operator()(double x) const {
  double y = 0;
  (*this)(std::span<const double>(&x, 1), std::span<double>(&y, 1));
  return y;
}

std::size_t Program::operations() const {
  const BlockProgram<double>::Operations count = code_->block.operations();
  return count.row + count.entry;
}

std::size_t Program::registers() const {
  return code_->block.registers();
}

}  // namespace nke
