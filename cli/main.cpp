// SPDX-License-Identifier: Apache-2.0
// nke: reads the command line, runs one verb, and turns every outcome into an exit status and at most one line on
// stderr.
#include <cstdio>
#include <new>
#include <string>

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

Exit run_command(int argc, char** argv) {
  nke::cli::CommandLine line(
      "nke: kernels of infinitely wide neural networks with any activation function",
      "nke " + std::string(nke::version()),
      "An activation ACT is a name (`nke list`), with parameters if wanted: gelu, \"leaky_relu(0.2)\";\n"
      "or any expression in x: \"x*tanh(log(1+exp(x)))\".\n"
      "Exit status: 0 done, 1 a check failed, 2 bad input, 3 not certifiable or not converged.\n\n"
      "Examples:\n"
      "  nke validate gelu --out report\n"
      "  nke derive \"leaky_relu(alpha)\"\n"
      "  nke dual relu --a 1 --b 1 --c 0.5\n"
      "  nke hermite tanh --degree 20\n"
      "Help on a command: nke validate --help");
  nke::cli::add_kernel(line);
  nke::cli::add_validate(line);
  nke::cli::add_derive(line);
  nke::cli::add_dual(line);
  nke::cli::add_hermite(line);
  nke::cli::add_meanfield(line);
  nke::cli::add_list(line);
  return line.parse(argc, argv)();
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
