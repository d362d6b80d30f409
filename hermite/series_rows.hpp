// SPDX-License-Identifier: Apache-2.0
// The Mehler series over rows of a kernel matrix: one column's coefficients serve every row. Private to the fast dual.
//
// Definition  K(a,b,c) = Σ h_n(a) h_n(b) ρⁿ and ∂K/∂c = Σ n h_n(a) h_n(b) ρ^{n−1}/√(ab), by Horner's scheme, 32 doubles
//             or 64 floats at a time. Only every other degree if σ is even or odd.
// Degree      as many terms as the largest |ρ| of such a group needs for the tolerance, by Cauchy and Schwarz from the
//             tails of both series; what the longest series does not reach is reported as unresolved.
// Domain      variances 0 and those of the range; elsewhere unresolved. The slope is K̇ if σ is continuous.
// Cost        3 operations a degree and entry, 1 … 4 ns for tanh at moderate ρ; coefficients of a row are kept,
//             up to 32 MB a thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/hermite/series.hpp>

namespace nke {

/// Columns are handled in groups of four cache lines.
template <class T>
inline constexpr std::size_t series_group = 4 * 64 / sizeof(T);

class SeriesRows {
 public:
  struct Options {
    double min_variance, max_variance;
    double tolerance;  ///< of the truncation, relative to the scale
    int most_terms;
  };
  SeriesRows(const Activation& sigma, const Options& options);

  int degree() const { return series_.degree(); }
  bool covers(double variance) const;

  /// What a column contributes to every row. Columns outside the range are kept as unresolved.
  template <class T>
  struct Columns {
    std::size_t size = 0;
    std::vector<T> terms;         ///< [group][term][column of the group]
    std::vector<T> inverse_root;  ///< 1/√b, 0 for b = 0, NaN outside the range
    std::vector<T> mean_slope;    ///< E σ'(√b z)
    std::vector<float> tails;     ///< [group][checkpoint]: log of the largest relative tail from there on
    std::vector<bool> outside;    ///< [group]: some column is outside the range
  };
  template <class T>
  Columns<T> columns(std::span<const T> b) const;

  /// value[i], slope[i] at column first + i and c[i]; either may be empty. Indices i that the series does not reach are
  /// appended to `unresolved`. Results may be written over c.
  template <class T>
  void row(T a, const Columns<T>& columns, std::size_t first, std::span<const T> c, std::span<T> value,
           std::span<T> slope, std::vector<std::size_t>& unresolved) const;

 private:
  struct Point {
    std::vector<double> terms;
    std::vector<double> tails;
    double mean_slope = 0;
  };
  void at(double variance, Point& point) const;
  /// The same, from what this thread met of late.
  const Point& kept(double variance) const;
  int degree_of(std::size_t term) const { return first_degree_ + stride_ * static_cast<int>(term); }

  HermiteSeries series_, derivative_;
  double log_tolerance_;
  std::uint64_t number_;  ///< of all that were made
  int first_degree_ = 0, stride_ = 1;
  std::size_t terms_ = 0;  ///< a multiple of the distance of checkpoints
};

/// One row and series_group columns: K = Σ_m row[m] column[m][j] ρ_j^{stride·m + first} and ∂K/∂c, from ρ_j.
template <class T>
struct SeriesGroup {
  const T* row;
  const T* columns;  // [term][column of the group]
  std::size_t terms;
  int first, stride;  // degrees
  T inverse_root, mean_slope;
  const T* inverse_roots;
  const T* mean_slopes;
};
/// ρ_j = c_j/√(a b_j) within [−1, 1]; returns the largest |ρ_j|. NaN stays and counts as 0.
double correlate_series(const SeriesGroup<double>& group, const double* c, double* rho);
float correlate_series(const SeriesGroup<float>& group, const float* c, float* rho);
void sum_series(const SeriesGroup<double>& group, const double* rho, double* value, double* slope);
void sum_series(const SeriesGroup<float>& group, const float* rho, float* value, float* slope);

}  // namespace nke
