"""Two processes on one database, SQLite's or PostgreSQL's.

Every item is stored and assigned once, every incident is drafted once, also when one process is
killed, and what both put into the index of a server is there.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from summarizer import factories
from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.adapters.chroma.server import ServerAccess
from summarizer.domain.events import EventKind
from summarizer.domain.jobs import JobStatus
from tests.support import cli
from tests.support.app import an_app, autodrafting_rules, take_in
from tests.support.chroma import chroma_server

INCIDENTS = 12
WIDE = "".join(f" Boat {n} of the line stayed at pier {n + 3} until noon." for n in range(20))
"""More than the smallest evidence pack takes, so that passages are looked for in the index."""
LONG = 300
"""Seconds after which the test gives up; it never waits for them to pass."""


pytestmark = pytest.mark.slow


def started(
    folder: Path, database: dict[str, str], *arguments: str, **more: str
) -> subprocess.Popen[bytes]:
    ours = {name.upper(): value for name, value in database.items()} | {
        "DATA_DIR": str(folder / "data"), "LEASE_S": "2", "CONCURRENT_DRAFTS": "1",
        "AUTODRAFTING_RULES": str(autodrafting_rules(folder, quiet_s=0)), "DRAFTER": "extractive",
    }  # fmt: skip
    env, silent = {f"SUMMARIZER_{k}": v for k, v in (ours | more).items()}, subprocess.DEVNULL
    return cli.started(*arguments, env=env, stdout=silent, stderr=silent)


def fill(folder: Path, database: dict[str, str], more: str = "") -> None:
    with an_app(folder / "data", **database) as service:
        rows = [
            {"text": text, "incident": f"story {n}", "platform": platform, "reach": 9_000_000}
            for n in range(INCIDENTS)
            for text, platform in (
                (f"Line {n} of Halden cancelled {n + 3} crossings on Monday.{more}", "x"),
                (f"The crew of line {n} went on strike, a spokesperson of Halden said.", "news"),
            )
        ]
        take_in(service, *rows)


def assert_drafted_once(folder: Path, database: dict[str, str]) -> None:
    """Every incident was drafted once, by one job."""
    with an_app(folder / "data", owns_index=False, **database) as service:
        entries = service.store.history.after(0, 1_000, {EventKind.DRAFTED})
        jobs = service.store.jobs.with_status(*JobStatus)
    drafts = Counter(entry.incident_id for entry in entries)
    assert (len(drafts), set(drafts.values())) == (INCIDENTS, {1})
    assert Counter(job.status for job in jobs) == {JobStatus.DONE: INCIDENTS}


def test_two_workers_draft_every_incident_once(tmp_path, database):
    fill(tmp_path, database)
    workers = [started(tmp_path, database, "worker", "--once") for _ in range(2)]
    for worker in workers:
        assert worker.wait(LONG) == 0
    assert_drafted_once(tmp_path, database)


def test_what_a_killed_worker_held_is_made_by_another_and_nothing_twice(tmp_path, database):
    fill(tmp_path, database)
    killed = started(tmp_path, database, "worker")
    with an_app(tmp_path / "data", owns_index=False, **database) as service:
        while not (running := service.store.jobs.with_status(JobStatus.RUNNING)):
            assert killed.poll() is None
        killed.kill()
        killed.wait(LONG)
        while not all(service.store.jobs.job(job.id).status.is_over for job in running):
            assert started(tmp_path, database, "worker", "--once").wait(LONG) == 0
    assert_drafted_once(tmp_path, database)


def on_server(url: str) -> dict[str, str]:
    return {"CHROMA_URL": url, "EVIDENCE_TOKENS": "500"}


def assert_found(folder: Path, database: dict[str, str], url: str) -> None:
    """Every stored passage is in the index of the server, and found there."""
    with an_app(folder / "data", owns_index=False, **database) as service:
        keys = [key for i in service.store.incidents(1_000) for key in i.item_keys]
        texts = {passage.id: passage.text for passage in service.store.passages(keys)}
        installation = service.store.installation()
    with ChromaIndex.server(ServerAccess(url=url), factories.embedder(), installation) as index:
        vectors = index.vectors(list(texts))
        assert vectors.keys() == texts.keys()
        for id_, vector in list(vectors.items())[::10]:
            assert texts[id_] in {texts.get(near) for near, _ in index.nearest(vector, 3)}


def test_two_workers_that_fill_the_index_of_a_server_draft_every_incident_once(tmp_path, database):
    fill(tmp_path, database, WIDE)
    with chroma_server(tmp_path) as url:
        workers = [
            started(tmp_path, database, "worker", "--once", **on_server(url)) for _ in range(2)
        ]
        for worker in workers:
            assert worker.wait(LONG) == 0
        assert_found(tmp_path, database, url)
    assert_drafted_once(tmp_path, database)


def test_two_processes_that_ingest_at_once_put_every_item_into_one_incident(tmp_path, database):
    for half in range(2):
        rows = [
            {"text": f"Line {n} of Halden cancelled {n + m} crossings.", "outlet": f"Post {half}"}
            for n in range(INCIDENTS)
            for m in range(half, 8, 2)
        ]
        (tmp_path / f"{half}.json").write_text(json.dumps(rows))
    with chroma_server(tmp_path) as url:
        ingesting = [
            started(tmp_path, database, "ingest", str(tmp_path / f"{half}.json"), **on_server(url))
            for half in range(2)
        ]
        for process in ingesting:
            assert process.wait(LONG) == 0
        assert_found(tmp_path, database, url)
    with an_app(tmp_path / "data", owns_index=False, **database) as service:
        assert service.store.items_without_incident() == []
        assert all(incident.item_keys for incident in service.store.incidents(1_000))
        placed = {EventKind.OPENED, EventKind.ITEMS_ADDED}
        entries = service.store.history.after(0, 1_000, placed)
    times = Counter(key for entry in entries for key in entry.detail["items"])
    assert len(times) == INCIDENTS * 8
    assert set(times.values()) == {1}


def test_two_processes_that_ingest_the_same_rows_store_and_assign_each_once(tmp_path, database):
    rows = [
        {"text": f"Boat {n} of Halden lay at pier {n % 40}.", "url": f"https://halden.example/{n}"}
        for n in range(1_000)
    ]
    file = tmp_path / "rows.json"
    file.write_text(json.dumps(rows))
    with chroma_server(tmp_path) as url:
        both = [started(tmp_path, database, "ingest", str(file), **on_server(url)) for _ in "ab"]
        assert [process.wait(LONG) for process in both] == [0, 0]
        assert_found(tmp_path, database, url)
    with an_app(tmp_path / "data", owns_index=False, **database) as service:
        assert service.store.items_without_incident() == []
        incidents = service.store.incidents(2_000)
        items = service.store.items([key for one in incidents for key in one.item_keys])
        placed = service.store.history.after(0, 5_000, {EventKind.OPENED, EventKind.ITEMS_ADDED})
    assert sorted(item.url or "" for item in items) == sorted(row["url"] for row in rows)
    assert Counter(key for entry in placed for key in entry.detail["items"]) == Counter(
        item.key for item in items
    )
    assert len({incident.id for incident in incidents}) == len(incidents)
