// SPDX-License-Identifier: Apache-2.0
// The metrics against hand-worked matrices, against their defining formulas computed another way (an explicit
// eigenbasis, an explicit centring matrix), and against the symmetries the definitions imply.
#include <cmath>
#include <limits>
#include <random>

#include <nke/exact/real/error.hpp>
#include <nke/verify/metrics.hpp>

#include "support.hpp"

namespace nke {
namespace {

Matrix random_matrix(std::mt19937_64& random, Eigen::Index rows, Eigen::Index columns) {
  std::normal_distribution<double> normal;
  Matrix m(rows, columns);
  for (Eigen::Index i = 0; i < m.size(); ++i) m.data()[i] = normal(random);
  return m;
}

Matrix random_kernel(std::mt19937_64& random, Eigen::Index n) {
  const Matrix z = random_matrix(random, n, n + 3);
  return z * z.transpose() / static_cast<double>(n);
}

Matrix symmetric_noise(std::mt19937_64& random, Eigen::Index n, double size) {
  const Matrix m = random_matrix(random, n, n);
  return 0.5 * size * (m + m.transpose());
}

Matrix two_by_two(double a, double b, double c) {
  Matrix m(2, 2);
  m << a, c, c, b;
  return m;
}

struct Eigenbasis {
  Eigen::VectorXd values;
  Matrix vectors;  // one a column
};

// Jacobi's rotations, two rows and two columns at a time: what the metrics use is Eigen's tridiagonal solver.
Eigenbasis eigenbasis(Matrix m) {
  const Eigen::Index n = m.rows();
  Matrix vectors = Matrix::Identity(n, n);
  const auto rotate = [](double& x, double& y, double c, double s) {
    const double turned = c * x - s * y;
    y = s * x + c * y;
    x = turned;
  };
  for (int sweep = 0; sweep < 30; ++sweep) {
    for (Eigen::Index p = 0; p < n; ++p) {
      for (Eigen::Index q = p + 1; q < n; ++q) {
        const double angle = 0.5 * std::atan2(2 * m(p, q), m(q, q) - m(p, p));
        const double c = std::cos(angle), s = std::sin(angle);
        for (Eigen::Index k = 0; k < n; ++k) rotate(m(k, p), m(k, q), c, s);
        for (Eigen::Index k = 0; k < n; ++k) rotate(m(p, k), m(q, k), c, s);
        for (Eigen::Index k = 0; k < n; ++k) rotate(vectors(k, p), vectors(k, q), c, s);
      }
    }
  }
  Eigenbasis result{Eigen::VectorXd(n), vectors};
  for (Eigen::Index k = 0; k < n; ++k) result.values[k] = m(k, k);
  return result;
}

constexpr double rounding = 1e-12;  // n <= 40 entries of order 1, condition of K + lambda I below 1e3

TEST_CASE("The five errors of a 2x2 kernel are the ones worked out by hand [fact]") {
  // K = [[2,1],[1,2]], K̂ = [[3,1],[1,2]]: one diagonal entry is wrong by 1.
  const Matrix exact = two_by_two(2, 2, 1);
  const Matrix wrong_diagonal = two_by_two(3, 2, 1);
  CHECK(relative_frobenius_error(exact, wrong_diagonal) == doctest::Approx(1 / std::sqrt(10.0)).epsilon(rounding));
  CHECK(off_diagonal_error(exact, wrong_diagonal) == 0);
  CHECK(maximum_error(exact, wrong_diagonal) == 0.5);
  // H = [[1,-1],[-1,1]]/2, so ‖HMH‖_F = |M11 + M22 − M12 − M21| / 2: (3+2−2)−(2+2−2) = 1 over 2.
  CHECK(centred_error(exact, wrong_diagonal) == doctest::Approx(0.5).epsilon(rounding));
  // λ = 1: (K+I)^{-1} = [[3,-1],[-1,3]]/8; E = e1 e1ᵀ, so the norm is the (1,1) entry of the inverse, 3/8.
  CHECK(spectral_error(exact, wrong_diagonal, 1) == doctest::Approx(0.375).epsilon(rounding));

  // K̂ = [[2,0],[0,2]]: the off-diagonal is lost entirely.
  const Matrix lost = two_by_two(2, 2, 0);
  CHECK(off_diagonal_error(exact, lost) == 1);
  CHECK(relative_frobenius_error(exact, lost) == doctest::Approx(std::sqrt(0.2)).epsilon(rounding));
  // E = −[[0,1],[1,0]] shares K's eigenvectors: values ∓1 over 3+λ and 1+λ.
  CHECK(spectral_error(exact, lost, 1) == doctest::Approx(0.5).epsilon(rounding));
}

TEST_CASE("The spectral error equals the norm of an explicit (K+λI)^{-1/2} E (K+λI)^{-1/2} [fact]") {
  std::mt19937_64 random(test::seed());
  CAPTURE(test::seed());
  for (int run = 0; run < test::iterations(10); ++run) {
    const Eigen::Index n = 5 + run;
    const Matrix exact = random_kernel(random, n);
    const Matrix error = symmetric_noise(random, n, 0.3);
    const double lambda = 0.05;
    const Eigenbasis basis = eigenbasis(exact + lambda * Matrix::Identity(n, n));
    Matrix scaled = basis.vectors;
    for (Eigen::Index k = 0; k < n; ++k) scaled.col(k) /= std::sqrt(basis.values[k]);
    const Matrix root = scaled * basis.vectors.transpose();
    const double norm = eigenbasis(root * error * root).values.cwiseAbs().maxCoeff();
    CHECK(spectral_error(exact, exact + error, lambda) == doctest::Approx(norm).epsilon(1e-10));
  }
}

TEST_CASE("The centred error equals the one formed with the explicit centring matrix [fact]") {
  std::mt19937_64 random(test::seed());
  const Eigen::Index n = 23;
  const Matrix exact = random_kernel(random, n);
  const Matrix error = symmetric_noise(random, n, 0.1);
  const Matrix centring = Matrix::Identity(n, n) - Matrix::Constant(n, n, 1.0 / static_cast<double>(n));
  const double by_hand = (centring * error * centring).norm() / (centring * exact * centring).norm();
  CHECK(centred_error(exact, exact + error) == doctest::Approx(by_hand).epsilon(rounding));
}

TEST_CASE("Every error is zero for the kernel itself and scales with the size of the perturbation [law]") {
  std::mt19937_64 random(test::seed());
  const Matrix exact = random_kernel(random, 17);
  const Matrix error = symmetric_noise(random, 17, 0.2);
  const ErrorMeter meter(exact, 0.1);
  const KernelErrors none = meter(exact);
  const KernelErrors once = meter(Matrix(exact + error));
  const KernelErrors thrice = meter(Matrix(exact - 3 * error));
  for (const auto member : {&KernelErrors::frobenius, &KernelErrors::off_diagonal, &KernelErrors::centred,
                            &KernelErrors::maximum, &KernelErrors::spectral}) {
    CHECK(none.*member == 0);
    CHECK(once.*member > 0);
    CHECK(thrice.*member == doctest::Approx(3 * once.*member).epsilon(1e-10));
  }
}

TEST_CASE("Constants added to whole rows and columns do not change the centred error [law]") {
  std::mt19937_64 random(test::seed());
  const Eigen::Index n = 12;
  const Matrix exact = random_kernel(random, n);
  const Matrix approximation = exact + symmetric_noise(random, n, 0.1);
  const Eigen::VectorXd shift = random_matrix(random, n, 1).col(0);
  const Matrix shifted = approximation + shift.rowwise().replicate(n) + shift.transpose().colwise().replicate(n);
  CHECK(centred_error(exact, shifted) == doctest::Approx(centred_error(exact, approximation)).epsilon(1e-11));
  CHECK(relative_frobenius_error(exact, shifted) > 2 * relative_frobenius_error(exact, approximation));
}

TEST_CASE("Frobenius and spectral errors do not change under rotation, nor under scaling of K, K̂ and λ [law]") {
  std::mt19937_64 random(test::seed());
  const Eigen::Index n = 14;
  const Matrix exact = random_kernel(random, n);
  const Matrix approximation = exact + symmetric_noise(random, n, 0.1);
  const Matrix q = eigenbasis(symmetric_noise(random, n, 1)).vectors;
  const auto rotated = [&](const Matrix& m) {
    const Matrix r = q * m * q.transpose();
    return Matrix(0.5 * (r + r.transpose()));
  };
  const double spectral = spectral_error(exact, approximation, 0.2);
  CHECK(spectral_error(rotated(exact), rotated(approximation), 0.2) == doctest::Approx(spectral).epsilon(1e-10));
  CHECK(spectral_error(5 * exact, 5 * approximation, 1.0) == doctest::Approx(spectral).epsilon(1e-10));
  CHECK(relative_frobenius_error(rotated(exact), rotated(approximation)) ==
        doctest::Approx(relative_frobenius_error(exact, approximation)).epsilon(1e-10));
}

TEST_CASE("A spectral error of ε means (1−ε)(K+λI) ⪯ K̂+λI ⪯ (1+ε)(K+λI), and no smaller ε does [law]") {
  std::mt19937_64 random(test::seed());
  const Eigen::Index n = 15;
  const double lambda = 0.3;
  const Matrix exact = random_kernel(random, n);
  const Matrix approximation = exact + symmetric_noise(random, n, 0.05);
  const double epsilon = spectral_error(exact, approximation, lambda);
  const Matrix ridge = exact + lambda * Matrix::Identity(n, n);
  const Matrix approximate_ridge = approximation + lambda * Matrix::Identity(n, n);
  const auto smallest = [](const Matrix& m) { return eigenbasis(m).values.minCoeff(); };
  const auto slack = [&](double e) {
    return std::min(smallest(approximate_ridge - (1 - e) * ridge), smallest((1 + e) * ridge - approximate_ridge));
  };
  CHECK(slack(epsilon * (1 + 1e-6)) > 0);
  CHECK(slack(epsilon * (1 - 1e-6)) < 0);
}

TEST_CASE("Features give the errors of the Gram matrix they form, summed accurately over many features [law]") {
  std::mt19937_64 random(test::seed());
  const MatrixF features = random_matrix(random, 9, 4099).cast<float>();
  const Matrix direct = features.cast<double>() * features.cast<double>().transpose();
  // 256 float products and additions: at most 256 ε_float Σ|z_i z_j|, in practice far less.
  CHECK((gram(features) - direct).cwiseAbs().maxCoeff() < 256 * 6e-8 * direct.diagonal().maxCoeff());
  const Matrix exact = direct + Matrix::Identity(9, 9);
  const ErrorMeter meter(exact, 1);
  CHECK(meter(features).off_diagonal == doctest::Approx(0).epsilon(1e-5));
  CHECK(meter(features).spectral == doctest::Approx(spectral_error(exact, direct, 1)).epsilon(1e-2));
}

TEST_CASE("A Gram matrix of a quarter of a million features has the rounding error of 256 [law]") {
  // All terms alike and positive: every float addition rounds the same way, the worst case of a long sum.
  const MatrixF features = MatrixF::Constant(2, 1 << 18, 0.1F);
  const double exact = static_cast<double>(1 << 18) * static_cast<double>(0.1F) * static_cast<double>(0.1F);
  CHECK((gram(features).array() / exact - 1).abs().maxCoeff() < 256 * 6e-8 / 4);
}

TEST_CASE("Zero kernels, single points and empty matrices have defined errors [fact]") {
  const Matrix zero = Matrix::Zero(3, 3);
  CHECK(relative_frobenius_error(zero, zero) == 0);
  CHECK(relative_frobenius_error(zero, Matrix::Identity(3, 3)) == std::numeric_limits<double>::infinity());
  const Matrix one = Matrix::Constant(1, 1, 4);
  const Matrix other = Matrix::Constant(1, 1, 5);
  CHECK(off_diagonal_error(one, other) == 0);
  CHECK(centred_error(one, other) == 0);
  CHECK(maximum_error(one, other) == 0.25);
  CHECK(spectral_error(one, other, 1) == doctest::Approx(0.2).epsilon(rounding));
  CHECK(relative_frobenius_error(Matrix(0, 0), Matrix(0, 0)) == 0);
}

TEST_CASE("A NaN in the approximation is a NaN in every error it touches [fault]") {
  const Matrix exact = two_by_two(2, 2, 1);
  const Matrix broken = two_by_two(2, 2, std::numeric_limits<double>::quiet_NaN());
  const KernelErrors errors = ErrorMeter(exact, 1)(broken);
  CHECK(std::isnan(errors.frobenius));
  CHECK(std::isnan(errors.off_diagonal));
  CHECK(std::isnan(errors.centred));
  CHECK(std::isnan(errors.maximum));
  CHECK(std::isnan(errors.spectral));
}

TEST_CASE("Shapes that differ, asymmetric kernels and indefinite ridges are refused [fault]") {
  CHECK_THROWS_AS(relative_frobenius_error(Matrix::Zero(3, 3), Matrix::Zero(2, 2)), ShapeError);
  CHECK_THROWS_AS(relative_frobenius_error(Matrix::Zero(3, 2), Matrix::Zero(3, 2)), ShapeError);
  Matrix skew = two_by_two(2, 2, 1);
  skew(0, 1) = 0;
  CHECK_THROWS_AS(ErrorMeter(skew, 1), DomainError);
  CHECK_THROWS_AS(ErrorMeter(two_by_two(1, 1, 2), 0.5), DomainError);
  CHECK_THROWS_AS(ErrorMeter(Matrix::Identity(2, 2), std::numeric_limits<double>::quiet_NaN()), DomainError);
}

}  // namespace
}  // namespace nke
