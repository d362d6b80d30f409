// SPDX-License-Identifier: Apache-2.0
// nke kernel: the exact kernel matrix of a network on data, streamed to a .npy file; or one entry with proven digits.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <nke/data/npy.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/kernels/stream.hpp>
#include <nke/verify/progress.hpp>
#include <nke/verify/version.hpp>

#include "commands.hpp"
#include "kernel_options.hpp"
#include "output.hpp"

namespace nke::cli {
namespace {

constexpr std::int64_t eigenvalue_limit = 8192;  // n³ operations: a minute or so

// "2G", "512M", "1000000".
std::uint64_t bytes_option(const std::string& name, const std::string& text) {
  constexpr std::array<std::pair<char, int>, 4> units = {{{'K', 10}, {'M', 20}, {'G', 30}, {'T', 40}}};
  std::string digits = text;
  int shift = 0;
  for (const auto& [unit, bits] : units) {
    if (!digits.empty() && (digits.back() == unit || digits.back() == unit - 'A' + 'a')) {
      digits.pop_back();
      shift = bits;
      break;
    }
  }
  if (digits.empty() || digits.size() > 15 || digits.find_first_not_of("0123456789") != std::string::npos) {
    throw DomainError(name + " is a number of bytes such as 2G, 512M or 1000000000, not '" + text + "'");
  }
  const std::uint64_t value = std::stoull(digits);
  if (shift > 0 && value >> (63 - shift) != 0) throw DomainError(name + " " + text + " is more than there are bytes");
  return value << static_cast<unsigned>(shift);
}

Kind kind_option(const std::string& text) {
  if (text == "nngp") return Kind::nngp;
  if (text == "ntk") return Kind::ntk;
  throw DomainError("--kind is nngp or ntk, not '" + text + "'");
}

ElementPrecision precision_option(const std::string& text) {
  if (text == "double") return ElementPrecision::double_precision;
  if (text == "float") return ElementPrecision::float_precision;
  throw DomainError("--precision is double or float, not '" + text + "'");
}

// What only one entry can have, and what a matrix must.
void require_options_of_fast(const KernelOptions& options) {
  if (!options.entry.empty()) throw DomainError("--entry belongs to --mode reference");
  if (!options.digits.empty()) throw DomainError("--digits belongs to --mode reference");
  if (options.kind.empty()) throw DomainError("--kind is missing: nngp or ntk");
  if (options.out.empty()) throw DomainError("--out is missing: the .npy file to write");
  if (!options.out.ends_with(".npy")) throw DomainError("--out is a .npy file, not '" + options.out + "'");
}

Exit run_kernel_fast(const KernelOptions& options) {
  require_options_of_fast(options);
  const Network net = network(options.network);
  const std::string precision = options.precision.empty() ? "double" : options.precision;
  StreamOptions stream{.kind = kind_option(options.kind),
                       .precision = precision_option(precision),
                       .max_memory = options.max_memory.empty() ? StreamOptions{}.max_memory
                                                                : bytes_option("--max-memory", options.max_memory),
                       .progress = {}};
  const ReadOptions read = kernel_read_options(options);
  if (options.eigenvalue && !options.data2.empty()) {
    throw DomainError("--eigenvalue goes with the kernel of one data set, not with --data2");
  }
  std::optional<InterruptGuard> guard;  // from the first tile on: what comes before does not ask whether it should stop
  Progress progress(Progress::Output::terminal);
  bool begun = false;
  std::size_t before = 0;
  stream.progress = [&](std::size_t done, std::size_t tiles) {
    if (!begun) {
      guard.emplace();
      progress.stage("kernel", tiles - done);  // the time left is that of the tiles that are left
      begun = true;
    } else {
      progress.advance(done - before);
    }
    before = done;
  };
  StreamReport report;
  if (takes_images(net)) {
    const Images x = read_images(options.data, read);
    if (options.data2.empty()) {
      report = stream_kernel_matrix(net, x, nullptr, options.out, stream);
    } else {
      const Images y = read_images(options.data2, read);
      report = stream_kernel_matrix(net, x, &y, options.out, stream);
    }
  } else {
    const Matrix x = read_points(options.data, read);
    if (options.data2.empty()) {
      report = stream_kernel_matrix(net, x, nullptr, options.out, stream);
    } else {
      const Matrix y = read_points(options.data2, read);
      report = stream_kernel_matrix(net, x, &y, options.out, stream);
    }
  }
  progress.finish();
  std::optional<double> eigenvalue;
  if (options.eigenvalue) {
    if (report.rows == 0 || static_cast<std::int64_t>(report.rows) > eigenvalue_limit) {
      throw LimitError("--eigenvalue is for 1 to " + std::to_string(eigenvalue_limit) + " points; the matrix of " +
                       std::to_string(report.rows) + " is written to " + options.out);
    }
    eigenvalue = smallest_eigenvalue(to_matrix(read_npy(options.out)));
  }
  if (options.common.json) {
    nlohmann::ordered_json object;
    object["network"] = to_text(net);
    object["data"] = options.data;
    if (!options.data2.empty()) object["data2"] = options.data2;
    object["kind"] = options.kind;
    object["precision"] = precision;
    object["rows"] = report.rows;
    object["columns"] = report.columns;
    object["out"] = options.out;
    object["tiles"] = report.tiles;
    object["tiles_resumed"] = report.resumed;
    object["tiles_torn"] = report.torn;
    if (eigenvalue) object["smallest_eigenvalue"] = json_number(*eigenvalue);
    object["version"] = version();
    print_json(object);
    return Exit::done;
  }
  print(fmt::format("{} of '{}' on {}{}: {} x {}, {}, in {}\n", options.kind, to_text(net), options.data,
                    options.data2.empty() ? "" : " and " + options.data2, report.rows, report.columns, precision,
                    options.out));
  if (report.resumed > 0 || report.torn > 0) {
    print(fmt::format("resumed: {} of {} tiles were finished before{}\n", report.resumed, report.tiles,
                      report.torn > 0 ? fmt::format(", {} were torn and made again", report.torn) : ""));
  }
  if (eigenvalue) print(fmt::format("smallest eigenvalue {}\n", number(*eigenvalue)));
  return Exit::done;
}

Exit run_kernel(const KernelOptions& options) {
  const ThreadLimit threads(options.common.threads);
  expect_mode("kernel", options.mode, {"fast", "reference"});
  if (!options.kind.empty()) static_cast<void>(kind_option(options.kind));
  return options.mode == "reference" ? run_kernel_reference(options) : run_kernel_fast(options);
}

}  // namespace

ReadOptions kernel_read_options(const KernelOptions& options) {
  ReadOptions read{.seed = seed_option("--seed", options.seed)};
  if (!options.points.empty()) {
    read.limit = static_cast<std::size_t>(integer_option("--points", options.points, 1, 1'000'000'000));
  }
  return read;
}

void add_kernel(CommandLine& line) {
  auto options = std::make_shared<KernelOptions>();
  line.verb("kernel", "the exact NNGP or NTK matrix of a network on data", [options] { return run_kernel(*options); })
      .argument("NET", options->network, "a network, such as \"fc(depth=3, gelu)\" (docs/kernels.md)")
      .required("--data", "X", options->data, "data set: a name or a file (docs/data.md)")
      .option("--kind", "KIND", options->kind, "nngp or ntk; both, if not said, in mode reference")
      .option("--out", "FILE", options->out, "the .npy file to write (mode fast)")
      .option("--data2", "Y", options->data2, "the columns, if not X")
      .option("--mode", "MODE", options->mode,
              "fast: the whole matrix, in double or float; reference: one entry, every digit proven")
      .option("--precision", "TYPE", options->precision, "double (default) or float (mode fast)")
      .option("--max-memory", "BYTES", options->max_memory, "ceiling, such as 2G (default 4G; mode fast)")
      .option("--points", "N", options->points, "only the first N of each data set")
      .option("--seed", "S", options->seed, "seed of synthetic data (default 0)")
      .flag("--eigenvalue", options->eigenvalue, "also report the smallest eigenvalue (mode fast)")
      .option("--entry", "I,J", options->entry, "row and column, counted from 0 (mode reference)")
      .option("--digits", "N", options->digits, "how many digits, 1 ... 100, by default 30 (mode reference)")
      .common(options->common)
      .footer(
          "Examples:\n"
          "  nke kernel \"fc(depth=3, gelu)\" --data fashion-mnist:test --kind ntk --out K.npy\n"
          "  nke kernel \"myrtle(5, relu)\" --data fashion-mnist:test --points 100 --kind ntk --precision float --out "
          "K.npy\n"
          "  nke kernel \"fc(depth=3, tanh)\" --data points.csv --mode reference --entry 0,1 --digits 40\n"
          "The same command continues a job that was stopped or killed.");
}

}  // namespace nke::cli
