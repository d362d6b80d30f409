// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nke::test {

Workshop::Workshop() {
  std::string pattern = (std::filesystem::temp_directory_path() / "nke-emit-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

Workshop::~Workshop() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Workshop::write(const std::string& file, const std::string& text) const {
  std::ofstream(path_ / file, std::ios::binary) << text;
}

std::string Workshop::read(const std::string& file) const {
  std::ifstream stream(path_ / file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

Workshop::Outcome Workshop::run(const std::vector<std::string>& program_and_arguments) const {
  std::vector<std::string> owned = program_and_arguments;
  std::vector<char*> argv;
  for (std::string& argument : owned) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const std::string output = (path_ / "output").string();
  const std::string folder = path_.string();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    const int file = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    if (chdir(folder.c_str()) != 0) _exit(126);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), read("output")};
}

std::vector<double> numbers(const std::string& text) {
  std::vector<double> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) found.push_back(std::strtod(line.c_str(), nullptr));
  return found;
}

}  // namespace nke::test
