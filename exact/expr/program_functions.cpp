// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/real/error.hpp>

#include "program_code.hpp"

namespace nke {

ProgramStep::Unary unary_function(Function f) {
  switch (f) {
    case Function::exp: return block::exp;
    case Function::log: return block::log;
    case Function::sin: return block::sin;
    case Function::cos: return block::cos;
    case Function::tan: return block::tan;
    case Function::asin: return block::asin;
    case Function::acos: return block::acos;
    case Function::atan: return block::atan;
    case Function::sinh: return block::sinh;
    case Function::cosh: return block::cosh;
    case Function::tanh: return block::tanh;
    case Function::erf: return block::erf;
    case Function::erfc: return block::erfc;
    case Function::Phi: return block::Phi;
    case Function::phi: return block::phi;
    case Function::sigmoid: return block::sigmoid;
    case Function::softplus: return block::softplus;
    case Function::abs: return block::abs;
    case Function::sign: return block::sign;
    case Function::step: return block::step;
    case Function::atan2:
    case Function::min:
    case Function::max:
    case Function::Phi2: break;
  }
  throw DomainError(std::string(function_row(f).name) + " is not a function of one argument");
}

ProgramStep::Quaternary quaternary_function(Function f) {
  if (f == Function::Phi2) return block::Phi2;
  throw DomainError(std::string(function_row(f).name) + " is not a function of four arguments");
}

}  // namespace nke
