// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>

#include <nke/data/idx.hpp>
#include <nke/data/named.hpp>
#include <nke/data/npy.hpp>
#include <nke/data/synthetic.hpp>

#include "samples.hpp"

namespace fs = std::filesystem;
using nke::DataSet;
using nke::Matrix;
using nke::test::cifar_record;
using nke::test::gzipped;
using nke::test::idx;
using nke::test::idx_images;
using nke::test::npy;
using nke::test::put;
using nke::test::refusal;
using nke::test::says;
using nke::test::ScratchFolder;

namespace {

// NKE_DATASETS for the length of a test.
class DatasetsAt {
 public:
  explicit DatasetsAt(const fs::path& folder) {
    if (const char* text = std::getenv("NKE_DATASETS")) before_ = text;
    ::setenv("NKE_DATASETS", folder.c_str(), 1);
  }
  DatasetsAt(const DatasetsAt&) = delete;
  DatasetsAt& operator=(const DatasetsAt&) = delete;
  ~DatasetsAt() { before_.empty() ? ::unsetenv("NKE_DATASETS") : ::setenv("NKE_DATASETS", before_.c_str(), 1); }

 private:
  std::string before_;
};

std::string fault(const std::string& name) {
  return refusal([&] { nke::read_points(name); });
}

}  // namespace

TEST_CASE("a file is read by its ending, packed or not [fact]") {
  const ScratchFolder folder;
  const Matrix wanted = (Matrix(2, 3) << 1, 2, 3, 4, 5, 6).finished();
  put(folder / "a.npy", nke::test::npy_doubles());
  put(folder / "a.npy.gz", gzipped(nke::test::npy_doubles()));
  put(folder / "a.csv", "x,y,z\n1,2,3\n4,5,6\n");
  put(folder / "a.txt", "1 2 3\n4 5 6\n");
  put(folder / "a.tsv.gz", gzipped("1\t2\t3\n4\t5\t6\n"));
  put(folder / "a.svm", "1 1:1 2:2 3:3\n-1 1:4 2:5 3:6\n");
  put(folder / "a.idx", idx(8, {2, 3}, "\1\2\3\4\5\6"));
  for (const char* name : {"a.npy", "a.npy.gz", "a.csv", "a.txt", "a.tsv.gz", "a.svm", "a.idx"}) {
    CAPTURE(name);
    CHECK(nke::read_points((folder / name).string()) == wanted);
    CHECK(nke::read_points((folder / name).string(), {.limit = 1}) == wanted.topRows(1));
  }
  CHECK(nke::read_data_set((folder / "a.svm").string()).labels == std::vector<int>{1, -1});
  CHECK(nke::read_data_set("  " + (folder / "a.csv").string() + " ").name == (folder / "a.csv").string());
}

TEST_CASE("bytes of images become numbers from 0 to 1, other numbers stay what they are [fact]") {
  const ScratchFolder folder;
  put(folder / "b-idx3-ubyte", idx_images());
  put(folder / "b-idx3-ubyte.gz", gzipped(idx_images()));
  put(folder / "b.npy", npy("|u1", "(3, 2, 2, 1)", idx_images().substr(16)));
  for (const char* name : {"b-idx3-ubyte", "b-idx3-ubyte.gz", "b.npy"}) {
    const std::string path = (folder / name).string();
    const Matrix points = nke::read_points(path);
    REQUIRE(points.rows() == 3);
    REQUIRE(points.cols() == 4);
    for (Eigen::Index i = 0; i < 12; ++i) CHECK(points.data()[i] == static_cast<double>(i) / 255);
    const nke::Images images = nke::read_images(path, {.limit = 2});
    CHECK(images.count() == 2);
    CHECK(images(1, 1, 0, 0) == 6 / 255.0);
  }
  put(folder / "c.npy", npy("<i2", "(1, 1, 2)", std::string("\x07\0\xff\0", 4)));
  CHECK(nke::read_points((folder / "c.npy").string()) == (Matrix(1, 2) << 7, 255).finished());
  CHECK_THROWS_AS(nke::read_images("gaussian(2,3)"), nke::ShapeError);
}

TEST_CASE("synthetic points are those of their seed, and a limit is their beginning [fact]") {
  CHECK(nke::read_points("gaussian(5,3)", {.seed = 4}) == nke::gaussian(5, 3, 4));
  CHECK(nke::read_points(" sphere ( 5 , 3 ) ", {.limit = 2, .seed = 4}) == nke::sphere(2, 3, 4));
  for (const char* name : {"gaussian(5)", "gaussian(5,0)", "gaussian(-5,3)", "gaussian(5,3", "gaussian(5,3,1)",
                           "gaussian(5.0,3)", "gaussian(,)", "sphere()", "sphere(99999999999999999999,1)"}) {
    CAPTURE(name);
    CHECK(says(fault(name), "with two whole numbers above 0"));
  }
  CHECK_THROWS_AS(nke::read_points("gaussian(1000000,1000000)"), nke::LimitError);
}

TEST_CASE("cifar10 takes a folder, also one with colons, and a part [fact]") {
  const ScratchFolder folder;
  const fs::path odd = folder / "a:test";
  fs::create_directory(odd);
  put(odd / "test_batch.bin", cifar_record(7, 51));
  put(odd / "data_batch_1.bin", cifar_record(1, 0) + cifar_record(2, 0));
  const DataSet test = nke::read_data_set("cifar10:" + odd.string() + ":test");
  CHECK(test.labels == std::vector<int>{7});
  CHECK(test.points.cols() == 3072);
  CHECK(test.points(0, 0) == 51 / 255.0);
  CHECK(test.image->channels == 3);
  CHECK(nke::read_data_set("cifar10:" + odd.string() + ":train", {.limit = 2}).labels == std::vector<int>{1, 2});
  CHECK(nke::read_images("cifar10:" + odd.string() + ":test").width == 32);
}

TEST_CASE("fashion-mnist is looked for where NKE_DATASETS says, and its parts must fit [fact]") {
  const ScratchFolder folder;
  const DatasetsAt here(folder.path());
  CHECK(says(fault("fashion-mnist"), "install the Debian package dataset-fashion-mnist"));
  fs::create_directory(folder / "fashion-mnist");
  put(folder / "fashion-mnist/t10k-images-idx3-ubyte.gz", gzipped(idx_images()));
  put(folder / "fashion-mnist/t10k-labels-idx1-ubyte", idx(8, {3}, "\5\6\7"));
  const DataSet test = nke::read_data_set("fashion-mnist:test", {.limit = 2});
  CHECK(test.points.rows() == 2);
  CHECK(test.labels == std::vector<int>{5, 6});
  put(folder / "fashion-mnist/t10k-labels-idx1-ubyte", idx(8, {2}, "\5\6"));
  CHECK(says(fault("fashion-mnist:test"), "2 labels for 3 images"));
  CHECK(says(fault("fashion-mnist:train"), "train-images-idx3-ubyte"));
}

TEST_CASE("the real Fashion-MNIST is what its authors say [fact]") {
  if (!fs::exists("/usr/share/datasets/fashion-mnist") && std::getenv("NKE_DATASETS") == nullptr) {
    MESSAGE("dataset-fashion-mnist is not installed: nothing checked");
    return;
  }
  const DataSet test = nke::read_data_set("fashion-mnist:test");
  CHECK(test.points.rows() == 10000);
  CHECK(test.points.cols() == 784);
  CHECK(test.points.minCoeff() == 0);
  CHECK(test.points.maxCoeff() == 1);
  for (int label = 0; label < 10; ++label) CHECK(std::count(test.labels.begin(), test.labels.end(), label) == 1000);
  CHECK(test.image->height == 28);
  CHECK(nke::read_points("fashion-mnist:test", {.limit = 100}) == test.points.topRows(100));
  // The training part's mean and deviation, which half the world normalises by: 0.2860 and 0.3530.
  const DataSet train = nke::read_data_set("fashion-mnist", {.limit = 20000});
  CHECK(train.points.rows() == 20000);
  CHECK(std::abs(train.points.mean() - 0.2860) < 0.002);
  const double variance =
      train.points.squaredNorm() / static_cast<double>(train.points.size()) - train.points.mean() * train.points.mean();
  CHECK(std::abs(std::sqrt(variance) - 0.3530) < 0.002);
}

TEST_CASE("a shuffled order is a permutation, with the labels beside their rows [law]") {
  const ScratchFolder folder;
  std::string text;
  for (int row = 0; row < 100; ++row) text += std::to_string(row) + " 1:" + std::to_string(2 * row + 1) + "\n";
  put(folder / "a.svm", text);
  const std::string path = (folder / "a.svm").string();
  const auto shuffled = [&](std::size_t limit, std::uint64_t seed) {
    return nke::read_data_set(path, {.limit = limit, .seed = seed, .order = nke::RowOrder::shuffled});
  };
  const DataSet all = shuffled(0, 5);
  for (std::size_t i = 0; i < 100; ++i) {
    CHECK(all.points(static_cast<Eigen::Index>(i), 0) == 2 * all.labels[i] + 1);
  }
  std::vector<int> sorted = all.labels;
  std::sort(sorted.begin(), sorted.end());
  std::vector<int> wanted(100);
  std::iota(wanted.begin(), wanted.end(), 0);
  CHECK(sorted == wanted);
  CHECK(all.labels != wanted);
  CHECK(shuffled(0, 5).labels == all.labels);
  CHECK(shuffled(0, 6).labels != all.labels);
  const std::vector<int> ten(all.labels.begin(), all.labels.begin() + 10);
  CHECK(shuffled(10, 5).labels == ten);
}

TEST_CASE("every row is as likely to come first, failing by chance once in 2e9 runs [law]") {
  const ScratchFolder folder;
  put(folder / "a.csv", "0\n1\n2\n3\n4\n");
  const std::string path = (folder / "a.csv").string();
  std::array<int, 5> first = {};
  constexpr int runs = 4000;
  for (int seed = 0; seed < runs; ++seed) {
    const Matrix one = nke::read_points(
        path, {.limit = 1, .seed = static_cast<std::uint64_t>(seed), .order = nke::RowOrder::shuffled});
    ++first.at(static_cast<std::size_t>(one(0, 0)));
  }
  // Hoeffding for each of five rows: P(|share - 1/5| > t) <= 2 exp(-2 runs t²) = 1e-10.
  const double likely = std::sqrt(std::log(2e10) / (2.0 * runs));
  for (const int count : first) CHECK(std::abs(static_cast<double>(count) / runs - 0.2) < likely);
}

TEST_CASE("what is not finite is refused with row and column [fault]") {
  const ScratchFolder folder;
  std::string elements;
  for (const double value : {1.0, 2.0, 3.0, std::nan(""), 5.0, HUGE_VAL}) {
    elements += nke::test::little_endian(std::bit_cast<std::uint64_t>(value), 8);
  }
  put(folder / "a.npy", npy("<f8", "(3, 2)", elements));
  const std::string path = (folder / "a.npy").string();
  CHECK(says(fault(path), "row 2, column 2 is not finite"));
  CHECK(nke::read_points(path, {.limit = 1}).rows() == 1);
}

TEST_CASE("what names nothing is told what would [fault]") {
  const ScratchFolder folder;
  CHECK(says(fault("fashion_mnist"), "neither a file nor one of fashion-mnist"));
  CHECK(says(fault(""), "neither a file nor one of"));
  CHECK(says(fault((folder / "none.csv").string()), "No such file"));
  put(folder / "a.dat", "1,2");
  CHECK(says(fault((folder / "a.dat").string()), "has no ending that tells its format"));
  put(folder / "empty.csv", "x,y\n");
  CHECK(says(fault((folder / "empty.csv").string()), "holds no points"));
  put(folder / "labels.idx", idx(8, {3}, "abc"));
  CHECK(says(fault((folder / "labels.idx").string()), "shape (3,)"));
}

TEST_CASE("sparse points too many to be dense are refused before memory is taken [fault]") {
  const ScratchFolder folder;
  put(folder / "wide.svm", "1 2000000000:1\n");
  CHECK(
      says(refusal<nke::LimitError>([&] { nke::read_points((folder / "wide.svm").string()); }), "2^30 dense entries"));
}
