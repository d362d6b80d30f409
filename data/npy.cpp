// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <nke/data/atomic_file.hpp>
#include <nke/data/byte_source.hpp>
#include <nke/data/npy.hpp>
#include <nke/exact/real/error.hpp>

#include "byte_order.hpp"
#include "npy_header.hpp"

namespace nke {
namespace {

constexpr std::string_view magic = "\x93NUMPY";

std::string_view as_text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

NpyHeader read_header(ByteSource& source) {
  // Only structured types, which are refused, have longer headers.
  constexpr std::uint64_t longest_header = 1U << 16U;
  const std::vector<std::byte> start = source.read_exactly(magic.size() + 2, "the .npy signature");
  if (!as_text(start).starts_with(magic)) {
    throw DataError(source.name(), 0, "not an .npy file: it does not begin with \\x93NUMPY");
  }
  const auto major = std::to_integer<unsigned>(start[magic.size()]);
  const auto minor = std::to_integer<unsigned>(start[magic.size() + 1]);
  if (major < 1 || major > 3 || minor != 0) {
    throw DataError(source.name(), magic.size(),
                    ".npy version " + std::to_string(major) + "." + std::to_string(minor) + " is not known");
  }
  const std::vector<std::byte> length_bytes = source.read_exactly(major == 1 ? 2 : 4, "the length of the header");
  const std::uint64_t length = unsigned_from(length_bytes, std::endian::little);
  if (length > longest_header) {
    throw DataError(source.name(), magic.size() + 2, "a header of " + std::to_string(length) + " bytes is not sound");
  }
  const std::uint64_t offset = source.offset();
  const std::vector<std::byte> header = source.read_exactly(length, "the header");
  return parse_npy_header(as_text(header), source.name(), offset);
}

// Sign, five bits of exponent, ten of fraction; every half is a float.
float widen_half(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000U) << 16U;
  const std::uint32_t exponent = half >> 10U & 0x1FU;
  const std::uint32_t fraction = half & 0x3FFU;
  if (exponent == 0) {  // zero and subnormals: fraction * 2^-24
    const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
    return std::bit_cast<float>(std::bit_cast<std::uint32_t>(magnitude) | sign);
  }
  const std::uint32_t widened = exponent == 0x1F ? 0xFFU : exponent + 112;
  return std::bit_cast<float>(sign | widened << 23U | fraction << 13U);
}

std::vector<std::byte> widen_halves(const std::vector<std::byte>& halves) {
  std::vector<std::byte> floats(2 * halves.size());
  for (std::size_t i = 0; i < halves.size() / 2; ++i) {
    std::uint16_t half = 0;
    std::memcpy(&half, &halves[2 * i], sizeof half);
    const float value = widen_half(half);
    std::memcpy(&floats[4 * i], &value, sizeof value);
  }
  return floats;
}

// The bytes of an array whose first axis runs fastest, rearranged so that its last one does.
std::vector<std::byte> from_fortran_order(const std::vector<std::byte>& bytes, const Shape& shape, std::size_t size) {
  const std::size_t axes = shape.size();
  std::vector<std::size_t> stride(axes);
  std::size_t step = size;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    stride[axis] = step;
    step *= shape[axis];
  }
  std::vector<std::byte> out(bytes.size());
  std::vector<std::size_t> index(axes);
  std::size_t from = 0;
  for (std::size_t to = 0; to < out.size(); to += size) {
    std::memcpy(&out[to], &bytes[from], size);
    for (std::size_t axis = axes; axis-- > 0;) {  // the next index, as an odometer counts
      from += stride[axis];
      if (++index[axis] < shape[axis]) break;
      from -= stride[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

void require_booleans(const ByteSource& source, std::uint64_t offset, const std::vector<std::byte>& bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] > std::byte{1}) throw DataError(source.name(), offset + i, "a boolean is neither 0 nor 1");
  }
}

std::string header_for(const Shape& shape, ElementType type) {
  const std::string name = element_name(type);
  const std::size_t size = element_size(type);
  std::string text = "{'descr': '";
  text += size == 1 ? '|' : '<';
  text += name.front();  // f, i or u
  text += std::to_string(size) + "', 'fortran_order': False, 'shape': " + to_string(shape) + ", }";
  // Signature, version and length take ten bytes; the data must begin at a multiple of 64.
  text.append(63 - (10 + text.size()) % 64, ' ');
  text += '\n';
  if (text.size() > std::numeric_limits<std::uint16_t>::max()) {
    throw LimitError("an array of " + std::to_string(shape.size()) + " axes has no .npy 1.0 header");
  }
  std::string head(magic);
  head.append({'\x01', '\x00', static_cast<char>(text.size() & 0xFFU), static_cast<char>(text.size() >> 8U)});
  return head + text;
}

void write_elements(AtomicFile& out, std::span<const std::byte> elements, std::size_t size) {
  if constexpr (std::endian::native == std::endian::little) {
    out.write(elements);
  } else {
    std::vector<std::byte> bytes(elements.begin(), elements.end());
    match_byte_order(bytes, size, std::endian::little);
    out.write(bytes);
  }
}

// Row by row unless the rows follow one another: a matrix of features may be most of the memory, and is not copied.
template <class Scalar, class Rows>
void write_matrix(const std::filesystem::path& file, const Rows& matrix) {
  const auto rows = static_cast<std::size_t>(matrix.rows());
  const auto columns = static_cast<std::size_t>(matrix.cols());
  const bool contiguous = matrix.outerStride() == matrix.cols();
  AtomicFile out(file);
  out.write(header_for({rows, columns}, detail::ElementOf<Scalar>::type));
  for (std::size_t row = 0; row < (contiguous && rows > 0 ? 1 : rows); ++row) {
    const Scalar* start = matrix.data() + static_cast<Eigen::Index>(row) * matrix.outerStride();
    write_elements(out, std::as_bytes(std::span(start, contiguous ? rows * columns : columns)), sizeof(Scalar));
  }
  out.commit();
}

}  // namespace

Array read_npy(ByteSource& source, std::size_t limit) {
  NpyHeader header = read_header(source);
  const std::size_t count = element_count(header.shape, header.type);
  Shape shape = header.shape;
  if (limit > 0 && !shape.empty()) shape[0] = std::min(shape[0], limit);
  const std::size_t wanted = element_count(shape, header.type);

  const std::size_t size = header.stored_size;
  const std::uint64_t offset = source.offset();
  std::vector<std::byte> bytes =
      source.read_payload(count * size, (header.fortran_order ? count : wanted) * size, "the array");
  match_byte_order(bytes, size, header.order);
  if (header.is_boolean) require_booleans(source, offset, bytes);
  if (header.fortran_order && header.shape.size() > 1) {
    bytes = from_fortran_order(bytes, header.shape, size);
  }
  bytes.resize(wanted * size);
  if (header.is_half) bytes = widen_halves(bytes);
  return {std::move(shape), header.type, std::move(bytes)};
}

Array read_npy(const std::filesystem::path& file, std::size_t limit) {
  return read_npy(*open_bytes(file), limit);
}

void write_npy(const std::filesystem::path& file, const Array& array) {
  AtomicFile out(file);
  out.write(header_for(array.shape(), array.type()));
  write_elements(out, array.bytes(), element_size(array.type()));
  out.commit();
}

void write_npy(const std::filesystem::path& file, const Eigen::Ref<const Matrix>& matrix) {
  write_matrix<double>(file, matrix);
}

void write_npy(const std::filesystem::path& file, const Eigen::Ref<const MatrixF>& matrix) {
  write_matrix<float>(file, matrix);
}

}  // namespace nke
