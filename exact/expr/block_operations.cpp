// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/real/error.hpp>

#include "block_code.hpp"

namespace nke::detail {

Operation operation_of(Function f) {
  switch (f) {
#define NKE_SAME(name) \
  case Function::name: return Operation::name;
    NKE_SAME(exp)
    NKE_SAME(log)
    NKE_SAME(sin)
    NKE_SAME(cos)
    NKE_SAME(tan)
    NKE_SAME(asin)
    NKE_SAME(acos)
    NKE_SAME(atan)
    NKE_SAME(sinh)
    NKE_SAME(cosh)
    NKE_SAME(tanh)
    NKE_SAME(erf)
    NKE_SAME(erfc)
    NKE_SAME(Phi)
    NKE_SAME(phi)
    NKE_SAME(sigmoid)
    NKE_SAME(softplus)
    NKE_SAME(abs)
    NKE_SAME(sign)
    NKE_SAME(step)
    NKE_SAME(atan2)
    NKE_SAME(min)
    NKE_SAME(max)
    NKE_SAME(re_Phi)
    NKE_SAME(im_Phi)
    NKE_SAME(re_Phi2)
    NKE_SAME(im_Phi2)
#undef NKE_SAME
    case Function::Phi2: break;  // in pieces
  }
  throw DomainError(std::string(function_row(f).name) + " is not known to block programs");
}

}  // namespace nke::detail
