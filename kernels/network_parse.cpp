// SPDX-License-Identifier: Apache-2.0
// The text of a network. Words are separated by blanks; a word may have arguments in parentheses, separated by commas.
#include <algorithm>
#include <array>

#include <nke/exact/activation/named.hpp>
#include <nke/exact/dual/given_dual.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/kernels/network.hpp>

#include "theory.hpp"

namespace nke {
namespace {

constexpr std::size_t text_limit = 64 * 1024;
constexpr std::string_view named_dual_word = "exp_normalized";
constexpr std::array<std::string_view, 13> layer_words = {"dense",   "conv",      "avgpool",      "sumpool", "gap",
                                                          "flatten", "layernorm", "residual",     "dual",    "fc",
                                                          "myrtle",  "resnet",    named_dual_word};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// Without the place in an inner text: it is shown in the whole one.
std::string first_line(const std::string& text) {
  const std::string line = text.substr(0, text.find('\n'));
  return line.substr(0, line.rfind(" (at character "));
}

struct Argument {
  std::string_view key;  // empty if positional
  std::string_view value;
  std::size_t position;
};

class Parser {
 public:
  explicit Parser(std::string_view source) : source_(source) {}

  Network whole() {
    if (source_.size() > text_limit) throw LimitError("a network's text is limited to 64 KiB");
    TheoryState state;
    Network net = layers(state, 0);
    if (!at_end()) fail("a layer was expected", next_);
    checked(last_, [&] {
      if (takes_images(net) && state.axes == TheoryState::Axes::undecided) state.axes = TheoryState::Axes::image;
      require_end(state);
    });
    return net;
  }

 private:
  [[noreturn]] void fail(const std::string& message, std::size_t position) const {
    throw ParseError(message, std::string(source_), position);
  }

  // What the theory or an inner language refuses is shown in this text.
  template <class Work>
  auto checked(std::size_t position, const Work& work) const -> decltype(work()) {
    try {
      return work();
    } catch (const ParseError& error) {
      fail(first_line(error.what()), position + error.position());
    } catch (const LimitError&) {
      throw;
    } catch (const Error& error) {
      fail(first_line(error.what()), position);
    }
  }

  bool at_end() const { return next_ >= source_.size(); }
  char peek() const { return at_end() ? '\0' : source_[next_]; }
  void skip_blanks() {
    while (!at_end() && is_blank(source_[next_])) ++next_;
  }

  // Layers up to the end, a comma or a closing parenthesis.
  Network layers(TheoryState& state, int depth) {
    if (depth > network_nesting_limit) fail("residual blocks are nested more than 50 deep", next_);
    Network net;
    for (skip_blanks(); !at_end() && peek() != ',' && peek() != ')'; skip_blanks()) {
      last_ = next_;
      const std::size_t begin = next_;
      const Network more = word(state, depth);
      count_ += more.layers.size();
      if (count_ > network_layer_limit) {
        throw LimitError("a network is limited to " + std::to_string(network_layer_limit) + " layers");
      }
      if (!(more.layers.size() == 1 && std::holds_alternative<Residual>(more.layers.front()))) {
        checked(begin, [&] { state = after(more, state); });
      }
      net.layers.insert(net.layers.end(), more.layers.begin(), more.layers.end());
      if (!at_end() && !is_blank(peek()) && peek() != ',' && peek() != ')') {
        fail("a blank was expected between layers", next_);
      }
    }
    return net;
  }

  Network word(TheoryState& state, int depth) {
    const std::size_t begin = next_;
    if (peek() == '"') return {{nonlinearity(quoted(), begin)}};
    while (!at_end() && is_word(source_[next_])) ++next_;
    if (next_ == begin) fail("a layer was expected", begin);
    const std::string_view name = source_.substr(begin, next_ - begin);
    if (name == "residual") return {{residual(state, depth, begin)}};
    const std::vector<Argument> arguments = peek() == '(' ? take_arguments() : std::vector<Argument>{};
    if (name == "dense") return {{dense(arguments)}};
    if (name == "conv") return {{conv(arguments, begin)}};
    if (name == "avgpool") return {{pool<AveragePool>(arguments)}};
    if (name == "sumpool") return {{pool<SumPool>(arguments)}};
    if (name == "gap") return {{plain(GlobalAveragePool{}, name, arguments)}};
    if (name == "flatten") return {{plain(Flatten{}, name, arguments)}};
    if (name == "layernorm") return {{plain(LayerNorm{}, name, arguments)}};
    if (name == "dual") return {{dual(arguments, begin)}};
    if (name == named_dual_word) return {{named_dual(source_.substr(begin, next_ - begin), begin)}};
    if (name == "fc") return fc(arguments, begin);
    if (name == "myrtle") return numbered(arguments, begin, "myrtle(5, relu)", false);
    if (name == "resnet") return numbered(arguments, begin, "resnet(2, relu)", true);
    return {{nonlinearity(source_.substr(begin, next_ - begin), begin)}};
  }

  // The text with its quotes.
  std::string_view quoted() {
    const std::size_t begin = next_;
    const std::size_t end = source_.find('"', begin + 1);
    if (end == std::string_view::npos) fail("the quote is never closed", begin);
    next_ = end + 1;
    return source_.substr(begin, next_ - begin);
  }

  Layer residual(TheoryState& state, int depth, std::size_t begin) {
    if (peek() != '(') fail("residual needs its branches: residual(MAIN) or residual(MAIN, SHORTCUT)", next_);
    ++next_;
    TheoryState main_state = state, shortcut_state = state;
    main_state.weights = shortcut_state.weights = false;
    Residual block;
    block.main = layers(main_state, depth + 1);
    if (peek() == ',') {
      ++next_;
      block.shortcut = layers(shortcut_state, depth + 1);
    }
    if (peek() != ')') fail(at_end() ? "the parenthesis is never closed" : "residual has at most two branches", next_);
    ++next_;
    checked(begin, [&] { state = joined(main_state, shortcut_state); });
    return block;
  }

  // (value, key=value, …): parentheses and quotes may be nested in a value.
  std::vector<Argument> take_arguments() {
    const std::size_t open = next_++;
    std::vector<Argument> found;
    for (;;) {
      skip_blanks();
      const std::size_t begin = next_;
      int depth = 0;
      while (!at_end() && !(depth == 0 && (peek() == ',' || peek() == ')'))) {
        if (peek() == '"') {
          quoted();
          continue;
        }
        depth += peek() == '(' ? 1 : peek() == ')' ? -1 : 0;
        ++next_;
      }
      if (at_end()) fail("the parenthesis is never closed", open);
      std::size_t end = next_;
      while (end > begin && is_blank(source_[end - 1])) --end;
      const Argument next = argument(begin, end);
      for (const Argument& a : found) {
        if (!a.key.empty() && a.key == next.key) fail("'" + std::string(a.key) + "' is given twice", begin);
      }
      found.push_back(next);
      if (source_[next_++] == ')') return found;
    }
  }

  Argument argument(std::size_t begin, std::size_t end) const {
    std::size_t key_end = begin;
    while (key_end < end && is_word(source_[key_end])) ++key_end;
    std::size_t equals = key_end;
    while (equals < end && is_blank(source_[equals])) ++equals;
    if (equals < end && key_end > begin && source_[equals] == '=') {
      std::size_t value = equals + 1;
      while (value < end && is_blank(source_[value])) ++value;
      if (value == end) fail("a value was expected", end);
      return {source_.substr(begin, key_end - begin), source_.substr(value, end - value), value};
    }
    if (begin == end) fail("an argument was expected", begin);
    return {{}, source_.substr(begin, end - begin), begin};
  }

  Layer nonlinearity(std::string_view text, std::size_t begin) const {
    const bool expression = text.front() == '"';
    return checked(begin + (expression ? 1 : 0), [&] {
      const std::string_view word = text.substr(0, text.find('('));
      if (!expression && find_named_activation(word) == nullptr) refuse_word(word, begin);
      return activation_layer(text);
    });
  }

  [[noreturn]] void refuse_word(std::string_view word, std::size_t begin) const {
    std::string_view near = nearest_name(word, {layer_words.begin(), layer_words.end()});
    if (near.empty()) near = nearest_activation_name(word);
    std::string message = "'" + std::string(word) + "' is neither a layer nor an activation";
    message += near.empty() ? "." : "; did you mean '" + std::string(near) + "'?";
    throw ParseError(message + " An expression goes in quotes: \"x*Phi(x)\"", std::string(source_.substr(begin)), 0);
  }

  [[noreturn]] void unknown(const Argument& a, const char* allowed) const {
    const std::size_t at = a.key.empty() ? a.position : static_cast<std::size_t>(a.key.data() - source_.data());
    fail("'" + std::string(a.key.empty() ? a.value : a.key) + "' is no argument here; there are " + allowed, at);
  }

  int integer(const Argument& a) const {
    int value = 0;
    for (const char c : a.value) {
      if (c < '0' || c > '9' || value > network_window_limit) {
        fail("'" + std::string(a.value) + "' is not a number from 0 to " + std::to_string(network_window_limit),
             a.position);
      }
      value = 10 * value + (c - '0');
    }
    return value;
  }

  Expr scale(const Argument& a) const {
    return checked(a.position, [&] {
      const Expr value = parse_expression(a.value, {.symbols = std::vector<std::string>{}});
      scale_value(value, a.key);
      return value;
    });
  }

  Padding padding(const Argument& a) const {
    if (a.value == "SAME") return Padding::same;
    if (a.value == "VALID") return Padding::valid;
    if (a.value == "CIRCULAR") return Padding::circular;
    fail("padding is SAME, VALID or CIRCULAR", a.position);
  }

  bool take_scale(const Argument& a, Expr& w, Expr& b) const {
    if (a.key == "w") w = scale(a);
    if (a.key == "b") b = scale(a);
    return a.key == "w" || a.key == "b";
  }

  Layer dense(const std::vector<Argument>& arguments) const {
    Dense layer;
    for (const Argument& a : arguments) {
      if (!take_scale(a, layer.w, layer.b)) unknown(a, "w and b");
    }
    return layer;
  }

  Layer conv(const std::vector<Argument>& arguments, std::size_t begin) const {
    Conv layer;
    if (arguments.empty() || !arguments.front().key.empty()) fail("conv needs its window: conv(3)", begin);
    for (const Argument& a : arguments) {
      if (&a == &arguments.front()) {
        layer.size = integer(a);
      } else if (a.key == "stride") {
        layer.stride = integer(a);
      } else if (a.key == "padding") {
        layer.padding = padding(a);
      } else if (!take_scale(a, layer.w, layer.b)) {
        unknown(a, "a window, stride, padding, w and b");
      }
    }
    return layer;
  }

  template <class Pool>
  Layer pool(const std::vector<Argument>& arguments) const {
    Pool layer;
    bool own_stride = false;
    for (const Argument& a : arguments) {
      if (a.key.empty() && &a == &arguments.front()) {
        layer.size = integer(a);
      } else if (a.key == "stride") {
        layer.stride = integer(a);
        own_stride = true;
      } else if (a.key == "padding") {
        layer.padding = padding(a);
      } else {
        unknown(a, "a window, stride and padding");
      }
    }
    if (!own_stride) layer.stride = layer.size;
    return layer;
  }

  Layer plain(Layer layer, std::string_view name, const std::vector<Argument>& arguments) const {
    if (!arguments.empty()) fail(std::string(name) + " has no arguments", arguments.front().position);
    return layer;
  }

  Layer dual(const std::vector<Argument>& arguments, std::size_t begin) const {
    if (arguments.size() != 1 || arguments[0].value.size() < 2 || arguments[0].value.front() != '"') {
      fail("dual needs a formula in a, b, c in quotes: dual(\"sqrt(a*b)*exp(c/sqrt(a*b)-1)\")", begin);
    }
    const std::string_view text = arguments[0].value.substr(1, arguments[0].value.size() - 2);
    return checked(arguments[0].position + 1, [&] {
      return formula_dual(parse_expression(text, {.symbols = std::vector<std::string>{"a", "b", "c"}}));
    });
  }

  // exp_normalized(gamma, shift): a dual with a name.
  Layer named_dual(std::string_view text, std::size_t begin) const {
    return checked(begin, [&] {
      const std::optional<GivenDual> given = read_given_dual(text);
      if (!given) throw DomainError(std::string(named_dual_word) + " has parameters gamma and shift, or none");
      return formula_dual(given->value);
    });
  }

  Network fc(const std::vector<Argument>& arguments, std::size_t begin) const {
    int depth = -1;
    std::optional<Layer> sigma;
    Expr w = 1, b = 0;
    for (const Argument& a : arguments) {
      if (a.key == "depth") {
        depth = integer(a);
      } else if (a.key.empty() && !sigma) {
        sigma = argument_layer(a);
      } else if (!take_scale(a, w, b)) {
        unknown(a, "depth, one activation, w and b");
      }
    }
    if (depth < 0 || !sigma) fail("fc needs a depth and an activation: fc(depth=3, gelu)", begin);
    return fully_connected(depth, *sigma, w, b);
  }

  Network numbered(const std::vector<Argument>& arguments, std::size_t begin, const char* example, bool scales) const {
    int number = -1;
    std::optional<Layer> sigma;
    Expr w = 1, b = 0;
    for (const Argument& a : arguments) {
      if (a.key.empty() && number < 0) {
        number = integer(a);
      } else if (a.key.empty() && !sigma) {
        sigma = argument_layer(a);
      } else if (!scales || !take_scale(a, w, b)) {
        unknown(a, scales ? "a number, one activation, w and b" : "a number and one activation");
      }
    }
    if (number < 0) fail(std::string("a number is missing, as in ") + example, begin);
    if (!sigma) sigma = activation_layer("relu");
    return checked(begin, [&] { return scales ? wide_resnet(number, *sigma, w, b) : myrtle(number, *sigma); });
  }

  // An activation or dual("…") as an argument.
  Layer argument_layer(const Argument& a) const {
    if (a.value.starts_with("dual(") && a.value.back() == ')') {
      std::string_view inner = a.value.substr(5, a.value.size() - 6);
      return dual({{{}, inner, a.position + 5}}, a.position);
    }
    if (a.value.substr(0, a.value.find('(')) == named_dual_word) return named_dual(a.value, a.position);
    return nonlinearity(a.value, a.position);
  }

  std::string_view source_;
  std::size_t next_ = 0;
  std::size_t last_ = 0;  // where the last layer begins
  std::size_t count_ = 0;
};

}  // namespace

Layer activation_layer(std::string_view text) {
  const bool in_quotes = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  const std::string_view bare = in_quotes ? text.substr(1, text.size() - 2) : text;
  const std::string_view word = bare.substr(0, bare.find('('));
  Nonlinearity layer{activation(bare), std::string(text)};
  if (!in_quotes && find_named_activation(word) == nullptr) layer.text = "\"" + std::string(bare) + "\"";
  return layer;
}

Network network(std::string_view text) {
  return Parser(text).whole();
}

}  // namespace nke
