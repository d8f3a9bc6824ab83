"""Runs the comparison and writes its results as JSON. run.sh prepares it."""

import argparse
import datetime
import json
import shutil
from pathlib import Path

import datasets
import extras
import machine
import peers
from contest import Contest
from settings import HERE, Settings, say

METHOD = (
    "Every driver is a resident process with the archive in memory (Thresh: mapped,"
    " in the page cache). One pass verifies every MD5, parses every message and looks"
    " at every user record's keys and data.",
    "Drivers are asked in turn, round after round, after warming up; best and median"
    " of the rounds are kept.",
    "Archives are length-delimited (u32le), so that no peer has to look for the ends"
    " of records; thresh-blobs-1 reads the same records back to back, and"
    " thresh-checksum-1 sums their content checksum besides.",
    "Only who finds the same user records as Thresh, by count and content checksum, is"
    " timed; who does not has agrees: false. Thresh is held to what the generator"
    " says that it wrote.",
    "Slow peers get a prefix of the data set (share_of_data_set), so that a run takes"
    " minutes; compare rates, not seconds.",
    "peak_rss_bytes is VmHWM of the process, with the archive that it loaded or"
    " mapped. Under memory, peak_rss_anon_bytes is the largest RssAnon seen by sampling"
    " every 4 ms: memory of its own, without mapped pages.",
    "GB are 10^9 bytes of archive.",
)


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="build/compare")
    parser.add_argument("--out", type=Path, required=True, help="the JSON to write")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--bytes", help="of each data set, as 64MiB")
    parser.add_argument("--peers", default="", help="names with commas between")
    return parser.parse_args()


def fresh_directory(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(parents=True)


def measure(settings: Settings) -> dict:
    """Everything that takes time. One data set's files at a time are on disk."""
    measured = {}
    for recipe in datasets.RECIPES:
        say(f"== {recipe.name}: {recipe.text}")
        fresh_directory(settings.data)
        measured[recipe.name] = Contest(settings, recipe).run()
    say("== Memory over size")
    fresh_directory(settings.data)
    memory = extras.memory(settings)
    shutil.rmtree(settings.data)
    say("== Limits")
    return {"datasets": measured, "memory": memory, "limits": extras.limits(settings)}


def circumstances(settings: Settings, method: tuple[str, ...]) -> dict:
    """When, on what and how it was measured."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return {
        "date": now.isoformat(timespec="seconds"),
        "revision": machine.revision(HERE),
        "quick": settings.quick,
        "rounds": settings.rounds,
        "machine": machine.describe(),
        "compiler": machine.compiler(settings.build),
        "method": method,
        "skipped": settings.skipped,
    }


def describe(settings: Settings) -> dict:
    return circumstances(settings, METHOD) | {
        "entrants": {
            entrant.name: {
                "label": entrant.label,
                "family": entrant.family,
                "share_of_data_set": f"1/{entrant.share}",
                "versions": settings.versions.get(entrant.name, {}),
                "note": peers.NOTES.get(entrant.name, ""),
            }
            for entrant in settings.entrants
        },
    }


def print_table(datasets_measured: dict) -> None:
    for name, dataset in datasets_measured.items():
        say(f"== {name}: GB/s, best; how many times as fast Thresh is on one core")
        for entrant, result in dataset["results"].items():
            if "gb_per_second" not in result:
                say(f"   {entrant:20} differs in {result['differs_in']}")
                continue
            rate = result["gb_per_second"]["best"]
            ratio = result["thresh_1_job_is_times_as_fast"]["best"]
            say(f"   {entrant:20}{rate:9.3f}{ratio:9.1f}")


def main() -> None:
    options = parse_options()
    settings = Settings(options)
    measured = measure(settings)
    # Described last: the drivers have told their versions by then.
    results = describe(settings) | measured
    options.out.write_text(json.dumps(results, indent=1) + "\n")
    print_table(results["datasets"])


if __name__ == "__main__":
    main()
