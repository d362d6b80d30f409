#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# From a bare Debian 12 to the full report on one activation: installs, builds, runs, says where the report is.
#   scripts/quickstart.sh [ACTIVATION [DIR]]      default: gelu nke-report
set -eu
cd "$(dirname "$0")/.."
activation=${1-gelu}
out=${2-nke-report}
scripts/install-deps.sh
cmake --preset release
cmake --build --preset release --target nke_cli
build/release/bin/nke validate "$activation" --out "$out"
