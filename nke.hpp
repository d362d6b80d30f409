// SPDX-License-Identifier: Apache-2.0
// All of nke in one include. Each part can be included alone; the comment says what it gives.
#pragma once

#include <nke/data/array.hpp>                      // Matrix, MatrixF, Images: points as rows
#include <nke/data/atomic_file.hpp>                // files that appear whole or not at all
#include <nke/data/csv.hpp>                        // points from and to CSV
#include <nke/data/named.hpp>                      // read_points("fashion-mnist:test"), a path, "gaussian(n,d)"
#include <nke/data/npy.hpp>                        // arrays from and to .npy
#include <nke/data/synthetic.hpp>                  // gaussian(n, d, seed), sphere(n, d, seed)
#include <nke/exact/activation/activation.hpp>     // Activation: an expression and what is proven of it
#include <nke/exact/activation/named.hpp>          // the registry of named activations
#include <nke/exact/dual/block_dual.hpp>           // a closed form over rows of a kernel matrix
#include <nke/exact/dual/closed_form.hpp>          // K and its derivative dual as derived formulas
#include <nke/exact/dual/covariance.hpp>           // where a dual is evaluated, accurate near correlation 1
#include <nke/exact/dual/cross_check.hpp>          // the same once more, by another method
#include <nke/exact/dual/emit.hpp>                 // a derived dual as text, LaTeX, C++, numpy, Neural Tangents
#include <nke/exact/dual/exact_value.hpp>          // its value to as many proven digits as asked
#include <nke/exact/dual/given_dual.hpp>           // a dual given as a formula in a, b, c
#include <nke/exact/dual/homogeneous.hpp>          // the power series of a homogeneous dual, exactly
#include <nke/exact/dual/normal_form.hpp>          // which activations have closed forms, and why the others have none
#include <nke/exact/expr/differentiate.hpp>        // d/dx
#include <nke/exact/expr/evaluate.hpp>             // an expression over double, Mpfr, Ball, ComplexBall
#include <nke/exact/expr/expr.hpp>                 // Expr: immutable, shared, canonical
#include <nke/exact/expr/parse.hpp>                // text to Expr
#include <nke/exact/expr/print.hpp>                // Expr to text and LaTeX
#include <nke/exact/expr/program.hpp>              // Expr compiled for blocks of doubles
#include <nke/exact/expr/simplify.hpp>             // shorter and numerically safer forms
#include <nke/exact/expr/substitute.hpp>           // expressions put in place of symbols
#include <nke/exact/real/ball.hpp>                 // Ball: a real number with a proven radius
#include <nke/exact/real/error.hpp>                // what can go wrong
#include <nke/exact/real/mpfr.hpp>                 // Mpfr: many digits, unproven
#include <nke/exact/real/rational.hpp>             // Rational: exact numbers from text
#include <nke/hermite/certified_coefficients.hpp>  // h_n(a) as proven balls
#include <nke/hermite/certified_dual.hpp>          // any dual as a proven ball
#include <nke/hermite/coefficients.hpp>            // h_n(a) in double
#include <nke/hermite/coefficients_mpfr.hpp>       // h_n(a) to many digits
#include <nke/hermite/decay.hpp>                   // how fast h_n falls, measured and predicted
#include <nke/hermite/dual.hpp>                    // rows of a dual, from a closed form or a series
#include <nke/hermite/dual_fast.hpp>               // one value of a dual
#include <nke/hermite/mean_field.hpp>              // fixed points, depth scales: signals in deep networks
#include <nke/hermite/mean_field_certified.hpp>    // the same as proven balls
#include <nke/hermite/mean_field_plane.hpp>        // the phase diagram and its critical line
#include <nke/hermite/nested_quadrature.hpp>       // the same by brute force
#include <nke/hermite/series.hpp>                  // the dual as a series, at any norms
#include <nke/hermite/sufficient_degree.hpp>       // the smallest degree for a stated error
#include <nke/kernels/kernel_matrix.hpp>           // exact NNGP and NTK matrices
#include <nke/kernels/network.hpp>                 // a network as a value and as a text
#include <nke/kernels/reference_entry.hpp>         // one entry, with proven digits
#include <nke/kernels/reference_image_entry.hpp>   // the same for images
#include <nke/kernels/stream.hpp>                  // kernel matrices larger than memory
#include <nke/plots/figure.hpp>                    // Figure: what is to be drawn
#include <nke/plots/page.hpp>                      // a report as one HTML file
#include <nke/plots/render.hpp>                    // Figure to SVG, PNG, PDF
#include <nke/sketch/dual_features.hpp>            // features whose inner products estimate a dual
#include <nke/sketch/fwht.hpp>                     // the fast Walsh-Hadamard transform
#include <nke/sketch/poly_sketch.hpp>              // features of all powers of an inner product
#include <nke/sketch/random_features.hpp>          // the rival: a finite layer of the network itself
#include <nke/sketch/srht.hpp>                     // features of the inner product itself
#include <nke/sketch/tensor_srht.hpp>              // features of a product of two
#include <nke/verify/metrics.hpp>                  // five errors of a kernel matrix
#include <nke/verify/reference_kernel.hpp>         // a kernel matrix accurate enough to measure against
#include <nke/verify/report.hpp>                   // everything nke validate computes, as data
#include <nke/verify/table.hpp>                    // results with units and provenance, to CSV and JSON
