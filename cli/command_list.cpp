// SPDX-License-Identifier: Apache-2.0
// nke list: every named activation, its expression, its parameters, and whether its dual has a closed form.
#include <memory>

#include <nlohmann/json.hpp>

#include <nke/exact/activation/named.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/verify/version.hpp>

#include "closed_forms_page.hpp"
#include "commands.hpp"
#include "output.hpp"

namespace nke::cli {
namespace {

std::string_view closed_form_text(const NamedActivation& row) {
  return row.closed_form == ClosedFormClass::in ? "yes" : "no";
}

std::string parameters_text(const NamedActivation& row) {
  std::string text;
  for (const NamedParameter& parameter : row.parameters) {
    text += (text.empty() ? "" : ", ") + std::string(parameter.name) + "=" + std::string(parameter.default_value);
  }
  return text;
}

void print_table() {
  std::vector<std::vector<std::string>> rows = {{"name", "parameters", "closed form", "expression"}};
  for (const NamedActivation& row : named_activations()) {
    rows.push_back(
        {std::string(row.name), parameters_text(row), std::string(closed_form_text(row)), std::string(row.expression)});
  }
  print(aligned(rows, {false, false, false, false}));
  print(
      "\nclosed form: whether the dual belongs to the class that has one; --mode fast serves both.\n"
      "Any expression in x may stand where a name stands. Sources and aliases: nke list --json\n");
}

void print_objects() {
  auto activations = nlohmann::ordered_json::array();
  for (const NamedActivation& row : named_activations()) {
    nlohmann::ordered_json parameters = nlohmann::ordered_json::array();
    for (const NamedParameter& parameter : row.parameters) {
      parameters.push_back({{"name", parameter.name}, {"default", parameter.default_value}});
    }
    nlohmann::ordered_json object;
    object["name"] = row.name;
    object["aliases"] = row.aliases;
    object["parameters"] = std::move(parameters);
    object["expression"] = row.expression;
    object["closed_form"] = row.closed_form == ClosedFormClass::in;
    object["closed_form_reason"] = row.closed_form_reason;
    object["description"] = row.description;
    object["source"] = row.source;
    activations.push_back(std::move(object));
  }
  nlohmann::ordered_json result;
  result["version"] = version();
  result["activations"] = std::move(activations);
  print_json(result);
}

struct ListOptions {
  bool json = false;
  std::string format = "text";
};

Exit run_list(const ListOptions& options) {
  if (options.format == "markdown") {
    print(closed_forms_page());
  } else if (options.format != "text") {
    throw DomainError("--format " + options.format + " is none of text, markdown");
  } else if (options.json) {
    print_objects();
  } else {
    print_table();
  }
  return Exit::done;
}

}  // namespace

void add_list(CommandLine& line) {
  auto options = std::make_shared<ListOptions>();
  line.verb("list", "every named activation", [options] { return run_list(*options); })
      .flag("--json", options->json, "print one JSON object instead of text")
      .option("--format", "FORMAT", options->format,
              "text (default), or markdown: all closed forms, derived and checked")
      .footer("Example:\n  nke list\n  nke list --format markdown > closed-forms.md");
}

}  // namespace nke::cli
