// SPDX-License-Identifier: Apache-2.0
// Any text given to the parser ends in an expression or in an nke::Error; and what is read keeps the laws: its text
// parses back to itself, simplify leaves nothing to simplify, every way of evaluating it ends too.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/jet.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/complex_ball.hpp>
#include <nke/exact/real/mpfr.hpp>

namespace {

using nke::Expr;

const nke::Precision precision = nke::Precision::bits(80);

[[noreturn]] void broken(const char* law, const std::string& text) {
  std::fprintf(stderr, "broken law: %s\n%s\n", law, text.c_str());
  std::abort();
}

// Runs what may refuse, but only by an nke::Error; false if it refused.
template <class F>
bool allowed(const F& f) {
  try {
    f();
    return true;
  } catch (const nke::Error&) {
    return false;
  }
}

void check_round_trip(const Expr& e) {
  allowed([&] {
    const std::string text = to_text(e);
    Expr back;
    try {
      back = nke::parse_expression(text);
    } catch (const nke::LimitError&) {  // longer or deeper than what the parser reads
      return;
    } catch (const nke::Error& error) {
      broken(error.what(), text);
    }
    if (!(back == e)) broken("the text of an expression parses back to it", text);
  });
}

void evaluate_everywhere(const Expr& e) {
  for (const auto& [numerator, denominator] : {std::pair{0L, 1L}, {3L, 7L}, {-5L, 2L}, {40L, 1L}}) {
    const nke::Rational at(numerator, denominator);
    allowed([&] { nke::evaluate(e, "x", at.to_double()); });
    allowed([&] { evaluate<nke::Mpfr>(e, "x", nke::Mpfr(at, precision), precision); });
    allowed([&] { evaluate<nke::Ball>(e, "x", nke::Ball(at, precision), precision); });
    allowed([&] { taylor<nke::Ball>(e, "x", nke::Ball(at, precision), 3, precision); });
  }
  const nke::Ball wide = nke::Ball::from_interval(-1, 2, precision);
  allowed([&] { evaluate<nke::Ball>(e, "x", wide, precision); });
  allowed([&] { taylor<nke::Ball>(e, "x", wide, 2, precision); });
  allowed([&] { taylor<nke::Mpfr>(e, "x", nke::Mpfr(nke::Rational(1, 3), precision), 3, precision); });
  for (const bool analytic : {false, true}) {
    allowed([&] { evaluate<nke::ComplexBall>(e, "x", nke::ComplexBall(wide, wide), precision, analytic); });
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Expr e;
  if (!allowed([&] { e = nke::parse_expression(text); })) return 0;
  check_round_trip(e);
  allowed([&] { to_latex(e); });
  evaluate_everywhere(e);
  allowed([&] {
    const Expr simple = simplify(e);
    if (!(simplify(simple) == simple)) broken("simplify has nothing to do on its own result", std::string(text));
    check_round_trip(simple);
  });
  allowed([&] {
    const Expr slope = differentiate(e, "x");
    check_round_trip(slope);
    allowed([&] { nke::evaluate(slope, "x", 0.3); });
  });
  allowed([&] { expand(e, 200); });
  return 0;
}
