// SPDX-License-Identifier: Apache-2.0
// Tables as JSON values, for the sources of this floor that put them into larger objects. Not installed.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include <nke/verify/table.hpp>

namespace nke {

/// A number, or "nan", "inf", "-inf": JSON has no words for those.
nlohmann::ordered_json json_of(double value);
nlohmann::ordered_json json_of(const Cell& cell);
nlohmann::ordered_json json_of(const Provenance& provenance);
nlohmann::ordered_json json_of(const Table& table);

/// Text of a JSON value; indent < 0 puts it on one line.
std::string dump(const nlohmann::ordered_json& value, int indent);

}  // namespace nke
