// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include <nke/exact/dual/given_dual.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/print.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/kernels/network.hpp>

#include "theory.hpp"

namespace nke {
namespace {

std::string option(const char* name, const std::string& value) {
  return std::string(name) + "=" + value;
}

std::string with_options(const std::string& name, const std::vector<std::string>& options) {
  std::string text = name;
  for (std::size_t i = 0; i < options.size(); ++i) text += (i == 0 ? "(" : ", ") + options[i];
  return options.empty() ? text : text + ")";
}

void add_scales(const Expr& w, const Expr& b, std::vector<std::string>& options) {
  if (w != Expr(1)) options.push_back(option("w", to_text(w)));
  if (b != Expr(0)) options.push_back(option("b", to_text(b)));
}

std::string padding_text(Padding padding) {
  return padding == Padding::same ? "SAME" : padding == Padding::valid ? "VALID" : "CIRCULAR";
}

template <class Pool>
std::string pool_text(const char* name, const Pool& l) {
  std::vector<std::string> options = {std::to_string(l.size)};
  if (l.stride != l.size) options.push_back(option("stride", std::to_string(l.stride)));
  if (l.padding != Padding::valid) options.push_back(option("padding", padding_text(l.padding)));
  return with_options(name, options);
}

struct Print {
  std::string operator()(const Dense& l) const {
    std::vector<std::string> options;
    add_scales(l.w, l.b, options);
    return with_options("dense", options);
  }
  std::string operator()(const Conv& l) const {
    std::vector<std::string> options = {std::to_string(l.size)};
    if (l.stride != 1) options.push_back(option("stride", std::to_string(l.stride)));
    if (l.padding != Padding::same) options.push_back(option("padding", padding_text(l.padding)));
    add_scales(l.w, l.b, options);
    return with_options("conv", options);
  }
  std::string operator()(const AveragePool& l) const { return pool_text("avgpool", l); }
  std::string operator()(const SumPool& l) const { return pool_text("sumpool", l); }
  std::string operator()(const GlobalAveragePool&) const { return "gap"; }
  std::string operator()(const Flatten&) const { return "flatten"; }
  std::string operator()(const LayerNorm&) const { return "layernorm"; }
  std::string operator()(const Nonlinearity& l) const { return l.text; }
  std::string operator()(const FormulaDual& l) const { return "dual(\"" + to_text(l.value) + "\")"; }
  std::string operator()(const Residual& l) const {
    const std::string shortcut = to_text(l.shortcut);
    return "residual(" + to_text(l.main) + (shortcut.empty() ? "" : ", " + shortcut) + ")";
  }
};

struct TakesImages {
  template <class Other>
  bool operator()(const Other&) const {
    return false;
  }
  bool operator()(const Conv&) const { return true; }
  bool operator()(const AveragePool&) const { return true; }
  bool operator()(const SumPool&) const { return true; }
  bool operator()(const GlobalAveragePool&) const { return true; }
  bool operator()(const Flatten&) const { return true; }
  bool operator()(const Residual& l) const { return takes_images(l.main) || takes_images(l.shortcut); }
};

void append(Network& network, const Network& more) {
  network.layers.insert(network.layers.end(), more.layers.begin(), more.layers.end());
}

}  // namespace

bool operator==(const Network& x, const Network& y) {
  return x.layers == y.layers;
}

std::string to_text(const Layer& layer) {
  return std::visit(Print{}, layer);
}

std::string to_text(const Network& network) {
  std::string text;
  for (const Layer& layer : network.layers) text += (text.empty() ? "" : " ") + to_text(layer);
  return text;
}

Layer formula_dual(const Expr& value) {
  const GivenDual given = given_dual(value, "dual(\"" + to_text(value) + "\")");
  try {
    static_cast<void>(check_positive(given));
  } catch (const NotCertified&) {  // not analytic at 0: nothing is known against it
  }
  return FormulaDual{value, given.derivative};
}

double scale_value(const Expr& scale, std::string_view name) {
  const double value = evaluate(scale, "", 0.0);
  if (!std::isfinite(value)) {
    std::string text = to_text(scale);
    if (text.size() > 40) text = text.substr(0, 20) + "... (" + std::to_string(text.size()) + " characters)";
    throw DomainError(std::string(name) + "=" + text + " is not a finite double");
  }
  return value;
}

Network fully_connected(int depth, const Layer& activation, const Expr& w, const Expr& b) {
  if (depth < 0 || static_cast<std::size_t>(depth) > network_layer_limit / 2 - 1) {
    throw LimitError("fc: depth " + std::to_string(depth) + "; it must be 0 to " +
                     std::to_string(network_layer_limit / 2 - 1));
  }
  Network net;
  for (int i = 0; i < depth; ++i) {
    net.layers.emplace_back(Dense{w, b});
    net.layers.push_back(activation);
  }
  net.layers.emplace_back(Dense{w, b});
  return net;
}

Network myrtle(int layers, const Layer& activation) {
  const int later = layers == 5 ? 1 : layers == 7 ? 2 : 3;
  if (layers != 5 && layers != 7 && layers != 10) {
    throw DomainError("myrtle(" + std::to_string(layers) + "): there are myrtle(5), myrtle(7) and myrtle(10)");
  }
  const Expr w = sqrt(Expr(2));
  Network net;
  for (int block = 0; block < 3; ++block) {
    for (int i = 0; i < (block == 0 ? std::max(2, later) : later); ++i) {
      net.layers.emplace_back(Conv{.size = 3, .w = w});
      net.layers.push_back(activation);
    }
    if (block < 2) net.layers.emplace_back(AveragePool{});
  }
  net.layers.emplace_back(GlobalAveragePool{});
  net.layers.emplace_back(Dense{w, 0});
  return net;
}

Network wide_resnet(int blocks, const Layer& activation, const Expr& w, const Expr& b) {
  if (blocks < 1 || static_cast<std::size_t>(blocks) > network_layer_limit / 20) {
    throw LimitError("resnet: " + std::to_string(blocks) + " blocks a group; it must be 1 to " +
                     std::to_string(network_layer_limit / 20));
  }
  Network net{{Conv{.size = 3, .w = w, .b = b}}};
  for (int group = 0; group < 3; ++group) {
    for (int i = 0; i < blocks; ++i) {
      const int stride = group > 0 && i == 0 ? 2 : 1;
      const Conv first{.size = 3, .stride = stride, .w = w, .b = b};
      const Conv second{.size = 3, .w = w, .b = b};
      Residual block{{{activation, first, activation, second}}, {}};
      if (i == 0) block.shortcut.layers.emplace_back(first);
      net.layers.emplace_back(block);
    }
  }
  append(net, {{GlobalAveragePool{}, Dense{w, b}}});
  return net;
}

bool takes_images(const Network& network) {
  for (const Layer& layer : network.layers) {
    if (std::visit(TakesImages{}, layer)) return true;
  }
  return false;
}

void require_covered(const Network& network) {
  TheoryState state;
  if (takes_images(network)) state.axes = TheoryState::Axes::image;
  require_end(after(network, state));
}

void require_covered(const Network& network, const InputShape& input) {
  TheoryState state;
  state.axes = input.is_image() ? TheoryState::Axes::image : TheoryState::Axes::vector;
  state.sized = input.is_image();
  state.height = input.height;
  state.width = input.width;
  if (!input.is_image() && takes_images(network)) {
    throw ShapeError("the network '" + to_text(network) +
                     "' takes images; the data are points without height and width");
  }
  require_end(after(network, state));
}

}  // namespace nke
