// SPDX-License-Identifier: Apache-2.0
// How do sparse points come in from LIBSVM's text?
//
// Definition  One point a line: a label, then index:value pairs with indices from 1, strictly increasing; what is not
//             there is 0. '#' starts a comment, a qid:N pair is skipped. Column j of the result holds index j + 1.
// Degenerate  A line with a label and no pair is a point of zeros.
// Error       DataError "FILE: line 3, column 2: ..." (columns count the fields of the line) for a field that is no
//             pair, an index that is 0, not larger than the one before or beyond `columns`, a number that is not
//             finite.
// Source      https://www.csie.ntu.edu.tw/~cjlin/libsvm/, README, "Usage of svm-train".
#pragma once

#include <Eigen/SparseCore>
#include <cstddef>
#include <filesystem>
#include <vector>

namespace nke {

class ByteSource;

struct LibsvmData {
  Eigen::SparseMatrix<double, Eigen::RowMajor> points;  // (n, d)
  std::vector<double> labels;
};

struct LibsvmOptions {
  std::size_t limit = 0;    // rows; 0: all of them
  std::size_t columns = 0;  // d; 0: the largest index there is
};

LibsvmData read_libsvm(ByteSource& source, const LibsvmOptions& options = {});
LibsvmData read_libsvm(const std::filesystem::path& file, const LibsvmOptions& options = {});

}  // namespace nke
