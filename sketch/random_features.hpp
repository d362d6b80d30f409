// SPDX-License-Identifier: Apache-2.0
// Plain random features, the rival every sketch has to beat: a finite layer of the network itself.
//
// Definition  Row x ↦ φ(x) = σ(W x/√d)/√m, W (m, d) of independent standard normals. E ⟨φ(x), φ(y)⟩ = K(a, b, c)
//             exactly, over the seed, for any σ; no series is cut.
// Guarantee   Var ⟨φ(x), φ(y)⟩ = (E[σ(u)²σ(v)²] − K²)/m.
// Domain      Finite data (DomainError names row and column) of d columns (ShapeError).
// Threads     Blocks of rows are shared among TBB's threads; the bytes do not depend on how many there are.
// Error       The product W x is rounded in float, σ is evaluated in double.
// Cost        A row: 2md operations of a matrix product and m evaluations of σ. W takes 4md bytes.
// Source      Rahimi and Recht, NIPS 2007; Cho and Saul, NIPS 2009, for duals as their limit.
#pragma once

#include <cstddef>
#include <cstdint>

#include <nke/data/array.hpp>
#include <nke/exact/activation/activation.hpp>

namespace nke::sketch {

struct RandomFeaturesOptions {
  std::size_t dimension = 4096;  ///< m
  std::uint64_t seed = 1;
};

class RandomFeatures {
 public:
  /// `inputs` is d, the number of columns of the data.
  RandomFeatures(Activation sigma, std::size_t inputs, const RandomFeaturesOptions& options);

  std::size_t inputs() const { return static_cast<std::size_t>(weights_.cols()); }
  std::size_t dimension() const { return static_cast<std::size_t>(weights_.rows()); }

  /// (n, d) → (n, m).
  MatrixF operator()(const Eigen::Ref<const Matrix>& X) const;
  MatrixF operator()(const Eigen::Ref<const MatrixF>& X) const;
  /// The same into memory of the caller's.
  void apply(const Eigen::Ref<const Matrix>& X, Eigen::Ref<MatrixF> out) const;
  void apply(const Eigen::Ref<const MatrixF>& X, Eigen::Ref<MatrixF> out) const;

 private:
  template <class Rows>
  void fill(const Rows& X, Eigen::Ref<MatrixF> out) const;

  Activation sigma_;
  MatrixF weights_;  // (m, d): W/√d
};

}  // namespace nke::sketch
