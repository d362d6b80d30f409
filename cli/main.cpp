// SPDX-License-Identifier: Apache-2.0
// nke: reads the command line, runs one verb, and turns every outcome into an exit status and at most one line on
// stderr.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include <nke/exact/real/error.hpp>
#include <nke/verify/progress.hpp>
#include <nke/verify/version.hpp>

#include "commands.hpp"
#include "output.hpp"

namespace {

using nke::cli::Exit;

// A message may hold a source line and a caret below it (ParseError); all else is one line.
Exit failed(Exit status, const std::string& message) {
  std::fprintf(stderr, "nke: %s\n", message.c_str());
  return status;
}

// CLI11's own words, as one line that says what to do.
Exit misused(const CLI::ParseError& error, const std::vector<std::string>& arguments) {
  std::string message = error.what();
  std::replace(message.begin(), message.end(), '\n', ' ');
  for (const std::string& argument : arguments) {
    const bool expression = argument.size() > 1 && argument[0] == '-' && argument[1] != '-' &&
                            argument.find_first_of("(x") != std::string::npos;
    if (expression) message += "; an expression that begins with '-' goes into parentheses: \"(" + argument + ")\"";
  }
  return failed(Exit::bad_input, message + "; see `nke --help`");
}

Exit run_command(int argc, char** argv) {
  CLI::App app("nke: kernels of infinitely wide neural networks with any activation function", "nke");
  app.set_version_flag("--version", std::string("nke ") + std::string(nke::version()));
  app.require_subcommand(1);
  app.footer(
      "An activation ACT is a name (`nke list`), with parameters if wanted: gelu, \"leaky_relu(0.2)\";\n"
      "or any expression in x: \"x*tanh(log(1+exp(x)))\".\n"
      "Exit status: 0 done, 1 a check failed, 2 bad input, 3 not certifiable or not converged.\n\n"
      "Examples:\n"
      "  nke validate gelu --out report\n"
      "  nke dual relu --a 1 --b 1 --c 0.5\n"
      "  nke hermite tanh --degree 20\n"
      "Help on a command: nke validate --help");
  nke::cli::Run run;
  nke::cli::add_validate(app, run);
  nke::cli::add_dual(app, run);
  nke::cli::add_hermite(app, run);
  nke::cli::add_list(app, run);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& help_or_version) {
    return static_cast<Exit>(app.exit(help_or_version));
  } catch (const CLI::ParseError& error) {
    return misused(error, {argv + 1, argv + argc});
  }
  return run();
}

}  // namespace

int main(int argc, char** argv) {
  Exit status = Exit::done;
  try {
    status = run_command(argc, argv);
  } catch (const nke::Interrupted& interrupted) {
    failed(Exit::interrupted, "interrupted; nothing was written");
    return 128 + interrupted.signal();
  } catch (const nke::NotCertified& error) {
    status = failed(Exit::not_certified, error.what());
  } catch (const nke::Error& error) {
    status = failed(Exit::bad_input, error.what());
  } catch (const std::bad_alloc&) {
    status = failed(Exit::bad_input, "not enough memory for what was asked");
  } catch (const std::exception& error) {
    status = failed(Exit::bad_input, error.what());
  }
  return static_cast<int>(status);
}
