// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <tbb/global_control.h>

#include <nke/exact/real/error.hpp>

namespace nke::cli {
namespace {

template <class Integer>
bool read(const std::string& text, Integer& value) {
  const char* const end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  return result.ec == std::errc{} && result.ptr == end;
}

std::string range(std::int64_t low, std::int64_t high) {
  return "a whole number from " + std::to_string(low) + " to " + std::to_string(high);
}

}  // namespace

std::int64_t integer_option(const std::string& name, const std::string& text, std::int64_t low, std::int64_t high) {
  std::int64_t value = 0;
  if (!read(text, value) || value < low || value > high) {
    throw DomainError(name + " must be " + range(low, high) + ", not '" + text + "'");
  }
  return value;
}

std::uint64_t seed_option(const std::string& name, const std::string& text) {
  std::uint64_t value = 0;
  if (!read(text, value)) {
    throw DomainError(name + " must be a whole number from 0 to 18446744073709551615, not '" + text + "'");
  }
  return value;
}

Rational rational_option(const std::string& name, const std::string& text) {
  try {
    return Rational::parse(text);
  } catch (const LimitError&) {
    throw;
  } catch (const Error&) {
    throw DomainError(name + " must be a number such as 2, 0.3, -1e-4 or 3/10, not '" + text + "'");
  }
}

double double_option(const std::string& name, const Rational& value) {
  const double nearest = value.to_double();
  if (std::isinf(nearest)) throw DomainError(name + " is beyond 1.8e308, the range of --mode fast");
  return nearest;
}

std::vector<std::int64_t> integer_list_option(const std::string& name, const std::string& text, std::int64_t low,
                                              std::int64_t high) {
  std::vector<std::int64_t> values;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    values.push_back(integer_option("each number of " + name, text.substr(begin, end - begin), low, high));
    begin = end + 1;
  }
  return values;
}

void expect_mode(const std::string& command, const std::string& mode, const std::vector<std::string>& allowed) {
  if (std::find(allowed.begin(), allowed.end(), mode) != allowed.end()) return;
  std::string names;
  for (const std::string& name : allowed) names += (names.empty() ? "" : " or ") + name;
  const bool known = mode == "exact" || mode == "reference" || mode == "fast";
  throw DomainError("--mode " + mode + (known ? " is not in this version of `nke " : " is not a mode of `nke ") +
                    command + "`; it has --mode " + names);
}

struct ThreadLimit::Control : tbb::global_control {
  using tbb::global_control::global_control;
};

ThreadLimit::ThreadLimit(const std::string& text) {
  if (text.empty()) return;
  const auto threads = static_cast<std::size_t>(integer_option("--threads", text, 1, 1024));
  control_ = std::make_unique<Control>(tbb::global_control::max_allowed_parallelism, threads);
}

ThreadLimit::~ThreadLimit() = default;

}  // namespace nke::cli
