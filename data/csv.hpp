// SPDX-License-Identifier: Apache-2.0
// How do tables of numbers come in from text, and go out?
//
// Definition  One point a line; fields are separated by ';', ',', a tab or blanks, whichever of these (in this order)
//             the first line has. '#' starts a comment. The first line is a header if none of its fields is a number.
//             Header fields may be in double quotes; numbers may not. Decimal point, whatever the locale; .gz too.
// Degenerate  A file without a data line gives 0 rows.
// Error       DataError "FILE: line 3, column 2: ..." for a ragged row, an empty field, a field that is no number, NaN,
//             infinity, or a magnitude outside the range of a double.
// Cost        One pass over the text; a limit reads only its rows.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <nke/data/array.hpp>

namespace nke {

class ByteSource;

struct CsvTable {
  std::vector<std::string> columns;  // names; empty if the file has no header
  Matrix values;
};

/// The first `limit` rows (0: all of them).
CsvTable read_csv(ByteSource& source, std::size_t limit = 0);
CsvTable read_csv(const std::filesystem::path& file, std::size_t limit = 0);

/// The rows as text, each number in the fewest digits that read back to the same double. NaN and infinities, which
/// read_csv would refuse, are refused here. Names are put in quotes where read_csv needs them.
void write_csv(const std::filesystem::path& file, const Eigen::Ref<const Matrix>& values,
               const std::vector<std::string>& columns = {});

}  // namespace nke
