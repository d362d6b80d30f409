// SPDX-License-Identifier: Apache-2.0
// Phi2 on one vector, without branches, and over blocks; included like vector_functions.hpp, and after it.
//
// Definition  Phi2 = Σ over both lines of ±V + [h, k > 0], V the sector of real/bivariate.hpp, the sign that of −h (of
//             −k). With the distance t of a line and the coordinate w of the apex on it, R² = t² + w²,
//               V(t, −|w|) = exp(−R²/2)/(2π) · F(R, atan(t/|w|)),   V(t, |w|) = Q(t) − V(t, −|w|),
//               F(R, ψ) = ∫_0^ψ M(R cos s) ds = m(t) m(|w|) − F(R, π/2 − ψ),
//             where m = Q/φ is Mills' ratio and M(x) = 1 − x m(x) the mass along a ray from the apex. So F is needed for
//             ψ ≤ π/4 only, where it is a polynomial (phi2_tables.hpp) in 1/(R + β) and in tan²(ψ/2), of which
//             tan(ψ/2) = min(t, |w|)/(R + max(t, |w|)) needs no arc tangent. Both lines share R, hence the polynomial.
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
HWY_ATTR HWY_INLINE V exp_below(const Lane* c, V x) {
  const Reduced r = reduced(x);
  return restored(x, polynomial<Tables::exponential_length>(c, r.f, hn::Mul(r.f, r.f)), r.shifted);
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
HWY_ATTR HWY_INLINE Two mills(const Lane* c, Two x) {
  return mills_at(c, quotient_of(both(lane(1)), sum_of(x, both(lane(static_cast<double>(Tables::shift))))));
}
// The same to half the error, for 0.5 ns: z = 1/(x + β), as rounded, belongs to x − δ, and m' = x m − 1.
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
// F (R/β + 1)/tan(ψ/2) at two angles, from the highest power down.
template <int j>
HWY_ATTR HWY_INLINE Two wedges(const Lane* c, V tau, V square, Two angle, Two sum) {
  if constexpr (j < 0) {
    return sum;
  } else {
    const V column = polynomial<Tables::length[j]>(c + column_at(j), tau, square);
    return wedges<j - 1>(c, tau, square, angle, times_plus(sum, angle, column));
  }
}

// Φ(−far) is no number of this kind any more.
constexpr double far = wide_lanes ? 40 : 14.5;
HWY_ATTR HWY_INLINE V between(V x, double limit) {
  return hn::Max(hn::Min(x, lane(limit)), lane(-limit));
}

// What is known of a chunk between the passes over it. One pass after another keeps each loop short enough for the
// processor to work on several turns at once: together they take half the time of one long loop.
constexpr std::size_t chunk = 16;
struct Chunk {
  HWY_ALIGN Lane h[chunk * hn::MaxLanes(D())], k[chunk * hn::MaxLanes(D())];
  HWY_ALIGN Lane along_a[chunk * hn::MaxLanes(D())], along_b[chunk * hn::MaxLanes(D())];
  HWY_ALIGN Lane tangent_a[chunk * hn::MaxLanes(D())], tangent_b[chunk * hn::MaxLanes(D())];
  HWY_ALIGN Lane square[chunk * hn::MaxLanes(D())], inverse[chunk * hn::MaxLanes(D())];
};

// Where both lines and their apex are. Where Phi2 is undefined, `square` is NaN.
HWY_ATTR HWY_INLINE void locate(V h_given, V k_given, V x_given, V y_given, Chunk& chunk_of, std::size_t i) {
  constexpr double farther = 1.5 * far;
  constexpr double tiny = wide_lanes ? 1e-100 : 1e-15;
  constexpr double huge = wide_lanes ? 0x1p500 : 0x1p60, least = wide_lanes ? 1e-300 : 1e-36;
  const V zero = hn::Zero(D());

  // x and y of middling size: only their ratio matters.
  const V size = hn::Max(hn::Abs(x_given), hn::Abs(y_given));
  const V scale = hn::IfThenElse(hn::Gt(size, lane(huge)), lane(1 / huge),
                                 hn::IfThenElse(hn::Lt(size, lane(1 / huge)), lane(huge), lane(1)));
  const V x = hn::Mul(x_given, scale), y = hn::Max(hn::Mul(y_given, scale), lane(least));
  const V s = hn::Sqrt(hn::MulAdd(x, x, hn::Mul(y, y)));
  const V sign_of_x = hn::And(x, hn::SignBit(D()));

  const V k = between(k_given, far);
  const V h_near = between(h_given, far);
  // At h = k = 0 nothing sets the scale; any tiny threshold gives the value.
  const auto central = hn::Lt(hn::Add(hn::Abs(h_near), hn::Abs(k)), lane(tiny));
  const V h = hn::IfThenElse(central, lane(tiny), h_near);
  const Two t = size_of({h, k});

  // (k − rh)/√(1−r²) = (k ∓ h) s/y ± h y/(s + |x|), upper signs for x >= 0.
  const V apart = hn::Div(hn::Mul(hn::Sub(k, hn::Xor(h, sign_of_x)), s), y);
  const V shift = hn::Xor(hn::Div(y, hn::Add(s, hn::Abs(x))), sign_of_x);
  const Two along{between(hn::MulAdd(shift, h, apart), farther),
                  between(hn::MulSub(shift, k, hn::Xor(apart, sign_of_x)), farther)};
  const Two w = size_of(along);
  const V square = hn::MulAdd(t.a, t.a, hn::Mul(w.a, w.a));
  const V radius = hn::Sqrt(square);
  const Two low{hn::Min(t.a, w.a), hn::Min(t.b, w.b)}, high{hn::Max(t.a, w.a), hn::Max(t.b, w.b)};
  const Two tangent = quotient_of(low, sum_of(both(radius), high));

  // All comparisons are false for NaN; x = y = 0 has size 0.
  const auto plane = hn::And(hn::Eq(x_given, x_given), hn::And(hn::Gt(size, zero), hn::Lt(size, hn::Inf(D()))));
  const auto ordered = hn::And(hn::Eq(h_given, h_given), hn::Eq(k_given, k_given));
  const auto defined = hn::And(hn::And(hn::Ge(y_given, zero), plane), ordered);
  hn::Store(h, D(), chunk_of.h + i);
  hn::Store(k, D(), chunk_of.k + i);
  hn::Store(along.a, D(), chunk_of.along_a + i);
  hn::Store(along.b, D(), chunk_of.along_b + i);
  hn::Store(tangent.a, D(), chunk_of.tangent_a + i);
  hn::Store(tangent.b, D(), chunk_of.tangent_b + i);
  hn::Store(hn::IfThenElse(defined, square, hn::NaN(D())), D(), chunk_of.square + i);
  hn::Store(hn::Div(lane(1), hn::Add(radius, lane(static_cast<double>(Tables::shift)))), D(), chunk_of.inverse + i);
}

// From tan(ψ/2) to F(R, ψ), in place.
HWY_ATTR HWY_INLINE void find_wedges(const Lane* c, Chunk& chunk_of, std::size_t i) {
  const Two tangent{hn::Load(D(), chunk_of.tangent_a + i), hn::Load(D(), chunk_of.tangent_b + i)};
  const V z = hn::Load(D(), chunk_of.inverse + i);
  constexpr double steepest = 5.8284271247461900976;  // 1/tan²(π/8)
  const Two angle = product_of(product_of(tangent, tangent), both(lane(steepest)));
  const V tau = hn::MulAdd(z, lane(static_cast<double>(Tables::slope)), lane(static_cast<double>(Tables::offset))),
          tau_square = hn::Mul(tau, tau);
  constexpr int last = Tables::angles - 1;
  const V column = polynomial<Tables::length[last]>(c + column_at(last), tau, tau_square);
  const Two scaled = wedges<last - 1>(c, tau, tau_square, angle, both(column));
  const V drop = hn::Mul(z, lane(static_cast<double>(Tables::shift)));
  const Two f = product_of(product_of(scaled, tangent), both(drop));
  hn::Store(f.a, D(), chunk_of.tangent_a + i);
  hn::Store(f.b, D(), chunk_of.tangent_b + i);
}

// Mills' ratio and the tail of a threshold.
struct Threshold {
  Two ratio, tail;
};
HWY_ATTR HWY_INLINE Threshold threshold(const Lane* c, Two t) {
  const Two ratio = wide_lanes ? accurate_mills(c, t) : mills(c, t);
  return {ratio, product_of(densities(c, t), ratio)};
}

// `fixed` thresholds, 0, 1 (of line a) or 2 of them, are the same for all entries and known beforehand.
template <int fixed>
HWY_ATTR HWY_INLINE V combined(const Lane* c, const Chunk& chunk_of, Threshold of, std::size_t i) {
  const V zero = hn::Zero(D());
  const V h = hn::Load(D(), chunk_of.h + i), k = hn::Load(D(), chunk_of.k + i);
  const Two along{hn::Load(D(), chunk_of.along_a + i), hn::Load(D(), chunk_of.along_b + i)};
  const Two f{hn::Load(D(), chunk_of.tangent_a + i), hn::Load(D(), chunk_of.tangent_b + i)};
  const V square = hn::Load(D(), chunk_of.square + i);
  const Two t = size_of({h, k}), w = size_of(along);
  if constexpr (fixed == 0) of = threshold(c, t);
  if constexpr (fixed == 1) {
    const Threshold moving = threshold(c, both(t.b));  // the compiler does one half only: both are the same
    of = {{of.ratio.a, moving.ratio.b}, {of.tail.a, moving.tail.b}};
  }
  const Two steep = product_of(of.ratio, mills(c, w));
  const V at_apex = hn::Mul(exp_below(c, hn::Mul(lane(-0.5), square)), lane(0.15915494309189533577));
  const Two beyond = product_of(both(at_apex), {hn::IfThenElse(hn::Ge(w.a, t.a), f.a, hn::Sub(steep.a, f.a)),
                                                hn::IfThenElse(hn::Ge(w.b, t.b), f.b, hn::Sub(steep.b, f.b))});

  // A sector that begins before the foot of its line is Q less the rest.
  const Two sector{hn::IfThenElse(hn::Ge(along.a, zero), hn::Sub(of.tail.a, beyond.a), beyond.a),
                   hn::IfThenElse(hn::Ge(along.b, zero), hn::Sub(of.tail.b, beyond.b), beyond.b)};
  const auto above_a = hn::Gt(h, zero), above_b = hn::Gt(k, zero);
  const V sum = hn::Add(hn::IfThenElse(above_a, hn::Neg(sector.a), sector.a),
                        hn::IfThenElse(above_b, hn::Neg(sector.b), sector.b));
  const V total = hn::Add(hn::IfThenElseZero(hn::And(above_a, above_b), lane(1)), sum);
  return hn::IfThenElse(hn::Eq(square, square), hn::Max(total, zero), hn::NaN(D()));
}

template <int fixed>
HWY_ATTR HWY_INLINE void run(const Lane* coefficients, const Operand<Lane>& h, const Operand<Lane>& k,
                             const Operand<Lane>& x, const Operand<Lane>& y, Lane* out, std::size_t n) {
  const auto load = [](const Operand<Lane>& operand, std::size_t i)
                        HWY_ATTR { return hn::LoadU(D(), operand.at + (i & operand.mask)); };
  const std::size_t lanes = hn::Lanes(D());
  Chunk chunk_of;
  Threshold of{};
  if constexpr (fixed > 0) {
    const Two t = size_of({load(h, 0), fixed == 2 ? load(k, 0) : load(h, 0)});
    of = threshold(coefficients, {between(t.a, far), between(t.b, far)});
  }
  for (std::size_t begin = 0; begin < n; begin += chunk * lanes) {
    const std::size_t count = std::min(n - begin, chunk * lanes);
    for (std::size_t i = 0; i < count; i += lanes) {
      const std::size_t j = begin + i;
      locate(load(h, j), load(k, j), load(x, j), load(y, j), chunk_of, i);
    }
    for (std::size_t i = 0; i < count; i += lanes) find_wedges(coefficients, chunk_of, i);
    for (std::size_t i = 0; i < count; i += lanes) {
      hn::StoreU(combined<fixed>(coefficients, chunk_of, of, i), D(), out + begin + i);
    }
  }
}

}  // namespace

// The coefficients come from the caller so that the compiler, not knowing them, lets each addition load one number and
// not a vector of eight equal ones.
HWY_ATTR void NKE_LANES(Phi2_of_doubles, Phi2_of_floats)(const Lane* coefficients, const Operand<Lane>* in, Lane* out,
                                                         std::size_t n) {
  const bool h_repeats = in[0].mask == Operand<Lane>::repeats, k_repeats = in[1].mask == Operand<Lane>::repeats;
  if (h_repeats && k_repeats) {
    run<2>(coefficients, in[0], in[1], in[2], in[3], out, n);
  } else if (h_repeats) {
    run<1>(coefficients, in[0], in[1], in[2], in[3], out, n);
  } else if (k_repeats) {
    run<1>(coefficients, in[1], in[0], in[2], in[3], out, n);
  } else {
    run<0>(coefficients, in[0], in[1], in[2], in[3], out, n);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace nke::block
HWY_AFTER_NAMESPACE();
