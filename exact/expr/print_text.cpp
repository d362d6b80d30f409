// SPDX-License-Identifier: Apache-2.0
#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/expr/print.hpp>

#include "print_writer.hpp"

namespace nke {
namespace {

class TextWriter : public PrintWriter {
 protected:
  Piece write_number(const Rational& q) override {
    if (q.is_zero()) return {"0", Hold::atom};
    return write_product(Expr(q));
  }
  Piece write_constant(Constant constant) override { return {constant == Constant::pi ? "pi" : "e", Hold::atom}; }
  Piece write_symbol(const std::string& name) override { return {name, Hold::atom}; }
  Piece write_product(const Expr& e) override;
  Piece write_function(const Expr& e) override;
  Piece write_piecewise(const Expr& e) override;
  std::string write_relation(const Expr& e) override;

 private:
  Piece write_power(const Factor& factor);
};

Piece TextWriter::write_power(const Factor& factor) {
  if (factor.exponent.is_one()) return write(factor.base);
  if (const auto odd = power_of_named_root(factor))
    return {joined_text({write(sqrt(factor.base)).text, "^", *odd}), Hold::power};
  if (factor.exponent == Expr(Rational(1, 2)))
    return {joined_text({"sqrt(", write(factor.base).text, ")"}), Hold::atom};
  return {joined_text({at_least(Hold::atom, factor.base), "^", at_least(Hold::atom, factor.exponent)}), Hold::power};
}

// Halves, quarters, eighths and so on, and whatever has no short decimal.
bool as_fraction(const Rational& q) {
  return !q.is_integer() && (is_power_of_two(q.denominator()) || short_decimal(q).empty());
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += joined_text({text.empty() ? "" : "*", part});
  return text;
}

Piece TextWriter::write_product(const Expr& e) {
  const Fraction fraction = layout_product(e);
  const Rational& c = fraction.coefficient;
  const bool plain = c == Rational(1) && !fraction.negative && fraction.below.empty();
  if (plain && fraction.above.size() == 1) return write_power(fraction.above.front());
  std::vector<std::string> above;
  std::vector<std::string> below;
  if (as_fraction(c)) {
    if (c.numerator() != Rational(1)) above.push_back(c.numerator().to_string());
    below.push_back(c.denominator().to_string());
  } else if (c != Rational(1)) {
    above.push_back(c.is_integer() ? c.to_string() : short_decimal(c));
  }
  for (const Factor& factor : fraction.above) above.push_back(at_least(Hold::power, write_factor(factor)));
  for (const Factor& factor : fraction.below) below.push_back(at_least(Hold::power, write_factor(factor)));

  const bool single = above.size() == 1 && below.empty() && !fraction.negative;
  if (above.empty()) above.emplace_back("1");
  std::string text = joined_text({fraction.negative ? "-" : "", joined(above)});
  if (below.size() == 1) text += joined_text({"/", below.front()});
  if (below.size() > 1) text += joined_text({"/(", joined(below), ")"});
  return {text, single ? Hold::atom : Hold::product};
}

std::string TextWriter::write_relation(const Expr& relation) {
  const Comparison c = layout_relation(relation);
  return joined_text({write(c.left).text, c.greater ? " >" : " <", c.strict ? " " : "= ", write(c.right).text});
}

Piece TextWriter::write_piecewise(const Expr& e) {
  std::string text = "piecewise(";
  const auto operands = e.operands();
  for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
    text += joined_text({write_relation(operands[i]), ": ", write(operands[i + 1]).text, ", "});
  }
  return {joined_text({text, write(operands.back()).text, ")"}), Hold::atom};
}

Piece TextWriter::write_function(const Expr& e) {
  std::string text(function_row(e.function()).name);
  const char* before = "(";
  for (const Expr& argument : layout_arguments(e)) {
    text += joined_text({before, write(argument).text});
    before = ", ";
  }
  return {joined_text({text, ")"}), Hold::atom};
}

}  // namespace

std::unique_ptr<PrintWriter> text_writer() {
  return std::make_unique<TextWriter>();
}

std::string to_text(const Expr& e) {
  require_printable(e);
  return TextWriter().write(e).text;
}

}  // namespace nke
