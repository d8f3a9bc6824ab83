"""A Kinesis to test against: a real one of this machine alone, and in front of
it a proxy that checks signatures and makes trouble when asked.
"""
import contextlib
import hashlib
import hmac
import http.server
import json
import os
import ssl
import subprocess
import threading
import urllib.error
import urllib.request

KEY_ID = "AKIDTEST"
SECRET = "se/cret+of:test"
TOKEN = "to/ken=="
REGION = "eu-west-1"
TARGET = "Kinesis_20131202."


def ask(url, action, request):
    """A request that needs no signature; returns the reply's JSON."""
    headers = {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": TARGET + action,
        "X-Amz-Date": "20250101T000000Z",
        # The service wants to see one, and does not look into it.
        "Authorization": "AWS4-HMAC-SHA256 Credential=a/20250101/r/kinesis/"
                         "aws4_request, SignedHeaders=host, Signature=0",
    }
    body = json.dumps(request).encode()
    with urllib.request.urlopen(
            urllib.request.Request(url, body, headers), timeout=60) as reply:
        text = reply.read()
    return json.loads(text) if text else None


def is_signed(headers, body):
    """Whether AWS would accept the signature (Signature Version 4)."""
    words = headers["Authorization"].split(" ", 1)[1].split(",")
    parts = dict(word.strip().split("=", 1) for word in words)
    key_id, scope = parts["Credential"].split("/", 1)
    names = parts["SignedHeaders"].split(";")
    if key_id != KEY_ID or headers["X-Amz-Security-Token"] != TOKEN:
        return False
    if scope.split("/")[1:] != [REGION, "kinesis", "aws4_request"]:
        return False
    if names != sorted(names):
        return False
    # All of these must be signed, and no header that is not there.
    wanted = {"host"} | {name.lower() for name in headers
                         if name.lower().startswith("x-amz-")}
    if not wanted <= set(names) or any(name not in headers for name in names):
        return False
    signed = "".join(f"{name}:{' '.join(headers[name].split())}\n"
                     for name in names)
    canonical = "\n".join(["POST", "/", "", signed, ";".join(names),
                           hashlib.sha256(body).hexdigest()])
    text = "\n".join(["AWS4-HMAC-SHA256", headers["X-Amz-Date"], scope,
                      hashlib.sha256(canonical.encode()).hexdigest()])
    key = b"AWS4" + SECRET.encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(signature, parts["Signature"])


class Proxy(http.server.ThreadingHTTPServer):
    """`trouble` takes the requests to PutRecords, each with its number from 0
    on, and returns None to pass it on, or a status with which it is refused, or
    a function that says of each of its records whether that is refused.
    `behind` is called when the service has answered, and may keep the answer:
    the connection is then closed without. Without `keep_alive` it is closed
    behind each answer, so that every request comes on one of its own: libcurl
    makes some losses on connections good by itself, if they were in use before.
    """
    daemon_threads = True

    def __init__(self, service, certificate=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.service = service
        scheme = "http"
        if certificate:
            scheme = "https"
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        self.url = f"{scheme}://127.0.0.1:{self.server_port}"
        self.reset()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def reset(self):
        self.trouble = lambda number: None
        self.behind = lambda number: True
        self.keep_alive = True
        self.hang_up = 0  # so many requests are not even read
        self.puts = []  # records of each request
        self.unsigned = 0

    def put(self, request):
        """The status and body that answer PutRecords; None for no answer."""
        number = len(self.puts)
        self.puts.append(len(request["Records"]))
        trouble = self.trouble(number)
        if isinstance(trouble, int):
            return trouble, {"__type": "InternalFailure"}
        refused = [i for i in range(len(request["Records"]))
                   if trouble and trouble(i)]
        passed = [record for i, record in enumerate(request["Records"])
                  if i not in refused]
        answers = []
        if passed:
            request["Records"] = passed
            answers = ask(self.service, "PutRecords", request)["Records"]
        for i in refused:
            answers.insert(i, {
                "ErrorCode": "ProvisionedThroughputExceededException",
                "ErrorMessage": "Rate exceeded for shard"})
        if not self.behind(number):
            return None
        return 200, {"FailedRecordCount": len(refused), "Records": answers}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle(self):
        # Who refuses a certificate is heard of here.
        with contextlib.suppress(OSError):
            super().handle()

    def do_POST(self):
        if self.server.hang_up > 0:
            self.server.hang_up -= 1
            self.close_connection = True
            return None
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not is_signed(self.headers, body):
            self.server.unsigned += 1
            return self.answer(400, {"__type": "InvalidSignatureException",
                                     "message": "The signature is wrong."})
        action = self.headers["X-Amz-Target"].removeprefix(TARGET)
        request = json.loads(body)
        try:
            if action == "PutRecords":
                reply = self.server.put(request)
                if reply is None:
                    self.close_connection = True
                    return None
                return self.answer(*reply)
            return self.answer(200, ask(self.server.service, action, request))
        except urllib.error.HTTPError as error:
            return self.answer(error.code, json.loads(error.read()))

    def answer(self, status, reply):
        body = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if not self.server.keep_alive:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Service:
    """Runs the service that install.sh put into `directory`, until close()."""

    def __init__(self, directory):
        self.process = subprocess.Popen(
            ["node", os.path.join(directory, "serve.js")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}"

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)

    def create(self, stream, shards):
        ask(self.url, "CreateStream",
            {"StreamName": stream, "ShardCount": shards})
        self.wait_for(stream)

    def split(self, stream):
        """Two shards where the first one was."""
        shard = self.shards(stream)[0]
        last = int(shard["HashKeyRange"]["EndingHashKey"])
        ask(self.url, "SplitShard", {
            "StreamName": stream, "ShardToSplit": shard["ShardId"],
            "NewStartingHashKey": str(last // 2)})
        self.wait_for(stream)

    def wait_for(self, stream):
        while True:
            found = ask(self.url, "DescribeStream", {"StreamName": stream})
            if found["StreamDescription"]["StreamStatus"] == "ACTIVE":
                return

    def shards(self, stream):
        return ask(self.url, "ListShards", {"StreamName": stream})["Shards"]

    def read(self, stream, shard):
        """The replies of GetRecords for a whole shard."""
        iterator = ask(self.url, "GetShardIterator", {
            "StreamName": stream, "ShardId": shard["ShardId"],
            "ShardIteratorType": "TRIM_HORIZON"})["ShardIterator"]
        replies = []
        while True:
            reply = ask(self.url, "GetRecords", {"ShardIterator": iterator})
            if not reply["Records"]:
                return replies
            replies.append(reply)
            iterator = reply["NextShardIterator"]
