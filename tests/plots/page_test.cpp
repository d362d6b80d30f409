// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <set>

#include <nke/exact/real/error.hpp>
#include <nke/plots/page.hpp>
#include <nke/plots/svg.hpp>

#include "markup_check.hpp"
#include "support.hpp"

using namespace nke::plots;

namespace {

/// Small, with everything that clashes when two pictures share a page.
const std::string picture =
    "<?xml version=\"1.0\"?>\n<svg \n width=\"420\" height=\"300\" xmlns=\"http://www.w3.org/2000/svg\" "
    "xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n<title>t</title>\n<defs><circle id='dot' r='1'/>\t<use "
    "xlink:href='#dot' id=\"twice\"/></defs><path fill='url(#dot)' d='M0,0'/><g id=\"plot\"></g></svg>\n";

Page page_of_everything(const std::string& text) {
  Page page{.title = Text("Report on ") + code(text), .lead = Text(text), .footer = Text(text)};
  page.add(Heading{Text(text)}).add(Subheading{Text(text)}).add(Paragraph{Text(text)}).add(Formula{italic(text)});
  page.add(CodeBlock{text}).add(Facts{{{Text(text), Text(text)}}});
  page.add(TableBlock{.caption = Text(text), .columns = {{Text(text)}, {"n", true}}, .rows = {{Text(text), "1"}}});
  const Drawing drawn{.svg = picture, .name = "first", .caption = Text(text), .command = text, .alternative = text};
  Drawing again = drawn;
  again.name = "second";
  page.add(DrawingRow{{drawn, again}});
  page.add(Heading{"More"}).add(Details{Text(text), {Block{Paragraph{Text(text)}}, Block{CodeBlock{"one\ntwo"}}}});
  return page;
}

const std::set<std::string> void_elements = {"meta"};

std::size_t count(const std::string& where, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = where.find(what); at != std::string::npos; at = where.find(what, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("a page is well formed and says everything it was given [fact]") {
  const std::string text = "x^2 * Phi(x)";
  const auto reading = nke::test::read_markup(to_html(page_of_everything(text)), void_elements);
  CHECK(reading.fault == "");
  // Title twice (tab and page), lead, footer, heading and its line of contents, subheading, paragraph, formula, code,
  // two of a fact, three of the table, caption and command of two figures, summary and one paragraph folded away.
  CHECK(count(reading.text, text) == 21);
  CHECK(reading.text.find("one\ntwo") != std::string::npos);
  CHECK(reading.text.find("Figure 2.") != std::string::npos);
  CHECK(reading.text.find("Table 1.") != std::string::npos);
}

TEST_CASE("whatever a user wrote is shown and obeyed nowhere [fault]") {
  for (const std::string text : {"<script>alert(1)</script>", "\"><img src=\"http://evil.example/x\">", "' onload='x",
                                 "a & b", "</style></title></svg>", "<!-- -->", "&lt;"}) {
    CAPTURE(text);
    const auto reading = nke::test::read_markup(to_html(page_of_everything(text)), void_elements);
    CHECK(reading.fault == "");
    CHECK(count(reading.text, text) == 21);
    CHECK(reading.elements.count("script") == 0);
    CHECK(reading.elements.count("img") == 0);
  }
}

TEST_CASE("a page loads nothing: no address but the names of namespaces, every reference inside it [law]") {
  const std::string html = to_html(page_of_everything("gelu"));
  const auto reading = nke::test::read_markup(html, void_elements);
  CHECK(count(html, "http") == 2 * 2 + 1);  // two namespaces in each picture, and the word http-equiv
  CHECK(html.find("@import") == std::string::npos);
  CHECK(html.find("default-src 'none'") != std::string::npos);
  CHECK(reading.elements.count("link") == 0);
  const std::set<std::string> ids(reading.ids.begin(), reading.ids.end());
  CHECK(ids.size() == reading.ids.size());  // pictures brought the same names
  REQUIRE_FALSE(reading.references.empty());
  for (const std::string& reference : reading.references) {
    CAPTURE(reference);
    REQUIRE(reference.starts_with("#"));
    CHECK(ids.contains(reference.substr(1)));
  }
}

TEST_CASE("a table row of another length than its header is a ShapeError that names the row [fault]") {
  Page page;
  page.add(TableBlock{.caption = "errors", .columns = {{"a"}, {"b"}}, .rows = {{"1", "2"}, {"1"}}});
  CHECK_THROWS_WITH_AS(to_html(page), "table 'errors': row 2 has 1 cells under 2 columns", nke::ShapeError);
}

TEST_CASE("a drawing speaks for its figure to those who cannot see it [fact]") {
  const Figure figure{
      .name = "dual", .title = "Dual of gelu", .caption = markup("The dual *K*."), .command = "nke dual gelu"};
  const Drawing drawn = drawing(figure, picture);
  CHECK(drawn.name == "dual");
  CHECK(drawn.alternative == "Dual of gelu. The dual K.");
  CHECK(drawn.command == "nke dual gelu");
  Page page;
  page.add(DrawingRow{{drawn}});
  CHECK(to_html(page).find("aria-label=\"Dual of gelu. The dual K.\"") != std::string::npos);
}

TEST_CASE("names inside a page's pictures are changed in tags only, never in what is written [fault]") {
  const std::string letters = " id='dot' href=\"#dot\" url(#dot) > ";
  const std::string inlined =
      inlined_svg("<?xml?><svg><g id='dot'/><text>" + letters + "</text></svg>", "f1-", "label");
  CHECK(inlined.find(letters) != std::string::npos);
  CHECK(inlined.find("<g id='f1-dot'/>") != std::string::npos);
  CHECK(inlined.starts_with("<svg role=\"img\" aria-label=\"label\">"));
}

TEST_CASE("an SVG gets its title and its fonts, and its width is known [fact]") {
  const std::string finished = finished_svg(
      "<svg width=\"420\"><title>Gnuplot</title><g><title>curve</title><text "
      "font-family=\"DejaVu Sans\">x</text></g></svg>",
      "a < b");
  const auto reading = nke::test::read_markup(finished);
  CHECK(reading.fault == "");
  CHECK(reading.text == "\na < bx");
  CHECK(finished.find("DejaVu Sans, Verdana") != std::string::npos);
  CHECK(svg_width(finished) == 420);
  CHECK(svg_width("<svg><rect width=\"3\"/></svg>") == 0);
}
