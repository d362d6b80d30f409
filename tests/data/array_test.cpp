// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <nke/data/array.hpp>

#include "files.hpp"

using nke::Array;
using nke::ElementType;
using nke::Matrix;
using nke::Shape;
using nke::test::refusal;
using nke::test::says;

TEST_CASE("an array's shape, type and bytes agree, or there is no array [fault]") {
  CHECK(Array(Shape{2, 3}, ElementType::int16).bytes().size() == 12);
  CHECK(Array(Shape{}, ElementType::float64).size() == 1);
  CHECK(Array(Shape{5, 0}, ElementType::uint8).size() == 0);
  CHECK_THROWS_AS(Array(Shape{2}, ElementType::float32, std::vector<std::byte>(7)), nke::ShapeError);
  CHECK_THROWS_AS(Array(Shape{2}, ElementType::float32).values<double>(), nke::ShapeError);
}

TEST_CASE("a shape whose bytes cannot be counted is refused, also behind an axis of length zero [fault]") {
  constexpr std::size_t half = std::size_t{1} << 32U;
  CHECK_THROWS_AS(nke::element_count({half, half}, ElementType::uint8), nke::LimitError);
  CHECK_THROWS_AS(nke::element_count({0, half, half}, ElementType::uint8), nke::LimitError);
  CHECK_THROWS_AS(nke::element_count({std::size_t{1} << 60U}, ElementType::float64), nke::LimitError);
  CHECK(nke::element_count({(std::size_t{1} << 60U) - 1}, ElementType::float64) == (std::size_t{1} << 60U) - 1);
  CHECK(nke::element_count({0, half}, ElementType::uint8) == 0);
}

TEST_CASE("every element type becomes the double of the same value [law]") {
  const auto check = []<class T>(T low, T high) {
    Array array(Shape{1, 2}, nke::detail::ElementOf<T>::type);
    array.values<T>()[0] = low;
    array.values<T>()[1] = high;
    const Matrix matrix = nke::to_matrix(array);
    CHECK(matrix(0, 0) == static_cast<double>(low));
    CHECK(matrix(0, 1) == static_cast<double>(high));
  };
  check(-1.5F, std::numeric_limits<float>::max());
  check(-0.1, std::numeric_limits<double>::max());
  check(std::int8_t{-128}, std::int8_t{127});
  check(std::int16_t{-32768}, std::int16_t{32767});
  check(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
  check(-(std::int64_t{1} << 53), std::int64_t{1} << 53);
  check(std::uint8_t{0}, std::uint8_t{255});
  check(std::uint16_t{0}, std::uint16_t{65535});
  check(std::uint32_t{0}, std::numeric_limits<std::uint32_t>::max());
  check(std::uint64_t{0}, std::uint64_t{1} << 53U);
}

TEST_CASE("an integer that a double would round is refused, with its place [fault]") {
  Array array(Shape{2, 2}, ElementType::int64);
  array.values<std::int64_t>()[3] = -(std::int64_t{1} << 53) - 1;
  const std::string message = refusal<nke::DomainError>([&] { nke::to_matrix(array); });
  CHECK(says(message, "-9007199254740993"));
  CHECK(says(message, "row 2, column 2"));
  Array other(Shape{1, 1}, ElementType::uint64);
  other.values<std::uint64_t>()[0] = std::numeric_limits<std::uint64_t>::max();
  CHECK_THROWS_AS(nke::to_matrix(other), nke::DomainError);
}

TEST_CASE("a matrix becomes an array and comes back, also as a block of a larger one [law]") {
  Matrix whole(4, 5);
  for (Eigen::Index i = 0; i < whole.size(); ++i) whole.data()[i] = 0.5 * static_cast<double>(i);
  CHECK(nke::to_matrix(nke::to_array(whole)) == whole);
  CHECK(nke::to_matrix(nke::to_array(whole.block(1, 2, 2, 3))) == whole.block(1, 2, 2, 3));
  const nke::MatrixF single = whole.cast<float>();
  CHECK(nke::to_array(single).type() == ElementType::float32);
  CHECK(nke::to_matrix(nke::to_array(single)) == whole);
}

TEST_CASE("images keep their axes apart, and their rows are (y, x, channel) [fact]") {
  Array array(Shape{2, 3, 4, 2}, ElementType::int32);
  for (std::size_t i = 0; i < array.size(); ++i) array.values<std::int32_t>()[i] = static_cast<std::int32_t>(i);
  const nke::Images images = nke::to_images(array);
  CHECK(images.count() == 2);
  CHECK(images(1, 2, 3, 1) == ((1 * 3 + 2) * 4 + 3) * 2 + 1);
  CHECK(nke::to_array(images).shape() == array.shape());
  const nke::Images grey = nke::to_images(Array(Shape{2, 3, 4}, ElementType::uint8));
  CHECK(grey.channels == 1);
}

TEST_CASE("what is neither points nor images is refused with its shape [fault]") {
  const Array cube(Shape{2, 3, 4}, ElementType::float64);
  CHECK(says(refusal<nke::ShapeError>([&] { nke::to_matrix(cube); }), "(2, 3, 4)"));
  CHECK(nke::flattened_rows(cube).cols() == 12);
  const Array line(Shape{7}, ElementType::float64);
  CHECK(says(refusal<nke::ShapeError>([&] { nke::flattened_rows(line); }), "(7,)"));
  CHECK_THROWS_AS(nke::to_images(Array(Shape{2, 3}, ElementType::uint8)), nke::ShapeError);
  CHECK_THROWS_AS(nke::to_array(nke::Images{Matrix(2, 5), 2, 3, 1}), nke::ShapeError);
}
