"""What the tests of `thresh replay` work with: a service, archives, and checks."""
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import service

SKIPPED = 77
SHARDS = 3
RECORDS = 14000


def fail(message):
    sys.exit("replay.py: " + message)


def check(holds, message):
    if not holds:
        fail(message)


def install(directory):
    reason = None
    if not shutil.which("node") or not shutil.which("npm"):
        reason = "there is no node or npm; tools/scripts/deps.sh service installs them"
    else:
        script = os.path.join(os.path.dirname(__file__), "install.sh")
        run = subprocess.run([script, directory], stdin=subprocess.DEVNULL,
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if run.returncode != 0:
            reason = "the service cannot be installed:\n" + run.stdout.decode()
    if reason and os.environ.get("THRESH_REQUIRE_KINESIS"):
        fail(reason)
    if reason:
        print("skipped: " + reason)
        sys.exit(SKIPPED)


def interrupt(process):
    """Sends SIGINT, and waits until a thread of the process has taken it."""
    process.send_signal(signal.SIGINT)
    while True:
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
            fields = dict(line.split(":", 1) for line in status)
        if not int(fields["ShdPnd"], 16) & 1 << signal.SIGINT - 1:
            return
        time.sleep(0.001)


class Bench:
    """The program, a service behind its proxy, and a directory."""

    def __init__(self, program, local, directory):
        self.program = program
        self.local = local
        self.proxy = service.Proxy(local.url)
        self.directory = directory
        self.streams = 0
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": directory,
            "AWS_ACCESS_KEY_ID": service.KEY_ID,
            "AWS_SECRET_ACCESS_KEY": service.SECRET,
            "AWS_SESSION_TOKEN": service.TOKEN,
            "AWS_REGION": service.REGION}
        self.archive = self.path("archive")
        # Some records have the hash keys of other shards than their keys.
        self.run("generate", "-q", "-o", self.archive, "--records",
                 str(RECORDS), "--record-size", "50..2kB",
                 "--explicit-hash-keys", "0.2")
        self.checksum = self.checksum_of(self.archive)["content_checksum"]

    def path(self, name):
        return os.path.join(self.directory, name)

    def command(self, stream, *arguments):
        return [self.program, "replay", self.archive, "--stream", stream,
                "--endpoint", self.proxy.url, "--summary", "json", *arguments]

    def run(self, *arguments, status=0):
        """Runs the program; returns what it printed, and its messages."""
        run = subprocess.run(
            [self.program, *arguments], env=self.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=120)
        check(run.returncode == status,
              f"{arguments}: status {run.returncode}:\n{run.stderr.decode()}")
        check(service.SECRET.encode() not in run.stdout + run.stderr,
              "the secret is printed")
        return run.stdout.decode(), run.stderr.decode()

    def replay(self, stream, *arguments, status=0):
        out, messages = self.run(*self.command(stream, *arguments)[1:],
                                 status=status)
        return json.loads(out)["replay"], messages

    def new_stream(self):
        self.proxy.reset()
        self.streams += 1
        name = f"stream-{self.streams}"
        self.local.create(name, SHARDS)
        return name

    def replay_with_faults(self, stream, library, *arguments, **faults):
        """With tests/faults/shim.cc between the program and its files. Returns
        the exit status, what was printed, and how many calls there were: None
        if the program was killed."""
        counted = self.path("calls")
        environment = self.environment | {
            "LD_PRELOAD": library, "THRESH_FAULTS_UNDER": self.directory,
            "THRESH_FAULTS_COUNT": counted}
        for name, value in faults.items():
            environment["THRESH_FAULTS_" + name.upper()] = str(value)
        run = subprocess.run(
            self.command(stream, *arguments), env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, timeout=120)
        calls = None
        if run.returncode != -signal.SIGKILL:
            with open(counted, encoding="ascii") as file:
                calls = int(file.read())
        return run.returncode, run.stdout + run.stderr, calls

    def start(self, stream, *arguments, behind):
        """Starts `thresh replay`. `behind` is called with the process in the
        place of the proxy's: its answers wait until there is one."""
        started = threading.Event()
        running = []

        def call(number):
            started.wait()
            return behind(running[0], number)

        self.proxy.behind = call
        running.append(subprocess.Popen(
            self.command(stream, *arguments), env=self.environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE))
        started.set()
        return running[0]

    def checksum_of(self, *inputs, only=()):
        out, _ = self.run("deaggregate", *inputs, *only, "--format", "null",
                          "--content-checksum", "--on-suspect", "fail",
                          "-o", "/dev/null", "--summary", "json")
        return json.loads(out)

    def read_back(self, stream):
        """The files with what each shard has, and the summary of all."""
        files = []
        for shard in self.local.shards(stream):
            file = self.path(f"{stream}-{shard['ShardId']}.json")
            with open(file, "w", encoding="utf-8") as out:
                for reply in self.local.read(stream, shard):
                    json.dump(reply, out)
                    out.write("\n")
            files.append((file, shard["HashKeyRange"]))
        return files, self.checksum_of(*(file for file, _ in files))

    def check_same(self, stream):
        files, summary = self.read_back(stream)
        check(summary["content_checksum"] == self.checksum,
              f"{stream} has other records: {summary}")
        return files

    def check_duplicates(self, stream, most, least=1):
        """Every record is there, and no fewer and no more than so many
        twice."""
        files, summary = self.read_back(stream)
        once = self.checksum_of(*(file for file, _ in files),
                              only=("--dedupe", "content"))
        check(once["content_checksum"] == self.checksum,
              f"{stream} lacks records: {once}")
        twice = summary["user_records"] - RECORDS
        check(least <= twice <= most, f"{twice} records are there twice")
