// SPDX-License-Identifier: Apache-2.0
// Letters and Texts as HTML: the only place where text meets HTML's grammar.
#pragma once

#include <string>
#include <string_view>

#include <nke/plots/text.hpp>

namespace nke::plots {

/// Safe between tags and inside quoted attributes, of HTML and of XML.
std::string escaped_html(std::string_view letters);

/// With <i>, <b>, <code>, <sup>, <sub> for its faces.
std::string to_html(const Text& text);

/// The style sheet of a page.
std::string_view page_style();

}  // namespace nke::plots
