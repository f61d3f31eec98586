"""What each check catches and what it costs, on labelled claims.

    python benchmarks/check_worth.py FILE.jsonl[.gz] ... [--limit 600] [--only NAME] [--show 10]

Each row has ``claim``, ``label`` (1 supported, 0 not) and ``sources`` or ``source_text``; ``kind``,
where it has one, makes lines of its own.  The column "alone" counts what neither ``operators`` nor
an exact check catches too.  ``--show`` prints that many false alarms and misses of one check.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from summarizer.domain.claims import Failure
from summarizer.verification.checks import (
    attribution,
    instructions,
    operators,
)
from summarizer.verification.evidence import CitedEvidence, of_texts
from summarizer.verification.rows import parse_row
from summarizer.verification.scoring import CHECKS

Check = Callable[[str, CitedEvidence], Sequence[Failure]]
Row = Mapping[str, Any]
EXACT = ("operators", "quotes", "instructions")
ALL: dict[str, Check] = {
    "operators": operators.check,
    **CHECKS,
    "attribution": attribution.check,
    "instructions": instructions.check,
}


def rows(file: Path, limit: int) -> list[Row]:
    """At most ``limit`` rows of each label, drawn with a fixed seed."""
    found = defaultdict(list)
    with gzip.open(file, "rt") if file.suffix == ".gz" else file.open() as lines:
        for line in lines:
            row = json.loads(line)
            found[row["label"]].append(row)
    return [
        row
        for label in sorted(found)
        for row in random.Random(1).sample(found[label], min(limit, len(found[label])))
    ]


def fired(row: Row, checks: Mapping[str, Check], spent: dict[str, float]) -> dict[str, list[str]]:
    """Reasons of each check that fails a claim; adds each one's CPU seconds to ``spent``."""
    parsed = parse_row(row)
    found = {}
    for name, check in checks.items():
        begun = time.process_time()
        failures = check(parsed.claim, of_texts(parsed.sources))
        spent[name] += time.process_time() - begun
        if failures:
            found[name] = [failure.reason for failure in failures]
    return found


def report(
    title: str, found: Sequence[tuple[Row, dict[str, list[str]]]], names: Sequence[str]
) -> None:
    """Print a table of the checks on some rows."""
    wrong = [reasons for row, reasons in found if row["label"] == 0]
    right = [reasons for row, reasons in found if row["label"] == 1]
    print(f"\n{title}: {len(wrong)} wrong, {len(right)} honest")
    print("| check | caught | alone | false alarms | alone |\n|---|---|---|---|---|")
    for name in names:
        others = [other for other in EXACT if other != name]
        cells = []
        for group in (wrong, right):
            mine = [reasons for reasons in group if name in reasons]
            cells += [len(mine), sum(not any(o in reasons for o in others) for reasons in mine)]
        print(f"| {name} | {' | '.join(map(str, cells))} |")


def show(name: str, found: Sequence[tuple[Row, dict[str, list[str]]]], most: int) -> None:
    """Print false alarms and misses of one check, at most so many of each."""
    shown = {0: 0, 1: 0}
    for row, reasons in found:
        label = row["label"]
        if (name in reasons) == bool(label) and shown[label] < most:
            shown[label] += 1
            what = "false alarm" if label else "missed"
            print(f"  {what} {row['id']}: {row['claim']} {reasons.get(name, '')}")


def main() -> None:
    """Run the checks on every row and print a table for each file and kind."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE")
    parser.add_argument("--limit", type=int, default=600, help="rows of each label and file")
    parser.add_argument("--only", choices=ALL, help="one check")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--out", type=Path, help="write what fired on each row here, as JSON lines")
    options = parser.parse_args()
    checks = {options.only: ALL[options.only]} if options.only else ALL
    for file in options.files:
        spent: dict[str, float] = defaultdict(float)
        found = [(row, fired(row, checks, spent)) for row in rows(file, options.limit)]
        if options.only:
            show(options.only, found, options.show)
        report(file.name, found, list(checks))
        for kind in dict.fromkeys(row["kind"] for row, _ in found if "kind" in row):
            report(kind, [(r, f) for r, f in found if r.get("kind") == kind], list(checks))
        print({name: f"{1000 * s / max(1, len(found)):.1f} ms" for name, s in spent.items()})
        if options.out:
            with options.out.open("a") as out:
                for row, reasons in found:
                    line = {"file": file.name, "id": row["id"], "label": row["label"]}
                    out.write(json.dumps(line | {"fired": list(reasons)}) + "\n")


if __name__ == "__main__":
    main()
