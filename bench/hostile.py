#!/usr/bin/env python3
"""Times the program, and takes its peak of memory, on inputs that were made to
cost much: small files of which each would be slow, large or wrong for a reader
that trusts its input. Prints a table in Markdown.

usage: bench/hostile.py THRESH [SIZE]     SIZE: bytes of an input, about 1000000

A command that takes longer than ten seconds is stopped.
"""

import hashlib
import os
import re
import struct
import subprocess
import sys
import tempfile
import time

MAGIC = b"\xf3\x89\x9a\xc2"
SECONDS = 10
XXHASH_HEADER = "/usr/include/xxhash.h"


def varint(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out) + bytes([value])


def field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def user_record(key, data):
    return field(3, b"\x08" + varint(key) + field(3, data))


def seal(message):
    return MAGIC + message + hashlib.md5(message).digest()


def blob(keys, records):
    return seal(b"".join(field(1, key) for key in keys) + b"".join(user_record(*record) for record in records))


def public_secret():
    """XXH3's, which hashes without a secret of one's own are made with."""
    with open(XXHASH_HEADER, encoding="ascii", errors="replace") as file:
        text = file.read()
    begin = text.index("{", text.index("kSecret[XXH_SECRET_DEFAULT_SIZE]"))
    numbers = re.findall(r"0x([0-9a-f]{2})\b", text[begin : text.index("}", begin)])
    return bytes(int(number, 16) for number in numbers)


def colliding_keys(secret, count):
    """For keys of 17 to 128 bytes XXH3 multiplies two words, each combined with
    the secret: a first word that makes zero hides the second."""
    return [secret[:8] + struct.pack("<Q", i * 0x2545F4914F6CDD1D & (2**64 - 1)) + b"k" * 16 for i in range(count)]


def colliding_data(secret, key, count):
    """For long messages XXH3 multiplies the halves of each word, and adds the
    word to its neighbor's sum: in two words, of two stripes, that make zero,
    only the sum of the others' halves is seen."""
    # What is hashed of a record begins with its lengths and the key.
    before = 24 + len(key)
    result = []
    for i in range(count):
        high = i * 0x9E3779B1 & 0xFFFFFFFF
        hashed = bytearray(b"d" * 448)
        for stripe, half in ((2, high), (3, -high & 0xFFFFFFFF)):
            low = secret[8 * stripe : 8 * stripe + 4]
            hashed[64 * stripe : 64 * stripe + 8] = low + struct.pack("<I", half)
        result.append(bytes(hashed[before:]))
    return result


def inputs(size):
    secret = public_secret()
    fields = (MAGIC + b"\x0a\x04") * (size // 6)
    yield "magics, each before fields to the end", "blobs", fields + MAGIC
    sound = blob([b"k"], [(0, b"d" * 100)] * 100)
    yield "the same as data of a blob", "blobs", sound + blob([b"k"], [(0, fields)]) + sound
    damaged = bytearray(blob([b"k"], [(0, fields)]))
    damaged[12] ^= 1
    yield "the same with a bit changed", "blobs", sound + bytes(damaged) + sound
    count = size // 18
    yield "keys that collide under XXH3's secret", "blobs", blob(
        colliding_keys(secret, count), [(i, b"d") for i in range(count)]
    )
    yield "records that do", "blobs", blob([b"tenant"], [(0, data) for data in colliding_data(secret, b"tenant", size // 512)])
    yield "a long key and many records", "blobs", blob([b"k" * (size // 50)], [(0, b"")] * (size // 100))
    yield "empty aggregates", "blobs", seal(b"") * (size // 20)
    yield "empty records", "u32le", bytes(size)
    yield "lines that are not base64", "base64-lines", b"!\n" * (size // 2)
    yield "empty records in JSON", "json", b'{"recordId":"","data":""}\n' * (size // 26)
    large = struct.pack("<I", 4 << 20) + b"x" * (4 << 20)
    yield "80 MiB of large records, then empty ones", "u32le", large * 20 + bytes(size)


def run(command):
    """Seconds and MiB at the peak, as text. GNU time takes the latter, since a
    child of this process would begin with this one's."""
    start = time.monotonic()
    measured = ["/usr/bin/time", "-q", "-f", "%M", "timeout", str(SECONDS), *command]
    done = subprocess.run(measured, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    seconds = time.monotonic() - start
    error = done.stderr.decode(errors="replace")
    if done.returncode == 124:
        return f"> {SECONDS} s"
    memory = f"{int(error.split()[-1]) / 1024:.0f} MiB"
    if done.returncode in (0, 1):
        return f"{seconds:.2f} s, {memory}"
    return f"exit code {done.returncode}, {memory}"


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    program = os.path.abspath(sys.argv[1])
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 1000000
    commands = {
        "verify": ["verify"],
        "deaggregate": ["deaggregate", "-o", "/dev/null", "--on-suspect", "pass"],
        "with `--dedupe content`": ["deaggregate", "-o", "/dev/null", "--on-suspect", "pass", "--dedupe", "content"],
        "stats": ["stats", "--json"],
        "inspect": ["inspect", "--json"],
    }
    print("| input | MB | " + " | ".join(commands) + " |")
    print("|---|---|" + "---|" * len(commands))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "input")
        for name, container, content in inputs(size):
            with open(path, "wb") as file:
                file.write(content)
            row = [name, f"{len(content) / 1e6:.1f}"]
            for arguments in commands.values():
                row.append(run([program, *arguments, "--container", container, "-j", "2", path]))
            print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
