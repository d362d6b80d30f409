// SPDX-License-Identifier: Apache-2.0
// What the references of points and of images share: K and K̇ of a layer in balls, and the precision raised until both
// kernels are narrow. Private to kernels.
//
// Method   duals from derived closed forms where there are, else CertifiedDual; each at the centre of its arguments, and
//          widened by what they can change from there: closed forms over wide balls would lose digits at every layer.
// Threads  one only: what is known of an activation is kept between calls.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <nke/kernels/reference_entry.hpp>

namespace nke {

inline bool is_exactly_zero(const Ball& x) {
  return x.to_long() == 0;
}

class ReferenceDuals {
 public:
  /// `digits` of certified duals, over √(Σ(x,x) Σ(x',x')).
  ReferenceDuals(int digits, Precision precision);
  ~ReferenceDuals();
  ReferenceDuals(const ReferenceDuals&) = delete;
  ReferenceDuals& operator=(const ReferenceDuals&) = delete;

  struct Value {
    Ball k, kdot;
  };
  /// u = v, of variance a. Where a variance is exactly 0, K̇ is not found: Θ is 0 there.
  Value of_one(const Nonlinearity& layer, const Ball& a);
  Value of_one(const FormulaDual& layer, const Ball& a) const { return of_two(layer, a, a, a); }
  Value of_two(const Nonlinearity& layer, const Ball& a, const Ball& b, const Ball& c);
  Value of_two(const FormulaDual& layer, const Ball& a, const Ball& b, const Ball& c) const;

  Ball constant(const Expr& e) const;
  Ball layernorm_epsilon() const;

 private:
  struct Known;
  Known& known(const Activation& sigma);
  /// Of σ′; none if that is zero.
  Known* slope_of(Known& sigma);
  static Ball beside_black(const Known& sigma, const Ball& v);
  Ball second_moment(const Known* sigma, const Ball& a) const;

  int digits_;
  Precision precision_;
  std::vector<std::unique_ptr<Known>> known_;
};

/// Σ(x,x), Σ(x,x'), Σ(x',x') and the Θ to each.
struct ReferenceCovariances {
  Ball xx, xy, yy;
  Ball txx, txy, tyy;
};
using ReferencePass = std::function<ReferenceCovariances(int digits, Precision precision)>;
/// Calls `pass` with more digits and bits each time until both kernels have `digits`; NotCertified if they never have.
ReferenceEntry narrow_reference(const Network& network, int digits, const ReferencePass& pass);

}  // namespace nke
