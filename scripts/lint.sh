#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs clang-tidy (.clang-tidy says which checks) over our sources, on all cores.
# Needs a configured release preset: scripts/test.sh, or cmake --preset release.
set -eu
cd "$(dirname "$0")/.."
git ls-files -z 'exact/*.cpp' 'data/*.cpp' 'hermite/*.cpp' 'kernels/*.cpp' 'sketch/*.cpp' 'verify/*.cpp' 'plots/*.cpp' 'cli/*.cpp' |
  xargs -0 -n 4 -P "$(nproc)" clang-tidy-14 -p build/release --quiet --warnings-as-errors='*' \
    --extra-arg=-Wno-unknown-warning-option
