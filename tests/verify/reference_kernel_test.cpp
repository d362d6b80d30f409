// SPDX-License-Identifier: Apache-2.0
// The truth of the report against closed forms typed here from the literature, which nothing under test has seen.
#include <cmath>

#include <nke/data/synthetic.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/verify/metrics.hpp>
#include <nke/verify/reference_kernel.hpp>

#include "support.hpp"

namespace nke {
namespace {

const double pi = std::acos(-1.0);

// Cho & Saul 2009, n = 1: √(ab) (sin θ + (π−θ) cos θ) / 2π.
double relu_dual(double a, double b, double c) {
  const double theta = std::atan2(std::sqrt(std::max(a * b - c * c, 0.0)), c);
  return (std::sqrt(a * b) * std::sin(theta) + (pi - theta) * c) / (2 * pi);
}

// Williams 1997: E erf(u)erf(v) = (2/π) asin(2c / √((1+2a)(1+2b))).
double erf_dual(double a, double b, double c) {
  return 2 / pi * std::asin(2 * c / std::sqrt((1 + 2 * a) * (1 + 2 * b)));
}

// E 1(u>0)1(v>0) = (π−θ)/2π, Sheppard 1899.
double step_dual(double a, double b, double c) {
  return (pi - std::atan2(std::sqrt(std::max(a * b - c * c, 0.0)), c)) / (2 * pi);
}

template <class Formula>
Matrix closed_form(const Matrix& points, Formula formula) {
  const Matrix s = points * points.transpose() / static_cast<double>(points.cols());
  Matrix kernel(s.rows(), s.cols());
  for (Eigen::Index i = 0; i < s.rows(); ++i) {
    for (Eigen::Index j = 0; j < s.cols(); ++j) kernel(i, j) = formula(s(i, i), s(j, j), i == j ? s(i, i) : s(i, j));
  }
  return kernel;
}

// Points at every correlation, near-duplicates and opposites among them, with norms from 0.5 to 2.
Matrix awkward_points() {
  Matrix points = gaussian(24, 6, test::seed());
  for (Eigen::Index i = 0; i + 1 < points.rows(); i += 4) {
    points.row(i + 1) = points.row(i) * (1 + 0.05 * static_cast<double>(i));
    points(i + 1, 0) += i == 0 ? 1e-9 : 1e-3 * static_cast<double>(i);
  }
  points.row(6) = points.row(5);
  points.row(7) = -points.row(5);
  return points;
}

ReferenceKernel reference(const char* text, const Matrix& points) {
  Progress progress;
  return reference_kernel(activation(text), points, {}, progress);
}

TEST_CASE("The truth agrees with closed forms on points at all correlations, within what it allows itself [fact]") {
  const Matrix points = awkward_points();
  const auto agree = [&](const char* text, auto formula) {
    CAPTURE(text);
    const ReferenceKernel truth = reference(text, points);
    const double error = (truth.kernel - closed_form(points, formula)).cwiseAbs().maxCoeff() / truth.scale;
    // The closed forms themselves lose half the digits of ρ near ±1: √ε there, to the power their singularity has.
    CHECK(error < 1e-10);
    CHECK(truth.disagreement <= truth.allowed);
    CHECK(truth.allowed < 1e-10);
    CHECK(truth.kernel == truth.kernel.transpose());
  };
  agree("max(x,0)", relu_dual);
  agree("erf(x)", erf_dual);
}

TEST_CASE("A jump needs quadrature for its strongly correlated pairs and gets it [fact]") {
  const Matrix points = gaussian(16, 5, test::seed());
  const ReferenceKernel truth = reference("step(x)", points);
  CHECK((truth.kernel - closed_form(points, step_dual)).cwiseAbs().maxCoeff() < 1e-10);
  const ReferenceKernel awkward = reference("max(x,0)", awkward_points());
  CHECK(awkward.by_quadrature > 0);
}

TEST_CASE("The series cut at degree 1 is its first two terms [fact]") {
  const Matrix points = gaussian(10, 7, test::seed());
  const ReferenceKernel truth = reference("relu", points);
  // relu: h_0(a) = √(a/2π), h_1(a) = √a/2.
  Matrix expected =
      closed_form(points, [](double a, double b, double c) { return std::sqrt(a * b) / (2 * pi) + c / 4; });
  for (Eigen::Index i = 0; i < 10; ++i) expected(i, i) = points.row(i).squaredNorm() / 7 / 2;
  CHECK((truncated_kernel(truth, 1) - expected).cwiseAbs().maxCoeff() < 1e-14);
  CHECK(off_diagonal_error(truth.kernel, truncated_kernel(truth, truth.degree)) < 1e-9);
}

TEST_CASE("A point at the origin has the kernel σ(0) E σ(v) [fact]") {
  Matrix points = gaussian(5, 4, test::seed());
  points.row(2).setZero();
  const ReferenceKernel truth = reference("cos(x)", points);
  for (Eigen::Index i = 0; i < 5; ++i) {
    const double b = points.row(i).squaredNorm() / 4;
    CHECK(truth.kernel(2, i) == doctest::Approx(std::exp(-b / 2)).epsilon(1e-12));  // E cos(√b z) = e^{−b/2}
  }
}

TEST_CASE("Single points, values that are not finite, and σ = 0 are refused [fault]") {
  CHECK_THROWS_AS(reference("relu", gaussian(1, 4, 1)), ShapeError);
  Matrix points = gaussian(5, 4, test::seed());
  points(1, 1) = std::nan("");
  CHECK_THROWS_AS(reference("relu", points), DomainError);
  CHECK_THROWS_AS(reference("0*x", gaussian(5, 4, 1)), DomainError);
  CHECK_THROWS_AS(reference("exp(x^2)", gaussian(5, 4, 1)), Error);
}

}  // namespace
}  // namespace nke
