#!/usr/bin/env python3
"""Seeds single faults into the engine, one after another, and runs the tests
that should fail: a fault that no test notices shows a test that is missing.

The faults are in faults.toml. Each names a file, a piece of its text that
occurs there once, what takes its place, and the test programs to run, as
NAME or NAME:GTEST_FILTER. One with `equivalent`, the reason why it changes no
result, is listed and not run. Faults are seeded in a work tree of its own, of
the commit that is checked out, built with little optimisation, and the engine
without unity: a fault costs one compiled file, a link and the tests.

Exit status: 0 all were caught, 1 one survived, 2 the list does not fit the
source, or the tests fail without any fault.
"""

import argparse
import collections
import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import time
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PRESET = "dev"


def load(pattern):
    with open(HERE / "faults.toml", "rb") as file:
        faults = tomllib.load(file)["fault"]
    for number, fault in enumerate(faults, start=1):
        fault["number"] = number
    return [fault for fault in faults if pattern in fault["file"]]


def find_stale(faults, root):
    """Says what of the list does not fit the source."""
    problems = []
    for fault in faults:
        path = root / fault["file"]
        text = path.read_text() if path.is_file() else ""
        count = text.count(fault["from"])
        if count != 1:
            problems.append(
                f"{fault['number']}: {fault['file']}: the text occurs {count} "
                f"times, not once: {fault['from']!r}"
            )
        elif fault["from"] == fault["to"]:
            problems.append(f"{fault['number']}: nothing is changed")
    return problems


def programs_of(tests):
    """What must be built to run them."""
    programs = {test.partition(":")[0] for test in tests}
    # It runs the program, and is not linked with it.
    return programs | ({"thresh_program"} if "cli_test" in programs else set())


def prepare(directory):
    """Makes the work tree, or brings it to the commit that is checked out."""
    head = subprocess.check_output(
        ["git", "-C", ROOT, "rev-parse", "HEAD"], text=True
    ).strip()
    if (directory / ".git").exists():
        subprocess.check_call(
            ["git", "-C", directory, "checkout", "-q", "--force", head]
        )
    else:
        subprocess.check_call(
            ["git", "-C", ROOT, "worktree", "add", "-q", "--detach", directory, head]
        )
    subprocess.check_call(
        [
            "cmake",
            "--preset",
            PRESET,
            "-DTHRESH_WERROR=OFF",  # a fault may leave a variable unused
            "-DTHRESH_UNITY=ON",
            "-DCMAKE_DISABLE_PRECOMPILE_HEADERS=OFF",
            "-DCMAKE_CXX_FLAGS_DEBUG=-O1",  # the tests of a room take longest
            f"-DCMAKE_PROJECT_INCLUDE={HERE / 'quick_build.cmake'}",
        ],
        cwd=directory,
        stdout=subprocess.DEVNULL,
    )


class Tree:
    def __init__(self, directory, jobs, timeout):
        self.root = directory
        self.build = directory / "build" / PRESET
        self.jobs = jobs
        self.timeout = timeout

    def make(self, programs):
        """The compiler's complaints, or None if there are none."""
        done = subprocess.run(
            ["ninja", "-C", self.build, f"-j{self.jobs}", *programs],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return None if done.returncode == 0 else done.stdout

    def fails(self, test):
        """Why a test program fails, or None if it does not."""
        program, _, wanted = test.partition(":")
        command = [self.build / "tests" / program, "--gtest_brief=1"]
        if wanted:
            command.append(f"--gtest_filter={wanted}")
        command.append("--gtest_fail_fast")
        process = subprocess.Popen(
            command,
            cwd=self.build,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=self.timeout)
        except subprocess.TimeoutExpired:
            return "it does not end"
        finally:
            # What the test has started may loop as well.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.returncode == 0:
            return None
        failed = [
            line.split("]", 1)[1].split()[0].rstrip(",")
            for line in output.splitlines()
            if line.startswith("[  FAILED  ]")
        ]
        return failed[0] if failed else f"status {process.returncode}"

    def outcome(self, fault):
        """What becomes of a fault: a word, and the test that caught it."""
        path = self.root / fault["file"]
        sound = path.read_text()
        path.write_text(sound.replace(fault["from"], fault["to"]))
        try:
            if self.make(programs_of(fault["tests"])) is not None:
                return "BROKEN", "it does not compile"
            for test in fault["tests"]:
                why = self.fails(test)
                if why is not None:
                    return "caught", why
            return "SURVIVED", ", ".join(fault["tests"])
        finally:
            path.write_text(sound)


def parse_numbers(text):
    numbers = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return numbers


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--dir",
        type=pathlib.Path,
        default=ROOT.parent / "thresh-mutants",
        help="the work tree [default: %(default)s]",
    )
    parser.add_argument("--only", default="", help="files with this in their path")
    parser.add_argument("--numbers", type=parse_numbers, metavar="LIST",
                        help="only the faults of these numbers, as 3,7-9")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--timeout", type=float, default=300, help="of a test program, in seconds")
    parser.add_argument("--check", action="store_true", help="only compare the list with the source")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    faults = load(arguments.only)
    problems = find_stale(faults, ROOT)
    for problem in problems:
        print(problem)
    if problems:
        return 2
    if arguments.check:
        print(f"{len(faults)} faults fit the source")
        return 0
    prepare(arguments.dir)
    tree = Tree(arguments.dir.resolve(), arguments.jobs, arguments.timeout)
    if arguments.numbers:
        faults = [fault for fault in faults if fault["number"] in arguments.numbers]
    tests = sorted({test for fault in faults for test in fault.get("tests", [])})
    complaints = tree.make(programs_of(tests))
    if complaints is not None:
        print(complaints)
        return 2
    for test in tests:
        why = tree.fails(test)
        if why is not None:
            print(f"{test} fails without a fault: {why}")
            return 2
    counts = collections.Counter()
    for fault in faults:
        start = time.monotonic()
        if "equivalent" in fault:
            word, by = "equivalent", fault["equivalent"]
        else:
            word, by = tree.outcome(fault)
        counts[word] += 1
        first_line = fault["to"].strip().splitlines()[:1]
        print(
            f"{fault['number']:3} {word:10} {fault['file']}: "
            f"{first_line[0] if first_line else '(left out)'}  [{by}] "
            f"{time.monotonic() - start:.0f} s",
            flush=True,
        )
    print(", ".join(f"{count} {word}" for word, count in sorted(counts.items())))
    if counts["BROKEN"]:
        return 2
    return 1 if counts["SURVIVED"] else 0


if __name__ == "__main__":
    sys.exit(main())
