// SPDX-License-Identifier: Apache-2.0
#include "code_writer.hpp"

namespace nke {
namespace {

class CppWriter : public CodeWriter {
 public:
  CppWriter() : CodeWriter(Language::cpp) {}

 protected:
  Piece write_constant(Constant constant) override {
    return constant == Constant::pi ? constant_local("pi", "3.141592653589793")
                                    : constant_local("e", "2.718281828459045");
  }
  std::string literal(const std::string& digits) const override {
    return digits.find_first_of(".e") == std::string::npos ? digits + ".0" : digits;
  }
  std::string library_call(std::string_view name, const std::string& argument) const override {
    return joined_text({"std::", name, "(", argument, ")"});
  }
  Piece general_power(const Piece& base, const Piece& exponent) const override {
    return {joined_text({"std::pow(", base.text, ", ", exponent.text, ")"}), Hold::atom};
  }
  std::string choice(const std::string& condition, const std::string& yes, const std::string& no) const override {
    return joined_text({"(", condition, " ? ", yes, " : ", no, ")"});
  }
};

}  // namespace

Code to_cpp(std::span<const Expr> results) {
  CppWriter counter;
  counter.count(results);
  return CppWriter().code(results, counter.uses());
}

}  // namespace nke
