"""Speed of verification on the samples: five figures, each in a process of its own.

    python benchmarks/verify_speed.py

- ``draft``: the extractive draft of the incident in ``ITEMS``, which has ten items, with all that
  the command does but loading.
- ``checks``: verification of a model's draft of it. Stands for it: the extractive draft with the
  third word of each sentence left out, so that none stands in its passage word for word and each is
  embedded and parsed anew. The passages were seen before, as by the planner and the drafter.
- ``words`` and ``all``: claims a second of ``summarizer verify``, one by one: the claims of the
  same kind of all sample files against the passages that they cite. ``words`` is all checks that
  read no grammar, and word overlap; ``all`` adds the parser and the networks. Neither has seen the
  claims or the passages; weights are loaded.
- ``cold``: one claim by the command ``summarizer verify``, the whole life of its process.

Prints CPU time, which other work on the machine changes little, and wall time.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

SAMPLES = sorted((ROOT / "examples" / "items").glob("*.jsonl"))
ITEMS = ROOT / "examples" / "items" / "ostrel-narrators-lawsuit.jsonl"
FIRST = {"claim": "A red cat sat there.", "sources": ["A cat that is red was seen on a mat."]}
"""A claim that loads the weights."""

Row = Mapping[str, Any]


class Taken(NamedTuple):
    """Seconds that some work on ``count`` claims took."""

    count: int
    cpu: float
    wall: float


def main() -> None:
    """Time each and print a table."""
    rows = alone(reworded_rows)
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(f"load {load:.1f} on {cores} cores\n")
    print("| | claims | CPU, s | wall, s | claims a CPU second |")
    print("|---|---:|---:|---:|---:|")
    for name, work, given in (
        ("extractive draft, warm", draft, ()),
        ("checks of a model's draft, warm", checks, ()),
        ("`verify` by rules and words, warm", words, (rows,)),
        ("`verify` with parser and networks, warm", everything, (rows,)),
        ("`verify` of one claim, cold", cold, (rows,)),
    ):
        count, cpu, wall = alone(work, *given)
        print(f"| {name} | {count} | {cpu:.2f} | {wall:.2f} | {count / cpu:.0f} |", flush=True)


def alone(work: Callable[..., Any], *given: Any) -> Any:
    """Run a function in a new process, which has not imported the product."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *given).result()


def timed(count: int, work: Callable[[], object]) -> Taken:
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Taken(count, time.process_time() - cpu, time.perf_counter() - wall)


def draft() -> Taken:
    from summarizer import factories
    from summarizer.verification.rows import verify_row

    verify_row(FIRST, factories.entailment())
    taken, _ = _drafted(ITEMS)
    return taken


def checks() -> Taken:
    from summarizer import factories
    from summarizer.domain.drafts import DraftedSection
    from summarizer.verification.entailment.lexical import LexicalEntailment
    from summarizer.verification.evidence import EvidenceIndex
    from summarizer.verification.policy import load_policy
    from summarizer.verification.verify import Verifier

    _, made = _drafted(ITEMS)
    verifier = Verifier(factories.prompts().specs(), LexicalEntailment(), load_policy())
    sections = [
        DraftedSection(
            key=section.key,
            claims=tuple(
                c.claim.model_copy(update={"text": _reworded(c.claim.text)})
                for c in (*section.shown, *section.withheld)
            ),
        )
        for section in made.sections
    ]
    count = sum(len(section.claims) for section in sections)
    return timed(count, lambda: verifier.check(EvidenceIndex(made.evidence), sections))


def words(rows: list[Row]) -> Taken:
    from summarizer.verification.entailment.lexical import LexicalEntailment
    from summarizer.verification.evidence import of_texts
    from summarizer.verification.scoring import CHECKS

    entailment = LexicalEntailment()
    by_words = [check for name, check in CHECKS.items() if name not in ("operators", "roles")]

    def verify(row: Row) -> None:
        cited = of_texts([(str(n), text) for n, text in enumerate(row["sources"])])
        for check in by_words:
            check(row["claim"], cited)
        entailment.support([(row["claim"], row["sources"])])

    return timed(len(rows), lambda: [verify(row) for row in rows])


def everything(rows: list[Row]) -> Taken:
    from summarizer import factories
    from summarizer.verification.rows import verify_row

    entailment = factories.entailment()
    verify_row(FIRST, entailment)
    return timed(len(rows), lambda: [verify_row(row, entailment) for row in rows])


def cold(rows: list[Row]) -> Taken:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "row.jsonl"
        file.write_text(json.dumps(rows[0]), encoding="utf-8")
        command = [sys.executable, "-m", "summarizer", "verify", str(file)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)  # fills caches
        before, wall = _cpu_of_children(), time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
        return Taken(1, _cpu_of_children() - before, time.perf_counter() - wall)


def reworded_rows() -> list[Row]:
    """The reworded claims of the samples' extractive drafts, with the passages that they cite."""
    rows = []
    for file in SAMPLES:
        _, made = _drafted(file)
        texts = {passage.id: passage.text for passage in made.evidence.passages}
        rows += [
            {"claim": _reworded(c.claim.text), "sources": [texts[cite] for cite in c.claim.cites]}
            for section in made.sections
            for c in (*section.shown, *section.withheld)
            if c.claim.cites
        ]
    return rows


def _drafted(file: Path) -> tuple[Taken, Any]:
    """The extractive draft of a file's story, and what drafting took after ingestion."""
    from summarizer import settings
    from summarizer.app import open_app
    from summarizer.ingestion.ingest import report

    with (
        open_app(settings.load(drafter="extractive"), in_memory=True) as app,
        file.open("rb") as items,
    ):
        story = app.pipeline.gather(report(app.pipeline.ingest(items)).keys).id
        made = []
        taken = timed(0, lambda: made.append(app.pipeline.draft(story)))
    count = sum(len(s.shown) + len(s.withheld) for s in made[0].sections)
    return taken._replace(count=count), made[0]


def _reworded(text: str) -> str:
    """The text without its third word."""
    parts = text.split(" ")
    return " ".join(parts[:2] + parts[3:])


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
