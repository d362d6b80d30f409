// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <nke/exact/real/error.hpp>

#include "gram_simd.hpp"
#include "kernel_source.hpp"
#include "point_plan.hpp"
#include "rows_simd.hpp"

namespace nke {
namespace {

namespace simd = kernels::simd;
constexpr std::size_t side_length = simd::tile_side;

// Below this δ (or 2 − δ) the difference (or sum) of the points is used. Above it the rounding of the Gram product, some ε, changes
// √δ, and so K̇ of a kinked σ, by less than ε/√δ: 1e-13 in double, 1e-5 of one entry in float.
template <class T>
constexpr T near_limit = sizeof(T) == 8 ? static_cast<T>(1e-6) : static_cast<T>(1e-3);

// X, or X and Y below it, each row times a power of two so that its largest entry is in [1/2, 1), where that is needed
// for squares to be ordinary numbers.
template <class T>
struct Points {
  std::size_t count = 0, depth = 0;
  std::vector<T> rows;
  std::vector<Magnitude> norm;  // √(<x,x>/d)
  std::vector<T> inverse;       // 1/|row|, 0 for a zero row
  std::vector<double> inverse_double;

  void add(const Matrix& x, const char* name) {
    if (x.rows() > 0 && x.cols() == 0) throw ShapeError(std::string(name) + ": points without coordinates");
    const auto d = static_cast<std::size_t>(x.cols());
    if (count > 0 && x.rows() > 0 && d != depth) {
      throw ShapeError("points of " + std::to_string(depth) + " and of " + std::to_string(d) +
                       " coordinates have no kernel together");
    }
    if (x.rows() > 0) depth = d;
    const double small = sizeof(T) == 8 ? 0x1p-300 : 0x1p-30, large = 1 / small;
    rows.reserve(rows.size() + static_cast<std::size_t>(x.size()));
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      double most = 0;
      for (Eigen::Index k = 0; k < x.cols(); ++k) {
        const double v = x(i, k);
        if (!std::isfinite(v)) {
          throw DomainError(std::string(name) + ": row " + std::to_string(i) + ", column " + std::to_string(k) +
                            " is " + (std::isnan(v) ? "NaN" : "infinite") + "; a kernel needs finite data");
        }
        most = std::max(most, std::abs(v));
      }
      const int exponent = most > 0 && (most < small || most > large) ? std::ilogb(most) + 1 : 0;
      long double square = 0;
      for (Eigen::Index k = 0; k < x.cols(); ++k) {
        const T v = static_cast<T>(exponent == 0 ? x(i, k) : std::ldexp(x(i, k), -exponent));
        rows.push_back(v);
        square += static_cast<long double>(v) * static_cast<long double>(v);
      }
      const auto root = static_cast<double>(std::sqrt(square));
      inverse_double.push_back(root > 0 ? 1 / root : 0);
      inverse.push_back(static_cast<T>(inverse_double.back()));
      norm.push_back(Magnitude(static_cast<double>(std::sqrt(square / static_cast<long double>(depth))), exponent));
    }
    count += static_cast<std::size_t>(x.rows());
  }
};

template <class T>
class PointSource final : public KernelSource<T> {
 public:
  PointSource(const Network& network, const Matrix& x, const Matrix* y)
      : symmetric_(y == nullptr), rows_(static_cast<std::size_t>(x.rows())) {
    require_covered(network, InputShape{});
    points_.add(x, "X");
    if (y != nullptr) points_.add(*y, "Y");
    first_column_ = symmetric_ ? 0 : rows_;
    plan_ = plan_points<T>(network, points_.norm);
    packed_.resize(simd::packed_size<T>(columns(), points_.depth));
    simd::pack(points_.rows.data() + first_column_ * points_.depth, columns(), points_.depth, packed_.data());
    for (std::size_t i = 0; i < points_.count; ++i) add_diagonal(i);
  }

  std::size_t rows() const override { return rows_; }
  std::size_t columns() const override { return points_.count - first_column_; }
  bool symmetric() const override { return symmetric_; }
  std::size_t side() const override { return side_length; }
  void diagonal(Kind kind, T* out) const override {
    const std::vector<T>& from = kind == Kind::nngp ? nngp_ : ntk_;
    std::copy_n(from.begin(), rows_, out);
  }
  std::size_t bytes() const override { return (points_.rows.size() + packed_.size()) * sizeof(T); }

  void tile(const TileRange& range, T* nngp, T* ntk, std::size_t stride) const override {
    thread_local std::vector<T> gram;
    gram.resize(side_length * side_length);
    simd::gram_tile(points_.rows.data() + range.row * points_.depth, range.rows,
                    packed_.data() + range.column * points_.depth, range.columns, points_.depth, gram.data());
    Scratch scratch(plan_.nesting);
    for (std::size_t i = 0; i < range.rows; ++i) {
      T* k = nngp == nullptr ? nullptr : nngp + i * stride;
      T* theta = ntk == nullptr ? nullptr : ntk + i * stride;
      row(range.row + i, range.column, range.columns, gram.data() + i * side_length, scratch, k, theta);
    }
  }

 private:
  struct Pair {
    T delta[side_length], t[side_length];
  };
  struct Scratch {
    explicit Scratch(int nesting) : kept(static_cast<std::size_t>(nesting)) {}
    Pair now;
    std::vector<Pair> kept;
    double c[side_length], d[side_length], k[side_length], kdot[side_length], delta[side_length], t[side_length];
    std::size_t same[side_length];
  };

  void add_diagonal(std::size_t i) {
    const double n = plan_.norm[i].to_double();
    const double k = n * n, theta = k * plan_.growth[i];
    constexpr double largest = static_cast<double>(std::numeric_limits<T>::max());
    if (!(k <= largest && theta <= largest)) {
      throw DomainError("the kernel of point " + std::to_string(i < rows_ ? i : i - rows_) + " with itself is beyond " +
                        (sizeof(T) == 8 ? "1.8e308: make w smaller" : "3.4e38: use double, or make w smaller"));
    }
    norm_.push_back(static_cast<T>(n));
    nngp_.push_back(norm_.back() * norm_.back());
    ntk_.push_back(static_cast<T>(theta));
  }

  // One row through all layers, in buffers that stay in the first cache.
  void row(std::size_t i, std::size_t j0, std::size_t n, const T* gram, Scratch& s, T* k, T* theta) const {
    const std::size_t j = first_column_ + j0;
    const std::size_t close =
        simd::correlate(gram, points_.inverse[i], points_.inverse.data() + j, near_limit<T>, s.now.delta, n);
    if (close > 0) separate(i, j, n, s.now.delta);
    std::fill_n(s.now.t, n, T{0});
    T* t = theta == nullptr ? nullptr : s.now.t;
    std::size_t kept = 0;
    for (const Step<T>& step : plan_.steps) {
      std::visit([&](const auto& what) { apply(what, i, j, n, s, t, kept); }, step);
    }
    simd::finish(norm_[i], norm_.data() + j, s.now.delta, s.now.t, k, theta, n);
    if (symmetric_ && i >= j && i < j + n) {
      if (k != nullptr) k[i - j] = nngp_[i];
      if (theta != nullptr) theta[i - j] = ntk_[i];
    }
  }

  void separate(std::size_t i, std::size_t j, std::size_t n, T* delta) const {
    const auto distance = [&](std::size_t other, double sign) {
      return static_cast<T>(simd::half_distance(points_.rows.data() + i * points_.depth, points_.inverse_double[i],
                                                points_.rows.data() + other * points_.depth,
                                                sign * points_.inverse_double[other], points_.depth));
    };
    for (std::size_t q = 0; q < n; ++q) {
      if (delta[q] < near_limit<T>) {
        delta[q] = distance(j + q, 1);
      } else if (2 - delta[q] < near_limit<T>) {
        delta[q] = 2 - distance(j + q, -1);
      }
    }
  }

  void apply(const AffineStep<T>& step, std::size_t i, std::size_t j, std::size_t n, Scratch& s, T* t,
             std::size_t&) const {
    if (!step.plain) {
      simd::affine(simd::Affine<T>{step.alpha[i], step.beta[i], step.alpha.data() + j, step.beta.data() + j},
                   s.now.delta, t, n);
    } else if (t != nullptr) {
      for (std::size_t q = 0; q < n; ++q) t[q] += 1 - s.now.delta[q];
    }
  }
  void apply(const HomogeneousStep& step, std::size_t, std::size_t, std::size_t n, Scratch& s, T* t,
             std::size_t&) const {
    simd::homogeneous(step.fit, step.dense, s.now.delta, t, n);
  }
  void apply(const DualStep& step, std::size_t i, std::size_t j, std::size_t n, Scratch& s, T* t, std::size_t&) const {
    double* delta = s.delta;
    double* theta = t == nullptr ? nullptr : s.t;
    if constexpr (sizeof(T) == 8) {
      delta = s.now.delta;
      theta = t;
    } else {
      std::copy_n(s.now.delta, n, delta);
      std::copy_n(s.now.t, n, s.t);
    }
    simd::covariances(step.root[i], step.root.data() + j, delta, s.c, s.d, n);
    // The same point again: its diagonal is known, and ρ = 1 is what costs most elsewhere. Asked for at ρ = 0 instead.
    std::size_t same = 0;
    bool any = false;
    for (std::size_t q = 0; q < n; ++q) any |= delta[q] == 0;
    for (std::size_t q = 0; any && q < n; ++q) {
      if (delta[q] == 0 && step.root[j + q] == step.root[i]) s.same[same++] = q;
    }
    for (std::size_t q = 0; q < same; ++q) {
      s.c[s.same[q]] = 0;
      s.d[s.same[q]] = step.variance[i] * step.variance[i];
    }
    step.dual(step.variance[i], {step.variance.data() + j, n}, {s.c, n}, {s.d, n}, {s.k, n},
              {s.kdot, theta == nullptr ? 0 : n});
    for (std::size_t q = 0; q < same; ++q) {
      s.k[s.same[q]] = step.value[i];
      s.kdot[s.same[q]] = step.slope[i];
    }
    simd::from_dual(
        {step.out[i], step.ratio[i], step.root[i], step.out.data() + j, step.ratio.data() + j, step.root.data() + j},
        s.k, s.kdot, delta, theta, n);
    if constexpr (sizeof(T) != 8) {
      std::copy_n(delta, n, s.now.delta);
      if (t != nullptr) std::copy_n(s.t, n, t);
    }
  }
  void apply(const SaveStep&, std::size_t, std::size_t, std::size_t, Scratch& s, T*, std::size_t& kept) const {
    s.kept[kept++] = s.now;
  }
  void apply(const ExchangeStep&, std::size_t, std::size_t, std::size_t, Scratch& s, T*, std::size_t& kept) const {
    std::swap(s.kept[kept - 1], s.now);
  }
  void apply(const JoinStep<T>& step, std::size_t i, std::size_t j, std::size_t n, Scratch& s, T* t,
             std::size_t& kept) const {
    const Pair& other = s.kept[--kept];
    simd::join(simd::Join<T>{step.mu[i], step.nu[i], step.mu.data() + j, step.nu.data() + j}, other.delta, other.t,
               s.now.delta, t, n);
  }

  bool symmetric_;
  std::size_t rows_, first_column_ = 0;
  Points<T> points_;
  PointPlan<T> plan_;
  std::vector<T> packed_;
  std::vector<T> norm_, nngp_, ntk_;  // of the output
};

}  // namespace

template <class T>
std::unique_ptr<KernelSource<T>> point_source(const Network& network, const Matrix& x, const Matrix* y) {
  return std::make_unique<PointSource<T>>(network, x, y);
}
template std::unique_ptr<KernelSource<float>> point_source(const Network&, const Matrix&, const Matrix*);
template std::unique_ptr<KernelSource<double>> point_source(const Network&, const Matrix&, const Matrix*);

}  // namespace nke
