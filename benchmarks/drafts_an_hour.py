"""Drafts an hour of 1, 2 and 4 worker processes on PostgreSQL, with a model of fixed latency.

    python -m benchmarks.drafts_an_hour --latency 5 --workers 1 2 4

A server on loopback plays the model and waits before each answer.  Every worker makes one draft at
a time, of incidents with two short items.  Measured between the first drafts, when all workers have
loaded what they need, and the last but some: the rate by the times in the log, and the CPU seconds
of the workers.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import subprocess
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from evals.mock_server import MessagesServer, Recorded, Reply, any_answer
from summarizer.app import App
from summarizer.domain.events import EventKind
from summarizer.domain.jobs import JobStatus
from tests.support.app import an_app, autodrafting_rules, take_in
from tests.support.cli import started
from tests.support.postgresql import PostgresServer, postgres_server

WARM, COUNTED = 2, 8
"""Drafts per worker before the measurement, and within it."""

TICK = os.sysconf("SC_CLK_TCK")


def fill(folder: Path, url: str, incidents: int) -> None:
    with an_app(folder / "data", database_url=url) as app:
        rows = [
            {"text": text, "incident": f"story {n}", "platform": platform, "reach": 9_000_000}
            for n in range(incidents)
            for text, platform in (
                (f"Line {n} of Halden cancelled {n + 3} crossings on Monday.", "x"),
                (f"The crew of line {n} went on strike, a spokesperson of Halden said.", "news"),
            )
        ]
        take_in(app, *rows)


def cpu_s(processes: list[subprocess.Popen[bytes]]) -> float:
    total = 0
    for process in processes:
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def drafted(app: App, at_least: int) -> list[float]:
    """Times of the drafts, in order, once there are so many."""
    while True:
        entries = app.store.history.after(0, 10_000, {EventKind.DRAFTED})
        if len(entries) >= at_least:
            return sorted(entry.at.timestamp() for entry in entries)
        time.sleep(0.1)


def measured(server: PostgresServer, workers: int, latency: float) -> tuple[float, ...]:
    """Drafts an hour; of a draft CPU seconds of the workers, calls, seconds in the queue, and
    seconds that it takes."""

    def answer(request: Recorded) -> Reply:
        return replace(any_answer(request), before=lambda: time.sleep(latency))

    first, last = WARM * workers, (WARM + COUNTED) * workers
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(server.database("empty"))
        fill(folder, url, last + 2 * workers)
        model = stack.enter_context(MessagesServer(answer))
        rules = autodrafting_rules(folder, quiet_s=0)
        env = {
            "SUMMARIZER_DATA_DIR": str(folder / "data"), "SUMMARIZER_DATABASE_URL": url,
            "SUMMARIZER_CONCURRENT_DRAFTS": "1", "SUMMARIZER_AUTODRAFTING_RULES": str(rules),
            "SUMMARIZER_JUDGE": "off", "SUMMARIZER_PLAN": "single",
            "ANTHROPIC_BASE_URL": model.url,
        }  # fmt: skip
        none = subprocess.DEVNULL
        running = [started("worker", env=env, stdout=none, stderr=none) for _ in range(workers)]
        app = stack.enter_context(an_app(folder / "data", owns_index=False, database_url=url))
        try:
            drafted(app, first)
            used, calls = cpu_s(running), len(model.requests)
            times = drafted(app, last)
            used, calls = cpu_s(running) - used, len(model.requests) - calls
        finally:
            for process in running:
                process.kill()
                process.wait()
        done = app.store.jobs.with_status(JobStatus.DONE)[first:last]
    count = last - first
    return (
        count / (times[last - 1] - times[first - 1]) * 3600,
        used / count,
        calls / count,
        mean(job.started_at - job.created_at for job in done if job.started_at),
        mean(job.finished_at - job.started_at for job in done if job.started_at),
    )


def mean(times: Iterable[dt.timedelta]) -> float:
    seconds = [one.total_seconds() for one in times]
    return sum(seconds) / len(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--latency", type=float, default=5.0, help="seconds of each call")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    arguments = parser.parse_args()
    print(
        "| workers | drafts an hour | times one worker | CPU s a draft | calls a draft "
        "| s in the queue | s of a draft | load |\n|---:|---:|---:|---:|---:|---:|---:|---:|"
    )
    base = None
    with postgres_server() as server:
        for workers in arguments.workers:
            rate, cpu, calls, waits, takes = measured(server, workers, arguments.latency)
            base = base or rate / workers
            print(
                f"| {workers} | {rate:.0f} | {rate / base:.2f} | {cpu:.2f} | {calls:.1f} "
                f"| {waits:.2f} | {takes:.2f} "
                f"| {os.getloadavg()[0]:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
