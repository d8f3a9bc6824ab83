#!/usr/bin/env bash
# The source keeps to ARCHITECTURE.md; and check_rooms.sh, which says so,
# notices each kind of breach when it is planted in a small tree.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
check=$root/tools/scripts/check_rooms.sh
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$check" "$root"

plant_sound_tree() {
  rm -rf "$work/tree"
  mkdir -p "$work"/tree/{tools,engine/{record,container,include/thresh}}
  cd "$work/tree"
  printf '%s\n' '# Map' '## Rooms' '    engine/' '      record/    fields' '      container/ blobs' \
    '    tools/' '## Allowed crossings' "- \`container\` -> \`record\`: fields" \
    '## Next' "- \`record\` -> \`container\`: not in the section" >ARCHITECTURE.md
  printf '#include <vector>\n#include "thresh/b.h"\n' >engine/include/thresh/a.h
  printf '#include "thresh/a.h"\n' >engine/record/field.h
  printf '#include "record/field.h"\n' >engine/container/blobs.cc
  printf '#include "record/field.h"\n#include "container/blobs.h"\n' >engine/all.cc
}

# expect_breach WHAT PATH LINE: the line added to the file must be a breach.
expect_breach() {
  plant_sound_tree
  mkdir -p "$(dirname "$2")"
  printf '%s\n' "$3" >>"$2"
  if "$check" "$work/tree" >"$work/said"; then
    echo "not noticed: $1" >&2
    exit 1
  fi
  grep -qF "$2" "$work/said" || {
    echo "$1: noticed, but not named $2:" >&2
    cat "$work/said" >&2
    exit 1
  }
}

plant_sound_tree
"$check" "$work/tree" >/dev/null

expect_breach "a crossing that is not allowed" engine/record/field.h '#include "container/blobs.h"'
expect_breach "the same in angle brackets" engine/record/field.h '# include <container/blobs.h>'
expect_breach "a room that is not in the map" engine/sink/x.cc '// new'
expect_breach "a crossing that leads down" ARCHITECTURE.md $'## Allowed crossings\n- `record` -> `container`: x'
expect_breach "an allowance without use" ARCHITECTURE.md $'## Allowed crossings\n- `record` -> `sink`: x'
expect_breach "Highway in a public header" engine/include/thresh/a.h '#include <hwy/highway.h>'
expect_breach "an inner header in a public one" engine/include/thresh/a.h '#include "record/field.h"'
expect_breach "protobuf in the engine" engine/all.cc '#include <google/protobuf/message.h>'
expect_breach "OpenSSL in the tools" tools/main.cc '#include <openssl/md5.h>'
expect_breach "an include by steps up" engine/record/field.h '#include "../container/blobs.h"'
expect_breach "an option of the program" engine/all.cc 'const char* kRemedy = "raise --jobs";'
expect_breach "a path that is opened" engine/record/field.h 'int File() { return ::open("x", 0); }'
expect_breach "a path that is examined" tools/main.cc '#include <fstream>
std::ifstream file("x");'
expect_breach "an exception without use" ARCHITECTURE.md $'### Paths opened elsewhere\n- `engine/all.cc`: x'
expect_breach "a file too long" engine/all.cc "$(printf '//\n%.0s' {1..300})"
expect_breach "a leftover" engine/all.cc '// TODO: later'
echo "check_rooms.sh notices every breach that was planted."
