#!/usr/bin/env bash
# Makes the datasets of recipes.tsv with the `thresh` program and checks them
# against manifest.tsv: size, checksum, user records and content checksum.
#   usage: datasets/make.sh NAME|all [DIRECTORY] [--scale N] [--write-manifest]
# DIRECTORY is build/datasets by default. --scale N makes N times the records
# (and checks nothing but that every record verifies). The program is $THRESH,
# or the one in build/release, or else the first in PATH.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

fail() { printf 'make.sh: %s\n' "$*" >&2; exit 1; }
usage() { sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; }

find_program() {
  local built=$here/../build/release/tools/cli/thresh
  if [[ -n ${THRESH:-} ]]; then printf '%s' "$THRESH"
  elif [[ -x $built ]]; then printf '%s' "$built"
  else command -v thresh || fail "no thresh program: build it, or set THRESH"
  fi
}

# Prints the value of a member of the one-line JSON object in $1.
member() {
  sed -E "s/.*\"$2\":\"?([0-9a-f]+).*/\1/" <<<"$1"
}

# Replaces the number behind --records by $2 times as many.
scaled() {
  [[ $1 =~ ^(.*--records )([0-9]+)(.*)$ ]] || fail "a recipe without --records"
  printf '%s%s%s' "${BASH_REMATCH[1]}" $((BASH_REMATCH[2] * $2)) "${BASH_REMATCH[3]}"
}

# Prints the manifest's line for a dataset that lies in file $2.
describe() {
  local name=$1 file=$2 container=$3 summary checksum
  summary=$("$thresh" verify "$file" --container "$container" --content-checksum \
    --summary json --quiet) ||
    fail "$file does not verify"
  checksum=$(xxhsum -q -H3 "$file" | sed -E 's/.*= //')
  printf '%s\t%s\t%s\t%s\t%s\n' "$name" "$(stat -c %s "$file")" "$checksum" \
    "$(member "$summary" content_checksum)" "$(member "$summary" user_records)"
}

make_one() {
  local name=$1 arguments=$2 file=$directory/$1 line expected
  [[ $arguments =~ --container\ ([^ ]+) ]] || fail "recipe $name names no container"
  local container=${BASH_REMATCH[1]}
  ((scale == 1)) || arguments=$(scaled "$arguments" "$scale")
  # shellcheck disable=SC2086  # a recipe's arguments are words without blanks
  "$thresh" generate -o "$file" --quiet $arguments
  line=$(describe "$name" "$file" "$container")
  if ((write_manifest)); then
    printf '%s\n' "$line" >>"$manifest"
  elif ((scale == 1)); then
    expected=$(grep -P "^$name\t" "$manifest") || fail "$name is not in the manifest"
    [[ $line == "$expected" ]] || fail "$file differs from the manifest:
  expected $expected
  made     $line"
  fi
  printf '%s\n' "$line"
}

directory=$here/../build/datasets
manifest=$here/manifest.tsv
scale=1
write_manifest=0
words=()
while (($#)); do
  case $1 in
    --help | -h) usage; exit ;;
    --scale) scale=${2:-}; shift ;;
    --write-manifest) write_manifest=1 ;;
    -*) fail "unknown option $1" ;;
    *) words+=("$1") ;;
  esac
  shift
done
[[ $scale =~ ^[1-9][0-9]*$ ]] || fail "--scale takes a whole number from 1"
((${#words[@]} == 1 || ${#words[@]} == 2)) || { usage >&2; exit 2; }
wanted=${words[0]}
directory=${words[1]:-$directory}
((write_manifest == 0)) || [[ $wanted == all && $scale == 1 ]] ||
  fail "--write-manifest goes with all, at scale 1"
command -v xxhsum >/dev/null || fail "xxhsum is missing (package xxhash)"
thresh=$(find_program)
mkdir -p "$directory"
((write_manifest == 0)) ||
  printf '# name\tbytes\tXXH3-64\tcontent checksum\tuser records\n' >"$manifest"

made=0
while IFS=$'\t' read -r name arguments; do
  [[ $name != \#* ]] || continue
  [[ $wanted == all || $wanted == "$name" ]] || continue
  make_one "$name" "$arguments"
  made=$((made + 1))
done <"$here/recipes.tsv"
((made > 0)) || fail "no recipe $wanted; there are: $(grep -v '^#' "$here/recipes.tsv" | cut -f 1 | paste -sd ' ')"
