// SPDX-License-Identifier: Apache-2.0
#include "homogeneous_fit.hpp"

#include <Eigen/Dense>
#include <cmath>
#include <numbers>
#include <vector>

namespace nke {
namespace {

using Real = long double;
using RealMatrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;
using RealVector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;

constexpr double fit_tolerance = 1e-13;

// f on ρ = 1 − t (plus) and ρ = t − 1 (minus), at given t.
struct Samples {
  std::vector<double> t, value_plus, value_minus, dot_plus, dot_minus;
};

Samples sample(const FastDual& dual, std::vector<double> t) {
  Samples s;
  s.t = std::move(t);
  const std::size_t n = s.t.size();
  const std::vector<double> one(n, 1.0);
  std::vector<double> c(n), d(n);
  for (std::vector<double>* v : {&s.value_plus, &s.value_minus, &s.dot_plus, &s.dot_minus}) v->resize(n);
  for (std::size_t k = 0; k < n; ++k) {
    c[k] = 1 - s.t[k];
    d[k] = s.t[k] * (2 - s.t[k]);
  }
  dual(1.0, one, c, d, s.value_plus, s.dot_plus);
  for (double& x : c) x = -x;
  dual(1.0, one, c, d, s.value_minus, s.dot_minus);
  return s;
}

// Chebyshev points of the first kind on (0, 1).
std::vector<double> nodes(int count) {
  std::vector<double> t;
  for (int k = 0; k < count; ++k) {
    const double half = std::sin(std::numbers::pi * (2 * k + 1) / (4 * count));
    t.push_back(half * half);
  }
  return t;
}

// T_k(2t − 1) as coefficients of 1, t, t², …
std::vector<std::vector<Real>> shifted_chebyshev(int count) {
  std::vector<std::vector<Real>> rows(count, std::vector<Real>(count, 0));
  rows[0][0] = 1;
  if (count > 1) {
    rows[1][0] = -1;
    rows[1][1] = 2;
  }
  for (int k = 2; k < count; ++k) {
    for (int i = 0; i < k; ++i) {
      rows[k][i] += -2 * rows[k - 1][i] - rows[k - 2][i];
      rows[k][i + 1] += 4 * rows[k - 1][i];
    }
  }
  return rows;
}

struct Split {
  std::vector<Real> polynomial;  // 1, t, …
  std::vector<Real> tail;        // what √t is multiplied by
  std::vector<Real> short_tail;  // the same cut for floats, as a Chebyshev series
};

// f(t) ≈ polynomial of degree `degree` + √t t^lift Σ_k g_k T_k(2t − 1), least squares. No tail if terms = 0.
Split fit(const std::vector<double>& t, const RealVector& f, int degree, int lift, int terms) {
  const auto rows = static_cast<Eigen::Index>(t.size());
  RealMatrix basis(rows, degree + 1 + terms);
  for (Eigen::Index r = 0; r < rows; ++r) {
    const Real x = static_cast<Real>(t[static_cast<std::size_t>(r)]);
    Real power = 1;
    for (int k = 0; k <= degree; ++k, power *= x) basis(r, k) = power;
    Real before = 1, now = 2 * x - 1;
    const Real weight = std::sqrt(x) * (lift != 0 ? x : 1);
    for (int k = 0; k < terms; ++k) {
      basis(r, degree + 1 + k) = weight * before;
      const Real next = 2 * (2 * x - 1) * now - before;
      before = now;
      now = next;
    }
  }
  const RealVector solution = basis.colPivHouseholderQr().solve(f);
  Split result;
  for (int k = 0; k <= degree; ++k) result.polynomial.push_back(solution(k));
  const auto chebyshev = shifted_chebyshev(std::max(terms, 1));
  result.tail.assign(static_cast<std::size_t>(terms + lift), 0);
  result.short_tail.assign(HomogeneousFit::float_terms, 0);
  for (int k = 0; k < terms; ++k) {
    for (int i = 0; i <= k; ++i) {
      const Real term = solution(degree + 1 + k) * chebyshev[k][i];
      result.tail[static_cast<std::size_t>(i + lift)] += term;
      if (k + lift < HomogeneousFit::float_terms) result.short_tail[static_cast<std::size_t>(i + lift)] += term;
    }
  }
  return result;
}

struct Signed {
  HomogeneousFit::Short plus = {}, minus = {};
  std::array<double, HomogeneousFit::terms> tail = {};
  std::array<double, HomogeneousFit::float_terms> short_tail = {};
};

// plus(t) and minus(t) with one tail, which changes sign with ρ if `flips`.
Signed fit_signed(const std::vector<double>& t, const std::vector<double>& plus, const std::vector<double>& minus,
                  int degree, int lift, bool flips) {
  const auto n = static_cast<Eigen::Index>(t.size());
  RealVector with_tail(n), without(n);
  for (Eigen::Index k = 0; k < n; ++k) {
    const auto i = static_cast<std::size_t>(k);
    const auto up = static_cast<Real>(plus[i]), down = static_cast<Real>(minus[i]);
    const Real even = (up + down) / 2, odd = (up - down) / 2;
    with_tail(k) = flips ? odd : even;
    without(k) = flips ? even : odd;
  }
  const Split a = fit(t, with_tail, degree, lift, HomogeneousFit::terms - lift);
  const Split b = fit(t, without, degree, 0, 0);
  Signed result;
  for (int k = 0; k <= degree; ++k) {
    const Real x = a.polynomial[static_cast<std::size_t>(k)], y = b.polynomial[static_cast<std::size_t>(k)];
    result.plus[static_cast<std::size_t>(k)] = static_cast<double>(x + y);
    result.minus[static_cast<std::size_t>(k)] = static_cast<double>(flips ? y - x : x - y);
  }
  for (std::size_t k = 0; k < result.tail.size(); ++k) result.tail[k] = static_cast<double>(a.tail[k]);
  for (std::size_t k = 0; k < result.short_tail.size(); ++k)
    result.short_tail[k] = static_cast<double>(a.short_tail[k]);
  return result;
}

template <class Coefficients>
double horner(const Coefficients& c, double t) {
  double sum = 0;
  for (std::size_t k = c.size(); k-- > 0;) sum = sum * t + c[k];
  return sum;
}

double measured(const HomogeneousFit& f, const Samples& s) {
  double worst = 0;
  for (std::size_t k = 0; k < s.t.size(); ++k) {
    const double t = s.t[k], root = std::sqrt(t);
    const double base = root * horner(f.base_tail, t), dot = root * horner(f.dot_tail, t);
    for (const double error :
         {1 - s.value_plus[k] / f.at_one - horner(f.base_plus, t) - base,
          1 - s.value_minus[k] / f.at_one - horner(f.base_minus, t) - (f.base_flips ? -base : base),
          s.dot_plus[k] / f.at_one - horner(f.dot_plus, t) - dot,
          s.dot_minus[k] / f.at_one - horner(f.dot_minus, t) - (f.dot_flips ? -dot : dot)}) {
      if (!(std::abs(error) <= worst)) worst = std::abs(error);
    }
  }
  return worst;
}

}  // namespace

std::optional<HomogeneousFit> homogeneous_fit(const Activation& sigma, const FastDual& dual) {
  const std::optional<Rational>& degree = sigma.homogeneity();
  if (!degree) return std::nullopt;
  const std::optional<long> power = degree->to_long();
  if (!power || *power < 0 || *power > HomogeneousFit::largest_power) return std::nullopt;

  HomogeneousFit result;
  result.power = static_cast<int>(*power);
  const Samples one = sample(dual, {0.0});
  result.at_one = one.value_plus[0];
  if (!(result.at_one > 0) || !std::isfinite(result.at_one)) return std::nullopt;
  const Samples s = sample(dual, nodes(48));

  const auto normalised = [&](const std::vector<double>& values) {
    std::vector<double> y;
    for (const double v : values) y.push_back(v / result.at_one);
    return y;
  };
  const int p = result.power, lift = p > 0 ? 1 : 0;
  const auto plus = normalised(s.value_plus), minus = normalised(s.value_minus);
  result.base_flips = p % 2 == 0;
  Signed base = fit_signed(s.t, plus, minus, p, lift, result.base_flips);
  for (HomogeneousFit::Short* side : {&base.plus, &base.minus}) {
    for (double& x : *side) x = -x;
  }
  base.plus[0] = 0;  // κ(1)/κ(1) = 1
  base.minus[0] += 1;
  if (p > 0) base.plus[1] = one.dot_plus[0] / result.at_one;  // κ'(1)
  for (double& x : base.tail) x = -x;
  for (double& x : base.short_tail) x = -x;
  result.base_plus = base.plus;
  result.base_minus = base.minus;
  result.base_tail = base.tail;
  result.base_tail_float = base.short_tail;
  if (p > 0) {
    const auto dot_plus = normalised(s.dot_plus), dot_minus = normalised(s.dot_minus);
    result.dot_flips = (p - 1) % 2 == 0;
    const Signed dot = fit_signed(s.t, dot_plus, dot_minus, p - 1, p > 1 ? 1 : 0, result.dot_flips);
    result.dot_plus = dot.plus;
    result.dot_minus = dot.minus;
    result.dot_tail = dot.tail;
    result.dot_tail_float = dot.short_tail;
  }
  result.residual = measured(result, sample(dual, nodes(31)));
  if (!(result.residual < fit_tolerance)) return std::nullopt;
  return result;
}

}  // namespace nke
