// SPDX-License-Identifier: Apache-2.0
// Random members of the class: sums and products of its generators at affine arguments, against integration.
#include <random>

#include <nke/exact/expr/print.hpp>

#include "derived_values.hpp"

using nke::Activation;
using nke::Expr;
using nke::Rational;

namespace {

class RandomMember {
 public:
  explicit RandomMember(std::uint64_t seed) : random_(seed) {}

  // A sum of one to three terms; all of them with gates or all with waves, since a pair of both needs more.
  Expr operator()() {
    const bool waves = pick(3) == 0;
    Expr total;
    for (int terms = 1 + pick(3); terms > 0; --terms) total += waves ? wave_term() : gate_term();
    return nke::depends_on(total, "x") ? total : nke::symbol("x");
  }

 private:
  int pick(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  Rational number() { return Rational(pick(9) - 4, 1 + pick(3)); }
  Rational positive() { return Rational(1 + pick(5), 1 + pick(3)); }
  Expr affine() { return Expr(positive()) * nke::symbol("x") + Expr(number()); }

  Expr power() { return nke::pow(nke::symbol("x"), pick(3)); }

  Expr smooth() {
    switch (pick(4)) {
      case 0: return nke::exp(Expr(number() / Rational(4)) * nke::symbol("x"));
      case 1: return nke::exp(-Expr(positive()) * nke::pow(affine(), 2) / 4);
      default: return 1;
    }
  }

  Expr gate_term() {
    const Expr factor = Expr(number()) * power() * smooth();
    switch (pick(7)) {
      case 0: return factor * nke::step(affine());
      case 1: return factor * nke::Phi(affine());
      case 2: return factor * nke::erf(affine());
      case 3: return factor * nke::max(affine(), 0);
      case 4: return Expr(number()) * nke::abs(affine());
      case 5: return nke::min(nke::max(affine(), -1), 1);
      default: return factor;
    }
  }

  Expr wave_term() {
    const Expr factor = Expr(number()) * power() * smooth();
    return factor * (pick(2) == 0 ? nke::sin(affine()) : nke::cos(affine()));
  }

  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("duals of random members of the class are the integrals they stand for [law]") {
  CAPTURE(nke::test::seed());
  RandomMember member(nke::test::seed());
  const nke::test::Point points[] = {nke::test::point(0.6, 1.1, -0.7), nke::test::point(0.9, 0.5, 0.85)};
  for (int i = 0; i < nke::test::iterations(6); ++i) {
    const Expr sigma = member();
    CAPTURE(nke::to_text(sigma));
    const Activation activation(sigma);
    const auto form = nke::try_closed_form_dual(activation);
    CHECK(form.has_value());
    if (form) check_against_integration(activation, *form, points[i % 2]);
  }
}
