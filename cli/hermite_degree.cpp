// SPDX-License-Identifier: Apache-2.0
// nke hermite --degree auto: the smallest degree that is proven to be enough for an error and a range of variances.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <nke/exact/activation/activation.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/hermite/sufficient_degree.hpp>

#include "hermite_options.hpp"
#include "output.hpp"

namespace nke::cli {

Exit run_hermite_degree(const HermiteOptions& options) {
  if (options.epsilon.empty()) throw DomainError("--degree auto needs --epsilon, the relative error of K allowed");
  if (!options.digits.empty() || options.cross_check) {
    throw DomainError("--digits and --cross-check do not go with --degree auto");
  }
  const std::size_t colon = options.variance.find(':');
  const Rational low = rational_option("--variance", options.variance.substr(0, colon));
  const Rational high =
      colon == std::string::npos ? low : rational_option("--variance", options.variance.substr(colon + 1));
  const Rational epsilon = rational_option("--epsilon", options.epsilon);
  const SufficientDegree found = sufficient_degree(activation(options.activation),
                                                   {.epsilon = epsilon, .min_variance = low, .max_variance = high});
  if (options.common.json) {
    nlohmann::ordered_json object;
    object["activation"] = options.activation;
    object["variance"] = {json_of(low), json_of(high)};
    object["epsilon"] = json_of(epsilon);
    object["degree"] = found.degree;
    object["necessary_degree"] = found.necessary;
    object["variances"] = found.variances;
    object["proven"] = true;
    print_json(object);
    return Exit::done;
  }
  print(
      fmt::format("degree {} is enough for {} at variance {}:\n", found.degree, options.activation, options.variance));
  print(fmt::format("|K - series| <= {} sqrt(K(a,a,a) K(b,b,b)) for every correlation; proven from {} variances\n",
                    options.epsilon, found.variances));
  if (found.necessary == found.degree) {
    print("no smaller degree leaves a tail that small\n");
  } else {
    print(fmt::format("degree {} is proven to be needed for a tail that small\n", found.necessary));
  }
  return Exit::done;
}

}  // namespace nke::cli
