// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>

#include <sys/stat.h>

#include <nke/data/npy.hpp>
#include <nke/data/synthetic.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/kernels/stream.hpp>

#include "support.hpp"

namespace fs = std::filesystem;
using nke::Matrix;

namespace {

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("nke-stream-" + std::to_string(std::random_device()()))) {
    fs::create_directory(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  fs::path operator/(const char* name) const { return path_ / name; }
  std::size_t files() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(path_)) ++count;
    return count;
  }

 private:
  fs::path path_;
};

std::string bytes(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Stop : std::runtime_error {
  Stop() : std::runtime_error("stop") {}
};

// As a kill would: the job ends after `tiles` more of them.
void run_and_stop(const nke::Network& net, const Matrix& x, const fs::path& file, nke::StreamOptions options,
                  std::size_t tiles) {
  std::size_t first = 0;
  bool begun = false;
  options.progress = [&](std::size_t done, std::size_t) {
    if (!begun) first = done;
    begun = true;
    if (done >= first + tiles) throw Stop();
  };
  CHECK_THROWS_AS(nke::stream_kernel_matrix(net, x, nullptr, file, options), Stop);
}

}  // namespace

TEST_CASE("a streamed matrix is the matrix in memory, to the bit [law]") {
  const Folder folder;
  const Matrix x = nke::gaussian(700, 11, 1), y = nke::gaussian(300, 11, 2);
  const nke::Network net = nke::network("fc(depth=2, relu, b=0.1)");
  const auto report = nke::stream_kernel_matrix(net, x, nullptr, folder / "k.npy", {});
  CHECK(report.tiles > 3);
  CHECK(nke::to_matrix(nke::read_npy(folder / "k.npy")) == nke::kernel_matrix(net, x, nke::Kind::ntk));
  nke::stream_kernel_matrix(net, x, &y, folder / "k.npy", {.kind = nke::Kind::nngp});
  CHECK(nke::to_matrix(nke::read_npy(folder / "k.npy")) == nke::kernel_matrix(net, x, y, nke::Kind::nngp));
  nke::stream_kernel_matrix(net, x, nullptr, folder / "k.npy", {.precision = nke::ElementPrecision::float_precision});
  CHECK(nke::to_matrix(nke::read_npy(folder / "k.npy")) ==
        nke::kernel_matrix_float(net, x, nke::Kind::ntk).cast<double>());
  CHECK(folder.files() == 1);
}

TEST_CASE("a stopped job leaves nothing under its name, goes on where it was, and ends with the same bytes [law]") {
  const Folder folder;
  const Matrix x = nke::gaussian(1500, 7, 1);
  const nke::Network net = nke::network("fc(depth=1, relu)");
  nke::stream_kernel_matrix(net, x, nullptr, folder / "whole.npy", {});
  run_and_stop(net, x, folder / "k.npy", {}, 5);
  CHECK_FALSE(fs::exists(folder / "k.npy"));
  run_and_stop(net, x, folder / "k.npy", {}, 4);
  const auto report = nke::stream_kernel_matrix(net, x, nullptr, folder / "k.npy", {});
  CHECK(report.resumed >= 9);
  CHECK(report.torn == 0);
  CHECK(bytes(folder / "k.npy") == bytes(folder / "whole.npy"));
}

TEST_CASE("torn tiles and a torn journal are found and made again [fault]") {
  const Folder folder;
  const Matrix x = nke::gaussian(1500, 7, 1);
  const nke::Network net = nke::network("fc(depth=1, relu)");
  nke::stream_kernel_matrix(net, x, nullptr, folder / "whole.npy", {});
  run_and_stop(net, x, folder / "k.npy", {}, 8);
  {
    std::fstream part(folder / ".k.npy.part", std::ios::in | std::ios::out | std::ios::binary);
    part.seekp(128 + 8);  // an entry of the first tile
    part.write("torn", 4);
    std::ofstream journal(folder / ".k.npy.tiles", std::ios::app | std::ios::binary);
    journal << "half a record";
  }
  const auto report = nke::stream_kernel_matrix(net, x, nullptr, folder / "k.npy", {});
  CHECK(report.torn == 1);
  CHECK(report.resumed >= 7);
  CHECK(bytes(folder / "k.npy") == bytes(folder / "whole.npy"));
  CHECK(folder.files() == 2);
}

TEST_CASE("another job does not take up what it finds [fault]") {
  const Folder folder;
  const Matrix x = nke::gaussian(900, 7, 1);
  Matrix changed = x;
  changed(3, 3) += 1e-9;
  const nke::Network net = nke::network("fc(depth=1, relu)");
  run_and_stop(net, x, folder / "k.npy", {}, 3);
  CHECK(nke::stream_kernel_matrix(net, changed, nullptr, folder / "k.npy", {}).resumed == 0);
  run_and_stop(net, x, folder / "k.npy", {}, 3);
  CHECK(nke::stream_kernel_matrix(net, x, nullptr, folder / "k.npy", {.kind = nke::Kind::nngp}).resumed == 0);
  run_and_stop(net, x, folder / "k.npy", {}, 3);
  CHECK(nke::stream_kernel_matrix(nke::network("fc(depth=2, relu)"), x, nullptr, folder / "k.npy", {}).resumed == 0);
}

TEST_CASE("a ceiling that is too low, and places that cannot be written, are refused [fault]") {
  const Folder folder;
  const Matrix x = nke::gaussian(300, 7, 1);
  const nke::Network net = nke::network("fc(depth=1, relu)");
  CHECK_THROWS_AS(nke::stream_kernel_matrix(net, x, nullptr, folder / "k.npy", {.max_memory = 1 << 20}),
                  nke::LimitError);
  CHECK_THROWS_AS(nke::stream_kernel_matrix(net, x, nullptr, folder / "no/k.npy", {}), nke::DataError);
  CHECK_THROWS_AS(nke::stream_kernel_matrix(net, x, nullptr, folder / "", {}), nke::DataError);
  // What is no file is not replaced by one.
  REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
  CHECK_THROWS_AS(nke::stream_kernel_matrix(net, x, nullptr, folder / "pipe", {}), nke::DataError);
  CHECK(fs::is_fifo(folder / "pipe"));
  // While one is at work, a second is turned away.
  bool asked = false;
  nke::StreamOptions options;
  options.progress = [&](std::size_t, std::size_t) {
    if (asked) return;
    asked = true;
    CHECK_THROWS_AS(nke::stream_kernel_matrix(net, x, nullptr, folder / "k.npy", {}), nke::DataError);
  };
  nke::stream_kernel_matrix(net, x, nullptr, folder / "k.npy", options);
  CHECK(asked);
}
