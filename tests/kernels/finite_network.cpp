// SPDX-License-Identifier: Apache-2.0
#include "finite_network.hpp"

#include <cmath>
#include <random>
#include <stdexcept>

namespace nke::test {
namespace {

class Draw {
 public:
  Draw(int width, std::uint64_t seed) : width_(width), random_(seed) {}

  void pass(const Network& net, Signal& x, Signal& y) {
    for (const Layer& layer : net.layers) apply(layer, x, y);
  }

 private:
  Eigen::MatrixXd normal(Eigen::Index rows, Eigen::Index columns) {
    std::normal_distribution<double> n;
    Eigen::MatrixXd m(rows, columns);
    for (Eigen::Index k = 0; k < m.size(); ++k) m.data()[k] = n(random_);
    return m;
  }
  Eigen::MatrixXd signs(Eigen::Index rows, Eigen::Index columns) {
    Eigen::MatrixXd m(rows, columns);
    std::uint64_t bits = 0;
    for (Eigen::Index k = 0; k < m.size(); ++k, bits >>= 1U) {
      if (k % 64 == 0) bits = random_();
      m.data()[k] = (bits & 1U) != 0 ? 1 : -1;
    }
    return m;
  }

  void weigh(const Expr& w_text, const Expr& b_text, Signal& x, Signal& y) {
    const double w = scale_value(w_text, "w") / std::sqrt(static_cast<double>(x.value.cols()));
    const double b = scale_value(b_text, "b");
    const Eigen::MatrixXd weights = w * normal(x.value.cols(), width_), direction = w * signs(x.value.cols(), width_);
    const Eigen::RowVectorXd shift = b * normal(1, width_), shift_direction = b * signs(1, width_);
    for (Signal* s : {&x, &y}) {
      Eigen::MatrixXd tangent = s->value * direction;
      tangent.noalias() += s->tangent * weights;
      tangent.rowwise() += shift_direction;
      Eigen::MatrixXd value = s->value * weights;
      value.rowwise() += shift;
      s->value = std::move(value);
      s->tangent = std::move(tangent);
    }
  }

  // For each output pixel the channels under its taps, tap by tap.
  template <class Window>
  static void gather(const Window& l, Signal& s) {
    const bool inside = l.padding == Padding::valid;
    const auto side = [&](int n) { return inside ? (n - l.size) / l.stride + 1 : (n + l.stride - 1) / l.stride; };
    const auto before = [&](int n) { return inside ? 0 : std::max(0, (side(n) - 1) * l.stride + l.size - n) / 2; };
    const int h = side(s.height), w = side(s.width), up = before(s.height), left = before(s.width);
    const Eigen::Index c = s.value.cols();
    for (Eigen::MatrixXd* m : {&s.value, &s.tangent}) {
      Eigen::MatrixXd patches = Eigen::MatrixXd::Zero(h * w, c * l.size * l.size);
      for (int o = 0; o < h * w; ++o) {
        for (int t = 0; t < l.size * l.size; ++t) {
          int i = o / w * l.stride + t / l.size - up, j = o % w * l.stride + t % l.size - left;
          if (l.padding == Padding::circular) {
            i = (i + s.height) % s.height;
            j = (j + s.width) % s.width;
          }
          if (i < 0 || j < 0 || i >= s.height || j >= s.width) continue;
          patches.block(o, t * c, 1, c) = m->row(i * s.width + j);
        }
      }
      *m = std::move(patches);
    }
    s.height = h;
    s.width = w;
  }

  template <class Pool>
  static void pool(const Pool& l, double factor, Signal& s) {
    const Eigen::Index c = s.value.cols();
    gather(l, s);
    for (Eigen::MatrixXd* m : {&s.value, &s.tangent}) {
      Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(m->rows(), c);
      for (Eigen::Index t = 0; t < m->cols(); t += c) sum += factor * m->middleCols(t, c);
      *m = std::move(sum);
    }
  }

  void apply(const Layer& layer, Signal& x, Signal& y) {
    if (const auto* l = std::get_if<Dense>(&layer)) return weigh(l->w, l->b, x, y);
    if (const auto* l = std::get_if<Conv>(&layer)) {
      gather(*l, x);
      gather(*l, y);
      return weigh(l->w, l->b, x, y);
    }
    if (const auto* l = std::get_if<Residual>(&layer)) {
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

  static void apply_alone(const Layer& layer, Signal& s) {
    if (const auto* l = std::get_if<AveragePool>(&layer)) return pool(*l, 1.0 / (l->size * l->size), s);
    if (const auto* l = std::get_if<SumPool>(&layer)) return pool(*l, 1, s);
    if (const auto* l = std::get_if<Nonlinearity>(&layer)) return activate(l->activation, s);
    if (std::holds_alternative<LayerNorm>(layer)) return normalise(s);
    if (std::holds_alternative<FormulaDual>(layer)) throw std::logic_error("a dual alone is no network");
    for (Eigen::MatrixXd* m : {&s.value, &s.tangent}) {
      if (std::holds_alternative<GlobalAveragePool>(layer)) {
        *m = m->colwise().mean().eval();
      } else {
        const Eigen::MatrixXd flat = m->reshaped(1, m->size());
        *m = flat;
      }
    }
    s.height = s.width = 1;
  }

  static void activate(const Activation& sigma, Signal& s) {
    const Activation slope = sigma.derivative();
    for (Eigen::Index k = 0; k < s.value.size(); ++k) {
      s.tangent.data()[k] *= slope(s.value.data()[k]);
      s.value.data()[k] = sigma(s.value.data()[k]);
    }
  }

  // Mean 0 and variance 1 over the channels of each pixel.
  static void normalise(Signal& s) {
    const auto n = static_cast<double>(s.value.cols());
    for (Eigen::Index p = 0; p < s.value.rows(); ++p) {
      const Eigen::RowVectorXd v = s.value.row(p).array() - s.value.row(p).mean();
      Eigen::RowVectorXd t = s.tangent.row(p).array() - s.tangent.row(p).mean();
      const double variance = v.squaredNorm() / n;
      t -= v * (v.dot(t) / n / variance);
      s.value.row(p) = v / std::sqrt(variance);
      s.tangent.row(p) = t / std::sqrt(variance);
    }
  }

  int width_;
  std::mt19937_64 random_;
};

}  // namespace

void pass_random_network(const Network& network, int width, std::uint64_t seed, Signal& x, Signal& y) {
  Draw(width, seed).pass(network, x, y);
}

}  // namespace nke::test
