// SPDX-License-Identifier: Apache-2.0
// The loops of the operations, for one kind of lanes and one instruction set; included like vector_functions.hpp.
#include "vector_functions.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::block {
namespace HWY_NAMESPACE {
namespace {

HWY_ATTR HWY_INLINE V op_copy(V x) {
  return x;
}
// An error next to an infinity is NaN: the sum is then infinite whatever was lost.
HWY_ATTR HWY_INLINE V or_zero(V error) {
  return hn::IfThenElseZero(hn::Eq(error, error), error);
}
// Knuth's TwoSum: exact whichever of the two is larger.
HWY_ATTR HWY_INLINE V op_sum_error(V x1, V x2) {
  const V sum = hn::Add(x1, x2);
  const V second = hn::Sub(sum, x1);
  const V first = hn::Sub(sum, second);
  return or_zero(hn::Add(hn::Sub(x1, first), hn::Sub(x2, second)));
}
HWY_ATTR HWY_INLINE V op_product_error(V x1, V x2) {
  return or_zero(product_rest(x1, x2, hn::Mul(x1, x2)));
}
HWY_ATTR HWY_INLINE V op_multiply_add(V x1, V x2, V x3) {
  return hn::MulAdd(x1, x2, x3);
}
HWY_ATTR HWY_INLINE V op_multiply_subtract(V x1, V x2, V x3) {
  return hn::MulSub(x1, x2, x3);
}
HWY_ATTR HWY_INLINE V op_negative_multiply_add(V x1, V x2, V x3) {
  return hn::NegMulAdd(x1, x2, x3);
}
HWY_ATTR HWY_INLINE V op_select(V mask, V chosen, V otherwise) {
  return hn::IfThenElse(hn::Eq(mask, hn::Zero(D())), otherwise, chosen);
}
HWY_ATTR HWY_INLINE V op_quotient_error(V x1, V x2, V x3) {
  const V product = hn::Mul(x2, x3);
  return or_zero(hn::Div(hn::Sub(hn::Sub(x1, product), product_rest(x2, x3, product)), x2));
}
HWY_ATTR HWY_INLINE V op_mass(V x, V gauss, V mills) {
  const V tail = hn::Mul(gauss, mills);
  const V side = hn::IfThenElse(hn::Gt(x, hn::Zero(D())), hn::Sub(constant(1), tail), tail);
  return hn::IfThenElse(hn::Eq(x, x), side, x);
}
HWY_ATTR HWY_INLINE V op_multiply_multiply(V x1, V x2, V x3) {
  return hn::Mul(hn::Mul(x1, x2), x3);
}
HWY_ATTR HWY_INLINE V op_add_add(V x1, V x2, V x3) {
  return hn::Add(hn::Add(x1, x2), x3);
}
HWY_ATTR HWY_INLINE V op_add_multiply(V x1, V x2, V x3) {
  return hn::Mul(hn::Add(x1, x2), x3);
}
HWY_ATTR HWY_INLINE V op_multiply_divide(V x1, V x2, V x3) {
  return hn::Div(hn::Mul(x1, x2), x3);
}
HWY_ATTR HWY_INLINE V op_add_divide(V x1, V x2, V x3) {
  return hn::Div(hn::Add(x1, x2), x3);
}
HWY_ATTR HWY_INLINE V op_divide_add(V x1, V x2, V x3) {
  return hn::Add(hn::Div(x1, x2), x3);
}
// Kahan: two products with their errors, then differences that are exact where they cancel. At least ab 2^−130 (floats:
// 2^−60). NaN stays NaN.
HWY_ATTR HWY_INLINE V op_determinant(V a, V b, V c) {
  const V square = hn::Mul(c, c), product = hn::Mul(a, b);
  const V errors = hn::Sub(product_rest(a, b, product), product_rest(c, c, square));
  const V d = hn::Add(hn::Sub(product, square), errors);
  const V least = hn::Mul(product, constant(NKE_LANES(0x1p-130, 0x1p-60)));
  return hn::IfThenElse(hn::Lt(d, least), least, d);
}

HWY_ATTR HWY_INLINE V load(const Operand<Lane>& x, std::size_t i) {
  return hn::LoadU(D(), x.at + (i & x.mask));
}

// The operands are copied first: for all the compiler knows, a store might change what `in` points to.
#define NKE_LOOP(name, ...)                                                      \
  HWY_ATTR void loop_##name(const Operand<Lane>* in, Lane* out, std::size_t n) { \
    const Operand<Lane> x1 = in[0], x2 = in[1], x3 = in[2];                      \
    (void)x2, (void)x3;                                                          \
    const std::size_t lanes = hn::Lanes(D());                                    \
    for (std::size_t i = 0; i < n; i += lanes) {                                 \
      hn::StoreU(op_##name(__VA_ARGS__), D(), out + i);                          \
    }                                                                            \
  }
#define NKE_LOOP_1(name) NKE_LOOP(name, load(x1, i))
#define NKE_LOOP_2(name) NKE_LOOP(name, load(x1, i), load(x2, i))
#define NKE_LOOP_3(name) NKE_LOOP(name, load(x1, i), load(x2, i), load(x3, i))
NKE_STEPS_1(NKE_LOOP_1)
NKE_STEPS_2(NKE_LOOP_2)
NKE_STEPS_3(NKE_LOOP_3)
#undef NKE_LOOP_1
#undef NKE_LOOP_2
#undef NKE_LOOP_3
#undef NKE_LOOP

}  // namespace

// Without a branch inside: rows are short, and nearly always all is well.
HWY_ATTR bool NKE_LANES(doubles_between, floats_between)(const Lane* x, std::size_t n, Lane low, Lane high) {
  const V least = hn::Set(D(), low), most = hn::Set(D(), high);
  const std::size_t lanes = hn::Lanes(D());
  auto fine = hn::Eq(least, least);
  std::size_t i = 0;
  for (; i + lanes <= n; i += lanes) {
    const V v = hn::LoadU(D(), x + i);
    fine = hn::And(fine, hn::And(hn::Ge(v, least), hn::Le(v, most)));
  }
  bool rest = true;
  for (; i < n; ++i) rest = rest && low <= x[i] && x[i] <= high;
  return rest && hn::AllTrue(D(), fine);
}

const Kernel<Lane>* NKE_LANES(kernels_of_doubles, kernels_of_floats)() {
#define NKE_ENTRY(name) loop_##name,
  static constexpr Kernel<Lane> table[operation_count] = {NKE_STEPS_1(NKE_ENTRY) NKE_STEPS_2(NKE_ENTRY)
                                                              NKE_STEPS_3(NKE_ENTRY)
#undef NKE_ENTRY
#define NKE_ENTRY(name) step_##name,
                                                                  NKE_STEPS_PHI2(NKE_ENTRY) NKE_STEPS_LANES(NKE_ENTRY)};
#undef NKE_ENTRY
  return table;
}

}  // namespace HWY_NAMESPACE
}  // namespace nke::block
HWY_AFTER_NAMESPACE();
