// SPDX-License-Identifier: Apache-2.0
// Emitted Python is run with numpy; the Neural Tangents layers with numpy in the place of jax.numpy.
#include <cstdio>

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
