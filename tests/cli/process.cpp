// SPDX-License-Identifier: Apache-2.0
#include "process.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nke::test {
namespace fs = std::filesystem;
namespace {

// stdout and stderr go to files, so no pipe can fill up and nobody has to read while waiting.
pid_t start(const std::vector<std::string>& arguments, const fs::path& folder) {
  std::vector<std::string> owned = {NKE_BINARY};
  owned.insert(owned.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& argument : owned) argv.push_back(argument.data());
  argv.push_back(nullptr);
  const std::string out = (folder / "out").string();
  const std::string err = (folder / "err").string();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) {
    const int out_file = open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int err_file = open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(out_file, STDOUT_FILENO);
    dup2(err_file, STDERR_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  return child;
}

Outcome finish(pid_t child, const fs::path& folder) {
  int status = 0;
  waitpid(child, &status, 0);
  Outcome outcome;
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  outcome.out = contents(folder / "out");
  outcome.err = contents(folder / "err");
  return outcome;
}

bool holds(const fs::path& folder, const std::string& start_of_name) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().filename().string().starts_with(start_of_name)) return true;
  }
  return false;
}

}  // namespace

Outcome nke_command(const std::vector<std::string>& arguments) {
  const TemporaryFolder folder;
  return finish(start(arguments, folder.path()), folder.path());
}

Outcome interrupted_nke(const std::vector<std::string>& arguments, const fs::path& folder,
                        const std::string& file_pattern, int signal) {
  const TemporaryFolder streams;
  const pid_t child = start(arguments, streams.path());
  const auto running = [child] {
    siginfo_t info{};
    waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT);
    return info.si_pid == 0;
  };
  while (!holds(folder, file_pattern) && running()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  kill(child, signal);
  return finish(child, streams.path());
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (fs::temp_directory_path() / "nke-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string contents(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace nke::test
