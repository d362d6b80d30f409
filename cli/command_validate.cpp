// SPDX-License-Identifier: Apache-2.0
// nke validate: the full report on one activation, as a folder that appears finished or not at all.
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <tbb/parallel_for.h>

#include <nke/data/atomic_file.hpp>
#include <nke/plots/render.hpp>
#include <nke/verify/report.hpp>

#include "commands.hpp"
#include "output.hpp"
#include "report_figures.hpp"
#include "report_page.hpp"
#include "staged_folder.hpp"

namespace nke::cli {
namespace {

namespace fs = std::filesystem;

struct ValidateCommand {
  CommonOptions common;
  std::string activation;
  std::string out;
  std::string data = "fashion-mnist:test";
  std::string points = "512";
  std::string degree = "8";
  std::string dimensions = "256,512,1024,2048,4096,8192";
  std::string seeds = "15";
  std::string seed = "1";
};

// One word of a shell's command line.
std::string quoted(const std::string& word) {
  const bool plain = !word.empty() && word.find_first_of(" \t\n\"'\\$`*?()[]{}<>|&;#~!") == std::string::npos;
  if (plain) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

// The command that makes this report again, wherever it is put and on however many threads.
std::string command_text(const ValidateCommand& command) {
  const ValidateCommand defaults;
  std::string text = "nke validate " + quoted(command.activation) + " --out DIR";
  const auto add = [&](const char* name, std::string ValidateCommand::*option) {
    if (command.*option != defaults.*option) text += std::string(" ") + name + ' ' + quoted(command.*option);
  };
  add("--data", &ValidateCommand::data);
  add("--points", &ValidateCommand::points);
  add("--degree", &ValidateCommand::degree);
  add("--dims", &ValidateCommand::dimensions);
  add("--seeds", &ValidateCommand::seeds);
  add("--seed", &ValidateCommand::seed);
  return text;
}

ValidateOptions read_options(const ValidateCommand& command) {
  ValidateOptions options;
  options.data = command.data;
  options.points = static_cast<int>(integer_option("--points", command.points, 8, 2048));
  options.degree = static_cast<int>(integer_option("--degree", command.degree, 1, 64));
  options.dimensions.clear();
  for (const auto m : integer_list_option("--dims", command.dimensions, 16, 32768)) {
    options.dimensions.push_back(static_cast<int>(m));
  }
  options.seeds = static_cast<int>(integer_option("--seeds", command.seeds, 1, 1000));
  options.seed = seed_option("--seed", command.seed);
  options.command = command_text(command);
  return options;
}

void write_tables(const ActivationReport& report, const fs::path& folder) {
  fs::create_directory(folder);
  for (const Table* table :
       {&report.shape, &report.dual, &report.coefficients, &report.propagation.table, &report.propagation.line}) {
    write_csv(*table, folder);
  }
  for (const DataFindings& data : report.data) {
    write_csv(data.by_degree, folder);
    write_csv(data.by_dimension, folder);
  }
}

ReportDrawings write_figures(const ReportFigures& figures, const fs::path& folder, Progress& progress) {
  fs::create_directory(folder);
  std::vector<const plots::Figure*> all = {&figures.shape,     &figures.dual,         &figures.spectrum,
                                           &figures.by_degree, &figures.by_dimension, &figures.by_dimension_spectral};
  if (figures.phases) all.push_back(&*figures.phases);
  std::vector<plots::Drawing> drawings(all.size());
  progress.stage("drawing", all.size());
  tbb::parallel_for(std::size_t{0}, all.size(), [&](std::size_t i) {
    const plots::Figure& figure = *all[i];
    std::string svg = plots::render(figure, plots::Format::svg);
    write_file_atomically(folder / (figure.name + ".svg"), svg);
    write_file_atomically(folder / (figure.name + ".png"), plots::render(figure, plots::Format::png));
    drawings[i] = plots::drawing(figure, std::move(svg));
    progress.advance();
  });
  ReportDrawings result{drawings[0], drawings[1], drawings[2], drawings[3], drawings[4], drawings[5], {}};
  if (figures.phases) result.phases = drawings[6];
  return result;
}

void print_summary(const ActivationReport& report, const fs::path& target) {
  print(fmt::format("{}: sigma(x) = {}\n", report.facts.text, report.facts.expression));
  for (const Verdict& verdict : report.verdicts) print("  - " + wrapped(verdict.statement, 100, 4) + '\n');
  for (const Check& check : report.checks) {
    if (check.passed()) continue;
    print(fmt::format("  CONTROL FAILED: {}: measured {}, allowed {}\n", check.name, number(check.measured, 3),
                      number(check.allowed, 3)));
  }
  if (report.passed()) print(fmt::format("  {} controls passed\n", report.checks.size()));
  print(fmt::format("report: {}\n", (target / "report.html").string()));
}

void print_object(const ActivationReport& report, const fs::path& target) {
  auto verdicts = nlohmann::ordered_json::array();
  for (const Verdict& verdict : report.verdicts) verdicts.push_back(verdict.statement);
  auto checks = nlohmann::ordered_json::array();
  for (const Check& check : report.checks) {
    checks.push_back({{"name", check.name},
                      {"measured", json_number(check.measured)},
                      {"allowed", json_number(check.allowed)},
                      {"passed", check.passed()}});
  }
  nlohmann::ordered_json object;
  object["activation"] = report.facts.text;
  object["report"] = (target / "report.html").string();
  object["data"] = (target / "report.json").string();
  object["passed"] = report.passed();
  object["checks"] = std::move(checks);
  object["verdicts"] = std::move(verdicts);
  print_json(object);
}

Exit run_validate(const ValidateCommand& command) {
  const ValidateOptions options = read_options(command);
  const ThreadLimit threads(command.common.threads);
  const Activation sigma = activation(command.activation);
  const InterruptGuard guard;
  StagedFolder folder(command.out);
  Progress progress(Progress::Output::terminal);
  const ActivationReport report = validate_activation(sigma, command.activation, options, progress);
  write_tables(report, folder.path() / "tables");
  const ReportDrawings drawings = write_figures(report_figures(report), folder.path() / "figures", progress);
  write_file_atomically(folder.path() / "report.json", to_json(report));
  plots::write_page(report_page(report, drawings), folder.path() / "report.html");
  throw_if_interrupted();
  folder.commit();
  progress.finish();
  command.common.json ? print_object(report, folder.target()) : print_summary(report, folder.target());
  return report.passed() ? Exit::done : Exit::check_failed;
}

}  // namespace

void add_validate(CommandLine& line) {
  auto options = std::make_shared<ValidateCommand>();
  line.verb("validate", "the full report on one activation", [options] { return run_validate(*options); })
      .argument("ACT", options->activation, "a name or an expression in x")
      .required("--out", "DIR", options->out, "folder of the report; made if need be")
      .option("--data", "SET", options->data, "data set (default fashion-mnist:test)")
      .option("--points", "N", options->points, "sample size, 8 to 2048 (default 512)")
      .option("--degree", "Q", options->degree, "degree of the sketch, 1 to 64 (default 8)")
      .option("--dims", "LIST", options->dimensions, "dimensions of the feature maps (default 256,512,...,8192)")
      .option("--seeds", "N", options->seeds, "feature maps drawn for each dimension (default 15)")
      .option("--seed", "S", options->seed, "seed of everything random (default 1)")
      .common(options->common)
      .footer(
          "Examples:\n"
          "  nke validate gelu --out report\n"
          "  nke validate \"x*tanh(log(1+exp(x)))\" --out report --data fashion-mnist:train --points 1024\n"
          "Exit status 1 if a control of the report fails. See docs/validate.md for what each number means.");
}

}  // namespace nke::cli
