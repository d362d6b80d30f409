// SPDX-License-Identifier: Apache-2.0
// Every layer and every argument of a layer against its definition, in each way a kernel can be asked for: K(X), K(X, Y),
// the diagonal alone, each kind alone, float.
#include <cmath>
#include <string>

#include <nke/data/synthetic.hpp>
#include <nke/kernels/kernel_matrix.hpp>

#include "pixels_oracle.hpp"
#include "points_oracle.hpp"
#include "support.hpp"

using nke::Images;
using nke::Kind;
using nke::Matrix;

namespace {

// |got − want| over √(K_ii K_jj), at most `error`.
void check_close(double got, double want, double at_i, double at_j, double error) {
  CHECK(std::abs(got - want) <= error * std::sqrt(at_i * at_j));
}

// Two images of X and one of Y, with the third a neighbour of the first.
void check_images(const std::string& text, Eigen::Index height = 3, Eigen::Index width = 4) {
  CAPTURE(text);
  const nke::Network net = nke::network(text);
  Images all{nke::gaussian(3, static_cast<std::size_t>(height * width * 2), 21), height, width, 2};
  all.pixels.row(2) = all.pixels.row(0) + 0.1 * all.pixels.row(2);
  Images x = all, y = all;
  x.pixels = all.pixels.topRows(2).eval();
  y.pixels = all.pixels.bottomRows(1).eval();
  double want[2][3][3] = {};
  for (const auto& [i, j] : {std::pair<Eigen::Index, Eigen::Index>{0, 0}, {1, 1}, {2, 2}, {0, 1}, {0, 2}}) {
    const nke::test::PixelPair pair = nke::test::plain_image_pair(net, all, i, j);
    want[0][i][j] = pair.nngp;
    want[1][i][j] = pair.ntk;
  }
  const nke::KernelMatrices both = nke::kernel_matrices(net, x);
  for (const Kind kind : {Kind::nngp, Kind::ntk}) {
    const auto& w = want[kind == Kind::ntk ? 1 : 0];
    const Matrix& k = kind == Kind::ntk ? both.ntk : both.nngp;
    const Matrix cross = nke::kernel_matrix(net, x, y, kind);
    const nke::MatrixF narrow = nke::kernel_matrix_float(net, x, kind);
    const Eigen::VectorXd diagonal = nke::kernel_diagonal(net, x, kind);
    CHECK(nke::kernel_matrix(net, x, kind) == k);
    check_close(cross(0, 0), w[0][2], w[0][0], w[2][2], 1e-12);
    check_close(nke::kernel_diagonal(net, y, kind)(0), w[2][2], w[2][2], w[2][2], 1e-12);
    for (Eigen::Index j = 0; j < 2; ++j) {
      check_close(k(0, j), w[0][j], w[0][0], w[j][j], 1e-12);
      check_close(diagonal(j), w[j][j], w[j][j], w[j][j], 1e-12);
      check_close(static_cast<double>(narrow(0, j)), w[0][j], w[0][0], w[j][j], 2e-6);
    }
  }
}

}  // namespace

TEST_CASE("convolutions of every stride and padding are what their definition says [law]") {
  check_images("conv(3, padding=CIRCULAR, w=1.3, b=0.2) relu flatten");
  check_images("conv(2, stride=2, padding=CIRCULAR) relu gap");
  check_images("conv(2, padding=VALID, stride=2, b=0.4) gelu gap dense");
  check_images("conv(3, stride=3) relu conv(2) flatten dense");
  check_images("conv(4) conv(1, stride=2) relu gap", 4, 5);
}

TEST_CASE("pools of every stride and padding are what their definition says [law]") {
  check_images("conv(1) relu avgpool(3, stride=1, padding=SAME) conv(2, stride=2) flatten");
  check_images("conv(3, stride=2) erf sumpool(2, stride=1, padding=CIRCULAR) flatten dense");
  check_images("avgpool(2, stride=1) conv(2, stride=2) relu sumpool(2, padding=SAME) dense gap");
  check_images("sumpool(3, stride=2, padding=SAME) conv(2) relu flatten dense");
}

TEST_CASE("normalised and residual networks of images are what their definition says [law]") {
  check_images("conv(2, stride=2) layernorm relu conv(2, b=0.3) layernorm flatten dense");
  check_images("conv(3, stride=2) residual(relu conv(2, w=1.4)) gap dense");
  check_images("dense residual(relu conv(3, stride=2, b=0.2), conv(1, stride=2)) relu flatten dense");
  check_images("conv(2, stride=2) residual(residual(relu conv(1), dense(w=0.5)) relu dense, layernorm) gap");
  check_images("residual(conv(2, stride=2) relu gap dense relu dense, flatten dense) abs dense");
}

TEST_CASE("duals given as formulas, steps and vectors after pixels are what their definition says [law]") {
  check_images("conv(3, stride=2) dual(\"sqrt(a*b)*exp(c/sqrt(a*b)-1)\") conv(2, padding=VALID) flatten dense");
  check_images("conv(2, stride=2) step conv(1) relu gap dense");
  check_images("gap dense(b=1) \"max(-1, min(x, 1))\" dense relu dense");
  check_images("dense(b=0.2) \"x*tanh(log(1+exp(x)))\" conv(3, stride=2) flatten");
}

TEST_CASE("every layer of points is what its definition says, in each way to ask for it [law]") {
  Matrix x = nke::gaussian(3, 5, 21);
  x.row(2) = x.row(0) + 0.1 * x.row(2);
  for (const std::string text : {"dense(b=0.5) dual(\"sqrt(a*b)*exp(c/sqrt(a*b)-1)\") dense relu dense",
                                 "residual(dense, dense(w=2, b=1)) relu residual(dense relu dense, dense) gelu dense",
                                 "dense layernorm \"max(-1, min(x, 1))\" dense layernorm abs dense(b=0.1)"}) {
    CAPTURE(text);
    const nke::Network net = nke::network(text);
    const nke::test::PlainMatrices want = nke::test::plain_matrices(net, x, x);
    for (const Kind kind : {Kind::nngp, Kind::ntk}) {
      const Matrix& w = kind == Kind::ntk ? want.ntk : want.nngp;
      const Matrix k = nke::kernel_matrix(net, x, kind), cross = nke::kernel_matrix(net, x.topRows(2), x, kind);
      const nke::MatrixF narrow = nke::kernel_matrix_float(net, x, kind);
      const Eigen::VectorXd diagonal = nke::kernel_diagonal(net, x, kind);
      for (Eigen::Index i = 0; i < 3; ++i) {
        CAPTURE(i);
        check_close(diagonal(i), w(i, i), w(i, i), w(i, i), 1e-12);
        for (Eigen::Index j = 0; j < 3; ++j) {
          CAPTURE(j);
          check_close(k(i, j), w(i, j), w(i, i), w(j, j), 1e-12);
          if (i < 2) check_close(cross(i, j), w(i, j), w(i, i), w(j, j), 1e-12);
          check_close(static_cast<double>(narrow(i, j)), w(i, j), w(i, i), w(j, j), 2e-6);
        }
      }
    }
  }
}
