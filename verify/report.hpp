// SPDX-License-Identifier: Apache-2.0
// Everything one asks about an activation before building networks of it, as data: `nke validate` computes this.
//
// Definition  facts proven of σ; samples of σ, σ', κ(ρ) = K(1,1,ρ) and its derivative dual; the Hermite spectrum at
//             unit variance; on each data set, the error of the truncated series against its degree and of the sketch
//             against its dimension, beside plain random features; verdicts, which are these numbers read aloud; and
//             checks, which are the numbers' own independent controls and can fail.
// Data        the named set (by default 512 images of Fashion-MNIST) and as many isotropic Gaussian points of the same
//             dimension, because the two differ: images are strongly correlated, Gaussian points nearly orthogonal.
//             Points of the named set are multiplied by one common factor that makes their mean variance |x|²/d equal
//             to 1; their norms still differ, and the kernel is E σ(u)σ(v) at the variances and covariance <x,y>/d.
// Error       truth on data: see reference_kernel.hpp. Errors are statistics over seeds: median and quartiles.
// Repeatable  the same options give the same report, whatever the number of threads.
// Domain      σ must be square-integrable at every variance met, else DomainError.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nke/exact/activation/activation.hpp>
#include <nke/hermite/decay.hpp>
#include <nke/hermite/mean_field.hpp>
#include <nke/hermite/mean_field_plane.hpp>
#include <nke/verify/progress.hpp>
#include <nke/verify/table.hpp>

namespace nke {

/// A kink, jump or singular point, for pictures.
struct MarkedPoint {
  double at = 0;
  Breakpoint::Kind kind = Breakpoint::Kind::kink;
};

struct ActivationFacts {
  std::string text;        // as the user wrote it
  std::string expression;  // as nke reads it
  std::string latex;
  std::string source;  // of a named activation
  std::string smoothness;
  std::string parity;
  std::string homogeneity;  // "1", or empty
  std::string growth;       // the bound, or why there is none
  bool growth_proven = false;
  bool breakpoints_proven = false;
  std::string breakpoints_reason;        // what is left open
  std::vector<std::string> breakpoints;  // one line each
  std::vector<MarkedPoint> marks;
};

/// Moments at unit variance, z ~ N(0,1).
struct UnitMoments {
  double mean = 0;               // E σ(z)
  double second = 0;             // E σ(z)²
  double derivative_second = 0;  // E σ'(z)²
};

struct SpectrumSummary {
  int degree = 0;  // N: h_0 … h_N are in the table
  std::vector<double> coefficients;
  double norm = 0;         // E σ(z)²
  double tail = 0;         // E σ(z)² − Σ_{n<=N} h_n²
  double tail_noise = 0;   // rounding error of the tail
  double error_bound = 0;  // estimated absolute error of each coefficient
};

/// Fixed points at one choice of scales.
struct ScaleFindings {
  std::string name;
  FieldScales scales;
  FieldFixedPoints found;
};

/// What becomes of signals in deep networks (hermite/mean_field.hpp).
struct Propagation {
  bool tears = false;  // σ jumps, or E σ'² is infinite: the correlation map has infinite slope at 1
  std::vector<ScaleFindings> scales;
  Table table;  // the same as rows
  Table line;   // the critical line
  std::optional<FieldPlane> plane;
};

/// What was computed on one data set.
struct DataFindings {
  std::string name;         // "fashion-mnist:test"
  std::string description;  // one line: n, d, the factor, ranges of variance and correlation
  std::int64_t points = 0;
  std::int64_t dimension = 0;
  double factor = 1;
  double smallest_variance = 0, mean_variance = 0, largest_variance = 0;
  double smallest_correlation = 0, median_correlation = 0, largest_correlation = 0;
  int truth_degree = 0;
  double truth_bound = 0;  // largest truncation bound of an entry of the truth, relative to the mean diagonal
  std::int64_t truth_quadrature = 0;  // off-diagonal pairs that came from quadrature instead
  double lambda = 0;                  // of the spectral error: mean diagonal / 100
  Table by_degree;
  Table by_dimension;
  // Errors of the series cut at the sketch's degree: what infinitely many features would leave.
  double floor_off_diagonal = 0;
  double floor_spectral = 0;
  // Least-squares slope of log median off-diagonal error against log dimension, above the floor; NaN if unclear.
  double slope = 0;
};

struct Verdict {
  std::string statement;
  std::string reason;
};

/// A control that can fail.
struct Check {
  std::string name;
  double measured = 0;
  double allowed = 0;
  std::string explanation;
  bool passed() const { return measured <= allowed; }  // false for NaN
};

struct ActivationReport {
  ActivationFacts facts;
  UnitMoments moments;
  SpectrumSummary spectrum;
  std::optional<HermiteDecay> decay;
  Propagation propagation;
  Table shape;         // x, σ, σ'
  Table dual;          // ρ, κ, κ'
  Table coefficients;  // n, h_n, h_n², tail after n
  std::vector<DataFindings> data;
  std::vector<Verdict> verdicts;
  std::vector<Check> checks;
  Provenance provenance;
  int sketch_degree = 0;
  int seeds = 0;
  bool passed() const;
};

struct ValidateOptions {
  std::string data = "fashion-mnist:test";
  int points = 512;
  int degree = 8;             // of the sketch
  int spectrum_degree = 100;  // of the table of coefficients
  std::vector<int> dimensions = {256, 512, 1024, 2048, 4096, 8192};
  int seeds = 15;  // odd: the median is one of them
  std::uint64_t seed = 1;
  std::string command;  // for the provenance
};

ActivationReport validate_activation(const Activation& activation, const std::string& text,
                                     const ValidateOptions& options, Progress& progress);

/// report.json: everything above, tables included.
std::string to_json(const ActivationReport& report);

}  // namespace nke
