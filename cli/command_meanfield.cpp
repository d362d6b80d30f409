// SPDX-License-Identifier: Apache-2.0
// nke meanfield: what becomes of variances and correlations in a deep network, and where its edge of chaos is.
#include <cmath>
#include <memory>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/expr/evaluate.hpp>
#include <nke/exact/expr/parse.hpp>
#include <nke/exact/expr/simplify.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/mean_field_plane.hpp>
#include <nke/plots/render.hpp>

#include "commands.hpp"
#include "meanfield_options.hpp"
#include "phase_plane.hpp"

namespace nke::cli {
namespace {

constexpr int default_digits = 30;
constexpr std::int64_t digit_limit = 100;
// The critical line as a table.
constexpr double line_low = 0x1p-10, line_high = 0x1p10;
constexpr int line_points = 2;  // an octave

void draw(const MeanfieldOptions& options, const MeanField& field, const MeanfieldAnswer& answer) {
  FieldPlaneOptions size;
  const FieldPlane unbounded = field_plane(field, size);
  // The scales asked about lie in the picture.
  if (answer.weight.value > 0.95 * unbounded.largest_weight) size.largest_weight = 1.3 * answer.weight.value;
  if (answer.bias.value > 0.95) size.largest_bias = 1.3 * answer.bias.value;
  const bool fits = size.largest_weight == 0 && size.largest_bias == 0;
  plots::PhasePlane plane = phase_plane(options.activation, fits ? unbounded : field_plane(field, size), field.tears());
  plane.marked = plots::PhasePlane::Place{answer.weight.value, answer.bias.value};
  plots::Figure figure = plots::phase_figure(plane);
  figure.command = "nke meanfield \"" + options.activation + "\" --sigma-w " + options.sigma_w + " --sigma-b " +
                   options.sigma_b + " --out FILE";
  plots::write_figure(figure, options.out);
}

Exit run_meanfield(const MeanfieldOptions& options) {
  const ThreadLimit threads(options.common.threads);
  expect_mode("meanfield", options.mode, {"fast", "reference"});
  if (options.mode == "fast" && !options.digits.empty()) throw DomainError("--digits goes with --mode reference");
  MeanfieldAnswer answer;
  answer.weight = squared_scale("--sigma-w", options.sigma_w);
  answer.bias = squared_scale("--sigma-b", options.sigma_b);
  const Activation sigma = activation(options.activation);
  const MeanField field(sigma);
  if (options.mode == "reference") {
    answer.digits = options.digits.empty()
                        ? default_digits
                        : static_cast<int>(integer_option("--digits", options.digits, 1, digit_limit));
    for (const auto& [name, scale] : {std::pair{"--sigma-w", &answer.weight}, {"--sigma-b", &answer.bias}}) {
      if (!scale->exact) {
        throw DomainError(std::string(name) +
                          " of --mode reference needs a square that is a fraction, such as sqrt(2)");
      }
    }
    answer.certified =
        certified_fixed_points(sigma, {.weight = *answer.weight.exact, .bias = *answer.bias.exact}, answer.digits);
  } else {
    answer.found = field.fixed_points({.weight = answer.weight.value, .bias = answer.bias.value});
  }
  if (options.critical_line) answer.line = critical_line(field, line_low, line_high, line_points);
  if (!options.out.empty()) {
    draw(options, field, answer);
    answer.figure = options.out;
  }
  options.common.json ? print_meanfield_object(options, answer) : print_meanfield_text(options, answer);
  return Exit::done;
}

}  // namespace

SquaredScale squared_scale(const std::string& option, const std::string& text) {
  const Expr scale = parse_expression(text);
  double value = 0;
  try {
    value = evaluate(scale, "no symbol", 0.0);
  } catch (const DomainError&) {
    throw DomainError(option + " is a constant, such as 1.5 or sqrt(2); it is '" + text + "'");
  }
  if (!(value >= 0) || !std::isfinite(value)) {
    throw DomainError(option + " is a finite number, not negative; it is '" + text + "'");
  }
  const Expr square = simplify(pow(scale, Expr(2)));
  SquaredScale result;
  if (square.is_number()) {
    result.exact = square.number();
    result.value = double_option(option, *result.exact);
    result.text = result.exact->to_string();
  } else {
    result.value = value * value;
    result.text = "(" + text + ")^2";
  }
  return result;
}

void add_meanfield(CommandLine& line) {
  auto options = std::make_shared<MeanfieldOptions>();
  line.verb("meanfield", "signals in deep networks: fixed points, the edge of chaos, depth scales",
            [options] { return run_meanfield(*options); })
      .argument("ACT", options->activation, "a name or an expression in x")
      .option("--sigma-w", "W", options->sigma_w, "standard deviation of the weights (default 1): 1.5, 3/2, sqrt(2)")
      .option("--sigma-b", "B", options->sigma_b, "standard deviation of the biases (default 0)")
      .option("--mode", "MODE", options->mode,
              "fast: double precision (default), errors estimated; reference: each fixed point proven, in balls")
      .option("--digits", "D", options->digits, "digits of --mode reference, 1 to 100 (default 30)")
      .flag("--critical-line", options->critical_line, "the line chi_1 = 1 as well, as a table over the variance q")
      .option("--out", "FILE", options->out, "phase diagram: a .png, .svg or .pdf")
      .common(options->common)
      .footer(
          "Examples:\n"
          "  nke meanfield tanh --sigma-w 1.5 --sigma-b 0.1\n"
          "  nke meanfield relu --sigma-w \"sqrt(2)\" --mode reference\n"
          "  nke meanfield gelu --critical-line --out phases.png\n"
          "See docs/meanfield.md for what each number means.");
}

}  // namespace nke::cli
