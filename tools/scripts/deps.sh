#!/usr/bin/env bash
# Installs what Thresh is built, tested and checked with, from Debian's own
# archive. Only what is missing is installed, and nothing touches the network
# when nothing is missing.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: tools/scripts/deps.sh [--list] SET...

  build   compiler, build tools and libraries of the library and the program
  test    what the tests, fuzz targets and benchmarks link or run
  clang   clang 19: sanitizers, fuzzing, clang-tidy, clang-format
  lint    shellcheck
  service what the local Kinesis runs on that 'thresh replay' is tested with
  compare toolchains of the other de-aggregators that bench/compare measures

  --list  print the packages that are missing, one a line; install nothing
TEXT
}

declare -A PACKAGES=(
  [build]="cmake ninja-build g++ pkg-config
    libhwy-dev libxxhash-dev libgmp-dev libtbb-dev libexpected-dev libsimdjson-dev
    libzstd-dev libsnappy-dev libisal-dev libarchive-dev libre2-dev
    libcli11-dev libfmt-dev nlohmann-json3-dev libcurl4-openssl-dev"
  [test]="libgtest-dev libgmock-dev libprotobuf-dev protobuf-compiler libssl-dev
    zlib1g-dev libdeflate-dev libbenchmark-dev xxhash gzip xxd valgrind python3 chromium"
  # llvm-19 has the symbolizer that puts names into the sanitizers' reports.
  [clang]="clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev llvm-19"
  [lint]="shellcheck"
  [service]="nodejs npm openssl python3"
  [compare]="python3-venv default-jdk-headless maven nodejs npm golang-go"
)
declare -A REASONS=(
  [build]="to build the library and the program"
  [test]="to build and run the tests and benchmarks"
  [clang]="for the sanitizers, the fuzzer and the C++ linters"
  [lint]="to check the shell scripts"
  [service]="to test against a local Kinesis"
  [compare]="to compare with other de-aggregators"
)
# Commands that show that what a package is for is there from elsewhere: people
# have toolchains of their own.
declare -A PROBES=(
  [python3]="python3 --version"
  [chromium]="chromium --version"
  [xxd]="xxd --version"
  [python3-venv]="python3 -m ensurepip --version"
  [default-jdk-headless]="javac -version"
  [maven]="mvn --version"
  [nodejs]="node --version"
  [npm]="npm --version"
  [golang-go]="go version"
)

die() {
  printf 'deps.sh: %s\n' "$*" >&2
  exit 1
}

installed() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]] && return
  [[ -v "PROBES[$1]" ]] || return
  local probe
  read -ra probe <<<"${PROBES[$1]}"
  "${probe[@]}" >/dev/null 2>&1 </dev/null
}

list_only=false
sets=()
for argument in "$@"; do
  case $argument in
    --list) list_only=true ;;
    -h | --help) usage && exit 0 ;;
    *)
      [[ -v "PACKAGES[$argument]" ]] || { usage >&2 && die "no such set: $argument"; }
      sets+=("$argument")
      ;;
  esac
done
[[ ${#sets[@]} -gt 0 ]] || { usage >&2 && exit 2; }

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  printf 'Thresh needs these Debian 12 packages, or their like elsewhere:\n' >&2
  for set in "${sets[@]}"; do
    printf '  %s (%s): %s\n' "$set" "${REASONS[$set]}" "$(xargs <<<"${PACKAGES[$set]}")" >&2
  done
  die "this system has no apt-get; install them by hand"
fi

missing=()
for set in "${sets[@]}"; do
  missing_here=()
  for package in ${PACKAGES[$set]}; do
    installed "$package" || missing_here+=("$package")
  done
  if [[ ${#missing_here[@]} -gt 0 ]]; then
    missing+=("${missing_here[@]}")
    $list_only ||
      printf 'deps.sh: to be installed %s: %s\n' "${REASONS[$set]}" "${missing_here[*]}"
  fi
done

if $list_only; then
  [[ ${#missing[@]} -eq 0 ]] || printf '%s\n' "${missing[@]}"
  exit 0
fi
if [[ ${#missing[@]} -eq 0 ]]; then
  printf 'deps.sh: everything of %s is installed\n' "${sets[*]}"
  exit 0
fi

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  command -v sudo >/dev/null ||
    die "run as root, or with sudo: apt-get install ${missing[*]}"
  as_root=(sudo)
fi
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq \
    -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null
}
apt update || die "apt-get update failed: is there a network?"
apt install --yes --no-install-recommends "${missing[@]}" ||
  die "apt-get could not install: ${missing[*]}"
printf 'deps.sh: installed %d packages\n' "${#missing[@]}"
