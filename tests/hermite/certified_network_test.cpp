// SPDX-License-Identifier: Apache-2.0
// The kernels of a deep network in balls, layer on layer: what certified duals are for.
#include <cmath>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/certified_dual.hpp>

#include "support.hpp"

namespace nke {
namespace {

struct Kernels {
  Ball nngp;
  Ball ntk;
};

// A fully connected network of this many activations with unit weights: Σ → K, Θ → Σ + Θ K̇, for inputs of covariance
// (1, 1, c). Both diagonals are one number.
Kernels network(const Activation& sigma, int layers, const char* c, int digits) {
  const CertifiedDual dual(sigma, digits);
  const CertifiedDual slope(sigma.derivative(), digits);
  const Precision precision = Precision::digits(digits).with_guard(80);
  Ball a(Rational(2), precision);
  Ball off(Rational::parse(c), precision);
  Ball ntk = off;
  for (int layer = 0; layer < layers; ++layer) {
    const Ball next = dual.over(a, a, off).value;
    ntk = next + ntk * slope.over(a, a, off).value;
    a = dual.norm(a);
    off = next;
  }
  return {off, ntk};
}

TEST_CASE("twenty layers in balls keep their digits, and few digits overlap many [law]") {
  // Weights of variance 2 would keep more alive; with 1 the correlation grows and the kernels shrink.
  const Activation sigma = activation("3/2*tanh(x)");
  const Kernels few = network(sigma, 20, "1", 16);
  const Kernels many = network(sigma, 20, "1", 24);
  CAPTURE(few.nngp.to_string(20));
  CAPTURE(few.ntk.to_string(20));
  CHECK(few.nngp.overlaps(many.nngp));
  CHECK(few.ntk.overlaps(many.ntk));
  CHECK(many.nngp.radius() < 1e-20);
  CHECK(many.ntk.radius() < 1e-18);
}

}  // namespace
}  // namespace nke
