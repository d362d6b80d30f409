// SPDX-License-Identifier: Apache-2.0
// Finite, wide, random networks against the kernels of infinite ones: nothing is shared but the words of a network.
//
// Method  f(x) f(x') and ∂_u f(x) ∂_u f(x') (finite_network.hpp) are averaged over outputs and draws. Both differ from
//         the limit by a bias of order 1/width, and by noise whose standard error is measured from the draws.
// Alarm   a fair test is off by more than 6.5 standard errors plus the allowance for the bias with probability below
//         1e-10 (normal approximation) each; there are fewer than 100.
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <nke/data/synthetic.hpp>
#include <nke/kernels/kernel_matrix.hpp>

#include "finite_network.hpp"
#include "support.hpp"

using nke::Matrix;

namespace {

constexpr int draws = 160;

struct Mean {
  double sum = 0, squares = 0;
  void add(double v) {
    sum += v;
    squares += v * v;
  }
  double mean() const { return sum / draws; }
  double error() const { return std::sqrt((squares / draws - mean() * mean()) / (draws - 1)); }
};

// Which kinds of layers a network has, by their place in the variant.
void collect(const nke::Network& net, std::set<std::size_t>& kinds) {
  for (const nke::Layer& layer : net.layers) {
    kinds.insert(layer.index());
    if (const auto* block = std::get_if<nke::Residual>(&layer)) {
      collect(block->main, kinds);
      collect(block->shortcut, kinds);
    }
  }
}

constexpr Eigen::Index height = 5, breadth = 4, channels = 3;
constexpr Eigen::Index pixels = height * breadth;

nke::test::Signal input(const Matrix& rows, Eigen::Index i, bool image) {
  const Eigen::Index count = image ? pixels : 1;
  nke::test::Signal s{image ? static_cast<int>(height) : 1, image ? static_cast<int>(breadth) : 1, {}, {}};
  s.value = rows.row(i).reshaped<Eigen::RowMajor>(count, rows.cols() / count);
  s.tangent = Eigen::MatrixXd::Zero(s.value.rows(), s.value.cols());
  return s;
}

// `drawn` is the network of random weights; `text` the same one, with duals in place of activations at most.
void check_limit(const std::string& text, const std::string& drawn, int width, double noise = 0.04) {
  CAPTURE(nke::test::seed());
  CAPTURE(text);
  const nke::Network net = nke::network(drawn);
  const bool image = nke::takes_images(net);
  const double bias = 1.0 / width;
  Matrix rows = nke::gaussian(2, static_cast<std::size_t>(pixels * channels), 11);
  rows.row(1) += 0.5 * rows.row(0);
  Mean nngp, ntk;
  for (int d = 0; d < draws; ++d) {
    nke::test::Signal x = input(rows, 0, image), y = input(rows, 1, image);
    nke::test::pass_random_network(net, width, nke::test::seed() + static_cast<std::uint64_t>(d), x, y);
    nngp.add(x.value.row(0).dot(y.value.row(0)) / static_cast<double>(x.value.cols()));
    ntk.add(x.tangent.row(0).dot(y.tangent.row(0)) / static_cast<double>(x.value.cols()));
  }
  const nke::Network limit = nke::network(text);
  const auto both = image ? nke::kernel_matrices(limit, nke::Images{rows, height, breadth, channels})
                          : nke::kernel_matrices(limit, rows);
  const double scale_nngp = std::sqrt(both.nngp(0, 0) * both.nngp(1, 1));
  const double scale_ntk = std::sqrt(both.ntk(0, 0) * both.ntk(1, 1));
  CAPTURE(nngp.mean());
  CAPTURE(both.nngp(0, 1));
  CAPTURE(nngp.error());
  CAPTURE(ntk.mean());
  CAPTURE(both.ntk(0, 1));
  CAPTURE(ntk.error());
  CHECK(nngp.error() < noise * scale_nngp);
  CHECK(ntk.error() < noise * scale_ntk);
  CHECK(std::abs(nngp.mean() - both.nngp(0, 1)) < 6.5 * nngp.error() + bias * scale_nngp);
  CHECK(std::abs(ntk.mean() - both.ntk(0, 1)) < 6.5 * ntk.error() + 2 * bias * scale_ntk);
}

// Every layer, and every argument that layers have.
const std::vector<const char*> of_points = {
    "dense relu dense",
    "fc(depth=2, leaky_relu(0.2), w=1.2, b=0.3)",
    "dense(w=1.2, b=0.3) \"x*tanh(log(1+exp(x)))\" dense(b=0.5)",
    "dense layernorm gelu dense",
    "dense \"max(-1, min(x, 1))\" dense \"max(x, 0)^2\" dense",
    "dense step dense(w=1.3)",
    "dense residual(relu dense(w=1.5)) tanh dense",
    "dense residual(abs dense, dense(w=0.7, b=0.4)) dense",
};
const std::vector<const char*> of_windows = {
    "conv(3, w=1.2, b=0.2) relu gap dense",
    "conv(3, stride=2) erf conv(2, padding=VALID, w=0.8) flatten dense",
    "conv(3, padding=CIRCULAR) gelu avgpool(2) conv(3) gap dense",
    "conv(2, padding=VALID) relu avgpool(3, stride=2, padding=SAME) flatten dense",
    "conv(3) tanh sumpool(3, stride=2, padding=CIRCULAR) dense(w=0.5) gap",
    "avgpool(2, stride=1) conv(2, stride=2, padding=CIRCULAR, b=0.3) relu sumpool(2) flatten dense",
};
const std::vector<const char*> of_images = {
    "dense layernorm relu conv(3) layernorm gelu gap dense",
    "conv(3) residual(relu conv(3, stride=2, w=1.3, b=0.2), conv(1, stride=2)) relu flatten dense",
    "conv(3, stride=2) residual(relu conv(3)) gap dense relu dense",
    "flatten dense relu dense",
};

}  // namespace

TEST_CASE("wide random networks of points have the kernels of infinite ones [law]") {
  for (const char* text : of_points) check_limit(text, text, 64);
  check_limit("dense dual(\"2/pi*atan2(2*c, sqrt((1 + 2*a)*(1 + 2*b) - 4*c^2))\") dense", "dense erf dense", 64);
}

TEST_CASE("wide random networks with windows have the kernels of infinite ones [law]") {
  for (const char* text : of_windows) check_limit(text, text, 48);
}

TEST_CASE("wide random networks of images have the kernels of infinite ones [law]") {
  for (const char* text : of_images) check_limit(text, text, 48);
}

TEST_CASE("wide random networks with published names have the kernels of infinite ones [law]") {
  for (const char* text : {"myrtle(5, relu)", "resnet(1, relu, w=sqrt(2), b=0.1)"}) check_limit(text, text, 24, 0.08);
}

TEST_CASE("no layer is left out of the comparison with random networks [fact]") {
  std::set<std::size_t> kinds;
  for (const auto* list : {&of_points, &of_windows, &of_images}) {
    for (const char* text : *list) collect(nke::network(text), kinds);
  }
  CHECK(kinds.size() == std::variant_size_v<nke::Layer> - 1);  // a dual alone has no weights
}
