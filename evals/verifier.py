"""How often the verifier errs, measured on claims that others labelled.

    python -m evals.verifier FILE.jsonl.gz …

A row has ``claim``, ``label`` (1 supported, 0 not) and ``source_text`` or ``sources``.  Three
columns stand side by side, so that no rung borrows another's merit: the entailment alone, the
checks alone, and the ladder of both.  Unsupported is the positive class: a **false alarm** is a
supported claim that is flagged, **recall** is the share of unsupported claims that are.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from summarizer.adapters.lexical import LexicalEntailment
from summarizer.domain import Label, Model
from summarizer.errors import InputError
from summarizer.faithfulness import ladder
from summarizer.faithfulness.grounds import of_texts
from summarizer.ports import Entailment
from summarizer.verification import parse_row, verify_row

Labels = NDArray[np.int64]
Scores = NDArray[np.float64]

FALSE_ALARM_RATES = (0.01, 0.02, 0.05)


class Row(Model):
    """One labelled claim with its sources as (id, text)."""

    claim: str
    label: int
    sources: tuple[tuple[str, str], ...]


class Measures(Model):
    """How one way of scoring does on one file; every figure is 0–1.

    Args:
        balanced_accuracy: mean of the recall of both classes at the default threshold.
        auc: chance that a supported claim scores above an unsupported one.
        false_alarms: share of supported claims that are flagged at the default threshold.
        recall: share of unsupported claims that are flagged at the default threshold.
        recall_at: the same at the thresholds where 1, 2 and 5% of supported claims are flagged.
    """

    balanced_accuracy: float
    auc: float
    false_alarms: float
    recall: float
    recall_at: tuple[float, ...]


class Report(Model):
    """What was measured on one file.

    Args:
        claims_per_second: of the whole ladder as ``summarizer verify`` runs it, one process.
    """

    file: str
    rows: int
    supported: int
    entailment: Measures
    checks: Measures
    ladder: Measures
    claims_per_second: float


def read_rows(path: Path) -> Iterator[Row]:
    """Rows of a JSON Lines file, gzipped or not.

    Raises:
        InputError: a row is malformed or has no label of 0 or 1.
    """
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        for number, line in enumerate(lines, start=1):
            yield _row(json.loads(line), f"{path}:{number}")


def _row(raw: dict[str, Any], where: str) -> Row:
    if raw.get("label") not in (0, 1):
        raise InputError(f"{where}: 'label' must be 0 or 1, not {raw.get('label')!r}.")
    parsed = parse_row(raw)
    return Row(claim=parsed.claim, label=raw["label"], sources=parsed.sources)


def auc(labels: Labels, scores: Scores) -> float:
    """Area under the ROC curve with ties counted half; not a number for a single class."""
    values, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    positive = int(labels.sum())
    negative = len(labels) - positive
    if not positive or not negative or not len(values):
        return float("nan")
    total = ranks[inverse][labels == 1].sum()
    return float((total - positive * (positive + 1) / 2) / (positive * negative))


def balanced_accuracy(labels: Labels, accepted: NDArray[np.bool_]) -> float:
    """Mean of the share of supported claims accepted and of unsupported claims flagged."""
    return float((accepted[labels == 1].mean() + (~accepted[labels == 0]).mean()) / 2)


def recall_at(labels: Labels, scores: Scores, rate: float) -> float:
    """Share of unsupported claims flagged when at most ``rate`` of the supported ones are."""
    supported = np.sort(scores[labels == 1])
    threshold = supported[int(rate * len(supported))]
    return float((scores[labels == 0] < threshold).mean())


def measure(labels: Labels, scores: Scores, accepted: NDArray[np.bool_]) -> Measures:
    """All figures of one way of scoring."""
    return Measures(
        balanced_accuracy=balanced_accuracy(labels, accepted),
        auc=auc(labels, scores),
        false_alarms=float((~accepted[labels == 1]).mean()),
        recall=float((~accepted[labels == 0]).mean()),
        recall_at=tuple(recall_at(labels, scores, rate) for rate in FALSE_ALARM_RATES),
    )


def evaluate(path: Path, entailment: Entailment) -> Report:
    """Measure every rung on one file."""
    rows = list(read_rows(path))
    labels = np.array([row.label for row in rows])
    start = time.perf_counter()
    verdicts = [
        verify_row({"sources": [text for _, text in row.sources], "claim": row.claim}, entailment)
        for row in rows
    ]
    seconds = time.perf_counter() - start
    both = np.array([verdict["score"] for verdict in verdicts])
    passed = np.array([not verdict["failed_checks"] for verdict in verdicts])
    alone = np.array(
        entailment.support([(row.claim, [text for _, text in row.sources]) for row in rows])
    )
    accepted = np.array([verdict["verdict"] == Label.SUPPORTED for verdict in verdicts])
    return Report(
        file=path.name,
        rows=len(rows),
        supported=int(labels.sum()),
        entailment=measure(labels, alone, alone >= ladder.STATELESS_SUPPORTED),
        checks=measure(labels, _checks_only(rows), passed),
        ladder=measure(labels, both, accepted),
        claims_per_second=len(rows) / seconds,
    )


def _checks_only(rows: Sequence[Row]) -> Scores:
    found = (ladder.run_checks(row.claim, of_texts(row.sources)) for row in rows)
    return np.array([ladder.score(0.5, failures) for failures in found])


def table(reports: Sequence[Report]) -> str:
    """The reports as a Markdown table, one line a file and rung."""
    lines = [
        "| file | rows | rung | BA | AUC | false alarms | recall "
        "| at 1% | at 2% | at 5% | claims/s |",
        "|---" * 11 + "|",
    ]
    for report in reports:
        for rung in ("entailment", "checks", "ladder"):
            m: Measures = getattr(report, rung)
            figures = [m.balanced_accuracy, m.auc, m.false_alarms, m.recall, *m.recall_at]
            speed = f"{report.claims_per_second:.0f}" if rung == "ladder" else ""
            cells = " | ".join(f"{figure:.3f}" for figure in figures)
            lines.append(f"| {report.file} | {report.rows} | {rung} | {cells} | {speed} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the files named on the command line and print the table."""
    parser = argparse.ArgumentParser(description="Measure the verifier on labelled claims.")
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    print(table([evaluate(path, LexicalEntailment()) for path in options.files]))


if __name__ == "__main__":
    main()
