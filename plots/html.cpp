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

std::string to_html(const Text& text) {
  std::string html;
  for (const Run& run : text.runs()) {
    const std::string letters = escaped_html(run.text);
    switch (run.face) {
      case Face::upright: html += letters; break;
      case Face::italic: html += "<i>" + letters + "</i>"; break;
      case Face::bold: html += "<b>" + letters + "</b>"; break;
      case Face::code: html += "<code>" + letters + "</code>"; break;
      case Face::raised: html += "<sup>" + letters + "</sup>"; break;
      case Face::lowered: html += "<sub>" + letters + "</sub>"; break;
    }
  }
  return html;
}

}  // namespace nke::plots
