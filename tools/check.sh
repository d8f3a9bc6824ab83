#!/usr/bin/env bash
# Everything that must hold before a change goes in. Installs what it needs; see
# tools/scripts/deps.sh. CONTRIBUTING.md has the steps, what each catches, and how long
# it takes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'TEXT'
usage: tools/check.sh [--quick | --full | --nightly]

  Without flags: format, shell scripts, an optimized g++ build and its tests, a
  clang build with AddressSanitizer and UndefinedBehaviorSanitizer and its
  tests, the fuzz corpora replayed in both.

  --quick    the optimized build and its tests alone, without those named in
             tests/long_tests.txt, the fuzz targets and the benchmarks
  --full     more: 'thresh replay' against a local Kinesis, which npm installs;
             ThreadSanitizer; the instructions that the hot paths take;
             clang-tidy; every fuzz target, for THRESH_FUZZ_SECONDS processor
             seconds in all (default 120)
  --nightly  the same with every check of clang-tidy, each file by itself, and
             an hour of fuzzing
TEXT
}

mode=normal
case ${1:-} in
  "") ;;
  --quick) mode=quick ;;
  --full) mode=full ;;
  --nightly) mode=nightly ;;
  -h | --help) usage && exit 0 ;;
  *) usage >&2 && exit 2 ;;
esac
exec </dev/null
jobs=$(nproc)
full=false
[[ $mode != full && $mode != nightly ]] || full=true
fuzz_seconds=${THRESH_FUZZ_SECONDS:-120}
[[ $mode != nightly ]] || fuzz_seconds=${THRESH_FUZZ_SECONDS:-7200}
# They are installed by then: a test that would skip without them is to fail.
[[ $mode == quick ]] || export THRESH_REQUIRE_BROWSER=1
! $full || export THRESH_REQUIRE_KINESIS=1
mkdir -p build
tally=$(mktemp)   # ctest's closing lines
seconds=$(mktemp) # what each step took
running=
finish() {
  local status=$?
  [[ $status -eq 0 ]] || printf '\n== FAILED: %s\n' "$running"
  printf '\n%s\n' "Seconds:"
  awk -F'\t' '{ printf "%6d  %s\n", $1, $2 }' "$seconds"
  awk '{ failed += $4; total += $NF }
    END { printf "\nTests: %d passed, %d failed\n", total - failed, failed }' "$tally"
  rm -f "$tally" "$seconds"
  if [[ $status -eq 0 ]]; then
    printf 'All checks passed in %d s.\n' $SECONDS
  else
    printf 'The checks failed after %d s.\n' $SECONDS
  fi
}
trap finish EXIT

# step HEADLINE COMMAND...: runs the command and says how long it took. The
# command is not part of a condition, where `set -e` would not hold.
step() {
  running=$1
  local begun=$SECONDS
  printf '\n== %s\n' "$running"
  "${@:2}"
  printf -- '-- %s: ok, %d s\n' "$running" $((SECONDS - begun))
  printf '%d\t%s\n' $((SECONDS - begun)) "$running" >>"$seconds"
}

cxx_files() {
  find engine tools tests fuzz bench -type f \( -name '*.cc' -o -name '*.h' \) -print0
}

check_format() {
  cxx_files | xargs -0 -n 40 -P "$jobs" clang-format-19 --dry-run -Werror
}

check_scripts() {
  { find tools tests bench .ci -type f -name '*.sh' -print0 && printf '.ci/run\0'; } |
    xargs -0 shellcheck
}

# configure PRESET...: side by side, since configuring takes one core.
configure() {
  local preset failed=0
  local -A running_as
  for preset in "$@"; do
    cmake --preset "$preset" >"build/$preset-configure.log" 2>&1 &
    running_as[$preset]=$!
  done
  for preset in "$@"; do
    wait "${running_as[$preset]}" || {
      cat "build/$preset-configure.log"
      failed=1
    }
  done
  return $failed
}

build() { # build PRESET [TARGET...]
  local targets=()
  [[ $# -eq 1 ]] || targets=(--target "${@:2}")
  cmake --build --preset "$1" --parallel "$jobs" "${targets[@]}"
}

run_tests() { # run_tests PRESET [CTEST_OPTION...]
  local status=0
  ctest --preset "$1" --parallel "$jobs" "${@:2}" >"build/$1-tests.log" || status=1
  # The tests that passed are a thousand lines.
  grep -vE '^ +Start +[0-9]+:| Passed +[0-9.]+ sec$' "build/$1-tests.log" || true
  grep -E 'tests passed, .* failed out of' "build/$1-tests.log" >>"$tally"
  return $status
}

# The files of engine/ and tools/ that a change touches: since THRESH_BASE, or in
# the commits of the last four hours, counted back from the newest; all if there is
# no commit that old.
touched_files() {
  local base=${THRESH_BASE:-}
  [[ -n $base ]] ||
    base=$(git rev-list -1 --before=$(($(git log -1 --format=%ct) - 14400)) HEAD)
  if [[ -n $base ]]; then
    git diff --name-only --diff-filter=d "$base" -- engine tools | grep -E '\.(cc|h)$' || true
  else
    git ls-files 'engine/*.cc' 'engine/*.h' 'tools/*.cc' 'tools/*.h'
  fi
}

# Compile commands are enough for clang-tidy: nothing is built.
configure_tidy() { # configure_tidy UNITY
  cmake --preset dev -DTHRESH_UNITY="$1" -DCMAKE_UNITY_BUILD_BATCH_SIZE=32 \
    -DTHRESH_TESTS=OFF -DTHRESH_FUZZ=OFF -DTHRESH_BENCH=OFF -B "build/tidy-$1" >/dev/null
}

tidy() { # tidy CHECKS UNITY DEPTH [FILE...]
  local files=("${@:4}")
  run-clang-tidy-19 -quiet -j "$jobs" -p "build/tidy-$2" ${1:+-checks="$1"} \
    -extra-arg=-Xclang -extra-arg=-analyzer-config -extra-arg=-Xclang -extra-arg=mode="$3" \
    "${files[@]/%/\$}" 2>/dev/null
}

# Most of the time goes into the headers of others. So dozens of files are read at
# a time, those in which a touched one is or is included, without the check that
# warns of this and one that takes a third of the time. What looks at no file but
# the first, above all the analyzer, which takes longest, reads the touched files,
# each by itself and less deeply. A nightly run reads all files so, with every
# check and in full depth.
check_tidy() {
  configure_tidy OFF
  if [[ $mode == nightly ]]; then
    tidy "" OFF deep
    return
  fi
  configure_tidy ON
  local touched files units
  local checks="-*,clang-analyzer-*,-clang-analyzer-cplusplus.NewDeleteLeaks"
  checks+=",misc-unused-alias-decls,misc-unused-using-decls"
  mapfile -t touched < <(touched_files)
  mapfile -t units < <(tools/scripts/units_with.py build/tidy-ON "${touched[@]}")
  mapfile -t files < <(printf '%s\n' "${touched[@]}" | grep '\.cc$' || true)
  printf 'Of %d touched files, clang-tidy reads %d groups, the analyzer %d.\n' \
    "${#touched[@]}" "${#units[@]}" "${#files[@]}"
  [[ ${#units[@]} -eq 0 ]] ||
    tidy "-bugprone-suspicious-include,-performance-unnecessary-value-param,-clang-analyzer-*" \
      ON shallow "${units[@]}"
  [[ ${#files[@]} -eq 0 ]] || tidy "$checks" OFF shallow "${files[@]}"
}

case $mode in
  quick) step "Dependencies" tools/scripts/deps.sh build test ;;
  *)
    sets=(build test clang lint)
    ! $full || sets+=(service)
    step "Dependencies" tools/scripts/deps.sh "${sets[@]}"
    step "Format of the C++ files" check_format
    step "Shell scripts" check_scripts
    ;;
esac
if [[ $mode == quick ]]; then
  step "Configuring" configure release
  step "Optimized build, g++" build release tools/all tests/all
  step "Its tests" run_tests release -E "fuzz_replay|$(paste -sd'|' tests/long_tests.txt)"
  exit
fi
presets=(release asan)
! $full || presets+=(tsan)
step "Configuring" configure "${presets[@]}"
step "Optimized build, g++" build release
step "Its tests" run_tests release
step "AddressSanitizer build, clang" build asan
step "Its tests" run_tests asan
$full || exit 0
step "ThreadSanitizer build, clang" build tsan
# Without the tests of decoders, which use one thread, and of messages, which run
# the program on a few bytes at a time: they take minutes.
step "Its tests" run_tests tsan -E "$(paste -sd'|' tests/tsan/left_out.txt)"
step "Instructions of the hot paths" bench/guard/run.sh build/release
step "clang-tidy" check_tidy
step "Fuzzing" tools/scripts/fuzz.sh --total "$fuzz_seconds"
