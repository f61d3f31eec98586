"""Time of a model's draft outside the model, and of its page, for incidents of 1 to 1,000 items.

    python benchmarks/draft_time.py [--runs 5] [1 10 100 1000]

The model is the loopback server of ``draft_cost.py`` in its own process; the judge is on.  The
incidents are copies of a sample under other names and numbers, so that no run finds its texts in a
cache.  Vectors are sums of hashed words: the shipped model would embed 13,700 passages for minutes,
which no stage below counts.  "first" is the first draft of a process, "new" the median of the
others, "again" that of the same incident once more, "grown" that after one more item.
Milliseconds of this process's CPU by stage: "ask" prepares requests and reads answers, "draft" is
what the judge says, repairs and the rest.  "CPU" and "wall" are those of the draft outside the
calls; "model" is the wall of the calls with their HTTP client.
"""

from __future__ import annotations

import argparse
import calendar
import cProfile
import datetime as dt
import io
import json
import re
import statistics
import subprocess
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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

Seconds = tuple[float, float]
"""Of CPU, and of the wall."""


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
    """Seconds by stage of the work; a stage within another counts for itself."""

    def __init__(self) -> None:
        self.spent: dict[str, Seconds] = {}
        self._inner: list[Seconds] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[telemetry.Span]:
        cpu, wall = time.process_time(), time.perf_counter()
        self._inner.append((0.0, 0.0))
        try:
            yield telemetry.Span(trace.INVALID_SPAN)
        finally:
            whole = time.process_time() - cpu, time.perf_counter() - wall
            self.spent[name] = _sum(self.spent.get(name), _sum(whole, self._inner.pop(), -1))
            if self._inner:
                self._inner[-1] = _sum(self._inner[-1], whole)

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            with self.stage(name):
                return work(*args, **kwargs)

        return call


def _sum(one: Seconds | None, other: Seconds, sign: int = 1) -> Seconds:
    cpu, wall = one or (0.0, 0.0)
    return cpu + sign * other[0], wall + sign * other[1]


STAGES = ("retrieve", "ask", "verify", "draft", "gate", "store", "monitor")
MODEL = "model call"
PAGE = ("page", "json", "html")
DRAFTS = ("first", "new", "again", "grown")


def main() -> None:
    """Print a table for each number of items."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("items", type=int, nargs="*", default=[1, 10, 100, 1_000])
    parser.add_argument("--runs", type=int, default=5, help="new incidents after the first one")
    parser.add_argument("--profile", type=Path, help="write a profile of the new drafts")
    asked = parser.parse_args()
    columns = ("items", "draft", *STAGES, "CPU", "wall", "model", *PAGE, "pack")
    print(f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for count in asked.items:
        measure(count, asked.runs, asked.profile)


def measure(count: int, runs: int, profile: Path | None) -> None:
    """Print the lines of one number of items."""
    story, watch, profiler = Story(SAMPLE), Stopwatch(), cProfile.Profile()
    with model() as url:
        chosen = settings.load(drafter="anthropic", anthropic_base_url=url, plan="single")
        with open_app(chosen, embedder=HashedWords(), in_memory=True) as app:
            hook(app, watch)
            found: dict[str, list[Run]] = {name: [] for name in DRAFTS}
            for run in range(runs + 1):
                incident = app.pipeline.gather(ingested(app, story.items(range(count), run))).id
                app.pipeline.settle()
                if run and profile:
                    profiler.enable()
                found["new" if run else "first"].append(drafted(app, watch, incident))
                profiler.disable()
                found["again"].append(drafted(app, watch, incident))
                app.store.assign(ingested(app, story.items([count], run)), incident)
                app.pipeline.settle()
                found["grown"].append(drafted(app, watch, incident))
    if profile:
        profiler.dump_stats(profile)
    for name in DRAFTS:
        print(f"| {count} | {name} | {' | '.join(line(found[name]))} |", flush=True)


def ingested(app: App, rows: bytes) -> tuple[str, ...]:
    """Keys of the items of a file, which are stored."""
    return tuple(report(app.pipeline.ingest(io.BytesIO(rows))).keys)


class Run:
    """One draft and its page."""

    def __init__(self, spent: Mapping[str, Seconds], passages: int) -> None:
        self.spent, self.passages = spent, passages

    def cpu(self, name: str) -> float:
        return self.spent.get(name, (0.0, 0.0))[0]

    def total(self, of: int) -> float:
        """Of all stages of the draft: 0 for CPU, 1 for the wall."""
        return sum(self.spent.get(name, (0.0, 0.0))[of] for name in STAGES)


def line(runs: list[Run]) -> list[str]:
    """The medians of some runs, in milliseconds, and the passages of the last pack."""

    def p50(value: Callable[[Run], float]) -> str:
        return f"{1_000 * statistics.median(map(value, runs)):.0f}"

    stages = [p50(lambda run, name=name: run.cpu(name)) for name in STAGES]
    page = [p50(lambda run, name=name: run.cpu(name)) for name in PAGE]
    whole = [p50(lambda run, of=of: run.total(of)) for of in (0, 1)]
    waited = p50(lambda run: run.spent.get(MODEL, (0.0, 0.0))[1])
    return [*stages, *whole, waited, *page, str(runs[-1].passages)]


def drafted(app: App, watch: Stopwatch, incident: str) -> Run:
    """Draft an incident, and render its page."""
    watch.spent.clear()
    draft = app.pipeline.draft(incident)
    with watch.stage("page"):
        page, course = (found := app.pages.of(incident)), app.pages.picture(found)
    specs: tuple[SectionSpec, ...] = app.pipeline.specs
    with watch.stage("json"):
        render_json(page, specs)
    with watch.stage("html"):
        render_html(page, specs, course)
    return Run(dict(watch.spent), len(draft.evidence.passages))


def hook(app: App, watch: Stopwatch) -> None:
    """Time the spans of a draft and the calls to the model."""
    vars(telemetry)["span"] = lambda name, **_: watch.stage(name)
    drafter, judge = app.pipeline.drafter, app.pipeline.verifier.judge
    for asked, names in ((drafter, ("draft", "repair")), (judge, ("judge",))):
        for name in names:
            vars(asked)[name] = watch.timed("ask", getattr(asked, name))


@contextmanager
def model() -> Iterator[str]:
    """Address of a server in its own process."""
    command = [sys.executable, str(ROOT / "benchmarks/draft_cost.py"), "--serve"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        yield run.stdout.readline().strip()
        run.stdin.close()


if __name__ == "__main__":
    main()
