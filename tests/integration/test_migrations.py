"""Databases that older programs left, opened by this one: what is added is filled, nothing goes."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from summarizer.domain import usage
from summarizer.domain.claims import VerdictLabel
from summarizer.domain.drafts import Section, Usage
from summarizer.domain.events import Event, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.webhooks import Try
from summarizer.incidents.search import terms
from summarizer.monitoring import alerts
from summarizer.storage.store import Store
from summarizer.telling import Teller
from tests.contracts.test_store import a_draft
from tests.support.builders import NOON, Hands
from tests.support.pages import checked

pytestmark = pytest.mark.usefixtures("by_revisions")


def migrated(path: Path, revision: str) -> None:
    """Make a database, or bring one up, to a revision of the schema."""
    config = Config()
    config.set_main_option("script_location", "summarizer.storage:migrations")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def written(path: Path, table: str, **row: Any) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" for _ in row)
    connection = sqlite3.connect(path)
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))
    connection.commit()
    connection.close()


def an_item(path: Path, number: int, text: str) -> None:
    written(
        path,
        "items",
        number=number,
        incident=1,
        ingested_at="2026-05-01 12:00:00.000000",
        title="",
        text=text,
        engagement="{}",
        extra="{}",
        text_key=str(number),
        platform="news",
    )


def an_incident(path: Path) -> None:
    written(path, "incidents", number=1, id="INC-000001", created_at="2026-05-01 12:00:00.000000")


def test_drafts_of_an_older_program_are_counted_as_its_own_are(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    draft = a_draft("INC-000001").model_copy(
        update={
            "sections": (
                Section(
                    key="title", shown=(checked("One."), checked("Two.", label=VerdictLabel.PARTLY))
                ),
                Section(
                    key="explanation", withheld=(checked("No.", label=VerdictLabel.CONTRADICTED),)
                ),
                Section(key="timeline", abstained="No dates."),
                Section(key="forecast", shown=(checked("Three."),)),
            ),
            "usage": Usage(calls=2, input_tokens=70, cache_read_tokens=7),
        }
    )
    migrated(path, "0013")
    an_incident(path)
    row = {"incident": 1, "created_at": "2026-05-01 12:00:00.000000", "evidence_hash": "h"}
    body = draft.model_dump_json()
    written(path, "drafts", revision=1, drafter=draft.drafter, body=body, **row)
    written(path, "drafts", revision=2, drafter="anthropic", body="{torn", **row)

    store = Store.open(f"sqlite:///{path}")
    for revision in (1, 2):
        drafted = Event(
            at=NOON,
            kind=EventKind.DRAFTED,
            incident_id=IncidentId("INC-000001"),
            actor="Kim",
            revision=revision,
        )
        store.history.add(drafted)
    counts = store.tallies.after(0).counts
    store.close()

    assert counts == {**usage.count_draft(draft), usage.Counted("drafter", "anthropic"): 1}


@pytest.mark.parametrize("before", ["0004", "0005"])
def test_words_are_found_in_what_was_stored_before_a_migration_and_after_it(
    tmp_path: Path, before: str
) -> None:
    """A migration that makes the table of items anew takes the triggers of its index with it."""
    path = tmp_path / "x.db"
    migrated(path, before)
    an_incident(path)
    an_item(path, 1, "The ferry was late.")
    migrated(path, "head")
    an_item(path, 2, "Two ferries collided.")
    an_item(path, 3, "A third ferry sank.")
    connection = sqlite3.connect(path)
    connection.execute("UPDATE items SET text = 'The tram was late.' WHERE number = 1")
    connection.execute("DELETE FROM items WHERE number = 3")
    connection.commit()
    connection.close()

    store = Store.open(f"sqlite:///{path}")
    found = {
        word: [hit.key for hit in store.texts.items(terms(word), 10, every=True)]
        for word in ("ferry", "tram")
    }
    store.close()

    assert found == {"ferry": ["a2"], "tram": ["a1"]}


def test_the_last_try_of_a_delivery_of_an_older_program_is_its_first_that_is_kept(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x.db"
    migrated(path, "0020")
    an_incident(path)
    at = "2026-05-01 12:00:00.250000"
    hook = {"id": "h", "url": "https://a.example", "kinds": "[]", "secret": "s", "position": 0}
    written(path, "webhooks", **hook, created_at=at, created_by="Kim")
    for number, tried in ((1, {"answered_at": at, "answer_status": 500}), (2, {})):
        entry = {"number": number, "at": at, "kind": "drafted", "actor": "x", "detail": "{}"}
        written(path, "entries", **entry, incident=1)
        sent = {"subscription": "h", "entry": number, "status": "waiting", "attempts": 1}
        written(path, "deliveries", **sent, **tried, answer='"down"' if tried else "")
    store = Store.open(f"sqlite:///{path}")
    untried, tried_once = store.webhooks.deliveries("h")
    last = store.webhooks.last_tried("h")
    store.close()
    moment = dt.datetime(2026, 5, 1, 12, 0, 0, 250_000, tzinfo=dt.UTC)
    assert untried.tries == ()
    assert tried_once.tries == (Try(at=moment, ms=None, status=500, text='"down"'),)
    assert last == tried_once


def test_a_forecast_of_an_older_program_whose_day_has_come_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    migrated(path, "0014")
    an_incident(path)
    written(
        path,
        "forecasts",
        number=1,
        incident=1,
        section="forecast",
        text="It will rain.",
        probability=0.5,
        due="2026-04-30",
        criterion="Rain falls.",
        revision=1,
        made_at="2026-04-01 12:00:00.000000",
    )
    store = Store.open(f"sqlite:///{path}")
    teller = Teller(store.history, Hands())
    told = [alerts.tell_due(store, teller, NOON) for _ in range(2)]
    store.close()
    assert [[entry.kind for entry in entries] for entries in told] == [[EventKind.FORECAST_DUE], []]
