// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <nke/exact/real/ball.hpp>
#include <nke/exact/real/error.hpp>
#include <nke/exact/real/mpfr.hpp>

#include "random_numbers.hpp"

using namespace nke;
using nke::test::RandomNumbers;
using Boost = boost::multiprecision::mpfr_float;

namespace {

// Restores Boost's default precision, whatever a test did to it.
class DefaultPrecision {
 public:
  explicit DefaultPrecision(unsigned digits) { Boost::default_precision(digits); }
  ~DefaultPrecision() { Boost::default_precision(before_); }
  DefaultPrecision(const DefaultPrecision&) = delete;
  DefaultPrecision& operator=(const DefaultPrecision&) = delete;

 private:
  unsigned before_ = Boost::default_precision();
};

// One of everything, so that any operation that takes its precision from the thread shows.
std::vector<Mpfr> one_of_everything() {
  const Mpfr x(Rational(1, 3), Precision::bits(700));
  const Mpfr y(Rational(2, 7), Precision::bits(90));
  std::vector<Mpfr> results = {x + y,
                               x - y,
                               x * y,
                               x / y,
                               -x,
                               x * 3,
                               exp(x),
                               expm1(x),
                               log(x),
                               log1p(x),
                               sqrt(x),
                               sin(x),
                               cos(x),
                               tan(x),
                               sinh(x),
                               cosh(x),
                               tanh(x),
                               atan(x),
                               erf(x),
                               erfc(x),
                               Phi(x),
                               phi(x),
                               sigmoid(x),
                               softplus(x),
                               abs(x),
                               sign(x),
                               step(x),
                               min(x, y),
                               max(x, y),
                               pow(x, y),
                               pow_int(x, 5),
                               atan2(y, x),
                               pi<Mpfr>(Precision::bits(500)),
                               euler<Mpfr>(Precision::bits(500)),
                               x.at_precision(Precision::bits(333)),
                               1 / y};
  Mpfr copy;
  copy = results[3];
  results.push_back(copy);
  Mpfr moved = std::move(copy);
  results.push_back(moved);
  copy = results[4];
  results.push_back(copy);
  results.push_back(Mpfr::from_mpfr(x.boost().backend().data(), Precision::bits(700)));
  return results;
}

}  // namespace

TEST_CASE("Boost's default precision has no influence on any result [law]") {
  std::vector<Mpfr> reference;
  {
    const DefaultPrecision scope(1000);
    reference = one_of_everything();
  }
  for (const unsigned digits : {2U, 20U, 50U, 300U}) {
    const DefaultPrecision scope(digits);
    const std::vector<Mpfr> results = one_of_everything();
    REQUIRE(results.size() == reference.size());
    for (std::size_t i = 0; i < results.size(); ++i) {
      CAPTURE(i);
      CAPTURE(digits);
      CHECK(results[i] == reference[i]);
      CHECK(results[i].bits() == reference[i].bits());
      CHECK(mpfr_get_prec(results[i].data()) == mpfr_get_prec(reference[i].data()));
    }
  }
  std::vector<Mpfr> elsewhere;
  std::thread([&elsewhere] { elsewhere = one_of_everything(); }).join();
  for (std::size_t i = 0; i < reference.size(); ++i) CHECK(elsewhere[i] == reference[i]);
}

TEST_CASE("plus, minus, times, divide and root are rounded to nearest at the larger precision [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(50);
  for (int i = 0; i < nke::test::iterations(300); ++i) {
    const Precision p = random.precision();
    const Precision q = random.precision();
    const Precision larger = std::max(p, q);
    const Mpfr a(random.rational(50), p);
    const Mpfr b(random.rational(50), q);
    const Rational exact_a = a.to_rational();
    const Rational exact_b = b.to_rational();
    CAPTURE(exact_a);
    CAPTURE(exact_b);
    const auto check = [&larger](const Mpfr& got, const Rational& exact) {
      CHECK(got.bits() == larger.bits());
      const Rational error = abs(got.to_rational() - exact);
      // Half a unit in the last place of a p-bit mantissa is at most 2^−p times the value.
      CHECK(error <= abs(exact) * pow(Rational(2), -larger.bits()));
    };
    check(a + b, exact_a + exact_b);
    check(a - b, exact_a - exact_b);
    check(a * b, exact_a * exact_b);
    if (!exact_b.is_zero()) check(a / b, exact_a / exact_b);
    CHECK((a < b) == (exact_a < exact_b));
    CHECK((a == b) == (exact_a == exact_b));
    CHECK(max(a, b).to_rational() == std::max(exact_a, exact_b));
    CHECK(min(a, b).to_rational() == std::min(exact_a, exact_b));
    CHECK(abs(a).to_rational() == abs(exact_a));
    CHECK(a.to_double() == exact_a.to_double());
    const Rational root = sqrt(abs(a)).to_rational();
    CHECK(abs(root * root - abs(exact_a)) <= 4 * abs(exact_a) * pow(Rational(2), -p.bits()));
  }
}

TEST_CASE("the functions are within two units in the last place of a proven value [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(51);
  using Pair = std::pair<Mpfr (*)(const Mpfr&), Ball (*)(const Ball&)>;
  const std::vector<Pair> functions = {{sigmoid, sigmoid}, {softplus, softplus}, {Phi, Phi},   {phi, phi},
                                       {erfc, erfc},       {exp, exp},           {tanh, tanh}, {erf, erf},
                                       {atan, atan},       {sinh, sinh}};
  for (std::size_t f = 0; f < functions.size(); ++f) {
    CAPTURE(f);
    for (int i = 0; i < nke::test::iterations(60); ++i) {
      const Precision precision = Precision::bits(random.integer(24, 300));
      const Mpfr x(random.rational(7), precision);
      CAPTURE(x);
      CAPTURE(precision.bits());
      const Rational got = functions[f].first(x).to_rational();
      const Precision more = Precision::bits(precision.bits() + 100);
      const Ball exact = functions[f].second(Ball(x.to_rational(), Precision::bits(2000)).at_precision(more));
      const Ball error = abs(Ball(got, Precision::bits(3000)) - exact);
      CHECK(certainly_less_equal(error, abs(exact) * pow_int(Ball(2, more), 2 - precision.bits())));
    }
  }
}

TEST_CASE("integers are exact and take the precision of their partner [fact]") {
  const Mpfr big = pow_int(Mpfr(10), 60);
  CHECK(big.bits() == 0);
  CHECK((big + 1 - big) == Mpfr(1));
  CHECK((big * big).to_rational() == pow(Rational(10), 120));
  CHECK((step(Mpfr(0)) * big * 2 + 1).to_rational() == pow(Rational(10), 60) + 1);
  CHECK_THROWS_AS((void)(Mpfr(1) / Mpfr(3)), DomainError);
  CHECK_THROWS_AS((void)exp(Mpfr(1)), DomainError);
  CHECK_THROWS_AS((void)softplus(Mpfr(1)), DomainError);
  CHECK_THROWS_AS((void)pow_int(Mpfr(2), -1), DomainError);
  CHECK((Mpfr(Rational(1, 3), Precision::bits(77)) * 3).bits() == 77);
  static_assert(!std::is_constructible_v<Mpfr, double>);
  static_assert(!std::is_constructible_v<Mpfr, bool>);
  Mpfr sum = 0;
  for (int i = 1; i <= 2000; ++i) sum += i;
  CHECK(sum == Mpfr(2001000));
  CHECK(mpfr_get_prec(sum.data()) == 64);
  CHECK_THROWS_AS((void)([] {
                    Mpfr x = 3;
                    for (int i = 0; i < 40; ++i) x *= x;
                    return x;
                  }()),
                  LimitError);
}

TEST_CASE("the centre of a ball is taken as it is [fact]") {
  const Precision precision = Precision::bits(200);
  const Ball third(Rational(1, 3), precision);
  CHECK(third.contains(Mpfr::from_center(third, precision).to_rational()));
  CHECK(Mpfr::from_center(Ball::from_interval(-1, 4), precision) == Mpfr(Rational(3, 2), precision));
  CHECK_FALSE(Mpfr::from_center(Ball::indeterminate(precision), precision).is_finite());
}

TEST_CASE("nothing overflows at a thousand, and small results keep all their digits [fact]") {
  const Precision precision = Precision::digits(30);
  CHECK(sigmoid(Mpfr(1000, precision)) == Mpfr(1));
  CHECK(sigmoid(Mpfr(-1000, precision)) > 0);
  CHECK(softplus(Mpfr(1000, precision)) == Mpfr(1000));
  // softplus(x)/e^x = 1 − e^x/2 + …
  CHECK(abs(softplus(Mpfr(-700, precision)) / exp(Mpfr(-700, precision)) - 1) <
        Mpfr(Rational::parse("1e-29"), precision));
  // OEIS A000796, and Φ(−1) to 20 digits: A239382 has 1 − 2Φ(−1).
  CHECK(pi<Mpfr>(precision).to_string(30) == "3.14159265358979323846264338328");
  CHECK((1 - 2 * Phi(Mpfr(-1, precision))).to_string(15) == "0.682689492137086");
}

TEST_CASE("copies and moves keep every bit, whatever was there before [law]") {
  CAPTURE(nke::test::seed());
  RandomNumbers random(52);
  Mpfr target;
  for (int i = 0; i < nke::test::iterations(100); ++i) {
    const Mpfr x = exp(Mpfr(random.rational(5), random.precision()));
    const Rational value = x.to_rational();
    const Mpfr copy = x;
    CHECK(copy.to_rational() == value);
    target = x;
    CHECK(target.to_rational() == value);
    CHECK(target.bits() == x.bits());
    Mpfr moved = std::move(target);
    CHECK(moved.to_rational() == value);
    CHECK(moved.bits() == x.bits());
    target = std::move(moved);
    CHECK(target.to_rational() == value);
  }
}

TEST_CASE("NaN stays NaN, and orders with nothing [fact]") {
  const Precision precision = Precision::digits(20);
  const Mpfr nan = log(Mpfr(-1, precision));
  CHECK_FALSE(nan.is_finite());
  for (const Mpfr& x :
       {nan + 1, sigmoid(nan), softplus(nan), Phi(nan), sign(nan), step(nan), max(nan, 1), min(1, nan)}) {
    CHECK_FALSE(x.is_finite());
    CHECK(x.to_string(5) == "nan");
  }
  CHECK_FALSE(nan < Mpfr(1));
  CHECK_FALSE(nan == nan);
  CHECK_THROWS_AS((void)nan.to_rational(), DomainError);
  CHECK((1 / Mpfr(0, precision)).to_string(5) == "inf");
}
