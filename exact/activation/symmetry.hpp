// SPDX-License-Identifier: Apache-2.0
// What the form of an expression proves at once: entire, even, odd, homogeneous.
//
// Each answer is one-sided: "no" means not proven.
#pragma once

#include <optional>

#include <nke/exact/activation/activation.hpp>

namespace nke {

/// Built of entire functions by sums, products, compositions and natural powers alone.
bool is_entire(const Expr& e);

/// Even or odd if σ(−x) ∓ σ(x) simplifies to 0, on the whole expression or on each of its pieces.
Parity find_parity(const Expr& sigma, const Breakpoints& breakpoints);

/// p with σ(t x) = t^p σ(x) for all t > 0: each piece f of σ satisfies x f' = p f, and no breakpoint but 0 exists.
std::optional<Rational> find_homogeneity(const Breakpoints& breakpoints);

}  // namespace nke
