// SPDX-License-Identifier: Apache-2.0
// Which network? A value: layers in the order in which the data pass through them, and a text that means the same.
//
// Definition  a Network is a list of layers, each one row of the variant below with the recursion it means in its
//             comment. Σ is the NNGP kernel before the layer, Θ the NTK, (x, x') two inputs, p, q pixels of theirs.
//             Conventions are those of Neural Tangents in its ntk parameterisation; docs/kernels.md has the formulas
//             and their sources.
// Text        "dense relu dense", "fc(depth=3, gelu, w=sqrt(2))", "conv(3) relu avgpool(2) conv(3) relu gap dense",
//             "residual(relu conv(3))"; docs/kernels.md has the grammar. network(to_text(n)) == n, and to_text of that
//             is the same text. fc, myrtle and resnet are names for longer networks and print as those.
// Domain      numbers (w, b) are exact constant expressions. A network the theory does not cover is refused with the
//             place and the reason: an activation needs Gaussian inputs, that is a dense or conv before it.
// Degenerate  the empty network is the input kernel <x,x'>/d.
// Error       ParseError with a caret in the text; DomainError for networks built in C++; LimitError.
// Limits      100 000 layers, residual blocks nested 50 deep, windows and strides up to 10 000.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/expr/expr.hpp>

namespace nke {

/// Σ → w²Σ + b², Θ → w²Θ + (w²Σ + b²). On images it acts on the channels of each pixel.
struct Dense {
  Expr w = 1;
  Expr b = 0;
  friend bool operator==(const Dense&, const Dense&) = default;
};

/// What lies beyond the border of an image.
enum class Padding {
  same,     ///< zeros, so that the output has ⌈n/stride⌉ pixels a side
  valid,    ///< nothing: windows stay inside
  circular  ///< the other side of the image, in as many pixels as `same` pads
};

/// A = the mean of Σ over the taps (p+δ, q+δ) of a k×k window, padding counting as 0 in a mean over all k²; then as
/// Dense: Σ → w²A(Σ) + b², Θ → w²A(Θ) + (w²A(Σ) + b²).
struct Conv {
  int size = 3;
  int stride = 1;
  Padding padding = Padding::same;
  Expr w = 1;
  Expr b = 0;
  friend bool operator==(const Conv&, const Conv&) = default;
};

/// Mean (AveragePool) or sum (SumPool) over both windows, of Σ and of Θ: all k²·k² pairs of their pixels.
struct AveragePool {
  int size = 2;
  int stride = 2;
  Padding padding = Padding::valid;
  friend bool operator==(const AveragePool&, const AveragePool&) = default;
};
struct SumPool {
  int size = 2;
  int stride = 2;
  Padding padding = Padding::valid;
  friend bool operator==(const SumPool&, const SumPool&) = default;
};

/// The mean over all pairs of pixels.
struct GlobalAveragePool {
  friend bool operator==(const GlobalAveragePool&, const GlobalAveragePool&) = default;
};

/// Pixels and channels become one axis of numbers: the mean over the pairs (p, p).
struct Flatten {
  friend bool operator==(const Flatten&, const Flatten&) = default;
};

/// Each (pixel of an) input is scaled to variance 1 across channels: Σ and Θ are divided by √(Σ(x,x) + ε) √(Σ(x',x') +
/// ε), ε = 1e-12.
struct LayerNorm {
  friend bool operator==(const LayerNorm&, const LayerNorm&) = default;
};

/// Σ → K(Σ(x,x), Σ(x',x'), Σ), Θ → Θ · K̇(…).
struct Nonlinearity {
  Activation activation;
  std::string text;  ///< as a network's text has it: a word, word(parameters), or an expression in quotes
  friend bool operator==(const Nonlinearity& x, const Nonlinearity& y) { return x.activation == y.activation; }
};

/// The same with K(a, b, c) given as a formula and K̇ = ∂K/∂c.
struct FormulaDual {
  Expr value;
  Expr derivative;
  friend bool operator==(const FormulaDual&, const FormulaDual&) = default;
};

struct Residual;
using Layer = std::variant<Dense, Conv, AveragePool, SumPool, GlobalAveragePool, Flatten, LayerNorm, Nonlinearity,
                           FormulaDual, Residual>;

struct Network {
  std::vector<Layer> layers;
};

/// main(x) + shortcut(x), the weights of the two independent: Σ and Θ add. An empty shortcut is x itself.
struct Residual {
  Network main;
  Network shortcut;
};

bool operator==(const Network& x, const Network& y);
inline bool operator==(const Residual& x, const Residual& y) {
  return x.main == y.main && x.shortcut == y.shortcut;
}

inline constexpr std::size_t network_layer_limit = 100'000;
inline constexpr int network_nesting_limit = 50;
inline constexpr int network_window_limit = 10'000;

/// The network a text stands for.
Network network(std::string_view text);
std::string to_text(const Network& network);
std::string to_text(const Layer& layer);

/// An activation or a dual as a layer. A dual is symmetric in a and b and has Taylor coefficients >= 0 in the correlation
/// (exact/dual/given_dual.hpp): DomainError where it is known not to be one.
Layer activation_layer(std::string_view text);
Layer formula_dual(const Expr& value);

/// `depth` times [dense, ACT], then dense.
Network fully_connected(int depth, const Layer& activation, const Expr& w = 1, const Expr& b = 0);
/// The Myrtle network with 5, 7 or 10 weight layers: three blocks of (2,1,1), (2,2,2) or (3,3,3) times [conv(3), ACT]
/// with avgpool(2) after the first two, then gap and dense; w = √2 throughout.
Network myrtle(int layers, const Layer& activation);
/// A wide residual network: conv(3), then three groups of `blocks` residual(ACT conv(3) ACT conv(3)), of which the first
/// of a group has conv(3) as shortcut, with stride 2 in the second and third group; then gap and dense.
Network wide_resnet(int blocks, const Layer& activation, const Expr& w = 1, const Expr& b = 0);

/// What a network makes of its input: images need height and width, points have neither.
struct InputShape {
  int height = 0;
  int width = 0;
  bool is_image() const { return height > 0; }
};

/// Whether some layer looks at pixels; such a network takes images, any other takes points.
bool takes_images(const Network& network);
/// DomainError or ShapeError with the layer and the reason if the theory does not cover the network, or if an image of
/// this shape does not fit. What needs no shape is checked when a text is read.
void require_covered(const Network& network);
void require_covered(const Network& network, const InputShape& input);

/// w and b as numbers: DomainError unless a constant and finite.
double scale_value(const Expr& scale, std::string_view name);

}  // namespace nke
