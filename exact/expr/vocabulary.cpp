// SPDX-License-Identifier: Apache-2.0
#include "vocabulary.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include <nke/exact/expr/function_table.hpp>
#include <nke/exact/expr/parse.hpp>

namespace nke {
namespace {

constexpr std::size_t any_number = std::numeric_limits<std::size_t>::max();

// Halves first, so that the nesting of a long list grows with its logarithm.
Expr folded(Function f, std::span<const Expr> x) {
  if (x.size() == 1) return x.front();
  const std::size_t half = x.size() / 2;
  return apply(f, {folded(f, x.first(half)), folded(f, x.subspan(half))});
}

constexpr Spelling spellings[] = {
    {"sqrt", 1, 1, [](std::span<const Expr> x) { return sqrt(x[0]); }},
    {"relu", 1, 1, [](std::span<const Expr> x) { return max(x[0], 0); }},
    {"pow", 2, 2, [](std::span<const Expr> x) { return pow(x[0], x[1]); }},
    {"clip", 3, 3,
     [](std::span<const Expr> x) {
       if (x[1].is_number() && x[2].is_number() && x[2].number() < x[1].number()) {
         throw DomainError("clip(x, low, high) needs low <= high");
       }
       return min(max(x[0], x[1]), x[2]);
     }},
    {"min", 2, any_number, [](std::span<const Expr> x) { return folded(Function::min, x); }},
    {"max", 2, any_number, [](std::span<const Expr> x) { return folded(Function::max, x); }},
};

// What people call these functions elsewhere.
constexpr std::pair<std::string_view, std::string_view> foreign_names[] = {
    {"ln", "log"},         {"arctan", "atan"},      {"arcsin", "asin"},     {"arccos", "acos"},    {"arctan2", "atan2"},
    {"heaviside", "step"}, {"theta", "step"},       {"sgn", "sign"},        {"signum", "sign"},    {"expit", "sigmoid"},
    {"fabs", "abs"},       {"logistic", "sigmoid"}, {"normcdf", "Phi"},     {"cdf", "Phi"},        {"normpdf", "phi"},
    {"pdf", "phi"},        {"clamp", "clip"},       {"where", "piecewise"}, {"if", "piecewise"},   {"maximum", "max"},
    {"minimum", "min"},    {"power", "pow"},        {"bvn", "Phi2"},        {"binormcdf", "Phi2"},
};

const Spelling* find_spelling(std::string_view name) {
  for (const Spelling& spelling : spellings) {
    if (spelling.name == name) return &spelling;
  }
  return nullptr;
}

std::vector<std::string_view> function_names() {
  std::vector<std::string_view> names{"piecewise"};
  for (const FunctionRow& row : function_table()) names.push_back(row.name);
  for (const Spelling& spelling : spellings) names.push_back(spelling.name);
  return names;
}

}  // namespace

bool is_function_name(std::string_view name) {
  return find_function(name) != nullptr || find_spelling(name) != nullptr || name == "piecewise";
}

std::string wrong_argument_count(std::string_view name, std::size_t count) {
  std::size_t fewest = 0;
  std::size_t most = 0;
  if (const Spelling* spelling = find_spelling(name)) {
    fewest = spelling->fewest;
    most = spelling->most;
  } else {
    fewest = most = static_cast<std::size_t>(find_function(name)->arity);
  }
  if (count >= fewest && count <= most) return {};
  return std::string(name) + " takes " + (most == any_number ? "at least " : "") + std::to_string(fewest) +
         (fewest == 1 ? " argument, not " : " arguments, not ") + std::to_string(count);
}

Expr call(std::string_view name, const std::vector<Expr>& arguments) {
  if (const Spelling* spelling = find_spelling(name)) return spelling->expand(arguments);
  return apply(find_function(name)->function, arguments);
}

std::optional<Expr> named_constant(std::string_view name) {
  if (name == "pi") return pi();
  if (name == "e") return euler();
  return std::nullopt;
}

std::string suggestion_for_function(std::string_view name) {
  for (const auto& [foreign, ours] : foreign_names) {
    if (foreign == name) return std::string(ours);
  }
  return std::string(nearest_name(name, function_names()));
}

std::string suggestion_for_symbol(std::string_view name, const std::vector<std::string>& symbols) {
  std::vector<std::string_view> candidates(symbols.begin(), symbols.end());
  candidates.insert(candidates.end(), {"pi", "e"});
  if (const std::string_view nearest = nearest_name(name, candidates); !nearest.empty()) return std::string(nearest);
  return std::string(nearest_name(name, function_names()));
}

}  // namespace nke
