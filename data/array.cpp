// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include <nke/data/array.hpp>
#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

// Calls f with a value of the C++ type behind `type`, so that a loop over elements is written once for all ten.
template <class F>
decltype(auto) with_type(ElementType type, F&& f) {
  switch (type) {
    case ElementType::float32: return f(float{});
    case ElementType::float64: return f(double{});
    case ElementType::int8: return f(std::int8_t{});
    case ElementType::int16: return f(std::int16_t{});
    case ElementType::int32: return f(std::int32_t{});
    case ElementType::int64: return f(std::int64_t{});
    case ElementType::uint8: return f(std::uint8_t{});
    case ElementType::uint16: return f(std::uint16_t{});
    case ElementType::uint32: return f(std::uint32_t{});
    case ElementType::uint64: break;
  }
  return f(std::uint64_t{});
}

template <class T>
double exactly(T value, std::size_t row, std::size_t column) {
  if constexpr (std::is_integral_v<T> && sizeof(T) == 8) {
    constexpr T limit = T{1} << 53;
    bool exact = value <= limit;
    if constexpr (std::is_signed_v<T>) exact = exact && value >= -limit;
    if (!exact) {
      throw DomainError("the integer " + std::to_string(value) + " at row " + std::to_string(row + 1) + ", column " +
                        std::to_string(column + 1) + " is beyond 2^53 and would be rounded as a double");
    }
  }
  return static_cast<double>(value);
}

Matrix rows_as_matrix(const Array& array, std::size_t rows, std::size_t columns) {
  Matrix matrix(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
  with_type(array.type(), [&]<class T>(T) {
    const std::span<const T> values = array.values<T>();
    double* out = matrix.data();
    for (std::size_t i = 0; i < values.size(); ++i) out[i] = exactly(values[i], i / columns, i % columns);
  });
  return matrix;
}

template <class Scalar, class Rows>
Array matrix_as_array(const Rows& matrix, Shape shape) {
  Array array(std::move(shape), detail::ElementOf<Scalar>::type);
  const std::span<Scalar> out = array.values<Scalar>();
  const auto columns = static_cast<std::size_t>(matrix.cols());
  if (columns == 0) return array;
  for (Eigen::Index row = 0; row < matrix.rows(); ++row) {
    // A Ref's rows are contiguous, but the rows need not follow one another.
    std::memcpy(&out[static_cast<std::size_t>(row) * columns], matrix.row(row).data(), columns * sizeof(Scalar));
  }
  return array;
}

Shape shape_of(Eigen::Index rows, Eigen::Index columns) {
  return {static_cast<std::size_t>(rows), static_cast<std::size_t>(columns)};
}

}  // namespace

std::size_t element_size(ElementType type) {
  return with_type(type, [](auto zero) { return sizeof zero; });
}

const char* element_name(ElementType type) {
  switch (type) {
    case ElementType::float32: return "float32";
    case ElementType::float64: return "float64";
    case ElementType::int8: return "int8";
    case ElementType::int16: return "int16";
    case ElementType::int32: return "int32";
    case ElementType::int64: return "int64";
    case ElementType::uint8: return "uint8";
    case ElementType::uint16: return "uint16";
    case ElementType::uint32: return "uint32";
    case ElementType::uint64: break;
  }
  return "uint64";
}

std::string to_string(const Shape& shape) {
  std::string text = "(";
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    text += (axis == 0 ? "" : ", ") + std::to_string(shape[axis]);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

std::size_t element_count(const Shape& shape, ElementType type) {
  std::size_t room = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max()) / element_size(type);
  std::size_t count = 1;
  for (const std::size_t length : shape) {
    if (length > room) {
      throw LimitError("an array of shape " + to_string(shape) + " and type " + element_name(type) +
                       " has more bytes than 63 bits can count");
    }
    if (length != 0) room /= length;
    count *= length;
  }
  return count;
}

Array::Array(Shape shape, ElementType type)
    : shape_(std::move(shape)), type_(type), bytes_(element_count(shape_, type_) * element_size(type_)) {}

Array::Array(Shape shape, ElementType type, std::vector<std::byte> bytes)
    : shape_(std::move(shape)), type_(type), bytes_(std::move(bytes)) {
  const std::size_t wanted = element_count(shape_, type_) * element_size(type_);
  if (bytes_.size() != wanted) {
    throw ShapeError("an array of shape " + to_string(shape_) + " and type " + element_name(type_) + " has " +
                     std::to_string(wanted) + " bytes, not " + std::to_string(bytes_.size()));
  }
}

void Array::require_type(ElementType wanted) const {
  if (wanted != type_) {
    throw ShapeError(std::string("the array holds ") + element_name(type_) + ", not " + element_name(wanted));
  }
}

Matrix to_matrix(const Array& array) {
  const Shape& shape = array.shape();
  if (shape.size() != 2) {
    throw ShapeError("points are an array (n, d); this one has shape " + to_string(shape));
  }
  return rows_as_matrix(array, shape[0], shape[1]);
}

Matrix flattened_rows(const Array& array) {
  const Shape& shape = array.shape();
  if (shape.size() < 2) {
    throw ShapeError("points are an array (n, d) or (n, ...); this one has shape " + to_string(shape));
  }
  const std::size_t columns = element_count(Shape(shape.begin() + 1, shape.end()), array.type());
  return rows_as_matrix(array, shape[0], columns);
}

Images to_images(const Array& array) {
  const Shape& shape = array.shape();
  if (shape.size() != 3 && shape.size() != 4) {
    throw ShapeError("images are an array (n, height, width) or (n, height, width, channels); this one has shape " +
                     to_string(shape));
  }
  const auto axis = [&](std::size_t i) { return static_cast<Eigen::Index>(shape[i]); };
  return {flattened_rows(array), axis(1), axis(2), shape.size() == 4 ? axis(3) : 1};
}

Array to_array(const Eigen::Ref<const Matrix>& matrix) {
  return matrix_as_array<double>(matrix, shape_of(matrix.rows(), matrix.cols()));
}

Array to_array(const Eigen::Ref<const MatrixF>& matrix) {
  return matrix_as_array<float>(matrix, shape_of(matrix.rows(), matrix.cols()));
}

Array to_array(const Images& images) {
  if (images.height * images.width * images.channels != images.pixels.cols()) {
    throw ShapeError("images of " + std::to_string(images.height) + " x " + std::to_string(images.width) + " x " +
                     std::to_string(images.channels) + " do not have " + std::to_string(images.pixels.cols()) +
                     " values each");
  }
  const auto length = [](Eigen::Index n) { return static_cast<std::size_t>(n); };
  return matrix_as_array<double>(
      images.pixels, {length(images.count()), length(images.height), length(images.width), length(images.channels)});
}

}  // namespace nke
