// SPDX-License-Identifier: Apache-2.0
// The bytes inside a gzip stream, checked against its own length and CRC-32.
#pragma once

#include <memory>

#include <nke/data/byte_source.hpp>

namespace nke {

/// Takes a source that is at_gzip() and gives the source of what it holds.
std::unique_ptr<ByteSource> gunzip(std::unique_ptr<ByteSource> compressed);

}  // namespace nke
