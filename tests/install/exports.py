#!/usr/bin/env python3
"""Compares what a shared library exports with what its public headers mark.

    usage: exports.py LIBRARY HEADER...

Each exported symbol of Thresh must be a function or class that follows
THRESH_EXPORT in a header, each that does must be exported, and no public function
that is not inline may lack it. Instantiations of the standard library's templates
are passed over. Prints what is wrong and fails if anything is.
"""
import re
import subprocess
import sys


def names_in(header):
    """The names that are marked, CLASS::FUNCTION, FUNCTION or CLASS, and those of
    public functions that are neither marked nor inline."""
    with open(header, encoding="utf-8") as file:
        code = re.sub(r"//[^\n]*|^#[^\n]*", "", file.read(), flags=re.MULTILINE)
    code = re.sub(r"= \{\}", "= 0", code)  # or a default argument would end a declaration
    marked, unmarked = set(), set()
    scopes = []  # of what is open: a class's name, else what kind of brace it is
    private = [False]  # for each of them, and for what is in none
    for words, end in re.findall(r"([^;{}]*)([;{}])", code):
        access = re.findall(r"\b(public|private):", words)
        if access:
            private[-1] = access[-1] == "private"
        opened = re.search(r"\b(?:class|struct) (THRESH_EXPORT )?(\w+)", words)
        declared = re.search(r"(operator\S+?|~?\w+)\s*\(", words)
        classes = [scope for scope in scopes if scope not in ("namespace", "body")]
        if "THRESH_EXPORT" in words:
            marked.add(opened[2] if opened else "::".join(classes + [declared[1]]))
        elif (end == ";" and declared and "body" not in scopes and not private[-1]
              and "=" not in words[:declared.start()]
              and re.search(r"\)\s*(const)?\s*(noexcept)?$", words)
              and not re.search(r"\b(friend|using|virtual|template|static_assert)\b", words)):
            unmarked.add("::".join(classes + [declared[1]]))
        if end == "{":
            kind = "namespace" if "namespace" in words else "body"
            scopes.append(opened[2] if opened else kind)
            private.append(False)
        elif end == "}":
            scopes.pop()
            private.pop()
    return marked, unmarked


def exported_by(library):
    listed = subprocess.run(["nm", "-DC", "--defined-only", library], check=True,
                            stdout=subprocess.PIPE, encoding="utf-8").stdout
    names = set()
    for line in listed.splitlines():
        symbol = line.split(maxsplit=2)[2]
        symbol = re.sub(r"^(typeinfo|typeinfo name|vtable) for ", "", symbol)
        symbol = symbol.replace("[abi:cxx11]", "")
        if symbol.startswith("thresh::"):
            names.add(re.sub(r"(\w|operator\S+?)\(.*", r"\1", symbol)
                      .removeprefix("thresh::"))
    return names


def main():
    found = list(map(names_in, sys.argv[2:]))
    marked = set().union(*(names for names, _ in found))
    unmarked = set().union(*(names for _, names in found))
    exported = exported_by(sys.argv[1])
    for name in sorted(exported - marked):
        print(f"exports.py: {name} is exported, and no public header marks it")
    for name in sorted(marked - exported):
        print(f"exports.py: {name} is marked in a public header, and not exported")
    for name in sorted(unmarked):
        print(f"exports.py: {name} is public, not inline, and not marked THRESH_EXPORT")
    print(f"exports.py: {len(marked)} names are marked, {len(exported)} exported")
    return int(marked != exported or not marked or len(unmarked) > 0)


if __name__ == "__main__":
    sys.exit(main())
