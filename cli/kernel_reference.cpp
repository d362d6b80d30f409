// SPDX-License-Identifier: Apache-2.0
// nke kernel --mode reference: one entry of a kernel matrix with proven digits.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <nke/exact/real/error.hpp>
#include <nke/kernels/reference_image_entry.hpp>
#include <nke/verify/version.hpp>

#include "kernel_options.hpp"
#include "output.hpp"
#include "proven_number.hpp"

namespace nke::cli {
namespace {

constexpr int default_digits = 30;
constexpr std::int64_t digit_limit = 100;
constexpr std::int64_t index_limit = 1'000'000'000;

struct Place {
  Eigen::Index row, column;
};

Place entry_option(const std::string& text) {
  const std::string rule = "--entry is a row and a column counted from 0, such as 0,1";
  if (text.empty()) throw DomainError("--mode reference needs an entry: " + rule);
  if (text.find_first_not_of("0123456789,") != std::string::npos) throw DomainError(rule + ", not '" + text + "'");
  const std::vector<std::int64_t> both = integer_list_option("--entry", text, 0, index_limit);
  if (both.size() != 2) throw DomainError(rule + ", not '" + text + "'");
  return {both[0], both[1]};
}

void require_among(Eigen::Index index, Eigen::Index count, const char* what, const std::string& data) {
  if (index < count) return;
  throw DomainError(fmt::format("--entry asks for {} {}, but {} has {}, counted from 0", what, index, data, count));
}

ReferenceEntry entry_of(const Network& net, const KernelOptions& options, const Place& place, int digits) {
  const ReadOptions read = kernel_read_options(options);
  const bool one = options.data2.empty();
  const std::string& other = one ? options.data : options.data2;
  if (takes_images(net)) {
    const Images x = read_images(options.data, read), second = one ? Images{} : read_images(options.data2, read);
    const Images& y = one ? x : second;
    require_among(place.row, x.count(), "row", options.data);
    require_among(place.column, y.count(), "column", other);
    return reference_image_entry(net, {x, place.row}, {y, place.column}, digits);
  }
  const Matrix x = read_points(options.data, read), second = one ? Matrix{} : read_points(options.data2, read);
  const Matrix& y = one ? x : second;
  require_among(place.row, x.rows(), "row", options.data);
  require_among(place.column, y.rows(), "column", other);
  const auto point = [](const Matrix& m, Eigen::Index row) {
    return std::span(m.data() + row * m.cols(), static_cast<std::size_t>(m.cols()));
  };
  return reference_entry(net, point(x, place.row), point(y, place.column), digits);
}

}  // namespace

Exit run_kernel_reference(const KernelOptions& options) {
  const auto refuse = [](const char* name) { throw DomainError(std::string(name) + " belongs to --mode fast"); };
  if (!options.out.empty()) refuse("--out");
  if (!options.precision.empty()) refuse("--precision");
  if (!options.max_memory.empty()) refuse("--max-memory");
  if (options.eigenvalue) refuse("--eigenvalue");
  const int digits = options.digits.empty()
                         ? default_digits
                         : static_cast<int>(integer_option("--digits", options.digits, 1, digit_limit));
  const Network net = network(options.network);
  const Place place = entry_option(options.entry);
  const ReferenceEntry found = entry_of(net, options, place, digits);
  std::vector<std::pair<std::string, ProvenNumber>> values;
  if (options.kind != "ntk") values.emplace_back("nngp", proven_number(found.nngp, digits));
  if (options.kind != "nngp") values.emplace_back("ntk", proven_number(found.ntk, digits));
  if (options.common.json) {
    nlohmann::ordered_json object;
    object["network"] = to_text(net);
    object["data"] = options.data;
    if (!options.data2.empty()) object["data2"] = options.data2;
    object["entry"] = {place.row, place.column};
    object["mode"] = options.mode;
    object["digits"] = digits;
    for (const auto& [kind, value] : values) {
      object[kind] = {{"value", json_value(value, digits)}, {"error_bound", json_number(json_bound(value, digits))}};
    }
    object["proven"] = true;
    object["version"] = version();
    print_json(object);
    return Exit::done;
  }
  for (const auto& [kind, value] : values) {
    print(fmt::format("{}({}, {}) = {} +/- {}\n", kind == "ntk" ? "Theta" : "Sigma", place.row, place.column,
                      value.text, bound_text(value.bound)));
  }
  print(fmt::format("of '{}' on {}{}, mode reference: the error is proven\n", to_text(net), options.data,
                    options.data2.empty() ? "" : " and " + options.data2));
  return Exit::done;
}

}  // namespace nke::cli
