// SPDX-License-Identifier: Apache-2.0
// Sums as expressions: which terms are taken together.
#include "author.hpp"

#include <algorithm>
#include <optional>

namespace nke::detail {
namespace {

using Kind = Special::Kind;

Surd pi_of(const Ring& ring) {
  return Surd(Fraction(ring.variable(*ring.find(pi()))));
}

// Where a density was taken at a point that closes in on the other, its exponent stays a square over d.
Expr exponential(const Surd& exponent, const Manner& manner) {
  if (manner.style == Style::stable && has_determinant_below(exponent)) {
    for (const Surd& square : manner.squares) {
      const Surd rest = exponent - square;
      if (!has_determinant_below(rest)) return exp(written(rest, manner.style) + written(square, manner.style));
    }
  }
  // exp(−(a + b − 2c)) rather than exp(2c − a − b): one sees that it decays.
  const int sign = sign_of(exponent) < 0 ? -1 : 1;
  return exp(Expr(sign) * written(Rational(sign) * exponent, manner.style));
}

// re_Phi(x, y) or im_Phi(x, y) for Φ(x + i y), and the like.
Expr complex_function(const RealBasis& basis, Style style) {
  const auto& arguments = basis.special.arguments;
  const bool two = basis.special.kind == Kind::bivariate;
  std::vector<Expr> parts;
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const auto [real, imaginary] = arguments[k].parts();
    parts.push_back(written(real, style));
    if (!two || k < 2) parts.push_back(written(imaginary, style));
  }
  const bool real = basis.part == Part::real;
  const Function univariate = real ? Function::re_Phi : Function::im_Phi;
  const Function bivariate = real ? Function::re_Phi2 : Function::im_Phi2;
  return apply(two ? bivariate : univariate, std::move(parts));
}

Expr function(const RealBasis& basis, Style style) {
  const Special& special = basis.special;
  if (!is_real(special)) return complex_function(basis, style);
  std::vector<Expr> arguments;
  for (const Surd& x : special.arguments) arguments.push_back(written(x, style));
  switch (special.kind) {
    case Kind::none: return 1;
    case Kind::normal: return Phi(arguments[0]);
    case Kind::bivariate: return apply(Function::Phi2, std::move(arguments));
    case Kind::angle: return atan2(arguments[0], arguments[1]);
  }
  return 1;
}

Expr wave(const RealBasis& basis, Style style) {
  switch (basis.wave) {
    case Wave::none: return 1;
    case Wave::cosine: return cos(written(basis.angle, style));
    case Wave::sine: return sin(written(basis.angle, style));
  }
  return 1;
}

// x/√(x² + y²), if that is an expression with one root.
std::optional<Expr> sine_of(const Special& special) {
  const Surd& x = special.arguments[0];
  const Surd& y = special.arguments[1];
  const auto squares = (x * x + y * y).fraction();
  if (!squares) return std::nullopt;
  std::vector<int> ignored;
  return written(x * square_root(squares->inverse(), ignored));
}

// exp(E) with c turned into −c; nothing if c stands in a denominator at an odd power.
std::optional<Surd> reflected(const Surd& x) {
  const auto value = x.fraction();
  if (!value) return std::nullopt;
  const Ring& ring = x.ring();
  const auto turned = [&ring](const Polynomial& p) {
    std::vector<Polynomial::Monomial> monomials = p.monomials();
    for (Polynomial::Monomial& m : monomials) {
      if (m.exponents[Ring::c] % 2 == 1) m.coefficient = -m.coefficient;
    }
    return Polynomial::from_monomials(ring, monomials);
  };
  for (const auto& [id, exponent] : value->denominator()) {
    if (!(turned(ring.irreducible(id)) == ring.irreducible(id))) return std::nullopt;
  }
  Factors over{1, value->denominator()};
  for (auto& [id, exponent] : over.powers) exponent = -exponent;
  return Surd(Fraction(turned(value->numerator())) * Fraction::from_factors(ring, over));
}

// Terms with a common exponential.
struct Group {
  Surd exponent;
  std::vector<Expr> terms;
};

class Composer {
 public:
  Composer(const Manner& manner, bool arcs) : manner_(manner), ring_(manner.ring), style_(manner.style), arcs_(arcs) {}

  Expr compose(RealSum sum) {
    take_angles(sum);
    take_pairs(sum);
    for (const auto& [basis, coefficient] : sum) {
      append(basis.exponent, wave(basis, style_) * function(basis, style_), coefficient);
    }
    return total();
  }

  // K − K at c = 0, of exponentials alone.
  Expr compose_increment(const RealSum& sum) {
    for (const auto& [basis, coefficient] : sum) {
      const Surd start = at_zero(basis.exponent);
      const Surd rise = basis.exponent - start;
      const Surd fixed = at_zero(coefficient);
      const Expr factor = exponential(rise, manner_);
      if (!rise.is_zero()) append(start, factor - 1, fixed);
      append(start, factor, coefficient - fixed);
    }
    return total();
  }

  // The same where exponentials come in pairs exp(m ± s).
  bool paired_increment(RealSum& sum) {
    bool any = false;
    for (const Pair& pair : pairs(sum)) {
      any = true;
      const Surd fixed = at_zero(pair.even);
      // cosh s − 1 = exp(|s|) (1 − exp(−|s|))²/2
      const Expr s = magnitude(pair.half_difference);
      scaled_group(pair.middle, s, pow(1 - exp(-s), 2) / 2, fixed);
      append_hyperbolic(pair, pair.even - fixed, pair.odd);
    }
    return any;
  }

  void append(const Surd& exponent, const Expr& function, const Surd& coefficient) {
    if (coefficient.is_zero()) return;
    std::vector<Expr>& terms = group(exponent);
    for (const auto& [radicand, fraction] : coefficient.terms()) {
      const Surd term(ring_, radicand, fraction);
      const bool alone = function.is_one() && exponent.is_zero();
      terms.push_back(alone ? written(term, style_) : written_factor(term, style_) * function);
    }
  }

  Expr total() const {
    std::vector<Expr> grouped;
    std::vector<Expr> flat;
    for (const Group& g : groups_) {
      const Expr factor = exponential(g.exponent, manner_);
      grouped.push_back(factor * with_common_factors(g.terms));
      for (const Expr& term : g.terms) flat.push_back(factor * term);
    }
    for (const Expr& term : extra_) {
      grouped.push_back(term);
      flat.push_back(term);
    }
    const Expr by_group = with_common_factors(grouped);
    const Expr at_once = with_common_factors(flat);
    return cost(at_once) <= cost(by_group) ? at_once : by_group;
  }

 private:
  struct Pair {
    Surd middle;
    Surd half_difference;
    Surd even;  // of cosh
    Surd odd;   // of sinh
  };

  std::vector<Expr>& group(const Surd& exponent) {
    const auto found =
        std::find_if(groups_.begin(), groups_.end(), [&](const Group& g) { return g.exponent == exponent; });
    if (found != groups_.end()) return found->terms;
    groups_.push_back({exponent, {}});
    return groups_.back().terms;
  }

  static Surd at_zero(const Surd& x) {
    Surd result(x.ring());
    for (const auto& [radicand, coefficient] : x.terms()) {
      const auto drop = [](const Polynomial& p) {
        std::vector<Polynomial::Monomial> kept = p.monomials();
        std::erase_if(kept, [](const Polynomial::Monomial& m) { return m.exponents[Ring::c] > 0; });
        return Polynomial::from_monomials(p.ring(), kept);
      };
      Fraction value = drop(coefficient.numerator());
      for (const auto& [id, exponent] : coefficient.denominator()) {
        for (int k = 0; k < exponent; ++k) value = value / Fraction(drop(x.ring().irreducible(id)));
      }
      Surd term = value;
      std::vector<int> ignored;
      for (const int id : radicand) term = term * square_root(Fraction(drop(x.ring().irreducible(id))), ignored);
      result = result + term;
    }
    return result;
  }

  // |s| for s = k c, k > 0.
  Expr magnitude(const Surd& s) const {
    const auto [coefficient, rest] = split_coefficient(written(s, style_));
    return Expr(coefficient) * (rest.is(Expr::Kind::product) ? absolute_product(rest) : abs(rest));
  }
  static Expr absolute_product(const Expr& e) {
    Expr result = 1;
    for (const Expr& factor : e.operands()) result *= depends_on(factor, "c") ? abs(factor) : factor;
    return result;
  }

  // P e^(m+s) + Q e^(m−s) = e^m ((P + Q) cosh s + (P − Q) sinh s).
  std::vector<Pair> pairs(RealSum& sum) const {
    std::vector<Pair> result;
    for (auto it = sum.begin(); it != sum.end();) {
      const RealBasis basis = it->first;
      const bool plain = basis.special.kind == Kind::none && basis.wave == Wave::none &&
                         basis.exponent.depends_on(Ring::c) &&
                         (style_ == Style::author || !has_determinant_below(basis.exponent));
      const auto mirror = plain ? reflected(basis.exponent) : std::nullopt;
      const auto partner = mirror ? sum.find(RealBasis{*mirror, Wave::none, Surd(ring_), {}, Part::real}) : sum.end();
      if (partner == sum.end() || *mirror == basis.exponent) {
        ++it;
        continue;
      }
      Pair pair{Rational(1, 2) * (basis.exponent + *mirror), Rational(1, 2) * (basis.exponent - *mirror),
                it->second + partner->second, it->second - partner->second};
      if (sign_of(pair.half_difference) < 0) {
        pair.half_difference = -pair.half_difference;
        pair.odd = -pair.odd;
      }
      result.push_back(std::move(pair));
      sum.erase(partner);
      sum.erase(basis);
      it = sum.begin();
    }
    return result;
  }

  void take_pairs(RealSum& sum) {
    for (const Pair& pair : pairs(sum)) append_hyperbolic(pair, pair.even, pair.odd);
  }

  void append_hyperbolic(const Pair& pair, const Surd& even, const Surd& odd) {
    const Expr s = written(pair.half_difference, style_);
    if (style_ == Style::author) {
      append(pair.middle, cosh(s), even);
      append(pair.middle, sinh(s), odd);
      return;
    }
    // e^m cosh s and e^m sinh s overflow where their product with e^m does not.
    const Expr size = magnitude(pair.half_difference);
    scaled_group(pair.middle, size, (1 + exp(-2 * size)) / 2, even);
    scaled_group(pair.middle, size, sign(symbol("c")) * (1 - exp(-2 * size)) / 2, odd);
  }

  void scaled_group(const Surd& middle, const Expr& size, const Expr& function, const Surd& coefficient) {
    if (coefficient.is_zero()) return;
    extra_.push_back(written_factor(coefficient, style_) * exp(written(middle, style_) + size) * function);
  }

  // By the number of terms, and only if that is no guide by what they look like.
  static bool shorter(const Surd& x, const Surd& y) {
    const auto length = [](const Surd& s) {
      std::size_t total = 0;
      for (const auto& [radicand, coefficient] : s.terms()) total += coefficient.numerator().length();
      return total;
    };
    constexpr std::size_t long_one = 20;
    const std::size_t n = length(x);
    const std::size_t m = length(y);
    if (n == 0 || m == 0 || n > long_one || m > long_one) return n < m;
    return cost(written(x)) < cost(written(y));
  }

  // An angle and its multiples of π/2: P atan2(x, y) + Q = P atan2(y, −x) + (Q − P π/2) = −P atan2(y, x) + (Q + P π/2).
  void take_angles(RealSum& sum) {
    std::vector<RealBasis> found;
    for (const auto& [basis, coefficient] : sum) {
      if (basis.special.kind == Kind::angle) found.push_back(basis);
    }
    for (const RealBasis& basis : found) {
      const Surd p = sum.at(basis);
      RealBasis whole = basis;
      whole.special = {};
      const auto place = sum.find(whole);
      const Surd q = place == sum.end() ? Surd(ring_) : place->second;
      const Surd quarter = Rational(1, 2) * (pi_of(ring_) * p);
      const Expr x = written(basis.special.arguments[0], style_);
      const Expr y = written(basis.special.arguments[1], style_);
      struct Form {
        Surd rest;
        Surd factor;
        Expr angle;
      };
      Form forms[] = {{q, p, atan2(x, y)}, {q - quarter, p, atan2(y, -x)}, {q + quarter, -p, atan2(y, x)}};
      if (const auto sine = arcs_ ? sine_of(basis.special) : std::nullopt) {
        forms[0].angle = asin(*sine);
        forms[1].angle = acos(-*sine);
        forms[2].angle = acos(*sine);
      }
      const Form* best = &forms[0];
      for (const Form& form : forms) {
        if (shorter(form.rest, best->rest)) best = &form;
      }
      if (place != sum.end()) sum.erase(place);
      add(sum, whole, best->rest);
      sum.erase(basis);
      append(basis.exponent, wave(basis, style_) * best->angle, best->factor);
    }
  }

  const Manner& manner_;
  const Ring& ring_;
  Style style_;
  bool arcs_;  // angles as arcsines and arccosines
  std::vector<Group> groups_;
  std::vector<Expr> extra_;  // terms whose exponential is no surd
};

}  // namespace

Expr written(const RealSum& sum, const Manner& manner) {
  const Expr with_atan2 = Composer(manner, false).compose(sum);
  const bool angles =
      std::any_of(sum.begin(), sum.end(), [](const auto& term) { return term.first.special.kind == Kind::angle; });
  if (manner.style == Style::stable || !angles) return with_atan2;
  // An arcsine is shorter, unless the root in atan2 stands elsewhere too.
  const Expr with_arcs = Composer(manner, true).compose(sum);
  return node_count(with_arcs) < node_count(with_atan2) ? with_arcs : with_atan2;
}

Expr written_around_mean(const RealSum& sum, const RealSum& mean, const Manner& manner) {
  const bool plain = std::all_of(sum.begin(), sum.end(), [](const auto& term) {
    return term.first.special.kind == Kind::none && term.first.wave == Wave::none;
  });
  if (!plain || mean.size() < 2) return written(sum, manner);
  RealSum other;
  for (const auto& [basis, coefficient] : mean) {
    add(other,
        {basis.exponent.renamed(Ring::a, Ring::b), basis.wave, basis.angle.renamed(Ring::a, Ring::b), {}, Part::real},
        coefficient.renamed(Ring::a, Ring::b));
  }
  Composer composer(manner, false);
  RealSum rest = sum;
  composer.paired_increment(rest);
  return written(mean, manner) * written(other, manner) + composer.compose_increment(rest);
}

}  // namespace nke::detail
