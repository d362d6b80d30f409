// SPDX-License-Identifier: Apache-2.0
#include "theory.hpp"

#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

using Axes = TheoryState::Axes;

std::string sides(const TheoryState& state) {
  return std::to_string(state.height) + " x " + std::to_string(state.width);
}

void require_pixels(const TheoryState& state, const char* layer) {
  if (state.axes == Axes::vector) {
    throw DomainError(std::string(layer) + " needs pixels, but gap or flatten before it has left none");
  }
}

TheoryState windowed(const char* layer, int size, int stride, Padding padding, TheoryState state) {
  require_pixels(state, layer);
  for (const auto& [what, value] : {std::pair{"window", size}, {"stride", stride}}) {
    if (value < 1 || value > network_window_limit) {
      throw DomainError(std::string(layer) + ": a " + what + " of " + std::to_string(value) + "; it must be 1 to " +
                        std::to_string(network_window_limit));
    }
  }
  state.axes = Axes::image;
  if (!state.sized) return state;
  const int height = output_side(state.height, size, stride, padding);
  const int width = output_side(state.width, size, stride, padding);
  const bool wraps_twice = padding == Padding::circular && (size - 1 > state.height || size - 1 > state.width);
  if (height < 1 || width < 1 || wraps_twice) {
    throw ShapeError(std::string(layer) + ": a window of " + std::to_string(size) + " does not fit an image of " +
                     sides(state) + " pixels" + (wraps_twice ? " wrapped around once" : " without padding"));
  }
  state.height = height;
  state.width = width;
  return state;
}

TheoryState weighted(const Expr& w, const Expr& b, TheoryState state) {
  scale_value(w, "w");
  scale_value(b, "b");
  state.gaussian = true;
  state.weights = true;
  return state;
}

TheoryState activated(const std::string& text, TheoryState state) {
  if (!state.gaussian) {
    throw DomainError("activation " + text +
                      " has inputs that are not Gaussian: put a dense or conv before it (two activations in a row, or "
                      "one straight on the data, are not covered by the theory)");
  }
  state.gaussian = false;
  return state;
}

struct Walk {
  TheoryState state;

  TheoryState operator()(const Dense& l) const { return weighted(l.w, l.b, state); }
  TheoryState operator()(const Conv& l) const {
    return weighted(l.w, l.b, windowed("conv", l.size, l.stride, l.padding, state));
  }
  TheoryState operator()(const AveragePool& l) const { return windowed("avgpool", l.size, l.stride, l.padding, state); }
  TheoryState operator()(const SumPool& l) const { return windowed("sumpool", l.size, l.stride, l.padding, state); }
  TheoryState operator()(const GlobalAveragePool&) const { return collapsed("gap"); }
  TheoryState operator()(const Flatten&) const { return collapsed("flatten"); }
  TheoryState operator()(const LayerNorm&) const {
    if (!state.gaussian) throw DomainError("layernorm needs Gaussian inputs: put a dense or conv before it");
    return state;
  }
  TheoryState operator()(const Nonlinearity& l) const { return activated(l.text, state); }
  TheoryState operator()(const FormulaDual&) const { return activated("dual(...)", state); }
  TheoryState operator()(const Residual& l) const {
    TheoryState begin = state;
    begin.weights = false;
    return joined(after(l.main, begin), after(l.shortcut, begin));
  }

  TheoryState collapsed(const char* layer) const {
    require_pixels(state, layer);
    TheoryState next = state;
    next.axes = Axes::vector;
    return next;
  }
};

}  // namespace

int output_side(int n, int size, int stride, Padding padding) {
  if (padding == Padding::valid) return n < size ? 0 : (n - size) / stride + 1;
  return (n + stride - 1) / stride;
}

int padding_before(int n, int size, int stride, Padding padding) {
  if (padding == Padding::valid) return 0;
  const int total = (output_side(n, size, stride, padding) - 1) * stride + size - n;
  return total > 0 ? total / 2 : 0;
}

TheoryState after(const Layer& layer, const TheoryState& before) {
  return std::visit(Walk{before}, layer);
}

TheoryState after(const Network& network, TheoryState state) {
  for (const Layer& layer : network.layers) state = after(layer, state);
  return state;
}

TheoryState joined(const TheoryState& main, const TheoryState& shortcut) {
  if (!main.weights || !main.gaussian) {
    throw DomainError(
        "residual: its main branch must end in a dense or conv of its own, or the sum with the shortcut is not that of "
        "independent parts");
  }
  const bool vector_main = main.axes == Axes::vector, vector_shortcut = shortcut.axes == Axes::vector;
  if (vector_main != vector_shortcut) {
    throw DomainError("residual: one branch ends with pixels, the other without");
  }
  if (main.sized && !vector_main && (main.height != shortcut.height || main.width != shortcut.width)) {
    throw ShapeError("residual: the branches end with images of " + sides(main) + " and " + sides(shortcut) +
                     " pixels, which cannot be added");
  }
  TheoryState result = main;
  if (result.axes == Axes::undecided) result.axes = shortcut.axes;
  result.gaussian = main.gaussian && shortcut.gaussian;
  return result;
}

void require_end(const TheoryState& state) {
  if (state.axes == Axes::image) {
    throw DomainError("the network ends with pixels: a kernel needs gap or flatten after the last conv or pool");
  }
}

}  // namespace nke
