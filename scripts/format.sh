#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Formats our C++ files in place; with --check only says which ones differ.
set -eu
cd "$(dirname "$0")/.."
mode=-i
if [ "${1-}" = --check ]; then mode="--dry-run -Werror"; fi
# shellcheck disable=SC2086
git ls-files -z '*.cpp' '*.hpp' | xargs -0 clang-format-14 $mode
