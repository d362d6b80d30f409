// SPDX-License-Identifier: Apache-2.0
// How does CIFAR-10 come in, as its authors publish it in binary?
//
// Definition  A batch is a row of records of 3073 bytes: a label 0..9, then 32 x 32 reds, greens and blues. The
//             training part is data_batch_1.bin to data_batch_5.bin, the test part test_batch.bin. Images come out as
//             (n, 32, 32, 3) with values in [0, 1] (byte / 255).
// Error       DataError with the byte where a label is none or a record is cut; a batch of more than 100 000 records,
//             ten times a published one, is refused.
// Cost        One pass over the bytes; a limit reads only its images.
// Source      https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version".
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include <nke/data/array.hpp>

namespace nke {

class ByteSource;

/// Which half of a published data set.
enum class Part { train, test };

struct LabelledImages {
  Images images;
  std::vector<int> labels;
};

/// The first `limit` records of one batch (0: all of them).
LabelledImages read_cifar10_batch(ByteSource& source, std::size_t limit = 0);

/// A part from the folder of the batches, or the one that holds their folder cifar-10-batches-bin.
LabelledImages read_cifar10(const std::filesystem::path& folder, Part part, std::size_t limit = 0);

}  // namespace nke
