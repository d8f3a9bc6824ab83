"""Who is compared, and how each is started."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Entrant:
    """One line of the results."""

    name: str
    label: str
    family: str  # peer, thresh (jobs), target (Thresh held to one), limit
    command: tuple[str, ...]  # the archive's path comes behind it
    environment: dict[str, str] = field(default_factory=dict)
    share: int = 1  # gets 1/share of the data set
    container: str = "u32le"
    jobs: int = 1
    target: str = ""
    warm_seconds: float = 0  # at least one pass, and so long

    @property
    def dumps(self) -> bool:
        """Whether it has user records, and can show that they are right."""
        return self.family != "limit"


NOTES = {
    "protobuf": "parses and verifies; is told where records end. The message is"
    " reused, which spares it nearly all allocation.",
    "arena": "the same with a message in an arena of fixed memory that is reset"
    " for each.",
    "java": "one call of AggregatorUtil.deaggregate for each Kinesis record. It also"
    " computes the MD5 of partition keys, to see which shard they belong to. The"
    " garbage collector may use other cores. A call leaves the record's ByteBuffer"
    " read to its end: the driver rewinds it.",
    "go": "one call of DeaggregateRecords for each Kinesis record. Drops explicit"
    " hash keys: its result has no field for them. The garbage collector may use"
    " other cores.",
    "node": "gets buffers, which spares it the decoding of base64; hands out data as"
    " base64. Where some records of an aggregate have an explicit hash key, it gives"
    " those without the first of the table.",
    "python": "gets bytes, as from boto3, which spares it the decoding of base64;"
    " hands out data as base64. Where some records of an aggregate have an explicit"
    " hash key, it gives those without the first of the table.",
}


def available_cores() -> int:
    return len(os.sched_getaffinity(0))


def job_counts() -> list[int]:
    cores = available_cores()
    counts = set(range(1, min(cores, 8) + 1)) | {cores}
    counts |= {1 << i for i in range(cores.bit_length()) if 1 << i <= cores}
    return sorted(counts)


def programs(build: Path) -> Path:
    return build / "cc" / "bench" / "compare"


def targets(build: Path) -> list[str]:
    listing = [str(programs(build) / "compare_thresh"), "--targets"]
    return subprocess.run(
        listing, check=True, capture_output=True, text=True
    ).stdout.split()


def thresh_entrants(build: Path) -> list[Entrant]:
    program = str(programs(build) / "compare_thresh")
    limits = str(programs(build) / "compare_limits")
    all_entrants = [
        Entrant(
            f"thresh-{jobs}",
            f"Thresh, {jobs} job{'s' if jobs > 1 else ''}",
            "thresh",
            (program, "verify", str(jobs), "u32le"),
            jobs=jobs,
        )
        for jobs in job_counts()
    ]
    all_entrants += [
        Entrant(
            "thresh-blobs-1",
            "Thresh, 1 job, blobs back to back",
            "thresh-blobs",
            (program, "verify", "1", "blobs"),
            container="blobs",
        ),
        Entrant(
            "thresh-checksum-1",
            "Thresh, 1 job, with content checksum",
            "thresh-checksum",
            (program, "checksum", "1", "u32le"),
        ),
        Entrant("pages", "page table alone", "limit", (limits, "pages")),
    ]
    for target in targets(build):
        environment = {"THRESH_TARGET": target}
        all_entrants.append(
            Entrant(
                f"thresh-1@{target}",
                f"Thresh, 1 job, {target}",
                "target",
                (program, "verify", "1", "u32le"),
                environment,
                target=target,
            )
        )
        all_entrants.append(
            Entrant(
                f"lanes@{target}",
                f"MD5 alone, {target}",
                "limit",
                (limits, "lanes"),
                environment,
                target=target,
            )
        )
    return all_entrants


def peer_entrants(build: Path, drivers: Path) -> list[Entrant]:
    """The peers, fastest first. Slow ones get part of each data set."""
    protobuf = str(programs(build) / "compare_protobuf")
    java = build / "java"
    return [
        Entrant(
            "protobuf",
            "protobuf C++, reused",
            "peer",
            (protobuf, "reused"),
        ),
        Entrant(
            "arena",
            "protobuf C++, arena",
            "peer",
            (protobuf, "arena"),
        ),
        Entrant(
            "java",
            "Java, KCL AggregatorUtil",
            "peer",
            (
                "java",
                "-cp",
                f"{java / 'driver.jar'}:{java / 'lib'}/*",
                "compare.Driver",
            ),
            share=4,
            warm_seconds=3,
        ),
        Entrant(
            "go",
            "Go, deaggregator v2",
            "peer",
            (str(build / "go" / "driver"),),
            share=4,
        ),
        Entrant(
            "node",
            "Node, aws-kinesis-agg",
            "peer",
            ("node", str(build / "node" / "driver.js")),
            share=16,
            warm_seconds=1,
        ),
        Entrant(
            "python",
            "Python, aws_kinesis_agg",
            "peer",
            (
                str(build / "venv" / "bin" / "python"),
                str(drivers / "python" / "driver.py"),
            ),
            share=16,
        ),
    ]
