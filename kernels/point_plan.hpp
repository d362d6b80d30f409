// SPDX-License-Identifier: Apache-2.0
// A network of vectors made ready for given norms: what every layer does to the diagonal, and then to a row. Private to
// kernels.
//
// Definition  for each point the root N of Σ(x,x) and t = Θ(x,x)/Σ(x,x) after each layer, by the recursion on the
//             diagonal alone; and a list of steps with the factors by which the rows of δ = 1 − ρ and t = Θ/(N N') are
//             to be changed (rows_simd.hpp).
// Error       the diagonal is a scalar recursion in double: a few roundings a layer.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <nke/kernels/network.hpp>

#include "homogeneous_fit.hpp"
#include "magnitude.hpp"
#include "row_dual.hpp"

namespace nke {

template <class T>
struct AffineStep {
  bool plain = false;  // no bias: ρ stays, t grows by ρ
  std::vector<T> alpha, beta;
};
struct HomogeneousStep {
  HomogeneousFit fit;
  bool dense = false;  // a plain affine step was merged into this one
};
struct DualStep {
  RowDual dual;
  std::vector<double> variance, root, out, ratio;
  std::vector<double> value, slope;  // K and K̇ of the point with itself
};
struct SaveStep {};      // keep what there is for the other branch
struct ExchangeStep {};  // go on with what was kept, and keep this instead
template <class T>
struct JoinStep {
  std::vector<T> mu, nu;  // of what is there, of what was kept
};
template <class T>
using Step = std::variant<AffineStep<T>, HomogeneousStep, DualStep, SaveStep, ExchangeStep, JoinStep<T>>;

template <class T>
struct PointPlan {
  std::vector<Step<T>> steps;
  std::vector<Magnitude> norm;  // N of the output
  std::vector<double> growth;   // t of the output on the diagonal
  int nesting = 0;              // rows that are kept at once
};

/// `norms` are the roots of <x,x>/d. DomainError if an activation meets a variance it cannot take.
template <class T>
PointPlan<T> plan_points(const Network& network, std::vector<Magnitude> norms);

}  // namespace nke
