// SPDX-License-Identifier: Apache-2.0
// A row of balls in one piece of memory, as Arb's sums of products want them. For .cpp files only: it shows Arb.
#pragma once

#include <cstddef>
#include <utility>

#include <nke/exact/real/arb_access.hpp>

namespace nke {

class ArbVector {
 public:
  ArbVector() = default;
  explicit ArbVector(std::size_t size) : data_(_arb_vec_init(static_cast<slong>(size))), size_(size) {}
  ArbVector(ArbVector&& other) noexcept { swap(other); }
  ArbVector& operator=(ArbVector&& other) noexcept {
    swap(other);
    return *this;
  }
  ~ArbVector() {
    if (data_ != nullptr) _arb_vec_clear(data_, static_cast<slong>(size_));
  }

  std::size_t size() const { return size_; }
  arb_ptr operator[](std::size_t i) { return data_ + i; }
  arb_srcptr operator[](std::size_t i) const { return data_ + i; }
  arb_ptr data() { return data_; }
  arb_srcptr data() const { return data_; }
  void swap(ArbVector& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

 private:
  arb_ptr data_ = nullptr;
  std::size_t size_ = 0;
};

/// One of them, cleared by scope.
struct ArbNumber {
  ArbNumber() { arb_init(value); }
  ~ArbNumber() { arb_clear(value); }
  ArbNumber(const ArbNumber&) = delete;
  ArbNumber& operator=(const ArbNumber&) = delete;
  operator arb_ptr() { return value; }  // NOLINT: stands where Arb wants an arb_t
  arb_t value;
};

/// x ± exp(log_error), for errors that were bounded by their logarithm.
void add_error_of_log(arb_t x, double log_error);

}  // namespace nke
