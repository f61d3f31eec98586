"""Drafting on PostgreSQL while workers are killed and the database restarts."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from evals.mock_server import MessagesServer, Recorded, Reply, any_answer
from summarizer.app import App
from summarizer.domain.events import EventKind
from summarizer.domain.jobs import JobStatus
from summarizer.jobs.queue import INTERRUPTED
from tests.support.app import an_app, autodrafting_rules, take_in
from tests.support.cli import started
from tests.support.postgresql import PostgresServer, postgres_server

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]

INCIDENTS = 24
WORKERS, KILLS = 4, 10
LONG = 600
"""Seconds after which a test gives up; it never waits for them to pass."""


@contextmanager
def filled(folder: Path, url: str) -> Iterator[App]:
    """An application beside the workers, on incidents that are due."""
    with an_app(folder / "data", database_url=url) as app:
        rows = [
            {"text": text, "incident": f"story {n}", "platform": platform, "reach": 9_000_000}
            for n in range(INCIDENTS)
            for text, platform in (
                (f"Line {n} of Halden cancelled {n + 3} crossings on Monday.", "x"),
                (f"The crew of line {n} went on strike, a spokesperson of Halden said.", "news"),
            )
        ]
        take_in(app, *rows)
    with an_app(folder / "data", owns_index=False, database_url=url) as app:
        yield app


def worker(folder: Path, url: str, model: str) -> subprocess.Popen[bytes]:
    ours = {
        "DATA_DIR": str(folder / "data"), "DATABASE_URL": url, "LEASE_S": "3", "JUDGE": "off",
        "CONCURRENT_DRAFTS": "1", "AUTODRAFTING_RULES": str(folder / "rules.toml"),
    }  # fmt: skip
    env = {f"SUMMARIZER_{name}": value for name, value in ours.items()}
    silent = subprocess.DEVNULL
    more = {"ANTHROPIC_BASE_URL": model}
    return started("worker", env=env | more, stdout=silent, stderr=silent)


def drafts(app: App) -> Counter[str]:
    entries = app.store.history.after(0, 1_000, {EventKind.DRAFTED})
    return Counter(entry.incident_id for entry in entries)


def wait_for(app: App, count: int = INCIDENTS) -> None:
    until = time.monotonic() + LONG
    while len(drafts(app)) < count:
        assert time.monotonic() < until, Counter(
            job.status for job in app.store.jobs.with_status(*JobStatus)
        )
        time.sleep(0.02)


def assert_drafted_once(app: App) -> None:
    assert drafts(app) == {f"INC-{n:06}": 1 for n in range(1, INCIDENTS + 1)}
    jobs = app.store.jobs.with_status(*JobStatus)
    # A job whose process was killed three times is given up, and its incident planned again.
    ended = [(job.status, job.error) for job in jobs if job.error != INTERRUPTED]
    assert ended == [(JobStatus.DONE, None)] * INCIDENTS


def slowly(request: Recorded) -> Reply:
    return replace(any_answer(request), before=lambda: time.sleep(1))


@contextmanager
def working(
    folder: Path, url: str, number: int
) -> Iterator[tuple[list[subprocess.Popen[bytes]], str]]:
    """Workers with a model that takes a while, and its address; they are killed at the end."""
    autodrafting_rules(folder, quiet_s=0)
    with ExitStack() as stack:
        model = stack.enter_context(MessagesServer(slowly))
        running = [worker(folder, url, model.url) for _ in range(number)]
        try:
            yield running, model.url
        finally:
            for process in running:
                process.kill()
                process.wait(LONG)


def test_four_workers_of_which_one_is_killed_ten_times_draft_every_incident_once(
    tmp_path, postgres, postgres_url
):
    chance = random.Random(16)
    with (
        filled(tmp_path, postgres_url) as app,
        working(tmp_path, postgres_url, WORKERS) as (four, model),
    ):
        begun = 0
        for _ in range(KILLS):
            wait_for(app, min(begun, INCIDENTS - 1))
            time.sleep(chance.random())
            victim = chance.randrange(WORKERS)
            four[victim].kill()
            four[victim].wait(LONG)
            four[victim] = worker(tmp_path, postgres_url, model)
            begun += 2
        wait_for(app)
        assert_drafted_once(app)
    assert deadlocks(postgres) == 0


def deadlocks(server: PostgresServer) -> int:
    with psycopg.connect(server.url()) as connection:
        row = connection.execute("SELECT sum(deadlocks) FROM pg_stat_database").fetchone()
    return int(row[0]) if row else -1


def test_after_a_restart_of_the_database_in_the_middle_of_drafts_everything_is_finished(tmp_path):
    with (
        postgres_server() as server,
        server.database("empty") as url,
        filled(tmp_path, url) as app,
        working(tmp_path, url, 2),
    ):
        for after in (2, 8):
            wait_for(app, after)
            server.stop()
            server.start()
        wait_for(app)
        assert_drafted_once(app)
