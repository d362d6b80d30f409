// SPDX-License-Identifier: Apache-2.0
#include "command_line.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include <nke/exact/real/error.hpp>

namespace nke::cli {
namespace {

CLI::App& app_of(void* app) {
  return *static_cast<CLI::App*>(app);
}

// CLI11's own words, as one line that says what to do.
std::string misuse(const CLI::ParseError& error, const std::vector<std::string>& arguments) {
  std::string message = error.what();
  std::replace(message.begin(), message.end(), '\n', ' ');
  for (const std::string& argument : arguments) {
    const bool expression = argument.size() > 1 && argument[0] == '-' && argument[1] != '-' &&
                            argument.find_first_of("(x") != std::string::npos;
    if (expression) message += "; an expression that begins with '-' goes into parentheses: \"(" + argument + ")\"";
  }
  return message + "; see `nke --help`";
}

}  // namespace

Command& Command::argument(const std::string& name, std::string& into, const std::string& help) {
  app_of(app_).add_option(name, into, help)->required();
  return *this;
}

Command& Command::option(const std::string& name, const std::string& value, std::string& into,
                         const std::string& help) {
  app_of(app_).add_option(name, into, help)->type_name(value);
  return *this;
}

Command& Command::required(const std::string& name, const std::string& value, std::string& into,
                           const std::string& help) {
  app_of(app_).add_option(name, into, help)->required()->type_name(value);
  return *this;
}

Command& Command::flag(const std::string& name, bool& into, const std::string& help) {
  app_of(app_).add_flag(name, into, help);
  return *this;
}

Command& Command::common(CommonOptions& into) {
  flag("--json", into.json, "print one JSON object instead of text");
  return option("--threads", "N", into.threads, "worker threads (default: all cores); results do not depend on it");
}

Command& Command::footer(const std::string& text) {
  app_of(app_).footer(text);
  return *this;
}

struct CommandLine::State {
  explicit State(const std::string& description) : app(description, "nke") {}
  CLI::App app;
  std::function<Exit()> chosen;
};

CommandLine::CommandLine(const std::string& description, const std::string& version, const std::string& footer)
    : state_(std::make_unique<State>(description)) {
  state_->app.set_version_flag("--version", version);
  state_->app.require_subcommand(1);
  state_->app.footer(footer);
}

CommandLine::~CommandLine() = default;

Command CommandLine::verb(const std::string& name, const std::string& help, std::function<Exit()> run) {
  CLI::App* const command = state_->app.add_subcommand(name, help);
  command->callback([state = state_.get(), run = std::move(run)] { state->chosen = run; });
  return Command(command);
}

std::function<Exit()> CommandLine::parse(int argc, char** argv) {
  try {
    state_->app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    const auto status = static_cast<Exit>(state_->app.exit(help_or_version));
    return [status] { return status; };
  } catch (const CLI::ParseError& error) {
    throw DomainError(misuse(error, {argv + 1, argv + argc}));
  }
  return state_->chosen;
}

}  // namespace nke::cli
