// SPDX-License-Identifier: Apache-2.0
// What theory says of the decay: from kinks, from complex singularities, from growth along the imaginary axis.
#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstdio>
#include <map>
#include <numbers>
#include <unordered_set>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/expr/differentiate.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/jet.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/real/complex_ball.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/decay.hpp>

namespace nke {
namespace {

using Complex = std::complex<double>;
const Precision working = Precision::bits(96);

// σ as plain complex numbers, by the centres of boxes.
class ComplexFunction {
 public:
  explicit ComplexFunction(const Expr& e) : evaluator_(e, "x", working) {}
  Complex operator()(Complex z) const {
    const ComplexBall value = evaluator_(
        ComplexBall(Ball::from_double_exactly(z.real(), working), Ball::from_double_exactly(z.imag(), working)));
    if (!value.is_finite()) return {std::nan(""), std::nan("")};
    return {value.re().mid(), value.im().mid()};
  }
  // log |f|, which may be far beyond the range of doubles.
  double log_size(Complex z) const {
    const ComplexBall value = evaluator_(
        ComplexBall(Ball::from_double_exactly(z.real(), working), Ball::from_double_exactly(z.imag(), working)));
    if (!value.is_finite()) return std::nan("");
    return log(value.re() * value.re() + value.im() * value.im()).mid() / 2;
  }

 private:
  Evaluator<ComplexBall> evaluator_;
};

bool is_finite(Complex z) {
  return std::isfinite(z.real()) && std::isfinite(z.imag());
}

// A polynomial by its form alone.
bool is_polynomial(const Expr& e) {
  switch (e.kind()) {
    case Expr::Kind::number:
    case Expr::Kind::constant:
    case Expr::Kind::symbol: return true;
    case Expr::Kind::power:
      return e.operand(1).is_number() && e.operand(1).number().is_integer() && e.operand(1).number().sign() >= 0 &&
             is_polynomial(e.operand(0));
    case Expr::Kind::sum:
    case Expr::Kind::product:
      return std::all_of(e.operands().begin(), e.operands().end(),
                         [](const Expr& part) { return is_polynomial(part); });
    default: return false;
  }
}

// Kinks. The mean of h_n² that a jump J of derivative number k at t contributes:
// J² a^k e^{−t²/(2a)}/(2π √(2πn) n^{k+1}).
DecayTheory of_breakpoints(const Activation& sigma, double variance, int first, int last) {
  DecayTheory theory{DecayKind::algebraic, {}, {}};
  const Breakpoints& found = sigma.breakpoint_analysis();
  const double n = std::sqrt(static_cast<double>(first) * last);
  std::map<int, double> shares;  // by order
  for (std::size_t i = 0; i < found.points.size(); ++i) {
    const Breakpoint& point = found.points[i];
    if (point.removable) continue;
    if (point.kind == Breakpoint::Kind::singular) {
      theory.reason = to_text(point);
      if (const auto& p = sigma.homogeneity()) {  // |x|^p: a jump of order p, so to say
        theory.value = p->to_double() + 1.5;
        theory.reason += ", homogeneous of degree " + p->to_string();
      }
      return theory;
    }
    const int k = point.smoothness;
    double jump = 1;
    if (i + 1 < found.pieces.size()) {
      const double at = point.at();
      const auto right = taylor<double>(found.pieces[i + 1], "x", at, k, Precision::of_double());
      const auto left = taylor<double>(found.pieces[i], "x", at, k, Precision::of_double());
      jump = (right.back() - left.back()) * std::tgamma(k + 1.0);
      if (!std::isfinite(jump)) jump = 1;
    }
    const double t = point.at();
    shares[k] += jump * jump * std::pow(variance, k) * std::exp(-t * t / (2 * variance)) / std::pow(n, k + 1.0);
  }
  const auto largest =
      std::max_element(shares.begin(), shares.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  if (largest == shares.end()) return theory;
  theory.value = largest->first + 1.5;
  for (const Breakpoint& point : found.points) {
    if (point.removable || point.smoothness != largest->first) continue;
    theory.reason += (theory.reason.empty() ? "" : "; ") + to_text(point);
  }
  return theory;
}

// Functions of x whose roots are where e may be singular: what stands in denominators, under roots, in logarithms …
void collect_equations(const Expr& e, std::unordered_set<std::size_t>& seen, std::vector<Expr>& equations) {
  if (!seen.insert(e.hash()).second) return;
  for (const Expr& part : e.operands()) collect_equations(part, seen, equations);
  if (e.is(Expr::Kind::power)) {
    const Expr& exponent = e.operand(1);
    const bool natural = exponent.is_number() && exponent.number().is_integer() && exponent.number().sign() >= 0;
    if (!natural) equations.push_back(e.operand(0));
  }
  if (!e.is(Expr::Kind::function)) return;
  const Expr& u = e.operand(0);
  switch (e.function()) {
    case Function::log: equations.push_back(u); break;
    case Function::tanh: equations.push_back(cosh(u)); break;
    case Function::tan: equations.push_back(cos(u)); break;
    case Function::sigmoid:
    case Function::softplus: equations.push_back(Expr(1) + exp(u)); break;
    case Function::atan: equations.push_back(Expr(1) + pow(u, Expr(2))); break;
    case Function::asin:
    case Function::acos: equations.push_back(Expr(1) - pow(u, Expr(2))); break;
    default: break;
  }
}

// Is f singular at z? On a circle around a regular point it has no Fourier coefficients of negative order.
bool is_singular(const ComplexFunction& f, Complex z) {
  constexpr int count = 32;
  const double radius = std::min(0.02, z.imag() / 4);
  std::array<Complex, count> values;
  double size = 0;
  for (int j = 0; j < count; ++j) {
    const double angle = 2 * std::numbers::pi * (j + 0.5) / count;
    values[static_cast<std::size_t>(j)] = f(z + std::polar(radius, angle));
    if (!is_finite(values[static_cast<std::size_t>(j)])) return true;
    size = std::max(size, std::abs(values[static_cast<std::size_t>(j)]));
  }
  double negative = 0;
  for (int k = 1; k <= 6; ++k) {
    Complex sum = 0;
    for (int j = 0; j < count; ++j) {
      sum += values[static_cast<std::size_t>(j)] * std::polar(1.0, 2 * std::numbers::pi * (j + 0.5) / count * k);
    }
    negative = std::max(negative, std::abs(sum) / count);
  }
  return negative > 1e-7 * size;
}

// The root Newton's method finds from z in the upper half plane; the real axis stands for none.
Complex newton(const ComplexFunction& f, const ComplexFunction& slope, Complex z) {
  constexpr double farthest = 40;
  for (int step = 0; step < 40; ++step) {
    const Complex change = f(z) / slope(z);
    if (!is_finite(change) || std::abs(z) > farthest) return 0;
    z -= change;
    if (std::abs(change) < 1e-12 * std::abs(z)) return std::abs(z) < farthest ? z : 0;
  }
  return 0;
}

// The singularity nearest to the real axis; 0 if none is found.
Complex nearest_singularity(const Expr& sigma) {
  std::unordered_set<std::size_t> seen;
  std::vector<Expr> equations;
  collect_equations(sigma, seen, equations);
  const ComplexFunction f(sigma);
  Complex nearest = 0;
  for (const Expr& equation : equations) {
    const ComplexFunction value(equation), slope(simplify(differentiate(equation, "x")));
    for (const double re : {0.0, 0.8, -0.8, 2.0, -2.0, 4.0, -4.0}) {
      for (const double im : {0.5, 1.2, 2.2, 3.4, 5.0, 8.0}) {
        Complex root = newton(value, slope, {re, im});
        if (root.imag() < 0) root = std::conj(root);
        if (!(root.imag() > 1e-6)) continue;
        if (nearest != 0.0 && root.imag() >= nearest.imag() * (1 - 1e-9)) continue;
        if (is_singular(f, root)) nearest = root;
      }
    }
  }
  return nearest;
}

std::string place(Complex z) {
  std::array<char, 80> text{};
  if (std::abs(z.real()) < 1e-9 * z.imag()) {
    std::snprintf(text.data(), text.size(), "%.6gi", z.imag());
  } else {
    std::snprintf(text.data(), text.size(), "%.6g %c %.6gi", z.real(), '+', z.imag());
  }
  return text.data();
}

DecayTheory of_singularities(const Activation& sigma, double variance) {
  DecayTheory theory{DecayKind::root, {}, "no complex singularity was found"};
  try {
    const Complex z = nearest_singularity(sigma.breakpoint_analysis().pieces.front());
    if (z == 0.0) return theory;
    theory.value = z.imag() / std::sqrt(variance);
    theory.reason = "nearest singularity found at x = " + place(z);
  } catch (const Error&) {  // a function with no complex continuation in nke
  }
  return theory;
}

// θ with |σ(iy)| ~ y^p e^{θy²}, from three points and tried on a fourth; and nothing may grow so along the diagonal.
DecayTheory of_entire(const Activation& sigma, double variance) {
  DecayTheory theory{DecayKind::geometric, {}, "entire"};
  try {
    const ComplexFunction f(sigma.breakpoint_analysis().pieces.front());
    const auto g = [&](double y) { return f.log_size({0, y}); };
    const auto rough = [&](double y) {  // second differences in log y: θ + κ/(9y) for g = θ y² + κ y + p log y + c
      const double p1 = g(y), p2 = g(2 * y), p4 = g(4 * y);
      return (p4 - 2 * p2 + p1) / (9 * y * y);
    };
    const auto theta_at = [&](double y) { return 2 * rough(2 * y) - rough(y); };
    const double near = theta_at(60), far = theta_at(100);
    const double diagonal = f.log_size(std::polar(60.0, std::numbers::pi / 4)) / 3600;
    if (!std::isfinite(near) || std::abs(near - far) > 1e-3 * std::max(std::abs(near), 0.05)) return theory;
    if (std::abs(far) < 3e-3) {
      if (std::isfinite(diagonal) && std::abs(diagonal) > 0.1) return theory;
      theory.kind = DecayKind::faster;
      theory.reason = "entire, of order less than 2";
      return theory;
    }
    const double theta = std::round(far * 1e6) / 1e6;
    theory.value = std::abs(2 * theta * variance / (1 + 2 * theta * variance));
    std::array<char, 80> text{};
    std::snprintf(text.data(), text.size(), "entire, |sigma(iy)| ~ exp(%.4g y^2)", theta);
    theory.reason = text.data();
  } catch (const Error&) {
  }
  return theory;
}

}  // namespace

DecayTheory decay_theory(const Activation& sigma, double variance, int first, int last) {
  const Breakpoints& found = sigma.breakpoint_analysis();
  if (!found.proven || found.pieces.empty()) {
    return {DecayKind::undecided, {}, "the breakpoints are not proven: " + found.reason};
  }
  if (sigma.smoothness() == Smoothness::piecewise_analytic) return of_breakpoints(sigma, variance, first, last);
  if (is_polynomial(found.pieces.front())) return {DecayKind::finite, {}, "polynomial"};
  if (sigma.smoothness() == Smoothness::entire) return of_entire(sigma, variance);
  DecayTheory theory = of_singularities(sigma, variance);
  if (theory.value || !sigma.breakpoints_proven()) return theory;
  // sin(x)/x and its like: analytic by name, entire in fact.
  const bool removable = !found.points.empty();
  return removable ? of_entire(sigma, variance) : theory;
}

}  // namespace nke
