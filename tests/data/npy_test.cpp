// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include <nke/data/npy.hpp>

#include "samples.hpp"

using nke::Array;
using nke::ElementType;
using nke::Matrix;
using nke::Shape;
using nke::test::contents;
using nke::test::npy;
using nke::test::put;
using nke::test::refusal;
using nke::test::says;
using nke::test::ScratchFolder;
using nke::test::source;

namespace {

Array read(const std::string& bytes, std::size_t limit = 0) {
  return nke::read_npy(*source(bytes), limit);
}

template <class T>
std::vector<T> values(const Array& array) {
  return {array.values<T>().begin(), array.values<T>().end()};
}

}  // namespace

TEST_CASE("the two orders of bytes hold the same numbers [fact]") {
  CHECK(nke::to_matrix(read(nke::test::npy_doubles())) == (Matrix(2, 3) << 1, 2, 3, 4, 5, 6).finished());
  CHECK(values<double>(read(npy(">f8", "(1,)", std::string("\x3f\xf8\0\0\0\0\0\0", 8)))) == std::vector{1.5});
  CHECK(values<float>(read(npy("<f4", "(1,)", std::string("\0\0\xc0\x3f", 4)))) == std::vector{1.5F});
  CHECK(values<float>(read(npy(">f4", "(1,)", std::string("\x3f\xc0\0\0", 4)))) == std::vector{1.5F});
  CHECK(values<std::int16_t>(read(npy("<i2", "(2,)", "\xfe\xff\x01\x02"))) == std::vector<std::int16_t>{-2, 513});
  CHECK(values<std::int16_t>(read(npy(">i2", "(2,)", "\xff\xfe\x02\x01"))) == std::vector<std::int16_t>{-2, 513});
  CHECK(values<std::uint32_t>(read(npy(">u4", "(1,)", "\x80\x01\x02\x03"))) == std::vector<std::uint32_t>{0x80010203U});
  CHECK(values<std::int64_t>(read(npy(">i8", "(1,)", std::string(8, '\xff')))) == std::vector<std::int64_t>{-1});
}

TEST_CASE("single bytes and booleans need no order [fact]") {
  CHECK(values<std::uint8_t>(read(npy("|u1", "(2,)", "\x01\xff"))) == std::vector<std::uint8_t>{1, 255});
  CHECK(values<std::int8_t>(read(npy("|i1", "(2,)", "\x01\xff"))) == std::vector<std::int8_t>{1, -1});
  CHECK(values<std::uint8_t>(read(npy("|b1", "(2,)", std::string("\x01\x00", 2)))) == std::vector<std::uint8_t>{1, 0});
  CHECK(says(refusal([] { read(npy("|b1", "(2,)", "\x01\x02")); }), "a boolean is neither 0 nor 1 (at byte 129)"));
}

TEST_CASE("every half becomes the float of its value [law]") {
  std::string elements;
  for (std::uint64_t half = 0; half < 65536; ++half) elements += nke::test::little_endian(half, 2);
  const Array array = read(npy("<f2", "(65536,)", elements));
  REQUIRE(array.type() == ElementType::float32);
  const auto widened = array.values<float>();
  for (unsigned half = 0; half < 65536; ++half) {  // by the formula of IEEE 754: (-1)^s 2^(e-15) (1 + f/1024)
    const int exponent = static_cast<int>(half >> 10U & 31U);
    const double fraction = static_cast<double>(half & 1023U) / 1024;
    const double sign = half < 32768 ? 1 : -1;
    CAPTURE(half);
    if (exponent == 31 && fraction > 0) {
      CHECK(std::isnan(widened[half]));
      continue;
    }
    const double value = exponent == 31  ? std::numeric_limits<double>::infinity()
                         : exponent == 0 ? std::ldexp(fraction, -14)
                                         : std::ldexp(1 + fraction, exponent - 15);
    REQUIRE(static_cast<double>(widened[half]) == sign * value);
    REQUIRE(std::signbit(widened[half]) == (sign < 0));
  }
}

TEST_CASE("Fortran order is turned into C order, for any number of axes [law]") {
  CHECK(values<std::uint8_t>(read(npy("|u1", "(2, 3)", "\x01\x04\x02\x05\x03\x06", true))) ==
        std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6});
  // Element (i, j, k) of a (2, 3, 4) array holds 100 i + 10 j + k; in Fortran order i runs fastest.
  std::string elements;
  for (int k = 0; k < 4; ++k) {
    for (int j = 0; j < 3; ++j) {
      for (int i = 0; i < 2; ++i) elements += static_cast<char>(100 * i + 10 * j + k);
    }
  }
  const Array array = read(npy("|u1", "(2, 3, 4)", elements, true));
  for (int i = 0; i < 2; ++i) {
    for (int j = 0; j < 3; ++j) {
      for (int k = 0; k < 4; ++k) {
        CHECK(array.values<std::uint8_t>()[static_cast<std::size_t>((i * 3 + j) * 4 + k)] == 100 * i + 10 * j + k);
      }
    }
  }
  CHECK(values<std::uint8_t>(read(npy("|u1", "(2, 3)", "\x01\x04\x02\x05\x03\x06", true), 1)) ==
        std::vector<std::uint8_t>{1, 2, 3});
}

TEST_CASE("all three versions are read, and no others [fact]") {
  for (const int version : {1, 2, 3}) CHECK(read(npy("|u1", "(1,)", "x", false, version)).size() == 1);
  CHECK(says(refusal([] { read(npy("|u1", "(1,)", "x", false, 4)); }), ".npy version 4.0 is not known"));
}

TEST_CASE("a limit takes the first entries, and more than there are is all of them [fact]") {
  CHECK(read(nke::test::npy_doubles(), 1).shape() == Shape{1, 3});
  CHECK(read(nke::test::npy_doubles(), 9).shape() == Shape{2, 3});
  CHECK(read(npy("|u1", "()", "x"), 1).shape() == Shape{});
  CHECK(read(npy("|u1", "(0, 7)", ""), 1).shape() == Shape{0, 7});
}

TEST_CASE("the header may be spaced and ordered as it likes [fact]") {
  for (const char* header : {"'shape':(1,),'descr':'|u1','fortran_order':False",
                             "\"descr\": \"|u1\", 'fortran_order': False, 'shape': (1L,),",
                             "  'fortran_order' :True , 'shape' : ( 1 , ) , 'descr' : '|u1'  "}) {
    CAPTURE(header);
    CHECK(values<std::uint8_t>(read(npy(header, "\x05"))) == std::vector<std::uint8_t>{5});
  }
}

TEST_CASE("a header that is not exactly the format's is refused for its reason [fault]") {
  const auto message = [](const std::string& fields) {
    return refusal([&] { read(npy(fields, std::string(64, '\0'))); });
  };
  const std::string rest = "'fortran_order': False, 'shape': (1,), ";
  CHECK(says(message("'descr': '|O', " + rest), "Python objects are not read"));
  CHECK(says(message("'descr': 'O8', " + rest), "Python objects are not read"));
  CHECK(says(message("'descr': [('x', '<f8')], " + rest), "structured elements are not read"));
  CHECK(says(message("'descr': '<c8', " + rest), "'<c8' are not read"));
  CHECK(says(message("'descr': '=f8', " + rest), "'=f8' are not read"));
  CHECK(says(message("'descr': '|f8', " + rest), "'|f8' are not read"));
  CHECK(says(message("'descr': '<f16', " + rest), "'<f16' are not read"));
  CHECK(says(message(rest), "no 'descr'"));
  CHECK(says(message("'descr': '<f8', 'shape': (1,), "), "no 'fortran_order'"));
  CHECK(says(message("'descr': '<f8', 'fortran_order': False"), "no 'shape'"));
  CHECK(says(message("'descr': '<f8', 'descr': '<f8', " + rest), "says this twice"));
  CHECK(says(message("'descr': '<f8', " + rest + "'fortran_order': True"), "says this twice"));
  CHECK(says(message("'descr': '<f8', " + rest + "'shape': (1,)"), "says this twice"));
  CHECK(says(message("'descr': '<f8', 'colour': 'red', " + rest), "unknown key 'colour'"));
  CHECK(says(message("'descr': '<f8', 'fortran_order': 0, 'shape': (1,)"), "True or False"));
  CHECK(says(message("'descr': '<f8', 'fortran_order': False, 'shape': (8)"), "written (n,)"));
  CHECK(says(message("'descr': '<f8', 'fortran_order': False, 'shape': (-1,)"), "a length is expected"));
  CHECK(says(message("'descr': '<f8', 'fortran_order': False, 'shape': (2, 2**3)"), "')' is expected"));
  CHECK(says(message("'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)"), "64 bits"));
  CHECK(says(message("'descr': '<f8', 'fortran_order': False, 'shape': (1,)} {"), "goes on after its closing brace"));
  CHECK(says(message("'descr': '<f8"), "the quotes are never closed"));
  std::string axes;
  for (int i = 0; i < 33; ++i) axes += "1,";
  CHECK(says(message("'descr': '<f8', 'fortran_order': False, 'shape': (" + axes + ")"), "more than 32 axes"));
}

TEST_CASE("a shape that no memory holds is refused at once [fault]") {
  const auto bytes = [](const std::string& shape) { return npy("<f8", shape, "xxxxxxxx"); };
  CHECK_THROWS_AS(read(bytes("(4294967296, 4294967296)")), nke::LimitError);
  CHECK_THROWS_AS(read(bytes("(0, 4294967296, 4294967296)")), nke::LimitError);
  CHECK(says(refusal([&] { read(bytes("(1000000000000,)")); }), "truncated"));
  std::string long_header = npy("<f8", "(1,)", "xxxxxxxx", false, 2);
  long_header[11] = '\x7f';
  CHECK(says(refusal([&] { read(long_header); }), "is not sound"));
}

TEST_CASE("what is written is the format to the byte [fact]") {
  const ScratchFolder folder;
  nke::write_npy(folder / "a.npy", (Matrix(2, 3) << 1, 2, 3, 4, 5, 6).finished());
  CHECK(contents(folder / "a.npy") == nke::test::npy_doubles());
  Array bytes(Shape{3}, ElementType::uint8);
  bytes.values<std::uint8_t>()[2] = 7;
  nke::write_npy(folder / "b.npy", bytes);
  CHECK(contents(folder / "b.npy") == npy("|u1", "(3,)", std::string("\0\0\7", 3)));
  nke::write_npy(folder / "c.npy", Array(Shape{}, ElementType::int16));
  CHECK(contents(folder / "c.npy") == npy("<i2", "()", std::string(2, '\0')));
}

TEST_CASE("every type and shape comes back from its file [law]") {
  const ScratchFolder folder;
  for (int type = 0; type <= static_cast<int>(ElementType::uint64); ++type) {
    for (const Shape& shape : {Shape{}, Shape{5}, Shape{2, 3}, Shape{2, 0, 3}, Shape{2, 3, 2, 2}}) {
      Array array(shape, static_cast<ElementType>(type));
      std::size_t i = 0;
      for (std::byte& byte : array.bytes()) byte = static_cast<std::byte>(++i * 37 % 256);
      nke::write_npy(folder / "x.npy", array);
      CHECK(nke::read_npy(folder / "x.npy") == array);
    }
  }
}

TEST_CASE("a block of a matrix, a float matrix and an empty one are written as they are [law]") {
  const ScratchFolder folder;
  Matrix whole(4, 5);
  for (Eigen::Index i = 0; i < whole.size(); ++i) whole.data()[i] = 0.25 * static_cast<double>(i);
  nke::write_npy(folder / "block.npy", whole.block(1, 1, 3, 2));
  CHECK(nke::to_matrix(nke::read_npy(folder / "block.npy")) == whole.block(1, 1, 3, 2));
  nke::write_npy(folder / "float.npy", nke::MatrixF(whole.cast<float>()));
  CHECK(nke::read_npy(folder / "float.npy").type() == ElementType::float32);
  CHECK(nke::to_matrix(nke::read_npy(folder / "float.npy")) == whole);
  nke::write_npy(folder / "empty.npy", Matrix(0, 5));
  CHECK(nke::read_npy(folder / "empty.npy").shape() == Shape{0, 5});
}

TEST_CASE("a write that fails leaves no file [fault]") {
  const ScratchFolder folder;
  CHECK_THROWS_AS(nke::write_npy(folder / "none/a.npy", Matrix(1, 1)), nke::DataError);
  CHECK(folder.entries() == 0);
}
