// SPDX-License-Identifier: Apache-2.0
// Page: a report as one HTML file that a person reads, prints and mails.
//
// Definition  A title and blocks: headings, sentences, facts, tables, figures, code, and folded sections of more
//             blocks. Style and pictures are inside the file; it loads nothing and runs nothing.
// Domain      Text is shown as written. The SVG of a drawing is trusted: it must come from render().
// Degenerate  A table whose rows differ in length from its header is a ShapeError.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <nke/plots/figure.hpp>
#include <nke/plots/text.hpp>

namespace nke::plots {

/// A section's title; it gets an anchor and a line in the table of contents.
struct Heading {
  Text text = {};
};
struct Subheading {
  Text text = {};
};
struct Paragraph {
  Text text = {};
};
/// A formula on a line of its own.
struct Formula {
  Text text = {};
};
struct CodeBlock {
  std::string text = {};
};
struct Fact {
  Text name = {};
  Text value = {};
};
struct Facts {
  std::vector<Fact> facts = {};
};
/// Columns of numbers are set flush right in tabular figures; `number` says which they are.
struct Column {
  Text title = {};
  bool number = false;
};
struct TableBlock {
  Text caption = {};
  std::vector<Column> columns = {};
  std::vector<std::vector<Text>> rows = {};
};
/// One picture: `svg` as render() made it.
struct Drawing {
  std::string svg = {};
  std::string name = {};  // its anchor
  Text caption = {};
  std::string command = {};
  std::string alternative = {};  // what a screen reader says
};
/// The drawing of `figure`, with its caption, its command and a plain-text alternative.
Drawing drawing(const Figure& figure, std::string svg);

/// Pictures side by side where the window is wide enough.
struct DrawingRow {
  std::vector<Drawing> drawings = {};
};
struct Block;
/// Folded away until asked for; unfolded on paper by browsers that can.
struct Details {
  Text summary = {};
  std::vector<Block> blocks;
};
struct Block {
  std::variant<Heading, Subheading, Paragraph, Formula, CodeBlock, Facts, TableBlock, DrawingRow, Details> kind = {};
};

struct Page {
  Text title = {};
  Text lead = {};    // one or two sentences under the title
  Text footer = {};  // where it came from: version, command, seed
  std::vector<Block> blocks = {};

  template <class Kind>
  Page& add(Kind kind) {
    blocks.emplace_back().kind.template emplace<Kind>(std::move(kind));
    return *this;
  }
};

std::string to_html(const Page& page);

/// Writes the page, whole or not at all.
void write_page(const Page& page, const std::filesystem::path& file);

}  // namespace nke::plots
