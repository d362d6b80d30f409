// SPDX-License-Identifier: Apache-2.0
#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <nke/exact/real/error.hpp>
#include <nke/verify/metrics.hpp>

namespace nke {
namespace {

std::string shape(const Matrix& m) {
  return "(" + std::to_string(m.rows()) + "," + std::to_string(m.cols()) + ")";
}

void expect_comparable(const Matrix& kernel, const Matrix& approximation) {
  if (kernel.rows() != kernel.cols()) throw ShapeError("a kernel matrix is square; this one is " + shape(kernel));
  if (kernel.rows() != approximation.rows() || kernel.cols() != approximation.cols()) {
    throw ShapeError("the kernel is " + shape(kernel) + " and its approximation " + shape(approximation));
  }
}

// 0/0 is "no error where there is nothing", x/0 is an error no scale can excuse.
double ratio(double error, double scale) {
  if (scale > 0 || std::isnan(error) || std::isnan(scale)) return error / scale;
  return error == 0 ? 0 : std::numeric_limits<double>::infinity();
}

double off_diagonal_norm(const Matrix& m) {
  double sum = 0;  // summed directly: ‖M‖² − ‖diag M‖² would lose small off-diagonals under a large diagonal
  for (Eigen::Index i = 0; i < m.rows(); ++i) {
    sum += m.row(i).head(i).squaredNorm() + m.row(i).tail(m.cols() - i - 1).squaredNorm();
  }
  return std::sqrt(sum);
}

// ‖HMH‖_F with (HMH)_ij = M_ij − mean(row i) − mean(column j) + mean(M).
double centred_norm(const Matrix& m) {
  if (m.size() == 0) return 0;
  const Eigen::VectorXd rows = m.rowwise().mean();
  const Eigen::RowVectorXd columns = m.colwise().mean();
  const double all = m.mean();
  double sum = 0;
  for (Eigen::Index i = 0; i < m.rows(); ++i) {
    sum += (m.row(i).array() - columns.array() - (rows[i] - all)).square().sum();
  }
  return std::sqrt(sum);
}

double largest(const auto& values) {
  return values.size() == 0 ? 0 : values.cwiseAbs().template maxCoeff<Eigen::PropagateNaN>();
}

}  // namespace

double relative_frobenius_error(const Matrix& kernel, const Matrix& approximation) {
  expect_comparable(kernel, approximation);
  return ratio((approximation - kernel).norm(), kernel.norm());
}

double off_diagonal_error(const Matrix& kernel, const Matrix& approximation) {
  expect_comparable(kernel, approximation);
  return ratio(off_diagonal_norm(approximation - kernel), off_diagonal_norm(kernel));
}

double centred_error(const Matrix& kernel, const Matrix& approximation) {
  expect_comparable(kernel, approximation);
  // One point has no spread: what rounding leaves of HKH is not a scale.
  if (kernel.rows() == 1) return 0;
  return ratio(centred_norm(approximation - kernel), centred_norm(kernel));
}

double maximum_error(const Matrix& kernel, const Matrix& approximation) {
  expect_comparable(kernel, approximation);
  return ratio(largest((approximation - kernel).eval()), largest(kernel.diagonal().eval()));
}

double spectral_error(const Matrix& kernel, const Matrix& approximation, double lambda) {
  return ErrorMeter(kernel, lambda).spectral(approximation);
}

Matrix gram(const MatrixF& features) {
  constexpr Eigen::Index block = 256;
  const Eigen::Index n = features.rows();
  Matrix sum = Matrix::Zero(n, n);
  MatrixF part(n, n);
  for (Eigen::Index first = 0; first < features.cols(); first += block) {
    const auto columns = features.middleCols(first, std::min(block, features.cols() - first));
    part.setZero();
    part.selfadjointView<Eigen::Lower>().rankUpdate(columns);
    sum.triangularView<Eigen::Lower>() += part.cast<double>();
  }
  sum.triangularView<Eigen::StrictlyUpper>() = sum.transpose();
  return sum;
}

struct ErrorMeter::Factor {
  Eigen::LLT<Matrix> cholesky;
};

ErrorMeter::ErrorMeter(Matrix kernel, double lambda) : kernel_(std::move(kernel)), lambda_(lambda) {
  expect_comparable(kernel_, kernel_);
  if (!std::isfinite(lambda)) throw DomainError("lambda must be finite");
  if (!kernel_.allFinite()) throw DomainError("the exact kernel holds a value that is not finite");
  if (!((kernel_ - kernel_.transpose()).cwiseAbs().sum() <= 1e-12 * kernel_.cwiseAbs().sum())) {
    throw DomainError("a kernel matrix is symmetric; this one is not");
  }
  const auto n = kernel_.rows();
  auto factor = std::make_shared<Factor>();
  factor->cholesky.compute(kernel_ + lambda_ * Matrix::Identity(n, n));
  if (factor->cholesky.info() != Eigen::Success) {
    throw DomainError("K + lambda I is not positive definite at lambda = " + std::to_string(lambda_));
  }
  factor_ = std::move(factor);
}

// With K+λI = LLᵀ, (K+λI)^{-1/2} = Q L^{-1} for an orthogonal Q, so the norm asked for is that of L^{-1}(K̂−K)L^{-T}:
// its largest absolute eigenvalue.
double ErrorMeter::spectral(const Matrix& approximation) const {
  expect_comparable(kernel_, approximation);
  if (kernel_.size() == 0) return 0;
  if (!approximation.allFinite()) return std::numeric_limits<double>::quiet_NaN();
  const auto lower = factor_->cholesky.matrixL();
  Matrix whitened = lower.solve(approximation - kernel_);
  whitened = lower.solve(whitened.transpose().eval());
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(whitened, Eigen::EigenvaluesOnly);
  return largest(eigen.eigenvalues());
}

KernelErrors ErrorMeter::operator()(const Matrix& approximation) const {
  return {.frobenius = relative_frobenius_error(kernel_, approximation),
          .off_diagonal = off_diagonal_error(kernel_, approximation),
          .centred = centred_error(kernel_, approximation),
          .maximum = maximum_error(kernel_, approximation),
          .spectral = spectral(approximation)};
}

KernelErrors ErrorMeter::operator()(const MatrixF& features) const {
  return (*this)(gram(features));
}

}  // namespace nke
