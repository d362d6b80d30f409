// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <string>

#include <nke/data/synthetic.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/kernels/kernel_matrix.hpp>
#include <nke/kernels/reference_image_entry.hpp>

#include "pixels_oracle.hpp"
#include "support.hpp"

using nke::Images;

namespace {

Images images(Eigen::Index n, Eigen::Index height, Eigen::Index width, Eigen::Index channels, std::uint64_t seed = 5) {
  return {nke::gaussian(static_cast<std::size_t>(n), static_cast<std::size_t>(height * width * channels), seed), height,
          width, channels};
}

void check_double(const char* text, const Images& x, int digits = 20) {
  CAPTURE(text);
  const nke::Network net = nke::network(text);
  const nke::KernelMatrices k = nke::kernel_matrices(net, x);
  for (const Eigen::Index j : {1, 0}) {
    const nke::ReferenceEntry want = nke::reference_image_entry(net, {x, 0}, {x, j}, digits);
    const double nngp = std::sqrt(k.nngp(0, 0) * k.nngp(j, j)), ntk = std::sqrt(k.ntk(0, 0) * k.ntk(j, j));
    CHECK(std::abs(k.nngp(0, j) - want.nngp.mid()) < 1e-12 * nngp);
    CHECK(std::abs(k.ntk(0, j) - want.ntk.mid()) < 1e-12 * ntk);
    CHECK(want.nngp.radius() <= 1.001 * std::pow(10.0, -digits) * nngp);
    CHECK(want.ntk.radius() <= 1.001 * std::pow(10.0, -digits) * ntk);
  }
}

}  // namespace

TEST_CASE("the kernels of images in double are within 1e-12 of proven balls [law]") {
  const Images x = images(2, 3, 4, 2), small = images(2, 2, 3, 2);
  check_double("conv(3, w=sqrt(2), stride=2) relu conv(3, b=0.1) relu gap dense", x);
  check_double("conv(3) gelu flatten dense", x);
  check_double("conv(2, padding=CIRCULAR) erf avgpool(2, stride=1) conv(1) flatten", small);
  check_double("conv(3) dual(\"sqrt(a*b)*exp(c/sqrt(a*b)-1)\") conv(3, stride=2) gap", x);
}

TEST_CASE("residual, pooled, strided and normalised networks of images are within 1e-12 of proven balls [law]") {
  const Images x = images(2, 5, 6, 1);
  check_double("conv(3, stride=2) residual(relu conv(3, w=3/2), conv(1)) avgpool(2) flatten dense", x);
  check_double("conv(3, stride=3) layernorm relu sumpool(2) flatten dense", x);
}

TEST_CASE("scales of 16 a layer leave proven digits and 1e-12 [law]") {
  check_double("conv(3, w=16, stride=2) relu conv(3, w=16) relu conv(3, w=16) relu conv(3, w=16) relu gap dense(w=16)",
               images(2, 3, 4, 1));
}

TEST_CASE("proven balls hold what the definition gives, tap by tap [law]") {
  const Images x = images(2, 3, 4, 2, 9);
  for (const char* text : {
           "conv(2, padding=VALID, w=1.3, b=0.2) relu conv(2, padding=VALID) gap",
           "conv(3, stride=2) relu conv(2, padding=CIRCULAR) gap dense(b=1)",
           "conv(2, padding=VALID) relu sumpool(2, stride=1) flatten",
           "conv(2, stride=2) relu avgpool(3, stride=2, padding=SAME) flatten dense",
           "conv(2, padding=VALID) layernorm relu dense(w=2) avgpool(3, padding=CIRCULAR, stride=2) gap dense",
       }) {
    CAPTURE(text);
    const nke::Network net = nke::network(text);
    const nke::ReferenceEntry found = nke::reference_image_entry(net, {x, 0}, {x, 1}, 15);
    const nke::test::PixelPair want = nke::test::plain_image_pair(net, x, 0, 1);
    const nke::test::PixelPair scale = nke::test::plain_image_pair(net, x, 0, 0);
    CHECK(std::abs(found.nngp.mid() - want.nngp) < 1e-13 * (scale.nngp + std::abs(want.nngp)));
    CHECK(std::abs(found.ntk.mid() - want.ntk) < 1e-13 * (scale.ntk + std::abs(want.ntk)));
  }
}

TEST_CASE("an image of one pixel has the proven entry of a point, and another set of images is no other image [law]") {
  const Images x = images(2, 1, 1, 5), y = x;
  const nke::ReferenceEntry image =
      nke::reference_image_entry(nke::network("conv(1, b=1/2) relu conv(1) relu gap dense"), {x, 0}, {y, 1}, 30);
  const nke::ReferenceEntry point = nke::reference_entry(nke::network("dense(b=1/2) relu dense relu dense"),
                                                         {x.pixels.row(0).data(), 5}, {x.pixels.row(1).data(), 5}, 30);
  CHECK(image.nngp.overlaps(point.nngp));
  CHECK(image.ntk.overlaps(point.ntk));
  const nke::Network net = nke::network("conv(1) relu gap dense");
  CHECK(nke::reference_image_entry(net, {x, 0}, {y, 0}).ntk == nke::reference_image_entry(net, {x, 0}, {x, 0}).ntk);
}

TEST_CASE("black and constant images have proven entries [fault]") {
  Images x = images(2, 3, 3, 1);
  x.pixels.row(0).setZero();
  check_double("conv(2, padding=VALID, b=1) relu gap dense", x, 12);
  x.pixels(0, 8) = 1;  // black but for a corner
  check_double("conv(2, stride=2) relu conv(1) erf gap dense", x, 12);
  x.pixels.row(0).setConstant(0.5);
  check_double("conv(2, padding=VALID) relu gap dense", x, 12);
}

TEST_CASE("parallel windows are parallel in double: images brighter than others, and almost black ones [law]") {
  Images x = images(2, 2, 3, 1);
  for (const char* text :
       {"conv(2, stride=2) relu conv(2) relu gap dense", "dense relu avgpool(2, stride=1) conv(2) relu flatten",
        "conv(1) layernorm relu gap", "conv(1) \"max(-1, min(x, 1))\" dense abs gap",
        "conv(2, stride=2) relu gap dense relu dense"}) {
    x.pixels.row(1) = 1.7 * x.pixels.row(0);
    check_double(text, x, 12);
    x.pixels.row(1) *= -1;
    x.pixels(1, 4) = 0.3;
    check_double(text, x, 12);
  }
}

TEST_CASE("what the reference of images cannot take is refused [fault]") {
  Images x = images(2, 3, 4, 1);
  const auto entry = [&](const char* text, const Images& a, const Images& b, Eigen::Index i = 0) {
    return nke::reference_image_entry(nke::network(text), {a, i}, {b, 0});
  };
  CHECK_THROWS_AS(entry("conv(4, padding=VALID) gap", x, x), nke::ShapeError);
  CHECK_THROWS_AS(entry("conv(3) gap", x, images(1, 4, 3, 1)), nke::ShapeError);
  CHECK_THROWS_AS(entry("dense relu dense", x, x), nke::DomainError);
  CHECK_THROWS_AS(entry("conv(3) gap", x, x, 2), nke::DomainError);
  const Images large = images(1, 33, 32, 1);
  CHECK_THROWS_AS(entry("conv(3) gap", large, large), nke::LimitError);
  x.pixels(1, 3) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(entry("conv(3) gap", x, x), nke::DomainError);
}
