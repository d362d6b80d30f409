// SPDX-License-Identifier: Apache-2.0
// docs/closed-forms.md: every named activation that has a closed-form dual, with its K and K̇, as Markdown with LaTeX.
//
// Definition  formulas are derived while the page is made, with parameters as symbols where that gives a formula of
//             reasonable length, otherwise at their usual values. Each is then evaluated, as printed, over balls at three
//             points and compared with a certified integral; the page states the largest difference possible.
// Determinism the same bytes on every run.
// Cost        some seconds.
#pragma once

#include <string>

namespace nke::cli {

/// DataError if a formula and the integral disagree: then there is nothing to publish.
std::string closed_forms_page();

}  // namespace nke::cli
