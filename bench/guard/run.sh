#!/usr/bin/env bash
# Counts the instructions of the hot paths with callgrind and fails if one
# has more than 3 % over the figure in instructions.tsv. Counts depend on the
# compiler, so each has figures of its own; for one without, nothing is guarded.
#   usage: bench/guard/run.sh BUILD_DIR [--update]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(realpath "${1:?usage: bench/guard/run.sh BUILD_DIR [--update]}")
update=false
[[ ${2:-} == --update ]] && update=true
readonly FIGURES=$here/instructions.tsv PATHS=(md5 wire sum job)
readonly ALLOWED_PERMILLE=30

compiler=$("$(sed -n 's/^CMAKE_CXX_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")" --version | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck disable=SC2317 # xargs calls it
count() { # count PATH: instructions of its second round, to the file PATH
  (cd "$work" && valgrind --tool=callgrind --callgrind-out-file=/dev/null \
    --collect-atstart=no --toggle-collect=thresh_hot_path \
    "$build/bench/guard/hot_paths" "$1") >"$work/$1.log" 2>&1 || {
    cat "$work/$1.log" >&2
    return 1
  }
  sed -nE 's/.*Collected : ([0-9]+).*/\1/p' "$work/$1.log" >"$work/$1"
}
export -f count
export build work

failed=0
known=$(awk -F'\t' -v compiler="$compiler" '$1 == compiler' "$FIGURES" 2>/dev/null || true)
: >"$work/new"
printf '%s\n' "${PATHS[@]}" | xargs -P "$(nproc)" -I{} bash -euo pipefail -c 'count {}'
for path in "${PATHS[@]}"; do
  now=$(<"$work/$path")
  printf '%s\t%s\t%d\n' "$compiler" "$path" "$now" >>"$work/new"
  before=$(awk -F'\t' -v path="$path" '$2 == path { print $3 }' <<<"$known")
  if [[ -z $before ]]; then
    printf '%-5s %12d instructions, none to compare with\n' "$path" "$now"
    continue
  fi
  permille=$(((now - before) * 1000 / before))
  printf '%-5s %12d instructions, committed %12d, %+d permille\n' "$path" "$now" "$before" "$permille"
  if ((permille > ALLOWED_PERMILLE)) && ! $update; then
    printf '%s: more than %d permille over the committed figure; make it faster, or say why in a commit with --update\n' \
      "$path" "$ALLOWED_PERMILLE"
    failed=1
  fi
done

if $update; then
  { grep -vF "$compiler" "$FIGURES" 2>/dev/null || true; cat "$work/new"; } | sort >"$work/all"
  cp "$work/all" "$FIGURES"
fi
if [[ -z $known ]] && ! $update; then
  printf 'No figures for %s: nothing was guarded. Record them with --update.\n' "$compiler"
fi
exit "$failed"
