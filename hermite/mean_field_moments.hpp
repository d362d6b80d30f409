// SPDX-License-Identifier: Apache-2.0
// The second moment of a function of a Gaussian variable, and how it changes with the variance.
//
// Definition  value(q) = E f(√q z)², slope(q) = d/dq of it = E[f(√q z)² (z² − 1)]/(2q), z ~ N(0,1). The second form
//             holds for every f, jumps included: the derivative falls on the density.
// Method      Gauss-Legendre panels on which f is resolved (pieces.hpp), kept for each factor of four in q.
// Domain      q > 0. Where f is not square-integrable, or cannot be resolved to 1e-3, value is infinite.
// Error       error is the difference seen between two resolutions plus rounding, relative to value; the slope has
//             that error times value/q. Estimated, not proven.
// Cost        a few ms for each factor of four met, then some tens of µs.
// Threads     may be called concurrently.
#pragma once

#include <cstddef>
#include <memory>

#include <nke/hermite/sampled_function.hpp>

namespace nke {

struct SquareMoment {
  double value = 0;
  double slope = 0;
  double error = 0;
  std::size_t nodes = 0;  ///< how often f was evaluated: a σ that oscillates is costly at large q
};

class GaussianSquare {
 public:
  explicit GaussianSquare(SampledFunction f);
  SquareMoment operator()(double q) const;
  /// At one resolution only, half the cost; error is 0.
  SquareMoment quickly(double q) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace nke
