// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include <nke/data/csv.hpp>

#include "files.hpp"

using nke::CsvTable;
using nke::Matrix;
using nke::test::contents;
using nke::test::refusal;
using nke::test::says;
using nke::test::ScratchFolder;
using nke::test::source;

namespace {

CsvTable read(std::string_view text, std::size_t limit = 0) {
  return nke::read_csv(*source(text), limit);
}

std::string fault(std::string_view text) {
  return refusal([&] { read(text); });
}

const Matrix two_by_two = (Matrix(2, 2) << 1, 2, 3, 4).finished();

}  // namespace

TEST_CASE("the four separators, comments, blank lines and line ends are all the same table [fact]") {
  for (const std::string_view text :
       {"1,2\n3,4\n", "1;2\n3;4", "1\t2\r\n3\t4\r\n", "1 2\n3   4\n", "  1 2  \n3\t4", "# x\n\n1,2\n\n 3 , 4 # y",
        "\xEF\xBB\xBF"
        "1,2\n3,4",
        "1e0,+2\n0.3e1,4.000", "\r\n1,2\r\n#\r\n3,4\r\n"}) {
    CAPTURE(text);
    CHECK(read(text).values == two_by_two);
    CHECK(read(text).columns.empty());
  }
}

TEST_CASE("a first line without a number is a header [fact]") {
  CHECK(read("x,y\n1,2\n3,4").values == two_by_two);
  CHECK(read("x,y\n1,2\n3,4").columns == std::vector<std::string>{"x", "y"});
  CHECK(read("\"a, b\" ; \"say \"\"c\"\"\"\n1;2\n3;4").columns == std::vector<std::string>{"a, b", "say \"c\""});
  CHECK(read("alpha beta\n1 2\n3 4").columns == std::vector<std::string>{"alpha", "beta"});
  CHECK(read("\"1\",\"2\"\n1,2\n3,4").columns == std::vector<std::string>{"1", "2"});
  CHECK(read("x,y\n").values.rows() == 0);
  CHECK(read("x,y\n").values.cols() == 2);
}

TEST_CASE("a file without lines is a table without rows [fact]") {
  CHECK(read("").values.size() == 0);
  CHECK(read("\n# only words\n").values.size() == 0);
}

TEST_CASE("a limit reads so many rows and looks no further [fact]") {
  CHECK(read("1,2\n3,4\n5,oops", 2).values == two_by_two);
  CHECK(read("x,y\n1,2\n3,4\n5,oops", 2).values == two_by_two);
}

TEST_CASE("what is no number is refused with line, column and reason [fault]") {
  CHECK(says(fault("1,2\n\n3,x4\n"), "memory: line 3, column 2: 'x4' is not a number"));
  CHECK(says(fault("1,2\n3,\n"), "line 2, column 2: a number is missing"));
  CHECK(says(fault("1,2\n3,nan\n"), "line 2, column 2: 'nan' is not finite"));
  CHECK(says(fault("1,-inf\n"), "line 1, column 2: '-inf' is not finite"));
  CHECK(says(fault("1,1e999\n"), "line 1, column 2: '1e999' is outside the range of a double"));
  CHECK(says(fault("1,2\n0x10,3\n"), "line 2, column 1: '0x10' is not a number"));
  CHECK(says(fault("1\n+-2\n"), "line 2, column 1: '+-2' is not a number"));
  CHECK(says(fault("1;2\n1,5;2\n"), "line 2, column 1: '1,5' is not a number"));
  CHECK(says(fault("1,2\n\"3\",4\n"), "line 2, column 1: '\"3\"' is not a number"));
  CHECK(says(fault(std::string_view("1,2\n3,4\0\n", 9)), "line 2, column 2: '4?' is not a number"));
  CHECK(says(fault("1,\xff\x1b[2J\n"), "'??[2J' is not a number"));
  CHECK(says(fault("1," + std::string(100, 'y')), "'" + std::string(40, 'y') + "...' is not"));
}

TEST_CASE("a row that is longer or shorter than the first is refused [fault]") {
  CHECK(says(fault("1,2\n3\n"), "line 2 has 1 fields, the lines before it have 2"));
  CHECK(says(fault("x,y\n1,2,3\n"), "line 2 has 3 fields"));
  CHECK(says(fault("1,2\n3 4\n"), "line 2 has 1 fields"));
}

TEST_CASE("a first line of names and numbers is a slip, not a header [fault]") {
  CHECK(says(fault("x,2\n3,4\n"), "line 1, column 1: 'x' is not a number"));
  CHECK(says(fault("1,x\n3,4\n"), "line 1, column 2: 'x' is not a number"));
}

TEST_CASE("text in UTF-16 is told apart from garbage [fault]") {
  CHECK(says(fault(std::string_view("\xFF\xFE\x31\x00\n\x00", 6)), "UTF-16"));
}

TEST_CASE("a long file is read across the blocks it comes in [law]") {
  std::string text;
  for (int row = 0; row < 30000; ++row) text += std::to_string(row) + "," + std::to_string(3 * row) + "\n";
  text += std::string(200000, ' ') + "7,8" + std::string(200000, ' ');
  const Matrix values = read(text).values;
  REQUIRE(values.rows() == 30001);
  for (Eigen::Index row = 0; row < 30000; ++row) {
    REQUIRE(values(row, 0) == static_cast<double>(row));
    REQUIRE(values(row, 1) == static_cast<double>(3 * row));
  }
  CHECK(values(30000, 1) == 8);
}

TEST_CASE("every double comes back from its text to the bit [law]") {
  CAPTURE(nke::test::seed());
  std::mt19937_64 bits(nke::test::seed());
  Matrix values(nke::test::iterations(2000), 3);
  for (double& value : values.reshaped()) {
    do {
      value = std::bit_cast<double>(bits());
    } while (!std::isfinite(value));
  }
  values.row(0) << 0.0, -0.0, 0.1;
  values.row(1) << std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::max(), -1e-310;
  const ScratchFolder folder;
  nke::write_csv(folder / "x.csv", values);
  const Matrix back = nke::read_csv(folder / "x.csv").values;
  REQUIRE(back.rows() == values.rows());
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    REQUIRE(std::bit_cast<std::uint64_t>(back.data()[i]) == std::bit_cast<std::uint64_t>(values.data()[i]));
  }
}

TEST_CASE("numbers are written in their shortest form, under names that read back [fact]") {
  const ScratchFolder folder;
  nke::write_csv(folder / "x.csv", (Matrix(1, 3) << 0.1, -2, 1e-7).finished(), {"a", "b", "c"});
  CHECK(contents(folder / "x.csv") == "a,b,c\n0.1,-2,1e-07\n");
  const std::vector<std::string> names = {"plain", "with, comma", "say \"so\"", "#1", "12", "", " edge ", "a;b", "σ²"};
  nke::write_csv(folder / "y.csv", Matrix::Zero(1, 9), names);
  CHECK(nke::read_csv(folder / "y.csv").columns == names);
  nke::write_csv(folder / "z.csv", Matrix::Zero(1, 1), {"two words"});
  CHECK(nke::read_csv(folder / "z.csv").columns == std::vector<std::string>{"two words"});
  nke::write_csv(folder / "w.csv", Matrix::Zero(1, 1), {""});
  CHECK(nke::read_csv(folder / "w.csv").columns == std::vector<std::string>{""});
}

TEST_CASE("what could not be read back is not written, and no file appears [fault]") {
  const ScratchFolder folder;
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(says(refusal([&] { nke::write_csv(folder / "x.csv", (Matrix(2, 2) << 1, 2, 3, nan).finished()); }),
             "row 2, column 2 is not finite"));
  CHECK_THROWS_AS(nke::write_csv(folder / "x.csv", Matrix(1, 2), {"only one"}), nke::ShapeError);
  CHECK_THROWS_AS(nke::write_csv(folder / "x.csv", Matrix::Zero(1, 1), {"two\nlines"}), nke::DataError);
  CHECK(folder.entries() == 0);
}
