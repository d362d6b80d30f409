// SPDX-License-Identifier: Apache-2.0
// Mean-field quantities against closed forms, published numbers and integrals made elsewhere.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <nke/exact/real/error.hpp>
#include <nke/hermite/mean_field.hpp>
#include <nke/hermite/mean_field_certified.hpp>
#include <nke/hermite/mean_field_plane.hpp>

#include "support.hpp"

namespace nke {
namespace {

const double pi = std::acos(-1.0);

Ball decimal(const char* text) {
  return {Rational::parse(text), Precision::digits(40)};
}

TEST_CASE("relu at He's scale fixes every variance, is critical, and has no depth scale [fact]") {
  const MeanField relu(activation("relu"));
  const FieldFixedPoints found = relu.fixed_points({.weight = 2, .bias = 0});
  CHECK(found.everywhere);
  REQUIRE(found.points.size() == 1);
  const FieldFixedPoint& point = found.points[0];
  CHECK(point.phase == Phase::critical);
  CHECK(point.stability == Stability::marginal);
  CHECK(point.correlation == 1);
  CHECK(!point.identity);
  CHECK(std::isinf(point.depth_correlation));
  CHECK(std::isinf(point.depth_variance));
  // One step above or below the scale, the line is gone.
  CHECK(!relu.fixed_points({.weight = 1.9, .bias = 0}).everywhere);
  CHECK(relu.fixed_points({.weight = 2.1, .bias = 0.1}).points.empty());
  CHECK(relu.fixed_points({.weight = 2.1, .bias = 0.1}).grows);
  // b² > 0 and χ = w²/2 < 1: q* = b²/(1 − w²/2).
  const FieldFixedPoints ordered = relu.fixed_points({.weight = 1, .bias = 0.25});
  REQUIRE(ordered.points.size() == 1);
  CHECK(ordered.points[0].variance == doctest::Approx(0.5).epsilon(1e-15));
  CHECK(ordered.points[0].depth_correlation == doctest::Approx(1 / std::log(2.0)).epsilon(1e-14));
}

TEST_CASE("a linear network leaves every correlation as it is [fact]") {
  const FieldFixedPoints found = MeanField(activation("x")).fixed_points({.weight = 1, .bias = 0});
  REQUIRE(found.points.size() == 1);
  CHECK(found.everywhere);
  CHECK(found.points[0].identity);
}

TEST_CASE("erf has the moments of its closed form, and the fixed points that follow [law]") {
  const MeanField erf(activation("erf"));
  for (const double q : {1e-3, 0.2, 1.0, 7.0, 300.0}) {
    CAPTURE(q);
    CHECK(erf.second_moment(q).value == doctest::Approx(2 / pi * std::asin(2 * q / (1 + 2 * q))).epsilon(2e-14));
    CHECK(erf.second_moment(q).slope == doctest::Approx(4 / pi / ((1 + 2 * q) * std::sqrt(1 + 4 * q))).epsilon(1e-11));
    CHECK(erf.derivative_moment(q) == doctest::Approx(4 / pi / std::sqrt(1 + 4 * q)).epsilon(2e-14));
    const auto critical = erf.critical_point(q);
    REQUIRE(critical);
    CHECK(critical->weight == doctest::Approx(pi / 4 * std::sqrt(1 + 4 * q)).epsilon(2e-14));
  }
  const FieldScales scales{.weight = 3, .bias = 0.05};
  const FieldFixedPoints found = erf.fixed_points(scales);
  REQUIRE(found.points.size() == 1);
  const double q = found.points[0].variance;
  CHECK(3 * 2 / pi * std::asin(2 * q / (1 + 2 * q)) + 0.05 == doctest::Approx(q).epsilon(1e-13));
  // c*: w² (2/π) asin(2qc/(1 + 2q)) + b² = q c.
  const double c = found.points[0].correlation;
  CHECK(3 * 2 / pi * std::asin(2 * q * c / (1 + 2 * q)) + 0.05 == doctest::Approx(q * c).epsilon(1e-12));
  const double slope = 3 * 4 / pi / std::sqrt((1 + 2 * q) * (1 + 2 * q) - 4 * q * q * c * c);
  CHECK(found.points[0].correlation_slope == doctest::Approx(slope).epsilon(1e-11));
  CHECK(found.points[0].phase == Phase::chaotic);
}

TEST_CASE("tanh is critical where the literature has it, and to the digits of another quadrature [fact]") {
  const MeanField tanh(activation("tanh"));
  // Schoenholz et al. (2017): σ_w² ≈ 1.76 at σ_b² = 0.05. The digits are mpmath's.
  const auto critical = tanh.critical_point(0.5700478816407641);
  REQUIRE(critical);
  CHECK(critical->bias == doctest::Approx(0.05).epsilon(1e-12));
  CHECK(critical->weight == doctest::Approx(1.760954639606739).epsilon(1e-13));
  const FieldFixedPoints found = tanh.fixed_points({.weight = 2.25, .bias = 0.01});
  REQUIRE(found.points.size() == 1);
  CHECK(found.points[0].variance == doctest::Approx(0.81332232687287).epsilon(1e-13));
  CHECK(found.points[0].chi == doctest::Approx(1.129052698664053).epsilon(1e-13));
  CHECK(found.points[0].correlation == doctest::Approx(0.18008421160070).epsilon(1e-11));
}

TEST_CASE("without bias tanh has a second fixed point exactly when its weights exceed 1 [fact]") {
  const MeanField tanh(activation("tanh"));
  CHECK(tanh.fixed_points({.weight = 0.99, .bias = 0}).points.size() == 1);
  const FieldFixedPoints above = tanh.fixed_points({.weight = 1.01, .bias = 0});
  REQUIRE(above.points.size() == 2);
  CHECK(above.points[0].variance == 0);
  CHECK(above.points[0].stability == Stability::repelling);
  CHECK(above.points[1].correlation == 0);
  // Far below the grid: q* ≈ (w² − 1)/2 for w² near 1, since E tanh² = q − 2q² + …
  const FieldFixedPoints tiny = tanh.fixed_points({.weight = 1 + 1e-8, .bias = 0});
  REQUIRE(tiny.points.size() == 2);
  CHECK(tiny.points[1].variance == doctest::Approx(0.5e-8).epsilon(1e-5));
}

TEST_CASE("several fixed points are all found, and x^3 repels at the one it has [fact]") {
  const FieldFixedPoints cubic = MeanField(activation("x^3")).fixed_points({.weight = 1, .bias = 0});
  REQUIRE(cubic.points.size() == 2);  // V = 15 q³
  CHECK(cubic.points[1].variance == doctest::Approx(1 / std::sqrt(15.0)).epsilon(1e-13));
  CHECK(cubic.points[1].slope == doctest::Approx(3).epsilon(1e-12));
  CHECK(cubic.grows);
  // x²: V = 3 w² q² + b² = q has two roots, one or none as 12 w² b² is below, at or above 1.
  const MeanField square(activation("x^2"));
  const FieldFixedPoints two = square.fixed_points({.weight = 1, .bias = 0.0625});
  REQUIRE(two.points.size() == 2);
  CHECK(two.points[0].variance == doctest::Approx(1.0 / 12).epsilon(1e-12));
  CHECK(two.points[1].variance == doctest::Approx(0.25).epsilon(1e-12));
  CHECK(square.fixed_points({.weight = 1, .bias = 1.0 / 12 - 1e-5}).points.size() == 2);
  CHECK(square.fixed_points({.weight = 1, .bias = 1.0 / 12 + 1e-5}).points.empty());
}

TEST_CASE("a step tears alike inputs apart, and its correlations follow the arcsine [fact]") {
  const MeanField step(activation("step"));
  CHECK(step.tears());
  const FieldFixedPoints found = step.fixed_points({.weight = 4, .bias = 0});
  REQUIRE(found.points.size() == 1);
  const FieldFixedPoint& point = found.points[0];
  CHECK(point.variance == doctest::Approx(2).epsilon(1e-13));
  CHECK(std::isinf(point.chi));
  CHECK(point.phase == Phase::chaotic);
  // E step(u) step(v) = 1/4 + asin(c)/(2π), so c* = 1/2 + asin(c*)/π with slope 1/(π √(1 − c²)).
  CHECK(0.5 + std::asin(point.correlation) / pi == doctest::Approx(point.correlation).epsilon(1e-12));
  CHECK(point.correlation < 1);
  const double sine = std::sqrt((1 - point.correlation) * (1 + point.correlation));
  CHECK(point.correlation_slope == doctest::Approx(1 / (pi * sine)).epsilon(1e-8));
  CHECK(!step.critical_point(1));
}

TEST_CASE("nothing a user may type breaks the search [fault]") {
  for (const char* text : {"exp(x)", "exp(x^2/8)", "exp(x^2)", "3", "0", "1/x", "sign", "x^5"}) {
    CAPTURE(text);
    const MeanField field(activation(text));
    const FieldFixedPoints found = field.fixed_points({.weight = 1.5, .bias = 0});
    for (const FieldFixedPoint& point : found.points) CHECK(point.variance >= 0);
  }
  const MeanField field(activation("tanh"));
  CHECK_THROWS_AS(field.fixed_points({.weight = -1, .bias = 0}), DomainError);
  CHECK_THROWS_AS(field.fixed_points({.weight = 1, .bias = std::nan("")}), DomainError);
  CHECK_THROWS_AS(field.fixed_points({.weight = 1, .bias = 1e200}), DomainError);
  CHECK(MeanField(activation("1/x")).fixed_points({.weight = 1, .bias = 1}).points.empty());  // V is infinite
  CHECK_THROWS_AS(field.correlation_map(0.5, 0, {}), DomainError);
}

TEST_CASE("proven fixed points enclose what other quadratures find, and no more than the digits allow [law]") {
  const CertifiedField field =
      certified_fixed_points(activation("tanh"), {.weight = Rational(9, 4), .bias = Rational(1, 100)}, 20);
  REQUIRE(field.points.size() == 1);
  const CertifiedFieldPoint& point = field.points[0];
  CHECK(point.proven);
  CHECK(point.unique);
  CHECK(point.open.empty());
  CHECK(point.phase == Phase::chaotic);
  const Ball unit = Ball(Rational(1, 1'000'000'000'000), Precision::digits(40)) / Ball(100'000);
  CHECK(point.variance.overlaps(widen(decimal("0.8133223268728710132591139"), unit)));
  CHECK(point.chi.overlaps(widen(decimal("1.129052698664053111562315"), unit)));
  CHECK(point.variance.radius() < 1e-20);
  CHECK(point.chi.radius() < 1e-19);
  CHECK(point.correlation.radius() < 1e-18);
  CHECK(std::abs(point.correlation.mid() - 0.18008421160070) < 1e-12);
  CHECK(point.correlation_slope.radius() < 1e-8);
  CHECK(std::abs(point.correlation_slope.mid() - point.fast.correlation_slope) < 1e-8);
}

TEST_CASE("relu's line of fixed points is proven at w² = 2 and not beside it [fact]") {
  const CertifiedField at = certified_fixed_points(activation("relu"), {.weight = 2, .bias = 0}, 20);
  CHECK(at.everywhere);
  REQUIRE(at.points.size() == 1);
  CHECK(at.points[0].phase == Phase::critical);
  const Rational beside = Rational(2) + Rational::parse("1e-30");  // 2, to a double
  const CertifiedField off = certified_fixed_points(activation("relu"), {.weight = beside, .bias = 0}, 20);
  CHECK(!off.everywhere);
  REQUIRE(off.points.size() == 1);
  CHECK(off.points[0].variance.is_exact());
  CHECK(off.points[0].phase == Phase::chaotic);
}

TEST_CASE("the proven step agrees with the arcsine, and undecided kinks are said to be so [fact]") {
  const CertifiedField field = certified_fixed_points(activation("step"), {.weight = 4, .bias = 0}, 15);
  REQUIRE(field.points.size() == 1);
  CHECK(field.points[0].chi_infinite);
  CHECK(field.points[0].variance.overlaps(Ball(2)));
  const double c = field.points[0].correlation.mid();
  CHECK(std::abs(0.5 + std::asin(c) / pi - c) < 1e-14);
  CHECK(field.points[0].correlation.radius() < 1e-14);
  const CertifiedField open =
      certified_fixed_points(activation("abs(sin(x))"), {.weight = Rational(1, 4), .bias = Rational(1, 4)}, 10);
  REQUIRE(!open.points.empty());
  for (const CertifiedFieldPoint& point : open.points) {
    CHECK(!point.proven);
    CHECK(!point.open.empty());
  }
}

TEST_CASE("the plane: contours lie where their depth scale is, on both sides of the critical line [law]") {
  const MeanField field(activation("erf"));
  const FieldPlane plane = field_plane(field);
  REQUIRE(!plane.critical.weight.empty());
  int checked = 0;
  for (const PlaneCurve& contour : plane.contours) {
    for (std::size_t i = 5; i + 1 < contour.weight.size(); i += 37) {
      const double weight = contour.weight[i], bias = contour.bias[i];
      if (std::isnan(weight) || bias < 0.01 || bias > 0.9 || (!contour.chaotic && weight > 3)) continue;
      const FieldFixedPoints found = field.fixed_points({.weight = weight, .bias = bias});
      REQUIRE(found.points.size() == 1);
      CAPTURE(weight);
      CAPTURE(bias);
      CHECK(found.points[0].phase == (contour.chaotic ? Phase::chaotic : Phase::ordered));
      CHECK(found.points[0].depth_correlation == doctest::Approx(contour.depth).epsilon(1e-3));
      ++checked;
    }
  }
  CHECK(checked >= 4);
  for (const double bias : plane.growth_bias) CHECK(std::isinf(bias));  // bounded: always a fixed point
  std::string names;
  for (const RegionLabel& label : plane.labels) names += label.region == PlaneRegion::ordered ? 'o' : 'c';
  CHECK(names == "oc");
}

TEST_CASE("gelu's variance grows above its fold, and only there [law]") {
  const MeanField field(activation("gelu"));
  const FieldPlane plane = field_plane(field);
  int checked = 0;
  for (std::size_t i = 60; i < plane.growth_weight.size(); i += 60) {
    const double weight = plane.growth_weight[i], limit = plane.growth_bias[i];
    if (!(limit > 1e-3) || std::isinf(limit)) continue;
    CHECK(field.fixed_points({.weight = weight, .bias = 1.02 * limit}).points.empty());
    CHECK(!field.fixed_points({.weight = weight, .bias = 0.98 * limit}).points.empty());
    ++checked;
  }
  CHECK(checked >= 1);
}

}  // namespace
}  // namespace nke
