// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nke/data/atomic_file.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/plots/html.hpp>
#include <nke/plots/page.hpp>
#include <nke/plots/svg.hpp>

namespace nke::plots {

namespace {

/// Escaped text whose line breaks count.
std::string lines(const std::string& text) {
  std::string html;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    html += escaped_html(std::string_view(text).substr(begin, end - begin));
    if (end < text.size()) html += '\n';
    begin = end + 1;
  }
  return html;
}

/// Writes blocks in their order, numbering sections, figures and tables as it meets them.
class Writer {
 public:
  void write(const std::vector<Block>& blocks) {
    for (const Block& block : blocks) std::visit([this](const auto& kind) { write(kind); }, block.kind);
  }
  const std::string& html() const { return html_; }
  const std::string& contents() const { return contents_; }
  int sections() const { return sections_; }

 private:
  void write(const Heading& heading) {
    const std::string text = to_html(heading.text);
    ++sections_;
    html_ += fmt::format("<h2 id=\"section-{}\">{}</h2>\n", sections_, text);
    contents_ += fmt::format("<li><a href=\"#section-{}\">{}</a></li>\n", sections_, text);
  }
  void write(const Subheading& heading) { html_ += "<h3>" + to_html(heading.text) + "</h3>\n"; }
  void write(const Paragraph& paragraph) { html_ += "<p>" + to_html(paragraph.text) + "</p>\n"; }
  void write(const Formula& formula) { html_ += "<p class=\"formula\">" + to_html(formula.text) + "</p>\n"; }
  void write(const CodeBlock& block) { html_ += "<pre><code>" + lines(block.text) + "</code></pre>\n"; }
  void write(const Facts& facts) {
    html_ += "<dl class=\"facts\">\n";
    for (const Fact& fact : facts.facts) {
      html_ += "<div><dt>" + to_html(fact.name) + "</dt><dd>" + to_html(fact.value) + "</dd></div>\n";
    }
    html_ += "</dl>\n";
  }
  void write(const TableBlock& table) {
    html_ += "<div class=\"wide\"><table>\n";
    if (!table.caption.empty()) {
      html_ += fmt::format("<caption><b>Table {}.</b> {}</caption>\n", ++tables_, to_html(table.caption));
    }
    html_ += "<thead><tr>";
    for (const Column& column : table.columns) html_ += cell("th", column, column.title);
    html_ += "</tr></thead>\n<tbody>\n";
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      const auto& row = table.rows[r];
      if (row.size() != table.columns.size()) {
        throw ShapeError(fmt::format("table '{}': row {} has {} cells under {} columns", table.caption.plain(), r + 1,
                                     row.size(), table.columns.size()));
      }
      html_ += "<tr>";
      for (std::size_t c = 0; c < row.size(); ++c) html_ += cell("td", table.columns[c], row[c]);
      html_ += "</tr>\n";
    }
    html_ += "</tbody></table></div>\n";
  }
  void write(const DrawingRow& row) {
    html_ += row.drawings.size() > 1 ? "<div class=\"drawings\">\n" : "<div>\n";
    for (const Drawing& drawing : row.drawings) write(drawing);
    html_ += "</div>\n";
  }
  void write(const Drawing& drawing) {
    ++figures_;
    const std::string anchor = drawing.name.empty() ? fmt::format("figure-{}", figures_) : escaped_html(drawing.name);
    const std::string picture = inlined_svg(drawing.svg, fmt::format("f{}-", figures_), drawing.alternative);
    const double widest = 1.3 * svg_width(drawing.svg);  // a small figure alone in its row stays a small figure
    html_ += fmt::format("<figure id=\"{}\">\n<div class=\"paper\"><div{}>{}</div></div>\n", anchor,
                         widest > 0 ? fmt::format(" style=\"max-width:{:.0f}px\"", widest) : "", picture);
    html_ += fmt::format("<figcaption><b>Figure {}.</b> {}", figures_, to_html(drawing.caption));
    if (!drawing.command.empty()) html_ += "<code class=\"command\">" + escaped_html(drawing.command) + "</code>";
    html_ += "</figcaption>\n</figure>\n";
  }
  void write(const Details& details) {
    html_ += "<details><summary>" + to_html(details.summary) + "</summary>\n";
    write(details.blocks);
    html_ += "</details>\n";
  }

  static std::string cell(const char* tag, const Column& column, const Text& text) {
    return fmt::format("<{0}{1}>{2}</{0}>", tag, column.number ? " class=\"number\"" : "", to_html(text));
  }

  std::string html_, contents_;
  int sections_ = 0, figures_ = 0, tables_ = 0;
};

}  // namespace

Drawing drawing(const Figure& figure, std::string svg) {
  std::string alternative = figure.title.plain();
  if (!figure.caption.empty()) alternative += (alternative.empty() ? "" : ". ") + figure.caption.plain();
  return {.svg = std::move(svg),
          .name = figure.name,
          .caption = figure.caption,
          .command = figure.command,
          .alternative = std::move(alternative)};
}

std::string to_html(const Page& page) {
  Writer body;
  body.write(page.blocks);
  std::string html = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
  html += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  // Belt and braces: even if something slipped through the escaping, it could neither load nor run anything.
  html += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n";
  html += "<title>" + escaped_html(page.title.plain()) + "</title>\n<style>\n";
  html += page_style();
  html += "</style>\n</head>\n<body>\n<main>\n<header>\n<h1>" + to_html(page.title) + "</h1>\n";
  if (!page.lead.empty()) html += "<p class=\"lead\">" + to_html(page.lead) + "</p>\n";
  html += "</header>\n";
  if (body.sections() > 1) html += "<nav aria-label=\"Contents\"><ol>\n" + body.contents() + "</ol></nav>\n";
  html += body.html();
  if (!page.footer.empty()) html += "<footer><p>" + to_html(page.footer) + "</p></footer>\n";
  return html + "</main>\n</body>\n</html>\n";
}

void write_page(const Page& page, const std::filesystem::path& file) {
  write_file_atomically(file, to_html(page));
}

}  // namespace nke::plots
