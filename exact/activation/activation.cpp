// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <mutex>
#include <utility>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/activation/named.hpp>
#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/program.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/expr/substitute.hpp>
#include <nke/exact/real/error.hpp>

#include "activation_text.hpp"
#include "symmetry.hpp"

namespace nke {

// Worked out when first asked for, once for all copies.
template <class T>
class Lazy {
 public:
  template <class Make>
  const T& operator()(Make make) {
    std::call_once(once_, [&] { value_.emplace(make()); });
    return *value_;
  }

 private:
  std::once_flag once_;
  std::optional<T> value_;
};

// Differentiates each piece; nothing if a breakpoint is not a fraction.
static std::optional<Expr> derivative_by_pieces(const Breakpoints& found) {
  if (found.pieces.empty()) return std::nullopt;
  std::vector<Branch> branches;
  for (std::size_t i = 0; i < found.points.size(); ++i) {
    if (!found.points[i].exact) return std::nullopt;
    branches.push_back(
        {less(symbol("x"), Expr(*found.points[i].exact)), simplify(differentiate(found.pieces[i], "x"))});
  }
  return piecewise(branches, simplify(differentiate(found.pieces.back(), "x")));
}

struct Activation::State {
  State(Expr e, std::string label) : expression(std::move(e)), name(std::move(label)) {
    for (const std::string& symbol_name : symbols(expression)) {
      if (symbol_name != "x") {
        throw DomainError("an activation is an expression in x alone, but '" + symbol_name + "' occurs in " +
                          to_text(expression));
      }
    }
    if (name.empty()) name = to_text(expression);
    breakpoints = find_breakpoints(expression);
  }

  Expr expression;
  std::string name;
  std::vector<Parameter> parameters;
  const NamedActivation* named = nullptr;
  Breakpoints breakpoints;
  Lazy<Growth> growth;
  Lazy<Parity> parity;
  Lazy<std::optional<Rational>> homogeneity;
  Lazy<std::shared_ptr<State>> derivative;
  Lazy<Program> program;
};

Activation::Activation(std::shared_ptr<State> state) : state_(std::move(state)) {}
Activation::Activation(const Expr& expression, std::string name)
    : state_(std::make_shared<State>(expression, std::move(name))) {}

const std::string& Activation::name() const {
  return state_->name;
}
const Expr& Activation::expression() const {
  return state_->expression;
}
std::span<const Parameter> Activation::parameters() const {
  return state_->parameters;
}
const NamedActivation* Activation::named() const {
  return state_->named;
}
const std::vector<Breakpoint>& Activation::breakpoints() const {
  return state_->breakpoints.points;
}
bool Activation::breakpoints_proven() const {
  return state_->breakpoints.proven;
}
const Breakpoints& Activation::breakpoint_analysis() const {
  return state_->breakpoints;
}

const std::optional<GrowthBound>& Activation::growth() const {
  return state_->growth([this] { return find_growth(expression(), breakpoint_analysis()); }).bound;
}

const std::string& Activation::growth_reason() const {
  return state_->growth([this] { return find_growth(expression(), breakpoint_analysis()); }).reason;
}

Smoothness Activation::smoothness() const {
  const Breakpoints& found = breakpoint_analysis();
  if (!found.proven) return Smoothness::undecided;
  if (found.points.empty()) return is_entire(found.pieces.front()) ? Smoothness::entire : Smoothness::analytic;
  const bool removable =
      std::all_of(found.points.begin(), found.points.end(), [](const Breakpoint& point) { return point.removable; });
  return removable ? Smoothness::analytic : Smoothness::piecewise_analytic;
}

Parity Activation::parity() const {
  return state_->parity([this] { return find_parity(expression(), breakpoint_analysis()); });
}

const std::optional<Rational>& Activation::homogeneity() const {
  return state_->homogeneity([this] { return find_homogeneity(breakpoint_analysis()); });
}

Activation Activation::derivative() const {
  return Activation(state_->derivative([this] {
    const std::string label = "derivative of " + name();
    try {
      return std::make_shared<State>(simplify(differentiate(expression(), "x")), label);
    } catch (const DomainError&) {
      // The rules of calculus can lead out of the domain, as 1/sqrt(max(x, 0)) on the left of 0; the pieces do not.
      const auto by_pieces = derivative_by_pieces(breakpoint_analysis());
      if (!by_pieces) throw;
      return std::make_shared<State>(*by_pieces, label);
    }
  }));
}

const Program& Activation::program() const {
  return state_->program([this] { return Program(expression()); });
}
double Activation::operator()(double x) const {
  return program()(x);
}
void Activation::operator()(std::span<const double> x, std::span<double> y) const {
  program()(x, y);
}

bool operator==(const Activation& a, const Activation& b) {
  return a.expression() == b.expression();
}

Activation activation(std::string_view text) {
  ActivationText meaning = read_activation_text(text);
  auto state = std::make_shared<Activation::State>(meaning.expression, std::move(meaning.name));
  state->named = meaning.named;
  state->parameters = std::move(meaning.parameters);
  return Activation(std::move(state));
}

std::string_view to_text(Smoothness smoothness) {
  switch (smoothness) {
    case Smoothness::entire: return "entire";
    case Smoothness::analytic: return "analytic";
    case Smoothness::piecewise_analytic: return "piecewise analytic";
    case Smoothness::undecided: break;
  }
  return "undecided";
}

std::string_view to_text(Parity parity) {
  switch (parity) {
    case Parity::even: return "even";
    case Parity::odd: return "odd";
    case Parity::none: break;
  }
  return "none";
}

}  // namespace nke
