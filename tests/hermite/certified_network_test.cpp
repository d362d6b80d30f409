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

double relative_radius(const Ball& x) {
  return x.radius() / std::fabs(x.mid());
}

TEST_CASE("twenty layers in balls keep their digits, and few digits overlap many [law]") {
  // Weights of variance 2 would keep more alive; with 1 the correlation grows and the kernels shrink.
  const Activation sigma = activation("3/2*tanh(x)");
  const Kernels few = network(sigma, 20, "1", 10);
  const Kernels many = network(sigma, 20, "1", 25);
  CAPTURE(few.nngp.to_string(20));
  CAPTURE(few.ntk.to_string(20));
  CHECK(few.nngp.overlaps(many.nngp));
  CHECK(few.ntk.overlaps(many.ntk));
  CHECK(relative_radius(many.nngp) < 1e-20);
  CHECK(relative_radius(many.ntk) < 1e-20);
}

TEST_CASE("a network of relu, whose slope jumps, holds the arc-cosine recursion in balls [fact]") {
  // sqrt(2) relu keeps the variance. K = (r + c t)/π, K̇ = t/π, t = atan2(r, −c), r = √(a² − c²).
  const Activation sigma = activation("sqrt(2)*relu(x)");
  const Kernels found = network(sigma, 4, "3/2", 18);
  const Precision precision = Precision::bits(300);
  const Ball a(Rational(2), precision);
  Ball off(Rational(3, 2), precision);
  Ball ntk = off;
  for (int layer = 0; layer < 4; ++layer) {
    const Ball r = sqrt(a * a - off * off);
    const Ball t = atan2(r, -off);
    const Ball next = (r + off * t) / pi<Ball>(precision);
    ntk = next + ntk * t / pi<Ball>(precision);
    off = next;
  }
  CHECK(found.nngp.overlaps(off));
  CHECK(found.ntk.overlaps(ntk));
  CHECK(relative_radius(found.nngp) < 1e-16);
  CHECK(relative_radius(found.ntk) < 1e-16);
}

}  // namespace
}  // namespace nke
