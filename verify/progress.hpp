// SPDX-License-Identifier: Apache-2.0
// Long work that can be watched and stopped: a bar on the terminal with the time left, and Ctrl-C that leaves nothing
// torn.
//
// Progress draws on stderr only when stderr is a terminal, at most ten times a second, and wipes its line when done, so
// logs and pipes never see it. A long computation calls `advance`; that is also where an interrupt is noticed: once
// Ctrl-C has been pressed under an InterruptGuard, `advance` throws Interrupted, the stack unwinds, and no file has
// been renamed into place.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <mutex>
#include <string>

namespace nke {

/// The user stopped the work. Not an Error: nothing was wrong.
class Interrupted : public std::exception {
 public:
  explicit Interrupted(int signal) : signal_(signal) {}
  const char* what() const noexcept override { return "interrupted"; }
  int signal() const noexcept { return signal_; }

 private:
  int signal_;
};

/// While one lives, SIGINT and SIGTERM are noted instead of ending the process; a second signal of the same kind ends
/// it at once. Restores what was there before. One at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;
};

/// Throws Interrupted if a signal was noted.
void throw_if_interrupted();

/// One bar over one or more stages. Calls of `advance` may come from many threads.
class Progress {
 public:
  /// Where the bar is drawn; `terminal` means stderr, if it is one.
  enum class Output { terminal, none };

  explicit Progress(Output output = Output::none);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Begins a stage of `steps` equal steps; the time left is estimated within the stage. Throws Interrupted.
  void stage(std::string label, std::size_t steps);
  /// Throws Interrupted.
  void advance(std::size_t steps = 1);
  /// Wipes the bar.
  void finish();

  /// The line that would be drawn: "label  [####------]  40 %  3 s left".
  static std::string line(const std::string& label, std::size_t done, std::size_t steps, double seconds);

 private:
  void draw(std::size_t done);

  bool drawing_;
  std::mutex mutex_;
  std::string label_;
  std::size_t steps_ = 0;
  std::atomic<std::size_t> done_{0};
  std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point drawn_;
  bool visible_ = false;
};

}  // namespace nke
