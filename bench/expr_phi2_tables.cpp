// SPDX-License-Identifier: Apache-2.0
// Makes exact/expr/phi2_tables.hpp: expr_phi2_tables > exact/expr/phi2_tables.hpp
//
// Each table is a Chebyshev interpolant at 60 digits, cut off where its coefficients fall below a tolerance, multiplied
// out into powers and rounded once. What the functions are: exact/expr/vector_phi2.hpp.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <nke/exact/real/arb_access.hpp>
#include <nke/exact/real/ball.hpp>

using namespace nke;

namespace {

const Precision precision = Precision::bits(300);
using Row = std::vector<Ball>;

Ball number_of(double v) {
  return Ball::from_double_exactly(v, precision);
}
Ball centered(const Ball& x) {
  return x.center();  // the tables need no proof: rounding errors of 90 digits may be forgotten
}

// Mills' ratio Q(x)/φ(x).
Ball mills(const Ball& x) {
  return centered(Phi(-x) / phi(x));
}

struct Rule {
  Row at, weight;
};

// Gauss-Legendre on [0, 1].
Rule legendre(unsigned n) {
  Rule rule;
  for (unsigned i = 0; i < n; ++i) {
    Ball x = number_of(0), w = number_of(0);
    arb_hypgeom_legendre_p_ui_root(arb_of(x), arb_of(w), n, i, precision.bits());
    rule.at.push_back(centered((x + 1) / 2));
    rule.weight.push_back(centered(w / 2));
  }
  return rule;
}

// F(R, ψ) = ∫_0^ψ M(R cos s) ds, M(x) = 1 − x Mills(x).
Ball wedge(const Ball& radius, const Ball& angle) {
  static const Rule rule = legendre(40);
  Ball total = number_of(0);
  for (std::size_t i = 0; i < rule.at.size(); ++i) {
    const Ball x = radius * cos(angle * rule.at[i]);
    total += rule.weight[i] * (1 - x * mills(x));
  }
  return centered(total * angle);
}

Ball chebyshev_node(int i, int n) {
  return cos(pi<Ball>(precision) * Ball(Rational(2 * i + 1, 2 * n), precision));
}

Row chebyshev_coefficients(const Row& values) {
  const int n = static_cast<int>(values.size());
  Row c;
  for (int a = 0; a < n; ++a) {
    Ball sum = number_of(0);
    for (int i = 0; i < n; ++i) {
      sum += values[static_cast<std::size_t>(i)] *
             cos(pi<Ball>(precision) * Ball(Rational(a * (2 * i + 1), 2 * n), precision));
    }
    c.push_back(centered(sum * (a == 0 ? 1 : 2) / n));
  }
  return c;
}

void cut(Row& c, double tolerance) {
  while (!c.empty() && std::abs(c.back().mid()) < tolerance) c.pop_back();
}

// Σ c_a T_a(x) in powers of x.
Row powers(const Row& c) {
  Row result(c.size(), number_of(0)), before{number_of(1)}, current{number_of(0), number_of(1)};
  for (std::size_t a = 0; a < c.size(); ++a) {
    for (std::size_t j = 0; j < before.size() && j < c.size(); ++j) result[j] += c[a] * before[j];
    Row next(current.size() + 1, number_of(0));
    for (std::size_t j = 0; j < current.size(); ++j) next[j + 1] += 2 * current[j];
    for (std::size_t j = 0; j < before.size(); ++j) next[j] -= before[j];
    before = std::move(current);
    current = std::move(next);
  }
  return result;
}

// In powers of T, x = 2T − 1.
Row powers_on_unit(const Row& c) {
  const Row inner = powers(c);
  Row result;
  for (std::size_t j = inner.size(); j-- > 0;) {  // Horner with 2T − 1
    Row next(result.size() + 1, number_of(0));
    for (std::size_t i = 0; i < result.size(); ++i) {
      next[i + 1] += 2 * result[i];
      next[i] -= result[i];
    }
    next[0] += inner[j];
    result = std::move(next);
  }
  while (result.size() > c.size()) result.pop_back();
  return result;
}

struct Kind {
  const char* lane;
  const char* suffix;
  int digits;              // to print
  double reach;            // of R and of thresholds: beyond it exp(−R²/2) is 0
  double shift;            // β: tables are in a variable linear in 1/(R + β)
  double tolerance;        // of Mills' ratio, relative
  double wedge_tolerance;  // of F, which counts for a sixth of it
};

void print(const char* what, const Row& c, const Kind& kind) {
  std::printf("// %s\n", what);
  for (const Ball& value : c) {
    char text[40];
    std::snprintf(text, sizeof text, "%.*g", kind.digits, value.mid());
    const bool bare = std::string(text).find_first_of(".e") == std::string::npos;
    std::printf("%s%s%s, ", text, bare ? ".0" : "", kind.suffix);
  }
  std::printf("\n");
}

// x from τ in [−1, 1], where τ is linear in 1/(x + β), 1 at x = 0 and −1 at x = reach.
Ball argument(const Ball& tau, const Kind& kind) {
  const Ball high = 1 / number_of(kind.shift), low = 1 / number_of(kind.shift + kind.reach);
  return 1 / (low + (tau + 1) / 2 * (high - low)) - number_of(kind.shift);
}

constexpr int nodes = 48, angles = 18;

// Mills(x) (x + β).
Row mills_table(const Kind& kind) {
  Row values;
  for (int i = 0; i < nodes; ++i) {
    const Ball x = argument(chebyshev_node(i, nodes), kind);
    values.push_back(centered(mills(x) * (x + number_of(kind.shift))));
  }
  Row c = chebyshev_coefficients(values);
  cut(c, kind.tolerance);
  return powers(c);
}

// F(R, 2 atan t) (R/β + 1)/t by powers of T = (t/tan(π/8))², each with powers of τ.
std::vector<Row> wedge_table(const Kind& kind) {
  const Ball widest = tan(pi<Ball>(precision) / 8);
  std::vector<Row> by_radius;
  for (int i = 0; i < nodes; ++i) {
    const Ball radius = argument(chebyshev_node(i, nodes), kind), scale = radius / number_of(kind.shift) + 1;
    Row along;
    for (int j = 0; j < angles; ++j) {
      const Ball t = widest * sqrt((chebyshev_node(j, angles) + 1) / 2);
      along.push_back(centered(wedge(radius, 2 * atan(t)) * scale / t));
    }
    by_radius.push_back(chebyshev_coefficients(along));
  }
  // From Chebyshev polynomials in T to powers of T, at each Chebyshev degree in τ; what is cut is cut before.
  std::vector<Row> table(angles);
  for (int j = 0; j < angles; ++j) {
    Row column;
    for (const Row& row : by_radius) column.push_back(row[static_cast<std::size_t>(j)]);
    table[static_cast<std::size_t>(j)] = chebyshev_coefficients(column);
    cut(table[static_cast<std::size_t>(j)], kind.wedge_tolerance);
  }
  while (table.back().empty()) table.pop_back();
  std::vector<Row> result(table.size(), Row(nodes, number_of(0)));
  for (std::size_t a = 0; a < nodes; ++a) {
    Row in_angle;
    for (const Row& column : table) in_angle.push_back(a < column.size() ? column[a] : number_of(0));
    const Row in_powers = powers_on_unit(in_angle);
    for (std::size_t j = 0; j < in_powers.size(); ++j) result[j][a] = in_powers[j];
  }
  for (Row& column : result) {
    cut(column, kind.wedge_tolerance);
    column = powers(column);
  }
  while (result.back().empty()) result.pop_back();
  return result;
}

// exp(f) by powers of f, |f| <= log(2)/2.
Row exponential_table(const Kind& kind) {
  const Ball half = log(number_of(2)) / 2;
  Row values;
  for (int i = 0; i < nodes; ++i) values.push_back(exp(half * chebyshev_node(i, nodes)));
  Row c = chebyshev_coefficients(values);
  cut(c, kind.tolerance / 16);
  c = powers(c);
  for (std::size_t j = 0; j < c.size(); ++j) c[j] = c[j] / pow_int(half, static_cast<long>(j));
  return c;
}

void print_tables(const Kind& kind) {
  const double high = 1 / kind.shift, low = 1 / (kind.shift + kind.reach);
  const Row mills_powers = mills_table(kind);
  const std::vector<Row> columns = wedge_table(kind);
  const Row exponential = exponential_table(kind);
  std::printf("template <>\nstruct Phi2Tables<%s> {\n", kind.lane);
  std::printf("  static constexpr %s shift = %g, slope = %.*g%s, offset = %.*g%s;\n", kind.lane, kind.shift,
              kind.digits, 2 / (high - low), kind.suffix, kind.digits, -(high + low) / (high - low), kind.suffix);
  std::printf("  static constexpr int exponential_length = %zu, mills_length = %zu, angles = %zu;\n",
              exponential.size(), mills_powers.size(), columns.size());
  std::printf("  static constexpr int length[] = {");
  for (std::size_t j = 0; j < columns.size(); ++j) std::printf("%s%zu", j == 0 ? "" : ", ", columns[j].size());
  std::printf("};\n  static constexpr %s coefficients[] = {\n", kind.lane);
  print("exp(f), by powers of f", exponential, kind);
  print("(x + shift) m(x), by powers of the variable", mills_powers, kind);
  for (std::size_t j = 0; j < columns.size(); ++j) {
    print(("F (R/shift + 1)/tan(psi/2), power " + std::to_string(j) + " of the angle").c_str(), columns[j], kind);
  }
  std::printf("};\n};\n\n");
}

}  // namespace

int main() {
  std::printf(
      "// SPDX-License-Identifier: Apache-2.0\n"
      "// Made by bench/expr_phi2_tables.cpp, which says how; used by vector_phi2.hpp, which says what for.\n"
      "#pragma once\n\nnamespace nke::block {\n\n"
      "template <class Lane>\nstruct Phi2Tables;\n\n");
  print_tables({"double", "", 17, 39, 5, 2e-16, 1e-15});
  print_tables({"float", "F", 9, 13.5, 3, 5e-8, 2e-7});
  std::printf("}  // namespace nke::block\n");
}
