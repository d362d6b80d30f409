#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# From a bare Debian 12 to all tests passed: installs, builds everything (warnings are errors), runs every test.
#   scripts/test.sh [PRESET]      release (default), debug or asan
# asan is built by clang: it takes half of g++'s time under the sanitizers, and is a second compiler's opinion.
set -eu
cd "$(dirname "$0")/.."
preset=${1-release}
if [ "$preset" = asan ]; then scripts/install-deps.sh --dev; else scripts/install-deps.sh --test; fi
cmake --preset "$preset"
cmake --build --preset "$preset"
ctest --preset "$preset" -j "$(nproc)"
