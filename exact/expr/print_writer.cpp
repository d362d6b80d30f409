// SPDX-License-Identifier: Apache-2.0
#include "print_writer.hpp"

#include <utility>

namespace nke {

const Piece& PrintWriter::write(const Expr& e) {
  ++uses_[e];
  if (const auto found = done_.find(e); found != done_.end()) return found->second;
  Piece piece = finished(e, written(e));
  return done_.emplace(e, std::move(piece)).first->second;
}

std::string PrintWriter::in_parentheses(const std::string& text) const {
  return joined_text({"(", text, ")"});
}

std::string PrintWriter::at_least(Hold needed, const Piece& piece) const {
  return piece.hold < needed ? in_parentheses(piece.text) : piece.text;
}

std::string PrintWriter::at_least(Hold needed, const Expr& e) {
  return at_least(needed, write(e));
}

void PrintWriter::name(const Expr& e, std::string_view name) {
  named_.insert(e);
  done_.insert_or_assign(e, Piece{std::string(name), Hold::atom});
}

std::optional<std::string> PrintWriter::power_of_named_root(const Factor& factor) const {
  if (named_.empty() || !factor.exponent.is_number()) return std::nullopt;
  const Rational halves = factor.exponent.number() * Rational(2);
  if (!halves.is_integer() || factor.exponent.number().is_integer() || halves == Rational(1)) return std::nullopt;
  return is_named(sqrt(factor.base)) ? std::optional(halves.to_string()) : std::nullopt;
}

Piece PrintWriter::write_sum(const Expr& e) {
  std::string text;
  for (const SignedTerm& term : layout_sum(e)) {
    if (text.empty()) {
      text += term.negative ? "-" : "";
    } else {
      text += term.negative ? " - " : " + ";
    }
    text += at_least(Hold::product, term.magnitude);
  }
  return {text, Hold::sum};
}

Piece PrintWriter::written(const Expr& e) {
  switch (e.kind()) {
    case Expr::Kind::number: return write_number(e.number());
    case Expr::Kind::constant: return write_constant(e.constant());
    case Expr::Kind::symbol: return write_symbol(e.name());
    case Expr::Kind::sum: return write_sum(e);
    case Expr::Kind::product:
    case Expr::Kind::power: return write_product(e);
    case Expr::Kind::function: return write_function(e);
    case Expr::Kind::piecewise: return write_piecewise(e);
    case Expr::Kind::relation: return {write_relation(e), Hold::sum};
  }
  return {};
}

}  // namespace nke
