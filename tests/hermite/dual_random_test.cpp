// SPDX-License-Identifier: Apache-2.0
// Fast duals of activations nobody has named, at covariances nobody would choose, against proven values.
#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "dual_grid.hpp"
#include "support.hpp"

namespace {

class Drawn {
 public:
  explicit Drawn(std::uint64_t seed) : random_(seed) {}

  // One to three terms, all with gates or all with waves: pairs of both need more than Phi2.
  std::string activation() {
    const bool waves = pick(4) == 0;
    std::string text = waves ? wave() : gate();
    for (int more = pick(3); more > 0; --more) text += " + " + (waves ? wave() : gate());
    return text;
  }
  nke::test::GridPoint point(double low, double high) {
    return nke::test::dual_grid(1 + pick(40), low, high, random_()).back();
  }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  std::string number() {
    const int top = pick(9) - 4;
    return "(" + std::to_string(top == 0 ? 5 : top) + "/" + std::to_string(1 + pick(4)) + ")";
  }
  std::string positive() { return std::to_string(1 + pick(5)) + "/" + std::to_string(1 + pick(3)); }
  std::string affine() { return "(" + positive() + "*x + " + (pick(3) == 0 ? "0" : number()) + ")"; }
  std::string smooth() {
    switch (pick(5)) {
      case 0: return "*exp(" + number() + "*x/8)";
      case 1: return "*exp(-" + affine() + "^2/4)";
      case 2: return "*x";
      default: return "";
    }
  }
  std::string gate() {
    switch (pick(8)) {
      case 0: return number() + "*step(" + affine() + ")" + smooth();
      case 1: return number() + "*Phi(" + affine() + ")" + (pick(2) == 0 ? "*x" : "");
      case 2: return number() + "*erf(" + affine() + ")";
      case 3: return number() + "*max(" + affine() + ", 0)" + smooth();
      case 4: return number() + "*abs(" + affine() + ")";
      case 5: return number() + "*min(max(" + affine() + ", -1), 1)";
      case 6: return number() + "*max(" + affine() + ", 0)^2";
      default: return number() + smooth();
    }
  }
  std::string wave() { return number() + (pick(2) == 0 ? "*sin(" : "*cos(") + affine() + ")" + smooth(); }

  std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("fast duals of random activations are within 2e-14 of their scale at random covariances [law]") {
  CAPTURE(nke::test::seed());
  Drawn drawn(nke::test::seed());
  for (int i = 0; i < nke::test::iterations(6); ++i) {
    const std::string text = drawn.activation();
    CAPTURE(text);
    const nke::Activation sigma = nke::activation(text);
    const nke::test::ProvenDual proven(sigma);
    const nke::FastDual dual(sigma, {.min_variance = 0.1, .max_variance = 10});
    for (int j = 0; j < 4; ++j) {
      const nke::test::GridPoint p = j % 2 == 0 ? drawn.point(0.1, 10) : drawn.point(1e-6, 1e6);
      CAPTURE(p.a);
      CAPTURE(p.b);
      CAPTURE(p.c);
      const auto want = proven.at(p);
      if (!want || !nke::test::fits<double>(*want)) continue;
      CHECK(nke::test::largest_error<double>(dual, p, *want) <= 2e-14);
    }
  }
}
