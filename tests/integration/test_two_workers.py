"""Two processes on one database: every incident is drafted once, also when one is killed, and what
both put into the index of a server is there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from summarizer import factories, settings
from summarizer.adapters.chroma.index import ChromaIndex
from summarizer.app import open_app
from summarizer.domain.events import EventKind
from summarizer.domain.jobs import JobStatus
from tests.support.app import an_app
from tests.support.chroma import chroma_server

INCIDENTS = 12
WIDE = "".join(f" Boat {n} of the line stayed at pier {n + 3} until noon." for n in range(20))
"""More than the smallest evidence pack takes, so that passages are looked for in the index."""
LONG = 300
"""Seconds after which the test gives up; it never waits for them to pass."""


def environment(folder: Path, **more: str) -> dict[str, str]:
    shipped = Path(__file__).parents[2] / "summarizer" / "jobs" / "autodrafting.toml"
    rules = folder / "rules.toml"
    rules.write_text(shipped.read_text().replace("quiet_s = 60", "quiet_s = 0"))
    ours = {
        "SUMMARIZER_DATA_DIR": str(folder / "data"),
        "SUMMARIZER_AUTODRAFTING_RULES": str(rules),
        "SUMMARIZER_LEASE_S": "2",
        "SUMMARIZER_CONCURRENT_DRAFTS": "1",
        "SUMMARIZER_DRAFTER": "extractive",
    }
    return dict(os.environ) | ours | more


def started(folder: Path, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "summarizer", *arguments]
    silent, variables = subprocess.DEVNULL, environment(folder, **more)
    return subprocess.Popen(command, env=variables, stdout=silent, stderr=silent)


def fill(folder: Path, more: str = "") -> None:
    with an_app(folder / "data") as service:
        rows = [
            {"text": text, "incident": f"story {n}", "platform": platform, "reach": 9_000_000}
            for n in range(INCIDENTS)
            for text, platform in (
                (f"Line {n} of Halden cancelled {n + 3} crossings on Monday.{more}", "x"),
                (f"The crew of line {n} went on strike, a spokesperson of Halden said.", "news"),
            )
        ]
        path = folder / "items.json"
        path.write_text(json.dumps(rows))
        with path.open("rb") as stream:
            list(service.pipeline.ingest(stream))
        service.pipeline.settle()


def outcome(folder: Path) -> tuple[Counter[str], Counter[Any]]:
    """How often each incident was drafted, and how many jobs ended how."""
    loaded = settings.load(data_dir=folder / "data", drafter="extractive")
    with open_app(loaded, owns_index=False) as service:
        entries = service.store.history.after(0, 1_000, {EventKind.DRAFTED})
        jobs = service.store.jobs.with_status(*JobStatus)
        return Counter(e.incident_id for e in entries), Counter(job.status for job in jobs)


@pytest.mark.slow
def test_two_workers_draft_every_incident_once(tmp_path):
    fill(tmp_path)
    workers = [started(tmp_path, "worker", "--once") for _ in range(2)]
    for worker in workers:
        assert worker.wait(LONG) == 0
    drafts, jobs = outcome(tmp_path)
    assert len(drafts) == INCIDENTS
    assert set(drafts.values()) == {1}
    assert jobs == {JobStatus.DONE: INCIDENTS}


@pytest.mark.slow
def test_what_a_killed_worker_held_is_made_by_another_and_nothing_twice(tmp_path):
    fill(tmp_path)
    killed = started(tmp_path, "worker")
    loaded = settings.load(data_dir=tmp_path / "data", drafter="extractive")
    with open_app(loaded, owns_index=False) as service:
        while not (running := service.store.jobs.with_status(JobStatus.RUNNING)):
            assert killed.poll() is None
        killed.kill()
        killed.wait(LONG)
        while {job.status for job in map(service.store.jobs.job, [j.id for j in running])} & {
            JobStatus.RUNNING,
            JobStatus.QUEUED,
        }:
            assert started(tmp_path, "worker", "--once").wait(LONG) == 0
    drafts, jobs = outcome(tmp_path)
    assert len(drafts) == INCIDENTS
    assert set(drafts.values()) == {1}
    assert jobs == {JobStatus.DONE: INCIDENTS}


def on_server(url: str) -> dict[str, str]:
    return {"SUMMARIZER_CHROMA_URL": url, "SUMMARIZER_EVIDENCE_TOKENS": "500"}


def assert_found(folder: Path, url: str) -> None:
    """Every stored passage is in the index of the server, and found there."""
    loaded = settings.load(data_dir=folder / "data", drafter="extractive")
    with open_app(loaded, owns_index=False) as service:
        keys = [key for i in service.store.incidents(1_000) for key in i.item_keys]
        texts = {passage.id: passage.text for passage in service.store.passages(keys)}
    with ChromaIndex.server(url, factories.embedder()) as index:
        vectors = index.vectors(list(texts))
        assert vectors.keys() == texts.keys()
        for id_, vector in list(vectors.items())[::10]:
            assert texts[id_] in {texts.get(near) for near, _ in index.nearest(vector, 3)}


@pytest.mark.slow
def test_two_workers_that_fill_the_index_of_a_server_draft_every_incident_once(tmp_path):
    fill(tmp_path, WIDE)
    with chroma_server(tmp_path) as url:
        workers = [started(tmp_path, "worker", "--once", **on_server(url)) for _ in range(2)]
        for worker in workers:
            assert worker.wait(LONG) == 0
        assert_found(tmp_path, url)
    drafts, jobs = outcome(tmp_path)
    assert len(drafts) == INCIDENTS
    assert set(drafts.values()) == {1}
    assert jobs == {JobStatus.DONE: INCIDENTS}


@pytest.mark.slow
def test_two_processes_that_ingest_at_once_put_every_item_into_one_incident(tmp_path):
    for half in range(2):
        rows = [
            {"text": f"Line {n} of Halden cancelled {n + m} crossings.", "outlet": f"Post {half}"}
            for n in range(INCIDENTS)
            for m in range(half, 8, 2)
        ]
        (tmp_path / f"{half}.json").write_text(json.dumps(rows))
    with chroma_server(tmp_path) as url:
        ingesting = [
            started(tmp_path, "ingest", str(tmp_path / f"{half}.json"), **on_server(url))
            for half in range(2)
        ]
        for process in ingesting:
            assert process.wait(LONG) == 0
        assert_found(tmp_path, url)
    loaded = settings.load(data_dir=tmp_path / "data", drafter="extractive")
    with open_app(loaded, owns_index=False) as service:
        assert service.store.items_without_incident() == []
        assert all(incident.item_keys for incident in service.store.incidents(1_000))
        placed = {EventKind.OPENED, EventKind.ITEMS_ADDED}
        entries = service.store.history.after(0, 1_000, placed)
    times = Counter(key for entry in entries for key in entry.detail["items"])
    assert len(times) == INCIDENTS * 8
    assert set(times.values()) == {1}
