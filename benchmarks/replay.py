"""Replay of items in order of publication with a simulated clock, to test auto-drafting.

    python benchmarks/replay.py FILE… --runs 3 --kills 10

Each item arrives at its publication time (``--step`` minutes together); the worker runs after each
step and whenever a waiting incident is due, and the clock jumps between these times.  A loopback
model answers.  The last run is killed at random moments and restarted each time; the state of the
store after each kill is printed.  All runs must have the same fingerprint: incidents with their
items, and all revisions with their evidence and sentences.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import hashlib
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evals.mock_server import MessagesServer, any_answer
from summarizer import settings
from summarizer.app import App, open_app
from summarizer.domain.jobs import JobStatus
from summarizer.jobs.planner import Action, Decision
from summarizer.noise import score

LEASE_S = 1
STEP = "step "
"""Prefix of the line by which a process reports its current step."""
MOMENT_S = 2.0
"""Maximum seconds from the start of a step to a kill; a step takes about as long."""
VOLATILE = {"created_at", "made_at", "usage"}


class DrivenClock:
    def __init__(self) -> None:
        self.at = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

    def now(self) -> dt.datetime:
        return self.at


def rows_of(files: list[Path]) -> list[tuple[dt.datetime, dict[str, Any]]]:
    """Rows with their times in UTC, oldest first, without gold labels and undated rows."""
    found = []
    for file in files:
        read = gzip.open if file.suffix == ".gz" else open
        with read(file, "rt", encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                if row.get("published_at"):
                    at = dt.datetime.fromisoformat(row["published_at"])
                    row = {k: v for k, v in row.items() if k not in ("gold_cluster", "incident")}
                    found.append((at if at.tzinfo else at.replace(tzinfo=dt.UTC), row))
    return sorted(found, key=lambda pair: pair[0])


def steps_of(
    rows: list[tuple[dt.datetime, dict[str, Any]]], minutes: int
) -> list[tuple[dt.datetime, bytes]]:
    steps: dict[int, list[tuple[dt.datetime, dict[str, Any]]]] = {}
    for at, row in rows:
        steps.setdefault(int(at.timestamp()) // (60 * minutes), []).append((at, row))
    return [
        (max(at for at, _ in group), json.dumps([row for _, row in group]).encode())
        for _, group in sorted(steps.items())
    ]


class Replay:
    """One process of a run; it continues from the store of an earlier one."""

    def __init__(self, service: App, clock: DrivenClock) -> None:
        self.service, self.clock = service, clock
        self.decisions: tuple[Decision, ...] = ()
        self.looks, self.waited = 0, Counter[str]()
        self.peaks: dict[str, float] = {}

    def run(self, steps: list[tuple[dt.datetime, bytes]]) -> None:
        self.service.pipeline.settle()  # loads index and embedder before the first step
        reached, jobs = self._reached(), self.service.store.jobs
        for number, (at, body) in enumerate(steps, 1):
            if at < reached:
                continue
            print(f"{STEP}{number}", flush=True)
            self._until(at)
            self.clock.at = at
            list(self.service.pipeline.ingest(io.BytesIO(body)))
            self.service.pipeline.settle()
            if jobs.with_status(JobStatus.RUNNING):  # of a killed run
                self.clock.at = at + dt.timedelta(seconds=LEASE_S)
            self.service.jobs.resume()
            while jobs.with_status(JobStatus.QUEUED, JobStatus.RUNNING):
                time.sleep(0.01)
            self._look()
        self._until(self.clock.at + dt.timedelta(days=30))

    def _reached(self) -> dt.datetime:
        """Ingestion time of the newest item; earlier steps are complete."""
        store = self.service.store
        keys = [key for incident in store.incidents(10**6) for key in incident.item_keys]
        keys += [item.key for item in store.items_without_incident()]
        return max((item.ingested_at for item in store.items(keys)), default=self.clock.at)

    def _until(self, at: dt.datetime) -> None:
        """Run the worker whenever a waiting incident is due before a time."""
        while coming := [
            d.until for d in self.decisions if d.action is Action.WAIT and d.until is not None
        ]:
            if min(coming) >= at:
                return
            self.clock.at = max(self.clock.at, min(coming))
            self._look()

    def _look(self) -> None:
        while True:
            looked = self.service.worker.once()
            self.looks += 1
            for purse in self.service.worker.survey.purses():
                name = f"{purse.unit} an {purse.window}".replace("an day", "a day")
                self.peaks[name] = max(self.peaks.get(name, 0), purse.spent)
            if not looked.jobs:
                break
        self.decisions = looked.decisions
        self.waited.update(d.reason.value for d in looked.decisions)


def fingerprint(service: App) -> tuple[str, dict[str, int]]:
    digest, counts = hashlib.sha256(), Counter[str]()
    for incident in sorted(service.store.incidents(10**6), key=lambda i: i.id):
        counts["incidents"] += 1
        digest.update(json.dumps([incident.id, incident.item_keys]).encode())
        drafts = service.store.drafts(incident.id)
        counts["made"] += bool(drafts)
        counts["remade"] += max(0, len(drafts) - 1)
        hashes = [draft.evidence_hash for draft in drafts]
        counts["twice from the same evidence"] += len(hashes) - len(set(hashes))
        for draft in drafts:
            digest.update(json.dumps(_stable(draft.model_dump(mode="json"))).encode())
    return digest.hexdigest()[:16], dict(counts)


def _stable(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            k: _stable(v) for k, v in sorted(value.items()) if k not in VOLATILE | {"ingested_at"}
        }
    return [_stable(v) for v in value] if isinstance(value, list) else value


def states(service: App, times: list[dt.datetime]) -> Iterator[tuple[str, dict[str, int]]]:
    """Number of published incidents by state, at each time."""
    every = [service.store.items(i.item_keys) for i in service.store.incidents(10**6)]
    for at in times:
        known = [items for items in every if any(item.seen_at <= at for item in items)]
        found = Counter(score.measure(items, at).state.value for items in known)
        yield f"{at:%Y-%m-%d}", dict(sorted(found.items()))


def child(files: list[Path], data: Path, url: str, minutes: int) -> None:
    clock, rows = DrivenClock(), rows_of(files)
    loaded = settings.load(
        data_dir=data, anthropic_base_url=url, lease_s=LEASE_S, concurrent_drafts=1, plan="single"
    )
    with open_app(loaded, clock=clock) as service:
        replay = Replay(service, clock)
        replay.run(steps_of(rows, minutes))
        mark, counts = fingerprint(service)
        times = [rows[len(rows) * n // 8][0] for n in range(1, 8)] + [clock.at]
        final = Counter(d.reason.value for d in replay.decisions)
        spent = service.store.planner_records.spent(dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
        print(
            json.dumps(
                {
                    "fingerprint": mark,
                    "items": len(rows),
                    **counts,
                    "looks": replay.looks,
                    "at the end": dict(final.most_common()),
                    "tokens at most within": replay.peaks,
                    "calls": sum(s.usage.calls for s in spent),
                    "tokens": sum(s.usage.input_tokens + s.usage.output_tokens for s in spent),
                    "states": dict(states(service, times)),
                }
            )
        )


class Life:
    """A process of a run, until it ends or is killed."""

    def __init__(self, command: list[str]) -> None:
        self.step, self.result = 0, ""
        self._news = threading.Condition()
        self._over = False
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._news:
                if line.startswith(STEP):
                    self.step = int(line.removeprefix(STEP))
                else:
                    self.result = line
                self._news.notify()
        with self._news:
            self._over = True
            self._news.notify()

    def lived(self, step: int | None, seconds: float) -> bool:
        """Wait for the end, or kill the process some seconds after the start of a step.

        Returns whether it ended by itself.
        """
        with self._news:
            self._news.wait_for(lambda: self._over or (step is not None and self.step >= step))
        try:
            code = self._process.wait(None if step is None else seconds)
        except subprocess.TimeoutExpired:
            os.kill(self._process.pid, signal.SIGKILL)
            code = self._process.wait()
        self._reader.join()
        if code not in (0, -signal.SIGKILL):
            raise SystemExit(code)
        return code == 0


def left_behind(data: Path) -> str:
    """State of the store after a kill."""
    with open_app(settings.load(data_dir=data), owns_index=False) as service:
        store = service.store
        incidents = store.incidents(10**6)
        loose = len(store.items_without_incident())
        jobs = Counter(job.status.value for job in store.jobs.with_status(*JobStatus))
        calls = sum(
            s.usage.calls
            for s in store.planner_records.spent(dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
        )
        return (
            f"{sum(len(i.item_keys) for i in incidents) + loose} items, {loose} of them in no "
            f"incident yet; {sum(len(store.drafts(i.id)) for i in incidents)} drafts; "
            f"jobs: {dict(jobs)}; {calls} calls answered"
        )


def run(arguments: argparse.Namespace, data: Path, kills: int, chance: random.Random) -> str:
    """Fingerprint of a run with a number of kills."""
    steps = len(steps_of(rows_of(arguments.files), arguments.step))
    points = sorted(chance.randrange(1, steps) for _ in range(kills))
    with MessagesServer(any_answer) as server:
        command = [sys.executable, __file__, *map(str, arguments.files), "--step"]
        command += [str(arguments.step), "--child", str(data), "--url", server.url]
        began, died = time.monotonic(), 0
        while True:
            life = Life(command)
            after = chance.uniform(0, MOMENT_S)
            if life.lived(points[died] if died < kills else None, after):
                break
            died += 1
            behind = left_behind(data)
            print(f"killed in step {life.step} of {steps}, {after:.1f} s into it: {behind}")
        found = json.loads(life.result)
        seconds = round(time.monotonic() - began)
        print(f"killed {died} times, {seconds} s: {json.dumps(found)}", flush=True)
        return str(found["fingerprint"])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--runs", type=int, default=3, help="that are left alone")
    parser.add_argument("--kills", type=int, default=10, help="of one more run")
    parser.add_argument("--step", type=int, default=60, help="minutes that are taken together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.files, arguments.child, arguments.url, arguments.step)
        return
    chance, marks = random.Random(arguments.seed), []
    for kills in [0] * arguments.runs + ([arguments.kills] if arguments.kills else []):
        with tempfile.TemporaryDirectory() as folder:
            marks.append(run(arguments, Path(folder), kills, chance))
    print("the same each time" if len(set(marks)) == 1 else f"DIFFERENT: {marks}")


if __name__ == "__main__":
    main()
