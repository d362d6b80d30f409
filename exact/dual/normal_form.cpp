// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nke/exact/dual/normal_form.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/simplify.hpp>

#include "normal_form_pieces.hpp"
#include "normal_form_read.hpp"

namespace nke {

using detail::Signs;
using detail::SymbolicPieces;
using detail::Terms;

namespace {

std::string shortened(std::string text) {
  constexpr std::size_t longest = 200;
  if (text.size() > longest) text = text.substr(0, longest) + "...";
  return text;
}

// Σ over the cuts of what changes there, on top of the piece around zero (or left of it).
Terms joined(const SymbolicPieces& pieces, Signs& signs) {
  std::size_t home = 0;
  while (home < pieces.cuts.size() && signs.hint(pieces.cuts[home]) < 0) ++home;
  std::vector<Terms> values;
  for (const Expr& value : pieces.values) values.push_back(detail::read_terms(value, signs));
  Terms total = values[home];
  const auto add_change = [&](std::size_t to, std::size_t from, int side, const Expr& cut) {
    const Terms change = detail::added(values[to], detail::scaled(-1, values[from]));
    total = detail::added(std::move(total), detail::on_half_line(change, side, cut));
  };
  for (std::size_t i = home; i < pieces.cuts.size(); ++i) add_change(i + 1, i, 1, pieces.cuts[i]);
  for (std::size_t i = home; i > 0; --i) add_change(i - 1, i, -1, pieces.cuts[i - 1]);
  return detail::canonical(total, signs);
}

NormalForm from_pieces(const SymbolicPieces& pieces, Signs& signs) {
  Terms terms = joined(pieces, signs);
  return {std::move(terms), signs.assumptions()};
}

}  // namespace

NoClosedForm::NoClosedForm(const Expr& subexpression, const std::string& rule)
    : DomainError(shortened(to_text(subexpression)) + " " + rule), subexpression_(subexpression) {}

NormalForm normal_form(const Expr& sigma) {
  for (const char* taken : {"a", "b", "c", "d"}) {
    if (depends_on(sigma, taken)) {
      throw DomainError(std::string("the symbol '") + taken +
                        "' stands for a variance or a covariance here, not for a parameter");
    }
  }
  Signs signs;
  return from_pieces(detail::cut_symbolically(simplify(sigma), signs), signs);
}

NormalForm normal_form(const Activation& sigma) {
  const Breakpoints& found = sigma.breakpoint_analysis();
  const bool exact = !found.pieces.empty() && std::all_of(found.points.begin(), found.points.end(),
                                                          [](const Breakpoint& p) { return p.exact.has_value(); });
  if (!exact) return normal_form(sigma.expression());
  SymbolicPieces pieces;
  for (const Breakpoint& point : found.points) pieces.cuts.emplace_back(*point.exact);
  pieces.values = found.pieces;
  Signs signs;
  return from_pieces(pieces, signs);
}

std::optional<NormalForm> try_normal_form(const Activation& sigma) {
  try {
    return normal_form(sigma);
  } catch (const NoClosedForm&) {
    return std::nullopt;
  }
}

NormalForm derivative(const NormalForm& sigma) {
  Terms result;
  const auto add = [&result](Term term, const Expr& factor, int shift) {
    term.coefficient *= factor;
    term.power += shift;
    if (!term.coefficient.is_zero()) result.push_back(std::move(term));
  };
  for (const Term& term : sigma.terms) {
    if (term.power > 0) add(term, term.power, -1);
    add(term, 2 * term.quadratic, 1);
    add(term, term.linear, 0);
    if (!term.frequency.is_zero()) {  // cos' = cos(· + π/2)
      Term wave = term;
      wave.phase += pi() / 2;
      add(wave, term.frequency, 0);
    }
    if (term.gate && !term.gate->width2.is_zero()) {  // the density of N(threshold, width2)
      const auto& [side, t, width2] = *term.gate;
      Term density = term;
      density.gate.reset();
      density.quadratic -= 1 / (2 * width2);
      density.linear += t / width2;
      add(density, Expr(side) * exp(-t * t / (2 * width2)) / sqrt(2 * pi() * width2), 0);
    }
  }
  for (Term& term : result) {
    term.quadratic = detail::tidy(term.quadratic);
    term.linear = detail::tidy(term.linear);
  }
  Signs signs;
  signs.add(sigma.assumptions);
  Terms terms = detail::canonical(result, signs);
  return {std::move(terms), signs.assumptions()};
}

std::vector<Jump> jumps(const NormalForm& sigma) {
  std::vector<Jump> result;
  for (const Term& term : sigma.terms) {
    if (!term.gate || !term.gate->width2.is_zero()) continue;
    const Expr& t = term.gate->threshold;
    Expr height = Expr(term.gate->side) * term.coefficient * exp(term.quadratic * t * t + term.linear * t);
    if (term.power > 0) height *= pow(t, term.power);
    if (!term.frequency.is_zero()) height *= detail::cosine(term.frequency * t + term.phase);
    const auto same = std::find_if(result.begin(), result.end(), [&t](const Jump& j) { return j.location == t; });
    if (same == result.end()) {
      result.push_back({t, height});
    } else {
      same->height += height;
    }
  }
  const Signs signs;
  for (Jump& jump : result) jump.height = detail::tidy(jump.height);
  std::erase_if(result, [&signs](const Jump& jump) { return jump.height.is_zero() || signs.hint(jump.height) == 0; });
  std::sort(result.begin(), result.end(),
            [&signs](const Jump& a, const Jump& b) { return signs.hint(b.location - a.location) > 0; });
  return result;
}

Expr to_expression(const NormalForm& sigma) {
  std::vector<Expr> terms;
  for (const Term& term : sigma.terms) terms.push_back(detail::to_expression(term));
  return sum(std::move(terms));
}

}  // namespace nke
