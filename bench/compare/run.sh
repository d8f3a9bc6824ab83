#!/usr/bin/env bash
# Measures Thresh beside the other programs that take KPL aggregates apart, in
# one command. README.md beside this file says how.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
build=$root/build/compare
all_peers=(protobuf arena java go node python)

usage() {
  cat <<'TEXT'
usage: bench/compare/run.sh [OPTIONS]

Installs what is missing (packages of Debian with apt-get; the peers with pip,
npm, Maven and Go, at pinned versions), builds everything in build/compare,
makes the data sets, checks that every peer takes them apart rightly, measures,
and writes JSON and plots. May be repeated.

  --quick         8 MiB of data, 2 rounds; results go to build/compare/quick
  --rounds N      rounds of measuring [default: 7; of --scaling 3]
  --bytes SIZE    size of each data set, as 64MiB [default: 256MiB]
  --peers LIST    only these, with commas between: protobuf, arena, java, go,
                  node, python; none for Thresh alone [default: all]
  --archives      instead: archives as they lie, JSON, gzip and many files;
                  writes archives.json
  --aggregation   instead: the way back, blobs made and read by others;
                  writes aggregation.json
  --scaling       instead: the `thresh` program over sizes and numbers of
                  inputs, blob sizes and record sizes; writes scaling.json
  --out DIR       where results go [default: bench/results]
TEXT
}

say() { printf '== %s\n' "$*"; }
die() {
  printf 'run.sh: %s\n' "$*" >&2
  exit 2
}

# Whether $1 exists and no other argument is newer.
is_fresh() {
  [[ -e $1 ]] || return
  [[ -z $(find "${@:2}" -newer "$1" -print -quit) ]]
}

build_cc() {
  (cd "$root" && cmake --preset bench -B "$build/cc") || return
  cmake --build "$build/cc" --parallel "${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}" \
    --target thresh_program compare_thresh compare_protobuf compare_limits compare_pack \
    compare_checksum
}

build_venv() {
  is_fresh "$build/venv/ready" "$here/requirements.txt" && return
  python3 -m venv --clear "$build/venv" &&
    "$build/venv/bin/pip" install --disable-pip-version-check -r "$here/requirements.txt" &&
    touch "$build/venv/ready"
}

build_java() {
  is_fresh "$build/java/driver.jar" "$here/drivers/java" && return
  mvn -B -ntp -f "$here/drivers/java/pom.xml" -Dbuild.to="$build/java" clean package
}

build_go() {
  (cd "$here/drivers/go" && go build -mod=readonly -buildvcs=false -o "$build/go/driver" .)
}

build_node() {
  mkdir -p "$build/node" && cp "$here/drivers/node/driver.js" "$build/node/" || return
  is_fresh "$build/node/ready" "$here/drivers/node/package-lock.json" && return
  cp "$here"/drivers/node/package*.json "$build/node/" &&
    (cd "$build/node" && npm ci --ignore-scripts --no-audit --no-fund) &&
    touch "$build/node/ready"
}

# build_peer NAME PROGRAM FUNCTION: what cannot be built is skipped, and
# compare.py says why.
build_peer() {
  local log=$build/logs/$1.log
  rm -f "$build/skipped/$1"
  if ! command -v "$2" >/dev/null; then
    printf 'there is no %s\n' "$2" >"$build/skipped/$1"
  elif ! "$3" >"$log" 2>&1; then
    printf 'it could not be built: see build/compare/logs/%s.log\n' "$1" >"$build/skipped/$1"
  fi
  [[ -e $build/skipped/$1 ]] || return 0
  printf 'run.sh: %s is skipped: %s\n' "$1" "$(<"$build/skipped/$1")" >&2
}

prepare() {
  mkdir -p "$build/logs" "$build/skipped"
  say "Dependencies"
  "$root/tools/scripts/deps.sh" build test
  "$root/tools/scripts/deps.sh" compare || printf 'run.sh: going on with the toolchains there are\n' >&2
  say "Building Thresh and the C++ peers"
  build_cc >"$build/logs/cc.log" 2>&1 || {
    tail -n 30 "$build/logs/cc.log" >&2
    die "the build failed: see build/compare/logs/cc.log"
  }
  say "Python's modules"
  build_peer python python3 build_venv
}

build_peers() {
  local peer
  for peer in "${peers[@]}"; do
    case $peer in
      java) say "Building the Java peer" && build_peer java mvn build_java ;;
      go) say "Building the Go peer" && build_peer go go build_go ;;
      node) say "Building the Node peer" && build_peer node npm build_node ;;
    esac
  done
}

# Without the virtual environment there are results, but no plots.
measure() { # measure PROGRAM PLOTTER RESULTS ARGUMENT...
  local python=python3
  [[ ! -e $build/venv/ready ]] || python=$build/venv/bin/python
  mkdir -p "$out"
  "$python" "$here/$1" --build "$build" --out "$out/$3" "${@:4}"
  if [[ -e $build/venv/ready ]]; then
    say "Plots"
    "$python" "$here/$2" "$out/$3" "$out/plots"
  else
    printf 'run.sh: no plots: matplotlib could not be installed\n' >&2
  fi
  say "Results are in $out"
}

out=
scaling=false
archives=false
aggregation=false
quick=()
rounds=()
bytes=()
peers=("${all_peers[@]}")
while (($#)); do
  case $1 in
    -h | --help) usage && exit ;;
    --quick) quick=(--quick) ;;
    --scaling) scaling=true ;;
    --archives) archives=true ;;
    --aggregation) aggregation=true ;;
    --rounds | --bytes | --peers | --out)
      [[ -n ${2:-} ]] || die "$1 needs a value"
      case $1 in
        --rounds) rounds=(--rounds "$2") ;;
        --bytes) bytes=(--bytes "$2") ;;
        --peers) IFS=, read -ra peers <<<"$2" ;;
        --out) out=$2 ;;
      esac
      shift
      ;;
    *) usage >&2 && die "unknown option $1" ;;
  esac
  shift
done
# Before the minutes of building, not after.
[[ ! -v rounds[1] || ${rounds[1]} =~ ^[1-9][0-9]*$ ]] || die "--rounds: not a number: ${rounds[1]}"
[[ ! -v bytes[1] || ${bytes[1]} =~ ^[1-9][0-9]*([KMG]iB)?$ ]] || die "--bytes: not a size: ${bytes[1]}"
[[ ${peers[*]} != none ]] || peers=()
for peer in "${peers[@]}"; do
  [[ " ${all_peers[*]} " == *" $peer "* ]] || die "--peers: no such peer: $peer"
done
if [[ -z $out ]]; then
  out=$root/bench/results
  ((${#quick[@]} == 0)) || out=$build/quick
fi

prepare
if $scaling; then
  measure scaling.py scaling_plots.py scaling.json "${quick[@]}" "${rounds[@]}"
elif $archives; then
  measure archives.py archives_plots.py archives.json "${quick[@]}" "${rounds[@]}" "${bytes[@]}" \
    --peers python
elif $aggregation; then
  build_peers
  measure aggregation.py aggregation_plots.py aggregation.json "${quick[@]}" "${rounds[@]}" \
    "${bytes[@]}" --peers "$(IFS=, && printf '%s' "${peers[*]}")"
else
  build_peers
  measure compare.py plots.py compare.json "${quick[@]}" "${rounds[@]}" "${bytes[@]}" \
    --peers "$(IFS=, && printf '%s' "${peers[*]}")"
fi
