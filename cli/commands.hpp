// SPDX-License-Identifier: Apache-2.0
// The verbs of the command line: each adds itself.
#pragma once

#include "command_line.hpp"

namespace nke::cli {

void add_list(CommandLine& line);
void add_derive(CommandLine& line);
void add_dual(CommandLine& line);
void add_hermite(CommandLine& line);
void add_kernel(CommandLine& line);
void add_meanfield(CommandLine& line);
void add_validate(CommandLine& line);

}  // namespace nke::cli
