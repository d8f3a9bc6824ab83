#!/usr/bin/env bash
# The shortest way to see Thresh at work: builds the program, makes a sample
# archive of aggregated records, takes it apart into NDJSON, puts that together
# again and shows the results. Safe to repeat; writes only under build/demo.
#   usage: tools/scripts/demo.sh [USER_RECORDS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

records=${1:-200000}
build=build/demo
thresh=$build/tools/cli/thresh
archive=$build/sample.blobs
output=$build/sample.ndjson

headline() { printf '\n== %s\n' "$*"; }

headline "What the build needs"
tools/scripts/deps.sh build

headline "Building the program (a minute or two the first time)"
cmake --preset release -B "$build" -DTHRESH_WERROR=OFF \
  -DTHRESH_TESTS=OFF -DTHRESH_FUZZ=OFF -DTHRESH_BENCH=OFF >/dev/null
cmake --build "$build" --parallel "$(nproc)" --target thresh_program

headline "Making an archive of $records user records, packed into aggregated records"
"$thresh" generate --records "$records" --data json --seed 1 -o "$archive"
printf '%s: %s bytes\n' "$archive" "$(stat -c %s "$archive")"

headline "Taking it apart"
command=("$thresh" deaggregate "$archive" --data-encoding json -o "$output")
printf '$ %s\n' "${command[*]}"
"${command[@]}"

headline "Putting it together again, and comparing"
"$thresh" aggregate --from ndjson --data-encoding json "$output" -o "$build/packed.blobs" -q
for blobs in "$archive" "$build/packed.blobs"; do
  printf '%s: ' "$blobs"
  "$thresh" verify "$blobs" --content-checksum 2>&1 | tail -n 1
done

headline "The first user records of $output"
head -n 3 "$output" | cut -c 1-160
printf '\nThe result: %s (%s lines)\n' "$output" "$(wc -l <"$output")"
printf 'For archives of your own: %s --help\n' "$thresh"
