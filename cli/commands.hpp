// SPDX-License-Identifier: Apache-2.0
// The verbs of the command line. Each adds its options to `app` and sets `run` when it is the one chosen.
#pragma once

#include "options.hpp"

namespace nke::cli {

void add_list(CLI::App& app, Run& run);
void add_dual(CLI::App& app, Run& run);
void add_hermite(CLI::App& app, Run& run);
void add_validate(CLI::App& app, Run& run);

}  // namespace nke::cli
