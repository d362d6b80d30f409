// SPDX-License-Identifier: Apache-2.0
#include <unordered_map>

#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/expr/print.hpp>

#include "print_layout.hpp"

namespace nke {
namespace {

// How tightly a piece of text holds together; a looser one needs parentheses in a tighter place.
enum class Hold : std::uint8_t { sum, product, power, atom };

struct Piece {
  std::string text;
  Hold hold;
};

// A shared subexpression is put into words once.
class Writer {
 public:
  const Piece& write(const Expr& e) {
    if (const auto found = done_.find(e); found != done_.end()) return found->second;
    Piece piece = written(e);
    return done_.emplace(e, std::move(piece)).first->second;
  }

 private:
  std::string at_least(Hold needed, const Expr& e) {
    const Piece& piece = write(e);
    return piece.hold < needed ? joined_text({"(", piece.text, ")"}) : piece.text;
  }

  Piece written(const Expr& e);
  Piece write_power(const Factor& factor);
  std::string write_factor(const Factor& factor);
  Piece write_product(const Expr& e);
  Piece write_sum(const Expr& e);
  std::string write_relation(const Expr& relation);
  Piece write_piecewise(const Expr& e);
  Piece write_function(const Expr& e);

  std::unordered_map<Expr, Piece> done_;
};

Piece Writer::write_power(const Factor& factor) {
  if (factor.exponent.is_one()) return write(factor.base);
  if (factor.exponent == Expr(Rational(1, 2)))
    return {joined_text({"sqrt(", write(factor.base).text, ")"}), Hold::atom};
  return {joined_text({at_least(Hold::atom, factor.base), "^", at_least(Hold::atom, factor.exponent)}), Hold::power};
}

// A half, a third or a quarter, and whatever has no short decimal.
bool as_fraction(const Rational& q) {
  constexpr long largest = 4;
  const bool simple = q.numerator() == Rational(1) && q.denominator() <= Rational(largest);
  return !q.is_integer() && (simple || short_decimal(q).empty());
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += joined_text({text.empty() ? "" : "*", part});
  return text;
}

std::string Writer::write_factor(const Factor& factor) {
  Piece piece = write_power(factor);
  return piece.hold < Hold::power ? joined_text({"(", piece.text, ")"}) : std::move(piece.text);
}

Piece Writer::write_product(const Expr& e) {
  const Fraction fraction = layout_product(e);
  const Rational& c = fraction.coefficient;
  std::vector<std::string> above;
  std::vector<std::string> below;
  if (as_fraction(c)) {
    if (c.numerator() != Rational(1)) above.push_back(c.numerator().to_string());
    below.push_back(c.denominator().to_string());
  } else if (c != Rational(1)) {
    above.push_back(c.is_integer() ? c.to_string() : short_decimal(c));
  }
  for (const Factor& factor : fraction.above) above.push_back(write_factor(factor));
  for (const Factor& factor : fraction.below) below.push_back(write_factor(factor));

  const bool single = above.size() == 1 && below.empty() && !fraction.negative;
  if (single && fraction.above.size() == 1) return write_power(fraction.above.front());
  if (above.empty()) above.emplace_back("1");
  std::string text = joined_text({fraction.negative ? "-" : "", joined(above)});
  if (below.size() == 1) text += joined_text({"/", below.front()});
  if (below.size() > 1) text += joined_text({"/(", joined(below), ")"});
  return {text, single ? Hold::atom : Hold::product};
}

Piece Writer::write_sum(const Expr& e) {
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

std::string Writer::write_relation(const Expr& relation) {
  const Comparison c = layout_relation(relation);
  return joined_text({write(c.left).text, c.greater ? " >" : " <", c.strict ? " " : "= ", write(c.right).text});
}

Piece Writer::write_piecewise(const Expr& e) {
  std::string text = "piecewise(";
  const auto operands = e.operands();
  for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
    text += joined_text({write_relation(operands[i]), ": ", write(operands[i + 1]).text, ", "});
  }
  return {joined_text({text, write(operands.back()).text, ")"}), Hold::atom};
}

Piece Writer::write_function(const Expr& e) {
  std::string text(function_row(e.function()).name);
  const char* before = "(";
  for (const Expr& argument : layout_arguments(e)) {
    text += joined_text({before, write(argument).text});
    before = ", ";
  }
  return {joined_text({text, ")"}), Hold::atom};
}

Piece Writer::written(const Expr& e) {
  switch (e.kind()) {
    case Expr::Kind::number:
      if (e.number().is_zero()) return {"0", Hold::atom};
      return write_product(e);
    case Expr::Kind::constant: return {e.constant() == Constant::pi ? "pi" : "e", Hold::atom};
    case Expr::Kind::symbol: return {e.name(), Hold::atom};
    case Expr::Kind::sum: return write_sum(e);
    case Expr::Kind::product:
    case Expr::Kind::power: return write_product(e);
    case Expr::Kind::function: return write_function(e);
    case Expr::Kind::piecewise: return write_piecewise(e);
    case Expr::Kind::relation: return {write_relation(e), Hold::sum};
  }
  return {};
}

}  // namespace

std::string to_text(const Expr& e) {
  require_printable(e);
  return Writer().write(e).text;
}

}  // namespace nke
