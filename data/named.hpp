// SPDX-License-Identifier: Apache-2.0
// How does a user say which points? One text, the same in C++, in Python and on the command line.
//
// Definition  "fashion-mnist[:train|:test]"     the Debian package dataset-fashion-mnist,
//                                               or $NKE_DATASETS/fashion-mnist
//             "cifar10:DIR[:train|:test]"       the published binary batches in DIR
//             "gaussian(n,d)", "sphere(n,d)"    synthetic.hpp, from options.seed
//             a path: .npy, .csv .txt .tsv, .idx or ...-idxN-ubyte, .libsvm .svm; each may be gzipped (.gz)
//             Without :train or :test it is the training part.
// Scale       Images of unsigned bytes (CIFAR-10; IDX and npy of three or more axes) are divided by 255 and flattened
//             to rows of height*width*channels; everything else is taken as it is.
// Error       DataError says what is wrong and where, and for a name what would make it right; NaN and infinities are
//             refused with row and column. LimitError: sparse points that would make more than 2^30 dense entries.
// Cost        A limit reads only what it needs (a shuffled order needs everything).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nke/data/array.hpp>

namespace nke {

enum class RowOrder {
  stored,    // as in the file
  shuffled,  // a random order, from the seed: with a limit, a random sample without replacement
};

struct ReadOptions {
  std::size_t limit = 0;   // rows; 0: all of them
  std::uint64_t seed = 0;  // of synthetic points and of a shuffled order
  RowOrder order = RowOrder::stored;
};

/// Of points that are images: each row is (height, width, channels) flattened.
struct ImageShape {
  Eigen::Index height = 0;
  Eigen::Index width = 0;
  Eigen::Index channels = 0;
};

struct DataSet {
  Matrix points;            // (n, d)
  std::vector<int> labels;  // n of them; empty if the source has no classes
  std::string name;         // the text that was asked for
  std::optional<ImageShape> image;
};

DataSet read_data_set(std::string_view source, const ReadOptions& options = {});

/// The points alone: (n, d), rows are points.
Matrix read_points(std::string_view source, const ReadOptions& options = {});

/// The points as (n, height, width, channels); ShapeError if the source holds no images.
Images read_images(std::string_view source, const ReadOptions& options = {});

}  // namespace nke
