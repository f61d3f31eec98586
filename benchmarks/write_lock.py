"""Time for which the write lock is held while items are added to a drafted incident.

    python benchmarks/write_lock.py

Puts all sample items but ten into one incident, drafts it without a model, adds the ten, settles,
and drafts again.  Prints the longest and the whole time for which each step held the lock.
"""

from __future__ import annotations

import io
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from summarizer import settings
from summarizer.app import open_app
from summarizer.storage.database import Database

EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "items"
LATER = 10
"""Number of items added after the first draft."""

_writing = Database.writing
held: list[float] = []


@contextmanager
def timed(self: Database) -> Iterator[Any]:
    """``Database.writing`` that records how long the outermost block held the lock."""
    nested = getattr(self._local, "connection", None) is not None
    with _writing(self) as connection:
        began = time.perf_counter()
        try:
            yield connection
        finally:
            if not nested:
                held.append(time.perf_counter() - began)


def report(step: str, began: float) -> None:
    """Print and clear the recorded times."""
    took = time.perf_counter() - began
    longest, total = max(held) * 1000, sum(held) * 1000
    print(f"{step}: longest {longest:.0f} ms, in all {total:.0f} ms of {took * 1000:.0f} ms")
    held.clear()


def main() -> None:
    """Measure each step."""
    Database.writing = timed  # type: ignore[method-assign]
    rows = [
        json.dumps(json.loads(line) | {"incident": "one"})
        for file in sorted(EXAMPLES.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    with tempfile.TemporaryDirectory() as folder:
        loaded = settings.load(data_dir=Path(folder), drafter="extractive")
        with open_app(loaded) as service:
            held.clear()
            for step, part in (("first items", rows[:-LATER]), ("later items", rows[-LATER:])):
                began = time.perf_counter()
                list(service.pipeline.ingest(io.BytesIO("\n".join(part).encode())))
                report(f"ingest {step}", began)
                began = time.perf_counter()
                service.pipeline.settle()
                report(f"settle {step}", began)
                began = time.perf_counter()
                service.pipeline.draft("INC-000001")
                report(f"draft with {step}", began)


if __name__ == "__main__":
    main()
