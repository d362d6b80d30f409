// SPDX-License-Identifier: Apache-2.0
#include "flat_graph.hpp"

#include <unordered_map>

namespace nke {
namespace {

class Flattening {
 public:
  std::uint32_t add(const Expr& e) {
    if (const auto found = index_.find(e); found != index_.end()) return found->second;
    Operation operation{e, {}, {}};
    if (e.is(Expr::Kind::product)) {
      for (const Expr& factor : e.operands()) {
        if (factor.is_rational_power() && factor.operand(1).number().sign() < 0) {
          operation.divisors.push_back(add(pow(factor.operand(0), -factor.operand(1).number())));
        } else {
          operation.operands.push_back(add(factor));
        }
      }
    } else if (e.is_rational_power()) {
      operation.operands.push_back(add(e.operand(0)));
    } else {
      for (const Expr& operand : e.operands()) operation.operands.push_back(add(operand));
    }
    operations_.push_back(std::move(operation));
    const auto index = static_cast<std::uint32_t>(operations_.size() - 1);
    index_.emplace(e, index);
    return index;
  }

  std::vector<Operation> take() { return std::move(operations_); }

 private:
  std::vector<Operation> operations_;
  std::unordered_map<Expr, std::uint32_t> index_;
};

}  // namespace

std::vector<Operation> flatten(const Expr& e) {
  Flattening flattening;
  flattening.add(e);
  return flattening.take();
}

}  // namespace nke
