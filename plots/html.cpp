// SPDX-License-Identifier: Apache-2.0
#include <nke/plots/html.hpp>

namespace nke::plots {

std::string escaped_html(std::string_view letters) {
  std::string safe;
  for (const char c : printable(letters)) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += c;
    }
  }
  return safe;
}

namespace {

std::string small(const std::string& tag, const std::string& text) {
  std::string html = "<" + tag + ">";
  for (const Run& run : variables_apart(text)) {
    const std::string letters = escaped_html(run.text);
    html += run.face == Face::italic ? "<i>" + letters + "</i>" : letters;
  }
  return html + "</" + tag + ">";
}

}  // namespace

std::string to_html(const Text& text) {
  std::string html;
  for (const Run& run : text.runs()) {
    const std::string letters = escaped_html(run.text);
    switch (run.face) {
      case Face::upright: html += letters; break;
      case Face::italic: html += "<i>" + letters + "</i>"; break;
      case Face::bold: html += "<b>" + letters + "</b>"; break;
      case Face::code: html += "<code>" + letters + "</code>"; break;
      case Face::raised: html += small("sup", run.text); break;
      case Face::lowered: html += small("sub", run.text); break;
    }
  }
  return html;
}

}  // namespace nke::plots
