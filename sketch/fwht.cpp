// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <nke/exact/real/error.hpp>
#include <nke/sketch/fwht.hpp>

#include "fwht_simd.hpp"

namespace nke::sketch {
namespace {

void require_power_of_two(std::size_t n) {
  if (n == 0 || (n & (n - 1)) != 0) {  // std::has_single_bit is a call where there is no popcnt
    throw ShapeError("the Walsh-Hadamard transform needs a length that is a power of two, not " + std::to_string(n));
  }
}

}  // namespace

void fwht(std::span<float> x) {
  require_power_of_two(x.size());
  simd::fwht(x.data(), x.size());
}

void fwht(std::span<double> x) {
  require_power_of_two(x.size());
  simd::fwht(x.data(), x.size());
}

void signed_fwht(std::span<const float> in, std::span<const std::uint8_t> signs, std::span<float> out) {
  require_power_of_two(in.size());
  if (out.size() != in.size()) {
    throw ShapeError("signed_fwht: input of length " + std::to_string(in.size()) + ", output of length " +
                     std::to_string(out.size()));
  }
  if (signs.size() < (in.size() + 7) / 8) {
    throw ShapeError("signed_fwht: " + std::to_string(in.size()) + " elements need " +
                     std::to_string((in.size() + 7) / 8) + " bytes of signs, got " + std::to_string(signs.size()));
  }
  simd::signed_fwht(in.data(), signs.data(), out.data(), in.size());
}

}  // namespace nke::sketch
