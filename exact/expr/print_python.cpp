// SPDX-License-Identifier: Apache-2.0
#include "code_writer.hpp"

namespace nke {
namespace {

class PythonWriter : public CodeWriter {
 public:
  explicit PythonWriter(Language language) : CodeWriter(language) {}

 protected:
  Piece write_constant(Constant constant) override { return {constant == Constant::pi ? "np.pi" : "np.e", Hold::atom}; }
  // jax takes an integer for one of 32 bits.
  std::string literal(const std::string& digits) const override {
    constexpr std::size_t longest_integer = 9;
    const bool integer = digits.find_first_of(".e") == std::string::npos;
    return integer && digits.size() > longest_integer ? digits + ".0" : digits;
  }
  std::string library_call(std::string_view name, const std::string& argument) const override {
    return joined_text({"np.", name, "(", argument, ")"});
  }
  Piece general_power(const Piece& base, const Piece& exponent) const override {
    return {joined_text({at_least(Hold::atom, base), "**", at_least(Hold::atom, exponent)}), Hold::power};
  }
  std::string choice(const std::string& condition, const std::string& yes, const std::string& no) const override {
    return joined_text({"np.where(", condition, ", ", yes, ", ", no, ")"});
  }
};

}  // namespace

Code to_python(std::span<const Expr> results, Language language) {
  PythonWriter counter(language);
  counter.count(results);
  return PythonWriter(language).code(results, counter.uses());
}

}  // namespace nke
