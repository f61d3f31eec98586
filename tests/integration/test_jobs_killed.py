"""A service that is killed while it drafts: the next one finishes what was asked of it."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from evals.mock_server import MessagesServer, Recorded, Reply, any_answer
from tests.support.cli import started
from tests.support.samples import ITEMS

LONG = 120
"""Seconds after which the test gives up; it never waits for them to pass."""


@contextmanager
def served(data: Path, model: str) -> Iterator[tuple[subprocess.Popen[bytes], httpx.Client]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ours = {"SUMMARIZER_DATA_DIR": str(data), "SUMMARIZER_LEASE_S": "1"}
    env = ours | {"ANTHROPIC_BASE_URL": model}
    with started("serve", "--port", port, env=env, stdout=subprocess.DEVNULL) as process:
        transport = httpx.HTTPTransport(retries=9)  # until it listens
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, transport=transport, timeout=LONG) as client:
            try:
                yield process, client
            finally:
                process.kill()


@pytest.mark.slow
def test_a_draft_under_which_the_service_was_killed_is_finished_by_the_next(tmp_path):
    began = threading.Event()

    def model(request: Recorded) -> Reply:
        if began.is_set():
            return any_answer(request)
        began.set()
        return Reply(held=True)

    with MessagesServer(model) as server:
        with served(tmp_path, server.url) as (process, client):
            job = client.post("/v1/drafts", content=ITEMS.read_bytes()).json()
            assert began.wait(LONG)
            process.kill()
            process.wait(LONG)
        with served(tmp_path, server.url) as (_, client):
            steps = client.get(job["events_url"]).text
            assert steps.count("event: retrieving") == 2
            after = client.get(job["url"]).json()
            assert (after["status"], after["revision"]) == ("done", 1)
            revisions = client.get(f"/v1/incidents/{job['incident_id']}/revisions").json()
    assert len(revisions["revisions"]) == 1


@pytest.mark.slow
def test_a_service_that_is_told_to_stop_closes_everything_and_says_so(tmp_path):
    with MessagesServer(any_answer) as server, served(tmp_path, server.url) as (process, client):
        job = client.post("/v1/drafts", content=ITEMS.read_bytes()).json()
        client.get(job["events_url"])
        process.terminate()
        assert process.wait(LONG) == 0
