"""Items are settled behind the requests: after a start, once sent, and not after a stop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import create_app
from summarizer.app import App
from summarizer.clustering.service import LOT
from summarizer.ingestion.ingest import report
from summarizer.jobs.settling import SETTLE, Left
from summarizer.monitoring import alerts
from summarizer.pipeline.standings import MANY
from tests.integration.test_living import LEDGER, RETRACTION, row, service
from tests.support.app import HERE, ITEM, a_client, an_app, as_rows, take_in
from tests.support.clock import ManualClock

__all__ = ["service"]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """With one item that a killed process has left."""
    with an_app(tmp_path) as killed:
        stored(killed, ITEM)
    with an_app(tmp_path) as app:
        yield app


def stored(app: App, row: dict[str, str]) -> None:
    report(app.pipeline.ingest(BytesIO(as_rows(row))))


def test_a_start_says_what_is_left_until_it_is_done(app: App) -> None:
    client = a_client(app)
    at_first = client.get("/readyz")
    assert at_first.status_code == 503
    assert at_first.json() == {
        "status": "not ready", "database": "ok", "index": "opening", "model": "none",
        "left": {"items_to_index": None, "items_to_group": 1, "incidents_to_check": 0},
    }  # fmt: skip
    assert client.get("/healthz").status_code == client.get("/v1/incidents").status_code == 200
    app.settling.begin()
    while app.settling.left():
        pass
    at_last = client.get("/readyz")
    assert (at_last.status_code, at_last.json()["left"]) == (200, None)
    assert client.get("/v1/incidents").json()["total"] == 1


def test_what_came_after_the_start_does_not_make_it_unready(app: App) -> None:
    app.settling.left()
    app.pipeline.settle()
    stored(app, {"text": "A bakery in Aldermoor won a prize for its rye bread."})
    assert app.settling.left() is None


@pytest.mark.slow
def test_lists_are_kept_up_while_many_items_are_settled(tmp_path: Path) -> None:
    class Watching(ManualClock):
        """Looks at every incident that is opened how many standings lists would compute."""

        def now(self) -> dt.datetime:
            waiting.append(len(app.store.standings.marked()) if "app" in seen else 0)
            return super().now()

    waiting: list[int] = []
    seen: dict[str, App] = {}
    with an_app(tmp_path, Watching()) as app:
        seen["app"] = app
        for n in range(MANY + 2 * LOT):
            stored(app, {"text": f"Story {n}.", "incident": f"story {n}"})
        app.pipeline.settle()
    assert MANY < max(waiting) <= MANY + LOT


def test_a_stop_ends_the_work_and_the_next_start_does_it(app: App, tmp_path: Path) -> None:
    app.settling.stop()
    app.settling.begin()
    app.settling.stop()
    assert app.settling.left() == Left(items_to_index=None, items_to_group=1, incidents_to_check=0)
    app.close()
    with an_app(tmp_path) as again:
        again.settling.begin()
        while again.settling.left():
            pass
        assert again.store.items_without_incident() == []


def test_items_are_taken_while_others_are_settled(app: App) -> None:
    with TestClient(create_app(app), HERE) as client:
        key = client.post("/v1/items", json={"text": "A mill in Corran burned."}).json()["accepted"]
        while client.get(f"/v1/items/{key[0]}").json()["incident"] is None:
            pass
        assert client.get("/v1/incidents").json()["total"] == 2


def test_no_list_waits_for_the_monitor_to_hold_new_items_against_a_draft(
    service: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in(service, RETRACTION)
    before = service.incidents.page().incidents[0]
    rain = row(4, "Rain fell on Calder Street on Thursday.", LEDGER)
    service.curation.add_items("INC-000001", service.pipeline.ingest_rows([rain]), "Kim")
    with monkeypatch.context() as busy:
        busy.setattr(alerts, "findings", lambda *_: pytest.fail("a list has computed them"))
        meanwhile = service.incidents.page().incidents[0]
    assert before.attention
    assert meanwhile.attention == before.attention
    assert len(meanwhile.items) == len(before.items) + 1
    service.pipeline.settle()
    assert service.store.standings.marked() == []


def test_new_items_are_settled_by_one_task(app: App) -> None:
    _ = app.jobs
    app.queue.wind_down()
    app.settling.soon()
    app.settling.soon()
    assert app.queue.stored(SETTLE) == {SETTLE}
