// SPDX-License-Identifier: Apache-2.0
#include "slice_table.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <mutex>
#include <numbers>
#include <random>
#include <utility>

#include <nke/exact/real/error.hpp>

namespace nke {
namespace {

using kernels::simd::TableLevel;
using kernels::simd::TablePart;

constexpr double half_turn = std::numbers::pi;
constexpr std::array point_counts = {20, 32, 48};  // in t
constexpr int most_nodes = 64;                     // in y

double chebyshev_node(int i, int n) {
  return std::cos(half_turn * (2 * i + 1) / (2 * n));
}

// Coefficients of T_0 … T_{n−1} from values at the nodes, for each column.
Eigen::MatrixXd chebyshev_coefficients(const Eigen::MatrixXd& values) {
  const auto n = static_cast<int>(values.rows());
  Eigen::MatrixXd turn(n, n);
  for (int k = 0; k < n; ++k) {
    for (int i = 0; i < n; ++i) turn(k, i) = (k == 0 ? 1.0 : 2.0) / n * std::cos(half_turn * k * (2 * i + 1) / (2 * n));
  }
  return turn * values;
}

// How K, of which `diagonal` is K(a,a,a), begins: with a^p, p an integer from 0 to 3.
int first_power(double at, double at_four_times) {
  if (!(at > 0) || !(at_four_times > 0)) return 0;
  return std::clamp(static_cast<int>(std::lround(std::log2(at_four_times / at) / 2)), 0, 3);
}

}  // namespace

// Makes one table: points in t, then level by level.
struct SliceTable::Maker {
  const TableDual& dual;
  double leave_out;  // of each d_k
  SliceTable table;
  Eigen::VectorXd variance, value_size, slope_size;  // at the points; sizes √K(a,a,a) and √K̇(a,a,a)
  std::vector<Eigen::VectorXd> planes;

  Maker(const TableDual& table_dual, double largest, double tolerance, int points)
      : dual(table_dual), leave_out(tolerance / 3) {
    table.reach_ = std::sqrt(largest);
    table.points_.resize(points);
    table.weights_.resize(points);
    for (int i = 0; i < points; ++i) {
      table.points_(i) = table.reach_ * (1 + chebyshev_node(i, points)) / 2;
      table.weights_(i) = (i % 2 == 0 ? 1 : -1) * std::sin(half_turn * (2 * i + 1) / (2 * points));
    }
    variance = table.points_.array().square();
    value_size.resize(points);
    slope_size.resize(points);
    for (int i = 0; i < points; ++i) {
      const DiagonalDual v = dual.diagonal(variance(i));
      value_size(i) = std::sqrt(std::max(v.value, 0.0));
      slope_size(i) = std::sqrt(std::max(v.derivative, 0.0));
    }
    const DiagonalDual first = dual.diagonal(largest * TableDual::smallest_share);
    const DiagonalDual next = dual.diagonal(4 * largest * TableDual::smallest_share);
    table.value_power_ = first_power(first.value, next.value);
    table.slope_power_ = first_power(first.derivative, next.derivative);
  }

  // Σ_k d_k T_k from values at the nodes: false if it has not ended there.
  bool part(const Eigen::MatrixXd& values, const Eigen::VectorXd& size, int power, bool of_value, TablePart& out) {
    const Eigen::MatrixXd coefficients = chebyshev_coefficients(values);
    const Eigen::Index n = size.size();
    const Eigen::VectorXd inverse = size.unaryExpr([](double x) { return x > 0 ? 1 / x : 0; });
    struct Products {
      std::vector<Eigen::VectorXd> plus, minus;
    };
    std::vector<Products> terms;
    for (Eigen::Index k = coefficients.rows(); k-- > 0;) {
      Eigen::MatrixXd d(n, n);
      Eigen::Index column = 0;
      for (Eigen::Index i = 0; i < n; ++i) {
        for (Eigen::Index j = 0; j <= i; ++j) d(i, j) = d(j, i) = coefficients(k, column++) * inverse(i) * inverse(j);
      }
      if (terms.empty() && d.cwiseAbs().maxCoeff() <= leave_out) continue;
      if (terms.empty() && k > coefficients.rows() * 7 / 8) return false;
      Products term;
      const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(d);
      std::vector<Eigen::Index> order(static_cast<std::size_t>(n));
      for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<Eigen::Index>(i);
      std::sort(order.begin(), order.end(), [&](Eigen::Index x, Eigen::Index y) {
        return std::abs(solver.eigenvalues()(x)) < std::abs(solver.eigenvalues()(y));
      });
      Eigen::MatrixXd left_out = Eigen::MatrixXd::Zero(n, n);
      bool kept = false;
      for (const Eigen::Index at : order) {
        const double lambda = solver.eigenvalues()(at);
        const Eigen::VectorXd v = solver.eigenvectors().col(at);
        left_out += lambda * v * v.transpose();
        kept = kept || left_out.cwiseAbs().maxCoeff() > leave_out;
        if (!kept) continue;
        const Eigen::VectorXd plane =
            std::sqrt(std::abs(lambda)) * v.array() * size.array() / table.points_.array().pow(power);
        (lambda > 0 ? term.plus : term.minus).push_back(plane);
      }
      terms.push_back(std::move(term));
    }
    auto counts = std::make_unique<unsigned char[]>(2 * std::max<std::size_t>(terms.size(), 1));
    out.terms = static_cast<int>(terms.size());
    out.plus = counts.get();
    out.minus = counts.get() + terms.size();
    // The last term first, as Clenshaw's scheme wants them.
    for (std::size_t i = 0; i < terms.size(); ++i) {
      counts[i] = static_cast<unsigned char>(terms[i].plus.size());
      counts[terms.size() + i] = static_cast<unsigned char>(terms[i].minus.size());
      for (auto* group : {&terms[i].plus, &terms[i].minus}) {
        for (Eigen::VectorXd& plane : *group) {
          planes.push_back(std::move(plane));
          table.of_value_.push_back(of_value);
        }
      }
    }
    table.counts_.push_back(std::move(counts));
    return true;
  }

  bool by_squares(double reach, int nodes, TableLevel& level) {
    std::vector<double> angles(static_cast<std::size_t>(2 * nodes));
    Eigen::ArrayXd rho(nodes);
    for (int i = 0; i < nodes; ++i) {
      const double node = half_turn * (2 * i + 1) / (4 * nodes);  // y = cos(2 node)
      rho(i) = reach * std::cos(node);
      const double angle = std::acos(rho(i));
      angles[static_cast<std::size_t>(i)] = angle;
      angles[static_cast<std::size_t>(nodes + i)] = half_turn - angle;
    }
    Eigen::MatrixXd k, kdot;
    dual.grid(table.points_, angles, k, kdot);
    const auto even = [&](const Eigen::MatrixXd& f) -> Eigen::MatrixXd {
      return (f.topRows(nodes) + f.bottomRows(nodes)) / 2;
    };
    const auto odd = [&](const Eigen::MatrixXd& f) -> Eigen::MatrixXd {
      return (2 * rho).inverse().matrix().asDiagonal() * (f.topRows(nodes) - f.bottomRows(nodes));
    };
    level.square = 2 / (reach * reach);
    return part(even(k), value_size, table.value_power_, true, level.value_even) &&
           part(odd(k), value_size, table.value_power_, true, level.value_odd) &&
           part(even(kdot), slope_size, table.slope_power_, false, level.slope_even) &&
           part(odd(kdot), slope_size, table.slope_power_, false, level.slope_odd);
  }

  bool by_angles(int nodes, TableLevel& level) {
    std::vector<double> angles;
    for (int i = 0; i < nodes; ++i) {
      const double node = half_turn * (2 * i + 1) / (2 * nodes);
      angles.push_back(half_turn / 2 * (1 + std::cos(node)));
    }
    Eigen::MatrixXd k, kdot;
    dual.grid(table.points_, angles, k, kdot);
    level.square = 0;
    return part(k, value_size, table.value_power_, true, level.value_even) &&
           part(kdot, slope_size, table.slope_power_, false, level.slope_even);
  }

  bool add(double reach) {
    for (int nodes = 16; nodes <= most_nodes; nodes *= 2) {
      TableLevel level;
      level.reach = reach == 1 ? 2 : reach;
      level.plane = planes.size();
      const std::size_t before = planes.size(), counts = table.counts_.size();
      if (reach == 1 ? by_angles(nodes, level) : by_squares(reach, nodes, level)) {
        table.levels_.push_back(level);
        return true;
      }
      planes.resize(before);
      table.of_value_.resize(before);
      table.counts_.resize(counts);
    }
    return false;
  }

  // Operations a vector.
  static int cost(const TableLevel& level) {
    int sum = 0;
    for (const TablePart* part : {&level.value_even, &level.value_odd, &level.slope_even, &level.slope_odd}) {
      sum += 2 * part->terms;
      for (int k = 0; k < part->terms; ++k) sum += part->plus[k] + part->minus[k];
    }
    return sum;
  }

  void drop(std::size_t which) {
    const std::size_t begin = table.levels_[which].plane, end = table.levels_[which + 1].plane;
    const auto from = static_cast<std::ptrdiff_t>(begin), to = static_cast<std::ptrdiff_t>(end);
    planes.erase(planes.begin() + from, planes.begin() + to);
    table.of_value_.erase(table.of_value_.begin() + from, table.of_value_.begin() + to);
    table.levels_.erase(table.levels_.begin() + static_cast<std::ptrdiff_t>(which));
    for (std::size_t i = which; i < table.levels_.size(); ++i) table.levels_[i].plane -= end - begin;
  }

  bool add_levels() {
    for (const double reach : {0.5, 0.8, 1.0}) {
      if (!add(reach)) return false;
    }
    // Planes have to be prepared and kept, so a shorter table is to be much shorter.
    while (table.levels_.size() > 1 &&
           4 * cost(table.levels_[table.levels_.size() - 2]) > 3 * cost(table.levels_.back())) {
      drop(table.levels_.size() - 2);
    }
    return true;
  }

  void finish() {
    table.nodes_of_planes_.resize(static_cast<Eigen::Index>(planes.size()), variance.size());
    for (std::size_t i = 0; i < planes.size(); ++i) {
      table.nodes_of_planes_.row(static_cast<Eigen::Index>(i)) = planes[i].transpose();
    }
  }
};

namespace {

double clenshaw(const TablePart& part, const double*& x, const double*& y, double at) {
  double before = 0, now = 0;
  for (int i = 0; i < part.terms; ++i) {
    double d = 0;
    for (int j = 0; j < part.plus[i]; ++j) d += *x++ * *y++;
    for (int j = 0; j < part.minus[i]; ++j) d -= *x++ * *y++;
    const double turn = i + 1 == part.terms ? at : 2 * at;
    before = std::exchange(now, d + turn * now - before);
  }
  return now;
}

}  // namespace

// What the slices do, in plain words.
DiagonalDual SliceTable::at(double a, double b, double rho) const {
  std::vector<double> x(planes()), y(planes());
  SlicePixel pixel_x{.rest = x}, pixel_y{.rest = y};
  set_pixel({}, a, pixel_x);
  set_pixel({}, b, pixel_y);
  std::size_t i = 0;
  while (levels_[i].reach < std::abs(rho)) ++i;
  const TableLevel& level = levels_[i];
  const double at = level.square > 0 ? level.square * rho * rho - 1 : -2 / half_turn * std::asin(rho);
  const double *left = x.data() + level.plane, *right = y.data() + level.plane;
  DiagonalDual v{};
  v.value = clenshaw(level.value_even, left, right, at);
  v.value += rho * clenshaw(level.value_odd, left, right, at);
  v.derivative = clenshaw(level.slope_even, left, right, at);
  v.derivative += rho * clenshaw(level.slope_odd, left, right, at);
  return v;
}

Eigen::VectorXd SliceTable::lagrange(double t) const {
  Eigen::ArrayXd l(points_.size());
  for (Eigen::Index i = 0; i < l.size(); ++i) {
    if (t == points_(i)) return Eigen::VectorXd::Unit(l.size(), i);
    l(i) = weights_(i) / (t - points_(i));
  }
  return l / l.sum();
}

double SliceTable::diagonal(double a) const {
  return at(a, a, 1).value;
}

void SliceTable::set_pixel(const SliceUnits& units, double a, SlicePixel& pixel) const {
  const double variance = std::ldexp(a, units.exponent), t = std::sqrt(variance);
  pixel.outside = !(t <= reach_ * (1 + 1e-9));
  pixel.inverse = a > 0 ? 1 / std::sqrt(a) : 0;
  pixel.root = 0;
  const double value = std::pow(t, value_power_) * std::sqrt(std::ldexp(units.out, -units.exponent));
  const double slope = std::pow(t, slope_power_) * std::sqrt(units.out);
  Eigen::Map<Eigen::VectorXd> rest(pixel.rest.data(), nodes_of_planes_.rows());
  rest.noalias() = nodes_of_planes_ * lagrange(t);
  for (std::size_t i = 0; i < pixel.rest.size(); ++i) pixel.rest[i] *= of_value_[i] ? value : slope;
}

bool SliceTable::holds(const TableDual& dual, double tolerance) const {
  std::mt19937_64 random(1);  // NOLINT: the same table every time
  const auto uniform = [&random](double low, double high) {
    return low + (high - low) * static_cast<double>(random() >> 11) * 0x1p-53;
  };
  const auto any_variance = [&] {
    const double t = uniform(0, 2) < 1 ? uniform(0, 1) : std::pow(10, uniform(-3.5, 0));
    return std::pow(t * reach_, 2);
  };
  const auto size = [](double x, double y) { return std::sqrt(std::max(x, 0.0)) * std::sqrt(std::max(y, 0.0)); };
  constexpr int rows = 16, columns = 24;
  for (int i = 0; i < rows; ++i) {
    const double a = i == 0 ? reach_ * reach_ : any_variance();
    const DiagonalDual at_a = dual.diagonal(a);
    for (int j = 0; j < columns; ++j) {
      const double b = j == 0 ? a : any_variance();
      const double away = j == 0 ? 0 : uniform(0, 2) < 1 ? uniform(0, 1) : std::pow(10, uniform(-10, 0));
      const bool negative = uniform(0, 2) < 1;
      const DiagonalDual at_b = dual.diagonal(b), want = dual.check(a, b, away, negative);
      const DiagonalDual got = at(a, b, negative ? away - 1 : 1 - away);
      if (!(std::abs(got.value - want.value) <= tolerance * size(at_a.value, at_b.value))) return false;
      const double slope = size(at_a.derivative, at_b.derivative);
      if (!(std::abs(got.derivative - want.derivative) <= tolerance * slope)) return false;
    }
  }
  return true;
}

std::shared_ptr<const SliceTable> SliceTable::made(const Nonlinearity& layer, double largest, double tolerance) try {
  const std::optional<TableDual> dual = TableDual::make(layer, largest, tolerance);
  for (const int points : point_counts) {
    if (!dual) break;
    Maker maker(*dual, largest, tolerance, points);
    if (!maker.add_levels()) break;
    maker.finish();
    if (maker.table.holds(*dual, 3 * tolerance)) return std::make_shared<const SliceTable>(std::move(maker.table));
  }
  return nullptr;
} catch (const Error&) {
  return nullptr;  // σ² not integrable, σ' not found: what the other ways say of it is for the user
}

std::shared_ptr<const SliceTable> SliceTable::make(const Nonlinearity& layer, double largest, double tolerance) {
  struct Known {
    Activation sigma;
    double largest, tolerance;
    std::shared_ptr<const SliceTable> table;
  };
  static std::mutex mutex;
  static std::deque<Known> known;
  const std::scoped_lock lock(mutex);
  for (const Known& k : known) {
    if (k.sigma == layer.activation && k.largest == largest && k.tolerance == tolerance) return k.table;
  }
  known.push_back({layer.activation, largest, tolerance, made(layer, largest, tolerance)});
  constexpr std::size_t kept = 32;
  if (known.size() > kept) known.pop_front();
  return known.back().table;
}

}  // namespace nke
