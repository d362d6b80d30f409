// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <string>
#include <vector>

#include <nke/data/synthetic.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/kernels/kernel_matrix.hpp>
#include <nke/kernels/reference_entry.hpp>

#include "support.hpp"

using nke::Kind;
using nke::Matrix;

TEST_CASE("the kernels in double are within 1e-12 of proven balls [law]") {
  Matrix x = nke::gaussian(3, 6, 4);
  x.row(2) = x.row(0) + 1e-7 * x.row(1);  // an angle of 1e-7: what rounding would swallow
  for (const char* text :
       {"fc(depth=3, relu, w=sqrt(2), b=0.1)", "fc(depth=2, gelu)", "dense erf dense(b=1) relu dense",
        "dense layernorm relu dense", "dense residual(relu dense(w=1.5)) gelu dense",
        "dense dual(\"sqrt(a*b)*exp(c/sqrt(a*b)-1)\") dense"}) {
    CAPTURE(text);
    const nke::Network net = nke::network(text);
    const nke::KernelMatrices k = nke::kernel_matrices(net, x);
    for (const auto& [i, j] : {std::pair<Eigen::Index, Eigen::Index>{0, 1}, {0, 2}, {1, 1}}) {
      const nke::ReferenceEntry want = nke::reference_entry(net, {x.row(i).data(), 6}, {x.row(j).data(), 6}, 20);
      CHECK(std::abs(k.nngp(i, j) - want.nngp.mid()) < 1e-12 * std::sqrt(k.nngp(i, i) * k.nngp(j, j)));
      // Behind erf the small angle is known to the rounding of 1 only, and relu feels its square root.
      const bool blurred = net.layers.size() == 5 && std::string(text).find("erf") != std::string::npos && j == 2;
      CHECK(std::abs(k.ntk(i, j) - want.ntk.mid()) < (blurred ? 1e-9 : 1e-12) * std::sqrt(k.ntk(i, i) * k.ntk(j, j)));
      CHECK(want.ntk.radius() < 1e-19 * k.ntk(i, i));
    }
  }
}

TEST_CASE("where there is no closed form the ball comes from certified series and integrals [law]") {
  const Matrix x = nke::gaussian(2, 6, 4);
  const nke::Network net = nke::network("dense tanh dense");
  const nke::KernelMatrices k = nke::kernel_matrices(net, x);
  const nke::ReferenceEntry want = nke::reference_entry(net, {x.row(0).data(), 6}, {x.row(1).data(), 6}, 14);
  CHECK(std::abs(k.nngp(0, 1) - want.nngp.mid()) < 1e-12);
  CHECK(std::abs(k.ntk(0, 1) - want.ntk.mid()) < 1e-12);
}

TEST_CASE("twenty layers leave twenty relative digits of both kernels, slopes with jumps included [law]") {
  const Matrix x = nke::gaussian(2, 4, 7);
  for (const char* text : {"fc(depth=20, tanh, w=3/2)", "fc(depth=20, relu, w=sqrt(2))", "fc(depth=20, gelu, w=3/2)",
                           "fc(depth=20, erf, w=3/2)"}) {
    CAPTURE(text);
    const nke::Network net = nke::network(text);
    const nke::ReferenceEntry found = nke::reference_entry(net, {x.row(0).data(), 4}, {x.row(1).data(), 4}, 20);
    CHECK(found.nngp.radius() <= 1e-20 * std::abs(found.nngp.mid()));
    CHECK(found.ntk.radius() <= 1e-20 * std::abs(found.ntk.mid()));
    const nke::KernelMatrices fast = nke::kernel_matrices(net, x);
    CHECK(std::abs(fast.nngp(0, 1) - found.nngp.mid()) < 1e-11 * std::abs(found.nngp.mid()));
    CHECK(std::abs(fast.ntk(0, 1) - found.ntk.mid()) < 1e-11 * std::abs(found.ntk.mid()));
  }
}

TEST_CASE("beside a point at the origin balls are products of means [law]") {
  const Matrix x = (Matrix(2, 2) << 0, 0, 0.5, 0.25).finished();
  for (const std::string text : {"dense step dense", "dense sign dense(b=1)", "dense cos dense(b=1) relu dense",
                                 "dense elu dense", "dense \"x - 1\"", "dense relu dense gelu"}) {
    CAPTURE(text);
    const nke::Network net = nke::network(text);
    const nke::KernelMatrices k = nke::kernel_matrices(net, x);
    for (const auto& [i, j] : {std::pair<Eigen::Index, Eigen::Index>{0, 0}, {0, 1}, {1, 0}}) {
      const nke::ReferenceEntry want = nke::reference_entry(net, {x.row(i).data(), 2}, {x.row(j).data(), 2}, 20);
      CHECK(std::abs(k.nngp(i, j) - want.nngp.mid()) <= 1e-14 * std::sqrt(k.nngp(i, i) * k.nngp(j, j)));
      CHECK(std::abs(k.ntk(i, j) - want.ntk.mid()) <= 1e-14 * std::sqrt(k.ntk(i, i) * k.ntk(j, j)));
    }
  }
  // A step at 0 is the mean of its sides, and so is that of any other point.
  const std::vector<double> origin = {0, 0}, other = {1, 2};
  CHECK(nke::reference_entry(nke::network("dense step"), origin, origin).nngp.contains(nke::Rational(1, 4)));
  CHECK(nke::reference_entry(nke::network("dense step"), origin, other).nngp.contains(nke::Rational(1, 4)));
}

TEST_CASE("what the reference cannot take is refused [fault]") {
  const std::vector<double> x = {1, 2}, y = {2, 4}, z = {1, 2, 3};
  CHECK_THROWS_AS(nke::reference_entry(nke::network("dense relu dense"), x, z), nke::ShapeError);
  CHECK_THROWS_AS(nke::reference_entry(nke::network("conv(3) gap"), x, x), nke::ShapeError);
  const std::vector<double> bad = {1, std::nan("")};
  CHECK_THROWS_AS(nke::reference_entry(nke::network("dense relu dense"), x, bad), nke::DomainError);
}
