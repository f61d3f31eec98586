"""The Chroma server is killed and started again: items are taken, drafts wait, all is finished."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import create_app
from summarizer.domain.jobs import JobStatus
from tests.support.app import HERE, an_app, as_rows
from tests.support.chroma import ChromaServer

pytestmark = pytest.mark.slow

WIDE = "".join(f" Boat {n} of the line stayed at pier {n + 3} until noon." for n in range(40))
"""More than the smallest evidence pack takes, so that passages are looked for in the index."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ChromaServer]:
    server = ChromaServer(tmp_path / "server")
    server.start()
    yield server
    server.close()


@pytest.fixture
def client(tmp_path: Path, server: ChromaServer) -> Iterator[TestClient]:
    chosen = {"chroma_url": server.url, "evidence_tokens": 500, "lease_s": 3}
    with (
        an_app(tmp_path / "data", **chosen) as app,
        TestClient(create_app(app), base_url=HERE) as client,
    ):
        client.app_ = app
        yield client


def post(client: TestClient, text: str, incident: str) -> None:
    answer = client.post("/v1/items", content=as_rows({"text": text, "incident": incident}))
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["accepted"]) == 1


def test_items_are_taken_and_a_draft_waits_until_the_server_is_back(client, server):
    app = client.app_
    post(client, f"The Halden line cancelled crossings.{WIDE}", "halden")
    while app.store.items_without_incident():
        pass
    (incident,) = app.store.incidents(10)
    server.kill()
    post(client, f"The crew of the Halden line went on strike.{WIDE}", "halden")
    post(client, "A bakery in Aldermoor won a prize for its rye bread.", "bakery")
    assert client.get("/readyz").json() | {"model": ""} == {
        "status": "ready", "database": "ok", "index": "unreachable", "model": "",
        "left": None,
    }  # fmt: skip
    assert len(app.store.items_without_incident()) == 2
    found = client.get("/v1/search", params={"q": "rye bread", "mode": "text"})
    assert found.status_code == 200 and "Aldermoor" in found.text
    missed = client.get("/v1/search", params={"q": "rye bread", "mode": "meaning"})
    assert missed.status_code == 503 and "cannot be reached" in missed.json()["detail"]
    assert missed.headers["retry-after"] == "5"
    asked = client.post(f"/v1/incidents/{incident.id}/drafts")
    assert asked.status_code == 202, asked.text
    job = asked.json()["id"]
    while not any("waits: The Chroma server" in e.detail for e in app.jobs.events(job)):
        pass
    server.start()
    while not app.jobs.job(job).status.is_over or app.store.items_without_incident():
        pass
    assert app.jobs.job(job).status is JobStatus.DONE
    assert app.indexer.audit().agrees and app.indexer.audit().waiting == 0
    assert len(app.store.incident(incident.id).item_keys) == 2


def test_a_server_that_comes_back_empty_is_filled_again(tmp_path, client, server):
    app = client.app_
    post(client, f"The Halden line cancelled crossings.{WIDE}", "halden")
    while app.store.items_without_incident():
        pass
    server.kill()
    for file in (tmp_path / "server").glob("**/*"):
        if file.is_file():
            file.unlink()
    server.start()
    post(client, "A bakery in Aldermoor won a prize for its rye bread.", "bakery")
    while app.pipeline.waits or app.store.items_without_incident():
        pass
    with an_app(tmp_path / "data", chroma_url=server.url) as other:
        found = other.indexer.audit()
    assert (found.items, found.waiting, found.agrees) == (2, 0, True)
