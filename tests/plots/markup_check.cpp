// SPDX-License-Identifier: Apache-2.0
#include "markup_check.hpp"

#include <cctype>
#include <map>

namespace nke::test {

namespace {

const std::map<std::string, std::string> entities = {{"amp", "&"},   {"lt", "<"},  {"gt", ">"},
                                                     {"quot", "\""}, {"#39", "'"}, {"apos", "'"}};

class Reader {
 public:
  Reader(std::string_view document, const std::set<std::string>& void_elements)
      : document_(document), void_elements_(void_elements) {}

  MarkupReading read() {
    while (at_ < document_.size() && reading_.fault.empty()) {
      if (document_[at_] != '<') {
        read_text();
      } else if (document_.substr(at_).starts_with("<!--")) {
        skip_past("-->");
      } else if (document_.substr(at_).starts_with("<?") || document_.substr(at_).starts_with("<!")) {
        skip_past(">");
      } else {
        read_tag();
      }
    }
    if (reading_.fault.empty() && !open_.empty()) fail("never closed: " + open_.back());
    return reading_;
  }

 private:
  void fail(const std::string& fault) {
    if (reading_.fault.empty()) reading_.fault = fault + " at byte " + std::to_string(at_);
  }
  void skip_past(std::string_view end) {
    const std::size_t found = document_.find(end, at_);
    if (found == std::string_view::npos) return fail("no end");
    at_ = found + end.size();
  }
  std::string resolved(std::string_view raw) {
    std::string text;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] == '<') fail("< inside text or attribute");
      if (raw[i] != '&') {
        text += raw[i];
        continue;
      }
      const std::size_t end = raw.find(';', i);
      const std::string name(raw.substr(i + 1, end == std::string_view::npos ? end : end - i - 1));
      const auto entity = entities.find(name);
      if (end == std::string_view::npos || entity == entities.end()) {
        fail("unknown entity &" + name.substr(0, 10));
        return text;
      }
      text += entity->second;
      i = end;
    }
    return text;
  }
  void read_text() {
    const std::size_t end = std::min(document_.find('<', at_), document_.size());
    const bool is_style = !open_.empty() && open_.back() == "style";
    const std::string_view raw = document_.substr(at_, end - at_);
    std::string text = is_style ? std::string() : resolved(raw);
    constexpr std::string_view no_break_space = "\u00A0";
    for (std::size_t i = text.find(no_break_space); i != std::string::npos; i = text.find(no_break_space)) {
      text.erase(i, 1);
      text[i] = ' ';
    }
    reading_.text += text;
    at_ = end;
  }
  std::string name() {
    const std::size_t begin = at_;
    while (at_ < document_.size() && (std::isalnum(static_cast<unsigned char>(document_[at_])) ||
                                      std::string_view(":-_").find(document_[at_]) != std::string_view::npos)) {
      ++at_;
    }
    return std::string(document_.substr(begin, at_ - begin));
  }
  void skip_spaces() {
    while (at_ < document_.size() && std::isspace(static_cast<unsigned char>(document_[at_]))) ++at_;
  }
  char here() const { return at_ < document_.size() ? document_[at_] : '\0'; }

  void read_tag() {
    ++at_;
    const bool closing = here() == '/';
    if (closing) ++at_;
    const std::string element = name();
    if (element.empty()) return fail("no name of an element");
    if (closing) {
      skip_spaces();
      if (here() != '>' || open_.empty() || open_.back() != element) return fail("unexpected </" + element + ">");
      open_.pop_back();
      ++at_;
      return;
    }
    reading_.elements.insert(element);
    std::set<std::string> seen;
    for (skip_spaces(); here() != '>' && here() != '/'; skip_spaces()) {
      const std::string attribute = name();
      if (attribute.empty() || !seen.insert(attribute).second) return fail("bad attribute in <" + element + ">");
      skip_spaces();
      if (here() != '=') return fail("attribute without value: " + attribute);
      ++at_;
      skip_spaces();
      const char quote = here();
      if (quote != '"' && quote != '\'') return fail("value without quotes: " + attribute);
      const std::size_t end = document_.find(quote, at_ + 1);
      if (end == std::string_view::npos) return fail("value without end: " + attribute);
      note(attribute, resolved(document_.substr(at_ + 1, end - at_ - 1)));
      at_ = end + 1;
    }
    const bool empty = here() == '/';
    if (empty) ++at_;
    if (here() != '>') return fail("tag without end: " + element);
    ++at_;
    if (!empty && !void_elements_.contains(element)) open_.push_back(element);
  }
  void note(const std::string& attribute, const std::string& value) {
    if (attribute == "id") reading_.ids.push_back(value);
    if (attribute == "href" || attribute == "xlink:href" || attribute == "src") reading_.references.push_back(value);
    if (value.starts_with("url(")) reading_.references.push_back(value.substr(4, value.size() - 5));
  }

  std::string_view document_;
  const std::set<std::string>& void_elements_;
  std::size_t at_ = 0;
  std::vector<std::string> open_;
  MarkupReading reading_;
};

}  // namespace

MarkupReading read_markup(std::string_view document, const std::set<std::string>& void_elements) {
  return Reader(document, void_elements).read();
}

}  // namespace nke::test
