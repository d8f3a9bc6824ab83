#!/usr/bin/env python3
"""Prints the translation units that are or include one of some files.

    usage: units_with.py BUILD_DIR [FILE...]

BUILD_DIR has compile_commands.json, and FILEs are relative to the current
directory. The units' commands are run up to their list of headers, those of the
system left out.
"""
import concurrent.futures
import json
import os
import shlex
import subprocess
import sys


def files_of(entry):
    """The files that the unit reads, as absolute paths."""
    words = shlex.split(entry["command"])
    at = words.index("-o")
    del words[at:at + 2]
    made = subprocess.run(words + ["-MM", "-MT", "unit"], check=True,
                          cwd=entry["directory"], stdout=subprocess.PIPE)
    names = made.stdout.decode().replace("\\\n", " ").split()[1:]
    return {os.path.realpath(os.path.join(entry["directory"], name))
            for name in names}


def main():
    wanted = {os.path.realpath(name) for name in sys.argv[2:]}
    if not wanted:
        return
    with open(os.path.join(sys.argv[1], "compile_commands.json"),
              encoding="utf-8") as file:
        entries = json.load(file)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for entry, names in zip(entries, pool.map(files_of, entries)):
            if names & wanted:
                print(os.path.realpath(
                    os.path.join(entry["directory"], entry["file"])))


if __name__ == "__main__":
    main()
