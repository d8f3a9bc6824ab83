"""Driver of the comparison: AWS's aws_kinesis_agg for Python.

usage: driver.py FILE, a u32le archive: records go in as boto3 delivers them, as
bytes, which spares the module the base64 that Lambda puts around them. Or
driver.py --lambda FILE, an event of Lambda on each line: the JSON is parsed and
the base64 decoded every time. Or driver.py --pack BLOB_BYTES FILE, the way back:
the user records of a u32le archive are packed anew by the module's aggregator.
README.md beside run.sh has the protocol.
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

from aws_kinesis_agg.aggregator import RecordAggregator
from aws_kinesis_agg.deaggregator import iter_deaggregate_records
from google.protobuf.internal import api_implementation


def kinesis_record(data: bytes) -> dict:
    return {
        "SequenceNumber": "0",
        "PartitionKey": "a",
        "ApproximateArrivalTimestamp": None,
        "Data": data,
    }


def load(path: str) -> tuple[list[dict], int]:
    """Returns the archive's Kinesis records as boto3 has them, and its size."""
    with open(path, "rb") as file:
        content = file.read()
    records = []
    at = 0
    while at < len(content):
        (length,) = struct.unpack_from("<I", content, at)
        at += 4
        records.append(kinesis_record(content[at : at + length]))
        at += length
    return records, len(content)


class Blobs:
    """A u32le archive."""

    def __init__(self, path: str) -> None:
        self._records, self.size = load(path)

    def user_records(self) -> Iterator[dict]:
        for user in iter_deaggregate_records(self._records, data_format="Boto3"):
            yield user["kinesis"]


class Packer:
    """The user records of a u32le archive, and blobs made of them."""

    def __init__(self, blob_bytes: int, path: str) -> None:
        self._blob_bytes = blob_bytes
        self._records = [
            (
                user["partitionKey"],
                base64.b64decode(user["data"]),
                user["explicitHashKey"],
            )
            for user in Blobs(path).user_records()
        ]

    def pack(self) -> list[bytes]:
        aggregator = RecordAggregator(self._blob_bytes)
        blobs = []
        for record in self._records:
            full = aggregator.add_user_record(*record)
            if full:
                blobs.append(full.get_contents()[2])
        rest = aggregator.clear_and_get()
        if rest:
            blobs.append(rest.get_contents()[2])
        return blobs

    def run(self) -> dict:
        begun = time.perf_counter()
        blobs = self.pack()
        taken = time.perf_counter() - begun
        packed = sum(len(blob) for blob in blobs)
        return {
            "seconds": taken,
            "user_records": len(self._records),
            "bytes": packed,
        }

    def user_records(self) -> Iterator[dict]:
        """Those of the blobs, read back."""
        records = [kinesis_record(blob) for blob in self.pack()]
        for user in iter_deaggregate_records(records, data_format="Boto3"):
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


def dump(archive: Blobs | LambdaEvents | Packer, path: str) -> dict:
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
    if sys.argv[1] == "--pack":
        archive = Packer(int(sys.argv[2]), sys.argv[3])
    else:
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
            answer(archive.run() if isinstance(archive, Packer) else run(archive))
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
