"""Driver of the comparison: AWS's aws_kinesis_agg for Python.

usage: driver.py FILE, a u32le archive: records go in as boto3 delivers them, as
bytes, which spares the module the base64 that Lambda puts around them. Or
driver.py --lambda FILE, an event of Lambda on each line: the JSON is parsed and
the base64 decoded every time. README.md beside run.sh has the protocol.
"""

import base64
import io
import json
import platform
import struct
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version

from aws_kinesis_agg.deaggregator import iter_deaggregate_records
from google.protobuf.internal import api_implementation


def load(path: str) -> tuple[list[dict], int]:
    """Returns the archive's Kinesis records as boto3 has them, and its size."""
    with open(path, "rb") as file:
        content = file.read()
    records = []
    at = 0
    while at < len(content):
        (length,) = struct.unpack_from("<I", content, at)
        at += 4
        records.append(
            {
                "SequenceNumber": "0",
                "PartitionKey": "a",
                "ApproximateArrivalTimestamp": None,
                "Data": content[at : at + length],
            }
        )
        at += length
    return records, len(content)


class Blobs:
    """A u32le archive."""

    def __init__(self, path: str) -> None:
        self._records, self.size = load(path)

    def user_records(self) -> Iterator[dict]:
        for user in iter_deaggregate_records(self._records, data_format="Boto3"):
            yield user["kinesis"]


class LambdaEvents:
    """Events of Lambda, one a line, as text."""

    def __init__(self, path: str) -> None:
        with open(path, "rb") as file:
            self._content = file.read()
        self.size = len(self._content)

    def user_records(self) -> Iterator[dict]:
        for line in io.BytesIO(self._content):
            records = json.loads(line)["Records"]
            for user in iter_deaggregate_records(records, data_format="Lambda"):
                yield user["kinesis"]


def run(archive: Blobs | LambdaEvents) -> dict:
    begun = time.perf_counter()
    count = 0
    touched = 0
    for user in archive.user_records():
        if not user.get("aggregated"):
            raise ValueError("a record did not verify")
        touched += len(user["partitionKey"]) + len(user["data"])
        count += 1
    taken = time.perf_counter() - begun
    return {"seconds": taken, "user_records": count, "bytes": archive.size}


def dump(archive: Blobs | LambdaEvents, path: str) -> dict:
    """Writes every user record in the canonical encoding."""
    count = 0
    with open(path, "wb") as out:
        for user in archive.user_records():
            key = user["partitionKey"].encode()
            hash_key = user["explicitHashKey"]
            hash_key_bytes = b"" if hash_key is None else hash_key.encode()
            hash_key_length = 0 if hash_key is None else len(hash_key_bytes) + 1
            data = base64.b64decode(user["data"])
            out.write(struct.pack("<QQQ", len(key) + 1, hash_key_length, len(data) + 1))
            out.write(key + hash_key_bytes + data)
            count += 1
    return {"user_records": count}


def answer(message: dict) -> None:
    print(json.dumps(message), flush=True)


def main() -> None:
    kind = LambdaEvents if sys.argv[1] == "--lambda" else Blobs
    archive = kind(sys.argv[-1])
    versions = {
        "aws_kinesis_agg": version("aws_kinesis_agg"),
        "protobuf": f"{version('protobuf')}, backend {api_implementation.Type()}",
        "python": platform.python_version(),
    }
    answer({"ready": True, "versions": versions})
    for line in sys.stdin:
        command, _, argument = line.rstrip("\n").partition(" ")
        if command == "run":
            answer(run(archive))
        elif command == "dump":
            answer(dump(archive, argument))
        else:
            raise ValueError(f"unknown command: {command}")


if __name__ == "__main__":
    try:
        main()
    except Exception as error:  # compare.py is to hear of it, whatever it is
        answer({"error": f"{type(error).__name__}: {error}"})
        sys.exit(3)
