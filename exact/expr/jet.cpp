// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <optional>

#include <nke/exact/expr/jet.hpp>

#include "flat_graph.hpp"
#include "real_operations.hpp"
#include "series.hpp"

namespace nke {
namespace {

template <class T>
using Series = series::Series<T>;

inline const FunctionEvaluation<double>& evaluation(const FunctionRow& row, double) {
  return row.over_double;
}
inline const FunctionEvaluation<Mpfr>& evaluation(const FunctionRow& row, const Mpfr&) {
  return row.over_mpfr;
}
inline const FunctionEvaluation<Ball>& evaluation(const FunctionRow& row, const Ball&) {
  return row.over_ball;
}

template <class T>
class SeriesWalk {
 public:
  SeriesWalk(const Expr& e, const T& at, int order, Precision precision)
      : operations_(flatten(e)), at_(at), size_(static_cast<std::size_t>(order) + 1), precision_(precision) {}

  Series<T> run() {
    values_.reserve(operations_.size());
    for (const Operation& operation : operations_) values_.push_back(result(operation));
    return std::move(values_.back());
  }

 private:
  Series<T> constant(const T& value) const {
    Series<T> f(size_, number<T>(Rational(0), precision_));
    f[0] = value;
    return f;
  }

  const Series<T>& operand(const Operation& operation, std::size_t k) const { return values_[operation.operands[k]]; }

  Series<T> result(const Operation& operation) const {
    const Expr& e = operation.expr;
    switch (e.kind()) {
      case Expr::Kind::number: return constant(number<T>(e.number(), precision_));
      case Expr::Kind::constant:
        return constant(e.constant() == Constant::pi ? pi<T>(precision_) : euler<T>(precision_));
      case Expr::Kind::symbol: {
        Series<T> f = constant(at_);
        if (size_ > 1) f[1] = number<T>(Rational(1), precision_);
        return f;
      }
      case Expr::Kind::sum: {
        Series<T> total = operand(operation, 0);
        for (std::size_t k = 1; k < operation.operands.size(); ++k) total = series::add(total, operand(operation, k));
        return total;
      }
      case Expr::Kind::product: return product_of(operation);
      case Expr::Kind::power: return power_of(operation);
      case Expr::Kind::function: return called_on(operation);
      case Expr::Kind::piecewise: return chosen(operation);
      case Expr::Kind::relation: return {};  // piecewise looks through it
    }
    return {};
  }

  Series<T> product_of(const Operation& operation) const {
    Series<T> total = constant(number<T>(Rational(1), precision_));
    bool first = true;
    for (const auto index : operation.operands) {
      total = first ? values_[index] : series::multiply(total, values_[index]);
      first = false;
    }
    if (operation.divisors.empty()) return total;
    Series<T> below = values_[operation.divisors.front()];
    for (std::size_t k = 1; k < operation.divisors.size(); ++k) {
      below = series::multiply(below, values_[operation.divisors[k]]);
    }
    return series::divide(total, below);
  }

  Series<T> power_of(const Operation& operation) const {
    const Series<T>& base = operand(operation, 0);
    const Expr& exponent = operation.expr.operand(1);
    if (!exponent.is_number()) {  // u^v = exp(v log u)
      const Series<T>& v = operand(operation, 1);
      return series::exp_from(general_power(base[0], v[0], false), series::multiply(v, series::log(base)));
    }
    const Rational& r = exponent.number();
    if (const auto n = r.to_long()) return series::power(base, *n);
    return series::power(base, rational_power(base[0], r, precision_, false), r);
  }

  Series<T> called_on(const Operation& operation) const {
    std::array<Series<T>, largest_arity> arguments;
    for (std::size_t k = 0; k < operation.operands.size(); ++k) arguments[k] = operand(operation, k);
    const FunctionRow& row = function_row(operation.expr.function());
    return evaluation(row, at_).series(std::span<const Series<T>>(arguments).first(operation.operands.size()));
  }

  Series<T> chosen(const Operation& operation) const {
    const auto& operands = operation.operands;
    std::optional<Series<T>> possible;
    const auto include = [&](const Series<T>& f) {
      if (!possible) {
        possible = f;
        return;
      }
      for (std::size_t k = 0; k < size_; ++k) (*possible)[k] = either((*possible)[k], f[k], precision_);
    };
    for (std::size_t k = 0; k + 1 < operands.size(); k += 2) {
      const Operation& relation = operations_[operands[k]];
      const T& left = operand(relation, 0)[0];
      const T& right = operand(relation, 1)[0];
      if (!comparable(left) || !comparable(right)) return Series<T>(size_, undefined<T>(precision_));
      const Truth truth = compared(left, right, relation.expr.strict());
      if (truth == Truth::no) continue;
      include(values_[operands[k + 1]]);
      if (truth == Truth::yes) return *possible;
    }
    include(values_[operands.back()]);
    return *possible;
  }

  std::vector<Operation> operations_;
  std::vector<Series<T>> values_;
  T at_;
  std::size_t size_;
  Precision precision_;
};

}  // namespace

template <class T>
std::vector<T> taylor(const Expr& e, std::string_view variable, const T& at, int order, Precision precision) {
  require_value(e);
  if (order < 0 || order > taylor_order_limit) {
    throw LimitError("a Taylor series of order " + std::to_string(order) + "; allowed are 0 ... " +
                     std::to_string(taylor_order_limit));
  }
  for (const std::string& name : symbols(e)) {
    if (name != variable) throw DomainError("the symbol " + name + " has no value");
  }
  return SeriesWalk<T>(e, prepared(at, precision), order, precision).run();
}

template std::vector<double> taylor(const Expr&, std::string_view, const double&, int, Precision);
template std::vector<Mpfr> taylor(const Expr&, std::string_view, const Mpfr&, int, Precision);
template std::vector<Ball> taylor(const Expr&, std::string_view, const Ball&, int, Precision);

}  // namespace nke
