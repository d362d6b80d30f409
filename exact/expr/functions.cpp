// SPDX-License-Identifier: Apache-2.0
// The normal forms of function applications, comparisons and piecewise definitions.
#include <algorithm>

#include <nke/exact/expr/expr.hpp>
#include <nke/exact/expr/function_table.hpp>

#include "expr_node.hpp"

namespace nke {

Expr apply(Function function, std::vector<Expr> arguments) {
  const FunctionRow& row = function_row(function);
  if (arguments.size() != static_cast<std::size_t>(row.arity)) {
    throw DomainError(std::string(row.name) + " takes " + std::to_string(row.arity) +
                      (row.arity == 1 ? " argument, not " : " arguments, not ") + std::to_string(arguments.size()));
  }
  for (const Expr& argument : arguments) require_value(argument);
  if (const auto value = row.exact_value(arguments)) return *value;
  if (row.symmetric && order(arguments[1], arguments[0]) < 0) std::swap(arguments[0], arguments[1]);
  return raw_node(Expr::Kind::function, static_cast<std::uint8_t>(function), std::move(arguments));
}

Expr less(const Expr& left, const Expr& right) {
  require_value(left);
  require_value(right);
  return raw_node(Expr::Kind::relation, 1, {left, right});
}

Expr less_equal(const Expr& left, const Expr& right) {
  require_value(left);
  require_value(right);
  return raw_node(Expr::Kind::relation, 0, {left, right});
}

Truth decided(const Expr& relation) {
  const Expr& left = relation.operand(0);
  const Expr& right = relation.operand(1);
  const auto as_truth = [](bool holds) { return holds ? Truth::yes : Truth::no; };
  if (left == right) return as_truth(!relation.strict());
  if (left.is_number() && right.is_number()) {
    return as_truth(relation.strict() ? left.number() < right.number() : left.number() <= right.number());
  }
  return Truth::unknown;
}

Expr piecewise(const std::vector<Branch>& branches, const Expr& otherwise) {
  require_value(otherwise);
  std::vector<Expr> operands;
  Expr last = otherwise;
  for (const Branch& branch : branches) {
    if (!branch.condition.is(Expr::Kind::relation)) {
      throw DomainError("a condition of piecewise is a comparison with <, <=, > or >=");
    }
    require_value(branch.value);
    const Truth truth = decided(branch.condition);
    if (truth == Truth::no) continue;
    if (truth == Truth::yes) {
      last = branch.value;
      break;
    }
    operands.push_back(branch.condition);
    operands.push_back(branch.value);
  }
  while (!operands.empty() && operands.back() == last) operands.resize(operands.size() - 2);
  if (operands.empty()) return last;
  operands.push_back(last);
  return raw_node(Expr::Kind::piecewise, 0, std::move(operands));
}

Expr rebuild(const Expr& e, std::vector<Expr> operands) {
  switch (e.kind()) {
    case Expr::Kind::number:
    case Expr::Kind::constant:
    case Expr::Kind::symbol: return e;
    case Expr::Kind::sum: return sum(std::move(operands));
    case Expr::Kind::product: return product(std::move(operands));
    case Expr::Kind::power: return pow(operands.at(0), operands.at(1));
    case Expr::Kind::function: return apply(e.function(), std::move(operands));
    case Expr::Kind::relation:
      return e.strict() ? less(operands.at(0), operands.at(1)) : less_equal(operands.at(0), operands.at(1));
    case Expr::Kind::piecewise: {
      std::vector<Branch> branches;
      for (std::size_t i = 0; i + 1 < operands.size(); i += 2) branches.push_back({operands[i], operands[i + 1]});
      return piecewise(branches, operands.back());
    }
  }
  return e;
}

Expr sqrt(const Expr& u) {
  return pow(u, Rational(1, 2));
}
Expr exp(const Expr& u) {
  return apply(Function::exp, {u});
}
Expr log(const Expr& u) {
  return apply(Function::log, {u});
}
Expr sin(const Expr& u) {
  return apply(Function::sin, {u});
}
Expr cos(const Expr& u) {
  return apply(Function::cos, {u});
}
Expr tan(const Expr& u) {
  return apply(Function::tan, {u});
}
Expr asin(const Expr& u) {
  return apply(Function::asin, {u});
}
Expr acos(const Expr& u) {
  return apply(Function::acos, {u});
}
Expr atan(const Expr& u) {
  return apply(Function::atan, {u});
}
Expr sinh(const Expr& u) {
  return apply(Function::sinh, {u});
}
Expr cosh(const Expr& u) {
  return apply(Function::cosh, {u});
}
Expr tanh(const Expr& u) {
  return apply(Function::tanh, {u});
}
Expr erf(const Expr& u) {
  return apply(Function::erf, {u});
}
Expr erfc(const Expr& u) {
  return apply(Function::erfc, {u});
}
Expr Phi(const Expr& u) {
  return apply(Function::Phi, {u});
}
Expr phi(const Expr& u) {
  return apply(Function::phi, {u});
}
Expr sigmoid(const Expr& u) {
  return apply(Function::sigmoid, {u});
}
Expr softplus(const Expr& u) {
  return apply(Function::softplus, {u});
}
Expr abs(const Expr& u) {
  return apply(Function::abs, {u});
}
Expr sign(const Expr& u) {
  return apply(Function::sign, {u});
}
Expr step(const Expr& u) {
  return apply(Function::step, {u});
}
Expr atan2(const Expr& y, const Expr& x) {
  return apply(Function::atan2, {y, x});
}
Expr min(const Expr& a, const Expr& b) {
  return apply(Function::min, {a, b});
}
Expr max(const Expr& a, const Expr& b) {
  return apply(Function::max, {a, b});
}
Expr Phi2(const Expr& h, const Expr& k, const Expr& x, const Expr& y) {
  return apply(Function::Phi2, {h, k, x, y});
}
Expr re_Phi(const Expr& x, const Expr& y) {
  return apply(Function::re_Phi, {x, y});
}
Expr im_Phi(const Expr& x, const Expr& y) {
  return apply(Function::im_Phi, {x, y});
}
Expr re_Phi2(const Expr& h, const Expr& h_im, const Expr& k, const Expr& k_im, const Expr& x, const Expr& y) {
  return apply(Function::re_Phi2, {h, h_im, k, k_im, x, y});
}
Expr im_Phi2(const Expr& h, const Expr& h_im, const Expr& k, const Expr& k_im, const Expr& x, const Expr& y) {
  return apply(Function::im_Phi2, {h, h_im, k, k_im, x, y});
}

}  // namespace nke
