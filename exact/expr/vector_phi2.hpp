// SPDX-License-Identifier: Apache-2.0
// Phi2 in pieces, each over blocks and without branches, so that a program shares and hoists them; included like
// vector_functions.hpp, and after it.
//
// Definition  Phi2 = Σ over both lines of ±V + [h, k > 0], V the sector of real/bivariate.hpp, the sign that of −h (of
//             −k). With the distance t of a line and the coordinate w of the apex on it, R² = t² + w²,
//               V(t, −|w|) = exp(−R²/2)/(2π) · F(R, atan(t/|w|)),   V(t, |w|) = Q(t) − V(t, −|w|),
//               F(R, ψ) = ∫_0^ψ M(R cos s) ds = m(t) m(|w|) − F(R, π/2 − ψ),
//             where m = Q/φ is Mills' ratio and M(x) = 1 − x m(x) the mass along a ray from the apex. So F is needed for
//             ψ ≤ π/4 only, where it is a polynomial (phi2_tables.hpp) in 1/(R + β) and in tan²(ψ/2), of which
//             tan(ψ/2) = min(t, |w|)/(R + max(t, |w|)) needs no arc tangent. Both lines share R, hence the polynomial.
// Pieces      gauss(t) = φ(t); mills(t) = m(|t|); along(h, k, x, y) = w on the line of h; quadrant: all the rest.
// Accuracy    everything is positive and scaled by its own Gaussian, so tails keep their digits; only for thresholds of
//             opposite sign and r → −1 two sectors cancel, to an absolute error of a few ulp of Φ(min(h, k)).
#include "phi2_tables.hpp"

HWY_BEFORE_NAMESPACE();
namespace nke::block {
namespace HWY_NAMESPACE {
namespace {

using Tables = Phi2Tables<Lane>;
constexpr bool wide_lanes = sizeof(Lane) == sizeof(double);

HWY_ATTR HWY_INLINE V lane(double value) {
  return hn::Set(D(), static_cast<Lane>(value));
}

// A value for each of the two lines. What is done to both runs side by side and loads its constants once.
struct Two {
  V a, b;
};
HWY_ATTR HWY_INLINE Two both(V v) {
  return {v, v};
}
HWY_ATTR HWY_INLINE Two sum_of(Two x, Two y) {
  return {hn::Add(x.a, y.a), hn::Add(x.b, y.b)};
}
HWY_ATTR HWY_INLINE Two product_of(Two x, Two y) {
  return {hn::Mul(x.a, y.a), hn::Mul(x.b, y.b)};
}
HWY_ATTR HWY_INLINE Two quotient_of(Two x, Two y) {
  return {hn::Div(x.a, y.a), hn::Div(x.b, y.b)};
}
HWY_ATTR HWY_INLINE V times_plus(V x, V y, V z) {
  return hn::MulAdd(x, y, z);
}
HWY_ATTR HWY_INLINE Two times_plus(Two x, Two y, V z) {
  return {hn::MulAdd(x.a, y.a, z), hn::MulAdd(x.b, y.b, z)};
}
HWY_ATTR HWY_INLINE Two times_plus(Two x, Two y, Two z) {
  return {hn::MulAdd(x.a, y.a, z.a), hn::MulAdd(x.b, y.b, z.b)};
}
HWY_ATTR HWY_INLINE Two less_product(Two z, Two x, Two y) {
  return {hn::NegMulAdd(x.a, y.a, z.a), hn::NegMulAdd(x.b, y.b, z.b)};
}
HWY_ATTR HWY_INLINE Two size_of(Two x) {
  return {hn::Abs(x.a), hn::Abs(x.b)};
}

HWY_ATTR HWY_INLINE void set(V& out, Lane c) {
  out = hn::Set(D(), c);
}
HWY_ATTR HWY_INLINE void set(Two& out, Lane c) {
  out = both(hn::Set(D(), c));
}
// Horner's rule over every other coefficient, written out by the compiler.
template <int i, class T>
HWY_ATTR HWY_INLINE T horner(const Lane* c, T square, T sum) {
  if constexpr (i < 0) {
    return sum;
  } else {
    return horner<i - 2>(c, square, times_plus(sum, square, hn::Set(D(), c[i])));
  }
}
// Even and odd powers apart: chains of half the length.
template <int length, class T>
HWY_ATTR HWY_INLINE T polynomial(const Lane* c, T x, T square) {
  T first, second;
  set(first, c[length - 1]);
  set(second, c[length - 2]);
  first = horner<length - 3>(c, square, first);
  second = horner<length - 4>(c, square, second);
  if constexpr (length % 2 == 1) {
    return times_plus(second, x, first);
  } else {
    return times_plus(first, x, second);
  }
}

// exp(x) for x <= 0: 2^n exp(f), |f| <= log(2)/2. Adding 1.5 · 2^52 leaves n in the lowest bits of the sum.
struct Reduced {
  V shifted, f;
};
HWY_ATTR HWY_INLINE Reduced reduced(V x) {
  constexpr double shifter = wide_lanes ? 6755399441055744.0 : 12582912.0;
  constexpr double high = wide_lanes ? 6.93147180369123816490e-01 : 0.693145751953125;
  constexpr double low = wide_lanes ? 1.90821492927058770002e-10 : 1.42860682030941723212e-06;
  const V shifted = hn::MulAdd(x, lane(1.44269504088896340736), lane(shifter));
  const V n = hn::Sub(shifted, lane(shifter));
  return {shifted, hn::NegMulAdd(n, lane(low), hn::NegMulAdd(n, lane(high), x))};
}
HWY_ATTR HWY_INLINE V restored(V x, V value, V shifted) {
  using Bits = hn::RebindToUnsigned<D>;
  constexpr int mantissa = wide_lanes ? 52 : 23;
  const auto power = hn::ShiftLeft<mantissa>(hn::BitCast(Bits(), shifted));
  const V scaled = hn::BitCast(D(), hn::Add(hn::BitCast(Bits(), value), power));
  return hn::IfThenElseZero(hn::Ge(x, lane(wide_lanes ? -708 : -87)), scaled);
}
// φ(t), with what the rounding of t² takes away put back.
HWY_ATTR HWY_INLINE Two densities(const Lane* c, Two t) {
  const Two square = product_of(t, t), x = product_of(square, both(lane(-0.5)));
  const Reduced a = reduced(x.a), b = reduced(x.b);
  const Two f{a.f, b.f};
  const Two value = polynomial<Tables::exponential_length>(c, f, product_of(f, f));
  const Two gauss{restored(x.a, value.a, a.shifted), restored(x.b, value.b, b.shifted)};
  const Two lost = product_of({product_rest(t.a, t.a, square.a), product_rest(t.b, t.b, square.b)}, both(lane(0.5)));
  return product_of(less_product(gauss, lost, gauss), both(lane(0.39894228040143267794)));
}

HWY_ATTR HWY_INLINE Two mills_at(const Lane* c, Two z) {
  const Two tau =
      times_plus(z, both(lane(static_cast<double>(Tables::slope))), lane(static_cast<double>(Tables::offset)));
  return product_of(z, polynomial<Tables::mills_length>(c + Tables::exponential_length, tau, product_of(tau, tau)));
}
// z = 1/(x + β), as rounded, belongs to x − δ, and m' = x m − 1; without it the error is twice as large.
HWY_ATTR HWY_INLINE Two accurate_mills(const Lane* c, Two x) {
  const Two one = both(lane(1)), shift = both(lane(static_cast<double>(Tables::shift)));
  const Two sum = sum_of(x, shift);
  const Two rounded{hn::Sub(x.a, hn::Sub(sum.a, shift.a)), hn::Sub(x.b, hn::Sub(sum.b, shift.b))};
  const Two z = quotient_of(one, sum);
  const Two negative{hn::MulSub(z.a, sum.a, one.a), hn::MulSub(z.b, sum.b, one.b)};
  const Two rest = times_plus(z, rounded, negative);
  const Two m = mills_at(c, z);
  const Two slope{hn::MulSub(x.a, m.a, one.a), hn::MulSub(x.b, m.b, one.b)};
  return times_plus(slope, product_of(rest, sum), m);
}

// Where the coefficients of one power of the angle begin.
constexpr int column_at(int j) {
  int at = Tables::exponential_length + Tables::mills_length;
  for (int i = 0; i < j; ++i) at += Tables::length[i];
  return at;
}
// F (R/β + 1)/tan(ψ/2) at one angle or two, from the highest power down.
template <int j, class T>
HWY_ATTR HWY_INLINE T wedges(const Lane* c, V tau, V square, T angle, T sum) {
  if constexpr (j < 0) {
    return sum;
  } else {
    const V column = polynomial<Tables::length[j]>(c + column_at(j), tau, square);
    return wedges<j - 1>(c, tau, square, angle, times_plus(sum, angle, column));
  }
}

// Φ(−far) is no number of this kind any more.
constexpr double far = wide_lanes ? 40 : 14.5;
constexpr double farther = 1.5 * far;
HWY_ATTR HWY_INLINE V between(V x, double limit) {
  return hn::Max(hn::Min(x, lane(limit)), lane(-limit));
}
// At h = k = 0 nothing sets the scale; any tiny thresholds give the value, −tiny without a difference.
constexpr double tiny = wide_lanes ? 1e-100 : 1e-15;
HWY_ATTR HWY_INLINE auto central(V h, V k) {
  return hn::Lt(hn::Add(hn::Abs(h), hn::Abs(k)), lane(tiny));
}

// Where the apex is on the line of h: (k − rh)/√(1−r²). NaN where Phi2 is undefined.
HWY_ATTR HWY_INLINE V along(V h_given, V k_given, V x_given, V y_given) {
  constexpr double huge = wide_lanes ? 0x1p500 : 0x1p60, least = wide_lanes ? 1e-300 : 1e-36;
  const V zero = hn::Zero(D());

  // x and y of middling size: only their ratio matters.
  const V size = hn::Max(hn::Abs(x_given), hn::Abs(y_given));
  const V scale = hn::IfThenElse(hn::Gt(size, lane(huge)), lane(1 / huge),
                                 hn::IfThenElse(hn::Lt(size, lane(1 / huge)), lane(huge), lane(1)));
  const V x = hn::Mul(x_given, scale), y = hn::Max(hn::Mul(y_given, scale), lane(least));
  const V s = hn::Sqrt(hn::MulAdd(x, x, hn::Mul(y, y)));
  const V sign_of_x = hn::And(x, hn::SignBit(D()));

  const V h_near = between(h_given, far), k_near = between(k_given, far);
  const auto middle = central(h_near, k_near);
  const V h = hn::IfThenElse(middle, lane(-tiny), h_near), k = hn::IfThenElse(middle, lane(-tiny), k_near);

  // (k − rh)/√(1−r²) = (k ∓ h) s/y ± h y/(s + |x|), upper signs for x >= 0.
  const V apart = hn::Div(hn::Mul(hn::Sub(k, hn::Xor(h, sign_of_x)), s), y);
  const V shift = hn::Xor(hn::Div(y, hn::Add(s, hn::Abs(x))), sign_of_x);
  const V w = between(hn::MulAdd(shift, h, apart), farther);

  // All comparisons are false for NaN; x = y = 0 has size 0.
  const auto plane = hn::And(hn::Eq(x_given, x_given), hn::And(hn::Gt(size, zero), hn::Lt(size, hn::Inf(D()))));
  const auto ordered = hn::And(hn::Eq(h_given, h_given), hn::Eq(k_given, k_given));
  const auto defined = hn::And(hn::And(hn::Ge(y_given, zero), plane), ordered);
  return hn::IfThenElse(defined, w, hn::NaN(D()));
}

// What is known of a chunk between the passes over it. One pass after another keeps each loop short enough for the
// processor to work on several turns at once: together they take half the time of one long loop.
constexpr std::size_t chunk = 16;
struct Chunk {
  HWY_ALIGN Lane tangent_a[chunk * hn::MaxLanes(D())], tangent_b[chunk * hn::MaxLanes(D())];
  HWY_ALIGN Lane inverse[chunk * hn::MaxLanes(D())];
};

HWY_INLINE const Lane* met_anew(const Lane* c) {
#if defined(__GNUC__)
  asm volatile("" : "+r"(c));
#endif
  return c;
}

// Distances of the lines.
HWY_ATTR HWY_INLINE Two distances(V h, V k) {
  const Two t{hn::Min(hn::Abs(h), lane(far)), hn::Min(hn::Abs(k), lane(far))};
  const auto middle = central(t.a, t.b);
  return {hn::IfThenElse(middle, lane(tiny), t.a), hn::IfThenElse(middle, lane(tiny), t.b)};
}
HWY_ATTR HWY_INLINE Two sizes_along(V along_a, V along_b) {
  return {hn::Min(hn::Abs(along_a), lane(farther)), hn::Min(hn::Abs(along_b), lane(farther))};
}

HWY_ATTR HWY_INLINE void find_angles(Two t, Two w, Chunk& chunk_of, std::size_t i) {
  const V radius = hn::Sqrt(hn::MulAdd(t.a, t.a, hn::Mul(w.a, w.a)));
  const Two low{hn::Min(t.a, w.a), hn::Min(t.b, w.b)}, high{hn::Max(t.a, w.a), hn::Max(t.b, w.b)};
  const Two tangent = quotient_of(low, sum_of(both(radius), high));
  hn::Store(tangent.a, D(), chunk_of.tangent_a + i);
  hn::Store(tangent.b, D(), chunk_of.tangent_b + i);
  hn::Store(hn::Div(lane(1), hn::Add(radius, lane(static_cast<double>(Tables::shift)))), D(), chunk_of.inverse + i);
}

constexpr double steepest = 5.8284271247461900976;  // 1/tan²(π/8)
HWY_ATTR HWY_INLINE V radial_variable(V z) {
  return hn::MulAdd(z, lane(static_cast<double>(Tables::slope)), lane(static_cast<double>(Tables::offset)));
}

// From tan(ψ/2) to F(R, ψ), in place.
HWY_ATTR HWY_INLINE void find_wedges(const Lane* c, Chunk& chunk_of, std::size_t i) {
  const Two tangent{hn::Load(D(), chunk_of.tangent_a + i), hn::Load(D(), chunk_of.tangent_b + i)};
  const V z = hn::Load(D(), chunk_of.inverse + i);
  const Two angle = product_of(product_of(tangent, tangent), both(lane(steepest)));
  const V tau = radial_variable(z), tau_square = hn::Mul(tau, tau);
  constexpr int last = Tables::angles - 1;
  const V column = polynomial<Tables::length[last]>(c + column_at(last), tau, tau_square);
  const Two scaled = wedges<last - 1>(c, tau, tau_square, angle, both(column));
  const V drop = hn::Mul(z, lane(static_cast<double>(Tables::shift)));
  const Two f = product_of(product_of(scaled, tangent), both(drop));
  hn::Store(f.a, D(), chunk_of.tangent_a + i);
  hn::Store(f.b, D(), chunk_of.tangent_b + i);
}

HWY_ATTR HWY_INLINE V load(const Operand<Lane>& operand, std::size_t i) {
  return hn::LoadU(D(), operand.at + (i & operand.mask));
}

// The operands of a quadrant, in their order.
struct Quadrant {
  Operand<Lane> h, k, along_h, along_k;
  Operand<Lane> gauss_h, mills_h, gauss_k, mills_k;
  Operand<Lane> gauss_along_h, mills_along_h, mills_along_k;
};

HWY_ATTR HWY_INLINE V combined(const Quadrant& q, const Chunk& chunk_of, std::size_t i, std::size_t j) {
  const V zero = hn::Zero(D());
  const V h = load(q.h, j), k = load(q.k, j);
  const Two along{load(q.along_h, j), load(q.along_k, j)};
  const Two t = distances(h, k), w = sizes_along(along.a, along.b);
  const Two f{hn::Load(D(), chunk_of.tangent_a + i), hn::Load(D(), chunk_of.tangent_b + i)};
  const Two ratio{load(q.mills_h, j), load(q.mills_k, j)};
  const V gauss_h = load(q.gauss_h, j);
  const Two tail{hn::Mul(gauss_h, ratio.a), hn::Mul(load(q.gauss_k, j), ratio.b)};
  const Two steep = product_of(ratio, {load(q.mills_along_h, j), load(q.mills_along_k, j)});
  const V at_apex = hn::Mul(gauss_h, load(q.gauss_along_h, j));
  const Two beyond = product_of(both(at_apex), {hn::IfThenElse(hn::Ge(w.a, t.a), f.a, hn::Sub(steep.a, f.a)),
                                                hn::IfThenElse(hn::Ge(w.b, t.b), f.b, hn::Sub(steep.b, f.b))});

  // A sector that begins before the foot of its line is Q less the rest.
  const Two sector{hn::IfThenElse(hn::Ge(along.a, zero), hn::Sub(tail.a, beyond.a), beyond.a),
                   hn::IfThenElse(hn::Ge(along.b, zero), hn::Sub(tail.b, beyond.b), beyond.b)};
  const auto above_a = hn::Gt(h, lane(tiny)), above_b = hn::Gt(k, lane(tiny));
  const V sum = hn::Add(hn::IfThenElse(above_a, hn::Neg(sector.a), sector.a),
                        hn::IfThenElse(above_b, hn::Neg(sector.b), sector.b));
  const V total = hn::Add(hn::IfThenElseZero(hn::And(above_a, above_b), lane(1)), sum);
  const auto numbers =
      hn::And(hn::And(hn::Eq(h, h), hn::Eq(k, k)), hn::And(hn::Eq(along.a, along.a), hn::Eq(along.b, along.b)));
  return hn::IfThenElse(numbers, hn::Max(total, zero), hn::NaN(D()));
}

}  // namespace

// The compiler must not know the coefficients, nor that they stay the same from turn to turn: otherwise it keeps a vector
// of equal numbers for each of them on the stack, 12 KiB that are filled once a chunk and drive the registers of a program
// out of the first cache.
HWY_ATTR void NKE_LANES(gauss_of_doubles, gauss_of_floats)(const Lane* coefficients, const Operand<Lane>* in, Lane* out,
                                                           std::size_t n) {
  const Operand<Lane> x = in[0];
  const std::size_t lanes = hn::Lanes(D());
  std::size_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    const Two y = densities(coefficients, {between(load(x, i), farther), between(load(x, i + lanes), farther)});
    hn::StoreU(y.a, D(), out + i);
    hn::StoreU(y.b, D(), out + i + lanes);
  }
  for (; i < n; i += lanes) {
    hn::StoreU(densities(coefficients, both(between(load(x, i), farther))).a, D(), out + i);
  }
}

HWY_ATTR void NKE_LANES(mills_of_doubles, mills_of_floats)(const Lane* coefficients, const Operand<Lane>* in, Lane* out,
                                                           std::size_t n) {
  const Operand<Lane> x = in[0];
  const std::size_t lanes = hn::Lanes(D());
  std::size_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    const Two y = accurate_mills(coefficients, sizes_along(load(x, i), load(x, i + lanes)));
    hn::StoreU(y.a, D(), out + i);
    hn::StoreU(y.b, D(), out + i + lanes);
  }
  for (; i < n; i += lanes) {
    const V y = load(x, i);
    hn::StoreU(accurate_mills(coefficients, sizes_along(y, y)).a, D(), out + i);
  }
}

HWY_ATTR void NKE_LANES(along_of_doubles, along_of_floats)(const Operand<Lane>* in, Lane* out, std::size_t n) {
  const Operand<Lane> h = in[0], k = in[1], x = in[2], y = in[3];
  for (std::size_t i = 0; i < n; i += hn::Lanes(D())) {
    hn::StoreU(along(load(h, i), load(k, i), load(x, i), load(y, i)), D(), out + i);
  }
}

HWY_ATTR void NKE_LANES(quadrant_of_doubles, quadrant_of_floats)(const Lane* coefficients, const Operand<Lane>* in,
                                                                 Lane* out, std::size_t n) {
  const Quadrant q{in[0], in[1], in[2], in[3], in[4], in[5], in[6], in[7], in[8], in[9], in[10]};
  const std::size_t lanes = hn::Lanes(D());
  Chunk chunk_of;
  for (std::size_t begin = 0; begin < n; begin += chunk * lanes) {
    const std::size_t count = std::min(n - begin, chunk * lanes);
    for (std::size_t i = 0; i < count; i += lanes) {
      const std::size_t j = begin + i;
      find_angles(distances(load(q.h, j), load(q.k, j)), sizes_along(load(q.along_h, j), load(q.along_k, j)), chunk_of,
                  i);
    }
    for (std::size_t i = 0; i < count; i += lanes) find_wedges(met_anew(coefficients), chunk_of, i);
    for (std::size_t i = 0; i < count; i += lanes) {
      hn::StoreU(combined(q, chunk_of, i, begin + i), D(), out + begin + i);
    }
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace nke::block
HWY_AFTER_NAMESPACE();
