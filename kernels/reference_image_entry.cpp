// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <nke/exact/real/error.hpp>
#include <nke/kernels/reference_image_entry.hpp>

#include "pixel_plan.hpp"
#include "reference_duals.hpp"
#include "theory.hpp"

namespace nke {
namespace {

// One of Σ, Θ: row p of the first image, column q of the second.
using Balls = std::vector<Ball>;

struct Part {
  Balls sigma, theta;
};
// (x,x), (x,x'), (x',x'); (x,x) alone where x' is x.
struct Pictures {
  int height = 1, width = 1;
  std::vector<Part> parts;

  std::size_t pixels() const { return static_cast<std::size_t>(height) * static_cast<std::size_t>(width); }
};

// For each pixel of a window layer's output the input pixels under its taps, in one order; −1 on padding.
using Taps = std::vector<std::vector<std::ptrdiff_t>>;
template <class Window>
Taps taps(const Window& l, int height, int width) {
  const auto under = [&](int n, int out, int tap) {
    const int at = out * l.stride + tap - padding_before(n, l.size, l.stride, l.padding);
    if (l.padding == Padding::circular) return (at % n + n) % n;
    return at >= 0 && at < n ? at : -1;
  };
  Taps result;
  for (int y = 0; y < output_side(height, l.size, l.stride, l.padding); ++y) {
    for (int x = 0; x < output_side(width, l.size, l.stride, l.padding); ++x) {
      auto& of = result.emplace_back();
      for (int a = 0; a < l.size; ++a) {
        for (int b = 0; b < l.size; ++b) {
          const int row = under(height, y, a), column = under(width, x, b);
          of.push_back(row < 0 || column < 0 ? -1 : std::ptrdiff_t{row} * width + column);
        }
      }
    }
  }
  return result;
}

// Whether a layer makes one number of pairs (p, q) of different pixels; else only the pairs (p, p) reach the output.
bool mixes_pixels(const Network& network) {
  return std::any_of(network.layers.begin(), network.layers.end(), [](const Layer& layer) {
    if (const auto* l = std::get_if<Residual>(&layer)) return mixes_pixels(l->main) || mixes_pixels(l->shortcut);
    return std::holds_alternative<AveragePool>(layer) || std::holds_alternative<SumPool>(layer) ||
           std::holds_alternative<GlobalAveragePool>(layer);
  });
}

class Recursion {
 public:
  Recursion(bool mixes, int digits, Precision precision)
      : mixes_(mixes), precision_(precision), duals_(digits, precision) {}

  Pictures through(const Network& network, Pictures s) {
    for (const Layer& layer : network.layers) {
      s = std::visit([&](const auto& l) { return after(l, s); }, layer);
    }
    return s;
  }

 private:
  Pictures after(const Dense& l, Pictures s) const {
    const Ball w = duals_.constant(l.w), b = duals_.constant(l.b), ww = w * w, bb = b * b;
    for (Part& part : s.parts) {
      for (std::size_t k = 0; k < part.sigma.size(); ++k) {
        part.sigma[k] = ww * part.sigma[k] + bb;
        part.theta[k] = ww * part.theta[k] + part.sigma[k];
      }
    }
    return s;
  }

  Pictures after(const Conv& l, const Pictures& s) const {
    const Taps at = taps(l, s.height, s.width);
    const std::size_t n = s.pixels();
    const Ball share(Rational(1) / Rational(at.front().size()), precision_);
    const auto mean = [&](const Balls& in) {
      Balls out;
      for (const auto& p : at) {
        for (const auto& q : at) {
          Ball sum(0);
          for (std::size_t t = 0; t < p.size(); ++t) {
            if (p[t] >= 0 && q[t] >= 0) sum += in[static_cast<std::size_t>(p[t]) * n + static_cast<std::size_t>(q[t])];
          }
          out.push_back(sum * share);
        }
      }
      return out;
    };
    return after(Dense{l.w, l.b}, each(windowed(l, s), s, mean));
  }

  Pictures after(const AveragePool& l, const Pictures& s) const {
    const Rational pairs = Rational(l.size) * Rational(l.size) * Rational(l.size) * Rational(l.size);
    return pooled(l, s, Ball(Rational(1) / pairs, precision_));
  }
  Pictures after(const SumPool& l, const Pictures& s) const { return pooled(l, s, Ball(1)); }

  template <class Window>
  Pictures pooled(const Window& l, const Pictures& s, const Ball& share) const {
    const Taps at = taps(l, s.height, s.width);
    const std::size_t n = s.pixels();
    const auto sums = [&](const Balls& in) {
      Balls half(at.size() * n);  // over the window of the first image only
      for (std::size_t p = 0; p < at.size(); ++p) {
        for (const std::ptrdiff_t t : at[p]) {
          if (t < 0) continue;
          for (std::size_t q = 0; q < n; ++q) half[p * n + q] += in[static_cast<std::size_t>(t) * n + q];
        }
      }
      Balls out;
      for (std::size_t p = 0; p < at.size(); ++p) {
        for (const auto& q : at) {
          Ball sum(0);
          for (const std::ptrdiff_t t : q) {
            if (t >= 0) sum += half[p * n + static_cast<std::size_t>(t)];
          }
          out.push_back(sum * share);
        }
      }
      return out;
    };
    return each(windowed(l, s), s, sums);
  }

  Pictures after(const GlobalAveragePool&, const Pictures& s) const { return collapsed(s, true); }
  Pictures after(const Flatten&, const Pictures& s) const { return collapsed(s, false); }
  Pictures collapsed(const Pictures& s, bool all_pairs) const {
    const std::size_t n = s.pixels(), step = all_pairs ? 1 : n + 1, count = all_pairs ? n * n : n;
    const Ball share(Rational(1) / Rational(count), precision_);
    return each({}, s, [&](const Balls& in) {
      Ball sum(0);
      for (std::size_t k = 0; k < in.size(); k += step) sum += in[k];
      return Balls{sum * share};
    });
  }

  Pictures after(const LayerNorm&, Pictures s) const {
    const auto variances = diagonals(s);
    const Ball epsilon = duals_.layernorm_epsilon();
    std::array<Balls, 2> lengths = variances;
    for (Balls& of : lengths) {
      for (Ball& v : of) v = sqrt(v + epsilon);
    }
    visit_pairs(s, [&](Part& part, std::size_t k, const Pair& at) {
      const Ball scale =
          at.itself ? variances[at.first][at.p] + epsilon : lengths[at.first][at.p] * lengths[at.second][at.q];
      part.sigma[k] /= scale;
      part.theta[k] /= scale;
    });
    return s;
  }

  Pictures after(const Nonlinearity& l, Pictures s) { return activated(l, std::move(s)); }
  Pictures after(const FormulaDual& l, Pictures s) { return activated(l, std::move(s)); }
  template <class Dual>
  Pictures activated(const Dual& l, Pictures s) {
    const auto variances = diagonals(s);
    visit_pairs(s, [&](Part& part, std::size_t k, const Pair& at) {
      if (!mixes_ && at.p != at.q) return;
      if (at.mirror != k) {  // of an image with itself: (p, q) and (q, p) are one number
        part.sigma[k] = part.sigma[at.mirror];
        part.theta[k] = part.theta[at.mirror];
        return;
      }
      const auto value = at.itself
                             ? duals_.of_one(l, part.sigma[k])
                             : duals_.of_two(l, variances[at.first][at.p], variances[at.second][at.q], part.sigma[k]);
      part.sigma[k] = value.k;
      // Next to black pixels Θ = 0, and K̇ need not be known.
      if (!is_exactly_zero(part.theta[k])) part.theta[k] *= value.kdot;
    });
    return s;
  }

  Pictures after(const Residual& l, const Pictures& s) {
    Pictures sum = through(l.main, s);
    const Pictures other = through(l.shortcut, s);
    for (std::size_t part = 0; part < sum.parts.size(); ++part) {
      for (std::size_t k = 0; k < sum.parts[part].sigma.size(); ++k) {
        sum.parts[part].sigma[k] += other.parts[part].sigma[k];
        sum.parts[part].theta[k] += other.parts[part].theta[k];
      }
    }
    return sum;
  }

  // Sides of the output alone.
  template <class Window>
  static Pictures windowed(const Window& l, const Pictures& s) {
    return {output_side(s.height, l.size, l.stride, l.padding), output_side(s.width, l.size, l.stride, l.padding), {}};
  }
  template <class Map>
  static Pictures each(Pictures out, const Pictures& s, const Map& map) {
    for (const Part& part : s.parts) out.parts.push_back({map(part.sigma), map(part.theta)});
    return out;
  }

  // Σ(x,x)_pp and Σ(x',x')_pp.
  static std::array<Balls, 2> diagonals(const Pictures& s) {
    const std::size_t n = s.pixels();
    std::array<Balls, 2> result;
    for (std::size_t p = 0; p < n; ++p) {
      result[0].push_back(s.parts.front().sigma[p * n + p]);
      result[1].push_back(s.parts.back().sigma[p * n + p]);
    }
    return result;
  }

  struct Pair {
    std::size_t first, second;  // 0: x, 1: x'
    std::size_t p, q;
    bool itself;         // one pixel of one image
    std::size_t mirror;  // where the same number was visited first
  };
  template <class Visit>
  static void visit_pairs(Pictures& s, const Visit& visit) {
    const std::size_t n = s.pixels();
    for (std::size_t part = 0; part < s.parts.size(); ++part) {
      const bool one_image = part != 1;
      for (std::size_t p = 0; p < n; ++p) {
        for (std::size_t q = 0; q < n; ++q) {
          const std::size_t k = p * n + q;
          visit(s.parts[part], k,
                Pair{part / 2, (part + 1) / 2, p, q, one_image && p == q, one_image && q < p ? q * n + p : k});
        }
      }
    }
  }

  bool mixes_;
  Precision precision_;
  ReferenceDuals duals_;
};

std::vector<Rational> exact_pixels(const ImageOf& x) {
  std::vector<Rational> result;
  for (const double v : x.images.pixels.row(x.index)) result.push_back(Rational::from_double_exactly(v));
  return result;
}

std::vector<Rational> inner(const std::vector<Rational>& x, const std::vector<Rational>& y, std::size_t channels) {
  std::vector<Rational> result;
  for (std::size_t p = 0; p < x.size(); p += channels) {
    for (std::size_t q = 0; q < y.size(); q += channels) {
      Rational sum = 0;
      for (std::size_t c = 0; c < channels; ++c) sum = sum + x[p + c] * y[q + c];
      result.push_back(sum / Rational(channels));
    }
  }
  return result;
}

void require_one(const ImageOf& of) {
  if (of.index < 0 || of.index >= of.images.count()) {
    throw DomainError("there is no image " + std::to_string(of.index) + " among " + std::to_string(of.images.count()));
  }
}

}  // namespace

ReferenceEntry reference_image_entry(const Network& network, const ImageOf& x, const ImageOf& y, int digits) {
  require_images(network, x.images, &y.images);
  require_one(x);
  require_one(y);
  const Eigen::Index pixels = x.images.height * x.images.width;
  if (pixels > reference_image_pixels) {
    throw LimitError("images of " + std::to_string(pixels) + " pixels; the reference takes up to " +
                     std::to_string(reference_image_pixels));
  }
  const auto channels = static_cast<std::size_t>(x.images.channels);
  const std::vector<Rational> of_x = exact_pixels(x), of_y = exact_pixels(y);
  std::vector<std::vector<Rational>> inputs = {inner(of_x, of_x, channels)};
  if (of_x != of_y) {
    inputs.push_back(inner(of_x, of_y, channels));
    inputs.push_back(inner(of_y, of_y, channels));
  }
  const bool mixes = mixes_pixels(network);
  return narrow_reference(network, digits, [&](int dual_digits, Precision precision) -> ReferenceCovariances {
    Pictures s{static_cast<int>(x.images.height), static_cast<int>(x.images.width), {}};
    for (const auto& input : inputs) {
      Part& part = s.parts.emplace_back();
      for (const Rational& v : input) part.sigma.emplace_back(v, precision);
      part.theta.resize(input.size());
    }
    s = Recursion(mixes, dual_digits, precision).through(network, std::move(s));
    const Part &xx = s.parts.front(), &xy = s.parts[s.parts.size() / 2], &yy = s.parts.back();
    return {xx.sigma[0], xy.sigma[0], yy.sigma[0], xx.theta[0], xy.theta[0], yy.theta[0]};
  });
}

}  // namespace nke
