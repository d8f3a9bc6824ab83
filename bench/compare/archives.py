"""Measures archives as they lie: JSON with base64 in it, gzip, many files.

Every case is a round-robin of resident drivers, as in compare.py, and nobody's
time counts who does not find the user records that the generator put in. Writes
JSON.
"""

import json
import shutil
import subprocess
from pathlib import Path

import compare
import datasets
import peers
from datasets import Archive, Recipe
from race import Runner, content, race
from settings import Settings, say

METHOD = (
    "Every driver is a resident process and is asked once in each round, all of them"
    " in turn. GB are 10^9 bytes of content: of JSON text, or of what gzip holds.",
    "lambda-json: events of Lambda, one a line, medium records in base64. Python:"
    " json.loads, then aws_kinesis_agg, which decodes the base64; it gets the first"
    " lines of the file.",
    "gzip: blobs of JSON data back to back, and the same through gzip -6 as one"
    " member. libdeflate inflates it from memory to memory whose pages are present."
    " one_after_the_other is the rate of libdeflate and then Thresh on the plain"
    " file; times_that_rate is Thresh on the compressed file against it.",
    "files: the same as many files in a directory. times_one_job is the rate with"
    " all jobs against that with one.",
)
FILES = 64
MEDIUM = ("--record-size", "1000", "--keys", "unique", "--blob-size", "1MiB")
LAMBDA = Recipe("lambda-json", "medium records, events of Lambda", 1370, MEDIUM)
PLAIN = Recipe(
    "gzip", "1 KB of JSON a record, 1 MiB blobs", 1027, (*MEDIUM, "--data", "json")
)


def generate(settings: Settings, recipe: Recipe, container: str, path: Path, size: int):
    """Returns the archive and what the generator says is in it."""
    records = max(1, round(size / recipe.bytes_per_record))
    arguments = ("--container", container, "--records", str(records))
    told = datasets.generate(settings.thresh, (*arguments, *recipe.arguments), path)
    return Archive(path, container, path.stat().st_size), told


def first_lines(archive: Archive, share: int) -> Archive:
    """The first lines, 1/share of the bytes or a little more."""
    path = archive.path.with_suffix(".part")
    with open(archive.path, "rb") as whole, open(path, "wb") as part:
        while part.tell() < archive.bytes // share:
            part.write(whole.readline())
    return Archive(path, archive.container, path.stat().st_size)


def thresh(settings: Settings, jobs: int, container: str) -> tuple[str, ...]:
    program = str(peers.programs(settings.build) / "compare_thresh")
    return (program, "verify", str(jobs), container)


def require(settings: Settings, command: tuple, archive: Archive, told: dict) -> None:
    found = content(settings, command, archive)
    if any(found[name] != told[name] for name in told):
        raise SystemExit(f"archives.py: other records in {archive.path.name}: {found}")


def over_jobs(settings: Settings, container: str, archive: Archive, count: int) -> list:
    return [
        Runner(f"thresh-{jobs}", thresh(settings, jobs, container), archive, count)
        for jobs in sorted({1, settings.jobs})
    ]


def lambda_json(settings: Settings) -> dict:
    path = settings.data / "events.json"
    archive, told = generate(settings, LAMBDA, "lambda-json", path, settings.bytes)
    json_1 = thresh(settings, 1, "json")
    require(settings, json_1, archive, told)
    runners = over_jobs(settings, "json", archive, told["user_records"])
    python = next((e for e in settings.entrants if e.name == "python"), None)
    if python is not None:
        part = first_lines(archive, 8)
        command = (*python.command, "--lambda")
        expected = content(settings, json_1, part)
        if content(settings, command, part) == expected:
            count = expected["user_records"]
            runners.append(Runner("python", command, part, count))
        else:
            settings.skip("python", "lambda-json: it finds other user records")
    return race(settings, runners)


def zipped(path: Path) -> Path:
    subprocess.run(["gzip", "-6", "--keep", "--force", str(path)], check=True)
    return path.with_name(path.name + ".gz")


def gzip(settings: Settings) -> dict:
    size = settings.bytes // 2
    path = settings.data / "blobs"
    plain, told = generate(settings, PLAIN, "blobs", path, size)
    stored = zipped(path)
    archive = Archive(stored, "blobs", stored.stat().st_size)
    blobs_1 = thresh(settings, 1, "blobs")
    require(settings, blobs_1, archive, told)
    limits = str(peers.programs(settings.build) / "compare_limits")
    count = told["user_records"]
    found = race(
        settings,
        [
            Runner("thresh-1", blobs_1, archive, count),
            Runner("plain", blobs_1, plain, count),
            Runner("libdeflate", (limits, "inflate"), archive, 0),
        ],
    )
    rate = {name: found[name]["gb_per_second"] for name in found}
    found["one_after_the_other"] = {
        which: 1 / (1 / rate["libdeflate"][which] + 1 / rate["plain"][which])
        for which in ("best", "median")
    }
    found["times_that_rate"] = {
        which: rate["thresh-1"][which] / found["one_after_the_other"][which]
        for which in ("best", "median")
    }
    return found | {"stored_bytes": archive.bytes, "bytes": plain.bytes}


def files(settings: Settings, recipe: Recipe, container: str, compress: bool) -> dict:
    directory = settings.data / f"{recipe.name}-files"
    compare.fresh_directory(directory)
    count = 0
    for number in range(FILES):
        path = directory / f"{number:03}"
        share = (*recipe.arguments, "--seed", str(number))
        part = Recipe(recipe.name, recipe.text, recipe.bytes_per_record, share)
        size = settings.bytes // FILES
        count += generate(settings, part, container, path, size)[1]["user_records"]
        if compress:
            zipped(path)
            path.unlink()
    kind = "json" if container == "lambda-json" else "blobs"
    archive = Archive(directory, kind, 0)
    found = race(settings, over_jobs(settings, kind, archive, count))
    one, most = (found[f"thresh-{n}"]["gb_per_second"] for n in (1, settings.jobs))
    found["times_one_job"] = {which: most[which] / one[which] for which in most}
    return found


def print_rates(case: dict) -> None:
    for name, result in case.items():
        if isinstance(result, dict):
            best = result.get("gb_per_second", result)["best"]
            say(f"   {name:20}{best:9.3f}")


def main() -> None:
    options = compare.parse_options()
    settings = Settings(options)
    compare.fresh_directory(settings.data)
    measured = {}
    for name, measure in {
        "lambda-json": lambda: lambda_json(settings),
        "gzip": lambda: gzip(settings),
        "lambda-json-files": lambda: files(settings, LAMBDA, "lambda-json", False),
        "gzip-files": lambda: files(settings, PLAIN, "blobs", True),
    }.items():
        say(f"== {name}")
        measured[name] = measure()
        print_rates(measured[name])
    shutil.rmtree(settings.data)
    results = compare.circumstances(settings, METHOD) | {
        "versions": settings.versions,
        "cases": measured,
    }
    options.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
