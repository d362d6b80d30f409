// SPDX-License-Identifier: Apache-2.0
// A slice as entries a, b, c, d of a dual, and back: included once a target by slices_simd.cpp, and by nobody else.
//
// Planes      root: √a of the pixel, in the units of the theory; series: K(0, a, 0).
// Degenerate  where a or b is 0 the dual is asked at (1, 1, 0), and the planes answer; Θ is 0 there. |ρ| is at most 1, and 1 within its
//             rounding.
#if defined(NKE_SLICE_BLOCK_SIMD) == defined(HWY_TARGET_TOGGLE)
#ifdef NKE_SLICE_BLOCK_SIMD
#undef NKE_SLICE_BLOCK_SIMD
#else
#define NKE_SLICE_BLOCK_SIMD
#endif

#include "slice_duals_simd.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::kernels::HWY_NAMESPACE {

template <class T>
struct BlockEntries {
  T *a, *b, *c, *d, *theta, *K, *Kdot;
  const T* inputs[4];
  BlockEntries(T* memory, std::size_t size)
      : a(memory),
        b(memory + size),
        c(memory + 2 * size),
        d(memory + 3 * size),
        theta(memory + 4 * size),
        K(memory + 5 * size),
        Kdot(memory + 6 * size),
        inputs{a, b, c, d} {}

  HWY_INLINE void ask(const SliceLayer<T>& l, std::size_t x, std::size_t y, Vec<T> sigma, Vec<T> theta_in,
                      std::size_t at) const {
    const Tag<T> tag;
    const Vec<T> one = hn::Set(tag, T{1}), least = hn::Set(tag, static_cast<T>(3e-15));
    const Vec<T> root_x = hn::Load(tag, l.x_root + x), root_y = hn::Load(tag, l.y_root + y);
    const Vec<T> rho = hn::Mul(sigma, product(l.x_inverse + x, l.y_inverse + y)), root = hn::Mul(root_x, root_y);
    Vec<T> rest = hn::Sub(one, hn::Min(hn::Abs(rho), one));  // 1 − |ρ|
    rest = hn::IfThenElseZero(hn::Gt(rest, least), rest);
    const Vec<T> size = hn::Sub(one, rest);
    const auto black = hn::Eq(root, hn::Zero(tag));
    hn::Store(hn::IfThenElse(black, one, hn::Mul(root_x, root_x)), tag, a + at);
    hn::Store(hn::IfThenElse(black, one, hn::Mul(root_y, root_y)), tag, b + at);
    hn::Store(hn::CopySign(hn::Mul(root, size), rho), tag, c + at);
    const Vec<T> one_minus_square = hn::MulAdd(rest, size, rest);
    hn::Store(hn::IfThenElse(black, one, hn::Mul(hn::Mul(root, root), one_minus_square)), tag, d + at);
    hn::Store(theta_in, tag, theta + at);
  }

  HWY_INLINE void answer(const SliceLayer<T>& l, std::size_t x, std::size_t y, std::size_t at, Vec<T>& k,
                         Vec<T>& m) const {
    const Tag<T> tag;
    const Vec<T> zero = hn::Zero(tag);
    const auto black_x = hn::Eq(hn::Load(tag, l.x_root + x), zero), black_y = hn::Eq(hn::Load(tag, l.y_root + y), zero);
    k = hn::Mul(hn::Load(tag, K + at), hn::Set(tag, l.dual->value_units));
    k = hn::IfThenElse(black_y, hn::Load(tag, l.x_series + x), k);
    k = hn::IfThenElse(black_x, hn::Load(tag, l.y_series + y), k);
    const Vec<T> slope = hn::Mul(hn::Load(tag, Kdot + at), hn::Set(tag, l.dual->slope_units));
    m = hn::MulAdd(hn::Load(tag, theta + at), slope, k);
  }
};

}  // namespace nke::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
