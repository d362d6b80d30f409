// SPDX-License-Identifier: Apache-2.0
// Which sequences of layers does the theory of infinite width cover? One state walked through the layers. Private to
// kernels.
//
// Why       K(Σ) is E σ(u)σ(v) for Gaussian u, v: outputs of a wide dense or conv are Gaussian, data and outputs of an
//           activation are not. Pools, gap, flatten are linear and layernorm divides by a constant: they keep it.
// Residual  covariances of the branches add only if the branches are independent: the main one must end in weights of
//           its own.
#pragma once

#include <nke/kernels/network.hpp>

namespace nke {

struct TheoryState {
  enum class Axes { undecided, image, vector };
  bool gaussian = false;
  bool weights = false;  // a dense or conv was met
  Axes axes = Axes::undecided;
  bool sized = false;  // height and width are known
  int height = 0;
  int width = 0;
};

/// Side of the output of a window of k pixels over n; 0 if no window fits.
int output_side(int n, int size, int stride, Padding padding);
/// Pixels that are padded before the first one.
int padding_before(int n, int size, int stride, Padding padding);

/// The state after one layer; DomainError (ShapeError) with the reason if the theory (the image) forbids it. For
/// Residual both branches are walked.
TheoryState after(const Layer& layer, const TheoryState& before);
TheoryState after(const Network& network, TheoryState state);
/// What a residual block leaves, given what its branches leave.
TheoryState joined(const TheoryState& main, const TheoryState& shortcut);
/// DomainError if a network may not end so.
void require_end(const TheoryState& state);

}  // namespace nke
