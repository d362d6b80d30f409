// SPDX-License-Identifier: Apache-2.0
// Nodes: how they are shared, what is worked out when they are made, and how an Expr reads them.
#include <array>
#include <mutex>
#include <ostream>
#include <unordered_map>

#include <nke/exact/expr/expr.hpp>
#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/expr/print.hpp>

#include "expr_node.hpp"

namespace nke {
namespace {

// The table of all nodes, in parts so that threads seldom meet. An entry holds no ownership: the last Expr that refers
// to a node removes it. While the lock of its part is held, the memory of every entry is alive, because a node is
// deleted only after its entry has been taken out under that lock.
struct Part {
  struct Entry {
    const ExprNode* address;
    std::weak_ptr<const ExprNode> owner;
  };
  std::mutex mutex;
  std::unordered_multimap<std::uint64_t, Entry> nodes;
};
constexpr std::size_t part_count = 16;

// Never destroyed: expressions with static storage may outlive any other static object.
Part& part_of(std::uint64_t hash) {
  static auto& parts = *new std::array<Part, part_count>;
  return parts[(hash >> 32) % part_count];
}

std::uint64_t mixed(std::uint64_t h, std::uint64_t value) {
  h = (h ^ value) * 0x9E3779B97F4A7C15ULL;
  h = (h ^ (h >> 29)) * 0xBF58476D1CE4E5B9ULL;
  return h ^ (h >> 32);
}

std::uint64_t hash_of(const ExprNode& node) {
  std::uint64_t h = mixed(static_cast<std::uint64_t>(node.kind), node.tag);
  if (node.kind == Expr::Kind::number) h = mixed(h, node.number->hash());
  for (const char c : node.name) h = mixed(h, static_cast<unsigned char>(c));
  for (const Expr& operand : node.operands) h = mixed(h, operand.hash());
  return h;
}

bool same_content(const ExprNode& a, const ExprNode& b) {
  return a.kind == b.kind && a.tag == b.tag && a.name == b.name && a.operands == b.operands && a.number == b.number;
}

struct Sign {
  bool nonnegative;
  bool positive;
};

Sign sign_of_sum(const std::vector<Expr>& terms) {
  Sign sign{true, false};
  for (const Expr& term : terms) {
    sign.nonnegative = sign.nonnegative && term.nonnegative();
    sign.positive = sign.positive || term.positive();
  }
  return {sign.nonnegative, sign.nonnegative && sign.positive};
}

Sign sign_of_all(const std::vector<Expr>& values) {
  Sign sign{true, true};
  for (const Expr& value : values) {
    sign.nonnegative = sign.nonnegative && value.nonnegative();
    sign.positive = sign.positive && value.positive();
  }
  return sign;
}

Sign sign_of_power(const Expr& base, const Expr& exponent) {
  if (base.positive()) return {true, true};
  if (!exponent.is_number()) return {base.nonnegative(), false};
  const Rational& r = exponent.number();
  const bool even = r.is_integer() && (r / Rational(2)).is_integer();
  const bool nonnegative = even || !r.is_integer() || base.nonnegative();
  return {nonnegative, nonnegative && r.sign() < 0};  // 0 is not in the domain of a negative power
}

Sign sign_of_function(const ExprNode& node) {
  const auto function = static_cast<Function>(node.tag);
  const FunctionRow& row = function_row(function);
  if (row.positive || row.nonnegative) return {true, row.positive};
  if (function == Function::min) return sign_of_all(node.operands);
  if (function == Function::max) {
    const Expr& a = node.operands[0];
    const Expr& b = node.operands[1];
    return {a.nonnegative() || b.nonnegative(), a.positive() || b.positive()};
  }
  return {false, false};
}

Sign sign_of_piecewise(const std::vector<Expr>& operands) {
  Sign sign{true, true};
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (operands[i].is(Expr::Kind::relation)) continue;
    sign.nonnegative = sign.nonnegative && operands[i].nonnegative();
    sign.positive = sign.positive && operands[i].positive();
  }
  return sign;
}

Sign sign_of(const ExprNode& node) {
  switch (node.kind) {
    case Expr::Kind::number: return {node.number->sign() >= 0, node.number->sign() > 0};
    case Expr::Kind::constant: return {true, true};
    case Expr::Kind::symbol: return {false, false};
    case Expr::Kind::relation: return {false, false};
    case Expr::Kind::sum: return sign_of_sum(node.operands);
    case Expr::Kind::product: return sign_of_all(node.operands);
    case Expr::Kind::power: return sign_of_power(node.operands[0], node.operands[1]);
    case Expr::Kind::function: return sign_of_function(node);
    case Expr::Kind::piecewise: return sign_of_piecewise(node.operands);
  }
  return {false, false};
}

constexpr std::uint64_t tree_size_limit = std::uint64_t{1} << 62;

void measure(ExprNode& node) {
  for (const Expr& operand : node.operands) {
    node.depth = std::max(node.depth, operand.depth() + 1);
    node.tree_size = std::min(tree_size_limit, node.tree_size + operand.tree_size());
  }
  if (node.depth > Expr::depth_limit) {
    throw LimitError("an expression is nested more than " + std::to_string(Expr::depth_limit) + " deep");
  }
  node.hash = hash_of(node);
}

}  // namespace

Expr ExprNode::share(ExprNode&& content) {
  measure(content);
  std::shared_ptr<const ExprNode> made;  // outlives the lock: should the table throw, release() takes it again
  Part& part = part_of(content.hash);
  const std::lock_guard lock(part.mutex);
  const auto [first, last] = part.nodes.equal_range(content.hash);
  for (auto it = first; it != last; ++it) {
    if (!same_content(*it->second.address, content)) continue;
    if (auto alive = it->second.owner.lock()) return Expr(std::move(alive));
  }
  const Sign sign = sign_of(content);
  content.nonnegative = sign.nonnegative;
  content.positive = sign.positive;
  made.reset(new ExprNode(std::move(content)), &ExprNode::release);
  part.nodes.emplace(made->hash, Part::Entry{made.get(), made});
  return Expr(made);
}

void ExprNode::release(const ExprNode* node) {
  {
    Part& part = part_of(node->hash);
    const std::lock_guard lock(part.mutex);
    const auto [first, last] = part.nodes.equal_range(node->hash);
    for (auto it = first; it != last; ++it) {
      if (it->second.address == node) {
        part.nodes.erase(it);
        break;
      }
    }
  }
  delete node;  // may release operands in turn, at most depth_limit deep
}

Expr raw_node(Expr::Kind kind, std::uint8_t tag, std::vector<Expr> operands) {
  ExprNode node;
  node.kind = kind;
  node.tag = tag;
  node.operands = std::move(operands);
  return ExprNode::share(std::move(node));
}

Expr raw_power(const Expr& base, const Expr& exponent) {
  return raw_node(Expr::Kind::power, 0, {base, exponent});
}

void require_value(const Expr& e) {
  if (e.is(Expr::Kind::relation)) throw DomainError("a comparison is a condition of piecewise, not a number");
}

void require_size(const Rational& q) {
  if (q.bit_size() > Expr::number_bit_limit) {
    throw LimitError("a number of " + std::to_string(q.bit_size()) + " bits; at most " +
                     std::to_string(Expr::number_bit_limit) + " are allowed");
  }
}

Expr::Expr(Rational value) {
  require_size(value);
  ExprNode node;
  node.number = std::move(value);
  *this = ExprNode::share(std::move(node));
}

Expr::Expr() {
  static const Expr zero{Rational(0)};
  node_ = zero.node_;
}

Expr symbol(std::string_view name) {
  if (name.empty()) throw DomainError("a symbol needs a name");
  ExprNode node;
  node.kind = Expr::Kind::symbol;
  node.name = name;
  return ExprNode::share(std::move(node));
}

Expr pi() {
  return raw_node(Expr::Kind::constant, static_cast<std::uint8_t>(Constant::pi), {});
}
Expr euler() {
  return raw_node(Expr::Kind::constant, static_cast<std::uint8_t>(Constant::e), {});
}

Expr::Kind Expr::kind() const noexcept {
  return node_->kind;
}
std::span<const Expr> Expr::operands() const noexcept {
  return node_->operands;
}
const Rational& Expr::number() const {
  static const Rational zero;
  return node_->number ? *node_->number : zero;
}
Constant Expr::constant() const {
  return static_cast<Constant>(node_->tag);
}
const std::string& Expr::name() const {
  return node_->name;
}
Function Expr::function() const {
  return static_cast<Function>(node_->tag);
}
bool Expr::strict() const {
  return node_->tag != 0;
}
bool Expr::nonnegative() const noexcept {
  return node_->nonnegative;
}
bool Expr::positive() const noexcept {
  return node_->positive;
}
int Expr::depth() const noexcept {
  return node_->depth;
}
std::uint64_t Expr::tree_size() const noexcept {
  return node_->tree_size;
}
std::size_t Expr::hash() const noexcept {
  return node_->hash;
}

std::ostream& operator<<(std::ostream& out, const Expr& e) {
  return out << to_text(e);
}

}  // namespace nke
