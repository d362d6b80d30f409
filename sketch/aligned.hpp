// SPDX-License-Identifier: Apache-2.0
// Vectors that begin at a cache line, as registers of 64 bytes want: a load across two lines costs 10-25 % of a
// transform.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace nke::sketch {

template <class T>
struct CacheLineAllocator {
  using value_type = T;
  static constexpr std::align_val_t line{64};

  CacheLineAllocator() = default;
  template <class U>
  CacheLineAllocator(const CacheLineAllocator<U>&) noexcept {}

  T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), line)); }
  void deallocate(T* p, std::size_t) noexcept { ::operator delete(p, line); }
  friend bool operator==(const CacheLineAllocator&, const CacheLineAllocator&) { return true; }
};

using AlignedVector = std::vector<float, CacheLineAllocator<float>>;

}  // namespace nke::sketch
