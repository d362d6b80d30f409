// SPDX-License-Identifier: Apache-2.0
// Every reader against every way of cutting one of its files short and of flipping one bit of it.
#include <functional>

#include <nke/data/cifar10.hpp>
#include <nke/data/csv.hpp>
#include <nke/data/idx.hpp>
#include <nke/data/libsvm.hpp>
#include <nke/data/npy.hpp>

#include "samples.hpp"

using nke::test::gzipped;
using nke::test::source;

namespace {

struct Format {
  std::string name;
  std::string file;                                   // a sound one
  std::function<std::size_t(nke::ByteSource&)> read;  // how many numbers there were
  bool any_cut_shows;                                 // no file of the format is the beginning of another
};

std::vector<Format> formats() {
  const auto npy = [](nke::ByteSource& bytes) { return nke::read_npy(bytes).size(); };
  const auto idx = [](nke::ByteSource& bytes) { return nke::read_idx(bytes).size(); };
  const auto csv = [](nke::ByteSource& bytes) { return static_cast<std::size_t>(nke::read_csv(bytes).values.size()); };
  const auto svm = [](nke::ByteSource& bytes) {
    return static_cast<std::size_t>(nke::read_libsvm(bytes).points.nonZeros());
  };
  const auto cifar = [](nke::ByteSource& bytes) { return nke::read_cifar10_batch(bytes).labels.size(); };
  const std::string csv_file = "alpha,\"b, c\"\n1.5,-2e-3\n4,5 # note\n0.1,7\n";
  const std::string svm_file = "+1 1:0.5 3:-2\n-1 qid:4 2:1e3 # note\n2.5\n";
  std::vector<Format> all = {
      {"npy", nke::test::npy_doubles(), npy, true},
      {"npy 2.0, Fortran", nke::test::npy(">i2", "(2, 2)", "abcdefgh", true, 2), npy, true},
      {"npy, half", nke::test::npy("<f2", "(3,)", "abcdef"), npy, true},
      {"idx", nke::test::idx_images(), idx, true},
      {"csv", csv_file, csv, false},
      {"libsvm", svm_file, svm, false},
      {"cifar10", nke::test::cifar_record(3, 9), cifar, true},
      {"npy.gz", gzipped(nke::test::npy_doubles()), npy, true},
      {"idx.gz", gzipped(nke::test::idx_images()), idx, true},
      {"csv.gz", gzipped(csv_file), csv, false},
      {"libsvm.gz", gzipped(svm_file), svm, false},
  };
  return all;
}

enum class Outcome { read, refused };

// Anything but a reading or an nke::Error leaves this function and fails the test.
Outcome attempt(const Format& format, const std::string& file) {
  try {
    format.read(*source(file));
    return Outcome::read;
  } catch (const nke::Error& error) {
    REQUIRE(std::string(error.what()).size() > 10);
    return Outcome::refused;
  }
}

std::string with_flipped_bit(std::string file, std::size_t byte, unsigned bit) {
  file[byte] = static_cast<char>(static_cast<unsigned char>(file[byte]) ^ 1U << bit);
  return file;
}

}  // namespace

TEST_CASE("a file cut short at any byte is refused, or is a sound shorter one [fault]") {
  for (const Format& format : formats()) {
    CAPTURE(format.name);
    REQUIRE(attempt(format, format.file) == Outcome::read);
    for (std::size_t length = 0; length < format.file.size(); ++length) {
      const Outcome outcome = attempt(format, format.file.substr(0, length));
      if (format.any_cut_shows) {
        CAPTURE(length);
        REQUIRE(outcome == Outcome::refused);
      }
    }
  }
}

TEST_CASE("a packed text cut short after its signature is always refused [fault]") {
  for (const Format& format : formats()) {
    if (!format.name.ends_with(".gz")) continue;
    CAPTURE(format.name);
    for (std::size_t length = 2; length < format.file.size(); ++length) {
      CAPTURE(length);
      REQUIRE(attempt(format, format.file.substr(0, length)) == Outcome::refused);
    }
  }
}

TEST_CASE("bytes after the end of a binary file are refused [fault]") {
  for (const Format& format : formats()) {
    if (!format.any_cut_shows) continue;
    CAPTURE(format.name);
    for (const char extra : {'\0', 'x', '\x1f'}) {
      REQUIRE(attempt(format, format.file + extra) == Outcome::refused);
    }
  }
}

TEST_CASE("one flipped bit anywhere is refused or read, never more [fault]") {
  for (const Format& format : formats()) {
    CAPTURE(format.name);
    // A record of CIFAR-10 is all pixels behind its first byte.
    const std::size_t end = std::min<std::size_t>(format.file.size(), 400);
    for (std::size_t byte = 0; byte < end; ++byte) {
      for (unsigned bit = 0; bit < 8; ++bit) {
        static_cast<void>(attempt(format, with_flipped_bit(format.file, byte, bit)));
      }
    }
  }
}

TEST_CASE("one flipped bit of a packed file is refused or unfolds to the same bytes: its sum is checked [law]") {
  const std::string text = nke::test::npy_doubles();
  const auto all = [](const std::string& file) {
    std::string bytes(1000, '\0');
    bytes.resize(source(file)->read(std::as_writable_bytes(std::span(bytes))));
    return bytes;
  };
  const std::string file = gzipped(text);
  REQUIRE(all(file) == text);
  int refused = 0;
  for (std::size_t byte = 2; byte < file.size(); ++byte) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      CAPTURE(byte);
      CAPTURE(bit);
      const std::string flipped = with_flipped_bit(file, byte, bit);
      std::string unfolded = text;
      try {
        unfolded = all(flipped);
      } catch (const nke::DataError&) {
        ++refused;
      }
      REQUIRE(unfolded == text);
    }
  }
  // Only the header's time, speed and system, and copies of a run of blanks from elsewhere in it, are harmless.
  CHECK(refused > 6 * static_cast<int>(file.size()));
}

TEST_CASE("any two bytes of a header may be anything [fault]") {
  CAPTURE(nke::test::seed());
  std::uint64_t state = nke::test::seed();
  const auto next = [&state] { return static_cast<std::size_t>((state = state * 6364136223846793005ULL + 1) >> 33U); };
  for (const Format& format : formats()) {
    CAPTURE(format.name);
    for (int i = 0; i < nke::test::iterations(3000); ++i) {
      std::string file = format.file;
      const std::size_t head = std::min<std::size_t>(file.size(), 128);
      for (int change = 0; change < 2; ++change) file[next() % head] = static_cast<char>(next());
      static_cast<void>(attempt(format, file));
    }
  }
}
