// SPDX-License-Identifier: Apache-2.0
// From an expression to a list of steps, each with a register of its own (program_registers.cpp then shares them).
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/error.hpp>

#include "program_code.hpp"

namespace nke {

namespace {

constexpr std::size_t operation_limit = 30'000;

// A value during compilation: a number known now, or what register `at` will hold. Register −1 is the argument.
struct Value {
  bool known = false;
  double number = 0;
  int at = 0;
};
constexpr int argument_register = ProgramStep::argument;

class Compiler {
 public:
  explicit Compiler(std::string_view variable) : variable_(variable) {}

  Value value_of(const Expr& e) {
    if (const auto found = values_.find(e); found != values_.end()) return found->second;
    const Value v = varies(e) ? compile(e) : constant(e);
    values_.emplace(e, v);
    return v;
  }

  std::vector<ProgramStep> steps;

  int in_register(const Value& v) {
    if (!v.known) return v.at;
    const auto [place, inserted] = filled_.try_emplace(v.number, 0);
    if (inserted) place->second = -2 - static_cast<int>(filled_.size() - 1);
    return place->second;
  }

  /// Constants that need a register, in the order of their numbers −2, −3, …
  std::vector<double> constants() const {
    std::vector<double> list(filled_.size());
    for (const auto& [number, at] : filled_) list[static_cast<std::size_t>(-2 - at)] = number;
    return list;
  }

 private:
  // What an operation does and to which values; a step with no function is a select.
  using Key = std::tuple<std::uintptr_t, std::uintptr_t, std::uintptr_t, std::uintptr_t, double, int, int, int, int>;

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
    return {true, e.is_number() ? e.number().to_double() : evaluate<Ball>(e, {}, Precision::bits(120)).mid(), 0};
  }

  // The same operation on the same values is done once.
  Value emit(ProgramStep step) {
    const Key key{reinterpret_cast<std::uintptr_t>(step.unary),
                  reinterpret_cast<std::uintptr_t>(step.binary),
                  reinterpret_cast<std::uintptr_t>(step.with_constant),
                  reinterpret_cast<std::uintptr_t>(step.quaternary),
                  step.constant,
                  step.a,
                  step.b,
                  step.c,
                  step.d};
    const auto [place, inserted] = emitted_.try_emplace(key, static_cast<int>(steps.size()));
    if (inserted) {
      if (steps.size() >= operation_limit) {
        throw LimitError("an expression of more than " + std::to_string(operation_limit) +
                         " operations is not compiled");
      }
      step.out = place->second;
      steps.push_back(step);
    }
    return {false, 0, place->second};
  }

  Value unary(ProgramStep::Unary f, const Value& a) {
    ProgramStep step;
    step.unary = f;
    step.a = in_register(a);
    return emit(step);
  }

  Value binary(ProgramStep::Binary f, const Value& a, const Value& b) {
    ProgramStep step;
    step.binary = f;
    step.a = in_register(a);
    step.b = in_register(b);
    return emit(step);
  }

  Value with_constant(ProgramStep::WithConstant f, const Value& a, double c) {
    ProgramStep step;
    step.with_constant = f;
    step.a = in_register(a);
    step.constant = c;
    return emit(step);
  }

  Value compile(const Expr& e) {
    switch (e.kind()) {
      case Expr::Kind::symbol: return {false, 0, argument_register};
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

  // exp(u) − 1 cancels for small u; expm1 does not. With k = ±1: k exp(u) − k = k expm1(u).
  Value sum(const Expr& e) {
    std::vector<Expr> terms(e.operands().begin(), e.operands().end());
    Rational rest = terms.front().is_number() ? terms.front().number() : Rational(0);
    if (!rest.is_zero()) terms.erase(terms.begin());
    std::optional<Value> total;
    for (const Expr& term : terms) {
      const auto [factor, body] = split_coefficient(term);
      const bool as_expm1 = !rest.is_zero() && factor == -rest && body.is(Function::exp);
      Value part = as_expm1 ? unary(block::expm1, value_of(body.operand(0))) : value_of(body);
      if (as_expm1) rest = Rational(0);
      const bool subtracted = factor == Rational(-1);
      if (!subtracted && factor != Rational(1)) part = scaled(part, factor.to_double());
      if (!total) {
        total = subtracted ? scaled(part, -1) : part;
      } else {
        total = subtracted ? binary(block::subtract, *total, part) : binary(block::add, *total, part);
      }
    }
    return rest.is_zero() ? *total : with_constant(block::add, *total, rest.to_double());
  }

  Value scaled(const Value& v, double factor) {
    if (v.known) return {true, v.number * factor, 0};
    return factor == 1 ? v : with_constant(block::multiply, v, factor);
  }

  Value product(const Expr& e) {
    std::vector<Expr> factors(e.operands().begin(), e.operands().end());
    Rational coefficient(1);
    if (factors.front().is_number()) {
      coefficient = factors.front().number();
      factors.erase(factors.begin());
    }
    return quotient(coefficient, factors);
  }

  // One division for all negative powers together.
  Value quotient(const Rational& coefficient, const std::vector<Expr>& factors) {
    std::optional<Value> above, below;
    double scale = coefficient.to_double();
    for (const Expr& factor : factors) {
      const auto [base, exponent] = split_power(factor);
      const bool inverse = exponent.sign() < 0;
      const Value part = power(base, abs(exponent));
      std::optional<Value>& side = inverse ? below : above;
      if (part.known) {
        scale = inverse ? scale / part.number : scale * part.number;
      } else {
        side = side ? binary(block::multiply, *side, part) : part;
      }
    }
    if (!below) return scaled(*above, scale);
    if (!above) return with_constant(block::divide_into, *below, scale);
    return binary(block::divide, scaled(*above, scale), *below);
  }

  // base^exponent for a rational exponent > 0.
  Value power(const Expr& base, const Rational& exponent) {
    if (exponent == Rational(1)) return value_of(base);
    const Value b = value_of(base);
    if (b.known) return {true, std::pow(b.number, exponent.to_double()), 0};
    const Rational twice = exponent + exponent;
    const std::optional<long> halves = twice.to_long();
    if (!twice.is_integer() || !halves || *halves > 128) return with_constant(block::pow, b, exponent.to_double());
    const Value integral = *halves >= 2 ? integer_power(b, *halves / 2) : b;
    if (*halves % 2 == 0) return integral;
    const Value root = unary(block::sqrt, b);
    return *halves == 1 ? root : binary(block::multiply, integral, root);
  }

  Value general_power(const Expr& e) {
    const Expr& base = e.operand(0);
    if (base.is(Expr::Kind::constant) && base.constant() == Constant::e) {
      return unary(block::exp, value_of(e.operand(1)));
    }
    return binary(block::pow, value_of(base), value_of(e.operand(1)));
  }

  Value integer_power(const Value& b, long n) {
    if (n == 1) return b;
    const Value square = unary(block::square, integer_power(b, n / 2));
    return n % 2 == 0 ? square : binary(block::multiply, square, b);
  }

  Value function(const Expr& e) {
    const Function f = e.function();
    if (f == Function::log) {
      if (const std::optional<Expr> u = beyond_one(e.operand(0))) {
        return u->is(Function::exp) ? unary(block::softplus, value_of(u->operand(0)))
                                    : unary(block::log1p, value_of(*u));
      }
    }
    if (f == Function::min || f == Function::max) return extremum(f, value_of(e.operand(0)), value_of(e.operand(1)));
    if (f == Function::atan2) return binary(block::atan2, value_of(e.operand(0)), value_of(e.operand(1)));
    if (function_row(f).arity == 4) return quaternary(e);
    return unary(unary_function(f), value_of(e.operand(0)));
  }

  Value quaternary(const Expr& e) {
    const Value h = value_of(e.operand(0)), k = value_of(e.operand(1));
    const Value x = value_of(e.operand(2)), y = value_of(e.operand(3));
    ProgramStep step;
    step.quaternary = quaternary_function(e.function());
    step.a = in_register(h);
    step.b = in_register(k);
    step.c = in_register(x);
    step.d = in_register(y);
    return emit(step);
  }

  // u, if e = 1 + u.
  static std::optional<Expr> beyond_one(const Expr& e) {
    if (!e.is(Expr::Kind::sum) || !e.operand(0).is_one()) return std::nullopt;
    return nke::sum(std::vector<Expr>(e.operands().begin() + 1, e.operands().end()));
  }

  Value extremum(Function f, Value a, Value b) {
    if (a.known) std::swap(a, b);
    using WithConstant = ProgramStep::WithConstant;
    using Binary = ProgramStep::Binary;
    const bool smallest = f == Function::min;
    if (b.known) {
      return with_constant(smallest ? static_cast<WithConstant>(block::min) : static_cast<WithConstant>(block::max), a,
                           b.number);
    }
    return binary(smallest ? static_cast<Binary>(block::min) : static_cast<Binary>(block::max), a, b);
  }

  Value piecewise(const Expr& e) {
    const std::span<const Expr> parts = e.operands();
    Value result = value_of(parts.back());
    for (std::size_t i = parts.size() - 1; i >= 2; i -= 2) {
      const Expr& condition = parts[i - 2];
      const Value mask = binary(condition.strict() ? block::less : block::less_equal, value_of(condition.operand(0)),
                                value_of(condition.operand(1)));
      const Value chosen = value_of(parts[i - 1]);
      ProgramStep step;
      step.selects = true;
      step.a = in_register(mask);
      step.b = in_register(chosen);
      step.c = in_register(result);
      result = emit(step);
    }
    return result;
  }

  std::string variable_;
  std::unordered_map<Expr, Value> values_;
  std::unordered_map<Expr, bool> varies_;
  std::map<Key, int> emitted_;
  std::map<double, int> filled_;
};

}  // namespace

Program::Code Program::Code::compile(const Expr& e, std::string_view variable) {
  for (const std::string& name : symbols(e)) {
    if (name != variable) {
      throw DomainError("a program in " + std::string(variable) + " cannot hold the symbol " + name);
    }
  }
  Compiler compiler(variable);
  const Value value = compiler.value_of(e);
  if (value.known || value.at == argument_register ||
      value.at != static_cast<int>(compiler.steps.size()) - 1) {  // a bare number, x itself, or an earlier value
    ProgramStep copy;
    copy.a = compiler.in_register(value);
    copy.out = static_cast<int>(compiler.steps.size());
    compiler.steps.push_back(copy);
  }
  return assign_registers(compiler.steps, compiler.constants());
}

}  // namespace nke
