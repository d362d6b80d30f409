// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <random>
#include <string_view>

#include <nke/data/synthetic.hpp>
#include <nke/kernels/kernel_matrix.hpp>

#include "points_oracle.hpp"
#include "support.hpp"

using nke::Kind;
using nke::Matrix;

namespace {

// Largest difference relative to the roots of both diagonals.
double difference(const Matrix& got, const Matrix& want, const Matrix& rows, const Matrix& columns) {
  double worst = 0;
  for (Eigen::Index i = 0; i < got.rows(); ++i) {
    for (Eigen::Index j = 0; j < got.cols(); ++j) {
      const double error = std::abs(got(i, j) - want(i, j)) / std::sqrt(rows(i, i) * columns(j, j));
      if (!(error <= worst)) worst = error;
    }
  }
  return worst;
}

// Points of different norms, two of them close to each other and two opposite.
Matrix points(Eigen::Index n, Eigen::Index d) {
  std::mt19937_64 random(nke::test::seed());
  Matrix x = nke::gaussian(static_cast<std::size_t>(n), static_cast<std::size_t>(d), nke::test::seed());
  for (Eigen::Index i = 0; i < n; ++i) x.row(i) *= 0.5 + static_cast<double>(random() % 1000) / 1000;
  x.row(1) = x.row(0) + 1e-3 * x.row(2);
  x.row(3) = -1.5 * x.row(2);
  return x;
}

}  // namespace

TEST_CASE("kernels of points agree with plain nested integrals [law]") {
  const Matrix x = points(4, 7);
  const Matrix y = points(6, 7).bottomRows(2);
  for (const char* text :
       {"dense", "fc(depth=2, relu, w=sqrt(2))", "dense(w=1.3, b=0.4) leaky_relu(0.2) dense(b=1) abs dense",
        "dense \"max(x,0)^2\" dense", "dense step dense", "dense(w=2) \"x^3\" dense(b=1)", "fc(depth=2, gelu)",
        "fc(depth=2, tanh, w=1.5, b=0.1)", "dense elu dense", "dense layernorm relu dense tanh",
        "dense(b=1) residual(relu dense(w=2) relu dense) gelu dense",
        "dense residual(dense residual(relu dense), dense(w=3)) relu dense"}) {
    CAPTURE(text);
    const nke::Network net = nke::network(text);
    const nke::test::PlainMatrices xx = nke::test::plain_matrices(net, x, x), xy = nke::test::plain_matrices(net, x, y);
    const Matrix yy = nke::kernel_diagonal(net, y, Kind::nngp).asDiagonal();
    const Matrix yy_ntk = nke::kernel_diagonal(net, y, Kind::ntk).asDiagonal();
    const nke::KernelMatrices both = nke::kernel_matrices(net, x);
    CHECK(difference(both.nngp, xx.nngp, xx.nngp, xx.nngp) < 1e-12);
    CHECK(difference(both.ntk, xx.ntk, xx.ntk, xx.ntk) < 1e-12);
    CHECK(difference(nke::kernel_matrix(net, x, y, Kind::nngp), xy.nngp, xx.nngp, yy) < 1e-12);
    CHECK(difference(nke::kernel_matrix(net, x, y, Kind::ntk), xy.ntk, xx.ntk, yy_ntk) < 1e-12);
    CHECK(nke::kernel_matrix(net, x, Kind::ntk) == both.ntk);
    const Matrix alone = nke::kernel_matrix(net, x, Kind::nngp);
    if (text == std::string_view("dense elu dense")) {
      // K alone shares fewer pieces of its Phi2 than K and K' together, and rounds once otherwise.
      CHECK(difference(alone, both.nngp, xx.nngp, xx.nngp) < 4e-16);
    } else {
      CHECK(alone == both.nngp);
    }
    const Matrix narrow = nke::kernel_matrix_float(net, x, Kind::ntk).cast<double>();
    CHECK(difference(narrow, xx.ntk, xx.ntk, xx.ntk) < 2e-6);
    const Matrix narrow_nngp = nke::kernel_matrix_float(net, x, y, Kind::nngp).cast<double>();
    CHECK(difference(narrow_nngp, xy.nngp, xx.nngp, yy) < 2e-6);
  }
}

TEST_CASE("a dual given as a formula is the activation it belongs to [law]") {
  // The arcsine kernel of erf.
  const Matrix x = points(6, 5);
  const nke::Network given = nke::network("fc(depth=2, dual(\"2/pi*atan2(2*c, sqrt((1+2*a)*(1+2*b)-4*c^2))\"))");
  const nke::Network named = nke::network("fc(depth=2, erf)");
  for (const Kind kind : {Kind::nngp, Kind::ntk}) {
    const Matrix want = nke::kernel_matrix(named, x, kind);
    CHECK(difference(nke::kernel_matrix(given, x, kind), want, want, want) < 1e-12);
  }
  // The exp-normalised kernel, whose derivative in c is itself over sqrt(ab).
  const nke::Network smooth = nke::network("dense dual(\"sqrt(a*b)*exp(c/sqrt(a*b)-1)\") dense");
  const nke::KernelMatrices both = nke::kernel_matrices(smooth, x);
  for (Eigen::Index i = 0; i < 6; ++i) {
    for (Eigen::Index j = 0; j < 6; ++j) {
      const double a = x.row(i).squaredNorm() / 5, b = x.row(j).squaredNorm() / 5, c = x.row(i).dot(x.row(j)) / 5;
      const double e = std::exp(c / std::sqrt(a * b) - 1);
      CHECK(both.nngp(i, j) == doctest::Approx(std::sqrt(a * b) * e).epsilon(1e-12));
      CHECK(both.ntk(i, j) == doctest::Approx(c * e + std::sqrt(a * b) * e).epsilon(1e-12));
    }
  }
}

TEST_CASE("matrices are symmetric to the bit, whatever the tiles, and their diagonal is kernel_diagonal [law]") {
  const Matrix x = nke::gaussian(613, 19, nke::test::seed());
  for (const char* text : {"fc(depth=3, relu)", "dense(b=1) relu dense(b=0.5)", "dense residual(relu dense) dense"}) {
    CAPTURE(text);
    const nke::Network net = nke::network(text);
    for (const Kind kind : {Kind::nngp, Kind::ntk}) {
      const Matrix k = nke::kernel_matrix(net, x, kind);
      CHECK(k == Matrix(k.transpose()));
      CHECK(k.diagonal() == nke::kernel_diagonal(net, x, kind));
      // A part computed alone has the same bits as in the whole.
      const Matrix part = nke::kernel_matrix(net, x.topRows(250), x.bottomRows(100), kind);
      CHECK(part == k.topRightCorner(250, 100));
    }
    CHECK(nke::smallest_eigenvalue(nke::kernel_matrix(net, x.topRows(100), Kind::ntk)) > 0);
  }
}

TEST_CASE("scaling the data scales the kernel of a homogeneous network [law]") {
  const Matrix x = points(8, 6);
  const nke::Network net = nke::network("fc(depth=3, relu, w=1.2)");
  const Matrix k = nke::kernel_matrix(net, x, Kind::ntk);
  CHECK(nke::kernel_matrix(net, 4 * x, Kind::ntk) == 16 * k);
  CHECK((nke::kernel_matrix(net, 3e100 * x, Kind::ntk) / 9e200 - k).norm() < 1e-13 * k.norm());
}
