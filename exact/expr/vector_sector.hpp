// SPDX-License-Identifier: Apache-2.0
// Phi2 one line at a time, where the two lines have little in common; included after vector_phi2.hpp, whose notation it is.
//
// Why         where a threshold is 0, its line adds nothing but 0 or 1/2. Where the corner is the foot of one line, R is the
//             threshold of that line; if that belongs to the row or the column, so do the polynomials in R, which are
//             nine tenths of the work.
// Pieces      wedge(t, w, R) = F(R, ψ) at the smaller of the angles of the corner, seen from the line or from its normal;
//             radial(R, j) = the polynomial beside the power j of the angle; turned(t, w, R, radial(R, 0), …) = wedge(t, w, R);
//             sector = ±V of one line; corner = the sum of both and [h, k > 0].

HWY_BEFORE_NAMESPACE();
namespace nke::block {
namespace HWY_NAMESPACE {
namespace {

static_assert(Tables::angles <= radial_columns);

struct Line {
  V t, w;
};
// No threshold is so near to 0 that its square underflows while that of w does not matter.
HWY_ATTR HWY_INLINE Line line_of(V t, V w) {
  return {hn::Min(hn::Abs(t), lane(far)), hn::Min(hn::Abs(w), lane(farther))};
}
HWY_ATTR HWY_INLINE V half_tangent(const Line& at, V radius) {
  const V low = hn::Min(at.t, at.w), high = hn::Max(at.t, at.w);
  return hn::Div(low, hn::Max(hn::Add(radius, high), lane(tiny)));
}
HWY_ATTR HWY_INLINE V inverse_radius(V radius) {
  return hn::Div(lane(1), hn::Add(radius, lane(static_cast<double>(Tables::shift))));
}
HWY_ATTR HWY_INLINE V drop_of(V inverse) {
  return hn::Mul(inverse, lane(static_cast<double>(Tables::shift)));
}

HWY_ATTR HWY_INLINE void find_angle(const Line& at, V radius, Chunk& chunk_of, std::size_t i) {
  hn::Store(half_tangent(at, radius), D(), chunk_of.tangent_a + i);
  hn::Store(inverse_radius(radius), D(), chunk_of.inverse + i);
}
HWY_ATTR HWY_INLINE V found_wedge(const Lane* c, const Chunk& chunk_of, std::size_t i) {
  const V tangent = hn::Load(D(), chunk_of.tangent_a + i), z = hn::Load(D(), chunk_of.inverse + i);
  const V angle = hn::Mul(hn::Mul(tangent, tangent), lane(steepest));
  const V tau = radial_variable(z), tau_square = hn::Mul(tau, tau);
  constexpr int last = Tables::angles - 1;
  const V column = polynomial<Tables::length[last]>(c + column_at(last), tau, tau_square);
  const V scaled = wedges<last - 1>(c, tau, tau_square, angle, column);
  return hn::Mul(hn::Mul(scaled, tangent), drop_of(z));
}

// One column of the table; which one is known only at run time, but it is the same for all entries.
HWY_ATTR HWY_INLINE V column_of(const Lane* c, int length, V tau) {
  V sum = hn::Set(D(), c[length - 1]);
  for (int i = length - 1; i-- > 0;) sum = hn::MulAdd(sum, tau, hn::Set(D(), c[i]));
  return sum;
}

template <int j>
HWY_ATTR HWY_INLINE V turned_from(const Operand<Lane>* columns, std::size_t i, V angle, V sum) {
  if constexpr (j < 0) {
    return sum;
  } else {
    return turned_from<j - 1>(columns, i, angle, hn::MulAdd(sum, angle, load(columns[j], i)));
  }
}

}  // namespace

HWY_ATTR void NKE_LANES(wedge_of_doubles, wedge_of_floats)(const Lane* coefficients, const Operand<Lane>* in, Lane* out,
                                                           std::size_t n) {
  const Operand<Lane> t = in[0], w = in[1], radius = in[2];
  const std::size_t lanes = hn::Lanes(D());
  Chunk chunk_of;
  for (std::size_t begin = 0; begin < n; begin += chunk * lanes) {
    const std::size_t count = std::min(n - begin, chunk * lanes);
    for (std::size_t i = 0; i < count; i += lanes) {
      const std::size_t j = begin + i;
      const V distance = hn::Min(hn::Abs(load(radius, j)), lane(farther));
      find_angle(line_of(load(t, j), load(w, j)), distance, chunk_of, i);
    }
    for (std::size_t i = 0; i < count; i += lanes) {
      hn::StoreU(found_wedge(met_anew(coefficients), chunk_of, i), D(), out + begin + i);
    }
  }
}

HWY_ATTR void NKE_LANES(radial_of_doubles, radial_of_floats)(const Lane* coefficients, const Operand<Lane>* in,
                                                             Lane* out, std::size_t n) {
  const Operand<Lane> radius = in[0];
  const int j = static_cast<int>(in[1].at[0]);
  const bool known = j < Tables::angles;  // there are more columns of doubles than of floats
  const int length = known ? Tables::length[j] : 0;
  const Lane* c = coefficients + (known ? column_at(j) : 0);
  for (std::size_t i = 0; i < n; i += hn::Lanes(D())) {
    const V z = inverse_radius(hn::Min(hn::Abs(load(radius, i)), lane(farther)));
    hn::StoreU(known ? hn::Mul(column_of(c, length, radial_variable(z)), drop_of(z)) : hn::Zero(D()), D(), out + i);
  }
}

HWY_ATTR void NKE_LANES(turned_of_doubles, turned_of_floats)(const Operand<Lane>* in, Lane* out, std::size_t n) {
  const Operand<Lane> t = in[0], w = in[1], radius = in[2];
  constexpr int last = Tables::angles - 1;
  Operand<Lane> columns[Tables::angles];
  std::copy_n(in + 3, Tables::angles, columns);
  for (std::size_t i = 0; i < n; i += hn::Lanes(D())) {
    const V tangent = half_tangent(line_of(load(t, i), load(w, i)), hn::Abs(load(radius, i)));
    const V angle = hn::Mul(hn::Mul(tangent, tangent), lane(steepest));
    hn::StoreU(hn::Mul(turned_from<last - 1>(columns, i, angle, load(columns[last], i)), tangent), D(), out + i);
  }
}

// Threshold, w, φ(t), m(t), m(w), φ(t) φ(w), F.
HWY_ATTR void NKE_LANES(sector_of_doubles, sector_of_floats)(const Operand<Lane>* in, Lane* out, std::size_t n) {
  const Operand<Lane> threshold = in[0], along = in[1], gauss = in[2], mills = in[3], mills_along = in[4], apex = in[5],
                      wedge = in[6];
  for (std::size_t i = 0; i < n; i += hn::Lanes(D())) {
    const V x = load(threshold, i), y = load(along, i), m = load(mills, i), f = load(wedge, i);
    const Line at = line_of(x, y);
    const V steep = hn::Mul(m, load(mills_along, i));
    const V beyond = hn::Mul(load(apex, i), hn::IfThenElse(hn::Ge(at.w, at.t), f, hn::Sub(steep, f)));
    const V tail = hn::Mul(load(gauss, i), m);
    const V part = hn::IfThenElse(hn::Ge(y, hn::Zero(D())), hn::Sub(tail, beyond), beyond);
    const V value = hn::IfThenElse(hn::Gt(x, lane(tiny)), hn::Neg(part), part);
    hn::StoreU(hn::IfThenElse(hn::And(hn::Eq(x, x), hn::Eq(y, y)), value, hn::NaN(D())), D(), out + i);
  }
}

HWY_ATTR void NKE_LANES(corner_of_doubles, corner_of_floats)(const Operand<Lane>* in, Lane* out, std::size_t n) {
  const Operand<Lane> h = in[0], k = in[1], sector_h = in[2], sector_k = in[3];
  for (std::size_t i = 0; i < n; i += hn::Lanes(D())) {
    const auto inside = hn::And(hn::Gt(load(h, i), lane(tiny)), hn::Gt(load(k, i), lane(tiny)));
    const V sum = hn::Add(load(sector_h, i), load(sector_k, i));
    const V total = hn::Add(hn::IfThenElseZero(inside, lane(1)), sum);
    hn::StoreU(hn::IfThenElse(hn::Eq(sum, sum), hn::Max(total, hn::Zero(D())), sum), D(), out + i);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace nke::block
HWY_AFTER_NAMESPACE();
