#!/usr/bin/env bash
# Fuzzes for a while, each target from its corpus in the source tree, as many
# side by side as there are cores. The corpus is left as it is: what the fuzzer
# finds stays under build/asan/found. Fails if a target crashes, and prints the input.
#   usage: tools/scripts/fuzz.sh SECONDS [TARGET...]           each for so long, e.g. 60 wire
#          tools/scripts/fuzz.sh --total SECONDS [TARGET...]   all together: half of it shared out
#              evenly, half in proportion to what each still found in the first
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

usage='usage: tools/scripts/fuzz.sh [--total] SECONDS [TARGET...]'
total=false
if [[ ${1:-} == --total ]]; then
  total=true
  shift
fi
seconds=${1:?$usage}
shift
targets=("$@")
if [[ ${#targets[@]} -eq 0 ]]; then
  for source in fuzz/*_fuzzer.cc; do
    targets+=("$(basename "$source" _fuzzer.cc)")
  done
fi

cmake --preset asan >/dev/null
cmake --build --preset asan --parallel "$(nproc)" --target "${targets[@]/%/_fuzzer}"

export PATH=/usr/lib/llvm-19/bin:$PATH
export ASAN_OPTIONS=strict_string_checks=1:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1

# fuzz_one TARGET SECONDS: ends within the seconds and some for the start, and
# goes on from what an earlier call found.
fuzz_one() {
  local target=$1 seconds=$2
  local program=build/asan/fuzz/${target}_fuzzer
  local found=build/asan/found/$target log=build/asan/$target.log crash
  mkdir -p "$found/corpus" "$found/crashes"
  if timeout --kill-after=10 $((seconds + 120)) "$program" \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
    -artifact_prefix="$found/crashes/" -print_final_stats=1 \
    "$found/corpus" "fuzz/corpus/$target" >"$log" 2>&1 </dev/null; then
    local runs new
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    new=$(sed -n 's/^stat::new_units_added: *//p' "$log")
    printf '%-20s %5d s %10d runs, %5d of them new, no crash\n' "$target" "$seconds" "$runs" "$new"
    printf '%s\t%d\n' "$target" "$new" >>"$FOUND_NEW"
    return 0
  fi
  printf '%-28s FAILED; the end of its log:\n' "$target"
  tail -n 60 "$log"
  for crash in "$found"/crashes/*; do
    [[ -f $crash ]] || continue
    printf 'reproduce with:\n  base64 -d >crash <<<%s\n  %s crash\n' \
      "$(base64 -w0 "$crash")" "$program"
  done
  return 1
}
export -f fuzz_one
export FOUND_NEW=build/asan/found_new.tsv

# fuzz_all: reads lines of a target and its seconds.
fuzz_all() {
  xargs -P "$(nproc)" -L 1 bash -c 'fuzz_one "$@"' _ || {
    printf 'Fuzzing failed.\n'
    exit 1
  }
}

rm -rf build/asan/found
: >"$FOUND_NEW"
if ! $total; then
  printf "%s $seconds\n" "${targets[@]}" | fuzz_all
  printf 'Fuzzed %d targets for %d s each: no crash.\n' "${#targets[@]}" "$seconds"
  exit
fi
even=$((seconds / 2 / ${#targets[@]}))
[[ $even -gt 0 ]] || even=1
printf "%s $even\n" "${targets[@]}" | fuzz_all
# No share is less than a second, for which the start would not pay, and none more
# than a core's part of the rest: the other cores would wait for it.
awk -F'\t' -v rest=$((seconds - even * ${#targets[@]})) -v cores="$(nproc)" '
  { new[$1] = $2; sum += $2 }
  END {
    for (t in new) {
      s = int(rest * new[t] / (sum ? sum : 1))
      if (s > rest / cores) s = int(rest / cores)
      if (s > 0) print t, s
    }
  }
' "$FOUND_NEW" | sort -k2,2nr | fuzz_all
printf 'Fuzzed %d targets, %d processor seconds at the most: no crash.\n' "${#targets[@]}" "$seconds"
