// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <random>
#include <utility>

#include <nke/data/cifar10.hpp>
#include <nke/data/csv.hpp>
#include <nke/data/idx.hpp>
#include <nke/data/libsvm.hpp>
#include <nke/data/named.hpp>
#include <nke/data/npy.hpp>
#include <nke/data/synthetic.hpp>
#include <nke/exact/real/error.hpp>

#include "text_lines.hpp"

namespace nke {
namespace {

namespace fs = std::filesystem;

DataSet from_array(const Array& array, const std::string& file) {
  const std::size_t axes = array.shape().size();
  if (axes < 2) {
    throw DataError(file, "holds an array of shape " + to_string(array.shape()) +
                              "; points are (n, d), images (n, height, width) or (n, height, width, channels)");
  }
  DataSet set;
  set.points = flattened_rows(array);
  if (axes >= 3 && array.type() == ElementType::uint8) set.points /= 255.0;
  if (axes == 3 || axes == 4) {
    const auto axis = [&](std::size_t i) { return static_cast<Eigen::Index>(array.shape()[i]); };
    set.image = ImageShape{axis(1), axis(2), axes == 4 ? axis(3) : 1};
  }
  return set;
}

DataSet from_images(LabelledImages&& read) {
  const Images& images = read.images;
  const ImageShape shape{images.height, images.width, images.channels};
  return {std::move(read.images.pixels), std::move(read.labels), {}, shape};
}

DataSet from_libsvm(const LibsvmData& data, const std::string& file) {
  constexpr std::size_t most_entries = std::size_t{1} << 30U;
  const auto rows = static_cast<std::size_t>(data.points.rows());
  const auto columns = static_cast<std::size_t>(data.points.cols());
  if (columns > 0 && rows > most_entries / columns) {
    throw LimitError(file + ": " + std::to_string(rows) + " x " + std::to_string(columns) +
                     " sparse points are more than 2^30 dense entries; read fewer rows");
  }
  DataSet set;
  set.points = Matrix(data.points);
  const auto is_class = [](double label) {
    return label == std::trunc(label) && std::abs(label) <= std::numeric_limits<int>::max();
  };
  if (std::all_of(data.labels.begin(), data.labels.end(), is_class)) {
    set.labels.assign(data.labels.size(), 0);
    std::transform(data.labels.begin(), data.labels.end(), set.labels.begin(),
                   [](double label) { return static_cast<int>(label); });
  }
  return set;
}

// Takes ":train" or ":test" off the end of a name.
Part take_part(std::string_view& name) {
  for (const auto& [ending, part] : {std::pair(std::string_view(":train"), Part::train), {":test", Part::test}}) {
    if (!name.ends_with(ending)) continue;
    name.remove_suffix(ending.size());
    return part;
  }
  return Part::train;
}

DataSet read_fashion_mnist(Part part, std::size_t limit) {
  const char* chosen = std::getenv("NKE_DATASETS");
  const fs::path folder = fs::path(chosen == nullptr ? "/usr/share/datasets" : chosen) / "fashion-mnist";
  const auto file = [&](const std::string& name) {
    const std::string whole = (part == Part::train ? "train-" : "t10k-") + name;
    for (const char* ending : {".gz", ""}) {
      if (fs::exists(folder / (whole + ending))) return folder / (whole + ending);
    }
    throw DataError("fashion-mnist", "there is no " + (folder / whole).string() +
                                         ".gz; install the Debian package dataset-fashion-mnist, or set NKE_DATASETS "
                                         "to the folder that holds fashion-mnist");
  };
  const fs::path images = file("images-idx3-ubyte");
  const fs::path labels = file("labels-idx1-ubyte");
  DataSet set = from_array(read_idx(images, limit), images.string());
  set.labels = to_labels(read_idx(labels, limit), labels.string());
  if (static_cast<Eigen::Index>(set.labels.size()) != set.points.rows()) {
    throw DataError(labels.string(), "has " + std::to_string(set.labels.size()) + " labels for " +
                                         std::to_string(set.points.rows()) + " images");
  }
  return set;
}

// The n and d of "gaussian(n,d)" if `source` begins so; DataError if the rest is not like that.
std::optional<std::pair<std::size_t, std::size_t>> dimensions_of(std::string_view source, std::string_view name) {
  if (!source.starts_with(name) || !trimmed(source.substr(name.size())).starts_with('(')) return std::nullopt;
  std::string_view inside = trimmed(source.substr(name.size()));
  const auto refuse = [&]() -> std::size_t {
    throw DataError(std::string(source), "is not " + std::string(name) + "(n,d) with two whole numbers above 0");
  };
  if (!inside.ends_with(')')) refuse();
  inside = inside.substr(1, inside.size() - 2);
  const std::size_t comma = inside.find(',');
  if (comma == std::string_view::npos) refuse();
  const auto number = [&](std::string_view text) {
    text = trimmed(text);
    std::size_t value = 0;
    const auto [stop, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    return fault != std::errc{} || stop != text.data() + text.size() || value == 0 ? refuse() : value;
  };
  return std::pair(number(inside.substr(0, comma)), number(inside.substr(comma + 1)));
}

DataSet read_path(const std::string& path, std::size_t limit) {
  std::string_view name = path;
  if (name.ends_with(".gz")) name.remove_suffix(3);
  const auto ends = [&](std::initializer_list<std::string_view> endings) {
    return std::any_of(endings.begin(), endings.end(), [&](std::string_view e) { return name.ends_with(e); });
  };
  if (ends({".npy"})) return from_array(read_npy(path, limit), path);
  if (ends({".idx", "-ubyte", ".idx1", ".idx2", ".idx3", ".idx4"})) return from_array(read_idx(path, limit), path);
  if (ends({".libsvm", ".svm"})) return from_libsvm(read_libsvm(path, {.limit = limit}), path);
  if (ends({".csv", ".txt", ".tsv"})) return {read_csv(path, limit).values, {}, {}, {}};
  throw DataError(path, fs::exists(path)
                            ? "has no ending that tells its format (.npy .csv .txt .tsv .idx -ubyte .libsvm .svm)"
                            : "is neither a file nor one of fashion-mnist[:train|:test], cifar10:DIR[:train|:test], "
                              "gaussian(n,d), sphere(n,d)");
}

DataSet load(std::string_view source, std::size_t limit, std::uint64_t seed) {
  for (const auto& [name, draw] : {std::pair("gaussian", &gaussian), std::pair("sphere", &sphere)}) {
    if (const auto size = dimensions_of(source, name)) {
      const auto [n, d] = *size;
      return {draw(limit == 0 ? n : std::min(n, limit), d, seed), {}, {}, {}};
    }
  }
  std::string_view name = source;
  const Part part = take_part(name);
  if (name == "fashion-mnist") return read_fashion_mnist(part, limit);
  constexpr std::string_view cifar = "cifar10:";
  if (name.starts_with(cifar)) return from_images(read_cifar10(name.substr(cifar.size()), part, limit));
  return read_path(std::string(source), limit);
}

// Uniform below `bound`, without the bias of a remainder and alike on every platform.
std::size_t below(std::mt19937_64& bits, std::size_t bound) {
  const std::uint64_t rejected = (0 - std::uint64_t{bound}) % bound;  // 2^64 mod bound
  for (;;) {
    const std::uint64_t drawn = bits();
    if (drawn >= rejected) return drawn % bound;
  }
}

DataSet sampled(const DataSet& all, std::size_t count, std::uint64_t seed) {
  const auto rows = static_cast<std::size_t>(all.points.rows());
  count = count == 0 ? rows : std::min(count, rows);
  std::vector<Eigen::Index> order(rows);
  for (std::size_t i = 0; i < rows; ++i) order[i] = static_cast<Eigen::Index>(i);
  constexpr std::uint64_t own_stream = 0x6F72646572ULL;  // not the bits that synthetic points of this seed are made of
  std::mt19937_64 bits(seed ^ own_stream);
  for (std::size_t i = 0; i < count; ++i) std::swap(order[i], order[i + below(bits, rows - i)]);
  order.resize(count);
  DataSet chosen{all.points(order, Eigen::all), {}, {}, all.image};
  if (!all.labels.empty()) {
    for (const Eigen::Index row : order) chosen.labels.push_back(all.labels[static_cast<std::size_t>(row)]);
  }
  return chosen;
}

void require_finite(const Matrix& points, const std::string& name) {
  for (Eigen::Index row = 0; row < points.rows(); ++row) {
    if (points.row(row).allFinite()) continue;
    Eigen::Index column = 0;
    while (std::isfinite(points(row, column))) ++column;
    throw DataError(name,
                    "row " + std::to_string(row + 1) + ", column " + std::to_string(column + 1) + " is not finite");
  }
}

}  // namespace

DataSet read_data_set(std::string_view source, const ReadOptions& options) {
  source = trimmed(source);
  const bool shuffled = options.order == RowOrder::shuffled;
  DataSet set = load(source, shuffled ? 0 : options.limit, options.seed);
  const std::string name(source);
  if (set.points.size() == 0) throw DataError(name, "holds no points");
  require_finite(set.points, name);
  if (shuffled) set = sampled(set, options.limit, options.seed);
  set.name = name;
  return set;
}

Matrix read_points(std::string_view source, const ReadOptions& options) {
  return read_data_set(source, options).points;
}

Images read_images(std::string_view source, const ReadOptions& options) {
  DataSet set = read_data_set(source, options);
  if (!set.image) {
    throw ShapeError(set.name + ": holds points (n, d), and images (n, height, width, channels) are needed");
  }
  return {std::move(set.points), set.image->height, set.image->width, set.image->channels};
}

}  // namespace nke
