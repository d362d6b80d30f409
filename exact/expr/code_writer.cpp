// SPDX-License-Identifier: Apache-2.0
#include "code_writer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace nke {
namespace {

const Rational half(1, 2);

bool is_exact_in_double(const Rational& q) {
  constexpr double largest = 0x1p53;
  return q.is_integer() && std::fabs(q.to_double()) <= largest;
}

// Whether a factor q is better written as numerator above, denominator below: 2x/3, but 0.5 x and 0.044715 x.
bool as_quotient(const Rational& q, bool has_denominator) {
  if (q.is_integer() || !is_exact_in_double(q.numerator()) || !is_exact_in_double(q.denominator())) return false;
  if (is_power_of_two(q.denominator()) && !short_decimal(q).empty()) return has_denominator;
  return q.numerator() == Rational(1) || short_decimal(q).empty();
}

std::string shortest_decimal(double x) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), x).ptr;
  return {digits.data(), end};
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += joined_text({text.empty() ? "" : " * ", part});
  return text;
}

// More than a name, or a name with a number: the rest is cheap to write and to compute again.
bool is_worth_a_local(const Expr& e) {
  constexpr std::uint64_t longest_repeated = 3;
  if (e.operands().empty() || e.is(Expr::Kind::relation)) return false;
  return e.is(Expr::Kind::power) || e.is(Expr::Kind::function) || e.tree_size() > longest_repeated;
}

void require_printable_as_code(std::span<const Expr> results) {
  std::size_t nodes = 0;
  for (const Expr& result : results) nodes += node_count(result);
  if (nodes > code_size_limit) {
    throw LimitError("an expression of " + std::to_string(nodes) + " distinct parts is too long for code; at most " +
                     std::to_string(code_size_limit) + " are written");
  }
}

}  // namespace

Code CodeWriter::code(std::span<const Expr> results, const std::unordered_map<Expr, int>& uses) {
  for (const Expr& result : results) {
    for (const std::string& name : symbols(result)) taken_.insert(code_symbol(name, language_));
  }
  uses_before_ = &uses;
  for (const Expr& result : results) code_.results.push_back(write(result).text);
  return std::move(code_);
}

Piece CodeWriter::finished(const Expr& e, Piece piece) {
  if (!is_worth_a_local(e)) return piece;
  if (uses_before_ == nullptr) return {"t", Hold::atom};
  const auto found = uses_before_->find(e);
  if (found == uses_before_->end() || found->second < 2) return piece;
  std::string name;
  do {
    name = "t" + std::to_string(++last_local_);
  } while (taken_.count(name) > 0);
  code_.locals.push_back({name, std::move(piece.text)});
  return {std::move(name), Hold::atom};
}

Piece CodeWriter::constant_local(const std::string& name, const std::string& value) {
  const bool known = std::any_of(code_.locals.begin(), code_.locals.end(),
                                 [&name](const NamedPart& local) { return local.name == name; });
  if (!known) code_.locals.push_back({name, value});
  return {name, Hold::atom};
}

Piece CodeWriter::write_number(const Rational& q) {
  if (q.sign() < 0) return {"-" + at_least(Hold::product, write_number(-q)), Hold::product};
  if (is_exact_in_double(q)) return {literal(q.to_string()), Hold::atom};
  if (const std::string decimal = short_decimal(q); !decimal.empty()) return {decimal, Hold::atom};
  if (is_exact_in_double(q.numerator()) && is_exact_in_double(q.denominator())) {
    return {joined_text({literal(q.numerator().to_string()), " / ", literal(q.denominator().to_string())}),
            Hold::product};
  }
  return {literal(shortest_decimal(q.to_double())), Hold::atom};
}

Piece CodeWriter::write_product(const Expr& e) {
  const Fraction fraction = layout_product(e);
  const Rational& c = fraction.coefficient;
  const bool plain = c == Rational(1) && !fraction.negative && fraction.below.empty();
  if (plain && fraction.above.size() == 1) return write_power(fraction.above.front());
  std::vector<std::string> above;
  std::vector<std::string> below;
  const bool quotient = as_quotient(c, !fraction.below.empty());
  if (quotient) below.push_back(literal(c.denominator().to_string()));
  const Rational front = quotient ? c.numerator() : c;
  if (front != Rational(1)) above.push_back(at_least(Hold::power, write_number(front)));
  for (const Factor& factor : fraction.above) {
    const bool first = above.empty() && !fraction.negative;
    above.push_back(at_least(first ? Hold::product : Hold::power, write_factor(factor)));
  }
  for (const Factor& factor : fraction.below) below.push_back(at_least(Hold::power, write_factor(factor)));
  if (above.empty()) above.push_back(literal("1"));
  std::string text = (fraction.negative ? "-" : "") + joined(above);
  if (below.size() == 1) text += joined_text({" / ", below.front()});
  if (below.size() > 1) text += joined_text({" / (", joined(below), ")"});
  return {std::move(text), Hold::product};
}

// x*x, x*sqrt(x), (x*x)*(x*x): by squaring, each step a subexpression that may become a local.
Piece CodeWriter::write_power(const Factor& factor) {
  const auto [base, exponent] = factor;
  if (exponent.is_one()) return write(base);
  if (!exponent.is_number()) return general_power(write(base), write(exponent));
  const Rational& r = exponent.number();
  if (r == half) return {library_call("sqrt", write(base).text), Hold::atom};
  const auto times = [this](const Expr& u, const Expr& v) {
    return Piece{joined_text({at_least(Hold::product, u), " * ", at_least(Hold::power, v)}), Hold::product};
  };
  constexpr long most_squarings = 1'000;
  const auto halves = (r * Rational(2)).to_long();
  if (!halves || *halves > most_squarings) return general_power(write(base), write(exponent));
  if (*halves % 2 != 0) return times(pow(base, r - half), sqrt(base));
  const long n = *halves / 2;
  if (n % 2 == 0) return times(pow(base, n / 2), pow(base, n / 2));
  return times(pow(base, n - 1), base);
}

// exp(u) - 1 and its like: the whole of a sum's number goes into expm1.
Piece CodeWriter::write_sum(const Expr& e) {
  const auto terms = layout_sum(e);
  const SignedTerm* constant = nullptr;
  for (const SignedTerm& term : terms) {
    if (term.magnitude.is_number()) constant = &term;
  }
  const SignedTerm* partner = nullptr;
  if (constant != nullptr) {
    for (const SignedTerm& term : terms) {
      const auto [coefficient, rest] = split_coefficient(term.magnitude);
      if (rest.is(Function::exp) && coefficient == constant->magnitude.number() &&
          term.negative != constant->negative) {
        partner = &term;
        break;
      }
    }
  }
  std::string text;
  const auto add = [&text](bool negative, const std::string& magnitude) {
    text += text.empty() ? (negative ? "-" : "") : (negative ? " - " : " + ");
    text += magnitude;
  };
  for (const SignedTerm& term : terms) {
    if (partner != nullptr && &term == constant) continue;
    if (&term != partner) {
      add(term.negative, at_least(Hold::product, term.magnitude));
      continue;
    }
    const auto [coefficient, rest] = split_coefficient(term.magnitude);
    const std::string factor =
        coefficient == Rational(1) ? std::string() : at_least(Hold::power, write_number(coefficient)) + " * ";
    add(term.negative, factor + library_call("expm1", write(rest.operand(0)).text));
  }
  return {std::move(text), partner != nullptr && terms.size() == 2 ? Hold::product : Hold::sum};
}

Piece CodeWriter::write_function(const Expr& e) {
  if (e.is(Function::log) && e.operand(0).is(Expr::Kind::sum) && e.operand(0).operand(0).is_one()) {
    return {library_call("log1p", write(e.operand(0) - 1).text), Hold::atom};
  }
  code_.functions.insert(e.function());
  std::string arguments;
  for (const Expr& argument : layout_arguments(e)) {
    arguments += joined_text({arguments.empty() ? "" : ", ", write(argument).text});
  }
  const CodeSpelling& spelling = function_row(e.function()).code[static_cast<std::size_t>(language_)];
  return {joined_text({spelling.call, "(", arguments, ")"}), Hold::atom};
}

std::string CodeWriter::write_relation(const Expr& relation) {
  const Comparison c = layout_relation(relation);
  return joined_text({write(c.left).text, c.greater ? " >" : " <", c.strict ? " " : "= ", write(c.right).text});
}

Piece CodeWriter::write_piecewise(const Expr& e) {
  const auto operands = e.operands();
  std::string text = write(operands.back()).text;
  for (std::size_t i = operands.size() - 1; i >= 2; i -= 2) {
    text = choice(write_relation(operands[i - 2]), write(operands[i - 1]).text, text);
  }
  return {std::move(text), Hold::atom};
}

void CodeWriter::count(std::span<const Expr> results) {
  require_printable_as_code(results);
  for (const Expr& result : results) write(result);
}

namespace {

void add_definition(Function function, Language language, std::set<Function>& done, std::string& text) {
  if (!done.insert(function).second) return;
  const CodeSpelling& spelling = function_row(function).code[static_cast<std::size_t>(language)];
  if (spelling.after) add_definition(*spelling.after, language, done, text);
  if (spelling.definition.empty()) return;
  // Two blank lines around what is defined at the top of a Python file, one in C++.
  if (!text.empty()) text += language == Language::cpp ? "\n" : "\n\n";
  text += spelling.definition;
}

}  // namespace

std::string code_definitions(const std::set<Function>& functions, Language language) {
  std::set<Function> done;
  std::string text;
  for (const Function function : functions) add_definition(function, language, done, text);
  return text;
}

}  // namespace nke
