// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nke/plots/html.hpp>
#include <nke/plots/style.hpp>
#include <nke/plots/svg.hpp>

namespace nke::plots {

namespace {

std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  std::size_t begin = 0;
  for (std::size_t at = text.find(from); at != std::string_view::npos; at = text.find(from, begin)) {
    result.append(text.substr(begin, at - begin)).append(to);
    begin = at + from.size();
  }
  return result.append(text.substr(begin));
}

/// Without the elements <title>…</title>. Their text is escaped, so the first closing tag is theirs.
std::string without_titles(std::string_view svg) {
  constexpr std::string_view opening = "<title>", closing = "</title>";
  std::string result;
  std::size_t begin = 0;
  for (std::size_t at = svg.find(opening); at != std::string_view::npos; at = svg.find(opening, begin)) {
    const std::size_t end = svg.find(closing, at);
    if (end == std::string_view::npos) break;
    result.append(svg.substr(begin, at - begin));
    begin = end + closing.size();
  }
  return result.append(svg.substr(begin));
}

std::string with_prefixed_names(std::string_view tag, std::string_view prefix) {
  std::string renamed(tag);
  for (const char* opening : {" id='", " id=\"", "\tid='", "href='#", "href=\"#", "url(#"}) {
    renamed = replaced(renamed, opening, std::string(opening).append(prefix));
  }
  return renamed;
}

}  // namespace

std::string finished_svg(std::string_view svg, std::string_view title) {
  const std::string font = "font-family=\"" + std::string(style::font) + "\"";
  const std::string stack = "font-family=\"" + std::string(style::font_stack) + "\"";
  std::string result = replaced(without_titles(svg), font, stack);
  result = replaced(result, "<text>", "<text xml:space=\"preserve\">");  // or some readers drop spaces between faces
  const std::size_t root = result.find("<svg");
  const std::size_t inside = root == std::string::npos ? root : result.find('>', root);
  if (inside != std::string::npos) result.insert(inside + 1, "\n<title>" + escaped_html(title) + "</title>");
  return result;
}

double svg_width(std::string_view svg) {
  constexpr std::string_view attribute = " width=\"";
  const std::size_t root = svg.find("<svg");
  const std::size_t at = root == std::string_view::npos ? root : svg.find(attribute, root);
  if (at == std::string_view::npos || at > svg.find('>', root)) return 0;
  double width = 0;
  for (std::size_t i = at + attribute.size(); i < svg.size() && svg[i] >= '0' && svg[i] <= '9'; ++i) {
    width = 10 * width + (svg[i] - '0');
  }
  return width;
}

std::string inlined_svg(std::string_view svg, std::string_view prefix, std::string_view label) {
  const std::size_t root = svg.find("<svg");
  if (root != std::string_view::npos) svg.remove_prefix(root);
  std::string element;
  for (std::size_t at = 0; at < svg.size();) {  // text is kept as it is: only a tag can hold a name
    const std::size_t tag = std::min(svg.find('<', at), svg.size());
    const std::size_t end = std::min(svg.find('>', tag), svg.size());
    element += svg.substr(at, tag - at);
    element += with_prefixed_names(svg.substr(tag, end - tag), prefix);
    at = end;
  }
  if (element.starts_with("<svg")) {
    element.insert(4, " role=\"img\" aria-label=\"" + escaped_html(label) + "\"");
  }
  return element;
}

}  // namespace nke::plots
