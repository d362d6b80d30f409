// SPDX-License-Identifier: Apache-2.0
#include <random>
#include <string>
#include <vector>

#include <nke/data/synthetic.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/kernels/kernel_matrix.hpp>
#include <nke/kernels/network.hpp>

#include "support.hpp"

namespace {

std::string refusal(const std::string& text) {
  try {
    nke::network(text);
  } catch (const nke::ParseError& error) {
    return error.what();
  }
  return "";
}

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a network prints back to the text it was written as [law]") {
  for (const char* text : {
           "dense relu dense relu dense",
           "dense(w=2, b=1/3) leaky_relu(0.2) dense",
           "conv(3) relu avgpool(2) conv(3) relu gap dense",
           "conv(3, stride=2, padding=VALID, w=sqrt(2)) relu sumpool(3, stride=1, padding=CIRCULAR) flatten dense",
           "dense \"x*tanh(log(1 + exp(x)))\" dense",
           "dense residual(relu dense relu dense) relu dense",
           "conv(3) residual(relu conv(3, stride=2) relu conv(3), conv(1, stride=2)) gap dense",
           "dense dual(\"sqrt(a*b)*exp(-1 + c/sqrt(a*b))\") dense",
           "",
       }) {
    CAPTURE(text);
    const nke::Network net = nke::network(text);
    const std::string printed = nke::to_text(net);
    CHECK(nke::network(printed) == net);
    CHECK(nke::to_text(nke::network(printed)) == printed);
    if (std::string(text).find("dual") == std::string::npos) CHECK(printed == text);
  }
}

TEST_CASE("decimals and fractions are the same exact number [fact]") {
  CHECK(nke::network("dense(b=0.1)") == nke::network("dense(b=1/10)"));
  CHECK(nke::network("dense(w=2, b=3) relu dense") == nke::network(" dense( w = 2 , b=3 )\n relu\tdense "));
}

TEST_CASE("fc, myrtle and resnet are names for longer networks [fact]") {
  CHECK(nke::to_text(nke::network("fc(depth=3, gelu)")) == "dense gelu dense gelu dense gelu dense");
  CHECK(nke::to_text(nke::network("fc(depth=1, \"x*Phi(x)\", w=2, b=1)")) ==
        "dense(w=2, b=1) \"x*Phi(x)\" dense(w=2, b=1)");
  CHECK(nke::to_text(nke::network("fc(depth=0, relu)")) == "dense");
  const std::string conv = "conv(3, w=sqrt(2)) relu ";
  const std::string end = "gap dense(w=sqrt(2))";
  CHECK(nke::to_text(nke::network("myrtle(5, relu)")) ==
        conv + conv + "avgpool(2) " + conv + "avgpool(2) " + conv + end);
  CHECK(nke::to_text(nke::network("myrtle(5)")) == nke::to_text(nke::network("myrtle(5, relu)")));
  const auto convs = [](const char* text) {
    std::size_t count = 0;
    for (const nke::Layer& layer : nke::network(text).layers) count += std::holds_alternative<nke::Conv>(layer) ? 1 : 0;
    return count;
  };
  CHECK(convs("myrtle(7, gelu)") == 6);
  CHECK(convs("myrtle(10, gelu)") == 9);
  const nke::Network resnet = nke::network("resnet(2, relu)");
  CHECK(resnet.layers.size() == 1 + 3 * 2 + 2);
  CHECK(std::get<nke::Residual>(resnet.layers[1]).shortcut.layers.size() == 1);
  CHECK(std::get<nke::Residual>(resnet.layers[2]).shortcut.layers.empty());
  CHECK_NOTHROW(nke::require_covered(resnet, {32, 32}));
}

TEST_CASE("a dual with a name is the formula it stands for, and formulas that are no duals are refused [fact]") {
  const nke::Network named = nke::network("dense exp_normalized dense");
  CHECK(nke::network(nke::to_text(named)) == named);
  const auto k = [](const std::string& text) {
    return nke::kernel_matrix(nke::network(text), nke::gaussian(3, 4, 1), nke::Kind::ntk);
  };
  CHECK((k("fc(depth=1, exp_normalized)") - k("dense dual(\"sqrt(a*b)*exp(c/sqrt(a*b)-1)\") dense")).norm() < 1e-14);
  CHECK((k("dense exp_normalized(2, shift=-1) dense") - k("dense dual(\"sqrt(a*b)*exp(2*(c/sqrt(a*b)-1))\") dense"))
            .norm() < 1e-14);
  CHECK(says(refusal("dense dual(\"a*c\") dense"), "K(a, b, c) and K(b, a, c) differ"));
  CHECK(says(refusal("dense dual(\"-c\") dense"), "not positive definite"));
  CHECK(says(refusal("dense exp_normalized(1, 2, 3) dense"), "takes 2 parameters"));
  CHECK(says(refusal("dense exp_normalized() relu"), "^"));
}

TEST_CASE("what the theory does not cover is refused with the reason, at its place [fault]") {
  CHECK(says(refusal("relu dense"), "not Gaussian"));
  CHECK(says(refusal("dense relu gelu dense"), "put a dense or conv before it"));
  CHECK(says(refusal("conv(3) relu flatten conv(3) gap"), "conv needs pixels"));
  CHECK(says(refusal("conv(3) relu gap avgpool(2)"), "avgpool needs pixels"));
  CHECK(says(refusal("conv(3) relu"), "needs gap or flatten"));
  CHECK(says(refusal("dense relu layernorm dense"), "layernorm needs Gaussian"));
  CHECK(says(refusal("dense residual(relu) dense"), "independent parts"));
  CHECK(says(refusal("dense residual(dense relu) dense"), "independent parts"));
  CHECK(says(refusal("conv(3) residual(relu conv(3) gap dense) dense"), "one branch ends with pixels"));
  // The caret stands under the word that is refused.
  CHECK(says(refusal("dense relu gelu dense"), "dense relu gelu dense\n             ^"));
}

TEST_CASE("text that is no network is refused with a caret and a suggestion [fault]") {
  CHECK(says(refusal("dence relu dense"), "did you mean 'dense'"));
  CHECK(says(refusal("dense rleu dense"), "did you mean 'relu'"));
  CHECK(says(refusal("dense(x=3)"), "there are w and b"));
  CHECK(says(refusal("dense(w=)"), "a value was expected"));
  CHECK(says(refusal("dense(w=1, w=2)"), "'w' is given twice"));
  CHECK(says(refusal("dense(w=sqrt(-1))"), "not a real number (at character 9)"));
  CHECK(says(refusal("dense(w=1e400)"), "(401 characters) is not a finite double"));
  CHECK(says(refusal("dense x dense"), "nor an activation. An expression goes in quotes"));
  CHECK(says(refusal("dense(w=1/0)"), "^"));
  CHECK(says(refusal("dense(w=log(0))"), "^"));
  CHECK(says(refusal("conv relu gap"), "conv needs its window"));
  CHECK(says(refusal("conv(0) gap"), "a window of 0"));
  CHECK(says(refusal("conv(3, stride=0) gap"), "a stride of 0"));
  CHECK(says(refusal("conv(3, padding=same) gap"), "SAME, VALID or CIRCULAR"));
  CHECK(says(refusal("conv(99999999999) gap"), "not a number"));
  CHECK(says(refusal("gap(2)"), "gap has no arguments"));
  CHECK(says(refusal("dense \"x*\" dense"), "^"));
  CHECK(says(refusal("dense \"x dense"), "never closed"));
  CHECK(says(refusal("dense(w=2"), "never closed"));
  CHECK(says(refusal("dense)"), "a layer was expected"));
  CHECK(says(refusal("dense,dense"), "a layer was expected"));
  CHECK(says(refusal("residual"), "residual needs its branches"));
  CHECK(says(refusal("residual(dense, dense, dense)"), "at most two branches"));
  CHECK(says(refusal("dense dual(\"a*q\")"), "^"));
  CHECK(says(refusal("dense dual(a)"), "in quotes"));
  CHECK(says(refusal("myrtle(6, relu)"), "myrtle(5), myrtle(7) and myrtle(10)"));
  CHECK(says(refusal("fc(relu)"), "fc needs a depth"));
  CHECK_THROWS_AS(nke::network("fc(depth=10000, relu) " + std::string(70000, ' ')), nke::LimitError);
  std::string deep;
  for (int i = 0; i < 60; ++i) deep += "residual(";
  CHECK(says(refusal(deep), "nested more than 50 deep"));
}

TEST_CASE("images that do not fit are refused [fault]") {
  CHECK_THROWS_AS(nke::require_covered(nke::network("conv(5, padding=VALID) gap"), {4, 4}), nke::ShapeError);
  CHECK_THROWS_AS(nke::require_covered(nke::network("avgpool(2) avgpool(2) avgpool(2) gap"), {4, 4}), nke::ShapeError);
  CHECK_THROWS_AS(nke::require_covered(nke::network("conv(9, padding=CIRCULAR) gap"), {4, 4}), nke::ShapeError);
  CHECK_THROWS_AS(nke::require_covered(nke::network("conv(3) residual(relu conv(3, stride=2)) gap dense"), {8, 8}),
                  nke::ShapeError);
  CHECK_THROWS_AS(nke::require_covered(nke::network("conv(3) gap"), {}), nke::ShapeError);
  CHECK_NOTHROW(nke::require_covered(nke::network("conv(3) gap"), {1, 1}));
  CHECK_NOTHROW(nke::require_covered(nke::network("dense relu dense"), {}));
}

TEST_CASE("no text of layers' letters crashes the parser [fault]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 random(nke::test::seed());
  const std::vector<std::string> words = {"dense", "relu",      "conv(3)", "(",      ")",   ",", "=",
                                          "\"",    "residual(", "gap",     " ",      "w=1", "b", "3",
                                          "^",     "dual(",     "fc(",     "depth=", "x"};
  for (int i = 0; i < nke::test::iterations(300); ++i) {
    std::string text;
    for (int k = 0; k < 12; ++k) text += words[random() % words.size()] + (random() % 2 == 0 ? " " : "");
    CAPTURE(text);
    try {
      const nke::Network net = nke::network(text);
      CHECK(nke::network(nke::to_text(net)) == net);
    } catch (const nke::Error&) {
    }
  }
}
