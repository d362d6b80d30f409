// SPDX-License-Identifier: Apache-2.0
#include "print_writer.hpp"

#include <utility>

namespace nke {

const Piece& PrintWriter::write(const Expr& e) {
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

const Piece* PrintWriter::known(const Expr& e) const {
  const auto found = done_.find(e);
  return found == done_.end() ? nullptr : &found->second;
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
