#!/usr/bin/env bash
# Installs a built tree into a temporary place, moves it elsewhere, and uses it
# from there as a stranger would: the static and the shared library, each with
# find_package and with pkg-config. Then it is made a part of another project,
# whose choices must stay its own.
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

# links_shared PROGRAM: whether it needs libthresh.so.
links_shared() {
  readelf -d "$1" | grep -q 'NEEDED.*libthresh\.so'
}

cmake --install "$build" --prefix "$work/first" >/dev/null
mv "$work/first" "$work/prefix"
"$work/prefix/bin/thresh" --version >/dev/null
pc=$(find "$work/prefix" -name thresh.pc)
libdir=$(dirname "$(dirname "$pc")")

# configure_consumer FOLDER OPTION...
configure_consumer() {
  cmake -S "$here" -B "$work/$1" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" \
    -DCMAKE_PREFIX_PATH="$work/prefix" "${@:2}"
}

for kind in static shared; do
  configure_consumer "$kind" -DCONSUMED="$kind" >/dev/null
  cmake --build "$work/$kind" --target consumer
  expect_one_record "$work/$kind/consumer"
done

# Both in one project: thresh::thresh is the first, whatever else is asked for.
configure_consumer both -DCONSUMED="shared;static" -DOPTIONAL=none >/dev/null
cmake --build "$work/both"
for program in consumer consumer-shared consumer-static; do
  expect_one_record "$work/both/$program"
done
links_shared "$work/both/consumer"
links_shared "$work/both/consumer-shared"
if links_shared "$work/both/consumer-static"; then
  echo "run.sh: thresh::static links the shared library" >&2
  exit 1
fi
if configure_consumer unknown -DCONSUMED=none >"$work/said" 2>&1 ||
  ! grep -q "no component 'none'" "$work/said"; then
  echo "run.sh: a component that there is not is not refused by its name:" >&2
  cat "$work/said" >&2
  exit 1
fi

# What the shared library exports, and what it does not: for one, an inner function.
"$here/exports.py" "$libdir/libthresh.so" "$work"/prefix/include/thresh/*.h
if nm -DC --defined-only "$libdir/libthresh.so" | grep -F Md5Many; then
  echo "run.sh: the shared library exports Md5Many" >&2
  exit 1
fi

export PKG_CONFIG_PATH
PKG_CONFIG_PATH=$(dirname "$pc")
read -ra flags < <(pkg-config --cflags --libs thresh)
"$compiler" -std=c++20 "$here/main.cc" -o "$work/by-pkg-config" "${flags[@]}"
LD_LIBRARY_PATH=$libdir expect_one_record "$work/by-pkg-config"
links_shared "$work/by-pkg-config"
links_shared "$work/shared/consumer"

# Without the shared library beside it, the linker takes the static one.
rm "$libdir"/libthresh.so*
read -ra flags < <(pkg-config --cflags --libs --static thresh)
"$compiler" -std=c++20 "$here/main.cc" -o "$work/static-by-pkg-config" "${flags[@]}"
expect_one_record "$work/static-by-pkg-config"
expect_one_record "$work/static/consumer"

# A project that has Thresh as a part and chooses no build type has none, and no
# tests but its own.
cmake -S "$here/parent" -B "$work/parent" -G Ninja -DCMAKE_CXX_COMPILER="$compiler" \
  -DTHRESH_SOURCE="$here/../.." >/dev/null
expect_in_cache() {
  grep -qxE "$1" "$work/parent/CMakeCache.txt" || {
    echo "run.sh: a parent project's cache lacks: $1" >&2
    grep -E '^(CMAKE_BUILD_TYPE|BUILD_TESTING|THRESH_TESTS)' "$work/parent/CMakeCache.txt" >&2
    exit 1
  }
}
expect_in_cache 'CMAKE_BUILD_TYPE:STRING='
expect_in_cache 'THRESH_TESTS:BOOL=OFF'
expect_in_cache 'THRESH_TOOLS:BOOL=OFF'
if grep -q '^BUILD_TESTING' "$work/parent/CMakeCache.txt"; then
  echo "run.sh: BUILD_TESTING is put into a parent project's cache" >&2
  exit 1
fi
