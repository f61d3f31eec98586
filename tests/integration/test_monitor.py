"""The monitor follows the log: no alert is lost or told twice, and no writer waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from summarizer.app import App
from summarizer.domain.events import EventKind
from summarizer.monitoring import recheck
from summarizer.monitoring.monitor import Monitor
from summarizer.storage.store import Store
from tests.integration.test_living import FIRST, OTHER_FIGURE, RETRACTION, alarms, service
from tests.support.app import an_app, take_in

__all__ = ["service"]

ID = "INC-000001"


class Killed(BaseException):
    """The process ends here."""


def kinds(service: App) -> list[EventKind]:
    return [event.kind for event in alarms(service)]


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Something happens once while the monitor computes."""
    left, compute = [act], recheck.recheck

    def rechecked(*given: Any) -> Any:
        found = compute(*given)
        while left:
            left.pop()()
        return found

    monkeypatch.setattr(recheck, "recheck", rechecked)


def killed() -> None:
    raise Killed


def test_an_alert_that_a_killed_process_left_is_recorded_at_the_next_settle(tmp_path, monkeypatch):
    with an_app(tmp_path) as first:
        take_in(first, FIRST)
        first.pipeline.draft(ID)
        with monkeypatch.context() as dying, pytest.raises(Killed):
            meanwhile(dying, killed)
            take_in(first, RETRACTION)
        assert "a2" in first.store.incident(ID).item_keys
        assert kinds(first) == []
    with an_app(tmp_path) as second:
        second.pipeline.settle()
        assert kinds(second) == [EventKind.RETRACTED]
        second.pipeline.settle()
        assert kinds(second) == [EventKind.RETRACTED]


def test_the_worker_records_what_a_killed_process_left(service, monkeypatch):
    with monkeypatch.context() as dying, pytest.raises(Killed):
        meanwhile(dying, killed)
        take_in(service, RETRACTION)
    service.worker.pause("Kim")
    service.worker.once()
    assert kinds(service) == [EventKind.RETRACTED]


def test_two_processes_that_look_at_once_record_an_alert_once(service, monkeypatch):
    other = Monitor(service.store)
    meanwhile(monkeypatch, other.catch_up)
    take_in(service, OTHER_FIGURE)
    assert kinds(service) == [EventKind.CONTRADICTED]


def test_an_alert_is_of_the_revision_that_was_stored_while_the_monitor_computed(
    service, monkeypatch
):
    with monkeypatch.context() as dying, pytest.raises(Killed):
        meanwhile(dying, killed)
        take_in(service, RETRACTION)
    meanwhile(monkeypatch, lambda: service.reviews.lock(ID, "title", "Kim", locked=True))
    Monitor(service.store).catch_up()
    (event,) = alarms(service)
    assert event.revision == service.reviews.newest(ID).revision == 2


def test_what_the_caller_knows_is_read_again_where_it_has_changed(service, monkeypatch):
    draft, sources = service.reviews.newest(ID), service.store.sources(ID)
    with monkeypatch.context() as dying, pytest.raises(Killed):
        meanwhile(dying, killed)
        take_in(service, RETRACTION)
    with monkeypatch.context() as dying, pytest.raises(Killed):
        meanwhile(dying, killed)
        service.reviews.lock(ID, "title", "Kim", locked=True)
    Monitor(service.store).catch_up(ID, draft, sources)
    (event,) = alarms(service)
    assert event.kind is EventKind.RETRACTED
    assert event.revision == 2


def test_a_draft_of_an_incident_that_was_merged_away_is_not_held_against_the_other(
    service, monkeypatch
):
    draft, sources = service.reviews.newest(ID), service.store.sources(ID)
    take_in(service, RETRACTION | {"incident": "other"})
    with monkeypatch.context() as dying, pytest.raises(Killed):
        meanwhile(dying, killed)
        service.curation.merge("INC-000002", ID, "Kim")
    service.store.merge(ID, service.store.create_incident(draft.created_at).id)
    Monitor(service.store).catch_up(ID, draft, sources)
    assert kinds(service) == []


def test_others_write_while_findings_are_computed(service, monkeypatch):
    written = threading.Event()

    def write(store: Store) -> None:
        with store.transaction():
            written.set()

    def computing() -> None:
        with ThreadPoolExecutor() as pool:
            pool.submit(write, service.store).result(timeout=30)

    meanwhile(monkeypatch, computing)
    take_in(service, OTHER_FIGURE)
    assert written.is_set()
    assert kinds(service) == [EventKind.CONTRADICTED]


def test_an_approval_reports_what_it_settles_although_items_come_in_meanwhile(service, monkeypatch):
    meanwhile(monkeypatch, lambda: take_in(service, RETRACTION))
    service.decisions.decide(ID, "approve", "Kim", revision=1, override="Asked by telephone.")
    approval = next(e for e in service.reviews.history(ID) if e.kind is EventKind.APPROVED)
    assert any("taken back" in reason for reason in approval.detail["settled"])
