// SPDX-License-Identifier: Apache-2.0
#include <csignal>

#include <nke/verify/progress.hpp>

#include "support.hpp"

namespace nke {
namespace {

TEST_CASE("The bar shows how much is done and estimates the rest from the pace so far [fact]") {
  CHECK(Progress::line("sketches", 0, 10, 5) == "  [------------------------] 0 %  sketches");
  // 2.5 of 10 seconds gone after a quarter of the steps: 7.5 more, rounded up.
  CHECK(Progress::line("sketches", 5, 20, 2.5) == "  [######------------------] 25 %  sketches, 8 s left");
  CHECK(Progress::line("sketches", 1, 100, 10) == "  [------------------------] 1 %  sketches, 16 min left");
  CHECK(Progress::line("sketches", 20, 20, 9) == "  [########################] 100 %  sketches");
  CHECK(Progress::line("nothing", 0, 0, 1) == "  [------------------------] 0 %  nothing");
  CHECK(Progress::line("too many", 7, 5, 1) == "  [########################] 100 %  too many");
}

TEST_CASE("An interrupt under the guard stops the work at its next step, and only then [law]") {
  Progress progress(Progress::Output::none);
  {
    const InterruptGuard guard;
    progress.stage("work", 3);
    progress.advance();
    std::raise(SIGINT);
    CHECK_THROWS_AS(progress.advance(), Interrupted);
    CHECK_THROWS_AS(throw_if_interrupted(), Interrupted);
    try {
      progress.stage("more", 1);
    } catch (const Interrupted& interrupted) {
      CHECK(interrupted.signal() == SIGINT);
    }
  }
  CHECK_NOTHROW(progress.advance());
  {
    const InterruptGuard guard;
    CHECK_NOTHROW(throw_if_interrupted());
    std::raise(SIGTERM);
    CHECK_THROWS_AS(throw_if_interrupted(), Interrupted);
  }
}

TEST_CASE("The guard gives the signal back to whom it belonged [law]") {
  const auto before = std::signal(SIGINT, SIG_IGN);
  { const InterruptGuard guard; }
  const bool given_back = std::signal(SIGINT, before) == SIG_IGN;
  CHECK(given_back);
}

}  // namespace
}  // namespace nke
