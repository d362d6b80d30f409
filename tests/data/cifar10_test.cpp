// SPDX-License-Identifier: Apache-2.0
#include <nke/data/cifar10.hpp>

#include "samples.hpp"

using nke::LabelledImages;
using nke::Part;
using nke::test::cifar_record;
using nke::test::gzipped;
using nke::test::put;
using nke::test::refusal;
using nke::test::says;
using nke::test::ScratchFolder;
using nke::test::source;

TEST_CASE("the three planes of a record become the channels of its pixels [fact]") {
  const std::string bytes = cifar_record(3, 255) + cifar_record(9, 51);
  for (const std::string& wrapped : {bytes, gzipped(bytes)}) {
    const LabelledImages read = nke::read_cifar10_batch(*source(wrapped));
    REQUIRE(read.images.count() == 2);
    CHECK(read.labels == std::vector<int>{3, 9});
    CHECK(read.images.channels == 3);
    CHECK(read.images(0, 0, 0, 0) == 1.0);
    CHECK(read.images(1, 31, 31, 0) == 51 / 255.0);
    for (Eigen::Index y = 0; y < 32; ++y) {
      for (Eigen::Index x = 0; x < 32; ++x) {
        REQUIRE(read.images(1, y, x, 1) == static_cast<double>(y) / 255);
        REQUIRE(read.images(1, y, x, 2) == static_cast<double>(x) / 255);
      }
    }
    CHECK(nke::read_cifar10_batch(*source(wrapped), 1).labels == std::vector<int>{3});
  }
}

TEST_CASE("what is no batch is refused with the byte [fault]") {
  const auto fault = [](const std::string& bytes) { return refusal([&] { nke::read_cifar10_batch(*source(bytes)); }); };
  CHECK(says(fault(""), "the file is empty"));
  CHECK(says(fault(cifar_record(1, 0) + cifar_record(10, 0)), "a label is above 9 (at byte 3073)"));
  CHECK(says(fault(cifar_record(1, 0) + cifar_record(1, 0).substr(0, 100)),
             "truncated: the last record has 100 of its 3073 bytes (at byte 3173)"));
}

TEST_CASE("a packed batch does not unfold without end [fault]") {
  const std::string bomb = gzipped(std::string(std::size_t{3073} * 100001, '\0'));
  CHECK(says(refusal([&] { nke::read_cifar10_batch(*source(bomb)); }), "too many records"));
}

TEST_CASE("the training part is five files in their order, the test part one [fact]") {
  const ScratchFolder folder;
  const std::filesystem::path inner = folder / "cifar-10-batches-bin";
  std::filesystem::create_directory(inner);
  for (int batch = 1; batch <= 5; ++batch) {
    put(inner / ("data_batch_" + std::to_string(batch) + ".bin"), cifar_record(batch, 0) + cifar_record(0, 0));
  }
  put(inner / "test_batch.bin", cifar_record(7, 0));
  CHECK(nke::read_cifar10(inner, Part::train).labels == std::vector<int>{1, 0, 2, 0, 3, 0, 4, 0, 5, 0});
  CHECK(nke::read_cifar10(folder.path(), Part::train, 3).labels == std::vector<int>{1, 0, 2});
  CHECK(nke::read_cifar10(folder.path(), Part::test).labels == std::vector<int>{7});
  std::filesystem::remove(inner / "data_batch_4.bin");
  CHECK(nke::read_cifar10(inner, Part::train, 6).labels.size() == 6);
  CHECK(says(refusal([&] { nke::read_cifar10(inner, Part::train); }), "data_batch_4.bin"));
}

TEST_CASE("a folder without batches is told what belongs there [fault]") {
  const ScratchFolder folder;
  CHECK(says(refusal([&] { nke::read_cifar10(folder.path(), Part::test); }), "unpack cifar-10-binary.tar.gz"));
}
