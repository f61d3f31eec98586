"""Services in processes of their own, and what their streams say."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from tests.support.cli import started

LONG = 600
"""Seconds after which a test gives up; it never waits for them to pass."""


@contextmanager
def services(folder: Path, number: int, **settings: str) -> Iterator[list[httpx.Client]]:
    """Clients of several ``summarizer serve`` with the same settings, killed at the end."""
    env = {
        name if name.startswith("ANTHROPIC") else f"SUMMARIZER_{name}": value
        for name, value in settings.items()
    }
    with ExitStack() as stack:
        yield [stack.enter_context(_service(folder, env)) for _ in range(number)]


@contextmanager
def _service(folder: Path, env: dict[str, str]) -> Iterator[httpx.Client]:
    port = a_free_port()
    log = folder / f"serve {port}.log"
    with log.open("wb") as written:
        process = started("serve", "--port", port, env=env, cwd=folder, stderr=written)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=LONG) as client:
            while b"End it with" not in log.read_bytes():
                assert process.poll() is None, log.read_text()
                time.sleep(0.05)
            yield client
    finally:
        process.kill()
        process.wait()


def a_free_port(host: str = "127.0.0.1") -> int:
    """A port of that address that nobody listens on."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as free:
        free.bind((host, 0))
        return int(free.getsockname()[1])


@contextmanager
def stream(client: httpx.Client, job: str) -> Iterator[Iterator[str]]:
    """Stages of a draft as they come, and ``""`` for a sign of life."""
    with client.stream("GET", f"/v1/drafts/{job}/events") as answer:
        assert answer.status_code == 200
        yield (
            line.removeprefix("event: ")
            for line in (re.sub(r"^:.*", "event: ", one) for one in answer.iter_lines())
            if line.startswith("event: ")
        )
