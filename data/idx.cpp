// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cstdint>
#include <utility>

#include <nke/data/byte_source.hpp>
#include <nke/data/idx.hpp>
#include <nke/exact/real/error.hpp>

#include "byte_order.hpp"

namespace nke {
namespace {

ElementType type_of(const ByteSource& source, std::byte code) {
  switch (std::to_integer<unsigned>(code)) {
    case 0x08: return ElementType::uint8;
    case 0x09: return ElementType::int8;
    case 0x0B: return ElementType::int16;
    case 0x0C: return ElementType::int32;
    case 0x0D: return ElementType::float32;
    case 0x0E: return ElementType::float64;
    default: throw DataError(source.name(), 2, "not an IDX file: its third byte names no element type");
  }
}

Shape read_shape(ByteSource& source, std::size_t axes) {
  Shape shape;
  const std::vector<std::byte> lengths = source.read_exactly(4 * axes, "the lengths of the axes");
  for (std::size_t axis = 0; axis < axes; ++axis) {
    shape.push_back(unsigned_from(std::span(lengths).subspan(4 * axis, 4), std::endian::big));
  }
  return shape;
}

template <class T>
std::vector<int> labels_from(const Array& array) {
  const auto values = array.values<T>();
  return {values.begin(), values.end()};
}

}  // namespace

Array read_idx(ByteSource& source, std::size_t limit) {
  const std::vector<std::byte> magic = source.read_exactly(4, "the IDX signature");
  if (magic[0] != std::byte{0} || magic[1] != std::byte{0}) {
    throw DataError(source.name(), 0, "not an IDX file: it does not begin with two zero bytes");
  }
  const ElementType type = type_of(source, magic[2]);
  const auto axes = std::to_integer<std::size_t>(magic[3]);
  constexpr std::size_t most_axes = 32;
  if (axes == 0 || axes > most_axes) {
    throw DataError(source.name(), 3, "not an IDX file: an array of " + std::to_string(axes) + " axes");
  }
  Shape shape = read_shape(source, axes);
  const std::size_t total = element_count(shape, type) * element_size(type);
  if (limit > 0) shape[0] = std::min(shape[0], limit);
  const std::size_t wanted = element_count(shape, type) * element_size(type);
  std::vector<std::byte> bytes = source.read_payload(total, wanted, "the array " + to_string(shape));
  match_byte_order(bytes, element_size(type), std::endian::big);
  return {std::move(shape), type, std::move(bytes)};
}

Array read_idx(const std::filesystem::path& file, std::size_t limit) {
  return read_idx(*open_bytes(file), limit);
}

std::vector<int> to_labels(const Array& array, const std::string& file) {
  if (array.shape().size() != 1) {
    throw DataError(file, "labels are an array (n,); this one has shape " + to_string(array.shape()));
  }
  switch (array.type()) {
    case ElementType::uint8: return labels_from<std::uint8_t>(array);
    case ElementType::int8: return labels_from<std::int8_t>(array);
    case ElementType::int16: return labels_from<std::int16_t>(array);
    case ElementType::int32: return labels_from<std::int32_t>(array);
    default: throw DataError(file, std::string("labels are integers, not ") + element_name(array.type()));
  }
}

}  // namespace nke
