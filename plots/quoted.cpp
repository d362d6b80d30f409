// SPDX-License-Identifier: Apache-2.0
#include <nke/plots/quoted.hpp>

namespace nke::plots {

namespace {

/// Letters that mean something inside Gnuplot's enhanced text are said with a backslash; the quote that would end the
/// string is doubled. Commands in backquotes and macros are not expanded inside single quotes.
std::string escaped(const std::string& letters) {
  const std::string clean = printable(letters);
  std::string safe;
  for (const char c : clean) {
    if (c == '\'') {
      safe += "''";
    } else if (std::string_view("{}^_@&~\\").find(c) != std::string_view::npos) {
      safe += '\\';
      safe += c;
      if (c == '\\') safe += "{}";  // or \U+ would be read on as the number of a letter
    } else {
      safe += c;
    }
  }
  return safe;
}

/// A raised (^) or lowered (_) run.
std::string small(char sign, const Run& run) {
  std::string inner;
  for (const Run& part : variables_apart(run.text)) {
    const std::string letters = escaped(part.text);
    inner += part.face == Face::italic ? "{/:Italic " + letters + "}" : letters;
  }
  return std::string(1, sign) + "{" + inner + "}";
}

}  // namespace

std::string quoted(const Text& text) {
  std::string inner;
  const auto& runs = text.runs();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Run& run = runs[i];
    switch (run.face) {
      case Face::upright:
      case Face::code: inner += escaped(run.text); break;  // a second family of letters would only be noise in a figure
      case Face::italic: inner += "{/:Italic " + escaped(run.text) + "}"; break;
      case Face::bold: inner += "{/:Bold " + escaped(run.text) + "}"; break;
      case Face::raised: inner += small('^', run); break;
      case Face::lowered: {
        if (i + 1 == runs.size() || runs[i + 1].face != Face::raised) {
          inner += small('_', run);
          break;
        }
        // h_n², one above the other: after @ a text takes no room, so the longer of the two comes second.
        const Run& above = runs[++i];
        const bool above_is_longer = letter_count(above.text) > letter_count(run.text);
        inner += '@';
        inner += above_is_longer ? small('_', run) + small('^', above) : small('^', above) + small('_', run);
        break;
      }
    }
  }
  return "'" + inner + "'";
}

}  // namespace nke::plots
