"""Precision and coverage of extracts: claims that rules carry without a model.

    python benchmarks/extract_precision.py FILE.jsonl[.gz] ... [--show 10]

A claim counts as carried when it is an extract of its sources and passes all ``scoring.CHECKS``.
Each row has ``claim``, ``label`` (1 supported, 0 not) and ``sources`` or ``source_text``.
"Precision" is at the file's own share of honest claims; "balanced" weighs honest and faulty claims
alike.  Intervals are 95%, drawn over sources.  ``--show`` prints that many faulty claims that pass,
and as many honest ones that do not.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from summarizer.verification.evidence import of_texts
from summarizer.verification.extracts import is_extract
from summarizer.verification.rows import parse_row
from summarizer.verification.scoring import run_checks

DRAWS = 1000


class Row(NamedTuple):
    """A row: its sources, whether it is honest, and whether rules carry it."""

    sources: int
    honest: bool
    carried: bool


def read(file: Path) -> list[dict[str, Any]]:
    """Rows of a file."""
    with gzip.open(file, "rt") if file.suffix == ".gz" else file.open() as lines:
        return [json.loads(line) for line in lines]


def carried(row: dict[str, Any]) -> bool:
    """Whether a claim is an extract that passes all checks."""
    parsed = parse_row(row)
    cited = of_texts(parsed.sources)
    return is_extract(parsed.claim, cited) and not run_checks(parsed.claim, cited)


def judged(rows: Sequence[dict[str, Any]], show: int) -> list[Row]:
    """The rows with what the rules say; prints some that they get wrong."""
    shown = {True: 0, False: 0}
    found = []
    for row in rows:
        honest, passes = row["label"] == 1, carried(row)
        found.append(Row(hash(str(parse_row(row).sources)), honest, passes))
        if honest != passes and shown[honest] < show:
            shown[honest] += 1
            print(f"  {'not carried' if honest else 'faulty, passed'} {row['id']}: {row['claim']}")
    return found


class Rates(NamedTuple):
    """Shares of some rows, 0-1; ``None`` where nothing was counted."""

    precision: float | None
    balanced: float | None
    coverage: float | None


def rates(rows: Sequence[Row]) -> Rates:
    """Precision, precision at even odds, and share of honest claims that are carried."""
    honest = [r.carried for r in rows if r.honest]
    faulty = [r.carried for r in rows if not r.honest]
    good, bad = sum(honest), sum(faulty)
    hit = good / len(honest) if honest else None
    miss = bad / len(faulty) if faulty else None
    even = hit / (hit + miss) if hit is not None and miss is not None and hit + miss else None
    return Rates(good / (good + bad) if good + bad else None, even, hit)


def line(name: str, rows: Sequence[Row]) -> str:
    """One line of the table."""
    groups = defaultdict(list)
    for row in rows:
        groups[row.sources].append(row)
    keys, draw = list(groups), random.Random(1)
    drawn = [
        rates([row for key in draw.choices(keys, k=len(keys)) for row in groups[key]])
        for _ in range(DRAWS)
    ]
    cells = [f"{sum(r.honest for r in rows)}/{sum(not r.honest for r in rows)}"]
    cells += [
        f"{sum(r.carried and r.honest for r in rows)}/{sum(r.carried > r.honest for r in rows)}"
    ]
    for n, value in enumerate(rates(rows)):
        values = sorted(v for d in drawn if (v := d[n]) is not None)
        cells.append(
            "–"
            if value is None or not values
            else f"{value:.3f} ({values[int(0.025 * len(values))]:.2f}–"
            f"{values[int(0.975 * len(values)) - 1]:.2f})"
        )
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    all_rows: list[Row] = []
    lines = []
    for file in options.files:
        rows = judged(read(file), options.show)
        lines.append(line(file.name.split(".")[0], rows))
        all_rows += rows
    print("| file | honest/faulty | carried | precision | balanced | coverage |")
    print("|---|---|---|---|---|---|")
    print("\n".join([*lines, line("all", all_rows)]))


if __name__ == "__main__":
    main()
