#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# From a bare Debian 12 to all tests passed: installs, builds everything (warnings are errors), runs every test.
#   scripts/test.sh [PRESET]      release (default), debug or asan
set -eu
cd "$(dirname "$0")/.."
preset=${1-release}
scripts/install-deps.sh
cmake --preset "$preset"
cmake --build --preset "$preset"
ctest --preset "$preset" -j "$(nproc)"
