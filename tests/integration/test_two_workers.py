"""Two worker processes on one database: every incident is drafted once, also when one is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from summarizer import bootstrap, settings
from summarizer.domain import Happening, JobStatus

INCIDENTS = 12
LONG = 300
"""Seconds after which the test gives up; it never waits for them to pass."""


def environment(folder: Path) -> dict[str, str]:
    shipped = Path(__file__).parents[2] / "summarizer" / "autodrafting.toml"
    rules = folder / "rules.toml"
    rules.write_text(shipped.read_text().replace("quiet_s = 60", "quiet_s = 0"))
    ours = {
        "SUMMARIZER_DATA_DIR": str(folder / "data"),
        "SUMMARIZER_AUTODRAFTING_RULES": str(rules),
        "SUMMARIZER_LEASE_S": "2",
        "SUMMARIZER_CONCURRENT_DRAFTS": "1",
        "SUMMARIZER_DRAFTER": "extractive",
    }
    return dict(os.environ) | ours


def started(folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "summarizer", "worker", *arguments]
    silent = subprocess.DEVNULL
    return subprocess.Popen(command, env=environment(folder), stdout=silent, stderr=silent)


def fill(folder: Path) -> None:
    loaded = settings.load(data_dir=folder / "data", drafter="extractive")
    with bootstrap.service(loaded) as service:
        rows = [
            {"text": text, "incident": f"story {n}", "platform": platform, "reach": 9_000_000}
            for n in range(INCIDENTS)
            for text, platform in (
                (f"Line {n} of Halden cancelled {n + 3} crossings on Monday.", "x"),
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
    with bootstrap.service(loaded, beside=True) as service:
        entries = service.store.history.after(0, 1_000, {Happening.DRAFTED})
        jobs = service.store.jobs.with_status(*JobStatus)
        return Counter(e.incident_id for e in entries), Counter(job.status for job in jobs)


@pytest.mark.slow
def test_two_workers_draft_every_incident_once(tmp_path):
    fill(tmp_path)
    workers = [started(tmp_path, "--once") for _ in range(2)]
    for worker in workers:
        assert worker.wait(LONG) == 0
    drafts, jobs = outcome(tmp_path)
    assert len(drafts) == INCIDENTS
    assert set(drafts.values()) == {1}
    assert jobs == {JobStatus.DONE: INCIDENTS}


@pytest.mark.slow
def test_what_a_killed_worker_held_is_made_by_another_and_nothing_twice(tmp_path):
    fill(tmp_path)
    killed = started(tmp_path)
    loaded = settings.load(data_dir=tmp_path / "data", drafter="extractive")
    with bootstrap.service(loaded, beside=True) as service:
        while not (running := service.store.jobs.with_status(JobStatus.RUNNING)):
            assert killed.poll() is None
        killed.kill()
        killed.wait(LONG)
        while {job.status for job in map(service.store.jobs.job, [j.id for j in running])} & {
            JobStatus.RUNNING,
            JobStatus.QUEUED,
        }:
            assert started(tmp_path, "--once").wait(LONG) == 0
    drafts, jobs = outcome(tmp_path)
    assert len(drafts) == INCIDENTS
    assert set(drafts.values()) == {1}
    assert jobs == {JobStatus.DONE: INCIDENTS}
