#!/usr/bin/env python3
"""`thresh replay` against a real Kinesis of this machine alone.

    usage: replay.py PROGRAM DIRECTORY [FAULTS]

Installs the service into DIRECTORY (install.sh), sends archives to streams of
three shards, reads these back, and compares what is in them. FAULTS is the
library of tests/faults/; without it no calls on files fail. Without node and
npm the test is skipped (77), or fails if THRESH_REQUIRE_KINESIS is set.
"""
import errno
import json
import os
import signal
import subprocess
import sys
import tempfile

import service
from bench import RECORDS, Bench, check, fail, install, interrupt


def test_dry_run(bench):
    stream = bench.new_stream()
    would, _ = bench.replay(stream, "--dry-run", "--checkpoint",
                            bench.path("dry"))
    check(would["complete"] and would["records"] == RECORDS, str(would))
    check(not bench.proxy.puts, "a dry run sent something")
    check(bench.read_back(stream)[1]["user_records"] == 0, "and it arrived")
    check(not os.path.exists(bench.path("dry")), "a dry run left a checkpoint")
    sent, _ = bench.replay(stream)
    for name in ("kinesis_records", "bytes", "records"):
        check(sent[name] == would[name], f"{name}: {sent} {would}")
    # Small rests wait for each other, and not in both runs for the same ones.
    check(sent["seconds"] >= would["seconds"] - 0.25, f"{sent} {would}")
    bench.check_same(stream)


def test_trouble(bench):
    """Refused records, refused requests, a lost connection."""
    stream = bench.new_stream()
    bench.proxy.trouble = lambda number: {
        0: lambda i: i % 3 == 0, 1: 500, 2: 503, 3: lambda i: True,
        4: lambda i: i == 1}.get(number)
    sent, _ = bench.replay(stream)
    check(sent["failed_requests"] == 2 and sent["refused"] > 2, str(sent))
    check(bench.proxy.unsigned == 0, "a signature is wrong")
    files = bench.check_same(stream)
    # The KCL drops an aggregate that has a record of another shard.
    for file, hash_keys in files:
        span = (hash_keys["StartingHashKey"] + "-" +
                hash_keys["EndingHashKey"])
        kept = bench.checksum_of(file, only=(
            "--hash-range", span, "--hash-range-mode", "aggregate"))
        check(kept["user_records"] > 0 and kept["filtered_records"] == 0,
              f"{file} has records of other shards: {kept}")


def test_lost_reply(bench):
    """What was stored, and the reply lost, is sent again."""
    stream = bench.new_stream()
    bench.proxy.keep_alive = False
    bench.proxy.behind = lambda number: number != 1
    sent, _ = bench.replay(stream)
    check(sent["failed_requests"] == 1, str(sent))
    check(sent["requests"] == len(bench.proxy.puts), str(sent))
    bench.check_duplicates(stream, most=RECORDS)
    # On a connection that was in use before, libcurl may send it again unasked:
    # it does unless it has been told to go on with a large request.
    stream = bench.new_stream()
    bench.proxy.behind = lambda number: number != 1
    sent, _ = bench.replay(stream)
    check(sent["failed_requests"] <= 1, str(sent))
    bench.check_duplicates(stream, most=RECORDS)


def test_killed(bench):
    """Killed when the service had a request, and its reply was on its way."""
    stream = bench.new_stream()
    checkpoint = ("--checkpoint", bench.path("killed"))

    # There are two requests at least: no shard may be sent all at once.
    def behind(process, number):
        if number == 1:
            process.kill()
            process.wait()
        return number != 1

    process = bench.start(stream, *checkpoint, behind=behind)
    process.communicate(timeout=300)
    check(process.returncode == -signal.SIGKILL, "it was not killed")
    bench.proxy.behind = lambda number: True
    sent, _ = bench.replay(stream, *checkpoint)
    check(sent["complete"] and sent["sent_before"] > 0, str(sent))
    check(sent["records"] + sent["sent_before"] == RECORDS, str(sent))
    bench.check_duplicates(stream, most=sent["records"])
    # And once more there is nothing to do.
    puts = len(bench.proxy.puts)
    again, _ = bench.replay(stream, *checkpoint)
    check(again["complete"] and again["records"] == 0, str(again))
    check(len(bench.proxy.puts) == puts, "it sent something again")


def test_interrupted(bench):
    """Ctrl-C ends behind the request under way: nothing is sent twice."""
    stream = bench.new_stream()
    checkpoint = ("--checkpoint", bench.path("interrupted"))

    # Before the last request: there are two at least.
    def behind(process, number):
        if number == 0:
            interrupt(process)
        return True

    process = bench.start(stream, *checkpoint, behind=behind)
    out, messages = process.communicate(timeout=300)
    check(process.returncode == 3 and b"interrupted" in messages,
          f"status {process.returncode}: {messages.decode()}")
    check(not json.loads(out)["replay"]["complete"], out.decode())
    sent, _ = bench.replay(stream, *checkpoint)
    check(sent["sent_before"] > 0, str(sent))
    bench.check_same(stream)
    # Other inputs are not to be gone on with.
    other = bench.path("other")
    bench.run("generate", "-q", "-o", other, "--records", "10")
    _, messages = bench.run(
        "replay", other, "--stream", stream, "--endpoint", bench.proxy.url,
        *checkpoint, status=2)
    check("other inputs" in messages, messages)


def test_other_shards(bench):
    """A stream that is resharded meanwhile: told, and none too many sent."""
    stream = bench.new_stream()
    checkpoint = ("--checkpoint", bench.path("resharded"))
    bench.proxy.behind = lambda number: number != 0 or (
        bench.local.split(stream) or True)
    sent, messages = bench.replay(stream, *checkpoint, status=3)
    check("the shards of the stream have changed" in messages, messages)
    check(len(bench.proxy.puts) == 2 and not sent["complete"], str(sent))
    _, messages = bench.replay(stream, *checkpoint, status=2)
    check("other shards than the stream has now" in messages, messages)
    # The closed shard is no longer one to send to.
    sent, _ = bench.replay(stream, "--limit", "1000")
    check(sent["complete"] and sent["records"] == 1000, str(sent))


def test_encrypted(bench):
    """Only an endpoint that somebody vouches for gets anything."""
    certificate = bench.path("certificate.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
         "2", "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", certificate, "-out", certificate + ".public"],
        check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(certificate, "a", encoding="ascii") as out:
        out.write(open(certificate + ".public", encoding="ascii").read())
    stream = bench.new_stream()
    plain = bench.proxy
    bench.proxy = service.Proxy(bench.local.url, certificate)
    _, messages = bench.replay(stream, status=3)
    check("certificate" in messages and "AWS_CA_BUNDLE" in messages, messages)
    check(not bench.proxy.puts, "a stranger got something")
    bench.environment["AWS_CA_BUNDLE"] = certificate + ".public"
    # The connection is lost while a request is being written.
    bench.proxy.behind = lambda number: number != 0 or hang_up(bench)
    sent, _ = bench.replay(stream)
    check(sent["failed_requests"] > 0, str(sent))
    bench.check_same(stream)
    del bench.environment["AWS_CA_BUNDLE"]
    bench.proxy = plain


def hang_up(bench):
    bench.proxy.hang_up = 3
    return True


def test_requests(bench):
    """Documents as the AWS CLI takes them; here of what a stream has."""
    source = bench.new_stream()
    bench.replay(source, "--aggregate", "none", "--on-unsendable", "fail",
                 "--limit", "700")
    documents = bench.path("requests.jsonl")
    files, before = bench.read_back(source)
    check(before["user_records"] == 700, str(before))
    with open(documents, "w", encoding="utf-8") as out:
        for file, _ in files:
            for line in open(file, encoding="utf-8"):
                records = [{name: record[name]
                            for name in ("Data", "PartitionKey")}
                           for record in json.loads(line)["Records"]]
                json.dump({"StreamName": "x", "Records": records}, out)
                out.write("\n")
    stream = bench.new_stream()
    out, _ = bench.run("replay", "--requests", documents, "--stream", stream,
                       "--endpoint", bench.proxy.url, "--summary", "json")
    check(json.loads(out)["replay"]["kinesis_records"] == 700, out)
    after = bench.read_back(stream)[1]
    check(after["content_checksum"] == before["content_checksum"],
          f"{before} {after}")


def test_errors(bench):
    bench.proxy.reset()
    _, messages = bench.replay("absent", status=3)
    check("ResourceNotFoundException" in messages and "region" in messages,
          messages)
    stream = bench.new_stream()
    bench.environment["AWS_SECRET_ACCESS_KEY"] = "wrong"
    _, messages = bench.replay(stream, status=3)
    bench.environment["AWS_SECRET_ACCESS_KEY"] = service.SECRET
    check("InvalidSignatureException" in messages and "clock" in messages,
          messages)
    # For a while, a service that refuses everything; then the end, and told.
    bench.proxy.trouble = lambda number: 503
    sent, messages = bench.replay(stream, "--attempts", "3", status=3)
    check("given up after 3 attempts" in messages, messages)
    check(not sent["complete"] and sent["requests"] == 3, str(sent))
    check(bench.read_back(stream)[1]["user_records"] == 0, "it sent something")


def test_faults(bench, library):
    """Calls on files that end early or are interrupted change nothing; after
    one that failed, or before which the program was killed, the next run sends
    what is left."""
    calls = None
    for seed in range(1, 4):
        stream = bench.new_stream()
        status, printed, calls = bench.replay_with_faults(
            stream, library, "--checkpoint", bench.path(f"seed-{seed}"),
            seed=seed)
        check(status == 0, f"seed {seed}: status {status}: {printed}")
        bench.check_same(stream)
    check(calls > 20, f"only {calls} calls were seen")
    failed = killed = 0
    for number in range(2, calls, calls // 6):
        for faults in ({"fail": number, "error": errno.EIO},
                       {"kill": number}):
            stream = bench.new_stream()
            checkpoint = ("--checkpoint", bench.path(stream))
            status, printed, _ = bench.replay_with_faults(
                stream, library, *checkpoint, **faults)
            check(status in (0, 3, -signal.SIGKILL),
                  f"{faults}: status {status}: {printed}")
            failed += status == 3
            killed += status == -signal.SIGKILL
            sent, _ = bench.replay(stream, *checkpoint)
            check(sent["complete"], f"{faults}: {sent}")
            bench.check_duplicates(stream, most=sent["records"], least=0)
    check(failed > 2 and killed > 2, f"{failed} failed, {killed} were killed")


def main():
    if len(sys.argv) not in (3, 4):
        fail(__doc__)
    install(sys.argv[2])
    local = service.Service(sys.argv[2])
    try:
        with tempfile.TemporaryDirectory() as directory:
            bench = Bench(os.path.abspath(sys.argv[1]), local, directory)
            for test in (test_dry_run, test_trouble, test_lost_reply,
                         test_killed, test_interrupted, test_other_shards,
                         test_encrypted, test_requests, test_errors):
                test(bench)
                print(f"{test.__name__}: ok", flush=True)
            if len(sys.argv) == 4:
                test_faults(bench, os.path.abspath(sys.argv[3]))
                print("test_faults: ok", flush=True)
    finally:
        local.close()


if __name__ == "__main__":
    main()
