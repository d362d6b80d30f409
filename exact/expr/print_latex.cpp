// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/expr/print.hpp>

#include "print_writer.hpp"

namespace nke {
namespace {

std::string superscripted(std::string_view base, std::string_view exponent) {
  return joined_text({base, "^{", exponent, "}"});
}

std::string fraction_of(const std::string& above, const std::string& below) {
  return joined_text({"\\frac{", above, "}{", below, "}"});
}

std::string number_text(const Rational& q) {  // q > 0
  constexpr long largest_denominator = 16;
  const std::string decimal = short_decimal(q);
  const bool fraction = q.denominator() <= Rational(largest_denominator) || is_power_of_two(q.denominator());
  if (!decimal.empty() && (q.is_integer() || !fraction)) return decimal;
  if (q.is_integer()) return q.to_string();
  return fraction_of(q.numerator().to_string(), q.denominator().to_string());
}

bool has_exponent(const Expr& e) {
  return e.is(Expr::Kind::power) || e.is(Function::exp) ||
         std::any_of(e.operands().begin(), e.operands().end(), [](const Expr& u) { return has_exponent(u); });
}

// e^x as long as that stays readable.
bool as_superscript(const Expr& argument) {
  constexpr std::uint64_t longest = 12;
  if (argument.tree_size() > longest) return false;
  return argument.kind() != Expr::Kind::sum || !has_exponent(argument);
}

std::string function_head(const Expr& e, const std::string& exponent) {
  const std::string_view name = function_row(e.function()).latex;
  return exponent.empty() ? std::string(name) : superscripted(name, exponent);
}

class LatexWriter : public PrintWriter {
 protected:
  Piece write_number(const Rational& q) override {
    if (q.is_zero()) return {"0", Hold::atom};
    return write_product(Expr(q));
  }
  Piece write_constant(Constant constant) override { return {constant == Constant::pi ? "\\pi" : "e", Hold::atom}; }
  Piece write_symbol(const std::string& name) override { return {symbol_latex(name), Hold::atom}; }
  Piece write_product(const Expr& e) override;
  Piece write_function(const Expr& e) override { return write_call(e, ""); }
  Piece write_piecewise(const Expr& e) override;
  std::string write_relation(const Expr& e) override;
  std::string in_parentheses(const std::string& text) const override {
    return joined_text({"\\left(", text, "\\right)"});
  }

 private:
  Piece write_call(const Expr& e, const std::string& exponent);
  Piece write_power(const Factor& factor);
};

Piece LatexWriter::write_call(const Expr& e, const std::string& exponent) {
  if (e.is(Function::abs)) {
    const std::string bars = joined_text({"\\left|", write(e.operand(0)).text, "\\right|"});
    return exponent.empty() ? Piece{bars, Hold::atom} : Piece{superscripted(bars, exponent), Hold::power};
  }
  if (e.is(Function::exp) && as_superscript(e.operand(0))) {
    const std::string text = superscripted("e", write(e.operand(0)).text);
    if (exponent.empty()) return {text, Hold::power};
    return {superscripted(in_parentheses(text), exponent), Hold::power};
  }
  std::string arguments;
  for (const Expr& argument : layout_arguments(e)) {
    arguments += joined_text({arguments.empty() ? "" : ", ", write(argument).text});
  }
  if (exponent.empty()) return {function_head(e, "") + in_parentheses(arguments), Hold::atom};
  // \max^{2} would carry its exponent on top.
  const bool behind = e.operands().size() > 1;
  if (behind) return {superscripted(function_head(e, "") + in_parentheses(arguments), exponent), Hold::power};
  return {function_head(e, exponent) + in_parentheses(arguments), Hold::power};
}

Piece LatexWriter::write_power(const Factor& factor) {
  if (factor.exponent.is_one()) return write(factor.base);
  if (const auto odd = power_of_named_root(factor))
    return {superscripted(write(sqrt(factor.base)).text, *odd), Hold::power};
  if (factor.exponent == Expr(Rational(1, 2)))
    return {joined_text({"\\sqrt{", write(factor.base).text, "}"}), Hold::atom};
  const std::string exponent = write(factor.exponent).text;
  if (factor.base.is(Expr::Kind::function)) return write_call(factor.base, exponent);
  return {superscripted(at_least(Hold::atom, factor.base), exponent), Hold::power};
}

// Factors side by side, with a dot where two digits would run together and some space around words.
std::string joined(const std::vector<std::string>& parts) {
  constexpr std::string_view word = "\\mathrm{";
  std::string text;
  bool after_word = false;
  for (const std::string& part : parts) {
    const bool digit = !part.empty() && part.front() >= '0' && part.front() <= '9';
    const bool is_word = part.starts_with(word);
    if (!text.empty()) text += digit ? " \\cdot " : is_word || after_word ? " \\, " : " ";
    text += part;
    after_word = is_word;
  }
  return text;
}

bool is_short(const Factor& factor) {
  return factor.base.depth() <= 2 && !factor.base.is(Expr::Kind::sum) && !factor.base.is(Expr::Kind::function);
}

// c * above / below, the coefficient above the line too if it is a fraction that reads as one.
Piece LatexWriter::write_product(const Expr& e) {
  const Fraction fraction = layout_product(e);
  const Rational& c = fraction.coefficient;
  const std::string minus = fraction.negative ? "-" : "";
  const Hold hold = Hold::product;
  if (fraction.above.empty() && fraction.below.empty()) {
    return {minus + number_text(c), c.is_integer() && !fraction.negative ? Hold::atom : hold};
  }
  if (c == Rational(1) && !fraction.negative && fraction.above.size() == 1 && fraction.below.empty()) {
    return write_power(fraction.above.front());
  }
  const bool split = !c.is_integer() && number_text(c).front() == '\\';
  std::vector<std::string> above;
  std::vector<std::string> below;
  std::vector<std::string> beside;  // factors after the fraction
  if (split) {
    if (c.numerator() != Rational(1)) above.push_back(c.numerator().to_string());
    below.push_back(c.denominator().to_string());
  } else if (c != Rational(1)) {
    above.push_back(number_text(c));
  }
  // Long factors stand beside a fraction with a short denominator: \frac{x}{2} \left(1 + …\right).
  const bool short_below = std::all_of(fraction.below.begin(), fraction.below.end(), is_short);
  for (const Factor& factor : fraction.above) {
    (short_below && !is_short(factor) ? beside : above).push_back(at_least(Hold::power, write_factor(factor)));
  }
  if (fraction.below.size() == 1 && below.empty()) {
    below.push_back(write_factor(fraction.below.front()).text);  // a single denominator needs no parentheses
  } else {
    for (const Factor& factor : fraction.below) below.push_back(at_least(Hold::power, write_factor(factor)));
  }
  // Alone above a line, a sum needs no parentheses.
  const bool alone = above.size() == 1 && fraction.above.size() == 1 && beside.empty();
  std::vector<std::string> parts;
  if (!below.empty()) {
    if (alone) above.front() = write_factor(fraction.above.front()).text;
    parts.push_back(fraction_of(above.empty() ? "1" : joined(above), joined(below)));
  } else {
    parts = above;
  }
  parts.insert(parts.end(), beside.begin(), beside.end());
  return {minus + joined(parts), hold};
}

std::string LatexWriter::write_relation(const Expr& relation) {
  const Comparison c = layout_relation(relation);
  const std::string sign = c.strict ? (c.greater ? " > " : " < ") : (c.greater ? " \\ge " : " \\le ");
  return joined_text({write(c.left).text, sign, write(c.right).text});
}

Piece LatexWriter::write_piecewise(const Expr& e) {
  std::string text = "\\begin{cases} ";
  const auto operands = e.operands();
  for (std::size_t i = 0; i + 1 < operands.size(); i += 2) {
    text += joined_text({write(operands[i + 1]).text, " & \\text{if } ", write_relation(operands[i]), " \\\\ "});
  }
  return {joined_text({text, write(operands.back()).text, " & \\text{otherwise} \\end{cases}"}), Hold::sum};
}

}  // namespace

std::string symbol_latex(const std::string& name) {
  static constexpr std::array greek{"alpha", "beta",  "gamma",  "delta", "epsilon", "zeta", "eta",
                                    "theta", "kappa", "lambda", "mu",    "nu",      "xi",   "rho",
                                    "sigma", "tau",   "chi",    "psi",   "omega"};
  std::size_t head_end = name.find('_');
  if (head_end == std::string::npos) {
    head_end = name.find_first_of("0123456789");
  }
  std::string head = name.substr(0, head_end);
  std::string rest = head_end == std::string::npos ? "" : name.substr(head_end + (name[head_end] == '_' ? 1 : 0));
  if (std::find(greek.begin(), greek.end(), head) != greek.end()) {
    head = joined_text({"\\", head});
  } else if (head.size() != 1) {
    head = joined_text({"\\mathrm{", head, "}"});
  }
  std::string escaped;
  for (const char c : rest) escaped += c == '_' ? std::string("\\_") : std::string(1, c);
  if (escaped.size() > 1) escaped = joined_text({"\\mathrm{", escaped, "}"});
  return rest.empty() ? head : joined_text({head, "_{", escaped, "}"});
}

std::unique_ptr<PrintWriter> latex_writer() {
  return std::make_unique<LatexWriter>();
}

std::string to_latex(const Expr& e) {
  require_printable(e);
  return LatexWriter().write(e).text;
}

}  // namespace nke
