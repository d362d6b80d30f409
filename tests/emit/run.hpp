// SPDX-License-Identifier: Apache-2.0
// A folder to write files into, and programs run in it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nke::test {

/// A new empty folder, removed with everything in it at the end of its life.
class Workshop {
 public:
  Workshop();
  ~Workshop();
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  void write(const std::string& file, const std::string& text) const;
  std::string read(const std::string& file) const;
  struct Outcome {
    int status;
    std::string output;  ///< stdout and stderr together
  };
  /// Runs the program with this folder as its working directory.
  Outcome run(const std::vector<std::string>& program_and_arguments) const;

 private:
  std::filesystem::path path_;
};

/// The numbers in a text, one a line.
std::vector<double> numbers(const std::string& text);

}  // namespace nke::test
