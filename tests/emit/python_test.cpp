// SPDX-License-Identifier: Apache-2.0
// Emitted Python is run with numpy; the Neural Tangents layers with numpy in the place of jax.numpy.
#include <array>
#include <cmath>
#include <cstdio>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/dual/exact_value.hpp>

#include "emit_cases.hpp"
#include "run.hpp"
#include "support.hpp"

namespace nke::test {
namespace {

std::string list(const std::vector<double>& values) {
  std::string text;
  char number[64];
  for (const double x : values) {
    std::snprintf(number, sizeof number, "%.17g", x);
    text += (text.empty() ? "" : ", ") + std::string(number);
  }
  return "np.array([" + text + "])";
}

std::string grid_in_python() {
  const Covariances& grid = emit_grid();
  return "import numpy as np\nnp.seterr(all='ignore')\na = " + list(grid.a) + "\nb = " + list(grid.b) +
         "\nc = " + list(grid.c) + "\ndef show(values):\n    assert values.shape == a.shape\n" +
         "    for v in values: print(repr(float(v)))\n";
}

std::vector<double> printed_by(const Workshop& shop, const std::string& program) {
  REQUIRE_MESSAGE(std::string(NKE_PYTHON) != "", "no Python with numpy; see scripts/install-deps.sh --test");
  shop.write("main.py", program);
  const auto ran = shop.run({NKE_PYTHON, "main.py"});
  CAPTURE(ran.output);
  REQUIRE(ran.status == 0);
  return numbers(ran.output);
}

}  // namespace

TEST_CASE("emitted numpy code computes K and K' of whole arrays to 1e-13 [law]") {
  const Workshop shop;
  std::string program = grid_in_python();
  for (const DualFormula& formula : emit_cases()) {
    const std::string module = "nke_" + formula.name;
    shop.write(module + ".py", emit_numpy(formula));
    program += "import " + module + "\n";
    for (const char* dual : {"_dual", "_dual_derivative"}) {
      program += "show(" + module + "." + formula.name + dual + "(a, b, c))\n";
    }
  }
  check_agreement(printed_by(shop, program), "numpy");
}

TEST_CASE("emitted numpy code knows the normal distribution at complex arguments up to rho = 1 and -1 [law]") {
  const char* const texts[] = {"sin(x)*step(x - 1)", "cos(x)*erf(x)"};
  const std::array<std::array<double, 3>, 5> points{
      {{1, 1, 1}, {1, 1, 0.5}, {1, 4, -2}, {4, 0.25, 0.999999999999}, {1, 1, -0.999999999999}}};
  const Workshop shop;
  std::string program = "import numpy as np\na = np.array([1., 1., 1., 4., 1.])\nb = np.array([1., 1., 4., .25, 1.])\n";
  program += "c = np.array([1., .5, -2., 0.999999999999, -0.999999999999])\n";
  std::vector<double> expected;
  for (const char* text : texts) {
    DualFormula formula = derive_formula(text);
    formula.name = "wave" + std::to_string(expected.size());
    shop.write(formula.name + ".py", emit_numpy(formula));
    const ExactDual dual(activation(text));
    for (const DualPart part : {DualPart::value, DualPart::derivative}) {
      const std::string suffix = part == DualPart::value ? "_dual" : "_dual_derivative";
      program += "import " + formula.name + "\nfor v in " + formula.name + "." + formula.name + suffix +
                 "(a, b, c): print(repr(float(v)))\n";
      for (const auto& [a, b, c] : points) {
        const auto exactly = [](double x) { return Rational::from_double_exactly(x); };
        expected.push_back(dual(exactly(a), exactly(b), exactly(c), {.digits = 17, .part = part}).value.mid());
      }
    }
  }
  const std::vector<double> found = printed_by(shop, program);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(std::fabs(found[i] - expected[i]) < 1e-13);
}

TEST_CASE("an emitted Neural Tangents layer holds sigma, nngp_fn and d_nngp_fn, in terms of jax.numpy alone [law]") {
  const Workshop shop;
  // What the code imports, played by numpy.
  std::string program = grid_in_python() + R"(
import math, sys, types
jax, scipy, special = (types.ModuleType(n) for n in ("jax", "jax.scipy", "jax.scipy.special"))
special.erf = np.vectorize(math.erf, otypes=[float])
special.erfc = np.vectorize(math.erfc, otypes=[float])
jax.numpy = np
tangents, stax = types.ModuleType("neural_tangents"), types.ModuleType("neural_tangents.stax")
stax.Elementwise = lambda fn, nngp_fn, d_nngp_fn: (fn, nngp_fn, d_nngp_fn)
tangents.stax = stax
for module in (jax, scipy, special, tangents, stax): sys.modules[module.__name__] = module
x = np.linspace(-3.0, 3.0, 100001)
weight = np.exp(-x * x / 2)
)";
  for (const DualFormula& formula : emit_cases()) {
    const std::string module = "nke_" + formula.name;
    shop.write(module + ".py", emit_neural_tangents(formula));
    program += "import " + module + "\nfn, nngp_fn, d_nngp_fn = " + module + "." + formula.name + "_layer()\n";
    program += "show(nngp_fn(c, a, b))\nshow(d_nngp_fn(c, a, b))\n";
    program += "assert np.isfinite(fn(x)).all() and fn(x).shape == x.shape\n";
  }
  check_agreement(printed_by(shop, program), "Neural Tangents");
}

}  // namespace nke::test
