"""The data sets: as in bench/pipeline_bench.cc, and one more."""

import re
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20


@dataclass(frozen=True)
class Recipe:
    name: str
    text: str  # what a reader is to know of it
    bytes_per_record: float  # of archive, about
    arguments: tuple[str, ...]  # of `thresh generate`


VARIED = (
    *("--record-size", "20..20kB", "--key-distribution", "zipf"),
    *("--blob-size", "256KiB"),
)
RECIPES = (
    Recipe(
        "small",
        "100 B records, 1,000 keys, 50 KiB blobs",
        121.4,
        ("--record-size", "100", "--blob-size", "50KiB"),
    ),
    Recipe(
        "medium",
        "1 KB records, unique keys, 1 MiB blobs",
        1027,
        ("--record-size", "1000", "--keys", "unique", "--blob-size", "1MiB"),
    ),
    Recipe(
        "tiny",
        "20 B records, 1,000 keys, 1 MiB blobs",
        27.4,
        ("--record-size", "20", "--blob-size", "1MiB"),
    ),
    Recipe(
        "varied",
        "20 B to 20 kB, Zipf keys, a quarter with explicit hash keys, 256 KiB blobs",
        1060,
        (*VARIED, "--explicit-hash-keys", "0.25"),
    ),
    # Most of AWS's modules lose or invent explicit hash keys; here they can be
    # measured on varied lengths all the same.
    Recipe(
        "varied-nohash",
        "20 B to 20 kB, Zipf keys, 256 KiB blobs",
        1060,
        VARIED,
    ),
)


@dataclass(frozen=True)
class Archive:
    """A file, and what is in it."""

    path: Path
    container: str
    bytes: int


def parse_size(text: str) -> int:
    units = {"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}
    match = re.fullmatch(r"(\d+)(KiB|MiB|GiB|)", text)
    if not match:
        raise ValueError(f"not a size: {text}")
    return int(match[1]) * units[match[2]]


def generate(thresh: Path, arguments: tuple[str, ...], path: Path) -> dict:
    """Makes an archive; returns what the generator says is in it."""
    command = [str(thresh), "generate", "--content-checksum", "-o", str(path), *arguments]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    records = re.search(r"([\d,]+) user records", said)
    checksum = re.search(r"content checksum\s+([0-9a-f]{32})", said)
    if not records or not checksum:
        raise RuntimeError(f"thresh generate said {said!r}")
    return {
        "user_records": int(records[1].replace(",", "")),
        "content_checksum": checksum[1],
    }


def make(
    thresh: Path, recipe: Recipe, size: int, directory: Path
) -> tuple[Archive, dict]:
    """Makes about `size` bytes of the data set as a u32le archive."""
    path = directory / f"{recipe.name}.u32le"
    records = max(1, round(size / recipe.bytes_per_record))
    arguments = ("--container", "u32le", "--records", str(records), *recipe.arguments)
    told = generate(thresh, arguments, path)
    return Archive(path, "u32le", path.stat().st_size), told


def prefix(archive: Archive, size: int) -> Archive:
    """Returns an archive of the first whole records, `size` bytes or a little more."""
    if size >= archive.bytes:
        return archive
    path = archive.path.with_suffix(f".{size}.u32le")
    if not path.exists():
        with open(archive.path, "rb") as whole:
            end = 0
            while end < size:
                whole.seek(end)
                end += 4 + struct.unpack("<I", whole.read(4))[0]
            whole.seek(0)
            path.write_bytes(whole.read(end))
    return Archive(path, "u32le", path.stat().st_size)


def as_blobs(archive: Archive) -> Archive:
    """Returns the same Kinesis records back to back."""
    path = archive.path.with_suffix(".blobs")
    with open(archive.path, "rb") as framed, open(path, "wb") as blobs:
        while length := framed.read(4):
            blobs.write(framed.read(struct.unpack("<I", length)[0]))
    return Archive(path, "blobs", path.stat().st_size)
