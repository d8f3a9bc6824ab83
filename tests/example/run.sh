#!/usr/bin/env bash
# Runs the example over an aggregate that the KPL wrote and compares what it
# prints; and over a file that is not there, which must fail.
#   usage: run.sh PROGRAM
set -euo pipefail
program=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

"$program" "$here/../vectors/blobs/python-test-kpl-with-ehks.bin" |
  diff -u "$here/expected.txt" -
if "$program" "$here/no-such-file" >/dev/null 2>&1; then
  echo "run.sh: a missing archive was not reported" >&2
  exit 1
fi
