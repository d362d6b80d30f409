// SPDX-License-Identifier: Apache-2.0
// What a user types after the command, read strictly: a number is the number written, or an error names the option.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <nke/exact/real/rational.hpp>

namespace nke::cli {

/// Exit statuses, a contract scripts depend on.
enum class Exit : int { done = 0, check_failed = 1, bad_input = 2, not_certified = 3, interrupted = 130 };

/// Options every command takes.
struct CommonOptions {
  bool json = false;
  std::string threads;
};

/// An integer in [low, high]. DomainError names the option, the text and the limits.
std::int64_t integer_option(const std::string& name, const std::string& text, std::int64_t low, std::int64_t high);
/// A seed: any integer from 0 to 2^64 − 1.
std::uint64_t seed_option(const std::string& name, const std::string& text);
/// The exact number written: "0.3" is 3/10.
Rational rational_option(const std::string& name, const std::string& text);
/// The nearest double; DomainError naming the option if the number is beyond the range of doubles.
double double_option(const std::string& name, const Rational& value);
/// "256,512,1024": integers in [low, high], at least one.
std::vector<std::int64_t> integer_list_option(const std::string& name, const std::string& text, std::int64_t low,
                                              std::int64_t high);
/// One of `allowed`. For a mode this version does not have, says which ones it has.
void expect_mode(const std::string& command, const std::string& mode, const std::vector<std::string>& allowed);

/// Applies --threads for as long as the value lives (a tbb::global_control); an empty text means all cores.
class ThreadLimit {
 public:
  explicit ThreadLimit(const std::string& text);
  ~ThreadLimit();

 private:
  struct Control;  // keeps TBB out of this header
  std::unique_ptr<Control> control_;
};

}  // namespace nke::cli
