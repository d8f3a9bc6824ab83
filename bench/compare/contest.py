"""One data set: who takes it apart rightly, and how fast.

All drivers are alive at once and are asked in turn, round after round, so that
all see the same weather.
"""

import json
import os
import subprocess
import time
from collections.abc import Iterator

import datasets
import peers
from datasets import Archive
from driver import Driver, DriverError
from peers import Entrant
from settings import Settings, rates, say


def content_of(settings: Settings, entrant: Entrant, archive: Archive) -> dict:
    """Returns count and checksums of the user records that an entrant finds."""
    # A named pipe, as nobody needs gigabytes of records on the disk.
    pipe = settings.data / "records.pipe"
    os.mkfifo(pipe)
    program = str(peers.programs(settings.build) / "compare_checksum")
    reader = subprocess.Popen([program, str(pipe)], stdout=subprocess.PIPE)
    try:
        with settings.start(entrant, archive) as driver:
            driver.ask(f"dump {pipe}")
        answer = json.loads(reader.communicate()[0])
    finally:
        reader.kill()  # it waits for ever if the driver never came to writing
        reader.wait()
        pipe.unlink()
    if "error" in answer:
        raise DriverError(f"its records cannot be read: {answer['error']}")
    return answer


def difference(found: dict, expected: dict) -> str | None:
    if found == expected:
        return None
    if found["user_records"] != expected["user_records"]:
        return f"{found['user_records']} user records, not {expected['user_records']}"
    bare = "without_explicit_hash_keys"
    if found[bare] == expected[bare]:
        return "explicit hash keys"
    return "content of the user records"


def turns(names: list[str], rounds: int) -> Iterator[str]:
    """Every name once in each round, beginning elsewhere each time."""
    for turn in range(rounds):
        first = turn * len(names) // rounds
        yield from names[first:] + names[:first]


class Contest:
    def __init__(self, settings: Settings, recipe: datasets.Recipe) -> None:
        self.settings = settings
        self.recipe = recipe
        self.results: dict[str, dict] = {}
        self._running: dict[str, Driver] = {}
        self._archives: dict[tuple[str, int], Archive] = {}
        self._expected: dict[int, dict] = {}  # what each share holds

    def run(self) -> dict:
        self._make()
        try:
            for entrant in self.settings.entrants:
                self._enter(entrant)
            self._time()
        finally:
            for driver in self._running.values():
                driver.close()
        self._add_ratios()
        return {
            "recipe": self.recipe.text,
            "bytes": self._archives["u32le", 1].bytes,
            "content": self._expected[1],
            "results": self.results,
        }

    def _make(self) -> None:
        settings = self.settings
        whole, told = datasets.make(
            settings.thresh, self.recipe, settings.bytes, settings.data
        )
        self._archives["blobs", 1] = datasets.as_blobs(whole)
        for share in sorted({entrant.share for entrant in settings.entrants}):
            archive = datasets.prefix(whole, settings.bytes // share)
            self._archives["u32le", share] = archive
            self._expected[share] = content_of(settings, settings.entrants[0], archive)
        # Thresh itself is held to what the generator says that it put in.
        if any(self._expected[1][name] != told[name] for name in told):
            raise SystemExit(f"compare.py: Thresh lost records of {self.recipe.name}")

    def _enter(self, entrant: Entrant) -> None:
        """Checks an entrant's records; starts and warms it if they are right."""
        archive = self._archives[entrant.container, entrant.share]
        try:
            result = self._check(entrant, archive)
            if result.get("agrees", True):
                driver = self.settings.start(entrant, archive)
                self._running[entrant.name] = driver
                self._warm_up(entrant, driver)
            self.results[entrant.name] = result
        except DriverError as error:
            self._drop(entrant.name, str(error))

    def _check(self, entrant: Entrant, archive: Archive) -> dict:
        result = {
            "family": entrant.family,
            "jobs": entrant.jobs,
            "target": entrant.target,
            "bytes": archive.bytes,
            "user_records": 0,
        }
        if not entrant.dumps:
            return result
        expected = self._expected[entrant.share]
        found = content_of(self.settings, entrant, archive)
        differs = difference(found, expected)
        result |= {
            "user_records": expected["user_records"],
            "content": found,
            "agrees": differs is None,
        }
        if differs:
            result["differs_in"] = differs
            say(f"   {entrant.name} DISAGREES and is not timed: {differs}")
        else:
            say(f"   {entrant.name} agrees")
        return result

    def _warm_up(self, entrant: Entrant, driver: Driver) -> None:
        limit = entrant.warm_seconds
        if self.settings.quick:
            limit = min(limit, 1)
        begun = time.monotonic()
        driver.ask("run")
        while time.monotonic() - begun < limit:
            driver.ask("run")

    def _drop(self, name: str, reason: str) -> None:
        self.settings.skip(name, f"{self.recipe.name}: {reason}")
        self.results.pop(name, None)
        driver = self._running.pop(name, None)
        if driver:
            driver.close()

    def _time(self) -> None:
        rounds = self.settings.rounds
        say(f"   {rounds} rounds of {len(self._running)} drivers")
        seconds: dict[str, list[float]] = {name: [] for name in self._running}
        for name in turns(list(self._running), rounds):
            if name not in self._running:
                continue  # it has dropped out
            try:
                answer = self._running[name].ask("run")
                if answer["user_records"] != self.results[name]["user_records"]:
                    raise DriverError("it found other records than before")
                seconds[name].append(answer["seconds"])
            except DriverError as error:
                self._drop(name, str(error))
        for name, driver in self._running.items():
            result = self.results[name]
            result |= rates(result["bytes"], result["user_records"], seconds[name])
            result["peak_rss_bytes"] = driver.peak_rss()

    def _add_ratios(self) -> None:
        ours = self.results["thresh-1"]["gb_per_second"]
        for result in self.results.values():
            if "gb_per_second" in result:
                theirs = result["gb_per_second"]
                result["thresh_1_job_is_times_as_fast"] = {
                    which: ours[which] / theirs[which] for which in ("best", "median")
                }
