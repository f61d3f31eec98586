"""Time of a model's draft outside the model, and of its page, for incidents of 1 to 1,000 items.

    python -m benchmarks.draft_time [--runs 5] [--latency 2] [1 10 100 1000]

The model is the loopback server of ``draft_cost.py`` in its own process, which answers a fixed time
after each request, in words of its own; the judge is on, and there is one repair.  The incidents
are copies of a sample under other names and numbers, so that no run finds its texts in a cache.
Vectors are sums of hashed words: the shipped model would embed 13,700 passages for minutes, which
no stage below counts.  As in ``summarizer serve``, what is loaded is frozen for the collector of
garbage.

"first" is the first draft of a process, "new" the median of the others, "again" that of the same
incident once more, with stored answers, "grown" that after one more item.  All in milliseconds:

- "wait" is the wall of the draft beyond the latency of its calls: what the service adds to it;
- "held" is the CPU of the thread that drafts, outside its calls, the least that the wait can be,
  and before it are its stages: "ask" prepares requests and reads answers, "draft" is what the judge
  says, repairs and the rest;
- "beside" is the CPU of all else: other threads while a call is waited for, and the HTTP client.

A busy machine raises "wait" above "held".  The columns behind it are the CPU of the page.
"""

from __future__ import annotations

import argparse
import calendar
import cProfile
import datetime as dt
import gc
import io
import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from opentelemetry import trace

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from summarizer import settings, telemetry
from summarizer.app import App, open_app
from summarizer.domain.sections import SectionSpec
from summarizer.ingestion.ingest import report
from summarizer.ports.models import Vectors
from summarizer.rendering import render_html, render_json

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "examples/items/varnway-shuttle-fine.jsonl"
MONTHS_AND_DAYS = {*calendar.month_name, *calendar.day_name}
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}\b")
WORD = re.compile(r"\b[A-Z][a-z]{3,}\b")
FIGURE = re.compile(r"\b\d{2,3}(?= [a-z])")
SHARED = 4
"""Items of the sample in which a name stands that all copies of the story share."""


class Story:
    """The sample, told again under other names."""

    def __init__(self, file: Path) -> None:
        self._rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        texts = [row["text"] for row in self._rows]
        found = Counter(name for text in texts for name in {*NAME.findall(text)})
        self._names = {name for name in found if name not in MONTHS_AND_DAYS}
        self._shared = {name for name in self._names if found[name] >= SHARED}

    def items(self, numbers: Iterable[int], run: int) -> bytes:
        """Rows of one incident; two runs share no name."""
        rows = (self._row(n, run) for n in numbers)
        return "\n".join(json.dumps(row) for row in rows).encode()

    def _row(self, n: int, run: int) -> Mapping[str, Any]:
        copy, place = divmod(n, len(self._rows))
        row = self._rows[place]
        at = dt.datetime.fromisoformat(row["published_at"]) + dt.timedelta(minutes=copy)
        changed = {key: self._told(row[key], copy, run) for key in ("title", "text", "outlet")}
        url = f"{row['url']}-{run}-{n}"
        return {**row, **changed, "id": f"{run}-{n}", "published_at": at.isoformat(), "url": url}

    def _told(self, text: str, copy: int, run: int) -> str:
        def name(match: re.Match[str]) -> str:
            word = match[0]
            if word not in self._names:
                return word
            return word + _syllables(run) + ("" if word in self._shared else _syllables(copy))

        return FIGURE.sub(lambda m: str(int(m[0]) + run + copy), WORD.sub(name, text))


def _syllables(n: int) -> str:
    """An ending of a name for each number; none for 0."""
    return _syllables(n // 20) + "bdfgklmnprstvzbdfgkl"[n % 20] + "aeiou"[n % 5] if n else ""


class HashedWords:
    """An embedder that costs nothing: each word is a direction of its own, nearly."""

    name = "hashed-words"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, in order."""
        made = np.full((len(texts), 384), 1e-6, dtype=np.float32)
        for row, text in zip(made, texts, strict=True):
            for word in text.lower().split():
                row[zlib.crc32(word.encode()) % 384] += 1
        return made / np.linalg.norm(made, axis=1, keepdims=True)


class Stopwatch:
    """CPU of the calling thread by stage of the work; a stage within another counts for itself."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}
        self.calls = 0
        self._inner: list[float] = []
        self._thread = threading.get_ident()

    @contextmanager
    def stage(self, name: str) -> Iterator[telemetry.Span]:
        span = telemetry.Span(trace.INVALID_SPAN)
        if threading.get_ident() != self._thread:
            yield span
            return
        self.calls += name == MODEL
        started = time.thread_time()
        self._inner.append(0.0)
        try:
            yield span
        finally:
            whole = time.thread_time() - started
            self.spent[name] = self.spent.get(name, 0.0) + whole - self._inner.pop()
            if self._inner:
                self._inner[-1] += whole

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            with self.stage(name):
                return work(*args, **kwargs)

        return call


STAGES = ("retrieve", "ask", "verify", "draft", "gate", "store", "monitor")
MODEL = "model call"
PAGE = ("page", "json", "html")
DRAFTS = ("first", "new", "again", "grown")


def main() -> None:
    """Print a table for each number of items."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("items", type=int, nargs="*", default=[1, 10, 100, 1_000])
    parser.add_argument("--runs", type=int, default=5, help="new incidents after the first one")
    parser.add_argument("--latency", type=float, default=2, help="seconds from request to answer")
    parser.add_argument("--profile", type=Path, help="write a profile of the new drafts")
    asked = parser.parse_args()
    columns = ("items", "draft", *STAGES, "held", "beside", "wait", *PAGE, "pack")
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for count in asked.items:
        measure(count, asked.runs, asked.latency, asked.profile)
    print(f"\nLoad of the last minute: {os.getloadavg()[0]:.1f}")


def measure(count: int, runs: int, latency: float, profile: Path | None) -> None:
    """Print the lines of one number of items."""
    story, watch = Story(SAMPLE), Stopwatch()
    profiler = cProfile.Profile(time.thread_time)
    with model(latency) as url:
        chosen = settings.load(drafter="anthropic", anthropic_base_url=url, plan="single")
        with open_app(chosen, embedder=HashedWords(), in_memory=True) as app:
            hook(app, watch)
            app.build()
            gc.freeze()
            found: dict[str, list[Run]] = {name: [] for name in DRAFTS}
            for run in range(runs + 1):
                incident = app.pipeline.gather(ingested(app, story.items(range(count), run))).id
                app.pipeline.settle()
                if run and profile:
                    profiler.enable()
                found["new" if run else "first"].append(drafted(app, watch, incident, latency))
                profiler.disable()
                found["again"].append(drafted(app, watch, incident, latency))
                app.store.assign(ingested(app, story.items([count], run)), incident)
                app.pipeline.settle()
                found["grown"].append(drafted(app, watch, incident, latency))
    if profile:
        profiler.dump_stats(profile)
    for name in DRAFTS:
        print(f"| {count} | {name} | {' | '.join(line(found[name]))} |", flush=True)


def ingested(app: App, rows: bytes) -> tuple[str, ...]:
    """Keys of the items of a file, which are stored."""
    return tuple(report(app.pipeline.ingest(io.BytesIO(rows))).keys)


class Run(NamedTuple):
    """One draft and its page, in seconds.

    Args:
        spent: CPU of the drafting thread by stage.
        whole: CPU of the process for the draft.
        wait: wall of the draft beyond the latency of its calls.
        passages: of the pack.
    """

    spent: Mapping[str, float]
    whole: float
    wait: float
    passages: int

    @property
    def held(self) -> float:
        """CPU of the drafting thread outside the calls."""
        return sum(self.spent.get(name, 0.0) for name in STAGES)


def line(runs: list[Run]) -> list[str]:
    """The medians of some runs, in milliseconds, and the passages of the last pack."""

    def p50(value: Callable[[Run], float]) -> str:
        return f"{1_000 * statistics.median(map(value, runs)):.0f}"

    def of(names: Sequence[str]) -> list[str]:
        return [p50(lambda run, name=name: run.spent.get(name, 0.0)) for name in names]

    threads = (
        p50(lambda run: run.held),
        p50(lambda run: run.whole - run.held),
        p50(lambda run: run.wait),
    )
    return [*of(STAGES), *threads, *of(PAGE), str(runs[-1].passages)]


def drafted(app: App, watch: Stopwatch, incident: str, latency: float) -> Run:
    """Draft an incident, and render its page."""
    watch.spent.clear()
    watch.calls = 0
    cpu, wall = time.process_time(), time.perf_counter()
    draft = app.pipeline.draft(incident)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    wait = wall - watch.calls * latency
    with watch.stage("page"):
        page, course = (found := app.pages.of(incident)), app.pages.picture(found)
    specs: tuple[SectionSpec, ...] = app.pipeline.specs
    with watch.stage("json"):
        render_json(page, specs)
    with watch.stage("html"):
        render_html(page, specs, course)
    return Run(dict(watch.spent), cpu, wait, len(draft.evidence.passages))


def hook(app: App, watch: Stopwatch) -> None:
    """Time the spans of a draft and the calls to the model."""
    vars(telemetry)["span"] = lambda name, **_: watch.stage(name)
    drafter, judge = app.pipeline.drafter, app.pipeline.verifier.judge
    for asked, names in ((drafter, ("draft", "repair")), (judge, ("judge",))):
        for name in names:
            vars(asked)[name] = watch.timed("ask", getattr(asked, name))


@contextmanager
def model(latency: float) -> Iterator[str]:
    """Address of a server in its own process."""
    program = str(ROOT / "benchmarks/draft_cost.py")
    command = [sys.executable, program, "--serve", "--latency", str(latency)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        yield run.stdout.readline().strip()
        run.stdin.close()


if __name__ == "__main__":
    main()
