// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include <nke/data/synthetic.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/kernels/kernel_matrix.hpp>

#include "pixels_oracle.hpp"
#include "support.hpp"

using nke::Images;
using nke::Kind;
using nke::Matrix;

namespace {

Images images(Eigen::Index n, Eigen::Index height, Eigen::Index width, Eigen::Index channels, std::uint64_t seed = 5) {
  return {nke::gaussian(static_cast<std::size_t>(n), static_cast<std::size_t>(height * width * channels), seed), height,
          width, channels};
}

}  // namespace

TEST_CASE("kernels of images agree with their definition, tap by tap [law]") {
  const Images x = images(2, 3, 4, 2);
  for (const char* text : {
           "conv(3) flatten",
           "conv(3) gap dense",
           "conv(2, padding=SAME) \"x+x^2\" gap",
           "conv(3, w=1.3, b=0.2) relu conv(3, padding=VALID) gap",
           "conv(3, stride=2) relu conv(2, padding=CIRCULAR) gap dense(b=1)",
           "conv(3, padding=CIRCULAR) relu sumpool(2) flatten",
           "conv(1) tanh avgpool(2, stride=1) conv(3) gap",
           "conv(3) relu avgpool(3, stride=2, padding=SAME) flatten dense",
           "dense layernorm relu dense(w=2) avgpool(3, padding=CIRCULAR, stride=2) gap dense",
           "conv(1, w=2) avgpool(2) gap",
           "flatten dense relu dense",
       }) {
    CAPTURE(text);
    const nke::Network net = nke::network(text);
    const nke::KernelMatrices both = nke::kernel_matrices(net, x);
    for (const auto& [i, j] : {std::pair<Eigen::Index, Eigen::Index>{0, 1}, {0, 0}}) {
      const nke::test::PixelPair want = nke::test::plain_image_pair(net, x, i, j);
      const double scale = both.ntk(0, 0) + both.ntk(1, 1) + both.nngp(0, 0);
      CHECK(std::abs(both.nngp(i, j) - want.nngp) < 1e-12 * scale);
      CHECK(std::abs(both.ntk(i, j) - want.ntk) < 1e-12 * scale);
    }
  }
}

TEST_CASE("a residual block of images adds its branches [law]") {
  const Images x = images(3, 4, 4, 1);
  const auto of = [&](const char* text) { return nke::kernel_matrices(nke::network(text), x); };
  // All linear, so that sums of networks are sums of kernels.
  const auto block = of("conv(3) residual(conv(3, w=2), conv(1, b=1)) gap");
  const auto main = of("conv(3) conv(3, w=2) gap"), shortcut = of("conv(3) conv(1, b=1) gap");
  CHECK((block.nngp - main.nngp - shortcut.nngp).norm() < 1e-14 * block.nngp.norm());
  CHECK((block.ntk - main.ntk - shortcut.ntk).norm() < 1e-14 * block.ntk.norm());
  const auto resnet = of("resnet(1, relu, w=sqrt(2))");
  CHECK(resnet.ntk.allFinite());
  CHECK(nke::smallest_eigenvalue(resnet.ntk) > 0);
}

TEST_CASE("an image of one pixel has the kernel of a point [law]") {
  const Images x = images(5, 1, 1, 7);
  const auto image = nke::kernel_matrices(nke::network("conv(1, b=0.5) relu conv(1) relu gap dense"), x);
  const auto point = nke::kernel_matrices(nke::network("dense(b=0.5) relu dense relu dense"), x.pixels);
  CHECK((image.nngp - point.nngp).norm() < 1e-13 * point.nngp.norm());
  CHECK((image.ntk - point.ntk).norm() < 1e-13 * point.ntk.norm());
}

TEST_CASE("flatten and dense layers on images are those of the flat points [law]") {
  const Images x = images(4, 3, 2, 2);
  const auto image = nke::kernel_matrices(nke::network("flatten dense gelu dense"), x);
  const auto point = nke::kernel_matrices(nke::network("dense gelu dense"), x.pixels);
  CHECK((image.ntk - point.ntk).norm() < 1e-13 * point.ntk.norm());
}

TEST_CASE("matrices of images are symmetric, and parts have the bits of the whole [law]") {
  const Images x = images(11, 4, 4, 3);
  Images top = x, bottom = x;
  top.pixels = x.pixels.topRows(4).eval();
  bottom.pixels = x.pixels.bottomRows(7).eval();
  const nke::Network net = nke::network("conv(3, w=sqrt(2)) relu avgpool(2) conv(3, w=sqrt(2)) relu gap dense");
  const Matrix k = nke::kernel_matrix(net, x, Kind::ntk);
  CHECK(k == Matrix(k.transpose()));
  CHECK(k.diagonal() == nke::kernel_diagonal(net, x, Kind::ntk));
  const Matrix part = nke::kernel_matrix(net, top, bottom, Kind::ntk);
  CHECK((part - k.topRightCorner(4, 7)).norm() < 1e-13 * k.norm());
  CHECK(nke::smallest_eigenvalue(k) > 0);
}

TEST_CASE("black, constant and repeated images have finite kernels [fault]") {
  Images x = images(5, 4, 4, 2);
  x.pixels.row(0).setZero();
  x.pixels.row(1).setConstant(0.7);
  x.pixels.row(3) = x.pixels.row(2);
  for (const char* text : {"conv(3) relu gap dense", "conv(3, b=1) gelu avgpool(2) conv(3) tanh gap dense",
                           "conv(3) layernorm relu flatten dense"}) {
    CAPTURE(text);
    const Matrix k = nke::kernel_matrix(nke::network(text), x, Kind::ntk);
    CHECK(k.allFinite());
    CHECK(k(2, 3) == doctest::Approx(k(2, 2)).epsilon(1e-13));
  }
  x.pixels(4, 9) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(nke::kernel_matrix(nke::network("conv(3) gap"), x, Kind::ntk), nke::DomainError);
  CHECK_THROWS_AS(nke::kernel_matrix(nke::network("conv(3) gap"), images(1, 4, 4, 1), images(1, 4, 5, 1), Kind::ntk),
                  nke::ShapeError);
}
