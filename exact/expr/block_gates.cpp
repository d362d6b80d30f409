// SPDX-License-Identifier: Apache-2.0
#include "block_gates.hpp"

#include <cmath>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/error.hpp>

namespace nke::detail {

namespace {

constexpr std::size_t places = 4;
using Values = std::array<std::optional<Ball>, places>;

const Precision precision = Precision::bits(160);

class Finder {
 public:
  Finder(std::span<const Expr> outputs, const BlockInputs& inputs) : determinant_(inputs.determinant) {
    for (const Expr& e : outputs) collect(e);
    if (gates_.empty()) return;
    for (std::size_t i = 0; i < places; ++i) points_[i] = point(inputs, i);
  }

  Gates operator()() {
    Gates found;
    for (const Expr& gate : gates_) {
      const std::span<const Expr> hkxy = gate.operands();
      const Values h = at(hkxy[0]), k = at(hkxy[1]);
      const Values w[2] = {at(corner(hkxy, 0)), at(corner(hkxy, 1))};
      auto& own = found.corners[gate];
      for (std::size_t line = 0; line < 2; ++line) {
        // What differentiating Phi2 writes is w in terms of h and k: no better than what is computed without it.
        const Expr mechanical = corner(hkxy, line);
        if (same(w[line], zero())) own[line] = Expr(0);
        for (const Expr& u : arguments_) {
          if (u == mechanical) {
            found.on_line.try_emplace(u, CornerOnLine{gate, line});
          } else if (!own[line] && same(at(u), w[line])) {
            own[line] = u;
          }
        }
      }
      for (std::size_t line = 0; line < 2; ++line) {
        if (!own[line]) own[line] = in_covariances(hkxy, line, w[line]);
      }
      // One line by its own w and the other by h and k would not meet in one corner.
      if (!own[0] || !own[1]) {
        own = {};
        continue;
      }
      Values exponent;
      for (std::size_t i = 0; i < places; ++i) {
        if (h[i] && w[0][i]) exponent[i] = (*h[i] * *h[i] + *w[0][i] * *w[0][i]) * Ball(-1) / Ball(2);
      }
      for (const Expr& e : exponentials_) {
        if (same(at(e.operand(0)), exponent)) found.at_corner.try_emplace(e, gate);
      }
    }
    return found;
  }

 private:
  void collect(const Expr& e) {
    if (!seen_.insert(e).second) return;
    for (const Expr& operand : e.operands()) collect(operand);
    if (e.is(Function::Phi2)) gates_.push_back(e);
    if (e.is(Function::Phi)) arguments_.push_back(e.operand(0));
    if (e.is(Function::exp)) exponentials_.push_back(e);
  }

  // w_h or w_k, as the derivative of Phi2 has it.
  static Expr corner(std::span<const Expr> hkxy, std::size_t line) {
    const Expr &from = hkxy[line], &to = hkxy[1 - line], &x = hkxy[2], &y = hkxy[3];
    return (to * sqrt(pow(x, 2) + pow(y, 2)) - x * from) / y;
  }

  // For thresholds θ/√a and η/√b at x = ±c, y = √d: w = (η a − r θ c)/√(ad) and its mirror image, whose numerators are
  // exact but for one rounding.
  std::optional<Expr> in_covariances(std::span<const Expr> hkxy, std::size_t line, const Values& w) {
    if (!determinant_) return std::nullopt;
    const Expr a = symbol(line == 0 ? determinant_->a : determinant_->b);
    const Expr b = symbol(line == 0 ? determinant_->b : determinant_->a), d = symbol(determinant_->name);
    const Expr above = hkxy[1 - line] * a * sqrt(b) - hkxy[2] * hkxy[line] * sqrt(a);
    const std::span<const Expr> terms = above.is(Expr::Kind::sum) ? above.operands() : std::span(&above, 1);
    for (const Expr& term : terms) {
      const Expr body = split_coefficient(term).second;
      if (!body.is_number() && !body.is(Expr::Kind::symbol)) return std::nullopt;
    }
    const Expr candidate = above / sqrt(a * d);
    return same(at(candidate), w) ? std::optional(candidate) : std::nullopt;
  }

  static Bindings<Ball> point(const BlockInputs& inputs, std::size_t i) {
    Bindings<Ball> at;
    double value = 0.37 + 0.29 * static_cast<double>(i);
    for (const auto* names : {&inputs.row, &inputs.column, &inputs.entry}) {
      for (const std::string& name : *names) {
        value = 0.4 + std::fmod(value * 1.6180339887498949 + 0.31, 1.0);
        at.insert_or_assign(name, Ball::from_double_exactly(value, precision));
      }
    }
    if (const auto& d = inputs.determinant) {
      // A covariance; both signs of c are met.
      const Ball a = at.at(d->a), b = at.at(d->b);
      const Ball c = a * b / Ball(i % 2 == 0 ? 3 : -4) / (a + b);
      at.insert_or_assign(d->c, c);
      at.insert_or_assign(d->name, a * b - c * c);
      if (!d->given.empty()) at.insert_or_assign(d->given, a * b - c * c);
    }
    return at;
  }

  const Values& at(const Expr& e) {
    if (const auto found = values_.find(e); found != values_.end()) return found->second;
    Values values;
    for (std::size_t i = 0; i < places; ++i) {
      try {
        const Ball value = evaluate<Ball>(e, points_[i], precision);
        if (value.is_finite()) values[i] = value;
      } catch (const Error&) {  // not defined there
      }
    }
    return values_.emplace(e, std::move(values)).first->second;
  }

  static Values zero() {
    Values values;
    values.fill(Ball(0));
    return values;
  }

  static bool same(const Values& u, const Values& v) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < places; ++i) {
      if (u[i].has_value() != v[i].has_value()) return false;
      if (!u[i]) continue;
      const double difference = std::abs((*u[i] - *v[i]).mid());
      if (!(difference <= 1e-30 * (1 + std::abs(v[i]->mid())))) return false;
      ++seen;
    }
    return seen >= 2;
  }

  std::optional<BlockInputs::Determinant> determinant_;
  std::unordered_set<Expr> seen_;
  std::vector<Expr> gates_, arguments_, exponentials_;
  std::array<Bindings<Ball>, places> points_;
  std::unordered_map<Expr, Values> values_;
};

}  // namespace

Gates find_gates(std::span<const Expr> outputs, const BlockInputs& inputs) {
  return Finder(outputs, inputs)();
}

}  // namespace nke::detail
