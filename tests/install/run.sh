#!/usr/bin/env bash
# Installs a built tree into a temporary place, moves it elsewhere, and uses it
# from there as a stranger would: with find_package and with pkg-config.
#   usage: run.sh BUILD_DIR COMPILER
set -euo pipefail
build=$1
compiler=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

expect_one_record() {
  local said
  said=$("$@")
  [[ $said == "1 user record" ]] || {
    echo "run.sh: $1 said: $said" >&2
    exit 1
  }
}

cmake --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/prefix"
"$work/prefix/bin/thresh" --version >/dev/null

cmake -S "$here" -B "$work/consumer" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_PREFIX_PATH="$work/prefix" >/dev/null
cmake --build "$work/consumer"
expect_one_record "$work/consumer/consumer"

pc=$(find "$work/prefix" -name thresh.pc)
libdir=$(dirname "$(dirname "$pc")")
static=()
[[ -f $libdir/libthresh.so ]] || static=(--static)
read -ra flags < <(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --cflags --libs "${static[@]}" thresh)
"$compiler" -std=c++20 "$here/main.cc" -o "$work/by-pkg-config" "${flags[@]}"
LD_LIBRARY_PATH=$libdir expect_one_record "$work/by-pkg-config"
