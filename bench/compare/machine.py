"""What the results were measured on, without naming the host."""

import os
import platform
import re
import subprocess
from pathlib import Path


def first_line(command: list[str]) -> str:
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return (ran.stdout or ran.stderr).strip().partition("\n")[0]


def cpu() -> dict[str, str]:
    wanted = {
        "model name": "model",
        "cpu family": "family",
        "model": "model_number",
        "cpu MHz": "mhz",
    }
    found = {}
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() in wanted:
            found.setdefault(wanted[name.strip()], value.strip())
    return found


def operating_system() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def describe() -> dict:
    return {
        "cpu": cpu(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": operating_system(),
    }


def compiler(build: Path) -> dict[str, str]:
    """The C++ compiler and its flags, from what CMake was configured with."""
    cache = (build / "cc" / "CMakeCache.txt").read_text()

    def cached(name: str) -> str:
        match = re.search(rf"^{name}:\w+=(.*)$", cache, re.MULTILINE)
        return match[1] if match else ""

    flags = (cached("CMAKE_CXX_FLAGS"), cached("CMAKE_CXX_FLAGS_RELEASE"))
    return {
        "version": first_line([cached("CMAKE_CXX_COMPILER"), "--version"]),
        "flags": " ".join(flags).strip(),
        "applies_to": "Thresh and both C++ peers alike (the MD5 kernel: -O3)",
    }


def revision(source: Path) -> str:
    return first_line(["git", "-C", str(source), "describe", "--always", "--dirty"])
