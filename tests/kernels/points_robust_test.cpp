// SPDX-License-Identifier: Apache-2.0
// The hostile inputs of docs/kernels.md, one by one.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <nke/data/synthetic.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/kernels/kernel_matrix.hpp>
#include <nke/kernels/reference_entry.hpp>

#include "support.hpp"

using nke::Kind;
using nke::Matrix;

namespace {

std::string refusal(const nke::Network& net, const Matrix& x, Kind kind = Kind::ntk) {
  try {
    nke::kernel_matrix(net, x, kind);
  } catch (const nke::Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("depth 16 with w = 16 gives finite and right numbers [fact]") {
  const Matrix x = nke::gaussian(20, 10, 3);
  const nke::Network big = nke::network("fc(depth=16, relu, w=16)"), plain = nke::network("fc(depth=16, relu)");
  const Matrix nngp = nke::kernel_matrix(big, x, Kind::nngp), unit = nke::kernel_matrix(plain, x, Kind::nngp);
  REQUIRE(nngp.allFinite());
  // Seventeen dense layers, each multiplies by 256, a power of two.
  CHECK(nngp == unit * std::ldexp(1.0, 8 * 17));
  // For a homogeneous network so does the NTK.
  CHECK((nke::kernel_matrix(big, x, Kind::ntk) * std::ldexp(1.0, -8 * 17) - nke::kernel_matrix(plain, x, Kind::ntk))
            .norm() < 1e-12 * unit.norm());
  const nke::MatrixF narrow = nke::kernel_matrix_float(nke::network("fc(depth=10, relu, w=16)"), x, Kind::ntk);
  CHECK(narrow.allFinite());
  CHECK(refusal(nke::network("fc(depth=200, relu, w=16)"), x).find("beyond 1.8e308") != std::string::npos);
  // What is too large on the way only is no obstacle.
  CHECK(nke::kernel_matrix(nke::network("fc(depth=200, relu, w=16) layernorm relu dense"), x, Kind::nngp).allFinite());
  CHECK(
      nke::kernel_matrix(nke::network("fc(depth=400, relu, w=1/16) layernorm relu dense"), x, Kind::nngp).allFinite());
}

TEST_CASE("other activations survive the same scales, or say which variance is too large [fault]") {
  const Matrix x = nke::gaussian(6, 4, 3);
  const Matrix gelu = nke::kernel_matrix(nke::network("fc(depth=4, gelu, w=16)"), x, Kind::ntk);
  CHECK(gelu.allFinite());
  CHECK(refusal(nke::network("fc(depth=1, gelu)"), 1e80 * x).find("variance above 1e150") != std::string::npos);
}

TEST_CASE("zero points have finite kernels, with and without biases [fact]") {
  Matrix x = nke::gaussian(4, 3, 1);
  x.row(2).setZero();
  for (const char* text : {"fc(depth=2, relu)", "fc(depth=2, relu, b=0.5)", "dense step dense", "fc(depth=2, gelu)",
                           "dense cos dense", "dense layernorm relu dense", "dense residual(relu dense) dense"}) {
    CAPTURE(text);
    for (const Kind kind : {Kind::nngp, Kind::ntk}) {
      const Matrix k = nke::kernel_matrix(nke::network(text), x, kind);
      CHECK(k.allFinite());
      CHECK(k == Matrix(k.transpose()));
    }
  }
  CHECK(nke::kernel_matrix(nke::network("fc(depth=2, relu)"), x, Kind::ntk).row(2).isZero(0));
  // cos(0) = 1, and E cos(u) = exp(−a/2).
  const Matrix cosine = nke::kernel_matrix(nke::network("dense cos"), x, Kind::nngp);
  CHECK(cosine(2, 2) == doctest::Approx(1).epsilon(1e-14));
  CHECK(cosine(2, 0) == doctest::Approx(std::exp(-x.row(0).squaredNorm() / 6)).epsilon(1e-13));
  // A step at 0 counts as 1/2, whatever the other point.
  const Matrix step = nke::kernel_matrix(nke::network("dense step"), x, Kind::nngp);
  CHECK(step(2, 0) == doctest::Approx(0.25).epsilon(1e-14));
}

TEST_CASE("repeated and nearly repeated points lose no digits [law]") {
  Matrix x = nke::gaussian(6, 50, 2);
  x.row(1) = x.row(0);
  x.row(2) = 3 * x.row(0);
  x.row(4) = x.row(3);
  x(4, 7) += 1e-9;  // at an angle of some 1e-10
  for (const char* text : {"fc(depth=3, relu)", "fc(depth=3, relu, b=0.5)"}) {
    CAPTURE(text);
    const nke::Network net = nke::network(text);
    const Matrix k = nke::kernel_matrix(net, x, Kind::ntk);
    CHECK(k(0, 1) == k(0, 0));
    const double angle = 1e-9 * std::sqrt(1 - std::pow(x(3, 7) / x.row(3).norm(), 2)) / x.row(3).norm();
    // K̇ = ½ − angle/(2π): three of them in a row, so Θ differs from its diagonal by some angles.
    const double gap = (std::sqrt(k(3, 3) * k(4, 4)) - k(3, 4)) / k(3, 3);
    CHECK(gap > 0.1 * angle);
    CHECK(gap < 2 * angle);
  }
  const Matrix k = nke::kernel_matrix(nke::network("fc(depth=3, relu)"), x, Kind::ntk);
  CHECK(k(0, 2) == doctest::Approx(3 * k(0, 0)).epsilon(1e-14));
}

TEST_CASE("a repeated point has the entries of the diagonal behind every layer [law]") {
  for (const Eigen::Index d : {5, 50}) {
    Matrix x = nke::gaussian(4, static_cast<std::size_t>(d), 21);
    x.row(3) = x.row(1);
    for (const std::string text :
         {"dense erf dense(b=0.5) relu dense", "dense dual(\"sqrt(a*b)*exp(c/sqrt(a*b)-1)\") dense relu dense",
          "dense layernorm \"max(-1, min(x, 1))\" dense layernorm abs dense",
          "dense residual(tanh dense) relu dense"}) {
      CAPTURE(text);
      const nke::Network net = nke::network(text);
      for (const Kind kind : {Kind::nngp, Kind::ntk}) {
        const Matrix k = nke::kernel_matrix(net, x, kind), cross = nke::kernel_matrix(net, x.topRows(3), x, kind);
        CHECK(k(1, 3) == k(1, 1));
        CHECK((cross - k.topRows(3)).norm() < 1e-15 * k.norm());
      }
    }
  }
}

TEST_CASE("points that rounding alone tells apart have the kernel of one point [law]") {
  for (const double noise : {0.0, 3e-16, 3e-15, 1e-13}) {
    Matrix x = nke::gaussian(4, 6, 5);
    for (Eigen::Index k = 0; k < x.cols(); ++k) {
      x(1, k) = noise == 0 ? x(0, k) * 3.0 / 7.0 * 7.0 / 3.0 : x(0, k) * (1 + noise * x(2, k));
      x(3, k) = -x(1, k);
    }
    for (const std::string text :
         {"dense \"max(-1, min(x, 1))\" dense", "dense \"x*step(x - 1/2)\" dense", "dense elu dense relu dense",
          "dense layernorm \"abs(x) + sin(x)\" dense", "dense gelu dense relu dense", "fc(depth=2, relu, b=0.5)"}) {
      CAPTURE(text);
      CAPTURE(noise);
      const nke::KernelMatrices k = nke::kernel_matrices(nke::network(text), x);
      for (const Matrix& m : {k.nngp, k.ntk}) {
        CHECK(std::abs(m(0, 1) - m(0, 0)) < 1e-12 * m(0, 0));
        CHECK(std::abs(m(3, 1) - m(3, 0)) < 1e-12 * m(0, 0));
        CHECK(std::abs(m(2, 1) - m(2, 0)) < 1e-12 * m(0, 0));
      }
    }
  }
}

TEST_CASE("all points the same give the kernel of one point [fact]") {
  const Matrix x = Matrix::Constant(300, 5, 0.3);
  const Matrix k = nke::kernel_matrix(nke::network("fc(depth=2, relu)"), x, Kind::ntk);
  CHECK(k.isConstant(k(0, 0), 0));
}

TEST_CASE("points too small for the squares of doubles are the origin to activations with a scale [fault]") {
  Matrix x = nke::gaussian(4, 3, 1);
  x.row(1) *= 1e-157;  // a variance with few digits left
  x.row(2) *= 1e-200;
  x.row(3) *= 1e-315;
  for (const std::string text : {"fc(depth=1, gelu)", "fc(depth=1, cos)", "fc(depth=2, tanh, b=0.5)"}) {
    CAPTURE(text);
    const nke::Network net = nke::network(text);
    Matrix zero = x;
    zero.bottomRows(3).setZero();
    const Matrix k = nke::kernel_matrix(net, x, Kind::ntk);
    CHECK((k - nke::kernel_matrix(net, zero, Kind::ntk)).norm() <= 1e-14 * k.norm());
    const nke::Images image{x, 1, 1, 3}, black{zero, 1, 1, 3};
    const nke::Network pixels = nke::network("residual(conv(1), conv(1)) gelu gap dense");
    const Matrix of_image = nke::kernel_matrix(pixels, image, Kind::ntk);
    CHECK((of_image - nke::kernel_matrix(pixels, black, Kind::ntk)).norm() <= 1e-14 * of_image.norm());
  }
  const std::vector<double> huge = {1e308, -1e308};
  CHECK_THROWS_AS(nke::reference_entry(nke::network("dense relu"), huge, huge), nke::DomainError);
}

TEST_CASE("numbers that are none are refused by row and column [fault]") {
  const nke::Network net = nke::network("fc(depth=1, relu)");
  Matrix x = nke::gaussian(4, 3, 1);
  x(2, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK(refusal(net, x).find("X: row 2, column 1 is NaN") != std::string::npos);
  x(2, 1) = std::numeric_limits<double>::infinity();
  CHECK(refusal(net, x).find("infinite") != std::string::npos);
}

TEST_CASE("shapes that do not fit are refused, empty ones are not [fault]") {
  const nke::Network net = nke::network("fc(depth=1, relu)");
  CHECK_THROWS_AS(nke::kernel_matrix(net, Matrix(2, 3), Matrix(2, 4), Kind::nngp), nke::ShapeError);
  CHECK_THROWS_AS(nke::kernel_matrix(net, Matrix(2, 0), Kind::nngp), nke::ShapeError);
  CHECK_THROWS_AS(nke::kernel_matrix(nke::network("conv(3) gap"), Matrix::Ones(2, 4), Kind::nngp), nke::ShapeError);
  CHECK(nke::kernel_matrix(net, Matrix(0, 3), Kind::nngp).size() == 0);
  CHECK(nke::kernel_matrix(net, Matrix::Ones(2, 3), Matrix(0, 3), Kind::nngp).rows() == 2);
  CHECK_THROWS_AS(nke::smallest_eigenvalue(Matrix(2, 3)), nke::ShapeError);
}

TEST_CASE("points of extreme scale are what their scaled copies are [law]") {
  const Matrix x = nke::gaussian(5, 4, 1);
  const nke::Network net = nke::network("fc(depth=2, relu) layernorm");
  const Matrix k = nke::kernel_matrix(net, 1e8 * x, Kind::nngp);  // far above the epsilon of layernorm
  CHECK((nke::kernel_matrix(net, 1e300 * x, Kind::nngp) - k).norm() < 1e-13);
  const nke::Network linear = nke::network("fc(depth=2, relu)");
  CHECK((nke::kernel_matrix(linear, 1e-150 * x, Kind::ntk) * 1e300 - nke::kernel_matrix(linear, x, Kind::ntk)).norm() <
        1e-13);
  Matrix mixed = x;
  mixed.row(0) *= 1e200;
  mixed.row(1) *= 1e-200;
  const nke::Network scaled = nke::network("fc(depth=1, relu) layernorm");
  CHECK(nke::kernel_matrix(scaled, mixed, Kind::nngp).allFinite());
}
