// SPDX-License-Identifier: Apache-2.0
// Finite, wide, random networks against the kernels of infinite ones: nothing is shared but the words of a network.
//
// Method  a network in the ntk parameterisation is drawn, with `width` outputs, and with it a direction u in the space of
//         all its weights. f and its derivative along u are computed forwards; f(x) f(x') and ∂_u f(x) ∂_u f(x') are
//         averaged over outputs and draws: E_u of the latter is <∇f(x), ∇f(x')>. Both differ from the limit by a bias
//         of order 1/width, and by noise whose standard error is measured from the draws.
// Alarm   a fair test is off by more than 6.5 standard errors plus the allowance for the bias with probability below
//         1e-10 (normal approximation) each; there are fewer than 100.
#include <cmath>
#include <random>
#include <vector>

#include <nke/data/synthetic.hpp>
#include <nke/kernels/kernel_matrix.hpp>

#include "support.hpp"

using nke::Kind;
using nke::Matrix;

namespace {

constexpr int width = 64;
constexpr int draws = 160;
constexpr double bias = 1.0 / width;

// An image, or a point: one pixel.
struct Signal {
  int height, width;
  Eigen::MatrixXd value;    // (pixels, channels)
  Eigen::MatrixXd tangent;  // its derivative along the drawn direction of all weights
};

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}

  // Both inputs pass the same weights; a direction in the space of all weights is drawn with them.
  void pass(const nke::Network& net, Signal& x, Signal& y) {
    for (const nke::Layer& layer : net.layers) apply(layer, x, y);
  }

 private:
  Eigen::MatrixXd normal(Eigen::Index rows, Eigen::Index columns) {
    std::normal_distribution<double> n;
    Eigen::MatrixXd m(rows, columns);
    for (Eigen::Index k = 0; k < m.size(); ++k) m.data()[k] = n(random_);
    return m;
  }

  void weigh(const nke::Expr& w_text, const nke::Expr& b_text, Signal& x, Signal& y) {
    const int outputs = width;
    const double w = nke::scale_value(w_text, "w") / std::sqrt(static_cast<double>(x.value.cols()));
    const double b = nke::scale_value(b_text, "b");
    const Eigen::MatrixXd weights = normal(x.value.cols(), outputs), direction = normal(x.value.cols(), outputs);
    const Eigen::RowVectorXd shift = normal(1, outputs), shift_direction = normal(1, outputs);
    for (Signal* s : {&x, &y}) {
      const Eigen::MatrixXd tangent = w * (s->tangent * weights + s->value * direction) +
                                      b * Eigen::VectorXd::Ones(s->value.rows()) * shift_direction;
      s->value = (w * s->value * weights + b * Eigen::VectorXd::Ones(s->value.rows()) * shift).eval();
      s->tangent = tangent;
    }
  }

  // Patches side by side, over √(k²): a conv is then a dense layer on them.
  static void gather(const nke::Conv& l, Signal& s) {
    const int h =
        l.padding == nke::Padding::valid ? (s.height - l.size) / l.stride + 1 : (s.height + l.stride - 1) / l.stride;
    const int w =
        l.padding == nke::Padding::valid ? (s.width - l.size) / l.stride + 1 : (s.width + l.stride - 1) / l.stride;
    const auto before = [&](int n, int out) {
      return l.padding == nke::Padding::valid ? 0 : std::max(0, (out - 1) * l.stride + l.size - n) / 2;
    };
    const int up = before(s.height, h), left = before(s.width, w);
    const Eigen::Index c = s.value.cols();
    for (Eigen::MatrixXd* m : {&s.value, &s.tangent}) {
      Eigen::MatrixXd patches = Eigen::MatrixXd::Zero(h * w, c * l.size * l.size);
      for (int o = 0; o < h * w; ++o) {
        for (int t = 0; t < l.size * l.size; ++t) {
          int i = o / w * l.stride + t / l.size - up, j = o % w * l.stride + t % l.size - left;
          if (l.padding == nke::Padding::circular) {
            i = (i + s.height) % s.height;
            j = (j + s.width) % s.width;
          }
          if (i < 0 || j < 0 || i >= s.height || j >= s.width) continue;
          patches.block(o, t * c, 1, c) = m->row(i * s.width + j);
        }
      }
      *m = patches;
    }
    s.height = h;
    s.width = w;
  }

  template <class Pool>
  static void pool(const Pool& l, double factor, Signal& s) {
    const int h = (s.height - l.size) / l.stride + 1, w = (s.width - l.size) / l.stride + 1;
    for (Eigen::MatrixXd* m : {&s.value, &s.tangent}) {
      Eigen::MatrixXd out = Eigen::MatrixXd::Zero(h * w, m->cols());
      for (int o = 0; o < h * w; ++o) {
        for (int t = 0; t < l.size * l.size; ++t) {
          out.row(o) += factor * m->row((o / w * l.stride + t / l.size) * s.width + o % w * l.stride + t % l.size);
        }
      }
      *m = out;
    }
    s.height = h;
    s.width = w;
  }

  void apply(const nke::Layer& layer, Signal& x, Signal& y) {
    if (const auto* l = std::get_if<nke::Dense>(&layer)) return weigh(l->w, l->b, x, y);
    if (const auto* l = std::get_if<nke::Conv>(&layer)) {
      gather(*l, x);
      gather(*l, y);
      return weigh(l->w, l->b, x, y);
    }
    if (const auto* l = std::get_if<nke::Residual>(&layer)) {
      Signal main_x = x, main_y = y;
      pass(l->main, main_x, main_y);
      pass(l->shortcut, x, y);
      x.value += main_x.value;
      x.tangent += main_x.tangent;
      y.value += main_y.value;
      y.tangent += main_y.tangent;
      return;
    }
    for (Signal* s : {&x, &y}) apply_alone(layer, *s);
  }

  static void apply_alone(const nke::Layer& layer, Signal& s) {
    if (const auto* l = std::get_if<nke::AveragePool>(&layer)) return pool(*l, 1.0 / (l->size * l->size), s);
    if (const auto* l = std::get_if<nke::SumPool>(&layer)) return pool(*l, 1, s);
    if (const auto* l = std::get_if<nke::Nonlinearity>(&layer)) {
      const nke::Activation slope = l->activation.derivative();
      for (Eigen::Index k = 0; k < s.value.size(); ++k) {
        s.tangent.data()[k] *= slope(s.value.data()[k]);
        s.value.data()[k] = l->activation(s.value.data()[k]);
      }
      return;
    }
    if (std::holds_alternative<nke::LayerNorm>(layer)) {
      for (Eigen::Index p = 0; p < s.value.rows(); ++p) {
        const auto n = static_cast<double>(s.value.cols());
        Eigen::RowVectorXd v = s.value.row(p).array() - s.value.row(p).mean();
        Eigen::RowVectorXd t = s.tangent.row(p).array() - s.tangent.row(p).mean();
        const double variance = v.squaredNorm() / n;
        t -= v * (v.dot(t) / n / variance);
        s.value.row(p) = v / std::sqrt(variance);
        s.tangent.row(p) = t / std::sqrt(variance);
      }
      return;
    }
    for (Eigen::MatrixXd* m : {&s.value, &s.tangent}) {
      if (std::holds_alternative<nke::GlobalAveragePool>(layer)) {
        *m = m->colwise().mean().eval();
      } else {
        const Eigen::MatrixXd flat = m->reshaped(1, m->size());
        *m = flat;
      }
    }
    s.height = s.width = 1;
  }

  std::mt19937_64 random_;
};

struct Mean {
  double sum = 0, squares = 0;
  void add(double v) {
    sum += v;
    squares += v * v;
  }
  double mean() const { return sum / draws; }
  double error() const { return std::sqrt((squares / draws - mean() * mean()) / (draws - 1)); }
};

}  // namespace

TEST_CASE("wide random networks have the kernels of infinite ones [law]") {
  CAPTURE(nke::test::seed());
  const Eigen::Index side = 4, channels = 3;
  const Matrix rows = nke::gaussian(2, static_cast<std::size_t>(side * side * channels), 11);
  const nke::Images images{rows, side, side, channels};
  for (const char* text :
       {"dense relu dense", "dense(w=1.2, b=0.3) \"x*tanh(log(1+exp(x)))\" dense(b=0.5)", "dense layernorm gelu dense",
        "dense residual(relu dense(w=1.5)) tanh dense", "conv(3, w=1.2, b=0.2) relu gap dense",
        "conv(3, stride=2) erf conv(2, padding=VALID) flatten dense",
        "conv(3, padding=CIRCULAR) gelu avgpool(2) conv(3) gap dense", "conv(3) relu sumpool(2) flatten dense"}) {
    CAPTURE(text);
    const nke::Network net = nke::network(text);
    const bool pixels = nke::takes_images(net);
    Mean nngp, ntk;
    for (int d = 0; d < draws; ++d) {
      const auto input = [&](Eigen::Index i) {
        Signal s{pixels ? 4 : 1, pixels ? 4 : 1, Eigen::MatrixXd(pixels ? 16 : 1, pixels ? 3 : 48), {}};
        for (Eigen::Index p = 0; p < s.value.rows(); ++p) {
          for (Eigen::Index c = 0; c < s.value.cols(); ++c) s.value(p, c) = rows(i, p * s.value.cols() + c);
        }
        s.tangent = Eigen::MatrixXd::Zero(s.value.rows(), s.value.cols());
        return s;
      };
      Signal x = input(0), y = input(1);
      Draw(nke::test::seed() + static_cast<std::uint64_t>(d)).pass(net, x, y);
      nngp.add(x.value.row(0).dot(y.value.row(0)) / static_cast<double>(x.value.cols()));
      ntk.add(x.tangent.row(0).dot(y.tangent.row(0)) / static_cast<double>(x.value.cols()));
    }
    const auto both = pixels ? nke::kernel_matrices(net, images) : nke::kernel_matrices(net, rows);
    const double scale_nngp = std::sqrt(both.nngp(0, 0) * both.nngp(1, 1));
    const double scale_ntk = std::sqrt(both.ntk(0, 0) * both.ntk(1, 1));
    CAPTURE(nngp.mean());
    CAPTURE(both.nngp(0, 1));
    CAPTURE(nngp.error());
    CAPTURE(ntk.mean());
    CAPTURE(both.ntk(0, 1));
    CAPTURE(ntk.error());
    CHECK(nngp.error() < 0.03 * scale_nngp);
    CHECK(ntk.error() < 0.03 * scale_ntk);
    CHECK(std::abs(nngp.mean() - both.nngp(0, 1)) < 6.5 * nngp.error() + bias * scale_nngp);
    CHECK(std::abs(ntk.mean() - both.ntk(0, 1)) < 6.5 * ntk.error() + 2 * bias * scale_ntk);
  }
}
