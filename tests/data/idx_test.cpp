// SPDX-License-Identifier: Apache-2.0
#include <bit>

#include <nke/data/idx.hpp>

#include "samples.hpp"

using nke::Array;
using nke::ElementType;
using nke::Shape;
using nke::test::gzipped;
using nke::test::idx;
using nke::test::idx_images;
using nke::test::refusal;
using nke::test::says;
using nke::test::source;

namespace {

Array read(const std::string& bytes, std::size_t limit = 0) {
  return nke::read_idx(*source(bytes), limit);
}

}  // namespace

TEST_CASE("images are read, packed or not [fact]") {
  for (const std::string& bytes : {idx_images(), gzipped(idx_images())}) {
    const Array array = read(bytes);
    CHECK(array.shape() == Shape{3, 2, 2});
    for (std::size_t i = 0; i < 12; ++i) CHECK(array.values<std::uint8_t>()[i] == i);
    CHECK(read(bytes, 2).shape() == Shape{2, 2, 2});
    CHECK(read(bytes, 7).shape() == Shape{3, 2, 2});
  }
}

TEST_CASE("all six element types are read, big-endian [fact]") {
  CHECK(read(idx(0x08, {1}, "\xfe")).values<std::uint8_t>()[0] == 254);
  CHECK(read(idx(0x09, {1}, "\xfe")).values<std::int8_t>()[0] == -2);
  CHECK(read(idx(0x0B, {1}, "\x01\x02")).values<std::int16_t>()[0] == 258);
  CHECK(read(idx(0x0C, {1}, "\xff\xff\xff\xfe")).values<std::int32_t>()[0] == -2);
  const std::string float_bytes = nke::test::big_endian(std::bit_cast<std::uint32_t>(1.5F), 4);
  CHECK(read(idx(0x0D, {1}, float_bytes)).values<float>()[0] == 1.5F);
  const std::string double_bytes = nke::test::big_endian(std::bit_cast<std::uint64_t>(-0.1), 8);
  CHECK(read(idx(0x0E, {1}, double_bytes)).values<double>()[0] == -0.1);
}

TEST_CASE("what is no IDX file is told so, with the byte [fault]") {
  CHECK(says(refusal([] { read("\x93NUMPY and so on"); }), "does not begin with two zero bytes (at byte 0)"));
  CHECK(says(refusal([] { read(idx(0x0A, {1}, "x")); }), "names no element type (at byte 2)"));
  CHECK(says(refusal([] { read(idx(0x08, {}, "x")); }), "an array of 0 axes (at byte 3)"));
  CHECK(says(refusal([] { read(std::string("\0\0\x08\xff", 4) + std::string(2000, '\0')); }), "255 axes"));
  CHECK(says(refusal([] { read(idx_images() + "x"); }), "goes on (at byte 28)"));
  CHECK(says(refusal([] { read(gzipped(idx_images() + "x")); }), "goes on (at byte 28)"));
}

TEST_CASE("axes are held against the bytes there are before memory is taken [fault]") {
  constexpr std::uint64_t most = 0xFFFFFFFFU;
  CHECK(says(refusal([] { read(idx(8, {most}, "x")); }), "should have 4294967295 bytes, and there are 1"));
  CHECK(says(refusal([] { read(idx(8, {most}, "x"), 1); }), "should have 4294967295 bytes, and there are 1"));
  CHECK_THROWS_AS(read(idx(8, {most, most, most}, "x")), nke::LimitError);
  CHECK_THROWS_AS(read(idx(8, {0, most, most, most}, "")), nke::LimitError);
  CHECK(says(refusal([] { read(gzipped(idx(8, {most}, "x"))); }), "there can be at most"));
  // A packed file that unfolds to more than its header claims is read no further than the claim.
  CHECK(says(refusal([] { read(gzipped(idx(8, {2}, std::string(50000000, '\0')))); }), "goes on (at byte 10)"));
}

TEST_CASE("labels are one axis of integers [fault]") {
  CHECK(nke::to_labels(read(idx(8, {3}, "\x01\x02\xff")), "f") == std::vector<int>{1, 2, 255});
  CHECK(nke::to_labels(read(idx(0x0C, {1}, "\xff\xff\xff\xfe")), "f") == std::vector<int>{-2});
  CHECK(says(refusal([] { nke::to_labels(read(idx_images()), "f"); }), "f: labels are an array (n,)"));
  CHECK(says(refusal([] { nke::to_labels(read(idx(0x0D, {1}, "xxxx")), "f"); }), "not float32"));
}
