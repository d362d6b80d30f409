// SPDX-License-Identifier: Apache-2.0
#include <random>

#include <nke/exact/real/error.hpp>
#include <nke/plots/html.hpp>
#include <nke/plots/quoted.hpp>
#include <nke/plots/text.hpp>

#include "support.hpp"

using namespace nke::plots;

TEST_CASE("marks of our own sentences become faces, and what a user wrote does not [fact]") {
  const Text text = markup("norm *h*_{n}^{2} of `x^2`, **now**") + Text(" *a*_{b}");
  const std::vector<Run> runs = {{"norm ", Face::upright}, {"h", Face::italic},     {"n", Face::lowered},
                                 {"2", Face::raised},      {" of ", Face::upright}, {"x^2", Face::code},
                                 {", ", Face::upright},    {"now", Face::bold},     {" *a*_{b}", Face::upright}};
  CHECK(text.runs() == runs);
  CHECK(text.plain() == "norm hn2 of x^2, now *a*_{b}");
  CHECK_THROWS_AS(markup("an *open mark"), nke::ParseError);
}

TEST_CASE("a text has one form: runs of one face join, empty runs vanish [law]") {
  CHECK(Text("ab") == Text("a") + Text("b"));
  CHECK(Text("a") + Text("") == Text("a"));
  CHECK(italic("").empty());
  Text twice("ab");
  twice += twice;
  CHECK(twice == Text("abab"));
}

TEST_CASE("printable text is UTF-8 without control characters, whatever the bytes were [law]") {
  CHECK(printable("σ(ρ) ≤ 1") == "σ(ρ) ≤ 1");
  CHECK(printable("a\nb\tc\x01\x7F") == "a b c  ");
  CHECK(printable("\xC0\xAF") == "\uFFFD\uFFFD");            // an overlong slash
  CHECK(printable("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");  // a surrogate
  CHECK(printable("x\xCF") == "x\uFFFD");                    // cut in the middle
  CHECK(printable("\xF4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  for (int i = 0; i < nke::test::iterations(2000); ++i) {
    std::string bytes(random() % 20, ' ');
    for (char& c : bytes) c = static_cast<char>(random() & 0xFF);
    const std::string clean = printable(bytes);
    CHECK(printable(clean) == clean);
    for (const char c : clean) CHECK(static_cast<unsigned char>(c) >= 0x20);
  }
}

TEST_CASE("a long text is cut at letters, never inside one [fact]") {
  CHECK(shortened("σρκ", 3) == "σρκ");
  CHECK(shortened("σρκλ", 3) == "σρ…");
  CHECK(letter_count("σρ…") == 3);
}

TEST_CASE("HTML shows hostile letters and obeys none [fault]") {
  CHECK(escaped_html("<script>&\"'") == "&lt;script&gt;&amp;&quot;&#39;");
  CHECK(to_html(Text("</style><img src=x>") + italic("<b>")) == "&lt;/style&gt;&lt;img src=x&gt;<i>&lt;b&gt;</i>");
  CHECK(to_html(markup("*h*_{n}^{2}")) == "<i>h</i><sub><i>n</i></sub><sup>2</sup>");
  CHECK(to_html(markup("*x*_{max}")) == "<i>x</i><sub>max</sub>");
}

TEST_CASE("a Gnuplot string cannot be left from inside, whatever is written in it [law]") {
  CHECK(quoted("x^2 y_1") == "'x\\^2 y\\_1'");
  CHECK(quoted("it's") == "'it''s'");
  CHECK(quoted(markup("*h*_{n}^{2}")) == "'{/:Italic h}@^{2}_{{/:Italic n}}'");
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  const std::string hostile = "'\"\\{}^_@&~`$%\n;#!a ";
  for (int i = 0; i < nke::test::iterations(2000); ++i) {
    std::string bytes(random() % 12, ' ');
    for (char& c : bytes) c = hostile[random() % hostile.size()];
    const std::string string = quoted(bytes);
    CAPTURE(string);
    REQUIRE(string.size() >= 2);
    // Between the outer quotes there are only pairs of quotes, and no line ends.
    const std::string inner = string.substr(1, string.size() - 2);
    for (std::size_t at = inner.find('\''); at != std::string::npos; at = inner.find('\'', at + 2)) {
      REQUIRE(at + 1 < inner.size());
      CHECK(inner[at + 1] == '\'');
    }
    CHECK(string.find('\n') == std::string::npos);
  }
}
