// SPDX-License-Identifier: Apache-2.0
// A reader of XML that is independent of the code that writes it: is a document well formed, and what does it say?
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nke::test {

struct MarkupReading {
  std::string fault;                    // empty if the document is well formed
  std::string text;                     // everything between tags, entities resolved, no-break spaces as spaces
  std::vector<std::string> ids;         // in order
  std::vector<std::string> references;  // values of href and src, targets of url()
  std::multiset<std::string> elements;
};

/// Reads XML, or HTML written like XML but for `void_elements` that have no end.
MarkupReading read_markup(std::string_view document, const std::set<std::string>& void_elements = {});

}  // namespace nke::test
