// SPDX-License-Identifier: Apache-2.0
// Text: how does a label say σ(x) or h_n² without anybody escaping anything?
//
// Definition  A Text is a row of runs, each upright, italic, bold, code, raised or lowered. Figures and the HTML page
//             draw the same Text, so a symbol looks alike in a legend and in a sentence.
// Domain      Any bytes. What a user wrote (a name of an activation, a file) enters as a plain string and is shown
//             letter by letter: no run is ever interpreted by Gnuplot or a browser.
// Degenerate  Control characters are shown as spaces, bytes that are not UTF-8 as U+FFFD.
#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace nke::plots {

/// In raised and lowered runs a letter that stands alone is a variable and is set italic.
enum class Face { upright, italic, bold, code, raised, lowered };

struct Run {
  std::string text;
  Face face = Face::upright;
  bool operator==(const Run&) const = default;
};

class Text {
 public:
  Text() = default;
  Text(const char* verbatim) : Text(std::string_view(verbatim)) {}         // NOLINT: a string is a Text
  Text(const std::string& verbatim) : Text(std::string_view(verbatim)) {}  // NOLINT
  Text(std::string_view verbatim, Face face = Face::upright);              // NOLINT

  const std::vector<Run>& runs() const noexcept { return runs_; }
  bool empty() const noexcept { return runs_.empty(); }
  /// The letters alone, for widths, tooltips and prints.
  std::string plain() const;

  Text& operator+=(const Text& more);
  friend Text operator+(Text first, const Text& second) { return first += second; }
  bool operator==(const Text&) const = default;

 private:
  std::vector<Run> runs_;
};

/// Our own sentences: `*italic*`, `**bold**`, `` `code` ``, `^{raised}`, `_{lowered}`; everything else is itself.
/// ParseError if a mark is left open. Never for what a user wrote: join that with + instead.
Text markup(std::string_view sentence);

Text italic(std::string_view verbatim);
Text code(std::string_view verbatim);

/// `text` cut to `letters` letters, the last of them an ellipsis if anything was cut.
std::string shortened(std::string_view text, std::size_t letters);

/// Valid UTF-8 without control characters: what any output format may hold.
std::string printable(std::string_view bytes);

/// A raised or lowered text in upright and italic runs.
std::vector<Run> variables_apart(std::string_view text);

/// Letters (code points), not bytes.
std::size_t letter_count(std::string_view text);

std::ostream& operator<<(std::ostream& out, const Text& text);

}  // namespace nke::plots
