// SPDX-License-Identifier: Apache-2.0
// moments.hpp over expressions: the recursion as it is, for what is too long multiplied out. Private to exact/dual.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <utility>

#include <nke/exact/dual/normal_form.hpp>

namespace nke::detail {

/// re + i im, both real expressions.
struct ComplexExpr {
  Expr re;
  Expr im;

  bool is_real() const { return im.is_zero(); }
  bool is_zero() const { return re.is_zero() && im.is_zero(); }
};
ComplexExpr operator+(const ComplexExpr& x, const ComplexExpr& y);
ComplexExpr operator-(const ComplexExpr& x, const ComplexExpr& y);
ComplexExpr operator*(const ComplexExpr& x, const ComplexExpr& y);
ComplexExpr operator*(const Expr& factor, const ComplexExpr& x);
ComplexExpr exp(const ComplexExpr& x);

/// (u, v) ~ N(mu, [[s11, s12], [s12, s22]]), det = s11 s22 − s12², and its gates.
struct NestedLaw {
  ComplexExpr mu1;
  ComplexExpr mu2;
  Expr s11;
  Expr s12;
  Expr s22;
  Expr det;
  std::optional<Gate> gate1;
  std::optional<Gate> gate2;
};

/// The density of gate `which` at its edge, and the law there, with that gate removed.
std::pair<ComplexExpr, NestedLaw> conditioned(const NestedLaw& law, int which);

class NestedMoments {
 public:
  explicit NestedMoments(NestedLaw law);
  /// E[u^i v^j G H].
  const ComplexExpr& operator()(int i, int j);

 private:
  struct Given {
    ComplexExpr factor;
    std::unique_ptr<NestedMoments> moments;
  };
  ComplexExpr probability() const;
  ComplexExpr computed(int i, int j);
  ComplexExpr on_boundary(int which, int i, int j);

  NestedLaw law_;
  std::map<std::pair<int, int>, ComplexExpr> known_;
  Given given_[2];
};

}  // namespace nke::detail
