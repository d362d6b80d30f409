// SPDX-License-Identifier: Apache-2.0
// Programs of several inputs and outputs against balls, which share nothing with them but the tree of the formula.
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include <hwy/targets.h>

#include <nke/exact/expr/block_program.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/error.hpp>

#include "support.hpp"

using nke::Ball;
using nke::BlockInputs;
using nke::BlockProgram;
using nke::Expr;
using nke::parse_expression;
using nke::Precision;

namespace {

template <class T>
using Vector = std::vector<T>;

const BlockInputs abc{{"a"}, {"b"}, {"c"}, BlockInputs::Determinant{"d", "a", "b", "c"}};

std::vector<Expr> parsed(std::initializer_list<const char*> texts) {
  std::vector<Expr> list;
  for (const char* text : texts) list.push_back(parse_expression(text));
  return list;
}

// Covariances with every correlation, and room for the results.
template <class T>
struct Row {
  T a;
  Vector<T> b, c;
  std::vector<Vector<T>> out;

  Row(std::size_t n, std::size_t outputs) : a(static_cast<T>(0.8)), out(outputs, Vector<T>(n)) {
    std::mt19937_64 random(nke::test::seed());
    std::uniform_real_distribution<double> variance(0.2, 3), rho(-1, 1);
    for (std::size_t i = 0; i < n; ++i) {
      b.push_back(static_cast<T>(variance(random)));
      c.push_back(static_cast<T>(0.999 * rho(random) * std::sqrt(static_cast<double>(a * b.back()))));
    }
  }
  std::vector<std::span<T>> results() { return {out.begin(), out.end()}; }

  void run(const BlockProgram<T>& program) {
    const std::span<const T> columns[] = {b}, entries[] = {c};
    program(std::span<const T>(&a, 1), columns, entries, results());
  }
  void run_prepared(const BlockProgram<T>& program) {
    const std::span<const T> columns[] = {b}, entries[] = {c};
    program(std::span<const T>(&a, 1), program.columns(columns), 0, entries, results());
  }
};

template <class T>
Ball exact(const Expr& e, T a, T b, T c, long bits) {
  const Precision precision = Precision::bits(bits);
  const auto ball = [&](T x) { return Ball::from_double_exactly(static_cast<double>(x), precision); };
  const nke::Bindings<Ball> at{
      {"a", ball(a)}, {"b", ball(b)}, {"c", ball(c)}, {"d", ball(a) * ball(b) - ball(c) * ball(c)}};
  return nke::evaluate<Ball>(e, at, precision);
}

// The radius of an enclosure at the precision of T adds up what each operation may lose.
template <class T>
void check_against_balls(const std::vector<Expr>& formulas, std::size_t n) {
  const BlockProgram<T> program(formulas, abc);
  Row<T> row(n, formulas.size());
  row.run(program);
  for (std::size_t k = 0; k < formulas.size(); ++k) {
    for (std::size_t i = 0; i < n; ++i) {
      const Ball fine = exact(formulas[k], row.a, row.b[i], row.c[i], 250);
      const Ball coarse = exact(formulas[k], row.a, row.b[i], row.c[i], std::numeric_limits<T>::digits);
      if (!fine.is_finite() || !coarse.is_finite() || std::abs(fine.mid()) > 1e30) continue;
      constexpr auto epsilon = static_cast<double>(std::numeric_limits<T>::epsilon());
      constexpr auto smallest = static_cast<double>(std::numeric_limits<T>::min());
      const double allowed = 16 * coarse.radius() + 8 * epsilon * std::abs(fine.mid()) + smallest;
      CAPTURE(formulas[k]);
      CAPTURE(row.b[i]);
      CAPTURE(row.c[i]);
      CAPTURE(fine.mid());
      CHECK(std::abs(static_cast<double>(row.out[k][i]) - fine.mid()) <= allowed);
    }
  }
}

Expr random_formula(std::mt19937_64& random, int depth) {
  const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
  if (depth == 0) {
    static constexpr const char* names[] = {"a", "b", "c", "d"};
    return below(5) == 0 ? Expr(nke::Rational(below(9) - 4, 1 + below(4))) : nke::symbol(names[below(4)]);
  }
  const auto part = [&] { return random_formula(random, depth - 1); };
  switch (below(12)) {
    case 0:
    case 1: return part() + part();
    case 2: return part() - part();
    case 3:
    case 4: return part() * part();
    case 5: return part() / (Expr(2) + nke::pow(part(), Expr(2)));
    case 6: return nke::sqrt(Expr(1) + nke::pow(part(), Expr(2)));
    case 7: return nke::atan2(part(), Expr(1) + nke::abs(part()));
    case 8: return nke::piecewise({{nke::less(part(), part()), part()}}, part());
    case 9: return nke::exp(part() - nke::pow(part(), Expr(2)));
    case 10: return nke::max(part(), nke::erf(part()));
    default: return nke::exp(-nke::abs(part())) * nke::sinh(part() / Expr(3));
  }
}

std::vector<std::int64_t> targets() {
  std::vector<std::int64_t> list{0};
  for (const std::int64_t target : {HWY_SSE4, HWY_AVX2, HWY_AVX3}) {
    if (hwy::SupportedTargets() & target) list.push_back(target);
  }
  return list;
}

struct OnTarget {
  explicit OnTarget(std::int64_t target) { hwy::GetChosenTarget().Update(target); }
  ~OnTarget() { hwy::GetChosenTarget().Update(hwy::SupportedTargets()); }
};

}  // namespace

TEST_CASE_TEMPLATE("several formulas agree with their enclosures on every instruction set [law]", T, double, float) {
  CAPTURE(nke::test::seed());
  for (const std::int64_t target : targets()) {
    CAPTURE(target);
    const OnTarget on(target);
    check_against_balls<T>(parsed({"(sqrt(d) + c*atan2(sqrt(d), -c))/(2*pi)", "atan2(sqrt(d), -c)/(2*pi)"}), 19);
    check_against_balls<T>(parsed({"exp(-(a+b)/2)*sinh(c)", "exp(-(a+b)/2)*cosh(c)", "exp(c - a/3 - b/7)"}), 19);
    check_against_balls<T>(
        parsed({"Phi(c/sqrt(b))*phi(a)/b", "(1+a)*(1+b)*(1+c)", "1/(a*b*c)", "a/b", "a", "b", "c", "d", "3"}), 19);
    check_against_balls<T>(parsed({"a - b*c", "b*c - a", "a*b + c", "exp(c) - 1", "log(1 + b)", "b^(3/2)", "c^5"}), 19);
  }
}

TEST_CASE_TEMPLATE("random formulas agree with their enclosures [law]", T, double, float) {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  for (int i = 0; i < nke::test::iterations(60); ++i) {
    std::vector<Expr> formulas;
    while (formulas.size() < 3) {
      try {
        formulas.push_back(random_formula(random, 4));
      } catch (const nke::DomainError&) {  // a division by 0 among the random numbers
      }
    }
    check_against_balls<T>(formulas, 6);
  }
}

TEST_CASE_TEMPLATE("prepared columns and every length give the same bits, over the inputs as well [law]", T, double,
                   float) {
  const std::vector<Expr> formulas =
      parsed({"c*atan2(c, sqrt(1+a+b+d)) + 1/(1+b) + exp(-b)", "exp(c - (a+b)/2)/(1+a) + sqrt(b)", "b", "exp(-b)*a"});
  const BlockProgram<T> program(formulas, abc);
  Row<T> all(1100, formulas.size());
  all.run(program);
  for (const std::size_t n : {1, 2, 7, 8, 9, 15, 16, 17, 255, 256, 257, 511, 513, 1024, 1100}) {
    CAPTURE(n);
    Row<T> row(n, formulas.size()), prepared(n, formulas.size());
    row.run(program);
    prepared.run_prepared(program);
    for (std::size_t k = 0; k < formulas.size(); ++k) {
      CHECK(std::equal(row.out[k].begin(), row.out[k].end(), all.out[k].begin()));
      CHECK(prepared.out[k] == row.out[k]);
    }
    // The first two results written over b and c.
    const std::span<const T> columns[] = {row.b}, entries[] = {row.c};
    const std::span<T> over[] = {row.b, row.c, prepared.out[2], prepared.out[3]};
    program(std::span<const T>(&row.a, 1), columns, entries, over);
    CHECK(row.b == row.out[0]);
    CHECK(row.c == row.out[1]);
    CHECK(prepared.out[2] == row.out[2]);
  }
}

TEST_CASE("a range of prepared columns is the same as those columns alone [law]") {
  const std::vector<Expr> formulas = parsed({"c*exp(-b) + a/(1+b)"});
  const BlockProgram<double> program(formulas, abc);
  Row<double> all(300, 1);
  all.run(program);
  const std::span<const double> columns[] = {all.b};
  const auto prepared = program.columns(columns);
  for (const auto& [first, count] : {std::pair<std::size_t, std::size_t>{0, 300}, {13, 100}, {299, 1}, {40, 256}}) {
    std::vector<double> out(count);
    const std::span<const double> entries[] = {std::span(all.c).subspan(first, count)};
    const std::span<double> results[] = {out};
    program(std::span<const double>(&all.a, 1), prepared, first, entries, results);
    CHECK(std::equal(out.begin(), out.end(), all.out[0].begin() + static_cast<std::ptrdiff_t>(first)));
  }
}

TEST_CASE("the determinant keeps its digits however much it cancels, and is never 0 or less [fact]") {
  const std::vector<Expr> formulas = parsed({"d"});
  for (const std::int64_t target : targets()) {
    CAPTURE(target);
    const OnTarget on(target);
    const BlockProgram<double> program(formulas, abc);
    std::mt19937_64 random(nke::test::seed());
    std::uniform_real_distribution<double> digits(-15, 0), variance(-12, 12);
    for (int i = 0; i < nke::test::iterations(200); ++i) {
      const double a = std::exp(variance(random)), b = std::exp(variance(random));
      const double c = (i % 2 == 0 ? 1 : -1) * std::sqrt(a * b) * (1 - std::pow(10, digits(random)));
      double d = 0;
      const std::span<const double> row(&a, 1), columns[] = {{&b, 1}}, entries[] = {{&c, 1}};
      const std::span<double> results[] = {{&d, 1}};
      program(row, columns, entries, results);
      const double want = std::max(0x1p-130 * a * b, exact(formulas[0], a, b, c, 200).mid());
      CAPTURE(a);
      CAPTURE(b);
      CAPTURE(c);
      CHECK(std::abs(d - want) <= 4e-16 * want);
    }
  }
}

TEST_CASE("exponents keep their digits where their terms are large [fact]") {
  const std::vector<Expr> formulas = parsed({"exp(c - (a+b)/2)", "exp(-(a+b)/2)*sinh(c)"});
  const BlockProgram<double> program(formulas, abc);
  Row<double> row(40, 2);
  row.a = 1e9 + 0.1;
  for (std::size_t i = 0; i < row.b.size(); ++i) {
    row.b[i] = row.a + std::ldexp(static_cast<double>(i), -10);
    row.c[i] = row.a + std::ldexp(static_cast<double>(i), -11) - 0.37;
  }
  row.run(program);
  for (std::size_t i = 0; i < row.b.size(); ++i) {
    const double want = exact(formulas[0], row.a, row.b[i], row.c[i], 200).mid();
    CHECK(std::abs(row.out[0][i] - want) <= 1e-15 * want);
    CHECK(std::abs(row.out[1][i] - want / 2) <= 1e-15 * want);
  }
}

TEST_CASE("NaN stays NaN and goes nowhere else [fact]") {
  const std::vector<Expr> formulas = parsed({"(sqrt(d)+c*atan2(sqrt(d),-c))/(2*pi)", "exp(c - (a+b)/2)"});
  const BlockProgram<double> program(formulas, abc);
  Row<double> row(21, 2), clean(21, 2);
  row.b[3] = row.c[10] = row.c[20] = std::numeric_limits<double>::quiet_NaN();
  row.run(program);
  clean.run(program);
  for (std::size_t i = 0; i < 21; ++i) {
    for (std::size_t k = 0; k < 2; ++k) {
      const bool given = i == 3 || i == 10 || i == 20;
      CHECK(std::isnan(row.out[k][i]) == given);
      if (!given) CHECK(row.out[k][i] == clean.out[k][i]);
    }
  }
}

TEST_CASE("what depends on a row or a column alone is computed there, and products are added in one step [fact]") {
  const BlockProgram<double> gelu_like(parsed({"c^2*(1/(1+a) + 1/(1+b))", "sqrt(a)*sqrt(b)*c"}), abc);
  CHECK(gelu_like.operations().entry == 3);  // two pairs of them in one
  CHECK(gelu_like.operations().column == 3);
  CHECK(gelu_like.operations().row == 3);
  const BlockProgram<double> fused(parsed({"a*c + b*c"}), abc);
  CHECK(fused.operations().entry == 2);
  const BlockProgram<double> shared(parsed({"exp(c)*a", "exp(c)*b"}), abc);
  CHECK(shared.operations().entry == 3);
}

TEST_CASE("unknown symbols, double names and unequal spans are refused [fault]") {
  CHECK_THROWS_AS(BlockProgram<double>(parsed({"a + x"}), abc), nke::DomainError);
  CHECK_THROWS_AS(BlockProgram<double>(parsed({"a"}), BlockInputs{{"a"}, {"a"}, {}}), nke::DomainError);
  const BlockProgram<double> program(parsed({"a*b*c"}), abc);
  Row<double> row(5, 1);
  row.c.resize(4);
  CHECK_THROWS_AS(row.run(program), nke::ShapeError);
  CHECK_THROWS_AS(row.run_prepared(program), nke::ShapeError);
  row.c.resize(5);
  const std::span<const double> columns[] = {row.b}, entries[] = {row.c};
  CHECK_THROWS_AS(program({}, columns, entries, row.results()), nke::ShapeError);
  CHECK_THROWS_AS(program(std::span<const double>(&row.a, 1), program.columns(columns), 1, entries, row.results()),
                  nke::ShapeError);
}

TEST_CASE("operations of six arguments are given all of them [fact]") {
  const BlockProgram<double> program(parsed({"re_Phi2(a, 1/4, b, c, 1/2, 1)", "im_Phi2(a, 1/4, b, c, 1/2, 1)"}), abc);
  Row<double> row(9, 2);
  row.run(program);
  const Precision bits = Precision::bits(120);
  const auto exactly = [&](double x) { return Ball::from_double_exactly(x, bits); };
  for (std::size_t i = 0; i < 9; ++i) {
    const nke::Bindings<Ball> at{{"a", exactly(row.a)}, {"b", exactly(row.b[i])}, {"c", exactly(row.c[i])}};
    for (std::size_t k = 0; k < 2; ++k) {
      const Expr e = parse_expression(k == 0 ? "re_Phi2(a, 1/4, b, c, 1/2, 1)" : "im_Phi2(a, 1/4, b, c, 1/2, 1)");
      CHECK(std::abs(row.out[k][i] - nke::evaluate<Ball>(e, at, bits).mid()) <= 1e-13);
    }
  }
}

TEST_CASE("terms beside a Phi2 share its pieces, and are right where the thresholds nearly coincide [law]") {
  // As in the dual of hardtanh: the place of the corner on both lines, and the density there.
  const char* const gate = "Phi2(-1/sqrt(a), -1/sqrt(b), c, sqrt(d))";
  const char* const first = "Phi((c - a)/sqrt(a*d))";
  const char* const second = "Phi((c - b)/sqrt(b*d))";
  const char* const density = "exp(-1/(2*a) - (a - c)^2/(2*a*d))";
  const BlockProgram<double> alone(parsed({gate}), abc), all(parsed({gate, first, second, density}), abc);
  CHECK(all.operations().entry <= alone.operations().entry + 7);
  Row<double> row(64, 4);
  for (std::size_t i = 0; i < 64; ++i) {
    if (i % 2 == 0) row.b[i] = row.a * (1 + std::ldexp(1.0, -static_cast<int>(i)));
    const double distance = std::ldexp(1.0, -static_cast<int>(i % 50)) / 3;
    row.c[i] = (i % 3 == 0 ? -1 : 1) * (1 - distance) * std::sqrt(row.a * row.b[i]);
  }
  row.run(all);
  const Precision bits = Precision::bits(300);
  const auto exactly = [&](double x) { return Ball::from_double_exactly(x, bits); };
  std::size_t outputs = 0;
  for (const char* text : {gate, first, second, density}) {
    CAPTURE(std::string(text));
    const Expr e = parse_expression(text);
    for (std::size_t i = 0; i < 64; ++i) {
      const Ball a = exactly(row.a), b = exactly(row.b[i]), c = exactly(row.c[i]);
      CAPTURE(row.b[i]);
      CAPTURE(row.c[i]);
      const double want = nke::evaluate<Ball>(e, {{"a", a}, {"b", b}, {"c", c}, {"d", a * b - c * c}}, bits).mid();
      CHECK(std::abs(row.out[outputs][i] - want) <= 1e-15);
    }
    ++outputs;
  }
}
