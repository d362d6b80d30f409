// SPDX-License-Identifier: Apache-2.0
// How does a verb say which options it takes?
//
// Definition  a command line is a list of verbs; a verb has positional arguments, options, flags, an example or two, and
//             a function to run. Every value arrives as the text that was typed: options.hpp reads it strictly.
// Why         the parser behind it (CLI11) takes seconds to compile; here it is compiled once.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "options.hpp"

namespace nke::cli {

class Command {
 public:
  /// An argument without a name, which must be there.
  Command& argument(const std::string& name, std::string& into, const std::string& help);
  /// "--name VALUE"; an option that is not typed leaves `into` as it is.
  Command& option(const std::string& name, const std::string& value, std::string& into, const std::string& help);
  /// An option that must be typed.
  Command& required(const std::string& name, const std::string& value, std::string& into, const std::string& help);
  Command& flag(const std::string& name, bool& into, const std::string& help);
  /// --json and --threads.
  Command& common(CommonOptions& into);
  /// What stands below the options in the help text.
  Command& footer(const std::string& text);

 private:
  friend class CommandLine;
  explicit Command(void* app) : app_(app) {}
  void* app_;  // a CLI::App, owned by the command line
};

class CommandLine {
 public:
  CommandLine(const std::string& description, const std::string& version, const std::string& footer);
  ~CommandLine();

  /// A verb and what it does; `run` is called if it is the one typed, after its options have been filled in.
  Command verb(const std::string& name, const std::string& help, std::function<Exit()> run);

  /// What to run. --help and --version print and give a function that does nothing more; anything that is not understood
  /// is a DomainError of one line.
  std::function<Exit()> parse(int argc, char** argv);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace nke::cli
