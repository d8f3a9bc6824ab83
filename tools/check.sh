#!/usr/bin/env bash
# Everything that must hold before a change goes in. Without flags: format,
# shell scripts, an optimised g++ build and its tests, a clang build with
# AddressSanitizer and UndefinedBehaviorSanitizer and its tests, the fuzz
# corpora replayed in both. Installs what it needs; see tools/deps.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
usage: tools/check.sh [--quick | --full]

  --quick  the optimised build and its tests alone
  --full   more: 'thresh replay' against a local Kinesis, which npm installs;
           clang-tidy, ThreadSanitizer, the instructions that the hot paths
           take, the shared library installed and used, and every fuzz target
           run for THRESH_FUZZ_SECONDS (default 20)
TEXT
}

mode=normal
case ${1:-} in
  "") ;;
  --quick) mode=quick ;;
  --full) mode=full ;;
  -h | --help) usage && exit 0 ;;
  *) usage >&2 && exit 2 ;;
esac
exec </dev/null
jobs=$(nproc)
# They are installed by then: a test that would skip without them is to fail.
export THRESH_REQUIRE_BROWSER=1
[[ $mode != full ]] || export THRESH_REQUIRE_KINESIS=1
mkdir -p build
tally=$(mktemp) # ctest's closing lines
running=
finish() {
  local status=$?
  [[ $status -eq 0 ]] || printf '\n== FAILED: %s\n' "$running"
  awk '{ failed += $4; total += $NF }
    END { printf "\nTests: %d passed, %d failed\n", total - failed, failed }' "$tally"
  rm -f "$tally"
  if [[ $status -eq 0 ]]; then
    printf 'All checks passed in %d s.\n' $SECONDS
  else
    printf 'The checks failed after %d s.\n' $SECONDS
  fi
}
trap finish EXIT

# step HEADLINE COMMAND...: runs the command and says how long it took. The
# command stands alone and not in a condition, where `set -e` would not hold.
step() {
  running=$1
  local begun=$SECONDS
  printf '\n== %s\n' "$running"
  "${@:2}"
  printf -- '-- %s: ok, %d s\n' "$running" $((SECONDS - begun))
}

cxx_files() {
  find engine tools tests fuzz bench -type f \( -name '*.cc' -o -name '*.h' \) -print0
}

check_format() {
  cxx_files | xargs -0 clang-format-19 --dry-run -Werror
}

check_scripts() {
  { find tools tests bench .ci -type f -name '*.sh' -print0 && printf '.ci/run\0'; } |
    xargs -0 shellcheck
}

build_and_test() { # build_and_test PRESET
  cmake --preset "$1" >"build/$1-configure.log" 2>&1 || {
    cat "build/$1-configure.log"
    return 1
  }
  cmake --build --preset "$1" --parallel "$jobs"
  local status=0
  ctest --preset "$1" --parallel "$jobs" | tee "build/$1-tests.log" || status=1
  grep -E 'tests passed, .* failed out of' "build/$1-tests.log" >>"$tally"
  return $status
}

# The dev preset's compile commands are enough: nothing needs to be built.
check_tidy() {
  cmake --preset dev -DTHRESH_TESTS=OFF -DTHRESH_FUZZ=OFF -DTHRESH_BENCH=OFF \
    -B build/tidy >/dev/null
  run-clang-tidy-19 -quiet -j "$jobs" -p build/tidy "^$PWD/(engine|tools)/"
}

check_shared() {
  cmake --preset release -B build/shared -DBUILD_SHARED_LIBS=ON \
    -DTHRESH_TESTS=OFF -DTHRESH_FUZZ=OFF -DTHRESH_BENCH=OFF >/dev/null
  cmake --build build/shared --parallel "$jobs"
  tests/install/run.sh build/shared c++
}

case $mode in
  quick) step "Dependencies" tools/deps.sh build test ;;
  *)
    step "Dependencies" tools/deps.sh build test clang lint
    step "Format of the C++ files" check_format
    step "Shell scripts" check_scripts
    ;;
esac
[[ $mode != full ]] || step "A local Kinesis" tools/deps.sh service
step "Optimised build, g++, and its tests" build_and_test release
[[ $mode == quick ]] || step "AddressSanitizer build, clang, and its tests" build_and_test asan
if [[ $mode == full ]]; then
  step "clang-tidy" check_tidy
  step "ThreadSanitizer build, clang, and its tests" build_and_test tsan
  step "Instructions of the hot paths" bench/guard/run.sh build/release
  step "Shared library, installed and used" check_shared
  step "Fuzzing" tools/fuzz.sh "${THRESH_FUZZ_SECONDS:-20}"
fi
