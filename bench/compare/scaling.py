"""Measures the `thresh` program, as a process, over what an archive can be.

One thing is varied at a time: the size of the input, as files and through a
pipe; the number of files; the size of blobs; the size of records. Writes JSON.
Times are of whole processes, start and end included.
"""

import argparse
import datetime
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import datasets
import machine
from driver import MemorySampler, status_bytes
from settings import HERE, rates, say

PIPE_BYTES = 1 << 20
LINKS_PER_FILE = 10_000  # file systems allow some ten thousand links to a file
FILES_PER_DIRECTORY = 1_000

NOTES = (
    "bytes are those of the container, 10^9 to a GB. peak_rss_bytes is ru_maxrss of"
    " wait4, which counts the pages of mapped files that were resident. Where the"
    " process is smaller than the one that started it, which ru_maxrss cannot tell,"
    " it is the largest VmHWM that sampling saw.",
    "peak_rss_anon_bytes is the largest RssAnon seen by sampling every 4 ms in a run"
    " that is not timed: memory of its own. Runs of a few milliseconds are over"
    " before there is much to see.",
    "Inputs larger than one file are the same file named, or piped, many times: all"
    " of it comes out of the page cache.",
)


@dataclass(frozen=True)
class Extremes:
    """How far each sweep goes."""

    sizes: tuple[int, ...]
    base_bytes: int  # the file that larger inputs repeat
    files: tuple[int, ...]
    files_bytes: int  # in all files together
    blobs: tuple[str, ...]
    records: tuple[int, ...]
    sweep_bytes: int  # of each archive in the sweeps of blobs and records
    records_blob: str


FULL = Extremes(
    sizes=(10**7, 10**8, 10**9, 5 * 10**9, 20 * 10**9),
    base_bytes=10**8,
    files=(1, 10, 100, 1_000, 10_000, 100_000),
    files_bytes=10**8,
    blobs=("1KiB", "10KiB", "100KiB", "1MiB", "10MiB"),
    records=(1, 10, 100, 1_000, 10_000, 100_000, 1_000_000),
    sweep_bytes=256 * 10**6,
    records_blob="2MiB",
)
QUICK = Extremes(
    sizes=(2 * 10**6, 10**7, 10**8),
    base_bytes=10**7,
    files=(1, 10, 100, 1_000),
    files_bytes=8 * 10**6,
    blobs=("1KiB", "50KiB", "1MiB"),
    records=(1, 100, 10_000),
    sweep_bytes=8 * 10**6,
    records_blob="1MiB",
)


@dataclass(frozen=True)
class Input:
    words: tuple[str, ...]  # the command line's inputs
    piped: tuple[Path, int] | None = None  # a file, and how often it is piped


def feed(path: Path, times: int, pipe: int) -> None:
    """Moves the file's pages into the pipe; no byte passes through here."""
    size = path.stat().st_size
    try:
        with open(path, "rb") as file:
            for _ in range(times):
                at = 0
                while at < size:
                    at += os.splice(file.fileno(), pipe, size - at, offset_src=at)
    except BrokenPipeError:
        pass  # the program's exit status says why
    finally:
        os.close(pipe)


class Study:
    def __init__(self, options: argparse.Namespace) -> None:
        self.thresh: Path = options.build / "cc" / "tools" / "cli" / "thresh"
        self.data: Path = options.build / "data"
        self.rounds: int = options.rounds or (2 if options.quick else 3)
        self.extremes = QUICK if options.quick else FULL

    # -------------------------------------------------------------- processes

    def run_once(self, given: Input, sampled: bool) -> dict:
        command = [str(self.thresh), "deaggregate", "--format", "null", "--quiet"]
        command += ["--summary", "json", "--container", "blobs", *given.words]
        reader, writer = os.pipe() if given.piped else (None, None)
        with tempfile.TemporaryFile() as said:
            begun = time.monotonic()
            process = subprocess.Popen(command, stdin=reader, stderr=said)
            sampler = MemorySampler(process.pid) if sampled else None
            if given.piped:
                os.close(reader)
                fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
                threading.Thread(target=feed, args=(*given.piped, writer)).start()
            _, status, usage = os.wait4(process.pid, 0)
            taken = time.monotonic() - begun
            process.returncode = os.waitstatus_to_exitcode(status)
            if sampler:
                sampler.stop()
            said.seek(0)
            text = said.read().decode()
        if process.returncode != 0:
            raise SystemExit(f"scaling.py: {' '.join(command)[:300]}: {text}")
        run = {"seconds": taken, "peak": usage.ru_maxrss * 1024}
        run["summary"] = json.loads(text)
        if sampler:
            run |= {"sampled_peak": sampler.peak, "sampled_anon": sampler.peak_anon}
        return run

    def point(self, value: int, kind: str, given: Input) -> dict:
        watched = self.run_once(given, sampled=True)
        runs = [self.run_once(given, sampled=False) for _ in range(self.rounds)]
        summary = watched["summary"]
        for run in runs:
            same = ("kinesis_records", "user_records", "user_bytes")
            if any(run["summary"][name] != summary[name] for name in same):
                raise SystemExit("scaling.py: two runs counted differently")
        # A child inherits the peak of the process that started it.
        peak = max(run["peak"] for run in [watched, *runs])
        if peak <= status_bytes(os.getpid(), "VmHWM")["VmHWM"]:
            peak = watched["sampled_peak"]
        found = {
            "value": value,
            "input": kind,
            "bytes": summary["bytes"],
            "user_records": summary["user_records"],
            "peak_rss_bytes": peak,
            "peak_rss_anon_bytes": watched["sampled_anon"],
        }
        seconds = [run["seconds"] for run in runs]
        found |= rates(summary["bytes"], summary["user_records"], seconds)
        rate = found["gb_per_second"]["best"]
        say(f"   {value:>14,} {kind:6} {rate:7.3f} GB/s {peak / 1e6:9.1f} MB")
        return found

    # ----------------------------------------------------------------- sweeps

    def archive(
        self, name: str, byte_count: int, record: int = 100, blob: str = "50KiB"
    ) -> Path:
        """Makes an archive of about so many bytes."""
        path = self.data / name
        records = max(1, round(byte_count / (record + 21)))
        arguments = ("--records", str(records), "--record-size", str(record))
        datasets.generate(self.thresh, (*arguments, "--blob-size", blob), path)
        return path

    def sizes(self) -> list[dict]:
        points = []
        base = self.archive("base", self.extremes.base_bytes)
        for size in self.extremes.sizes:
            path, times = base, round(size / self.extremes.base_bytes)
            if times == 0:
                path, times = self.archive("smaller", size), 1
            points.append(self.point(size, "files", Input((str(path),) * times)))
            points.append(self.point(size, "pipe", Input(("-",), (path, times))))
        return points

    def link_files(self, count: int) -> Path:
        """Makes a directory of so many equal files, most of them hard links."""
        top = self.data / f"files-{count}"
        each = self.extremes.files_bytes // count
        original = self.archive("original", each, blob=f"{min(max(each, 1024), 51200)}")
        for index in range(count):
            directory = top / f"{index // FILES_PER_DIRECTORY:04}"
            if index % FILES_PER_DIRECTORY == 0:
                directory.mkdir(parents=True)
            path = directory / f"{index % FILES_PER_DIRECTORY:04}"
            if index % LINKS_PER_FILE == 0:
                source = path
                shutil.copyfile(original, path)
            else:
                os.link(source, path)
        return top

    def files(self) -> list[dict]:
        points = []
        for count in self.extremes.files:
            top = self.link_files(count)
            points.append(self.point(count, "files", Input((str(top),))))
            shutil.rmtree(top)
        return points

    def blobs(self) -> list[dict]:
        points = []
        for blob in self.extremes.blobs:
            path = self.archive("blobs", self.extremes.sweep_bytes, blob=blob)
            given = Input((str(path),))
            points.append(self.point(datasets.parse_size(blob), "files", given))
        return points

    def records(self) -> list[dict]:
        points = []
        for record in self.extremes.records:
            size, blob = self.extremes.sweep_bytes, self.extremes.records_blob
            path = self.archive("records", size, record, blob)
            points.append(self.point(record, "files", Input((str(path),))))
        return points

    def all(self) -> dict:
        sweeps = {}
        for name, sweep in (
            ("input_bytes", self.sizes),
            ("files", self.files),
            ("blob_bytes", self.blobs),
            ("record_bytes", self.records),
        ):
            say(f"== {name}")
            shutil.rmtree(self.data, ignore_errors=True)
            self.data.mkdir(parents=True)
            sweeps[name] = sweep()
        shutil.rmtree(self.data)
        return sweeps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="build/compare")
    parser.add_argument("--out", type=Path, required=True, help="the JSON to write")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int)
    options = parser.parse_args()
    study = Study(options)
    sweeps = study.all()
    now = datetime.datetime.now(datetime.timezone.utc)
    results = {
        "date": now.isoformat(timespec="seconds"),
        "revision": machine.revision(HERE),
        "quick": options.quick,
        "rounds": study.rounds,
        "machine": machine.describe(),
        "compiler": machine.compiler(options.build),
        "command": "thresh deaggregate --format null --container blobs",
        "jobs": "one per core",
        "notes": NOTES,
        "sweeps": sweeps,
    }
    options.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
