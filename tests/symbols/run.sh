#!/usr/bin/env bash
# What is built on Debian 12 starts on the oldest system that is supported,
# Amazon Linux 2023: glibc 2.34 and the libstdc++ of GCC 11. Lists each symbol of
# a later version that a program or library needs, and fails if there is any.
#   usage: run.sh FILE...
# On a newer system than Debian 12 the C library itself decides, so nothing can
# be said there: exit status 77.
set -euo pipefail
readonly BUILT_WITH=2.36 # Debian 12's glibc
readonly -A NEWEST=([GLIBC]=2.34 [GLIBCXX]=3.4.29 [CXXABI]=1.3.13 [GCC]=7.0.0)

# later A B: whether version A comes after B.
later() {
  [[ $1 != "$2" && $(printf '%s\n' "$1" "$2" | sort -V | tail -1) == "$1" ]]
}

system=$(getconf GNU_LIBC_VERSION | cut -d' ' -f2)
if later "$system" "$BUILT_WITH"; then
  echo "run.sh: skipped: glibc $system is newer than $BUILT_WITH"
  exit 77
fi

found=0
for file in "$@"; do
  # Data that the program has a copy of (std::cout) count as defined here.
  needed=$(nm -D --with-symbol-versions "$file" | grep -F @) || true
  [[ -n $needed ]] || {
    echo "run.sh: $file: needs no symbol, which cannot be" >&2
    exit 1
  }
  while read -r symbol family version; do
    [[ -n ${NEWEST[$family]:-} ]] || continue
    if later "$version" "${NEWEST[$family]}"; then
      echo "$file: $symbol needs ${family}_$version; ${family}_${NEWEST[$family]} is the newest there"
      found=1
    fi
  done < <(sed -nE 's/^[0-9a-f ]* [A-Za-z] (.+)@+([A-Z]+)_([0-9.]+)$/\1 \2 \3/p' <<<"$needed")
done
exit $found
