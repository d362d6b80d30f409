// SPDX-License-Identifier: Apache-2.0
// The node behind an Expr, and the one place that makes nodes. Private to exact/expr.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nke/exact/expr/expr.hpp>

namespace nke {

struct ExprNode {
  Expr::Kind kind = Expr::Kind::number;
  std::uint8_t tag = 0;  // Function, Constant, or whether a relation is strict
  bool nonnegative = false;
  bool positive = false;
  int depth = 1;
  std::uint64_t tree_size = 1;
  std::uint64_t hash = 0;
  std::optional<Rational> number;  // only a number has one: even a zero costs an allocation
  std::string name;
  std::vector<Expr> operands;

  /// The shared node with this content: the one that exists, or this one. LimitError past the limits of expr.hpp.
  static Expr share(ExprNode&& content);
  /// Removes a node that nobody refers to any more from the table of all nodes, then deletes it.
  static void release(const ExprNode* node);
};

/// A node with these operands as they are: only for callers whose operands are in normal form already.
Expr raw_node(Expr::Kind kind, std::uint8_t tag, std::vector<Expr> operands);
Expr raw_power(const Expr& base, const Expr& exponent);

/// Throws a DomainError if a relation stands where a number is needed.
void require_value(const Expr& e);
/// The folded number, or LimitError if it has grown past Expr::number_bit_limit.
void require_size(const Rational& q);

/// What a condition says without knowing x, if that is known.
enum class Truth { unknown, no, yes };
Truth decided(const Expr& relation);

}  // namespace nke
