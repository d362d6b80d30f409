// SPDX-License-Identifier: Apache-2.0
// What do points, images and arrays look like in memory?
//
// Definition  Matrix and MatrixF: (n, d), one point a row, rows contiguous. Images: (n, height, width, channels), the
//             channels of a pixel together. Array: any number of axes and one of ten element types, the last axis
//             fastest; what an .npy or IDX file holds, before anybody decides what it means.
// Domain      An Array has at most 2^63 - 1 bytes. Conversion to Matrix refuses integers beyond ±2^53, which a double
//             would round.
// Error       ShapeError names the shape there is and the shapes that would do.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nke {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using MatrixF = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

enum class ElementType { float32, float64, int8, int16, int32, int64, uint8, uint16, uint32, uint64 };

/// Bytes of one element.
std::size_t element_size(ElementType type);
/// "float32", "uint8", ...
const char* element_name(ElementType type);

using Shape = std::vector<std::size_t>;

/// "(60000, 28, 28)"
std::string to_string(const Shape& shape);

/// The number of elements; LimitError if their bytes cannot be counted in 63 bits (a zero axis does not excuse others).
std::size_t element_count(const Shape& shape, ElementType type);

namespace detail {
template <class T>
struct ElementOf;
// clang-format off
template <> struct ElementOf<float>         { static constexpr ElementType type = ElementType::float32; };
template <> struct ElementOf<double>        { static constexpr ElementType type = ElementType::float64; };
template <> struct ElementOf<std::int8_t>   { static constexpr ElementType type = ElementType::int8; };
template <> struct ElementOf<std::int16_t>  { static constexpr ElementType type = ElementType::int16; };
template <> struct ElementOf<std::int32_t>  { static constexpr ElementType type = ElementType::int32; };
template <> struct ElementOf<std::int64_t>  { static constexpr ElementType type = ElementType::int64; };
template <> struct ElementOf<std::uint8_t>  { static constexpr ElementType type = ElementType::uint8; };
template <> struct ElementOf<std::uint16_t> { static constexpr ElementType type = ElementType::uint16; };
template <> struct ElementOf<std::uint32_t> { static constexpr ElementType type = ElementType::uint32; };
template <> struct ElementOf<std::uint64_t> { static constexpr ElementType type = ElementType::uint64; };
// clang-format on
}  // namespace detail

class Array {
 public:
  Array() : Array(Shape{0}, ElementType::float64) {}
  /// All zeros.
  Array(Shape shape, ElementType type);
  /// `bytes` are the elements in the machine's byte order; their number must be what shape and type say.
  Array(Shape shape, ElementType type, std::vector<std::byte> bytes);

  const Shape& shape() const noexcept { return shape_; }
  ElementType type() const noexcept { return type_; }
  std::size_t size() const noexcept { return bytes_.size() / element_size(type_); }
  std::span<const std::byte> bytes() const noexcept { return bytes_; }
  std::span<std::byte> bytes() noexcept { return bytes_; }

  /// The elements as T; ShapeError if they are of another type.
  template <class T>
  std::span<const T> values() const {
    require_type(detail::ElementOf<T>::type);
    return {reinterpret_cast<const T*>(bytes_.data()), size()};
  }
  template <class T>
  std::span<T> values() {
    require_type(detail::ElementOf<T>::type);
    return {reinterpret_cast<T*>(bytes_.data()), size()};
  }

  friend bool operator==(const Array&, const Array&) = default;

 private:
  void require_type(ElementType wanted) const;

  Shape shape_;
  ElementType type_;
  std::vector<std::byte> bytes_;
};

/// n images; row i of `pixels` is image i, its column (y * width + x) * channels + c the pixel's channel c.
struct Images {
  Matrix pixels;
  Eigen::Index height = 0;
  Eigen::Index width = 0;
  Eigen::Index channels = 0;

  Eigen::Index count() const noexcept { return pixels.rows(); }
  double operator()(Eigen::Index image, Eigen::Index y, Eigen::Index x, Eigen::Index channel) const {
    return pixels(image, (y * width + x) * channels + channel);
  }
};

/// An (n, d) Array as points; ShapeError for any other number of axes.
Matrix to_matrix(const Array& array);
/// The rows of an Array of two or more axes, each flattened: (n, h, w) becomes (n, h*w).
Matrix flattened_rows(const Array& array);
/// An (n, h, w) or (n, h, w, c) Array as images; ShapeError otherwise. Values are taken as they are.
Images to_images(const Array& array);

Array to_array(const Eigen::Ref<const Matrix>& matrix);
Array to_array(const Eigen::Ref<const MatrixF>& matrix);
/// Shape (n, height, width, channels).
Array to_array(const Images& images);

}  // namespace nke
