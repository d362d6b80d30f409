// SPDX-License-Identifier: Apache-2.0
// Published formulas against derived ones; docs/published-formulas.md holds the outcome, and is held to it.
#include <cmath>
#include <fstream>
#include <sstream>

#include <nke/exact/dual/closed_form.hpp>
#include <nke/exact/dual/exact_value.hpp>
#include <nke/exact/dual/given_dual.hpp>
#include <nke/exact/expr/evaluate.hpp>

#include "published_formulas.hpp"
#include "support.hpp"

namespace nke::test {
namespace {

constexpr int digits = 50;

// The derived dual of a published one, whichever kind it is.
class Derived {
 public:
  explicit Derived(const std::string& text) : given_(read_given_dual(text)) {
    if (given_) return;
    dual_.emplace(activation(text));
    form_ = closed_form_dual(activation(text));
  }
  Ball proven(const Rational& a, const Rational& b, const Rational& c, DualPart part) const {
    const ExactOptions options{.digits = digits, .part = part};
    return (given_ ? exact_dual(*given_, a, b, c, options) : (*dual_)(a, b, c, options)).value;
  }
  // The formula as nke evaluates it in double, with d = ab - c² by fused multiply-adds.
  double in_double(double c, double a, double b, DualPart part) const {
    const bool value = part == DualPart::value;
    if (given_) return evaluate<double>(value ? given_->value : given_->derivative, at(a, b, c), double_precision);
    return evaluate<double>(value ? form_.stable_value : form_.stable_derivative, at(a, b, c), double_precision);
  }

 private:
  static constexpr Precision double_precision = Precision::of_double();
  static Bindings<double> at(double a, double b, double c) {
    const double p = c * c;
    const double d = std::fmax(std::fma(a, b, -p) + std::fma(-c, c, p), 1e-40 * (a * b));
    return {{"a", a}, {"b", b}, {"c", c}, {"d", d}};
  }

  std::optional<GivenDual> given_;
  std::optional<ExactDual> dual_;
  ClosedForm form_;
};

struct Point {
  double a;
  double b;
  double c;
};

// Correlations 1 − 10^(−k) either way, and some in the middle.
std::vector<Point> points(double variance, bool equal) {
  const double u = std::sqrt(variance);
  std::vector<Point> found;
  std::vector<std::pair<double, double>> deviations{{u, u}};
  if (!equal) deviations.emplace_back(0.75 * u, 1.5 * u);
  for (const auto& [s, t] : deviations) {
    for (const double rho : {0.0, 0.5, -0.5}) found.push_back({s * s, t * t, rho * s * t});
    for (const int k : {2, 4, 6, 8, 10, 12, 14, 15}) {
      const double rho = 1 - std::pow(10.0, -k);
      found.push_back({s * s, t * t, rho * s * t});
      found.push_back({s * s, t * t, -rho * s * t});
    }
  }
  return found;
}

struct Comparison {
  bool agrees = true;    // to 40 digits
  double published = 0;  // largest error in double, as a multiple of √(f(a,a,a) f(b,b,b))
  double derived = 0;
  bool out_of_range = false;  // larger than a double holds
};

Comparison compare(const Derived& derived, const PublishedFunction& published, DualPart part,
                   const std::vector<Point>& at) {
  const Precision precision = Precision::digits(published_digits);
  Comparison result;
  for (const Point& p : at) {
    CAPTURE(p.a);
    CAPTURE(p.b);
    CAPTURE(p.c);
    const auto exactly = [](double x) { return Rational::from_double_exactly(x); };
    const auto number = [&](double x) { return Mpfr::from_double_exactly(x, precision); };
    const auto on_diagonal = [&](double x) { return derived.proven(exactly(x), exactly(x), exactly(x), part).mid(); };
    const Ball truth = derived.proven(exactly(p.a), exactly(p.b), exactly(p.c), part);
    const double scale = std::sqrt(on_diagonal(p.a)) * std::sqrt(on_diagonal(p.b));
    const double tiniest = scale > 0 ? scale : 1.0;
    if (!std::isfinite(scale)) {
      result.out_of_range = true;
      return result;
    }
    const Mpfr in_mpfr = published.in_mpfr(number(p.c), number(p.a), number(p.b));
    const bool vanishes = std::fabs(in_mpfr.to_double()) < 1e-300;  // exp(−10⁶) is no fraction to write down
    const Ball difference = Ball(vanishes ? Rational(0) : in_mpfr.to_rational(), precision) - truth;
    if (!(std::fabs(difference.mid()) + difference.radius() <= 1e-40 * tiniest)) result.agrees = false;
    const double here = std::fabs(published.in_double(p.c, p.a, p.b) - truth.mid()) / tiniest;
    const double ours = std::fabs(derived.in_double(p.c, p.a, p.b, part) - truth.mid()) / tiniest;
    result.published = std::isfinite(here) ? std::fmax(result.published, here) : 1.0;
    result.derived = std::isfinite(ours) ? std::fmax(result.derived, ours) : 1.0;
  }
  return result;
}

int digits_kept(double error) {
  constexpr int all = 15;
  if (error <= 1e-15) return all;
  return std::max(0, std::min(all, static_cast<int>(std::floor(-std::log10(error)))));
}

// "9 → 15": digits of the published formula in double, and of the derived one.
std::string cell(const Comparison& comparison) {
  if (comparison.out_of_range) return "—";
  const int published = digits_kept(comparison.published);
  const int derived = digits_kept(comparison.derived);
  return published == derived ? std::to_string(published) : std::to_string(published) + " → " + std::to_string(derived);
}

std::string row(const PublishedFormula& published) {
  CAPTURE(published.name);
  const Derived derived(published.activation);
  bool agrees = true;
  std::string cells;
  for (const double variance : {1e-6, 1.0, 1e6}) {
    for (const DualPart part : {DualPart::value, DualPart::derivative}) {
      const bool value = part == DualPart::value;
      const Comparison comparison = compare(derived, value ? published.value : published.derivative, part,
                                            points(variance, published.unit_variance));
      if (published.unit_variance && variance != 1.0) {
        CHECK_FALSE(comparison.agrees);
        cells += " |";
        continue;
      }
      agrees = agrees && comparison.agrees;
      cells += " " + cell(comparison) + " |";
    }
  }
  const auto& f = published.value.in_double;
  const bool undefined = std::isnan(f(1.0, 1.0, 1.0)) || std::isnan(f(-1.0, 1.0, 1.0));
  return "| " + published.name + " | " + published.source + " | `" + published.activation + "` | " +
         (agrees ? "yes" : "no") + (published.unit_variance ? ", at a = b = 1" : "") +
         (undefined ? "; NaN at ρ = ±1" : "") + " |" + cells;
}

std::string page() {
  std::ifstream file(NKE_SOURCE_DIR "/docs/published-formulas.md");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("what docs/published-formulas.md says of each published formula is so [law]") {
  const std::string text = page();
  for (const PublishedFormula& published : published_formulas()) {
    const std::string line = row(published);
    CAPTURE(line);
    CHECK(text.find(line + "\n") != std::string::npos);
    CHECK(line.find("| no |") == std::string::npos);
  }
}

}  // namespace nke::test
