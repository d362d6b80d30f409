// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <random>
#include <string>

#include <nke/data/synthetic.hpp>
#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

// ln x to about an ulp, by operations that IEEE rounds alike everywhere: libraries' logarithms differ in the last bit,
// and then so would the points. x = m 2^e with m in [√½, √2); ln m = 2 atanh z, z = (m-1)/(m+1), |z| < 0.172.
double portable_log(double x) {
  constexpr double ln2_high = 0x1.62e42fefa38p-1;  // short enough that its product with e is exact
  constexpr double ln2_low = 0x1.ef35793c7673p-45;
  constexpr double sqrt_half = 0x1.6a09e667f3bcdp-1;
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < sqrt_half) {
    m *= 2;
    --exponent;
  }
  const double z = (m - 1) / (m + 1);
  const double z2 = z * z;
  double sum = 0;
  for (int odd = 23; odd >= 3; odd -= 2) sum = (sum + 1.0 / odd) * z2;  // 0.172^24 / 25 is below 1e-19
  return exponent * ln2_high + (2 * z + (2 * z * sum + exponent * ln2_low));
}

class Normal {
 public:
  explicit Normal(std::uint64_t seed) : bits_(seed) {}

  double operator()() {
    if (has_second_) {
      has_second_ = false;
      return second_;
    }
    for (;;) {
      const double u = symmetric();
      const double v = symmetric();
      const double s = u * u + v * v;
      if (s >= 1 || s == 0) continue;
      const double scale = std::sqrt(-2 * portable_log(s) / s);
      second_ = v * scale;
      has_second_ = true;
      return u * scale;
    }
  }

 private:
  // Uniform on the multiples of 2^-52 in [-1, 1).
  double symmetric() { return static_cast<double>(bits_() >> 11U) * 0x1p-52 - 1; }

  std::mt19937_64 bits_;
  double second_ = 0;
  bool has_second_ = false;
};

Matrix sized(std::size_t n, std::size_t d) {
  constexpr std::size_t most = std::size_t{1} << 30U;
  if (n == 0 || d == 0 || n > most / d) {
    throw LimitError("synthetic points need n, d >= 1 and n d <= 2^30, not n = " + std::to_string(n) +
                     ", d = " + std::to_string(d));
  }
  return {static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(d)};
}

}  // namespace

Matrix gaussian(std::size_t n, std::size_t d, std::uint64_t seed) {
  Matrix points = sized(n, d);
  Normal normal(seed);
  for (double& value : points.reshaped<Eigen::RowMajor>()) value = normal();
  return points;
}

Matrix sphere(std::size_t n, std::size_t d, std::uint64_t seed) {
  Matrix points = sized(n, d);
  Normal normal(seed);
  for (auto row : points.rowwise()) {
    double square = 0;
    while (square == 0) {  // a row of zeros has no direction; it is drawn again
      for (double& value : row) {
        value = normal();
        square += value * value;
      }
    }
    const double scale = std::sqrt(static_cast<double>(d) / square);
    for (double& value : row) value *= scale;
  }
  return points;
}

}  // namespace nke
