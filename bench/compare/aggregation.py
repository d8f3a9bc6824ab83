"""Measures the way back: blobs that Thresh makes, read by others, and how fast.

Who reads other user records out of Thresh's blobs than were put in is named, and
says why it differs. Then the user records of an archive are packed into the
archive's own blobs, as a round-robin of resident drivers, and nobody's time
counts whose blobs hold other user records. Writes JSON.
"""

import base64
import json
import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import compare
import contest
import datasets
import peers
from datasets import Archive
from driver import DriverError
from race import Runner, content, race
from settings import HERE, Settings, say

METHOD = (
    "read_back: user records made up in Python (keys of 1 to 256 characters of any"
    " script, data of no byte to 60 kB; without explicit hash keys, all with them, or"
    " a third) go through `thresh aggregate` as NDJSON, and every peer takes the"
    " blobs apart. What is expected is the checksum of what was made up.",
    "packing: the user records of an archive lie in memory and are packed into blobs"
    " of the archive's size, on one thread. Thresh finds where blobs end; protobuf's"
    " C++ codec with OpenSSL's MD5 is told. Both must write the archive's very bytes"
    " before they are timed; Python's aggregator, which gets the first part of the"
    " archive, blobs of the same user records.",
    "Every driver is a resident process and is asked once in each round, all of them"
    " in turn. GB are 10^9 bytes of blobs.",
)
PYTHON_SHARE = 8
RECIPES = tuple(recipe for recipe in datasets.RECIPES if recipe.name != "varied")


@dataclass(frozen=True)
class UserRecord:
    partition_key: str
    explicit_hash_key: str | None
    data: bytes

    def ndjson(self) -> bytes:
        fields = {
            "partitionKey": self.partition_key,
            "explicitHashKey": self.explicit_hash_key,
            "data": base64.b64encode(self.data).decode(),
        }
        return json.dumps(fields).encode() + b"\n"

    def canonical(self) -> bytes:
        """As FORMAT.md has it for the content checksum."""
        key = self.partition_key.encode()
        hash_key = (self.explicit_hash_key or "").encode()
        lengths = (
            len(key) + 1,
            0 if self.explicit_hash_key is None else len(hash_key) + 1,
            len(self.data) + 1,
        )
        return struct.pack("<QQQ", *lengths) + key + hash_key + self.data


def make_up(count: int, with_hash_key: float) -> Iterator[UserRecord]:
    source = random.Random(20250615)
    scripts = ("abcxyz0189-_.", "äöüß€", "キーワード", "🙂🦀𝛑", 'quo"te\\\t')
    keys = [
        "".join(
            source.choices(source.choice(scripts), k=source.choice((1, 5, 20, 256)))
        )
        for _ in range(500)
    ]
    for _ in range(count):
        size = source.choice((0, 1, 20, 126, 127, 128, 129, 1000))
        if source.random() < 0.02:
            size = source.choice((16383, 16384, 60000))
        has_hash_key = source.random() < with_hash_key
        yield UserRecord(
            source.choice(keys),
            str(source.getrandbits(128)) if has_hash_key else None,
            source.randbytes(size),
        )


def checksum_of(settings: Settings, records: list[UserRecord]) -> dict:
    path = settings.data / "made-up.records"
    path.write_bytes(b"".join(record.canonical() for record in records))
    program = peers.programs(settings.build) / "compare_checksum"
    told = subprocess.run([program, path], check=True, capture_output=True).stdout
    return json.loads(told)


def aggregate(settings: Settings, records: list[UserRecord], path: Path) -> Archive:
    arguments = ("--from", "ndjson", "-", "--container", "u32le", "-o", str(path))
    subprocess.run(
        [settings.thresh, "aggregate", "--quiet", *arguments],
        input=b"".join(record.ndjson() for record in records),
        check=True,
    )
    return Archive(path, "u32le", path.stat().st_size)


def read_back(settings: Settings, with_hash_key: float) -> dict:
    """What each peer finds in Thresh's blobs: None if what was put in."""
    records = list(make_up(2000 if settings.quick else 50000, with_hash_key))
    expected = checksum_of(settings, records)
    archive = aggregate(settings, records, settings.data / "made-up.u32le")
    differs_in = {}
    for entrant in settings.entrants:
        if entrant.family != "peer" and entrant.name != "thresh-1":
            continue
        try:
            found = contest.content_of(settings, entrant, archive)
        except DriverError as error:
            settings.skip(entrant.name, f"read_back: {error}")
            continue
        differs_in[entrant.name] = contest.difference(found, expected)
    if differs_in["thresh-1"] is not None:
        raise SystemExit("aggregation.py: Thresh does not find what was put in")
    return {"user_records": len(records), "bytes": archive.bytes} | {
        "differs_in": differs_in
    }


def packers(settings: Settings, recipe: datasets.Recipe) -> list[Runner]:
    size = settings.bytes // 4
    archive, told = datasets.make(settings.thresh, recipe, size, settings.data)
    blob_bytes = recipe.arguments[recipe.arguments.index("--blob-size") + 1]
    limit = str(datasets.parse_size(blob_bytes))
    program = str(peers.programs(settings.build) / "compare_pack")
    names = {entrant.name for entrant in settings.entrants}
    runners = [
        Runner(name, (program, name, limit), archive, told["user_records"])
        for name in ("thresh", "protobuf", "arena")
        if name == "thresh" or name in names
    ]
    if "python" in names:
        python = settings.build / "venv" / "bin" / "python"
        driver = HERE / "drivers" / "python" / "driver.py"
        command = (str(python), str(driver), "--pack", limit)
        part = datasets.prefix(archive, archive.bytes // PYTHON_SHARE)
        reader = str(peers.programs(settings.build) / "compare_thresh")
        expected = content(settings, (reader, "verify", "1", "u32le"), part)
        if content(settings, command, part) == expected:
            runners.append(Runner("python", command, part, expected["user_records"]))
        else:
            settings.skip("python", f"{recipe.name}: its blobs hold other records")
    return runners


def packing(settings: Settings, recipe: datasets.Recipe) -> dict:
    found = race(settings, packers(settings, recipe))
    ours = found["thresh"]["million_records_per_second"]
    for result in found.values():
        theirs = result["million_records_per_second"]
        result["thresh_is_times_as_fast"] = {
            which: ours[which] / theirs[which] for which in ("best", "median")
        }
    return found


def print_packing(case: dict) -> None:
    for name, result in case.items():
        rate = result["gb_per_second"]["best"]
        ratio = result["thresh_is_times_as_fast"]["best"]
        say(f"   {name:12}{rate:9.3f} GB/s{ratio:9.1f}")


def main() -> None:
    options = compare.parse_options()
    settings = Settings(options)
    compare.fresh_directory(settings.data)
    read = {}
    for name, share in {"none": 0, "all": 1, "some": 1 / 3}.items():
        say(f"== Thresh's blobs, with explicit hash keys: {name}")
        read[name] = read_back(settings, share)
        for peer, differs in read[name]["differs_in"].items():
            say(f"   {peer:12}{'agrees' if differs is None else 'differs: ' + differs}")
    packed = {}
    for recipe in RECIPES:
        say(f"== Packing {recipe.name}: {recipe.text}")
        compare.fresh_directory(settings.data)
        packed[recipe.name] = packing(settings, recipe)
        print_packing(packed[recipe.name])
    shutil.rmtree(settings.data)
    results = compare.circumstances(settings, METHOD) | {
        "versions": settings.versions,
        "read_back": read,
        "packing": packed,
    }
    options.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
