#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Writes anew what the pages show of the program: docs/closed-forms.md, and below each "$ nke derive …" of a page what the
# command prints. Tests compare the same; run this when a formula has become another one, and read the difference.
#   scripts/refresh-docs.sh [NKE]      the program, build/release/bin/nke by default
set -eu
cd "$(dirname "$0")/.."
nke=${1-build/release/bin/nke}
new=$(mktemp)
trap 'rm -f "$new"' EXIT
"$nke" list --format markdown > "$new"
cat "$new" > docs/closed-forms.md
for page in README.md docs/derive.md; do
  awk -v nke="$nke" '
    /^\$ nke derive / { print; fflush(); command = nke substr($0, 6) " 2>&1"; system(command); shown = 1; next }
    /^\$ / || /^```/ { shown = 0 }
    !shown { print }' "$page" > "$new"
  cat "$new" > "$page"
done
