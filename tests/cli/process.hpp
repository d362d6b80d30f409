// SPDX-License-Identifier: Apache-2.0
// Runs the built `nke` as a user's shell would, and hands back what it said.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace nke::test {

struct Outcome {
  int status = -1;  // exit status, or 128 + signal
  std::string out;
  std::string err;
};

/// Runs `nke` with these arguments to its end.
Outcome nke_command(const std::vector<std::string>& arguments);

/// Starts `nke`, sends it `signal` (SIGINT, if not given) once `file_pattern` (the start of a name) appears in `folder`,
/// and waits for its end.
Outcome interrupted_nke(const std::vector<std::string>& arguments, const std::filesystem::path& folder,
                        const std::string& file_pattern, int signal = 2);

/// A new empty folder, removed with everything in it at the end of its life.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string contents(const std::filesystem::path& file);

}  // namespace nke::test
