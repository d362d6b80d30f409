// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cstring>
#include <mutex>

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <nke/exact/real/error.hpp>
#include <nke/kernels/stream.hpp>

#include "kernel_source.hpp"
#include "tile_file.hpp"

namespace nke {
namespace {

static_assert(std::endian::native == std::endian::little, "tiles are written as they are in memory");

template <class T>
std::string npy_header(std::size_t rows, std::size_t columns) {
  std::string text = std::string("{'descr': '<f") + (sizeof(T) == 8 ? "8" : "4") +
                     "', 'fortran_order': False, 'shape': (" + std::to_string(rows) + ", " + std::to_string(columns) +
                     "), }";
  constexpr std::size_t before = 10;
  text.append(63 - (before + text.size()) % 64, ' ');
  text += '\n';
  std::string header = "\x93NUMPY\x01";
  header += '\0';
  header += static_cast<char>(text.size() & 255U);
  header += static_cast<char>(text.size() >> 8U);
  return header + text;
}

std::uint64_t hashed(const std::string& text, std::uint64_t seed) {
  return checksum(std::as_bytes(std::span(text)), seed);
}
std::uint64_t hashed(const Matrix& m, std::uint64_t seed) {
  const std::string shape = std::to_string(m.rows()) + "x" + std::to_string(m.cols());
  return checksum(std::as_bytes(std::span(m.data(), static_cast<std::size_t>(m.size()))), hashed(shape, seed));
}

// One block of the matrix in memory, and its place in the file.
template <class T>
void write_block(const TileFile& file, const T* block, std::size_t rows, std::size_t columns, std::size_t row,
                 std::size_t column, std::size_t width) {
  for (std::size_t i = 0; i < rows; ++i) {
    file.write(((row + i) * width + column) * sizeof(T), std::as_bytes(std::span(block + i * columns, columns)));
  }
}
template <class T>
void read_block(const TileFile& file, T* block, std::size_t rows, std::size_t columns, std::size_t row,
                std::size_t column, std::size_t width) {
  for (std::size_t i = 0; i < rows; ++i) {
    file.read(((row + i) * width + column) * sizeof(T),
              std::as_writable_bytes(std::span(block + i * columns, columns)));
  }
}

template <class T>
std::uint64_t check_of(const std::vector<T>& block, const std::vector<T>& mirror) {
  return checksum(std::as_bytes(std::span(mirror)), checksum(std::as_bytes(std::span(block))));
}

template <class T>
class Job {
 public:
  Job(const KernelSource<T>& source, std::uint64_t identity, std::uint64_t data_bytes,
      const std::filesystem::path& target, const StreamOptions& options)
      : source_(source), options_(options) {
    plan(data_bytes);
    const std::string shape = std::to_string(rows()) + " " + std::to_string(columns()) + " " + std::to_string(side_) +
                              (sizeof(T) == 8 ? " double" : " float") + (options.kind == Kind::ntk ? " ntk" : " nngp");
    const std::uint64_t cells = std::uint64_t{rows()} * columns();
    if (cells > std::uint64_t{1} << 58U) throw LimitError("a kernel matrix of 2^58 entries or more");
    file_ = std::make_unique<TileFile>(target, hashed(shape, identity), npy_header<T>(rows(), columns()),
                                       cells * sizeof(T));
  }

  StreamReport run() {
    StreamReport report{rows(), columns(), tiles_.size(), 0, 0, memory_};
    std::vector<std::size_t> left = unfinished(report);
    std::size_t done = report.resumed;
    tell(done);
    std::mutex mutex;
    tbb::parallel_for(
        std::size_t{0}, left.size(),
        [&](std::size_t at) {
          compute(left[at]);
          const std::lock_guard lock(mutex);
          tell(++done);
        },
        tbb::simple_partitioner());
    file_->commit();
    return report;
  }

 private:
  std::size_t rows() const { return source_.rows(); }
  std::size_t columns() const { return source_.columns(); }
  void tell(std::size_t done) const {
    if (options_.progress) options_.progress(done, tiles_.size());
  }

  // The largest tiles that the ceiling allows, but enough of them to keep all threads busy.
  void plan(std::uint64_t data_bytes) {
    const auto threads = static_cast<std::uint64_t>(tbb::this_task_arena::max_concurrency());
    const std::uint64_t fixed = data_bytes + source_.bytes() + (std::uint64_t{64} << 20U);  // the program itself
    const auto needed = [&](std::size_t side) { return fixed + threads * 2 * side * side * sizeof(T); };
    const std::size_t most = std::max(rows(), columns());
    side_ = source_.side();
    while (side_ * 2 <= 1024 && side_ * 16 <= most && needed(side_ * 2) <= options_.max_memory) side_ *= 2;
    memory_ = needed(std::min(side_, most));
    if (memory_ > options_.max_memory) {
      throw LimitError("this kernel matrix needs " + std::to_string((memory_ >> 20U) + 1) +
                       " MiB of memory, more than the ceiling of " + std::to_string(options_.max_memory >> 20U) +
                       " MiB");
    }
    for (std::size_t i = 0; i < rows(); i += side_) {
      for (std::size_t j = source_.symmetric() ? i : 0; j < columns(); j += side_) {
        tiles_.push_back({i, std::min(side_, rows() - i), j, std::min(side_, columns() - j)});
      }
    }
  }

  bool mirrored(const TileRange& r) const { return source_.symmetric() && r.row != r.column; }

  // Tiles of the journal whose bytes are in the file are done; all others are left.
  std::vector<std::size_t> unfinished(StreamReport& report) {
    std::vector<char> finished(tiles_.size(), 0);
    std::vector<T> block, mirror;
    for (const TileFile::Record& record : file_->found()) {
      if (record.tile >= tiles_.size()) continue;
      const TileRange& r = tiles_[record.tile];
      block.resize(r.rows * r.columns);
      read_block(*file_, block.data(), r.rows, r.columns, r.row, r.column, columns());
      mirror.clear();
      if (mirrored(r)) {
        mirror.resize(block.size());
        read_block(*file_, mirror.data(), r.columns, r.rows, r.column, r.row, columns());
      }
      finished[record.tile] = check_of(block, mirror) == record.check ? 1 : 2;
    }
    std::vector<std::size_t> left;
    for (std::size_t i = 0; i < tiles_.size(); ++i) {
      report.resumed += finished[i] == 1 ? 1 : 0;
      report.torn += finished[i] == 2 ? 1 : 0;
      if (finished[i] != 1) left.push_back(i);
    }
    return left;
  }

  void compute(std::size_t number) {
    const TileRange& r = tiles_[number];
    std::vector<T> block(r.rows * r.columns), mirror;
    for (std::size_t i = 0; i < r.rows; i += source_.side()) {
      for (std::size_t j = 0; j < r.columns; j += source_.side()) {
        const bool below = source_.symmetric() && r.row + i > r.column + j;
        if (below) continue;
        T* to = block.data() + i * r.columns + j;
        const TileRange part{r.row + i, std::min(source_.side(), r.rows - i), r.column + j,
                             std::min(source_.side(), r.columns - j)};
        source_.tile(part, options_.kind == Kind::nngp ? to : nullptr, options_.kind == Kind::ntk ? to : nullptr,
                     r.columns);
      }
    }
    if (mirrored(r)) {
      mirror.resize(block.size());
      for (std::size_t j = 0; j < r.columns; ++j) {
        for (std::size_t i = 0; i < r.rows; ++i) mirror[j * r.rows + i] = block[i * r.columns + j];
      }
      write_block(*file_, mirror.data(), r.columns, r.rows, r.column, r.row, columns());
    } else if (source_.symmetric()) {
      for (std::size_t i = 0; i < r.rows; ++i) {
        for (std::size_t j = 0; j < i; ++j) block[i * r.columns + j] = block[j * r.columns + i];
      }
    }
    write_block(*file_, block.data(), r.rows, r.columns, r.row, r.column, columns());
    file_->note({number, check_of(block, mirror)});
  }

  const KernelSource<T>& source_;
  const StreamOptions& options_;
  std::size_t side_ = 0;
  std::uint64_t memory_ = 0;
  std::vector<TileRange> tiles_;
  std::unique_ptr<TileFile> file_;
};

}  // namespace

namespace {

std::uint64_t hashed(const Images& images, std::uint64_t seed) {
  const std::string shape = std::to_string(images.height) + " " + std::to_string(images.width);
  return hashed(images.pixels, hashed(shape, seed));
}
std::uint64_t bytes_of(const Matrix& m) {
  return static_cast<std::uint64_t>(m.size()) * sizeof(double);
}
std::uint64_t bytes_of(const Images& images) {
  return bytes_of(images.pixels);
}
template <class T>
auto source_of(const Network& network, const Matrix& x, const Matrix* y) {
  return point_source<T>(network, x, y);
}
template <class T>
auto source_of(const Network& network, const Images& x, const Images* y) {
  return image_source<T>(network, x, y);
}

template <class Data>
StreamReport stream(const Network& network, const Data& x, const Data* y, const std::filesystem::path& file,
                    const StreamOptions& options) {
  std::uint64_t identity = hashed(x, hashed(to_text(network), 1));
  std::uint64_t bytes = bytes_of(x);
  if (y != nullptr) {
    identity = hashed(*y, identity + 1);
    bytes += bytes_of(*y);
  }
  if (options.precision == ElementPrecision::double_precision) {
    return Job<double>(*source_of<double>(network, x, y), identity, bytes, file, options).run();
  }
  return Job<float>(*source_of<float>(network, x, y), identity, bytes, file, options).run();
}

}  // namespace

StreamReport stream_kernel_matrix(const Network& network, const Matrix& x, const Matrix* y,
                                  const std::filesystem::path& file, const StreamOptions& options) {
  return stream(network, x, y, file, options);
}
StreamReport stream_kernel_matrix(const Network& network, const Images& x, const Images* y,
                                  const std::filesystem::path& file, const StreamOptions& options) {
  return stream(network, x, y, file, options);
}

}  // namespace nke
