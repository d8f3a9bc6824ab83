"""What every part of a comparison needs: sizes, entrants, and who dropped out."""

import argparse
import os
import statistics
from pathlib import Path

import datasets
import peers
from datasets import Archive
from driver import Driver
from peers import Entrant

HERE = Path(__file__).resolve().parent


def say(text: str) -> None:
    print(text, flush=True)


class Settings:
    def __init__(self, options: argparse.Namespace) -> None:
        self.build: Path = options.build
        self.quick: bool = options.quick
        self.rounds: int = options.rounds or (2 if options.quick else 7)
        self.bytes = datasets.parse_size(
            options.bytes or ("8MiB" if options.quick else "256MiB")
        )
        self.thresh = self.build / "cc" / "tools" / "cli" / "thresh"
        self.data = self.build / "data"
        self.jobs = len(os.sched_getaffinity(0))
        self.skipped: dict[str, list[str]] = {}
        self.versions: dict[str, dict] = {}
        self.entrants = peers.thresh_entrants(self.build)
        for peer in peers.peer_entrants(self.build, HERE / "drivers"):
            if peer.name in options.peers.split(","):
                self._admit(peer)

    def _admit(self, peer: Entrant) -> None:
        reason = self.build / "skipped" / peer.name
        if reason.exists():
            self.skip(peer.name, reason.read_text().strip())
        else:
            self.entrants.append(peer)

    def skip(self, name: str, reason: str) -> None:
        # Where this copy of the repository lies concerns no reader of results.
        reason = reason.replace(str(self.build), "build/compare")
        say(f"   {name} is skipped: {reason}")
        self.skipped.setdefault(name, []).append(reason)

    def start(self, entrant: Entrant, archive: Archive) -> Driver:
        command = [*entrant.command, str(archive.path)]
        log = self.build / "logs" / f"run-{entrant.name}.log"
        driver = Driver(command, entrant.environment, log)
        self.versions[entrant.name] = driver.versions
        return driver


def rates(byte_count: int, user_records: int, seconds: list[float]) -> dict:
    """Best and median of the rounds, as seconds and as rates."""
    found = {"seconds": {}, "gb_per_second": {}, "million_records_per_second": {}}
    for name, value in (("best", min(seconds)), ("median", statistics.median(seconds))):
        found["seconds"][name] = value
        found["gb_per_second"][name] = byte_count / value / 1e9
        found["million_records_per_second"][name] = user_records / value / 1e6
    if user_records == 0:
        del found["million_records_per_second"]
    found["seconds"]["rounds"] = seconds
    return found
