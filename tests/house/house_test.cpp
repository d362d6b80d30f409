// SPDX-License-Identifier: Apache-2.0
// The rules of the house that no compiler checks, read off the sources themselves.
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "support.hpp"

namespace {

namespace fs = std::filesystem;
const fs::path root = NKE_SOURCE_DIR;

struct Source {
  fs::path path;  // relative to the root
  std::vector<std::string> lines;
  bool is_code() const { return path.extension() == ".cpp" || path.extension() == ".hpp"; }
};

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<Source> sources() {
  std::vector<Source> found;
  for (const char* folder : {"exact", "data", "hermite", "kernels", "sketch", "verify", "plots", "cli", "tests",
                             "bench", "docs", "scripts", "cmake"}) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const fs::path path = fs::relative(entry.path(), root);
      if (!entry.is_regular_file() || path.string().find("corpus") != std::string::npos) continue;
      const auto extension = path.extension();
      if (extension == ".cpp" || extension == ".hpp" || extension == ".cmake" || extension == ".sh" ||
          extension == ".md" || path.filename() == "CMakeLists.txt") {
        found.push_back({path, lines_of(entry.path())});
      }
    }
  }
  for (const char* file : {"README.md", "CONTRIBUTING.md", "CMakeLists.txt", "nke.hpp"}) {
    if (fs::exists(root / file)) found.push_back({file, lines_of(root / file)});
  }
  return found;
}

void check_no_line_matches(const std::regex& pattern, const std::string& rule, bool code_only,
                           const fs::path& except = {}) {
  for (const Source& source : sources()) {
    if ((code_only && !source.is_code()) || source.path == except) continue;
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      INFO(rule << ": " << source.path.string() << ":" << i + 1 << ": " << source.lines[i]);
      CHECK_FALSE(std::regex_search(source.lines[i], pattern));
    }
  }
}

}  // namespace

TEST_CASE("every C++ file begins with its licence") {
  std::size_t checked = 0;
  for (const Source& source : sources()) {
    if (!source.is_code()) continue;
    CAPTURE(source.path.string());
    REQUIRE_FALSE(source.lines.empty());
    CHECK(source.lines.front() == "// SPDX-License-Identifier: Apache-2.0");
    ++checked;
  }
  CHECK(checked > 10);
}

TEST_CASE("no file is longer than one sitting") {
  constexpr std::size_t one_sitting = 400;
  for (const Source& source : sources()) {
    if (!source.is_code()) continue;
    CAPTURE(source.path.string());
    CHECK(source.lines.size() <= one_sitting);
  }
}

TEST_CASE("no include climbs out of its folder") {
  check_no_line_matches(std::regex(R"(#\s*include\s*["<][^">]*\.\.)"), "include a floor by its name", true);
}

TEST_CASE("nothing computes 1 - rho*rho, which loses every digit near one") {
  check_no_line_matches(std::regex(R"(\b1(\.0)? - (rho \* rho|rho\*rho)\b)"), "use (1 - rho)(1 + rho) or det", true,
                        "tests/house/house_test.cpp");
}

TEST_CASE("nothing names a folder of the machine it was written on") {
  check_no_line_matches(std::regex(R"((^|[^\w.])/(work|home|root|tmp)/)"), "no absolute paths", false,
                        "tests/house/house_test.cpp");
}

TEST_CASE("nothing is left for later") {
  check_no_line_matches(std::regex(R"(\b(TODO|FIXME|XXX|HACK)\b)"), "finish it or file it", false,
                        "tests/house/house_test.cpp");
}
