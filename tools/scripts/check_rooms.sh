#!/usr/bin/env bash
# Holds the source to the map in ARCHITECTURE.md: which room of engine/ may
# include which, what must never appear where, how long a file may be.
#   usage: tools/scripts/check_rooms.sh [ROOT]
# Prints one line for each breach and fails if there is any.
set -euo pipefail
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"

readonly MAX_LINES=300
breaches=0
breach() {
  printf '%s\n' "$*"
  breaches=$((breaches + 1))
}

sources() {
  find "$@" -type f \( -name '*.cc' -o -name '*.h' \) | sort
}

# Lines of the section "Allowed crossings", each "- `from` -> `to`: reason".
allowed_crossings() {
  # shellcheck disable=SC2016  # the backquotes are Markdown's
  sed -n '/^#* *Allowed crossings/,/^#/p' ARCHITECTURE.md |
    sed -nE 's/^- `([a-z_]+)` -> `([a-z_]+)`: .+/\1 -> \2/p'
}

# The rooms, in the order of the map in the section "Rooms".
rooms_in_order() {
  sed -n '/^## Rooms/,/^    tools\//p' ARCHITECTURE.md | sed -nE 's/^      ([a-z_]+)\/ .*/\1/p'
}

# Every include of one room's header by another room's file: "from -> to file".
# Files right under engine/ join the rooms and may include any.
crossings() {
  local file from to
  while read -r file; do
    from=$(cut -d/ -f2 <<<"$file")
    while read -r to; do
      if [[ -d engine/$to && $to != "$from" ]]; then
        printf '%s -> %s %s\n' "$from" "$to" "$file"
      fi
    done < <(sed -nE 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*["<]([^\/">]+)\/.*/\1/p' "$file")
  done < <(sources engine/*/)
}

# --- rooms -------------------------------------------------------------------
[[ -f ARCHITECTURE.md ]] || breach "ARCHITECTURE.md is missing"
allowed=$(allowed_crossings)
[[ -n $allowed ]] || breach "ARCHITECTURE.md: no section \"Allowed crossings\", or none in it"
found=$(crossings)
while read -r from arrow to file; do
  [[ -z $from ]] || grep -qxF "$from $arrow $to" <<<"$allowed" ||
    breach "$file: room $from includes room $to, which ARCHITECTURE.md does not allow"
done <<<"$found"
order=$(rooms_in_order)
place_of() { grep -nxF "$1" <<<"$order" | cut -d: -f1; }
for room in engine/*/; do
  room=$(basename "$room")
  [[ $room == include || -n $(place_of "$room") ]] ||
    breach "$(sources "engine/$room" | head -1): its room $room is not in the map of ARCHITECTURE.md"
done
while read -r from _ to; do
  [[ -z $from || $(place_of "$to") -lt $(place_of "$from") ]] ||
    breach "ARCHITECTURE.md: allows $from -> $to, which is not above it in the map"
done <<<"$allowed"
while read -r crossing; do
  [[ -z $crossing ]] || grep -qF "$crossing " <<<"$found" ||
    breach "ARCHITECTURE.md: allows $crossing, which no file uses"
done <<<"$allowed"

# --- what must not be included -----------------------------------------------
while read -r line; do
  [[ -z $line ]] || breach "$line: a public header includes only the standard library, thresh/ and tl/expected.hpp"
done < <(grep -rnE '^[[:space:]]*#[[:space:]]*include' engine/include |
  grep -vE 'include (<[a-z_]+>|<tl/expected\.hpp>|"thresh/[a-z_]+\.h")')
while read -r line; do
  [[ -z $line ]] || breach "$line: protobuf and OpenSSL are for tests, fuzz targets and benchmarks alone"
done < <(grep -rnE '#[[:space:]]*include.*(google/protobuf|openssl/|\.pb\.h)' engine tools --include='*.cc' --include='*.h')
while read -r line; do
  [[ -z $line ]] || breach "$line: curl is for the transport of tools/kinesis alone"
done < <(grep -rnE '#[[:space:]]*include.*curl/' engine tools --include='*.cc' --include='*.h' |
  grep -v '^tools/kinesis/curl_library\.h:')
while read -r line; do
  [[ -z $line ]] || breach "$line: includes are named from engine/, not by steps up"
done < <(grep -rnE '#[[:space:]]*include.*\.\./' engine tools --include='*.cc' --include='*.h')

while read -r line; do
  [[ -z $line ]] || breach "$line: the tools include public headers, io/ and base/ alone"
done < <(for room in engine/*/; do
  room=$(basename "$room")
  [[ $room == include || $room == io || $room == base ]] ||
    grep -rnE "#[[:space:]]*include[[:space:]]*\"$room/" tools --include='*.cc' --include='*.h' || true
done)

# What a thread of the host keeps, nobody frees. glob(3) leaves no other way.
while read -r line; do
  [[ -z $line ]] || breach "$line: memory belongs to a window, a chunk or a run, not to a thread"
done < <(grep -rnw thread_local engine --include='*.cc' --include='*.h' |
  grep -v '^engine/storage/expand\.cc:')

# The program's options; those of other programs are named with these.
while read -r line; do
  [[ -z $line ]] || breach "$line: the engine does not know the program's options"
done < <(grep -rnE '"[^"]*--[a-z]' engine --include='*.cc' --include='*.h' | grep -v 'AWS CLI')

# --- paths -------------------------------------------------------------------
# Exceptions, each "- `FILE`: reason" in the section "Paths opened elsewhere".
path_exceptions() {
  # shellcheck disable=SC2016  # the backquotes are Markdown's
  sed -n '/^#* *Paths opened elsewhere/,/^### /{/^#* *Paths/n;p}' ARCHITECTURE.md |
    sed -nE 's/^- `([^`]+)`: .+/\1/p'
}
# Files that call a function which takes a path, comments aside.
openers() {
  local file
  while read -r file; do
    if sed 's|//.*||' "$file" | grep -qE 'std::(filesystem|[io]?fstream)|(^|[^A-Za-z0-9_.>:])(::|std::)?(open|openat|fopen|stat|lstat|access|opendir|glob|unlink|remove|rename|mkdir|readlink|realpath)\([^)]'; then
      printf '%s\n' "$file"
    fi
  done < <(sources engine tools | grep -vE '^engine/(io|storage)/')
}
exceptions=$(path_exceptions)
found=$(openers)
while read -r file; do
  [[ -z $file ]] || grep -qxF "$file" <<<"$exceptions" ||
    breach "$file: opens or examines a path, which is for engine/storage, through engine/io"
done <<<"$found"
while read -r file; do
  [[ -z $file ]] || grep -qxF "$file" <<<"$found" ||
    breach "ARCHITECTURE.md: $file is an exception for paths, and uses none"
done <<<"$exceptions"

# --- size and leftovers ------------------------------------------------------
while read -r file; do
  lines=$(wc -l <"$file")
  [[ $lines -le $MAX_LINES ]] || breach "$file: $lines lines; $MAX_LINES are the limit"
done < <(sources engine tools)
while read -r line; do
  [[ -z $line ]] || breach "$line: unfinished work belongs in an issue"
done < <(grep -rnwE 'TODO|FIXME' engine tools --include='*.cc' --include='*.h')

[[ $breaches -eq 0 ]] || exit 1
printf 'The rooms are as ARCHITECTURE.md says.\n'
