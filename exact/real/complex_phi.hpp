// SPDX-License-Identifier: Apache-2.0
// What do waves do to the normal distribution functions? E e^{iωu} 1(u ≤ t) is one of them at a complex argument.
//
// Definition  re_Phi(x, y) + i im_Phi(x, y) = Φ(x + iy), and re_Phi2(h, h', k, k', x, y) + i im_Phi2(…) =
//             Phi2(h + ih', k + ik', x, y): the entire functions that continue Φ and Phi2, the latter by Plackett's
//             integral Φ(h)Φ(k) + (1/2π) ∫_θ^{π/2} exp(−(h² − 2hk cos t + k²)/(2 sin² t)) dt, θ = atan2(y, x).
// Domain      everywhere; re_Phi2 and im_Phi2 for y > 0. At y = 0 they are those of a real h and k, elsewhere undefined:
//             NaN, or a ball that is not finite. |Φ(x + iy)| grows as exp((y² − x²)/2).
// Error       of both parts together: relative to |Φ|, for Phi2 to |Φ(h)| + |Φ(h) Φ(k)|, and times the condition of
//             exp(−z²/2): double 3e-15, Mpfr a few units, Ball proven. Balls with a radius are propagated by sup |φ| for Φ, through the integrand for Phi2.
// Cost        docs/numbers.md. Phi2 is one integral by Arb's (Ball) or an adaptive (double, Mpfr) quadrature.
// Source      Al Azah & Chandler-Wilde, Computation of the complex error function using modified trapezoidal rules
//             (2021); Plackett, A reduction formula for normal multivariate integrals (1954).
#pragma once

#include <complex>

#include <nke/exact/real/bivariate.hpp>

namespace nke {

std::complex<double> complex_Phi(double x, double y);
std::complex<double> complex_Phi2(std::complex<double> h, std::complex<double> k, double x, double y);

double re_Phi(double x, double y);
double im_Phi(double x, double y);
Mpfr re_Phi(const Mpfr& x, const Mpfr& y);
Mpfr im_Phi(const Mpfr& x, const Mpfr& y);
Ball re_Phi(const Ball& x, const Ball& y);
Ball im_Phi(const Ball& x, const Ball& y);
/// Of complex arguments: (Φ(x + iy) + Φ(x − iy))/2, and their difference over 2i.
ComplexBall re_Phi(const ComplexBall& x, const ComplexBall& y);
ComplexBall im_Phi(const ComplexBall& x, const ComplexBall& y);

double re_Phi2(double h, double h_im, double k, double k_im, double x, double y);
double im_Phi2(double h, double h_im, double k, double k_im, double x, double y);
Mpfr re_Phi2(const Mpfr& h, const Mpfr& h_im, const Mpfr& k, const Mpfr& k_im, const Mpfr& x, const Mpfr& y);
Mpfr im_Phi2(const Mpfr& h, const Mpfr& h_im, const Mpfr& k, const Mpfr& k_im, const Mpfr& x, const Mpfr& y);
Ball re_Phi2(const Ball& h, const Ball& h_im, const Ball& k, const Ball& k_im, const Ball& x, const Ball& y);
Ball im_Phi2(const Ball& h, const Ball& h_im, const Ball& k, const Ball& k_im, const Ball& x, const Ball& y);
/// Of real arguments; elsewhere not finite.
ComplexBall re_Phi2(const ComplexBall& h, const ComplexBall& h_im, const ComplexBall& k, const ComplexBall& k_im,
                    const ComplexBall& x, const ComplexBall& y);
ComplexBall im_Phi2(const ComplexBall& h, const ComplexBall& h_im, const ComplexBall& k, const ComplexBall& k_im,
                    const ComplexBall& x, const ComplexBall& y);

}  // namespace nke
