"""A round-robin of resident drivers, each on an archive of its own."""

from dataclasses import dataclass
from pathlib import Path

import contest
from datasets import Archive
from driver import Driver, DriverError
from peers import Entrant
from settings import Settings, rates


@dataclass(frozen=True)
class Runner:
    name: str
    command: tuple[str, ...]
    archive: Archive
    user_records: int  # that it must find; 0 for one that knows of none


def content(settings: Settings, command: tuple[str, ...], archive: Archive) -> dict:
    entrant = Entrant(Path(command[0]).name, "", "thresh", command)
    return contest.content_of(settings, entrant, archive)


def race(settings: Settings, runners: list[Runner]) -> dict:
    """Rates by name, of all drivers in turn."""
    log = settings.build / "logs" / "run-race.log"
    running = {
        runner.name: Driver([*runner.command, str(runner.archive.path)], {}, log)
        for runner in runners
    }
    expected = {runner.name: runner.user_records for runner in runners}
    seconds: dict[str, list[float]] = {name: [] for name in running}
    answers = {name: driver.ask("run") for name, driver in running.items()}
    try:
        for name in contest.turns(list(running), settings.rounds):
            answers[name] = answer = running[name].ask("run")
            if answer["user_records"] != expected[name]:
                raise DriverError(f"{name} found {answer['user_records']} records")
            seconds[name].append(answer["seconds"])
    finally:
        for driver in running.values():
            driver.close()
    return {
        name: rates(answers[name]["bytes"], expected[name], seconds[name])
        for name in running
    }
