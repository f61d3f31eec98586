"""The programs of ``examples/pipeline``: what they make of restores, deletions, limits and replays,
and both against a service that is killed under them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from evals.mock_server import MessagesServer, Recorded, Reply, copied_answer
from summarizer.app import App
from tests.support.app import a_client, an_app, take_in
from tests.support.cli import started
from tests.support.samples import EXAMPLES, ITEMS
from tests.support.services import a_free_port

sys.path.insert(0, str(EXAMPLES / "pipeline"))

import client
import files
import receiver
import service

PROGRAMS = EXAMPLES / "pipeline"
OUTAGE = EXAMPLES / "items" / "stratoquay-outage.jsonl"
LONG = 300
"""Seconds after which a test gives up; it never waits for them to pass."""


# --- The client ------------------------------------------------------------------------------


@pytest.fixture
def app(drafted_data: Path) -> Iterator[App]:
    """One drafted incident."""
    with an_app(drafted_data) as app:
        yield app


@pytest.fixture
def pipeline(app: App, tmp_path: Path) -> client.Pipeline:
    """A client that has read the log so far."""
    ours = service.Service("http://127.0.0.1", None)
    ours.http = a_client(app)
    made = client.Pipeline(ours, tmp_path / "items.jsonl", tmp_path / "out")
    made.follow_log(wait=0)
    return made


def pages(pipeline: client.Pipeline) -> list[str]:
    return sorted(page.stem for page in pipeline.pages.iterdir())


def statuses(pipeline: client.Pipeline) -> list[int]:
    """Statuses of all answers from now on."""
    found: list[int] = []
    pipeline.service.http.event_hooks["response"] = [lambda one: found.append(one.status_code)]
    return found


def test_a_page_that_has_not_changed_is_not_sent_again(pipeline: client.Pipeline) -> None:
    seen = statuses(pipeline)
    pipeline.state.after = "0"
    pipeline.follow_log(wait=0)
    assert (pages(pipeline), seen) == (["INC-000001"], [200, 304])


def test_after_a_restore_everything_is_read_and_sent_again(pipeline: client.Pipeline) -> None:
    pipeline.state.after, pipeline.state.offset = "0123456789ab.7", 99
    pipeline.follow_log(wait=0)
    assert (pages(pipeline), pipeline.state) == ([], client.State())
    pipeline.follow_log(wait=0)
    assert pages(pipeline) == ["INC-000001"]


def test_the_page_of_a_deleted_incident_goes(pipeline: client.Pipeline, app: App) -> None:
    a_client(app).delete("/v1/incidents/INC-000001?why=order").raise_for_status()
    pipeline.follow_log(wait=0)
    assert (pages(pipeline), pipeline.state.etags) == ([], {})


def test_the_page_of_a_merged_incident_gives_way_to_the_other(
    pipeline: client.Pipeline, app: App
) -> None:
    take_in(app, {"title": "Ferry delayed", "text": "The ferry at Tolmouth was late on Monday."})
    app.pipeline.draft("INC-000002")
    pipeline.follow_log(wait=0)
    assert pages(pipeline) == ["INC-000001", "INC-000002"]
    into = {"into": "INC-000001"}
    a_client(app).post("/v1/incidents/INC-000002/merge", json=into).raise_for_status()
    pipeline.follow_log(wait=0)
    assert pages(pipeline) == list(pipeline.state.etags) == ["INC-000001"]
    a_client(app).delete("/v1/incidents/INC-000002/merge").raise_for_status()
    pipeline.follow_log(wait=0)
    assert pages(pipeline) == ["INC-000001", "INC-000002"]


def test_the_items_file_is_cut_at_whole_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "items.jsonl"
    file.write_bytes(b"a\nbb\n" + b"c" * 9 + b"\nd\nhalf")
    monkeypatch.setattr(files, "BATCH_ROWS", 2)
    monkeypatch.setattr(files, "BATCH_BYTES", 8)
    found = list(files.batches(file, 0))
    assert found == [(b"a\nbb\n", 5), (b"c" * 9 + b"\n", 15), (b"d\n", 17)]
    assert list(files.batches(file, 15)) == found[2:]
    assert list(files.batches(file, 17)) == []


def asked(
    monkeypatch: pytest.MonkeyPatch, *answers: httpx.Response | Exception
) -> tuple[Callable[[], httpx.Response], list[float]]:
    """A request to a service that gives these answers in turn, and the pauses between."""
    pauses: list[float] = []
    monkeypatch.setattr(service.time, "sleep", pauses.append)
    left = iter(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        found = next(left)
        if isinstance(found, Exception):
            raise found
        return found

    ours = service.Service("http://127.0.0.1", "isk_1")
    ours.http = httpx.Client(base_url="http://127.0.0.1", transport=httpx.MockTransport(answer))
    return lambda: ours.ask("GET", "/v1/entries"), pauses


def test_a_busy_service_is_asked_again_when_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    ask, pauses = asked(
        monkeypatch,
        httpx.Response(429, headers={"Retry-After": "7"}),
        httpx.ConnectError("refused"),
        httpx.Response(503),
        httpx.Response(410),
    )
    assert ask().status_code == 410
    assert [round(pause / 1.1) for pause in pauses] == [7, 2, 4]  # each up to a fifth longer


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        pytest.param([httpx.Response(401, text="Send a key")], "Send a key", id="no key"),
        pytest.param([httpx.Response(503)] * service.TRIES, "Run it again later", id="never"),
    ],
)
def test_the_client_ends_where_asking_again_helps_nobody(
    monkeypatch: pytest.MonkeyPatch, answers: list[httpx.Response], words: str
) -> None:
    ask, _ = asked(monkeypatch, *answers)
    with pytest.raises(SystemExit, match=words):
        ask()


# --- The receiver ----------------------------------------------------------------------------

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()
OTHER = "whsec_" + base64.b64encode(b"another secret, of before").decode()
BODY = json.dumps({"source": "urn:uuid:1", "id": "e.1", "data": {}}).encode()
NOW = 1_796_116_670


def signed(secret: str = SECRET, at: int = NOW, body: bytes = BODY) -> dict[str, str]:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    made = hmac.digest(key, b"msg_1.%d." % at + body, hashlib.sha256)
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(at),
        "webhook-signature": "v1a,x v1," + base64.b64encode(made).decode(),
    }


@pytest.mark.parametrize("secret", [SECRET, OTHER], ids=["new", "old"])
def test_a_message_of_either_secret_is_believed(secret: str) -> None:
    found = receiver.checked(signed(secret), BODY, [SECRET, OTHER], NOW + 299)
    assert found["id"] == "e.1"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        pytest.param({}, BODY, id="unsigned"),
        pytest.param(signed(OTHER), BODY, id="of another secret"),
        pytest.param(signed(), BODY + b" ", id="changed"),
        pytest.param(signed() | {"webhook-id": "msg_2"}, BODY, id="under another id"),
        pytest.param(signed() | {"webhook-timestamp": str(NOW + 1)}, BODY, id="made younger"),
        pytest.param(signed() | {"webhook-signature": "v1,é"}, BODY, id="not ASCII"),
        pytest.param(signed(at=NOW - 301), BODY, id="a replay"),
        pytest.param(signed(at=NOW + 301), BODY, id="of the future"),
    ],
)
def test_a_message_that_is_not_ours_or_not_of_now_is_refused(
    headers: dict[str, str], body: bytes
) -> None:
    with pytest.raises(receiver.Refused):
        receiver.checked(headers, body, [SECRET], NOW)


def test_the_example_checks_what_the_documents_check() -> None:
    """The two ways to check, in the document and in the example, agree on one message."""
    text = (EXAMPLES.parent / "docs" / "http.md").read_text("utf-8")
    code = text.split("Without a library:\n\n```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(code, names)
    assert names["verified"](SECRET, signed(), BODY, NOW) == json.loads(BODY)
    for wrong in (signed(OTHER), signed() | {"webhook-signature": "v1,é"}, signed(at=NOW - 301)):
        with pytest.raises(ValueError, match=r"wrong signature|too old"):
            names["verified"](SECRET, wrong, BODY, NOW)


def test_an_event_is_kept_once_also_over_restarts_and_crashes(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    events = [{"source": "urn:uuid:1", "id": f"e.{n}"} for n in range(3)]
    first = receiver.Events(file)
    for event in (events[0], events[0], events[1]):
        first.add(event)
    file.write_bytes(file.read_bytes() + b'{"source": "urn:uu')  # killed while it wrote
    second = receiver.Events(file)
    for event in (events[1], events[2], {"source": "urn:uuid:2", "id": "e.1"}):
        second.add(event)
    kept = [json.loads(line) for line in file.read_bytes().splitlines()]
    assert kept == [*events, {"source": "urn:uuid:2", "id": "e.1"}]


# --- Both, and a service that is killed ------------------------------------------------------

KINDS = ("opened", "items_added", "drafted", "draft_failed")


class Site:
    """A service, a client and a receiver, each in a process of its own."""

    def __init__(self, folder: Path, model: str):
        self.folder, self.log = folder, folder / "serve.log"
        self.port, self.hook = a_free_port(), a_free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.http = httpx.Client(
            base_url=self.url, transport=httpx.HTTPTransport(retries=9), timeout=LONG
        )
        self.env = {
            "ANTHROPIC_BASE_URL": model,
            "SUMMARIZER_JUDGE": "off",
            "SUMMARIZER_LEASE_S": "1",
            "SUMMARIZER_ALLOWED_HOSTS": f"127.0.0.1:{self.hook}",
        }
        self.running: list[subprocess.Popen[bytes]] = []

    def serve(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            process = started(
                "serve", "--port", self.port, env=self.env, cwd=self.folder, stderr=log
            )
        self.running.append(process)
        self.http.get("/healthz").raise_for_status()
        return process

    def example(self, *words: object, **env: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, *map(str, words)]
        process = subprocess.Popen(command, cwd=self.folder, env=dict(os.environ) | env)
        self.running.append(process)
        return process

    def client(self) -> subprocess.Popen[bytes]:
        return self.example(PROGRAMS / "client.py", "items.jsonl", "out", "--service", self.url)

    def receive(self) -> None:
        asked = {"url": f"http://127.0.0.1:{self.hook}/", "kinds": KINDS, "after": "0"}
        made = self.http.post("/v1/webhooks", json=asked).raise_for_status().json()
        secret = {"PIPELINE_WEBHOOK_SECRET": made["secret"]}
        self.example(PROGRAMS / "receiver.py", "events.jsonl", "--port", self.hook, **secret)

    def routes(self) -> list[str]:
        """Routes of the requests so far."""
        lines = self.log.read_text("utf-8").splitlines()
        return [json.loads(line)["route"] for line in lines if line.startswith('{"request"')]

    def entries(self) -> list[dict[str, Any]]:
        answer = self.http.get("/v1/entries", params={"limit": 1000, "kind": KINDS})
        found: list[dict[str, Any]] = answer.raise_for_status().json()["entries"]
        return found

    def events(self, number: int) -> list[dict[str, Any]]:
        """What the receiver has, once it has so many."""
        file, end = self.folder / "events.jsonl", time.monotonic() + LONG
        while len(lines := file.read_bytes().splitlines()) < number:
            assert time.monotonic() < end, lines
            time.sleep(0.1)
        return [json.loads(line) for line in lines]

    def files(self) -> dict[str, bytes]:
        out = self.folder / "out"
        return {str(one.relative_to(out)): one.read_bytes() for one in out.rglob("*.json")}


@pytest.fixture
def killed() -> Iterator[tuple[list[threading.Event], MessagesServer]]:
    """A model that says when it is asked for the first time, which it never answers, and for the
    second time, which it answers when told."""
    first, second, told = threading.Event(), threading.Event(), threading.Event()

    def model(request: Recorded) -> Reply:
        if not first.is_set():
            first.set()
            return Reply(held=True)
        if not second.is_set():
            second.set()
            said = copied_answer(request)
            return Reply(body=said.body, before=lambda: told.wait(LONG))
        return copied_answer(request)

    with MessagesServer(model) as server:
        yield [first, second, told], server
        told.set()


@pytest.mark.slow
def test_everything_arrives_once_though_service_and_client_are_killed(
    tmp_path: Path, killed: tuple[list[threading.Event], MessagesServer]
) -> None:
    (first, second, told), model = killed
    rows = [*ITEMS.read_bytes().splitlines(), *OUTAGE.read_bytes().splitlines()]
    sent = [*rows, b'{"text": "cut off', rows[0], b'{"title": "half a li']
    (tmp_path / "items.jsonl").write_bytes(b"\n".join(sent))
    site = Site(tmp_path, model.url)
    try:
        serving = site.serve()
        site.receive()
        running = site.client()

        assert first.wait(LONG)  # in the middle of a draft
        serving.kill()
        serving.wait(LONG)
        site.serve()
        assert second.wait(LONG)
        running.kill()
        running.wait(LONG)
        running = site.client()
        told.set()
        assert running.wait(LONG) == 0

        answered = [row for file in sorted((tmp_path / "out/rows").iterdir())
                    for row in json.loads(file.read_bytes())]  # fmt: skip
        assert [row["status"] for row in answered[len(rows) :]] == ["rejected", "duplicate_of"]
        keys = [row["key"] for row in answered[: len(rows)]]
        entries = site.entries()
        grouped = [key for one in entries for key in one["detail"].get("items", ())]
        assert sorted(grouped) == sorted(keys) and len(set(keys)) == len(rows)

        listed = site.http.get("/v1/incidents").json()["incidents"]
        incidents = {one["id"] for one in listed}
        assert {row["incident"] for row in answered if row["key"]} == incidents
        assert [one["kind"] for one in entries].count("drafted") == len(incidents) >= 2
        written = site.files()
        for id_ in incidents:
            page = json.loads(written[f"pages/{id_}.json"])
            assert (page["incident"]["id"], page["provenance"]["revision"]) == (id_, 1)

        events = site.events(len(entries))
        assert sorted(one["id"] for one in events) == sorted(one["id"] for one in entries)

        before = len(site.routes())
        assert site.client().wait(LONG) == 0
        assert site.routes()[before:] == ["/v1/entries"]
        assert site.files() == written
    finally:
        for process in site.running:
            process.kill()
            process.wait()
        site.http.close()
