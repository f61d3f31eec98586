"""No body is read before its sender may send it, and none beyond its limit."""

import asyncio
import gzip
import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api import bodies, create_app, dependencies
from summarizer.app import App
from summarizer.domain.api_keys import Scope
from summarizer.text import strict_json
from tests.support.app import a_client, an_app, bearer
from tests.support.clock import ManualClock

JSON = {"content-type": "application/json"}
FREE = {("GET", "/healthz"), ("GET", "/readyz"), ("POST", "/v1/session"), ("DELETE", "/v1/session")}
READS = {"/v1/verify", "/v1/incidents/{incident_id}/sections/{key}/check"}
ADMINS = ("/v1/webhooks", "/v1/autodrafting")
MIB = bodies.MEBIBYTE


@dataclass
class Told:
    """An answer, and how much was read before it."""

    status: int
    headers: dict[str, str]
    body: bytes
    read: int


async def ask(
    app: FastAPI,
    method: str,
    path: str,
    headers: dict[str, str],
    pieces: Iterable[bytes] = (b"",),
    *,
    ends: bool = False,
    leaves: bool = False,
) -> Told:
    """Ask as a server does; after the last piece the body ends, or the client is silent or gone."""
    told, left = Told(0, {}, b"", 0), iter(pieces)

    async def receive() -> dict[str, Any]:
        piece = next(left, None)
        if piece is None and leaves:
            return {"type": "http.disconnect"}
        if piece is None:
            await asyncio.Event().wait()
        told.read += len(piece or b"")
        return {"type": "http.request", "body": piece, "more_body": not ends}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            told.status = message["status"]
            told.headers = {k.decode(): v.decode() for k, v in message["headers"]}
        told.body += message.get("body", b"")

    sent = [(b"host", b"127.0.0.1")] + [
        (k.lower().encode(), v.encode()) for k, v in headers.items()
    ]
    scope = {
        "type": "http", "http_version": "1.1", "method": method, "path": path, "raw_path": b"",
        "query_string": b"", "headers": sent, "client": ("192.0.2.1", 1), "server": None,
        "scheme": "http", "root_path": "", "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
    return told


def asked(app: FastAPI, *request: Any, **more: Any) -> Told:
    return asyncio.run(ask(app, *request, **more))


def endless(piece: bytes = b"[" * 65_536) -> Iterator[bytes]:
    while True:
        yield piece


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder: Path = tmp_path_factory.mktemp("bodies")
    with an_app(folder, ManualClock(), requests_per_minute=0) as service:
        service.keys.create("Closed", Scope.READ)
        yield service


@pytest.fixture(scope="module")
def app(service: App) -> FastAPI:
    return create_app(service)


@pytest.fixture(scope="module")
def reading(service: App) -> dict[str, str]:
    return bearer(service, Scope.READ, "reading")


@pytest.fixture(scope="module")
def adding(service: App) -> dict[str, str]:
    return bearer(service, Scope.DRAFT, "adding")


def routes(app: FastAPI) -> list[tuple[str, str]]:
    return [(m.upper(), path) for path, ways in app.openapi()["paths"].items() for m in ways]


def filled(path: str) -> str:
    return path.replace("{incident_id}", "INC-000001").replace("{", "").replace("}", "")


def test_no_route_reads_a_byte_of_a_stranger(app):
    for method, path in routes(app):
        if (method, path) in FREE:
            continue
        for headers in ({}, {"authorization": "Bearer isk_0"}):
            sent = JSON | {"transfer-encoding": "chunked"} | headers
            told = asked(app, method, filled(path), sent, pieces=endless())
            assert (told.status in (401, 429), told.read) == (True, 0), (method, path)
            assert told.headers["connection"] == "close"


def test_no_route_reads_a_byte_of_a_key_that_lacks_its_scope(app, reading):
    refused = set()
    for method, path in routes(app):
        wanted = (method != "GET" and path not in READS) or path.startswith(ADMINS)
        if wanted and (method, path) not in FREE:
            told = asked(app, method, filled(path), JSON | reading, pieces=endless())
            assert (told.status, told.read) == (403, 0), (method, path)
            refused.add(path)
    assert len(refused) > 15


def test_no_route_reads_a_byte_of_a_key_that_asks_too_often(tmp_path):
    with an_app(tmp_path, ManualClock(), requests_per_minute=1) as service:
        app, key = create_app(service), JSON | bearer(service, Scope.ADMIN)
        asked(app, "GET", "/v1/session", key)
        for method, path in routes(app):
            if (method, path) not in FREE:
                told = asked(app, method, filled(path), key, pieces=endless())
                assert (told.status, told.read) == (429, 0), (method, path)


def test_a_page_of_another_site_is_refused_before_it_signs_in(app):
    headers = JSON | {"origin": "https://elsewhere.example"}
    told = asked(app, "POST", "/v1/session", headers, pieces=endless())
    assert (told.status, told.read) == (403, 0)


@pytest.mark.parametrize(
    ("method", "path", "most"),
    [
        ("POST", "/v1/items", 16 * MIB),
        ("POST", "/v1/drafts", 16 * MIB),
        ("POST", "/v1/incidents/INC-000001/items", 16 * MIB),
        ("POST", "/v1/verify", 8 * MIB),
        ("POST", "/v1/session", 4 * 1024),
        ("PATCH", "/v1/incidents/INC-000001/sections/title", 256 * 1024),
        ("POST", "/v1/webhooks", 256 * 1024),
    ],
)
@pytest.mark.parametrize("length", [None, "5", "declared"])
def test_a_body_is_read_up_to_the_limit_of_its_route(app, service, method, path, most, length):
    key = bearer(service, Scope.ADMIN, f"{method}{path}{length}")
    declared = {"content-length": str(most + 1) if length == "declared" else length or ""}
    headers = JSON | key | (declared if length else {"transfer-encoding": "chunked"})
    told = asked(app, method, path, headers, pieces=endless())

    assert told.status == 413
    assert f"{most:,} bytes" in json.loads(told.body)["detail"]
    assert told.read <= (0 if length == "declared" else most + 65_536)
    assert ("connection" in told.headers) is (length is None)


def test_a_body_that_stops_coming_is_given_up(app, adding, monkeypatch):
    monkeypatch.setattr(bodies, "BODY_S", 0)
    told = asked(app, "POST", "/v1/items", adding | {"content-length": "9"}, pieces=[b"[{}"])
    assert (told.status, told.headers["connection"]) == (408, "close")


def test_a_client_that_hangs_up_is_no_fault_of_the_service(app, adding, caplog):
    with caplog.at_level("INFO"):
        told = asked(app, "POST", "/v1/items", adding, pieces=[b"[{}"], leaves=True)
    logged = json.loads(caplog.messages[-1])
    assert (told.status, logged["status"], logged.get("fault")) == (0, 499, None)


def test_a_body_in_an_encoding_other_than_gzip_is_refused_unread(app, adding):
    headers = adding | {"content-encoding": "br", "content-length": "9"}
    told = asked(app, "POST", "/v1/items", headers, pieces=endless())
    assert (told.status, told.read) == (415, 0)
    assert json.loads(told.body)["field"] == "header.content-encoding"


# The time of packing stays out: it would be in the names of the cases, and two
# processes that collect them a second apart would disagree.
PACKED = gzip.compress(b'[{"text": "A boat sank off Halden on Monday."}]', mtime=0)


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        (PACKED, 200, "accepted"),
        (PACKED[:-9], 422, "cut off"),
        (PACKED[:9], 422, "cut off"),
        (PACKED + b"x", 422, "goes on after its end"),
        (b"[]", 422, "not gzip"),
        (b"", 422, "cut off"),
        (gzip.compress(bytes(64 * MIB), mtime=0), 413, "16,777,216 bytes"),
    ],
)
def test_a_gzip_body_is_read_whole_and_within_the_limit_of_what_it_holds(
    client, body, status, says
):
    told = client.post("/v1/items", content=body, headers=JSON | {"content-encoding": "gzip"})
    assert told.status_code == status
    assert says in told.text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"claim": "x", "claim": "y"}', "body.claim"),
        ('{"id": NaN}', "body"),
        ('{"id": 1e999}', "body"),
        ("[" * 5_000, "body"),
        ("[" * 500 + "]" * 500, "body"),
        ('{"id": "\\udc00"}', "body.id"),
        ('{"\\udc00": 1}', "body.\ufffd"),
        ('{"id": %s}' % ("9" * 5_000), "body"),
        ('{"id": 1} 2', "body"),
        ("\x00", "body"),
    ],
)
def test_json_that_breaks_a_rule_is_refused_with_its_place(client, body, field):
    answer = client.post("/v1/verify", content=body.encode(), headers=JSON)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with an_app(tmp_path, ManualClock()) as service:
        yield a_client(service)


def test_rows_beyond_the_most_of_a_request_are_told(client, monkeypatch):
    monkeypatch.setattr(dependencies, "MOST_ROWS", 2)
    answer = client.post("/v1/items", content=b"[{},{},{},{},{}]").json()

    assert [row["line"] for row in answer["rejected"]] == [1, 1, 1]
    assert "only 2 rows" in answer["rejected"][-1]["reason"]


def test_the_service_answers_others_while_a_body_is_parsed(tmp_path, monkeypatch):
    """Parsing waits here until the service has answered somebody else."""
    parsing, answered, parse = threading.Event(), threading.Event(), strict_json.loads

    def waiting(body: bytes) -> Any:
        parsing.set()
        assert answered.wait(timeout=30), "nobody was answered while a body was parsed"
        return parse(body)

    async def both(app: FastAPI) -> Told:
        body = b'{"claim":"x","sources":[{}]}'
        slow = asyncio.create_task(ask(app, "POST", "/v1/verify", JSON, [body], ends=True))
        assert await asyncio.to_thread(parsing.wait, 30)
        assert (await ask(app, "GET", "/healthz", {})).status == 200
        answered.set()
        return await slow

    monkeypatch.setattr(strict_json, "loads", waiting)
    with an_app(tmp_path, ManualClock()) as service:
        assert asyncio.run(both(create_app(service))).status == 422
