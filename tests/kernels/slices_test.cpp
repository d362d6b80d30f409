// SPDX-License-Identifier: Apache-2.0
// The fast way through offset slices against the plain recursion over pixels.
#include <cmath>
#include <string>
#include <variant>

#include <nke/data/synthetic.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/kernels/kernel_matrix.hpp>
#include <nke/kernels/slice_table.hpp>

#include "support.hpp"

using nke::Images;
using nke::Kind;
using nke::Matrix;
using nke::SliceTable;

namespace {

Images images(Eigen::Index n, Eigen::Index height, Eigen::Index width, Eigen::Index channels) {
  Images x{nke::gaussian(static_cast<std::size_t>(n), static_cast<std::size_t>(height * width * channels), 7), height,
           width, channels};
  x.pixels.leftCols(width * channels).setZero();  // a black border, as many images have
  x.pixels.row(n - 1) = x.pixels.row(0);
  return x;
}

// The same network in words that only the plain recursion takes: a pool of one pixel changes nothing.
nke::Network plainly(const nke::Network& net) {
  return nke::network("avgpool(1, stride=1) " + nke::to_text(net));
}

nke::Nonlinearity nonlinearity(const std::string& word) {
  return std::get<nke::Nonlinearity>(nke::network("conv(3) " + word + " gap").layers.at(1));
}

double worst(const Matrix& got, const Matrix& want) {
  return (got - want).cwiseAbs().maxCoeff() / want.cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("slices give what the plain recursion over pixels gives [law]") {
  for (const auto& sides : {std::pair<Eigen::Index, Eigen::Index>{8, 8}, {4, 12}}) {
    const Images x = images(3, sides.first, sides.second, 3);
    for (const char* text :
         {"conv(3, w=sqrt(2)) relu gap dense",
          "conv(3, w=2, b=0.3) relu conv(3, b=1) leaky_relu(0.1) flatten dense(b=1)",
          "conv(3, w=sqrt(2)) relu conv(3, w=sqrt(2)) relu avgpool(2) conv(3, w=sqrt(2)) relu avgpool(2) "
          "conv(3, w=sqrt(2)) abs gap dense",
          "conv(3) relu avgpool(2) conv(3) relu avgpool(2) conv(3) relu flatten",
          "conv(3) gelu avgpool(2) conv(3) erf gap", "conv(3) sin conv(3) gelu flatten",
          "conv(3) dual(\"sqrt(a*b)*exp(c/sqrt(a*b)-1)\") avgpool(2) conv(3) relu gap dense"}) {
      CAPTURE(text);
      CAPTURE(sides.second);
      if (std::string(text).find("dual") != std::string::npos) {
        Images bright = x;
        bright.pixels.array() += 3;  // the formula has no value where a variance is 0
        const nke::Network net = nke::network(text);
        CHECK(worst(nke::kernel_matrix(net, bright, Kind::ntk), nke::kernel_matrix(plainly(net), bright, Kind::ntk)) <
              1e-12);
        CHECK(worst(nke::kernel_matrix_float(net, bright, Kind::ntk).cast<double>(),
                    nke::kernel_matrix(plainly(net), bright, Kind::ntk)) < 1e-6);
        continue;
      }
      const nke::Network net = nke::network(text);
      for (const Kind kind : {Kind::nngp, Kind::ntk}) {
        const Matrix want = nke::kernel_matrix(plainly(net), x, kind);
        CHECK(worst(nke::kernel_matrix(net, x, kind), want) < 1e-12);
        CHECK(worst(nke::kernel_matrix_float(net, x, kind).cast<double>(), want) < 1e-6);
      }
    }
  }
}

TEST_CASE("lines times the normal distribution function agree however they are written [law]") {
  const char* activations[] = {
      "gelu", "erf", "\"x*Phi(1.702*x)\"", "\"Phi(x)\"", "\"(2-x)*Phi(-3*x)-1\"", "\"x+erf(x/4)\"", "\"x*erf(x)+1/2\""};
  struct Size {
    Eigen::Index height, width, channels;
  };
  const char* scales[] = {"3", "1/20", "sqrt(2)"};
  int round = 0;
  for (const Size& size : {Size{28, 28, 1}, {5, 7, 2}, {6, 6, 3}}) {
    const Images x = images(2, size.height, size.width, size.channels);
    for (const char* activation : activations) {
      if (size.height > 20 && ++round > 1) break;
      const std::string w = scales[static_cast<std::size_t>(&activation - activations) % 3], act = activation;
      const bool pool = size.height % 2 == 0;
      const nke::Network net =
          nke::network("conv(3, w=" + w + ") " + act + (pool ? " avgpool(2)" : "") + " conv(3, b=1/8) " + act +
                       " conv(3, w=2) " + act + (size.channels == 2 ? " flatten" : " gap dense"));
      CAPTURE(nke::to_text(net));
      const nke::KernelMatrices want = nke::kernel_matrices(plainly(net), x), got = nke::kernel_matrices(net, x);
      CHECK(worst(got.nngp, want.nngp) < 1e-12);
      CHECK(worst(got.ntk, want.ntk) < 1e-12);
      CHECK(worst(nke::kernel_matrix_float(net, x, Kind::ntk).cast<double>(), want.ntk) < 1e-6);
    }
  }
}

TEST_CASE("gates of tiny, huge and black pixels keep their digits, image by image [law]") {
  Images x = images(4, 4, 4, 1);
  x.pixels.row(1) *= 1e-4;
  x.pixels.row(2).setZero();
  x.pixels.row(3) *= 1e3;
  for (const char* text : {"conv(3) gelu conv(3, w=1/8) gelu gap", "conv(3) erf conv(3, w=2) erf gap dense",
                           "conv(3, w=1000) gelu conv(3, b=1e-3) \"x+erf(x)\" flatten"}) {
    CAPTURE(text);
    const nke::Network net = nke::network(text);
    const nke::KernelMatrices all = nke::kernel_matrices(plainly(net), x);
    for (const Kind kind : {Kind::nngp, Kind::ntk}) {
      const Matrix &want = kind == Kind::ntk ? all.ntk : all.nngp, got = nke::kernel_matrix(net, x, kind);
      const Matrix single = nke::kernel_matrix_float(net, x, kind).cast<double>();
      for (Eigen::Index i = 0; i < 4; ++i) {
        for (Eigen::Index j = 0; j < 4; ++j) {
          const double size = std::sqrt(want(i, i) * want(j, j));
          CAPTURE(i);
          CAPTURE(j);
          CHECK(std::abs(got(i, j) - want(i, j)) <= 1e-12 * size);
          CHECK(std::abs(single(i, j) - want(i, j)) <= 1e-6 * size);
        }
      }
    }
  }
}

TEST_CASE("gelu at W_std = 16 and depth 16 is the ramp it looks like from afar, through slices too [law]") {
  std::string gelu, relu;
  for (int l = 0; l < 16; ++l) {
    gelu += l == 7 ? "conv(3, w=16) gelu avgpool(2) " : "conv(3, w=16) gelu ";
    relu += l == 7 ? "conv(3, w=16) relu avgpool(2) " : "conv(3, w=16) relu ";
  }
  const Images x = images(2, 4, 4, 1);
  const nke::Network net = nke::network(gelu + "gap");
  const Matrix got = nke::kernel_matrix(net, x, Kind::ntk), want = nke::kernel_matrix(plainly(net), x, Kind::ntk);
  CHECK(got.allFinite());
  CHECK(worst(got, want) < 1e-12);
  CHECK(worst(got, nke::kernel_matrix(nke::network(relu + "gap"), x, Kind::ntk)) < 0.05);
}

TEST_CASE("kinks and curves with closed forms pass by slices and agree, black pixels among them [law]") {
  for (const char* activation : {"elu", "hardtanh", "relu6", "\"x^2*step(x)\"", "\"max(x,0)+sin(x)\"",
                                 "\"1+abs(x-1/2)\"", "\"cos(x)+max(x,0)\""}) {
    const std::string act = activation;
    Images x = images(2, 4, 4, 1);
    x.pixels.row(0).head(8).setZero();
    x.pixels.row(1) *= -0.5;
    const nke::Network net =
        nke::network("conv(3, w=2) " + act + " conv(3) relu avgpool(2) conv(3, b=1/2) " + act + " gap dense");
    CAPTURE(act);
    const nke::KernelMatrices want = nke::kernel_matrices(plainly(net), x), got = nke::kernel_matrices(net, x);
    CHECK(worst(got.nngp, want.nngp) < 1e-12);
    CHECK(worst(got.ntk, want.ntk) < 1e-12);
    CHECK(worst(nke::kernel_matrix_float(net, x, Kind::ntk).cast<double>(), want.ntk) < 1e-6);
  }
}

TEST_CASE("kinks at 0 pass in float by tables, copies and brighter copies among the images [law]") {
  Images x = images(4, 4, 4, 3);
  x.pixels.row(2) = 3 * x.pixels.row(1);
  x.pixels.row(3) *= 0.2;
  for (const char* activation :
       {"elu", "\"x^2*step(x)\"", "\"abs(x)*exp(-x^2)\"", "\"1+max(x,0)-max(-x,0)^2\"", "\"max(tanh(x),x^3)\""}) {
    const std::string act = activation;
    const bool known = act.find("tanh") == std::string::npos;
    CAPTURE(act);
    CHECK((SliceTable::make(nonlinearity(act), 4, 1e-7) != nullptr) == known);
    if (!known) continue;
    const nke::Network net = nke::network("conv(3, w=sqrt(2)) " + act + " conv(3, b=1/4) " + act +
                                          " avgpool(2) conv(3, w=sqrt(2)) relu gap dense");
    const nke::KernelMatrices want = nke::kernel_matrices(net, x);
    for (const Kind kind : {Kind::nngp, Kind::ntk}) {
      const Matrix& exact = kind == Kind::ntk ? want.ntk : want.nngp;
      const Matrix got = nke::kernel_matrix_float(net, x, kind).cast<double>();
      for (Eigen::Index i = 0; i < 4; ++i) {
        for (Eigen::Index j = 0; j < 4; ++j) {
          CHECK(std::abs(got(i, j) - exact(i, j)) <= 1e-6 * std::sqrt(exact(i, i) * exact(j, j)));
        }
      }
    }
  }
  // Jumps, kinks elsewhere and smooth functions go other ways.
  for (const char* activation : {"step", "hardtanh", "tanh", "\"sqrt(abs(x))\""}) {
    CAPTURE(activation);
    CHECK(SliceTable::make(nonlinearity(activation), 4, 1e-7) == nullptr);
  }
}

TEST_CASE("closed forms agree with the general way at variances far apart, trusted there or not [law]") {
  Images x = images(2, 2, 2, 1);
  x.pixels.row(1) *= 1e5;
  x.pixels.row(0) *= 2;
  const nke::Network net = nke::network("conv(3) hardtanh gap");
  const Matrix got = nke::kernel_matrix(net, x, Kind::ntk), want = nke::kernel_matrix(plainly(net), x, Kind::ntk);
  for (Eigen::Index i = 0; i < 2; ++i) CHECK(std::abs(got(i, i) - want(i, i)) <= 1e-12 * want(i, i));
  CHECK(std::abs(got(0, 1) - want(0, 1)) <= 1e-12 * std::sqrt(want(0, 0) * want(1, 1)));
}

TEST_CASE("tanh by series agrees in float, and in double by whichever way is right [law]") {
  const Images x = images(3, 8, 8, 3);
  const nke::Network net = nke::network("conv(3) tanh avgpool(2) conv(3) tanh gap dense");
  const Matrix want = nke::kernel_matrix(plainly(net), x, Kind::ntk);
  CHECK(worst(nke::kernel_matrix(net, x, Kind::ntk), want) < 1e-12);
  CHECK(worst(nke::kernel_matrix_float(net, x, Kind::ntk).cast<double>(), want) < 1e-6);
}

TEST_CASE("weights of any scale leave slices in range: the kernel of a homogeneous network scales with them [law]") {
  const Images x = images(3, 8, 8, 3);
  const auto of = [&](const std::string& w, const std::string& v) {
    return nke::network("conv(3, w=" + w + ") relu conv(3, w=" + v + ") relu avgpool(2) conv(3, w=" + v +
                        ") leaky_relu(0.1) conv(3, w=" + w + ") relu gap dense");
  };
  const nke::Network plain = of("1", "1");
  // 2^±50 squared, twice, is far beyond what a float can hold on the way.
  for (const auto& scales : {std::pair<std::string, std::string>{"2^50", "2^(-50)"}, {"2^(-50)", "2^50"}}) {
    CAPTURE(scales.first);
    const nke::Network scaled = of(scales.first, scales.second);
    for (const Kind kind : {Kind::nngp, Kind::ntk}) {
      CHECK(worst(nke::kernel_matrix(scaled, x, kind), nke::kernel_matrix(plain, x, kind)) < 1e-14);
      CHECK(nke::kernel_matrix_float(scaled, x, kind) == nke::kernel_matrix_float(plain, x, kind));
    }
  }
  // W_std = 16: every layer multiplies by 2^8, at depth 6 through slices and at depth 16 through all pairs of pixels.
  for (const int depth : {6, 16}) {
    const auto deep = [&](const std::string& w) {
      std::string text;
      for (int l = 0; l < depth; ++l) text += "conv(3, w=" + w + ") relu ";
      return nke::kernel_matrix(nke::network(text + "gap dense"), images(2, 4, 4, 3), Kind::ntk);
    };
    const Matrix got = deep("16"), want = deep("1") * std::ldexp(1.0, 8 * depth);
    CHECK(got.allFinite());
    CHECK(worst(got, want) < 1e-13);
  }
  CHECK_THROWS_AS(nke::kernel_matrix(of("10^60", "10^60"), x, Kind::ntk), nke::DomainError);
  CHECK_THROWS_AS(nke::kernel_matrix_float(of("10^10", "10^5"), x, Kind::ntk), nke::DomainError);
}

TEST_CASE("gelu and tanh at the variances of whole images pass by slices and agree [law]") {
  Images x = images(2, 8, 8, 3);
  x.pixels *= 1.5;  // variances up to 9
  for (const char* text : {"conv(3, w=sqrt(2)) gelu conv(3, w=sqrt(2)) gelu avgpool(2) conv(3) gelu gap dense",
                           "conv(3, w=sqrt(2)) tanh conv(3, w=sqrt(2)) tanh avgpool(2) conv(3) silu gap dense"}) {
    CAPTURE(text);
    const nke::Network net = nke::network(text);
    const Matrix want = nke::kernel_matrix(plainly(net), x, Kind::ntk);
    CHECK(worst(nke::kernel_matrix(net, x, Kind::ntk), want) < 1e-12);
    CHECK(worst(nke::kernel_matrix_float(net, x, Kind::ntk).cast<double>(), want) < 1e-6);
  }
}

TEST_CASE("matrices by slices are symmetric to the bit and keep their diagonal [law]") {
  const Images x = images(10, 8, 8, 1);
  const nke::Network net = nke::network("conv(3, w=sqrt(2)) relu avgpool(2) conv(3, w=sqrt(2)) relu gap dense");
  const Matrix k = nke::kernel_matrix(net, x, Kind::ntk);
  CHECK(k == Matrix(k.transpose()));
  CHECK(k.diagonal() == nke::kernel_diagonal(net, x, Kind::ntk));
  CHECK(k(0, 9) == doctest::Approx(k(0, 0)).epsilon(1e-13));
}
