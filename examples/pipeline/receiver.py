"""Receive webhooks and append their events to a file.

    PIPELINE_WEBHOOK_SECRET=whsec_… python receiver.py EVENTS.jsonl [--port 8001]

Answers 204 once the event is on the disk. Work on the events belongs into another program, which
reads the file: the service waits 15 seconds for an answer, and sends one event at a time.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

MOST_BYTES = 256 * 1024
TOLERANCE_S = 300


class Refused(Exception):
    """A message that is not to be believed; its text says why."""


def checked(message: Any, body: bytes, secrets: list[str], now: float) -> dict[str, Any]:
    """The event of a message that was signed with one of our secrets within five minutes.

    Older ones are refused, so that nobody can send a message that they have seen again. Within
    the five minutes the id of the event tells.
    """
    id_, at = message.get("webhook-id", ""), message.get("webhook-timestamp", "")
    signatures = message.get("webhook-signature", "").encode().split()
    for secret in secrets:
        key = base64.b64decode(secret.removeprefix("whsec_"))
        content = f"{id_}.{at}.".encode() + body
        digest = hmac.digest(key, content, hashlib.sha256)
        wanted = b"v1," + base64.b64encode(digest)
        if any(hmac.compare_digest(wanted, one) for one in signatures):
            break
    else:
        raise Refused("The signature is wrong.")
    if abs(now - int(at)) > TOLERANCE_S:
        raise Refused("The message is too old, or a clock is wrong.")
    event: dict[str, Any] = json.loads(body)
    return event


class Events:
    """The file of events, each of which it holds once, also over restarts."""

    def __init__(self, path: Path):
        whole = path.read_bytes() if path.exists() else b""
        whole = whole[: whole.rfind(b"\n") + 1]  # a crash has cut off the last line: it comes again
        self.seen = {identity(json.loads(line)) for line in whole.splitlines()}
        self.path, self.lock = path, threading.Lock()
        with path.open("ab") as file:
            file.truncate(len(whole))

    def add(self, event: dict[str, Any]) -> None:
        """Append an event, unless it is there."""
        with self.lock:
            if identity(event) in self.seen:
                return
            with self.path.open("ab") as file:
                file.write(json.dumps(event).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            self.seen.add(identity(event))


def identity(event: dict[str, Any]) -> tuple[str, str]:
    """What makes an event the same, as CloudEvents has it. The `webhook-id` does not do while
    two subscriptions exist, as when a secret is changed."""
    return event["source"], event["id"]


class Receiver(ThreadingHTTPServer):
    """A server with what its handlers need."""

    def __init__(self, address: tuple[str, int], events: Events, secrets: list[str]):
        super().__init__(address, Handler)
        self.events, self.secrets = events, secrets


class Handler(BaseHTTPRequestHandler):
    """Answers one message: 204 if it is kept, 401 if it is not believed."""

    server: Receiver
    timeout = 15  # of a sender that stops in the middle

    def do_POST(self) -> None:
        """Check before anything is read from the body."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MOST_BYTES:
            self.send_error(413)
            return
        body = self.rfile.read(int(length))
        try:
            event = checked(self.headers, body, self.server.secrets, time.time())
        except Refused as fault:
            self.send_error(401, str(fault))
            return
        self.server.events.add(event)
        self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Webhooks in, a file of events out.")
    parser.add_argument("events", type=Path)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    asked = parser.parse_args()
    # Several, parted by blanks, while a secret is changed.
    secrets = os.environ["PIPELINE_WEBHOOK_SECRET"].split()
    Receiver((asked.host, asked.port), Events(asked.events), secrets).serve_forever()
