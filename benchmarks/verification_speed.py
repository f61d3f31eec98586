"""Speed of verification per rung, and start-up time and memory of the local model.

    python benchmarks/verification_speed.py examples/items/*.jsonl

The claims are what the extractive drafter writes of each file, with the passages that they cite.
Each rung has a fresh process, so that none finds what another left loaded or remembered; the first
verdict of a process is its start-up and not in its rate.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

Row = Mapping[str, Any]
RUNGS = ("checks", "lexical", "alignment", "ladder")


def main() -> None:
    """Draft, time every rung on the claims, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    rows = alone(partial(drafted, parser.parse_args().files))
    load, cores = os.getloadavg()[0], os.cpu_count()
    print(f"{len(rows)} claims; load {load:.1f} on {cores} cores before the first rung\n")
    print("| rung | verdicts a second | import, s | load and first verdict, s | peak MiB |")
    print("|---|---|---|---|---|")
    for rung in RUNGS:
        rate, imported, first, peak = alone(partial(timed, rung, rows))
        print(f"| {rung} | {rate:.0f} | {imported:.2f} | {first:.2f} | {peak:.0f} |")


def alone(work: Callable[[], Any]) -> Any:
    """Run a function in a new process, which has not imported the product."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work).result()


def drafted(files: list[Path]) -> list[Row]:
    """The drafted claims of each file's story as rows of ``summarizer verify``."""
    from summarizer import settings
    from summarizer.app import open_app
    from summarizer.ingestion.ingest import report

    rows = []
    for file in files:
        with (
            open_app(settings.load(drafter="extractive"), in_memory=True) as app,
            file.open("rb") as items,
        ):
            pipeline = app.pipeline
            draft = pipeline.draft(pipeline.gather(report(pipeline.ingest(items)).keys).id)
        texts = {passage.id: passage.text for passage in draft.evidence.passages}
        rows += [
            {"claim": c.claim.text, "sources": [texts[cite] for cite in c.claim.cites]}
            for section in draft.sections
            for c in (*section.shown, *section.withheld)
            if c.claim.cites
        ]
    return rows


def timed(rung: str, rows: list[Row]) -> tuple[float, float, float, float]:
    """Verdicts per second, seconds of import and of the first verdict, and peak memory in MiB."""
    started = time.perf_counter()
    from summarizer import factories

    imported = time.perf_counter()
    verdict = verdict_of(rung, factories)
    verdict(rows[0])
    first = time.perf_counter()
    for row in rows[1:]:
        verdict(row)
    rate = (len(rows) - 1) / (time.perf_counter() - first)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return rate, imported - started, first - imported, peak


def verdict_of(rung: str, factories: Any) -> Callable[[Row], object]:
    """Verification of one row by a rung; the ladder is that of ``summarizer verify``."""
    if rung == "checks":
        from summarizer.verification import scoring
        from summarizer.verification.evidence import of_texts

        return lambda row: scoring.run_checks(
            row["claim"], of_texts([(str(n), text) for n, text in enumerate(row["sources"])])
        )
    if rung == "ladder":
        from summarizer.verification.rows import verify_row

        return partial(verify_row, entailment=factories.entailment())
    part = factories.entailment_parts()[rung]
    return lambda row: part.support([(row["claim"], row["sources"])])


if __name__ == "__main__":
    main()
