"""How long each lock is held while 1,000 rows are ingested and settled.

    python -m benchmarks.write_lock [--postgresql] [1000]

The rows are those of ``growth``, and so are the index and the embedding model.  Of each step and
lock: how often it was taken, its longest hold and the sum, by the clock and in CPU time of the
thread, which another load does not change.  An editor's write waits no longer than the longest hold
of a lock that it takes: on SQLite the one of all writers, on PostgreSQL ``log`` and that of the
incident's drafts.  With ``--postgresql`` one or two processes then ingest further rows.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.growth import YEAR, opened, row
from summarizer.clustering.service import IncidentAssigner
from summarizer.storage.database import Database, _Block
from summarizer.storage.locks import Lock
from tests.support.postgresql import postgres_server

Times = tuple[float, float]
held: dict[str, list[Times]] = defaultdict(list)
"""Holds by the name of the lock, in seconds of the clock and of CPU."""

_take, _begun = _Block.take, Database._begun


def _now() -> Times:
    return time.perf_counter(), time.thread_time()


def take(self: _Block, *locks: Lock) -> None:
    """``_Block.take`` that notes when a lock was got."""
    _take(self, *locks)
    for lock in locks:
        vars(self).setdefault("got", {}).setdefault(lock.name.partition(" of ")[0], _now())


@contextmanager
def begun(self: Database, *, writes: bool) -> Iterator[_Block]:
    """``Database._begun`` that records how long its locks were held."""
    got: dict[str, Times] = {}
    try:
        with _begun(self, writes=writes) as block:
            got = vars(block).setdefault("got", {})
            if writes and not self.is_postgresql:
                got["any write"] = _now()
            yield block
    finally:
        wall, cpu = _now()
        for name, (began, used) in got.items():
            if self.is_postgresql or name == "any write":
                held[name].append((wall - began, cpu - used))


def report(step: str, work: Callable[[], object]) -> None:
    """Do one step, and print the holds in it."""
    held.clear()
    work()
    for name, times in sorted(held.items()):
        wall, cpu = ([1_000 * one[n] for one in times] for n in (0, 1))
        print(
            f"| {step} | {name} | {len(times)} | {max(wall):.0f} | {max(cpu):.1f} "
            f"| {sum(cpu):.0f} | {os.getloadavg()[0]:.1f} |",
            flush=True,
        )


def rows(first: int, count: int) -> list[dict[str, Any]]:
    """Generated rows of the last year."""
    return [
        row(n, dt.datetime.now(dt.UTC) - YEAR, YEAR / 100_000) for n in range(first, first + count)
    ]


def ingest(folder: Path, url: str, first: int, count: int) -> None:
    """Ingest rows once told to, and say the seconds that it took."""
    new = rows(first, count)
    with opened(folder, database_url=url) as app:
        print("ready", flush=True)
        sys.stdin.readline()
        began, used = time.perf_counter(), time.process_time()
        list(app.pipeline.ingest_rows(new))
        print(time.perf_counter() - began, time.process_time() - used)


def beside(folder: Path, url: str, processes: int, count: int) -> None:
    """Ingest different rows with some processes at a time."""
    command = [sys.executable, "-m", "benchmarks.write_lock", "--ingest", str(folder), url]
    running = [
        subprocess.Popen(
            [*command, str(count * 10 * (processes + n)), str(count)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(processes)
    ]
    for one in running:
        assert one.stdout is not None
        one.stdout.readline()
    for one in running:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    took = [list(map(float, one.communicate()[0].split())) for one in running]
    print(
        f"{processes} ingesting: {processes * count / max(wall for wall, _ in took):.0f} items/s, "
        f"{1_000 * sum(cpu for _, cpu in took) / processes / count:.1f} ms of CPU an item, "
        f"load {os.getloadavg()[0]:.1f}",
        flush=True,
    )


def main(count: int, postgresql: bool) -> None:
    """Measure each step."""
    _Block.take, Database._begun = take, begun  # type: ignore[method-assign]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = None
        if postgresql:
            server = stack.enter_context(postgres_server())
            url = stack.enter_context(server.database("empty"))
        new = rows(0, count)
        print("| step | lock | holds | longest, ms | longest, CPU ms | all, CPU ms | load |")
        print("|---|---|---:|---:|---:|---:|---:|")
        with opened(folder, database_url=url) as app:
            report("ingest", lambda: list(app.pipeline.ingest_rows(new)))
            assigner = IncidentAssigner(app.store, app.index, app.clock)
            report("settle", assigner.assign)
        if url is not None:
            for processes in (1, 2):
                beside(folder, url, processes, count)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", type=int, nargs="?", default=1_000)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--ingest", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ingest:
        ingest(Path(asked.ingest[0]), asked.ingest[1], *map(int, asked.ingest[2:]))
    else:
        main(asked.count, asked.postgresql)
