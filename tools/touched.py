#!/usr/bin/env python3
"""Prints the .cc files of engine/ and tools/ that a change touches, and those
that include a header it touches, one a line.

  usage: tools/touched.py [BASE]

The change is what has come since the commit BASE, committed or not. Without BASE
it is the last day's commits, counted back from the newest, because a nightly run
checks all files. All files are printed if there is no commit that old, and if the
change touches .clang-tidy.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("engine", "tools")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
# Where the build searches for an include in quotes.
SEARCHED = ("engine", "engine/include", "tools")


def git(*arguments):
    return subprocess.run(
        ["git", "-C", str(ROOT), *arguments],
        check=True, capture_output=True, text=True).stdout


def base_of_the_day():
    newest = int(git("log", "-1", "--format=%ct").strip())
    base = git("rev-list", "-1", f"--before={newest - 86400}", "HEAD").strip()
    return base or None


def sources():
    return [path for room in ROOMS for path in (ROOT / room).rglob("*")
            if path.suffix in (".cc", ".h")]


def main():
    base = sys.argv[1] if len(sys.argv) > 1 and sys.argv[1] else base_of_the_day()
    files = sources()
    names = {str(path.relative_to(ROOT)) for path in files}
    touched = None
    if base is not None:
        touched = set(git("diff", "--name-only", base).split("\n"))
        touched |= set(git("ls-files", "--others", "--exclude-standard").split("\n"))
    if touched is None or ".clang-tidy" in touched:
        reached = names
    else:
        included_by = {}
        for path in files:
            name = str(path.relative_to(ROOT))
            for included in INCLUDE.findall(path.read_text()):
                for directory in SEARCHED:
                    if f"{directory}/{included}" in names:
                        included_by.setdefault(f"{directory}/{included}", set()).add(name)
        reached, waiting = set(), list(touched & names)
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting.extend(included_by.get(name, ()))
    for name in sorted(reached):
        if name.endswith(".cc"):
            print(name)


if __name__ == "__main__":
    main()
