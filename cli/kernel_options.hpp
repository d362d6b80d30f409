// SPDX-License-Identifier: Apache-2.0
// What `nke kernel` was asked; each mode answers in a file of its own.
#pragma once

#include <string>

#include <nke/data/named.hpp>

#include "options.hpp"

namespace nke::cli {

struct KernelOptions {
  CommonOptions common;
  std::string network;
  std::string data;
  std::string data2;
  std::string kind;
  std::string mode = "fast";
  std::string points;
  std::string seed = "0";
  // Mode fast:
  std::string out;
  std::string precision;
  std::string max_memory;
  bool eigenvalue = false;
  // Mode reference:
  std::string entry;
  std::string digits;
};

ReadOptions kernel_read_options(const KernelOptions& options);

/// One entry, every digit proven.
Exit run_kernel_reference(const KernelOptions& options);

}  // namespace nke::cli
