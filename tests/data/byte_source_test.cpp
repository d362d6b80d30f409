// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include <sys/stat.h>

#include "files.hpp"

using nke::test::contents;
using nke::test::gzipped;
using nke::test::put;
using nke::test::refusal;
using nke::test::says;
using nke::test::ScratchFolder;
using nke::test::source;

namespace {

std::string all_of(nke::ByteSource& bytes, std::size_t step) {
  std::string text;
  std::vector<std::byte> block(step);
  while (const std::size_t got = bytes.read(block)) {
    text.append(reinterpret_cast<const char*>(block.data()), got);
    CHECK(bytes.offset() == text.size());
  }
  return text;
}

// "nke" in one member, compressed by another program: Python's gzip.compress(b"nke", mtime=0).
constexpr std::string_view nke_by_python{
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\xcb\x4e\x05\x00\x83\x18\xd9\x06\x03\x00\x00\x00", 23};

}  // namespace

TEST_CASE("bytes come out as they went in, whatever the steps and whatever the wrapping [law]") {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += static_cast<char>(i % 1009 * 7 % 251);
  const ScratchFolder folder;
  put(folder / "plain", text);
  put(folder / "packed", gzipped(text));
  for (const std::size_t step : {1U, 7U, 4096U, 200000U}) {
    CHECK(all_of(*source(text), step) == text);
    CHECK(all_of(*source(gzipped(text)), step) == text);
    CHECK(all_of(*nke::open_bytes(folder / "plain"), step) == text);
    CHECK(all_of(*nke::open_bytes(folder / "packed"), step) == text);
  }
}

TEST_CASE("a gzip file of another program is read [fact]") {
  CHECK(all_of(*source(nke_by_python), 64) == "nke");
}

TEST_CASE("members of a gzip file follow one another, empty ones too [fact]") {
  CHECK(all_of(*source(gzipped("one ") + gzipped("") + gzipped("two")), 3) == "one two");
}

TEST_CASE("files of fewer bytes than a signature are read as they are [fact]") {
  CHECK(all_of(*source(""), 4).empty());
  CHECK(all_of(*source("x"), 4) == "x");
  CHECK(all_of(*source("\x1f"), 4) == "\x1f");
}

TEST_CASE("a pipe is read like a file [fact]") {
  const ScratchFolder folder;
  const std::filesystem::path pipe = folder / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] { put(pipe, gzipped(std::string(300000, 'x'))); });
  const auto bytes = nke::open_bytes(pipe);
  CHECK_FALSE(bytes->left().exact);
  CHECK(bytes->read_payload(300000, 300000, "the text").size() == 300000);
  writer.join();
}

TEST_CASE("a broken gzip stream is refused wherever it is broken [fault]") {
  const auto read = [](const std::string& bytes) { return refusal([&] { all_of(*source(bytes), 64); }); };
  const std::string good = gzipped("some text, and some more text, and some more");
  CHECK(read(good) == "(no refusal)");
  for (std::size_t length = 2; length < good.size(); ++length) {
    CAPTURE(length);
    CHECK(says(read(good.substr(0, length)), "gzip stream"));
  }
  std::string wrong_sum = good;
  wrong_sum[good.size() - 5] = static_cast<char>(wrong_sum[good.size() - 5] ^ 1);
  CHECK(says(read(wrong_sum), "not a sound gzip stream"));
  CHECK(says(read(good + "x"), "gzip stream"));
}

TEST_CASE("a claim larger than the source is refused before memory is taken for it [fault]") {
  constexpr std::uint64_t absurd = std::uint64_t{1} << 60U;
  CHECK(says(refusal([&] { source("abc")->read_exactly(absurd, "the array"); }),
             "truncated: the array should have 1152921504606846976 bytes, and there are 3"));
  CHECK(says(refusal([&] { source(gzipped("abc"))->read_exactly(absurd, "the array"); }), "there can be at most"));
}

TEST_CASE("what a file has beyond its payload is refused, as far as it was read [fault]") {
  CHECK(source("abcd")->read_payload(4, 2, "it").size() == 2);
  CHECK(says(refusal([] { source("abcde")->read_payload(4, 2, "it"); }),
             "should end here, but the file goes on (at byte 4)"));
  CHECK(says(refusal([] { source(gzipped("abcde"))->read_payload(4, 4, "it"); }), "goes on (at byte 4)"));
  CHECK(source(gzipped("abcde"))->read_payload(4, 2, "it").size() == 2);
  CHECK(says(refusal([] { source("abc")->read_payload(4, 2, "it"); }), "truncated"));
}

TEST_CASE("what cannot be opened is refused with the reason [fault]") {
  const ScratchFolder folder;
  CHECK(says(refusal([&] { nke::open_bytes(folder / "none"); }), "No such file"));
  CHECK(says(refusal([&] { nke::open_bytes(folder.path()); }), "is a folder"));
}
