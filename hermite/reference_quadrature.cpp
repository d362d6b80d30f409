// SPDX-License-Identifier: Apache-2.0
#include "reference_quadrature.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/quadrature/trapezoidal.hpp>

namespace nke {
namespace {

// Boost.Math wants a type whose precision is fixed: one for each range of digits, with some twenty digits to spare.
template <unsigned Digits>
using Plain =
    boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<Digits>, boost::multiprecision::et_off>;

template <class T>
Precision precision_of() {
  return Precision::bits(std::numeric_limits<T>::digits);
}

template <class T>
Mpfr to_mpfr(const T& x) {
  return Mpfr::from_mpfr(x.backend().data(), precision_of<T>());
}

template <class T>
T from_mpfr(const Mpfr& x) {
  T result;
  mpfr_set(result.backend().data(), x.data(), MPFR_RNDN);
  return result;
}

// All integrands at once, one below the other: Boost's rules need only sums, multiples and a size of what they
// integrate, and so each node costs one evaluation of σ whatever the degree. An empty column is zero.
template <class T>
struct Column {
  std::vector<T> entries;

  Column() = default;
  Column(int) {}       // NOLINT: Boost's rules start their sums at 0
  Column(const T&) {}  // NOLINT

  Column& operator+=(const Column& other) {
    if (entries.empty()) entries.resize(other.entries.size());
    for (std::size_t i = 0; i < other.entries.size(); ++i) entries[i] += other.entries[i];
    return *this;
  }
  friend Column operator+(Column a, const Column& b) { return a += b; }
  friend Column operator*(Column a, const T& factor) {
    for (T& entry : a.entries) entry *= factor;
    return a;
  }
  friend Column operator*(const T& factor, Column a) { return std::move(a) * factor; }
  friend Column operator-(Column a) { return std::move(a) * T(-1); }
  friend Column operator-(Column a, const Column& b) { return a += -b; }
  friend T abs(const Column& a) {
    T largest = 0;
    for (const T& entry : a.entries) largest = std::max(largest, T(abs(entry)));
    return largest;
  }
};

// z ↦ σ(√a z) φ(z) p_n(z) for n = 0 … N, and σ(√a z)² φ(z), where p_n = He_n/√n! and
// p_{n+1} = (z p_n − √n p_{n−1})/√(n+1).
// The values of σ are kept: the finer trapezoidal rule visits all nodes of the coarser one again.
template <class T>
class Integrand {
 public:
  Integrand(const MomentsRequest& request, const T& root_variance)
      : root_variance_(root_variance), density_scale_(1 / sqrt(2 * boost::math::constants::pi<T>())) {
    for (int n = 0; n <= request.degree; ++n) roots_.push_back(sqrt(T(n)));
  }

  Column<T> operator()(const PlainFunction& sigma, const T& z) {
    const auto [entry, is_new] = values_.try_emplace(z);
    if (is_new) entry->second = from_mpfr<T>(sigma(to_mpfr(T(root_variance_ * z))));
    const T& value = entry->second;
    const T density = density_scale_ * exp(T(-z * z / 2));
    Column<T> column;
    column.entries.reserve(roots_.size() + 1);
    column.entries.push_back(value * density);
    for (std::size_t n = 1; n < roots_.size(); ++n) {
      T next = z * column.entries[n - 1];
      if (n > 1) next -= roots_[n - 1] * column.entries[n - 2];
      column.entries.push_back(next / roots_[n]);
    }
    column.entries.push_back(value * value * density);
    return column;
  }

 private:
  std::map<T, T> values_;
  T root_variance_;
  T density_scale_;
  std::vector<T> roots_;
};

// Two resolutions of the same rule, and the finer one's number of nodes.
template <class T>
struct Refined {
  Column<T> coarse;
  Column<T> fine;
  int nodes = 0;
};

// Coefficients are measured against √norm, the norm against itself.
template <class T>
bool settled(const Refined<T>& steps, int digits) {
  const Column<T> change = steps.fine - steps.coarse;
  const T norm = abs(steps.fine.entries.back());
  const T tolerance = pow(T(10), -digits - 1);
  const T coefficient_tolerance = tolerance * sqrt(norm);
  const auto last = change.entries.end() - 1;
  return abs(*last) <= tolerance * norm &&
         std::all_of(change.entries.begin(), last, [&](const T& c) { return abs(c) <= coefficient_tolerance; });
}

template <class T>
Refined<T> by_trapezoid(const PlainFunction& sigma, Integrand<T>& integrand, const MomentsRequest& request) {
  constexpr std::size_t first_level = 7;
  constexpr std::size_t last_level = 15;
  const T reach = request.reach;
  const auto f = [&](const T& z) { return integrand(sigma, z); };
  const auto rule = [&](std::size_t level) {
    return boost::math::quadrature::trapezoidal(f, T(-reach), reach, T(0), level);
  };
  Refined<T> steps{{}, rule(first_level), 1 << first_level};
  for (std::size_t level = first_level + 1; level <= last_level; ++level) {
    steps = {std::move(steps.fine), rule(level), 1 << level};
    if (settled(steps, request.digits)) break;
  }
  return steps;
}

template <class T>
Refined<T> by_panels(const PiecewiseFunction& sigma, Integrand<T>& integrand, const MomentsRequest& request,
                     const T& root_variance) {
  // A Gauss rule of as many points as there are digits, two thirds of them, on panels two standard deviations wide.
  constexpr unsigned points = std::numeric_limits<T>::digits10 * 2 / 3;
  constexpr int last_level = 7;
  const T reach = request.reach;
  std::vector<T> edges = {T(-reach)};
  for (const Mpfr& cut : sigma.cuts)
    edges.push_back(std::clamp(T(from_mpfr<T>(cut) / root_variance), T(-reach), reach));
  edges.push_back(reach);

  const auto rule = [&](int level, int& nodes) {
    Column<T> sum;
    nodes = 0;
    for (std::size_t piece = 0; piece + 1 < edges.size(); ++piece) {
      const T length = edges[piece + 1] - edges[piece];
      if (length <= 0) continue;
      const auto f = [&](const T& z) { return integrand(sigma.pieces[piece], z); };
      const int panels = static_cast<int>(std::ceil(static_cast<double>(length) / 2)) << level;
      for (int i = 0; i < panels; ++i) {
        const T left = edges[piece] + length * i / panels;
        const T right = i + 1 == panels ? edges[piece + 1] : T(edges[piece] + length * (i + 1) / panels);
        sum += boost::math::quadrature::gauss<T, points>::integrate(f, left, right);
      }
      nodes += panels * static_cast<int>(points);
    }
    return sum;
  };
  Refined<T> steps;
  steps.fine = rule(0, steps.nodes);
  for (int level = 1; level <= last_level; ++level) {
    steps.coarse = std::move(steps.fine);
    steps.fine = rule(level, steps.nodes);
    if (settled(steps, request.digits)) break;
  }
  return steps;
}

template <class T>
Moments moments_over(const PiecewiseFunction& sigma, const MomentsRequest& request) {
  const T root_variance = from_mpfr<T>(sqrt(Mpfr(request.variance, precision_of<T>())));
  Integrand<T> integrand(request, root_variance);
  const Refined<T> steps = sigma.smooth ? by_trapezoid(sigma.pieces.front(), integrand, request)
                                        : by_panels(sigma, integrand, request, root_variance);
  Moments result;
  result.method = sigma.smooth ? "trapezoid" : "panels";
  result.nodes = steps.nodes;
  const T scale = sqrt(T(abs(steps.fine.entries.back())));
  const T floor =
      scale * (std::numeric_limits<T>::epsilon() * 1000 + pow(T(10), -request.digits - 5) + sigma.cut_error);
  for (std::size_t i = 0; i < steps.fine.entries.size(); ++i) {
    result.values.push_back(to_mpfr(steps.fine.entries[i]));
    const bool is_norm = i + 1 == steps.fine.entries.size();
    const T change = abs(steps.fine.entries[i] - steps.coarse.entries[i]);
    result.error_estimates.push_back(static_cast<double>(T(change + (is_norm ? T(floor * scale) : floor))));
  }
  return result;
}

}  // namespace

Precision working_precision(int digits) {
  return digits <= 30   ? precision_of<Plain<50>>()
         : digits <= 90 ? precision_of<Plain<110>>()
                        : precision_of<Plain<230>>();
}

Moments gaussian_moments(const PiecewiseFunction& sigma, const MomentsRequest& request) {
  if (request.digits <= 30) return moments_over<Plain<50>>(sigma, request);
  if (request.digits <= 90) return moments_over<Plain<110>>(sigma, request);
  return moments_over<Plain<230>>(sigma, request);
}

}  // namespace nke
