"""Writes whose answer was lost, sent again: no event is written twice."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.support.app import a_client, an_app, take_in

INCIDENT = "/v1/incidents/INC-000001"
ITEM = {"title": "Ferry delayed", "text": "The ferry at Tolmouth was late on Monday."}
WRITES: list[tuple[str, str, Any, int, int]] = [
    ("POST", "/v1/items", ITEM, 200, 200),
    ("PATCH", f"{INCIDENT}/sections/key_points", {"locked": True}, 200, 412),
    ("POST", f"{INCIDENT}/split", {"items": ["a1"]}, 201, 422),
    ("POST", f"{INCIDENT}/move", {"items": ["a2"], "into": "INC-000002"}, 200, 422),
    ("POST", f"{INCIDENT}/also-shown", {"items": ["a2"], "into": "INC-000002"}, 200, 200),
    ("POST", f"{INCIDENT}/merge", {"into": "INC-000002"}, 200, 422),
    ("POST", "/v1/autodrafting/pause", None, 200, 200),
]


@pytest.fixture
def client(drafted_data):
    with an_app(drafted_data) as app:
        take_in(app, {"title": "Tram", "text": "A tram left its rails in Orrin."})
        yield a_client(app)


def events(client: TestClient) -> int:
    client.app.state.service.pipeline.settle()  # what follows items behind their answer
    return len(client.get("/v1/entries?limit=1000").json()["entries"])


def headers(client: TestClient) -> dict[str, str]:
    sections = client.get(f"{INCIDENT}/draft").json()["sections"]
    return {"If-Match": next(f'"{s["etag"]}"' for s in sections if s["key"] == "key_points")}


@pytest.mark.parametrize(("method", "path", "body", "first", "second"), WRITES)
def test_a_write_that_is_sent_again_is_not_done_again(client, method, path, body, first, second):
    sent = {"json": body, "headers": headers(client)}
    assert client.request(method, path, **sent).status_code == first
    before = events(client)
    assert client.request(method, path, **sent).status_code == second
    assert events(client) == before


def test_a_review_that_is_sent_again_leaves_the_same_state(client):
    asked = {"decision": "request_changes", "revision": 1, "note": "Name the court."}
    answers = [client.post(f"{INCIDENT}/review", json=asked) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert client.get(f"{INCIDENT}/draft").json()["review"]["state"] == "changes_requested"
