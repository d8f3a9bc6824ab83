#!/usr/bin/env bash
# Installs the local Kinesis of the tests, at the versions of package-lock.json,
# into a directory of the build tree.
#   usage: tests/kinesis/service/install.sh DIRECTORY
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to=$1

mkdir -p "$to"
cp "$here/serve.js" "$to/"
if [[ -e $to/ready && ! $here/package-lock.json -nt $to/ready ]]; then exit 0; fi
cp "$here"/package*.json "$to/"
cd "$to"
npm ci --ignore-scripts --no-audit --no-fund
touch ready
