// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <stdlib.h>

#include <nke/exact/real/error.hpp>
#include <nke/plots/render.hpp>
#include <nke/plots/style.hpp>

#include "markup_check.hpp"
#include "support.hpp"

using namespace nke::plots;
namespace fs = std::filesystem;

namespace {

/// A folder for one test, removed after it.
class Scratch {
 public:
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "nke-test-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Scratch() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// For one test, programs are looked for in `folder` only.
class OnlyPath {
 public:
  explicit OnlyPath(const fs::path& folder) : before_(getenv("PATH")) { setenv("PATH", folder.c_str(), 1); }
  ~OnlyPath() { setenv("PATH", before_.c_str(), 1); }

 private:
  std::string before_;
};

void put_program(const fs::path& file, const std::string& script) {
  std::ofstream(file) << "#!/bin/sh\n" << script << '\n';
  fs::permissions(file, fs::perms::owner_all);
}

/// One of each: every mark, guide, scale, and a gap.
Figure everything() {
  const double gap = std::nan("");
  Figure figure{.name = "everything", .title = markup("All of *σ*(*ρ*), *h*_{n}^{2}"), .width = Width::two_columns};
  Panel panel{.title = "first κ", .x = {.label = "x label", .unit = "s"}, .y = {.label = "y label"}};
  panel.series = {
      {.label = "a line", .x = {1, 2, 3, 4}, .y = {1, gap, 3, 4}},
      {.label = "some points", .mark = Mark::points, .x = {1, 2}, .y = {2, 2}, .ink = 1},
      {.label = "both", .mark = Mark::line_points, .x = {1, 2}, .y = {3, 2}, .ink = 2},
      {.label = "a band", .mark = Mark::band, .x = {1, 2, 3, 4}, .lower = {1, 1, gap, 1}, .upper = {2, 3, 3, 3}},
      {.label = "bars", .mark = Mark::error_bars, .x = {2}, .y = {2}, .lower = {1}, .upper = {3}, .ink = 3},
      {.label = "stems", .mark = Mark::stems, .x = {1, 2}, .y = {1, 2}, .ink = 4},
      {.label = "steps", .mark = Mark::steps, .x = {1, 2, 3}, .y = {1, 2, 1}, .ink = 5},
      {.label = "all gaps", .x = {1, 2}, .y = {gap, gap}, .ink = 6}};
  panel.guides = {
      {HorizontalLine{2.5}, "flat"}, {VerticalLine{2.5}, "upright"}, {PowerLaw{-0.5, 1, 3}, markup("∝ *m*^{−1/2}")}};
  panel.annotations = {{.text = "a note", .x = 3, .y = 1.5, .anchor = Anchor::right}};
  figure.panels.push_back(panel);
  panel.title = "second";
  panel.x = {.label = "x", .scale = Scale::log};
  panel.y = {.label = "y", .scale = Scale::log};
  panel.legend = Legend::above;
  figure.panels.push_back(panel);
  return figure;
}

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | static_cast<unsigned char>(bytes.at(at + i));
  return value;
}

}  // namespace

TEST_CASE("an SVG is well formed, complete, and says every label of its figure [fact]") {
  const std::string svg = render(everything(), Format::svg);
  CHECK(svg.starts_with("<?xml"));
  CHECK(svg.find("</svg>") != std::string::npos);
  const auto reading = nke::test::read_markup(svg);
  CHECK(reading.fault == "");
  // In h_n^2 the 2 stands above the n and comes first in the file.
  for (const std::string label :
       {"All of σ(ρ), h2n", "first κ", "second", "x label (s)", "y label", "a line", "some points", "both", "a band",
        "bars", "stems", "steps", "flat", "upright", "∝ m−1/2", "a note"}) {
    CAPTURE(label);
    CHECK(reading.text.find(label) != std::string::npos);
  }
  CHECK(reading.elements.count("title") == 1);
  CHECK(svg.find(style::font_stack) != std::string::npos);
  for (const std::string& reference : reading.references) CHECK(reference.starts_with("#"));
}

TEST_CASE("a PNG has its signature, its end and the size of the style [fact]") {
  const std::string png = render(everything(), Format::png);
  REQUIRE(png.size() > 1000);
  CHECK(png.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  CHECK(png.substr(12, 4) == "IHDR");
  CHECK(big_endian(png, 16) == static_cast<std::uint32_t>(style::two_columns * style::png_scale));
  CHECK(png.substr(png.size() - 8, 4) == "IEND");
}

TEST_CASE("a PDF begins and ends like one [fact]") {
  const std::string pdf = render(everything(), Format::pdf);
  CHECK(pdf.starts_with("%PDF-"));
  CHECK(pdf.find("%%EOF") != std::string::npos);
}

TEST_CASE("the same figure gives the same bytes [law]") {
  CHECK(render(everything(), Format::svg) == render(everything(), Format::svg));
  CHECK(render(everything(), Format::png) == render(everything(), Format::png));
}

TEST_CASE("hostile text is drawn letter by letter and runs nothing [fault]") {
  const Scratch scratch;
  const std::string trap = (scratch.path() / "trap").string();
  const std::vector<std::string> hostile = {"x'; system('touch " + trap + "') #",
                                            "`touch " + trap + "`",
                                            "\"; !touch " + trap,
                                            "x^{2}_n & <b> ~a @x \\",
                                            "a\nset output '" + trap + "'\nb",
                                            "%s %d $1 $x",
                                            "</text></svg><script>alert(1)</script>",
                                            "\\U+0041 \\101 \\n {/:Bold x} {/*9 big}",
                                            "piecewise(x < -1: 0, x^2, otherwise)",
                                            "]]> <!-- &amp;"};
  for (const std::string& text : hostile) {
    CAPTURE(text);
    Figure figure{.name = "hostile", .title = Text(text), .width = Width::two_columns};
    Panel panel{.title = Text(text), .x = {.label = Text(text), .unit = text}, .y = {.label = italic(text)}};
    panel.series = {{.label = Text(text), .x = {0, 1}, .y = {0, 1}}};
    panel.guides = {{HorizontalLine{0.5}, Text("n") + Text(text, Face::lowered) + Text("2", Face::raised)}};
    panel.annotations = {{.text = Text(text), .x = 0.5, .y = 0.5}};
    figure.panels = {panel};
    for (const Legend legend : {Legend::above, Legend::top_left}) {
      figure.panels[0].legend = legend;
      const auto reading = nke::test::read_markup(render(figure, Format::svg));
      CHECK(reading.fault == "");
      CHECK(reading.elements.count("script") == 0);
      CHECK_FALSE(fs::exists(trap));
    }
  }
}

TEST_CASE("what a user wrote reads back from the SVG as he wrote it [law]") {
  for (const std::string text :
       {"x^2*exp(-x_1){a}", "it's \"so\"", "a & b < c > d", "~a@b&c`d`$e%f#g;h", "\\U+0041 \\n"}) {
    CAPTURE(text);
    Figure figure{.name = "mirror", .panels = {{.series = {{.label = Text(text), .x = {0, 1}, .y = {0, 1}}}}}};
    CHECK(nke::test::read_markup(render(figure, Format::svg)).text.find(text) != std::string::npos);
  }
}

TEST_CASE("a missing gnuplot is one clear error that says what to install, and leaves no file [fault]") {
  const Scratch scratch;
  const OnlyPath path(scratch.path());
  const fs::path file = scratch.path() / "figure.svg";
  try {
    write_figure(everything(), file);
    FAIL("drew a figure without gnuplot");
  } catch (const nke::Error& error) {
    CHECK(std::string(error.what()).find("gnuplot-nox") != std::string::npos);
    CHECK(std::string(error.what()).find("No such file") != std::string::npos);
  }
  CHECK(fs::is_empty(scratch.path()));
}

TEST_CASE("a gnuplot that fails, dies or draws nothing is an error that says so [fault]") {
  const struct {
    std::string script;
    std::string said;
  } cases[] = {
      {"PATH='" + std::string(getenv("PATH")) + "'; gnuplot \"$@\"; exit 4", "status 4"},  // draws, and then fails
      {"echo no such terminal; exit 3", "status 3 while drawing figure 'everything': no such terminal"},
      {"kill -9 $$", "signal 9"},
      {"exit 0", "no whole picture"}};
  for (const auto& [script, said] : cases) {
    const Scratch scratch;
    put_program(scratch.path() / "gnuplot", script);
    const OnlyPath path(scratch.path());
    try {
      render(everything(), Format::png);
      FAIL("took a failed run for a picture");
    } catch (const nke::Error& error) {
      CHECK(std::string(error.what()).find(said) != std::string::npos);
    }
  }
}

TEST_CASE("the extension chooses the format, and an unknown one is refused [fault]") {
  const Scratch scratch;
  for (const char* name : {"a.svg", "a.png", "a.pdf"}) {
    write_figure(everything(), scratch.path() / name);
    CHECK(fs::file_size(scratch.path() / name) > 1000);
  }
  CHECK_THROWS_AS(write_figure(everything(), scratch.path() / "a.jpg"), nke::DomainError);
  CHECK_THROWS_AS(write_figure(everything(), scratch.path() / "nowhere" / "a.svg"), nke::DataError);
}
