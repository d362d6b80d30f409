// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <utility>

#include <unistd.h>

#include <nke/verify/progress.hpp>

namespace nke {
namespace {

// Written by the handler, read by any thread: a lock-free atomic is all a handler may touch.
std::atomic<int> noted_signal = 0;
static_assert(std::atomic<int>::is_always_lock_free);

void (*previous_interrupt)(int) = SIG_DFL;
void (*previous_terminate)(int) = SIG_DFL;

extern "C" void note_signal(int signal) {
  // The second time the user means it, whatever we are doing.
  if (noted_signal == signal) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
    return;
  }
  noted_signal = signal;
}

std::string duration(double seconds) {
  const auto whole = static_cast<long>(std::ceil(seconds));
  if (whole < 120) return std::to_string(whole) + " s";
  return std::to_string(whole / 60) + " min";
}

}  // namespace

InterruptGuard::InterruptGuard() {
  noted_signal = 0;
  previous_interrupt = std::signal(SIGINT, note_signal);
  previous_terminate = std::signal(SIGTERM, note_signal);
}

InterruptGuard::~InterruptGuard() {
  std::signal(SIGINT, previous_interrupt);
  std::signal(SIGTERM, previous_terminate);
  noted_signal = 0;
}

void throw_if_interrupted() {
  if (const int signal = noted_signal; signal != 0) throw Interrupted(signal);
}

Progress::Progress(Output output) : drawing_(output == Output::terminal && isatty(STDERR_FILENO) != 0) {}

Progress::~Progress() {
  finish();
}

void Progress::stage(std::string label, std::size_t steps) {
  throw_if_interrupted();
  const std::lock_guard lock(mutex_);
  label_ = std::move(label);
  steps_ = steps;
  done_ = 0;
  begin_ = std::chrono::steady_clock::now();
  draw(0);
}

void Progress::advance(std::size_t steps) {
  throw_if_interrupted();
  const std::size_t done = done_ += steps;
  if (!drawing_) return;
  const std::lock_guard lock(mutex_);
  if (std::chrono::steady_clock::now() - drawn_ > std::chrono::milliseconds(100)) draw(done);
}

void Progress::finish() {
  const std::lock_guard lock(mutex_);
  if (!visible_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  visible_ = false;
}

void Progress::draw(std::size_t done) {
  if (!drawing_) return;
  drawn_ = std::chrono::steady_clock::now();
  const double seconds = std::chrono::duration<double>(drawn_ - begin_).count();
  std::fprintf(stderr, "\r%s\033[K", line(label_, done, steps_, seconds).c_str());
  std::fflush(stderr);
  visible_ = true;
}

std::string Progress::line(const std::string& label, std::size_t done, std::size_t steps, double seconds) {
  constexpr std::size_t width = 24;
  const double fraction = steps == 0 ? 0 : static_cast<double>(std::min(done, steps)) / static_cast<double>(steps);
  const auto filled = static_cast<std::size_t>(fraction * width);
  std::string text = "  [";
  text.append(filled, '#').append(width - filled, '-').append("] ");
  text += std::to_string(static_cast<int>(100 * fraction)) + " %  " + label;
  if (fraction > 0 && fraction < 1) text += ", " + duration(seconds * (1 - fraction) / fraction) + " left";
  return text;
}

}  // namespace nke
