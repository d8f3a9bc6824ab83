#!/usr/bin/env bash
# Fuzzes for a while, each target from its corpus in the source tree, as many
# side by side as there are cores. The corpus is left as it is: what the fuzzer
# finds stays under build/asan/found. Fails if a target crashes, and prints the input.
#   usage: tools/fuzz.sh SECONDS [TARGET...]      e.g. tools/fuzz.sh 60 field
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${1:?usage: tools/fuzz.sh SECONDS [TARGET...]}
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

# fuzz_one TARGET SECONDS: ends within the seconds and some for the start.
fuzz_one() {
  local target=$1 seconds=$2
  local program=build/asan/fuzz/${target}_fuzzer
  local found=build/asan/found/$target log=build/asan/$target.log crash
  rm -rf "$found" && mkdir -p "$found/corpus" "$found/crashes"
  if timeout --kill-after=10 $((seconds + 120)) "$program" \
    -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
    -artifact_prefix="$found/crashes/" -print_final_stats=1 \
    "$found/corpus" "fuzz/corpus/$target" >"$log" 2>&1 </dev/null; then
    printf '%-28s %s runs, no crash\n' "$target" \
      "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
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

failed=0
printf '%s\n' "${targets[@]}" |
  xargs -P "$(nproc)" -I{} bash -c 'fuzz_one "$@"' _ {} "$seconds" || failed=1
[[ $failed -eq 0 ]] || {
  printf 'Fuzzing failed.\n'
  exit 1
}
printf 'Fuzzed %d targets for %d s each: no crash.\n' "${#targets[@]}" "$seconds"
