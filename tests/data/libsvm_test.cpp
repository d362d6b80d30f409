// SPDX-License-Identifier: Apache-2.0
#include <nke/data/array.hpp>
#include <nke/data/libsvm.hpp>

#include "files.hpp"

using nke::LibsvmData;
using nke::Matrix;
using nke::test::gzipped;
using nke::test::refusal;
using nke::test::says;
using nke::test::source;

namespace {

LibsvmData read(std::string_view text, const nke::LibsvmOptions& options = {}) {
  return nke::read_libsvm(*source(text), options);
}

std::string fault(std::string_view text, const nke::LibsvmOptions& options = {}) {
  return refusal([&] { read(text, options); });
}

}  // namespace

TEST_CASE("pairs land in their columns, and the rest is zero [fact]") {
  const std::string text = "+1 1:0.5 3:-2 # note\n\n-1\t qid:7  2:1e3 \r\n2.5\n";
  const Matrix wanted = (Matrix(3, 3) << 0.5, 0, -2, 0, 1000, 0, 0, 0, 0).finished();
  for (const std::string& bytes : {text, gzipped(text)}) {
    const LibsvmData data = read(bytes);
    CHECK(Matrix(data.points) == wanted);
    CHECK(data.points.nonZeros() == 3);
    CHECK(data.labels == std::vector<double>{1, -1, 2.5});
  }
}

TEST_CASE("limit and columns fix the shape [fact]") {
  CHECK(read("1 1:1\n1 9:1\n", {.limit = 1}).points.cols() == 1);
  CHECK(read("1 1:1\n1 oops", {.limit = 1}).points.rows() == 1);
  CHECK(read("1 1:1\n", {.columns = 5}).points.cols() == 5);
  CHECK(says(fault("1 6:1\n", {.columns = 5}), "line 1, column 2: the index 6 is beyond the 5 columns"));
  CHECK(read("").points.rows() == 0);
  CHECK_THROWS_AS(read("1 1:1", {.columns = std::size_t{1} << 31U}), nke::LimitError);
}

TEST_CASE("the largest index costs no memory, and a larger one is refused [fault]") {
  CHECK(read("1 2147483647:1\n").points.cols() == 2147483647);
  CHECK(says(fault("1 2147483648:1\n"), "is too large"));
  CHECK(says(fault("1 99999999999999999999999:1\n"), "is too large"));
}

TEST_CASE("what is no line of LIBSVM is refused with line and field [fault]") {
  CHECK(says(fault("1 1:1\n1 0:1\n"), "line 2, column 2: indices begin at 1"));
  CHECK(says(fault("1 3:1 2:1\n"), "line 1, column 3: the index 2 does not come after 3"));
  CHECK(says(fault("1 3:1 3:1\n"), "the index 3 does not come after 3"));
  CHECK(says(fault("1 3\n"), "'3' is not a pair index:value"));
  CHECK(says(fault("1 x:1\n"), "'x' is not an index"));
  CHECK(says(fault("1 -1:1\n"), "'-1' is not an index"));
  CHECK(says(fault("1 1.0:1\n"), "'1.0' is not an index"));
  CHECK(says(fault("1 :1\n"), "'' is not an index"));
  CHECK(says(fault("1 1:\n"), "column 2: a number is missing"));
  CHECK(says(fault("1 1:2:3\n"), "'2:3' is not a number"));
  CHECK(says(fault("1 1:nan\n"), "'nan' is not finite"));
  CHECK(says(fault("inf 1:1\n"), "column 1: 'inf' is not finite"));
  CHECK(says(fault("1,2 1:1\n"), "'1,2' is not a number"));
  CHECK(says(fault("1:0.5 2:1\n"), "a line begins with its label"));
  CHECK(says(fault("1 2:1 qid:3\n"), "'qid' is not an index"));
}
