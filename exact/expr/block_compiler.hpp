// SPDX-License-Identifier: Apache-2.0
// From formulas to steps: numbers are folded, equal steps are one, and what can be done for a whole row or column is kept
// together. Private to the compiler of block programs.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/error.hpp>

#include "block_code.hpp"
#include "block_gates.hpp"

namespace nke::detail {

class BlockCompiler {
 public:
  static constexpr std::size_t operation_limit = 30'000;

  BlockCompiler(std::span<const Expr> outputs, const BlockInputs& inputs)
      : gates_(find_gates(outputs, inputs)), determinant_(inputs.determinant) {
    const std::pair<const std::vector<std::string>*, Dependence> kinds[] = {
        {&inputs.row, on_row}, {&inputs.column, on_column}, {&inputs.entry, on_entry}};
    for (const auto& [names, dependence] : kinds) {
      for (const std::string& name : *names) {
        declare(name, {false, 0, {ValueRef::Kind::input, static_cast<int>(graph_.inputs.size())}});
        graph_.inputs.push_back(dependence);
      }
    }
    if (inputs.determinant) {
      const auto& [name, a, b, c, given, least] = *inputs.determinant;
      const std::array<Value, 3> abc{input(a), input(b), input(c)};
      const Value computed = given.empty()
                                 ? emit(Operation::determinant, {abc[0], abc[1], abc[2]})
                                 : emit(Operation::max, {input(given), scaled(multiply(abc[0], abc[1]), least)});
      declare(name, computed);
    }
  }

  void output(const Expr& e) { graph_.outputs.push_back(ref(value_of(e))); }

  ValueGraph graph() && {
    graph_.numbers.resize(numbers_.size());
    for (const auto& [bits, index] : numbers_)
      graph_.numbers[static_cast<std::size_t>(index)] = std::bit_cast<double>(bits);
    return std::move(graph_);
  }

 private:
  // A number known now, or a value to come.
  struct Value {
    bool known = false;
    double number = 0;
    ValueRef ref{};
  };
  static Value number(double x) { return {true, x, {}}; }

  void declare(const std::string& name, const Value& v) {
    if (!inputs_.emplace(name, v).second) throw DomainError("the input " + name + " is declared twice");
  }

  Value input(const std::string& name) const {
    const auto found = inputs_.find(name);
    if (found == inputs_.end()) throw DomainError("the symbol " + name + " is not among the inputs");
    return found->second;
  }

  ValueRef ref(const Value& v) {
    if (!v.known) return v.ref;
    const auto place = numbers_.try_emplace(std::bit_cast<std::uint64_t>(v.number), static_cast<int>(numbers_.size()));
    return {ValueRef::Kind::number, place.first->second};
  }

  // The same operation on the same values is done once.
  Value emit(Operation operation, std::initializer_list<Value> operands) {
    ValueStep step{operation, {}, 0};
    std::size_t k = 0;
    for (const Value& v : operands) step.in[k++] = ref(v);
    return emit(step);
  }
  Value emit(ValueStep step) {
    for (const ValueRef& v : step.in) step.dependence |= graph_.dependence(v);
    const auto [place, inserted] = emitted_.try_emplace(step, static_cast<int>(graph_.steps.size()));
    if (inserted) {
      if (graph_.steps.size() >= operation_limit) {
        throw LimitError("an expression of more than " + std::to_string(operation_limit) +
                         " operations is not compiled");
      }
      graph_.steps.push_back(step);
    }
    return {false, 0, {ValueRef::Kind::step, place->second}};
  }

  Value value_of(const Expr& e) {
    if (const auto found = values_.find(e); found != values_.end()) return found->second;
    const Value v = varies(e) ? compile(e) : constant(e);
    values_.emplace(e, v);
    return v;
  }

  bool varies(const Expr& e) {
    if (e.is(Expr::Kind::symbol)) return true;
    if (const auto found = varies_.find(e); found != varies_.end()) return found->second;
    bool any = false;
    for (const Expr& operand : e.operands()) any = varies(operand) || any;
    varies_.emplace(e, any);
    return any;
  }

  static Value constant(const Expr& e) {
    // 120 bits hold any folded constant to its last double bit, unless it cancels; then the ball is as wide as it says.
    return number(e.is_number() ? e.number().to_double() : evaluate<Ball>(e, {}, Precision::bits(120)).mid());
  }

  Value compile(const Expr& e) {
    switch (e.kind()) {
      case Expr::Kind::symbol: return input(e.name());
      case Expr::Kind::sum: return sum(e);
      case Expr::Kind::product: return product(e);
      case Expr::Kind::power: return e.is_rational_power() ? quotient(Rational(1), {e}) : general_power(e);
      case Expr::Kind::function: return function(e);
      case Expr::Kind::piecewise: return piecewise(e);
      case Expr::Kind::number:
      case Expr::Kind::constant:
      case Expr::Kind::relation: break;
    }
    throw DomainError("a relation stands outside piecewise");
  }

  // Terms and factors are combined by group first: 0 the row and numbers, 1 the columns, 2 the rest.
  std::size_t group(const Value& v) {
    const Dependence d = v.known ? 0 : graph_.dependence(v.ref);
    return d <= on_row ? 0 : d == on_column ? 1 : 2;
  }

  struct Term {
    Value value;
    double factor;
  };

  // exp(u) − 1 cancels for small u; expm1 does not. With k = ±1: k exp(u) − k = k expm1(u).
  std::vector<Term> terms_of(const Expr& e) {
    std::vector<Expr> terms(e.operands().begin(), e.operands().end());
    Rational rest = terms.front().is_number() ? terms.front().number() : Rational(0);
    if (!rest.is_zero()) terms.erase(terms.begin());
    std::vector<Term> parts;
    for (const Expr& term : terms) {
      const auto [factor, body] = split_coefficient(term);
      const bool is_exp = !rest.is_zero() && body.is(Function::exp);
      // Where it is at hand, also the other way: exp(u) + 1 = expm1(u) + 2, as close as before.
      const bool at_hand = is_exp && factor == rest && minus_one_.contains(body.operand(0));
      const bool as_expm1 = at_hand || (is_exp && factor == -rest);
      const Value value = as_expm1 ? exponential_minus_one(body.operand(0)) : value_of(body);
      if (as_expm1) rest += factor;
      parts.push_back({value, factor.to_double()});
    }
    if (!rest.is_zero()) parts.push_back({number(rest.to_double()), 1});
    return parts;
  }

  Value sum(const Expr& e) {
    std::array<std::optional<Value>, 3> total;
    for (const Term& term : terms_of(e)) {
      std::optional<Value>& side = total[group(term.value)];
      if (!side) {
        side = scaled(term.value, term.factor);
      } else if (term.factor == -1) {
        side = subtract(*side, term.value);
      } else {
        side = add(*side, scaled(term.value, term.factor));
      }
    }
    std::optional<Value> all;
    for (const std::optional<Value>& side : total) {
      if (side) all = all ? add(*all, *side) : *side;
    }
    return *all;
  }

  Value add(const Value& x, const Value& y) {
    return x.known && y.known ? number(x.number + y.number) : emit(Operation::add, {x, y});
  }
  Value subtract(const Value& x, const Value& y) {
    return x.known && y.known ? number(x.number - y.number) : emit(Operation::subtract, {x, y});
  }
  Value multiply(const Value& x, const Value& y) {
    if (x.known) return y.known ? number(x.number * y.number) : scaled(y, x.number);
    return y.known ? scaled(x, y.number) : emit(Operation::multiply, {x, y});
  }
  Value scaled(const Value& v, double factor) {
    if (v.known) return number(v.number * factor);
    return factor == 1 ? v : emit(Operation::multiply, {v, number(factor)});
  }

  Value product(const Expr& e) {
    std::vector<Expr> factors(e.operands().begin(), e.operands().end());
    Rational coefficient(1);
    if (factors.front().is_number()) {
      coefficient = factors.front().number();
      factors.erase(factors.begin());
    }
    std::optional<Value> without_growth = scaled_tail(factors);
    if (!without_growth) without_growth = scaled_quadrant(factors);
    if (without_growth) {
      if (factors.empty()) return scaled(*without_growth, coefficient.to_double());
      return multiply(*without_growth, quotient(coefficient, factors));
    }
    const auto damping =
        std::find_if(factors.begin(), factors.end(), [](const Expr& f) { return f.is(Function::exp); });
    const auto wave = std::find_if(factors.begin(), factors.end(),
                                   [](const Expr& f) { return f.is(Function::sinh) || f.is(Function::cosh); });
    if (damping == factors.end() || wave == factors.end()) return quotient(coefficient, factors);
    const Value damped = damped_wave(damping->operand(0), *wave);
    const Expr pair[] = {*damping, *wave};
    std::erase_if(factors, [&](const Expr& f) { return f == pair[0] || f == pair[1]; });
    if (factors.empty()) return scaled(damped, coefficient.to_double());
    return multiply(damped, quotient(coefficient, factors));
  }

  // One division for all negative powers of a group together.
  Value quotient(const Rational& coefficient, const std::vector<Expr>& factors) {
    struct Fraction {
      std::optional<Value> above, below;
    };
    std::array<Fraction, 3> fractions;
    double scale = coefficient.to_double();
    for (const Expr& factor : factors) {
      const auto [base, exponent] = split_power(factor);
      const bool inverse = exponent.sign() < 0;
      const Value part = power(base, abs(exponent));
      if (part.known) {
        scale = inverse ? scale / part.number : scale * part.number;
        continue;
      }
      Fraction& fraction = fractions[group(part)];
      std::optional<Value>& side = inverse ? fraction.below : fraction.above;
      side = side ? multiply(*side, part) : part;
    }
    std::optional<Value> all;
    for (Fraction& fraction : fractions) {
      if (!fraction.above && !fraction.below) continue;
      // The number goes to the first group, the one that is computed least often.
      Value value = fraction.above ? scaled(*fraction.above, std::exchange(scale, 1)) : number(std::exchange(scale, 1));
      const bool last = &fraction == &fractions.back();
      if (last && all) value = multiply(*all, value), all.reset();
      if (fraction.below) value = emit(Operation::divide, {value, *fraction.below});
      all = all ? multiply(*all, value) : value;
    }
    return *all;
  }

  // base^exponent for a rational exponent > 0.
  Value power(const Expr& base, const Rational& exponent) {
    if (exponent == Rational(1)) return value_of(base);
    const Value b = value_of(base);
    if (b.known) return number(std::pow(b.number, exponent.to_double()));
    const Rational twice = exponent + exponent;
    const std::optional<long> halves = twice.to_long();
    if (!twice.is_integer() || !halves || *halves > 128) {
      return emit(Operation::pow, {b, number(exponent.to_double())});
    }
    const Value integral = *halves >= 2 ? integer_power(b, *halves / 2) : b;
    if (*halves % 2 == 0) return integral;
    const Value root = emit(Operation::sqrt, {b});
    return *halves == 1 ? root : multiply(integral, root);
  }

  Value general_power(const Expr& e) {
    const Expr& base = e.operand(0);
    if (base.is(Expr::Kind::constant) && base.constant() == Constant::e) {
      return exponential(e.operand(1));
    }
    return emit(Operation::pow, {value_of(base), value_of(e.operand(1))});
  }

  Value integer_power(const Value& b, long n) {
    if (n == 1) return b;
    const Value square = emit(Operation::square, {integer_power(b, n / 2)});
    return n % 2 == 0 ? square : multiply(square, b);
  }

  Value function(const Expr& e) {
    const Function f = e.function();
    if (const auto corner = gates_.at_corner.find(e); corner != gates_.at_corner.end()) {
      const Value at_threshold = scaled(density(corner->second.operand(0)), 6.283185307179586477);
      return multiply(at_threshold, density_along(corner->second));
    }
    if (f == Function::exp) return exponential(e.operand(0));
    if (f == Function::Phi2) return quadrant(e);
    const bool threshold = (f == Function::Phi || f == Function::phi) && group(value_of(e.operand(0))) < 2;
    if (f == Function::Phi && (threshold || !gates_.corners.empty())) return mass(e.operand(0));
    if (threshold) return density(e.operand(0));
    if (f == Function::log) {
      if (const std::optional<Expr> u = beyond_one(e.operand(0))) {
        return u->is(Function::exp) ? emit(Operation::softplus, {value_of(u->operand(0))})
                                    : emit(Operation::log1p, {value_of(*u)});
      }
    }
    std::array<Value, largest_arity> operands;
    for (std::size_t i = 0; i < e.operands().size(); ++i) operands[i] = value_of(e.operand(i));
    switch (e.operands().size()) {
      case 1: return emit(operation_of(f), {operands[0]});
      case 2: return emit(operation_of(f), {operands[0], operands[1]});
      default:
        return emit(operation_of(f), {operands[0], operands[1], operands[2], operands[3], operands[4], operands[5]});
    }
  }

  // u, if e = 1 + u.
  static std::optional<Expr> beyond_one(const Expr& e) {
    if (!e.is(Expr::Kind::sum) || !e.operand(0).is_one()) return std::nullopt;
    return nke::sum(std::vector<Expr>(e.operands().begin() + 1, e.operands().end()));
  }

  Value piecewise(const Expr& e) {
    const std::span<const Expr> parts = e.operands();
    Value result = value_of(parts.back());
    for (std::size_t i = parts.size() - 1; i >= 2; i -= 2) {
      const Expr& condition = parts[i - 2];
      const Value mask = emit(condition.strict() ? Operation::less : Operation::less_equal,
                              {value_of(condition.operand(0)), value_of(condition.operand(1))});
      result = emit(Operation::select, {mask, value_of(parts[i - 1]), result});
    }
    return result;
  }

  // Exponents and what is damped by them (block_compile_exponential.cpp).
  struct Exponent;
  Exponent exponent(const Expr& e);
  Value exponential(const Expr& e);
  Value exponential_minus_one(const Expr& e);
  Value damped_wave(const Expr& p, const Expr& wave);

  // φ(t), Φ(t) and Phi2 in the pieces they share (block_compile_gaussian.cpp).
  bool is_negative(const Expr& t) const;
  std::optional<Value> scaled_tail(std::vector<Expr>& factors);
  std::optional<Value> scaled_quadrant(std::vector<Expr>& factors);
  Value density(const Expr& t);
  Value mass(const Expr& t);
  Value along(const Expr& gate, std::size_t line);
  Value density_along(const Expr& gate);
  Value quadrant(const Expr& e);
  Value sector(const Expr& threshold, const Value& along, bool below, const Value& apex, const Value& wedge);
  Value half_quadrant(const Expr& e, std::size_t line);
  Value quadrant_at_foot(const Expr& e, std::size_t line);

  Gates gates_;
  std::optional<BlockInputs::Determinant> determinant_;
  ValueGraph graph_;
  std::map<std::string, Value> inputs_;
  std::unordered_map<Expr, Value> values_;
  std::unordered_map<Expr, bool> varies_;
  std::map<ValueStep, int> emitted_;
  std::unordered_set<Expr> minus_one_;  // u of all expm1(u)
  std::map<std::uint64_t, int> numbers_;
};

}  // namespace nke::detail
