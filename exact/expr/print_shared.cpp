// SPDX-License-Identifier: Apache-2.0
// Names for the parts that several expressions repeat, where an author would give them.
#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include <nke/exact/expr/print.hpp>

#include "print_writer.hpp"
#include "vocabulary.hpp"

namespace nke {
namespace {

// A name has to be learnt: it must save more characters than it costs, and a page bears only so many.
constexpr std::size_t least_length = 6;
constexpr std::size_t cost_of_a_name = 14;
constexpr std::size_t most_names = 8;
constexpr std::size_t most_candidates = 16;

struct Named {
  Expr part;
  std::string name;
};
using Names = std::vector<Named>;  // ascending in size, so that a part uses earlier ones only

using Spelled = std::string (*)(const std::string& name);

std::string as_it_is(const std::string& name) {
  return name;
}

SharedText print_with(PrintWriter& writer, std::span<const Expr> results, const Names& names, Spelled spelled) {
  SharedText printed;
  for (const auto& [part, name] : names) {
    printed.where.push_back({spelled(name), writer.write(part).text});
    writer.name(part, printed.where.back().name);
  }
  for (const Expr& result : results) printed.results.push_back(writer.write(result).text);
  return printed;
}

std::size_t length_of(const SharedText& printed) {
  std::size_t length = 0;
  for (const NamedPart& part : printed.where) length += part.text.size() + cost_of_a_name;
  for (const std::string& result : printed.results) length += result.size();
  return length;
}

bool is_angle(const Expr& e) {
  return e.is(Function::atan2) || e.is(Function::atan) || e.is(Function::acos) || e.is(Function::asin);
}

// s for a root, theta for an angle, A and B for what depends on one of the variances alone.
std::vector<std::string_view> names_for(const Expr& part) {
  const bool on_a = depends_on(part, "a");
  const bool on_b = depends_on(part, "b");
  const bool on_c = depends_on(part, "c") || depends_on(part, "d");
  std::vector<std::string_view> names;
  if (on_a && !on_b && !on_c) names = {"A", "P", "U"};
  if (on_b && !on_a && !on_c) names = {"B", "Q", "V"};
  if (names.empty() && part.is_rational_power() && !part.operand(1).number().is_integer()) names = {"s", "r", "q"};
  if (names.empty() && is_angle(part)) names = {"theta", "psi", "chi"};
  if (names.empty() && part.is(Function::exp)) names = {"E", "F", "G"};
  for (const char* other : {"t", "w", "z", "p", "m", "n", "k", "h", "y"}) names.emplace_back(other);
  return names;
}

std::string free_name(const Expr& part, const Names& names, const std::set<std::string>& taken) {
  for (const std::string_view name : names_for(part)) {
    const bool used = std::any_of(names.begin(), names.end(), [&](const Named& n) { return n.name == name; });
    if (!used && taken.count(std::string(name)) == 0 && !is_function_name(name)) return std::string(name);
  }
  return {};
}

Names with(Names names, Named added) {
  const auto place = std::upper_bound(names.begin(), names.end(), added, [](const Named& left, const Named& right) {
    return left.part.tree_size() < right.part.tree_size();
  });
  names.insert(place, std::move(added));
  return names;
}

// The parts written most often and at most length, the promising ones first; ties in the canonical order.
std::vector<Expr> candidates(PrintWriter& writer) {
  struct Candidate {
    Expr part;
    std::size_t saving;
  };
  std::vector<Candidate> found;
  const auto uses = writer.uses();
  for (const auto& [part, count] : uses) {
    if (count < 2 || part.is(Expr::Kind::relation) || part.operands().empty()) continue;
    const std::size_t length = writer.write(part).text.size();
    if (length < least_length) continue;
    found.push_back({part, length * static_cast<std::size_t>(count - 1)});
  }
  std::sort(found.begin(), found.end(), [](const Candidate& left, const Candidate& right) {
    return left.saving != right.saving ? left.saving > right.saving : order(left.part, right.part) < 0;
  });
  if (found.size() > most_candidates) found.resize(most_candidates);
  std::vector<Expr> parts;
  for (const Candidate& candidate : found) parts.push_back(candidate.part);
  return parts;
}

Names choose_names(std::span<const Expr> results) {
  std::set<std::string> taken{"e", "pi", "K", "x", "u", "v"};
  for (const Expr& result : results) taken.merge(symbols(result));
  Names names;
  auto writer = text_writer();
  std::size_t length = length_of(print_with(*writer, results, names, as_it_is));
  while (names.size() < most_names) {
    std::optional<Names> best;
    for (const Expr& part : candidates(*writer)) {
      const bool known = std::any_of(names.begin(), names.end(), [&](const Named& n) { return n.part == part; });
      const std::string name = known ? std::string() : free_name(part, names, taken);
      if (name.empty()) continue;
      Names tried = with(names, {part, name});
      const std::size_t now = length_of(print_with(*text_writer(), results, tried, as_it_is));
      if (now < length) {
        length = now;
        best = std::move(tried);
      }
    }
    if (!best) break;
    names = std::move(*best);
    writer = text_writer();
    print_with(*writer, results, names, as_it_is);
  }
  return names;
}

// Beyond this nobody reads the whole: every part that occurs twice gets a name, and a search for good ones is in vain.
constexpr std::uint64_t longest_read = 1500;
constexpr std::uint64_t least_part = 6;

// What is written in more than one place, from the inside out, numbered t1, t2, …
class RepeatedParts {
 public:
  explicit RepeatedParts(std::span<const Expr> results) {
    for (const Expr& result : results) visit(result);
  }

  Names named(const std::set<std::string>& taken) const {
    Names names;
    std::size_t number = 0;
    for (const Expr& part : inside_out_) {
      if (uses_.at(part) < 2 || !worth_a_name(part)) continue;
      std::string name;
      do {
        name = "t" + std::to_string(++number);
      } while (taken.count(name) != 0);
      names.push_back({part, name});
    }
    return names;
  }

 private:
  static bool worth_a_name(const Expr& e) {
    if (e.tree_size() < least_part || e.is(Expr::Kind::relation)) return false;
    return !e.is(Expr::Kind::power) || e.operand(1) == Expr(Rational(1, 2));
  }

  void visit(const Expr& e) {
    if (++uses_[e] > 1) return;
    for (const Expr& operand : e.operands()) visit(operand);
    inside_out_.push_back(e);
    if (inside_out_.size() > print_size_limit) {
      throw LimitError("an expression of more than " + std::to_string(print_size_limit) +
                       " parts is too long to print");
    }
  }

  std::unordered_map<Expr, int> uses_;
  std::vector<Expr> inside_out_;
};

SharedText shared(std::span<const Expr> results, PrintWriter& writer, Spelled spelled) {
  std::uint64_t size = 0;
  for (const Expr& result : results) size = std::max(size, result.tree_size());
  if (size > longest_read) {
    std::set<std::string> taken;
    for (const Expr& result : results) taken.merge(symbols(result));
    return print_with(writer, results, RepeatedParts(results).named(taken), spelled);
  }
  for (const Expr& result : results) require_printable(result);
  return print_with(writer, results, choose_names(results), spelled);
}

}  // namespace

SharedText to_shared_text(std::span<const Expr> results) {
  return shared(results, *text_writer(), as_it_is);
}

SharedText to_shared_latex(std::span<const Expr> results) {
  return shared(results, *latex_writer(), symbol_latex);
}

}  // namespace nke
