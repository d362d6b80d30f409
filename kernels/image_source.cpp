// SPDX-License-Identifier: Apache-2.0
#include <nke/exact/real/error.hpp>

#include "kernel_source.hpp"
#include "pixel_plan.hpp"
#include "slice_plan.hpp"

namespace nke {
namespace {

constexpr std::size_t tile_images = 8;

template <class T>
class ImageSource final : public KernelSource<T> {
 public:
  ImageSource(const Network& network, const Images& x, const Images* y)
      : symmetric_(y == nullptr),
        rows_(static_cast<std::size_t>(x.count())),
        columns_(static_cast<std::size_t>(y == nullptr ? x.count() : y->count())),
        slices_(SlicePlan<T>::make(network, x, y)) {
    if (slices_ == nullptr && sizeof(T) == 4) wide_ = SlicePlan<double>::make(network, x, y, true);
    if (slices_ == nullptr && wide_ == nullptr) pixels_ = std::make_unique<PixelPlan>(network, x, y);
  }

  std::size_t rows() const override { return rows_; }
  std::size_t columns() const override { return columns_; }
  bool symmetric() const override { return symmetric_; }
  std::size_t side() const override { return tile_images; }
  std::size_t bytes() const override {
    if (slices_ != nullptr) return slices_->bytes();
    return wide_ != nullptr ? wide_->bytes() : pixels_->bytes_per_pair() * 4;
  }

  void tile(const TileRange& range, T* nngp, T* ntk, std::size_t stride) const override {
    for (std::size_t i = 0; i < range.rows; ++i) {
      for (std::size_t j = 0; j < range.columns; ++j) {
        const std::size_t row = range.row + i, column = range.column + j;
        if (symmetric_ && column < row) continue;
        const PixelKernel k = entry(row, column);
        if (nngp != nullptr) nngp[i * stride + j] = static_cast<T>(k.nngp);
        if (ntk != nullptr) ntk[i * stride + j] = static_cast<T>(k.ntk);
      }
    }
  }

  void diagonal(Kind kind, T* out) const override {
    for (std::size_t i = 0; i < rows_; ++i) {
      const PixelKernel& k = with_itself(i);
      out[i] = static_cast<T>(kind == Kind::nngp ? k.nngp : k.ntk);
    }
  }

 private:
  PixelKernel entry(std::size_t row, std::size_t column) const {
    if (symmetric_ && row == column) return with_itself(row);
    const std::size_t other = symmetric_ ? column : rows_ + column;
    if (slices_ != nullptr) return slices_->pair(row, other);
    return wide_ != nullptr ? wide_->pair(row, other) : pixels_->pair(row, other);
  }
  const PixelKernel& with_itself(std::size_t i) const {
    if (slices_ != nullptr) return slices_->with_itself(i);
    return wide_ != nullptr ? wide_->with_itself(i) : pixels_->with_itself(i);
  }

  bool symmetric_;
  std::size_t rows_, columns_;
  std::unique_ptr<SlicePlan<T>> slices_;     // the fast way, where there is one
  std::unique_ptr<SlicePlan<double>> wide_;  // for float, where it is for doubles only
  std::unique_ptr<PixelPlan> pixels_;
};

}  // namespace

template <class T>
std::unique_ptr<KernelSource<T>> image_source(const Network& network, const Images& x, const Images* y) {
  return std::make_unique<ImageSource<T>>(network, x, y);
}
template std::unique_ptr<KernelSource<float>> image_source(const Network&, const Images&, const Images*);
template std::unique_ptr<KernelSource<double>> image_source(const Network&, const Images&, const Images*);

}  // namespace nke
