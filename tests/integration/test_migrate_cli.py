"""An installation that moves to another database: whole, again after a kill, and in use there."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Engine,
    Float,
    Integer,
    LargeBinary,
    String,
    delete,
    event,
    func,
    insert,
    select,
    update,
)

from summarizer.adapters.clock import SystemClock
from summarizer.domain.events import EventKind
from summarizer.domain.items import number_of
from summarizer.errors import ConflictError, InputError, StorageError
from summarizer.storage import tables, transfer
from summarizer.storage.database import Database
from summarizer.storage.store import Store
from summarizer.storage.transfer import ORDER, Compared
from tests.support.app import an_app, take_in
from tests.support.backends import POSTGRESQL
from tests.support.builders import NOON, store_item
from tests.support.cli import done, refused, run, started
from tests.support.postgresql import PostgresServer, postgres_server

FERRY = {"text": "The ferry at Tolmouth was late.\nNobody was hurt on the pier."}
ENGINE = {"text": "The ferry's engine had failed on Monday, the harbour office said."}
BAKERY = {"text": "A bakery in Aldermoor won a prize for its rye bread."}

VALUES: dict[type, Any] = {
    tables.UtcDateTime: NOON + dt.timedelta(microseconds=1),
    JSON: {"b": [1, None, "ü"], "a": 0.1},
    Date: NOON.date(),
    Float: 0.1,
    Boolean: True,
    LargeBinary: bytes(range(256)),
    Integer: 3,
    String: "Ä text",
}
NUMBERED = (tables.items, tables.incidents, tables.events)


@pytest.fixture(params=["sqlite", POSTGRESQL])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database, which not even has tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'x.db'}"
    return str(request.getfixturevalue("bare_url"))


@pytest.fixture
def bare_url(postgres: PostgresServer) -> Iterator[str]:
    with postgres.database() as url:
        yield url


@pytest.fixture
def lived(drafted_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with a draft and more incidents, which the commands of the test use."""
    with an_app(drafted_data) as app:
        take_in(app, FERRY, ENGINE, BAKERY)
    monkeypatch.setenv("SUMMARIZER_DATA_DIR", str(drafted_data))
    monkeypatch.setenv("SUMMARIZER_DRAFTER", "extractive")
    monkeypatch.setattr(transfer, "BATCH", 7)
    return drafted_data


@pytest.fixture
def data(lived: Path) -> Path:
    """A data folder with rows in every table, and those that are hardest to copy."""
    store = opened(lived)
    store_item(store, "A text with a zero:\0 and more \U0001f6a2.")
    first, last = store_item(store, "First."), store_item(store, "Last.")
    store.set_origins({first.key: last.key})  # a link to a later row
    old, new = store.create_incident(NOON), store.create_incident(NOON)
    store.merge(old.id, new.id)
    store.history.record(
        EventKind.DELETED, old.id, "Kim", detail={"why": "é\0\ud83d", "deletion": 1e9}
    )
    store.close()
    with written(f"sqlite:///{lived / 'summarizer.db'}") as connection:
        for table in ORDER:
            if connection.execute(select(table)).first() is None:
                row = {column.name: a_value(connection, column) for column in table.columns}
                connection.execute(insert(table).values(row))
    return lived


def a_value(connection: Connection, column: Column[Any]) -> Any:
    """A value of the column's type, or what it refers to."""
    for key in column.foreign_keys:
        return connection.scalar(select(key.column).limit(1))
    return next(value for kind, value in VALUES.items() if isinstance(column.type, kind))


def opened(data: Path) -> Store:
    return Store.open(f"sqlite:///{data / 'summarizer.db'}", SystemClock())


@contextmanager
def written(url: str) -> Iterator[Connection]:
    database = Database.open(url, unfinished=True)
    with database.writing() as connection:
        yield connection
    database.close()


def moved(data: Path, url: str) -> list[Compared]:
    store = opened(data)
    try:
        return store.moved_to(url, lambda _: None)
    finally:
        store.close()


def differing(found: list[Compared]) -> list[str]:
    return [one.table for one in found if not one.equal]


def test_every_table_arrives_and_a_finished_move_is_only_compared(data: Path, target: str) -> None:
    found = moved(data, target)
    assert differing(found) == []
    assert all(one.here.rows for one in found)
    with written(target) as connection:
        connection.execute(update(tables.items).where(tables.items.c.number == 1).values(title="x"))
    assert differing(moved(data, target)) == ["items"]
    assert differing(moved(data, target)) == ["items"]


def test_new_numbers_follow_those_that_came(data: Path, target: str) -> None:
    moved(data, target)
    store = Store.open(target, SystemClock())
    item, incident = store_item(store, "A new one."), store.create_incident(NOON)
    entry = store.history.record(EventKind.EDITED, incident.id, "Kim")
    store.close()
    with written(f"sqlite:///{data / 'summarizer.db'}") as connection:
        highest = [connection.scalar(select(func.max(t.c.number))) for t in NUMBERED]
    assert [number_of(item.key), int(incident.id[-6:]), entry.number] == [
        number + 1 for number in highest if number
    ]


@pytest.mark.parametrize("batches", [0, 1, 9, 27])
def test_a_move_that_broke_off_goes_on_and_nobody_opens_the_half(
    data: Path, target: str, batches: int
) -> None:
    inserts: list[str] = []

    def give_up(*said: Any) -> None:
        """Break off within a transaction, that many batches after the move has begun."""
        statement = said[2]
        if statement.startswith("INSERT INTO" if inserts else "INSERT INTO installation"):
            inserts.append(statement)
            if len(inserts) == batches + 2:
                raise KeyboardInterrupt

    event.listen(Engine, "before_cursor_execute", give_up)
    try:
        with pytest.raises(KeyboardInterrupt):
            moved(data, target)
    finally:
        event.remove(Engine, "before_cursor_execute", give_up)
    with pytest.raises(StorageError, match="holds a part of an installation"):
        Store.open(target, SystemClock())
    assert differing(moved(data, target)) == []
    Store.open(target, SystemClock()).close()


def test_what_changed_between_two_runs_is_carried_over(data: Path, target: str) -> None:
    source = opened(data)

    def change(step: str) -> None:
        if step == "comparing":
            store_item(source, "It came while everything was copied.")
            source.fingerprints.forget_headings([1])
            with source._database.writing() as connection:
                connection.execute(update(tables.items).values(author="Kim"))
                connection.execute(delete(tables.sessions))
                connection.execute(delete(tables.batch_requests))

    found = differing(source.moved_to(target, change))
    assert {"items", "passages", "sessions", "batch_requests"} <= {*found}
    source.close()
    assert differing(moved(data, target)) == []


def test_another_installation_is_refused_and_stays_as_it_is(data: Path, target: str) -> None:
    other = Store.open(target, SystemClock())
    store_item(other, "This is the only text here.")
    with pytest.raises(ConflictError, match="holds another installation"):
        moved(data, target)
    assert other.installation() != ""
    with pytest.raises(ConflictError, match="nothing was changed"):
        moved(data, target)
    assert [item.text for item in other.items_without_incident()] == ["This is the only text here."]
    other.close()


def test_the_moved_installation_says_the_same(lived: Path, target: str) -> None:
    said = done("migrate", "--to", target)
    assert "Both databases hold the same." in said
    for words in (
        ["incidents"],
        ["incidents", "--state", "emerging"],
        ["show", "INC-000001", "--format", "html"],
        ["show", "INC-000001", "--format", "markdown"],
        ["search", "--mode", "text", "rye bread"],
        ["search", "--mode", "meaning", "delayed ferry"],
        ["index", "audit"],
    ):
        assert done(*words, SUMMARIZER_DATABASE_URL=target) == done(*words)
    drafts = [done("draft", "INC-000002", SUMMARIZER_DATABASE_URL=url) for url in ("", target)]
    first, second = (re.sub(r"\d\d:\d\d UTC", "", draft) for draft in drafts)  # when it was made
    assert first == second


def test_what_cannot_be_moved_is_said(data: Path, tmp_path: Path) -> None:
    own = f"sqlite:///{data / 'summarizer.db'}"
    assert isinstance(refused("migrate", "--to", own), InputError)
    found = run("migrate", "--to", "sqlite:///x.db", SUMMARIZER_DATA_DIR=str(tmp_path / "none"))
    assert isinstance(found.exception, InputError)
    assert "no database" in str(found.exception)
    assert not (tmp_path / "none").exists()


def test_a_difference_exits_with_1(data: Path, target: str) -> None:
    done("migrate", "--to", target)
    with written(target) as connection:
        connection.execute(delete(tables.sessions))
    found = run("migrate", "--to", target)
    assert found.exit_code == 1
    assert re.search(r"^sessions +1 +[0-9a-f]{12} +0 0{12} +differs", found.stdout, re.M)
    assert "Both" not in found.stdout


@pytest.mark.slow
@pytest.mark.postgresql
def test_the_way_back_brings_the_same(data: Path, bare_url: str, tmp_path: Path) -> None:
    moved(data, bare_url)
    store = Store.open(bare_url, SystemClock())
    assert differing(store.moved_to(f"sqlite:///{tmp_path / 'back.db'}", lambda _: None)) == []
    store.close()


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_killed_command_goes_on(data: Path, postgres_url: str) -> None:
    holder = psycopg.connect(postgres_url)
    holder.execute("LOCK TABLE rulings IN EXCLUSIVE MODE")  # where the command comes to a stop
    with started("migrate", "--to", postgres_url, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert any(b"copying rulings" in line for line in process.stderr)
        process.kill()
    holder.close()
    with written(postgres_url) as connection:
        assert connection.scalar(select(func.count()).select_from(tables.passages))
        assert connection.scalar(select(func.count()).select_from(tables.rulings)) == 0
    with pytest.raises(StorageError, match="holds a part of an installation"):
        Store.open(postgres_url, SystemClock())
    assert "Both databases hold the same." in done("migrate", "--to", postgres_url)


@pytest.mark.slow
@pytest.mark.postgresql
def test_a_restart_of_the_server_interrupts_nothing(data: Path) -> None:
    with postgres_server() as server, server.database() as url:

        def restart(step: str) -> None:
            if step == "copying passages":
                server.stop()
                server.start()

        source = opened(data)
        assert differing(source.moved_to(url, restart)) == []
        source.close()
