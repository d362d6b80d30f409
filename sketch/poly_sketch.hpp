// SPDX-License-Identifier: Apache-2.0
// All powers at once: features of x whose inner products estimate ⟨x, y⟩^n, for every degree n = 1 … q, from one chain.
//
// Definition  P_2 = T_2(x, x), P_n = T_n(F_n P_{n−1}, x): each T_n a TensorSRHT of its own, c_n features wide, each F_n
//             a fold from c_{n−1} to c_n ≤ c_{n−1} features (fold.hpp). The block of degree n is P_n folded to m_n
//             entries; that of degree 1 is x itself, and zeros, if m_1 ≥ d, else an SRHT of x.
// Width       c_n = max(2048, P, 2·2^⌈log2 m_l⌉ for l ≥ n) leaves the chain a minor part of the variance of each block.
// Guarantee   E ⟨block_n(x), block_n(y)⟩ = ⟨x, y⟩^n exactly, over the seed, for every n. For unit vectors at ρ and
//             n ≥ 2, to leading order, Var = (1/m_n − 1/c_n)(1 + ρ^{2n}) + C_n, where the chain's part is C_1 = 0,
//               C_n = ρ² C_{n−1} + (1/c_n − 1/c_{n−1})(1 + ρ^{2(n−1)})ρ² + (1 + ρ^{2(n−1)})(1 + ρ²)/c_n
//             (the second term for n > 2). A Gaussian sketch of the tensor x^{⊗n} itself would have (1 + ρ^{2n})/m_n.
//             At ρ = 1 and one width C_n = 4(n−1)/c, linear in n, where products of n independent projections have
//             3^n/m_n.
// Domain      d ≥ 1; m_n ≥ 0, not all 0. Wrong lengths: ShapeError. |x| near 1: entries grow like |x|^n.
// Error       rounding in float: about 1e-6 |x|^n |y|^n at n = 8.
// Cost        a degree: one transform of length c_n, c_n/P of length P, c_n products, c_n additions.
// Source      Ahle et al., 1909.01821 (binary trees of TensorSRHTs, one for each degree; section 1.2). Here the tree is
//             a caterpillar, every internal node of which is a degree of its own: q degrees cost what one does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <nke/sketch/fold.hpp>
#include <nke/sketch/tensor_srht.hpp>

namespace nke::sketch {

class PolySketch {
 public:
  /// features[n − 1] = m_n, n = 1 … q.
  PolySketch(std::size_t dimension, std::vector<std::size_t> features, std::uint64_t seed);

  std::size_t dimension() const { return placement_.dimension(); }
  int degree() const { return static_cast<int>(features_.size()); }
  const std::vector<std::size_t>& features() const { return features_; }
  /// Σ m_n.
  std::size_t total() const { return total_; }
  /// c_n, 2 ≤ n ≤ the highest degree with features.
  std::size_t width(int n) const { return chain_[static_cast<std::size_t>(n) - 2].step.features(); }

  /// What a call needs beside its arguments; one for each thread.
  struct Workspace {
    AlignedVector placed, chain, narrowed, scratch;
  };

  /// out ← block 1, …, block q of factor·x, block n times weights[n − 1]. out has total() entries, weights degree().
  /// Concurrent calls need workspaces of their own.
  void operator()(std::span<const float> x, double factor, std::span<const float> weights, std::span<float> out,
                  Workspace& workspace) const;
  void operator()(std::span<const double> x, double factor, std::span<const float> weights, std::span<float> out,
                  Workspace& workspace) const;
  /// The same with factor and weights 1.
  void operator()(std::span<const float> x, std::span<float> out) const;

 private:
  PolySketch(std::size_t dimension, std::vector<std::size_t> features, RandomStream random);
  template <class T>
  void apply(std::span<const T> x, double factor, std::span<const float> weights, std::span<float> out,
             Workspace& workspace) const;
  void sampled_first_degree(float weight, std::span<float> out, Workspace& workspace) const;

  std::vector<std::size_t> features_;
  std::size_t total_;
  Placement placement_;
  Rotation first_;
  Shuffle first_shuffle_;
  struct Link {                // from degree n − 1 to n
    std::vector<Fold> narrow;  // F_n, where the chain gets narrower
    TensorStep step;
    std::vector<Fold> block;  // none where m_n = 0
  };
  std::vector<Link> chain_;   // chain_[0] makes degree 2
  std::size_t readable_ = 0;  // entries of the chain\'s buffer: the widest P_n, and the zeros that folds want after it
};

}  // namespace nke::sketch
