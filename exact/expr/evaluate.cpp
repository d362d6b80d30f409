// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <optional>

#include <nke/exact/expr/evaluate.hpp>

#include "flat_graph.hpp"
#include "real_operations.hpp"

namespace nke {
namespace {

// The operations with numbers and constants made ready, and the walk over them.
template <class T>
class Walk {
 public:
  Walk(const Expr& e, Precision precision, bool analytic)
      : operations_(flatten(e)), precision_(precision), analytic_(analytic) {
    leaves_.resize(operations_.size());
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const Expr& leaf = operations_[i].expr;
      if (leaf.is_number()) leaves_[i] = number<T>(leaf.number(), precision);
      if (leaf.is(Expr::Kind::constant)) {
        leaves_[i] = leaf.constant() == Constant::pi ? pi<T>(precision) : euler<T>(precision);
      }
    }
  }

  const std::vector<Operation>& operations() const { return operations_; }

  /// `value_of` gives the value of a symbol by name; what it refers to stays where it is.
  template <class Lookup>
  T run(const Lookup& value_of) const {
    std::vector<T> computed(operations_.size());
    Values values(operations_.size());
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      const Operation& operation = operations_[i];
      if (operation.expr.is(Expr::Kind::symbol)) {
        values[i] = &value_of(operation.expr.name());
      } else if (leaves_[i]) {
        values[i] = &*leaves_[i];
      } else if (!operation.expr.is(Expr::Kind::relation)) {  // a relation has no value; piecewise looks through it
        computed[i] = result(operation, values);
        values[i] = &computed[i];
      }
    }
    return *values.back();
  }

 private:
  using Values = std::vector<const T*>;

  T result(const Operation& operation, const Values& values) const {
    const Expr& e = operation.expr;
    const auto at = [&](std::size_t k) -> const T& { return *values[operation.operands[k]]; };
    switch (e.kind()) {
      case Expr::Kind::sum: {
        T total = at(0) + at(1);
        for (std::size_t k = 2; k < operation.operands.size(); ++k) total = total + at(k);
        return total;
      }
      case Expr::Kind::product: return product_of(operation, values);
      case Expr::Kind::power:
        if (e.operand(1).is_number()) return rational_power(at(0), e.operand(1).number(), precision_, analytic_);
        return general_power(at(0), at(1), analytic_);
      case Expr::Kind::function: return called_on(operation, values);
      case Expr::Kind::piecewise: return chosen(operation, values);
      default: return undefined<T>(precision_);
    }
  }

  T product_of(const Operation& operation, const Values& values) const {
    const auto multiplied = [&values](const std::vector<std::uint32_t>& factors) {
      T total = *values[factors.front()];
      for (std::size_t k = 1; k < factors.size(); ++k) total = total * *values[factors[k]];
      return total;
    };
    if (operation.divisors.empty()) return multiplied(operation.operands);
    const T below = multiplied(operation.divisors);
    return operation.operands.empty() ? T(1 / below) : T(multiplied(operation.operands) / below);
  }

  T called_on(const Operation& operation, const Values& values) const {
    const FunctionRow& row = function_row(operation.expr.function());
    std::array<T, largest_arity> arguments;
    for (std::size_t k = 0; k < operation.operands.size(); ++k) arguments[k] = *values[operation.operands[k]];
    return called(row, std::span<const T>(arguments).first(operation.operands.size()), analytic_);
  }

  // The branch whose condition is first to hold; if some condition before it is undecided, the hull of all that may be.
  T chosen(const Operation& operation, const Values& values) const {
    const auto& operands = operation.operands;
    std::optional<T> possible;
    const auto include = [&](const T& value) { possible = possible ? either(*possible, value, precision_) : value; };
    bool open = false;
    for (std::size_t k = 0; k + 1 < operands.size(); k += 2) {
      const Operation& relation = operations_[operands[k]];
      const T& left = *values[relation.operands[0]];
      const T& right = *values[relation.operands[1]];
      if (!comparable(left) || !comparable(right)) return undefined<T>(precision_);
      const Truth truth = compared(left, right, relation.expr.strict());
      if (truth == Truth::no) continue;
      include(*values[operands[k + 1]]);
      if (truth == Truth::yes) return open && analytic_ ? undefined<T>(precision_) : *possible;
      open = true;
    }
    include(*values[operands.back()]);
    return open && analytic_ ? undefined<T>(precision_) : *possible;
  }

  std::vector<Operation> operations_;
  std::vector<std::optional<T>> leaves_;
  Precision precision_;
  bool analytic_;
};

}  // namespace

template <class T>
struct Evaluator<T>::Tape {
  Walk<T> walk;
  std::vector<std::string> variables;
  Precision precision;
};

template <class T>
Evaluator<T>::Evaluator(const Expr& e, std::vector<std::string> variables, Precision precision, bool analytic) {
  require_value(e);
  for (const std::string& name : symbols(e)) {
    if (std::find(variables.begin(), variables.end(), name) == variables.end()) {
      throw DomainError("the symbol " + name + " has no value");
    }
  }
  tape_ = std::make_shared<const Tape>(Tape{Walk<T>(e, precision, analytic), std::move(variables), precision});
}

template <class T>
Evaluator<T>::Evaluator(const Expr& e, std::string_view variable, Precision precision, bool analytic)
    : Evaluator(e, std::vector<std::string>{std::string(variable)}, precision, analytic) {}

template <class T>
T Evaluator<T>::operator()(const T& at) const {
  return (*this)(std::span<const T>(&at, 1));
}

template <class T>
T Evaluator<T>::operator()(std::span<const T> at) const {
  const std::vector<std::string>& variables = tape_->variables;
  std::vector<T> raised;  // to the working precision, where values came with less
  if (std::any_of(at.begin(), at.end(), [this](const T& x) { return lacks_precision(x, tape_->precision); })) {
    raised.reserve(at.size());
    for (const T& value : at) raised.push_back(prepared(value, tape_->precision));
    at = raised;
  }
  return tape_->walk.run([&](const std::string& name) -> const T& {
    return at[static_cast<std::size_t>(std::find(variables.begin(), variables.end(), name) - variables.begin())];
  });
}

template <class T>
T evaluate(const Expr& e, const Bindings<T>& bindings, Precision precision, bool analytic) {
  std::vector<std::string> variables;
  std::vector<T> values;
  for (const auto& [name, value] : bindings) {
    variables.push_back(name);
    values.push_back(value);
  }
  return Evaluator<T>(e, std::move(variables), precision, analytic)(std::span<const T>(values));
}

template <class T>
T evaluate(const Expr& e, std::string_view variable, const T& at, Precision precision, bool analytic) {
  return Evaluator<T>(e, variable, precision, analytic)(at);
}

double evaluate(const Expr& e, std::string_view variable, double at) {
  return evaluate<double>(e, variable, at, Precision::of_double());
}

template class Evaluator<double>;
template class Evaluator<Mpfr>;
template class Evaluator<Ball>;
template class Evaluator<ComplexBall>;

template double evaluate(const Expr&, const Bindings<double>&, Precision, bool);
template Mpfr evaluate(const Expr&, const Bindings<Mpfr>&, Precision, bool);
template Ball evaluate(const Expr&, const Bindings<Ball>&, Precision, bool);
template ComplexBall evaluate(const Expr&, const Bindings<ComplexBall>&, Precision, bool);

template double evaluate(const Expr&, std::string_view, const double&, Precision, bool);
template Mpfr evaluate(const Expr&, std::string_view, const Mpfr&, Precision, bool);
template Ball evaluate(const Expr&, std::string_view, const Ball&, Precision, bool);
template ComplexBall evaluate(const Expr&, std::string_view, const ComplexBall&, Precision, bool);

}  // namespace nke
