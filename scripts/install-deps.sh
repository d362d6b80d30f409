#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what nke needs on Debian 12 (bookworm), from Debian's own packages.
#   scripts/install-deps.sh          to build and run
#   scripts/install-deps.sh --test   also what the tests of emitted code run: Python with numpy, and LaTeX (40 MB to fetch)
#   scripts/install-deps.sh --dev    also to format, lint, fuzz
# As root, or with sudo. Running it again changes nothing and needs no network.
set -eu

run="g++ cmake ninja-build
     libgmp-dev libmpfr-dev libflint-dev libflint-arb-dev
     libboost-dev libboost-iostreams-dev libboost-system-dev libboost-filesystem-dev
     libeigen3-dev libhwy-dev libtbb-dev libfmt-dev libcli11-dev nlohmann-json3-dev zlib1g-dev
     libgnuplot-iostream-dev gnuplot-nox fonts-dejavu-core dataset-fashion-mnist
     doctest-dev libbenchmark-dev libfftw3-dev"
test="python3-numpy texlive-latex-base"
dev="clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev"

case "${1-}" in
  "") packages=$run ;;
  --test) packages="$run $test" ;;
  --dev) packages="$run $test $dev" ;;
  *) echo "install-deps.sh: unknown option '$1' (there are --test and --dev)" >&2; exit 2 ;;
esac

id=""; version=""
if [ -r /etc/os-release ]; then
  id=$(. /etc/os-release && echo "${ID-}")
  version=$(. /etc/os-release && echo "${VERSION_ID-}")
fi
if [ "$id" != debian ] || [ "$version" != 12 ]; then
  echo "install-deps.sh: this is ${id:-an unknown system} ${version}; only Debian 12 is supported." >&2
  echo "Elsewhere, install the libraries behind these Debian packages yourself, then use cmake --preset release:" >&2
  echo $packages >&2
  exit 1
fi

missing=""
for package in $packages; do
  status=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [ "$status" = "install ok installed" ] || missing="$missing $package"
done
if [ -z "$missing" ]; then
  echo "install-deps.sh: everything is already installed."
  exit 0
fi

as_root=""
if [ "$(id -u)" != 0 ]; then
  if ! command -v sudo >/dev/null 2>&1; then
    echo "install-deps.sh: these packages are missing and this user is neither root nor has sudo:$missing" >&2
    exit 1
  fi
  as_root="sudo"
fi
echo "install-deps.sh: installing$missing"
$as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
# shellcheck disable=SC2086  # a list of words is meant
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
echo "install-deps.sh: done."
