"""What is measured beside the contest: memory over size, and the limits."""

import time

import datasets
import peers
from datasets import MIB, Archive
from driver import Driver, DriverError, MemorySampler
from peers import Entrant
from settings import Settings, rates, say


def limits(settings: Settings) -> dict:
    """Memory read by one core, and MD5 of messages in the cache by target."""
    program = str(peers.programs(settings.build) / "compare_limits")
    # Beyond the last cache of most machines; see the README.
    size = (256 if settings.quick else 1024) * MIB
    commands = {"memory_read": ([program, "memory", str(size)], {})}
    for target in peers.targets(settings.build):
        commands[f"md5@{target}"] = ([program, "hot"], {"THRESH_TARGET": target})
    found = {}
    for name, (command, environment) in commands.items():
        log = settings.build / "logs" / "run-limits.log"
        try:
            with Driver(command, environment, log) as driver:
                driver.ask("run")  # warm
                answers = [driver.ask("run") for _ in range(settings.rounds)]
        except DriverError as error:
            settings.skip(name, str(error))
            continue
        seconds = [answer["seconds"] for answer in answers]
        found[name] = rates(answers[0]["bytes"], 0, seconds)
    return found


def memory_point(settings: Settings, entrant: Entrant, archive: Archive) -> dict:
    """Passes for half a second, which even a sampler sees the peak of."""
    with settings.start(entrant, archive) as driver:
        sampler = MemorySampler(driver.pid)
        begun = time.monotonic()
        try:
            driver.ask("run")
            while time.monotonic() - begun < 0.5:
                driver.ask("run")
        finally:
            sampler.stop()
        return {
            "bytes": archive.bytes,
            "peak_rss_bytes": driver.peak_rss(),
            "peak_rss_anon_bytes": sampler.peak_anon,
        }


def memory(settings: Settings) -> dict:
    """Peak memory of passes over ever more of the data set `small`."""
    recipe = datasets.RECIPES[0]
    whole, _ = datasets.make(settings.thresh, recipe, settings.bytes, settings.data)
    archives = [datasets.prefix(whole, settings.bytes // share) for share in (32, 8, 2)]
    points: dict[str, list] = {}
    for entrant in settings.entrants:
        if entrant.family not in ("peer", "thresh"):
            continue
        try:
            points[entrant.name] = [
                memory_point(settings, entrant, archive) for archive in archives
            ]
        except DriverError as error:
            say(f"   memory of {entrant.name}: {error}")
    return {"dataset": recipe.name, "points": points}
