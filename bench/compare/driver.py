"""A resident driver: one process, asked over its standard input.

README.md has the protocol.
"""

import json
import os
import select
import subprocess
import threading
import time
from pathlib import Path

TIMEOUT_SECONDS = 600


class DriverError(Exception):
    """A driver did not start, answered with an error, or went away."""


def status_bytes(pid: int, *fields: str) -> dict[str, int]:
    """Returns fields of /proc/PID/status that are sizes, in bytes.

    Empty if the process has gone.
    """
    found = {}
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            for line in status:
                name, _, value = line.partition(":")
                if name in fields:
                    found[name] = int(value.split()[0]) * 1024
    except OSError:
        return {}
    return found


class MemorySampler:
    """Watches the largest RssAnon of a process, every few milliseconds.

    The kernel keeps no high-water mark of it. What lives for less than the
    interval is not seen.
    """

    INTERVAL_SECONDS = 0.004

    def __init__(self, pid: int) -> None:
        self.peak_anon = 0
        self.peak = 0
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.is_set():
            now = status_bytes(self._pid, "RssAnon", "VmHWM")
            self.peak_anon = max(self.peak_anon, now.get("RssAnon", 0))
            self.peak = max(self.peak, now.get("VmHWM", 0))
            self._stop.wait(self.INTERVAL_SECONDS)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


class Driver:
    """Starts `command` and waits until it says that it is ready."""

    def __init__(
        self, command: list[str], environment: dict[str, str], log: Path
    ) -> None:
        # Who calls may have chosen a target; here every driver has its own.
        inherited = {k: v for k, v in os.environ.items() if k != "THRESH_TARGET"}
        with open(log, "ab") as errors:
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    env=inherited | environment,
                )
            except OSError as error:
                raise DriverError(f"{command[0]}: {error.strerror}") from error
        self._log = log
        self._pending = b""
        try:
            self.versions: dict[str, str] = self._read()["versions"]
        except DriverError:
            self.close()
            raise

    def __enter__(self) -> "Driver":
        return self

    def __exit__(self, *unused: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, command: str) -> dict:
        try:
            self._process.stdin.write(command.encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise DriverError(f"it ended early: see {self._log}") from error
        return self._read()

    def peak_rss(self) -> int:
        return status_bytes(self.pid, "VmHWM").get("VmHWM", 0)

    def close(self) -> None:
        try:
            self._process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _read(self) -> dict:
        """Returns the next line, which is JSON, or raises what it complains of."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        output = self._process.stdout.fileno()
        while b"\n" not in self._pending:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([output], [], [], left)[0]:
                raise DriverError(f"no answer within {TIMEOUT_SECONDS} s")
            piece = os.read(output, 1 << 16)
            if not piece:
                raise DriverError(f"it ended early: see {self._log}")
            self._pending += piece
        line, _, self._pending = self._pending.partition(b"\n")
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise DriverError(f"it said {line[:80]!r}") from error
        if "error" in answer:
            raise DriverError(answer["error"])
        return answer
