"""Verifier suite: errors of the verifier on labelled claims.

A row has ``claim``, ``label`` (1 supported, 0 not) and ``source_text`` or ``sources``.  Several
**rungs** are measured separately: the entailment alone, the checks alone, and the ladder of both,
which is the answer of ``summarizer verify`` and whose metrics have no prefix.  With a judge model,
its verdicts alone and the ladder lowered by them are measured too.  Unsupported is the positive
class: a **false alarm** is a flagged supported claim, **recall** is the share of unsupported claims
that are flagged.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from evals.datasets import json_lines, read_groups
from evals.framework.confidence import column
from evals.framework.results import Better, Figure, Outcome, Task
from evals.suites.verifier import ablation, curves, llm_judge
from evals.suites.verifier.metrics import (
    Flags,
    Labels,
    Scores,
    auc,
    balanced_accuracy,
    calibration_error,
    precision_of_flag,
    recall_at,
    share,
)
from summarizer import __version__
from summarizer.domain.claims import Failure, Verdict, VerdictLabel
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.ports.models import ClaimJudge, Entailment
from summarizer.verification import scoring
from summarizer.verification.evidence import of_texts
from summarizer.verification.rows import parse_row

RUNGS = (
    "ladder",
    "entailment",
    "checks",
    "lexical",
    "alignment",
    "judge",
    "ladder and judge",
)
"""The ladder, its rungs, the parts of the entailment if given, and the judge if given."""

FALSE_ALARM_RATES = (0.01, 0.02, 0.05)

BATCH = 32
"""Rows per task, which is the batch of the entailment model and the loss of a killed run."""


class Row(Model):
    """One labelled claim with its sources as (id, text)."""

    claim: str
    label: int
    sources: tuple[tuple[str, str], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Texts of the sources."""
        return tuple(text for _, text in self.sources)


# --- Rows --------------------------------------------------------------------------------------


def read_rows(path: Path) -> Iterator[Row]:
    """Rows of a JSON Lines file, gzipped or not; blank lines are left out.

    Raises:
        InputError: the file cannot be read, or a row is malformed or has no label of 0 or 1.
    """
    for number, raw in json_lines(path):
        yield _row(raw, f"{path}:{number}")


def _row(raw: Any, where: str) -> Row:
    try:
        parsed = parse_row(raw)
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    if raw.get("label") not in (0, 1):
        raise InputError(f"{where}: 'label' must be 0 or 1, not {raw.get('label')!r}.")
    return Row(claim=parsed.claim, label=raw["label"], sources=parsed.sources)


# --- Figures -----------------------------------------------------------------------------------


def measure_verifier(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
    """Metrics of the ladder, core metrics of every other rung, and metrics of each check."""
    labels = column(outcomes, "label").astype(np.int64)
    found: dict[str, float] = {}
    for rung in _rungs(outcomes):
        scores, accepted = _rung(outcomes, rung)
        core = _core(labels, scores, accepted)
        if rung != "ladder":
            found |= {f"{rung}: {name}": value for name, value in core.items()}
            continue
        found |= core
        found["precision of a flag"] = precision_of_flag(core["recall"], core["false alarms"])
        found["calibration error"] = calibration_error(labels, scores)
    if "judge" in _rungs(outcomes):
        found["judge: unchecked"] = share(column(outcomes, "unchecked") == 1)
        found["judge: tokens"] = float(column(outcomes, "tokens").mean())
    return found | ablation.measure(outcomes)


def _rungs(outcomes: Sequence[Outcome]) -> list[str]:
    return [rung for rung in RUNGS if outcomes and rung in outcomes[0].values]


def _rung(outcomes: Sequence[Outcome], rung: str) -> tuple[Scores, Flags]:
    return column(outcomes, rung), column(outcomes, f"{rung} accepts") == 1


def _core(labels: Labels, scores: Scores, accepted: Flags) -> dict[str, float]:
    rates = {
        f"recall at {rate:.0%} false alarms": recall_at(labels, scores, rate)
        for rate in FALSE_ALARM_RATES
    }
    return {
        "balanced accuracy": balanced_accuracy(labels, accepted),
        "AUC": auc(labels, scores),
        "false alarms": share(~accepted[labels == 1]),
        "recall": share(~accepted[labels == 0]),
        **rates,
    }


def _better() -> dict[str, Better]:
    recalls = (f"recall at {rate:.0%} false alarms" for rate in FALSE_ALARM_RATES)
    core = ("balanced accuracy", "AUC", "false alarms", "recall", *recalls)
    whole = (*core, "precision of a flag", "calibration error")
    names = (*whole, *(f"{rung}: {name}" for rung in RUNGS[1:] for name in core))
    names = (*names, "judge: unchecked", "judge: tokens")
    fewer = ("false alarms", "calibration error", "unchecked", "tokens")
    return {name: "lower" if name.split(": ")[-1] in fewer else "higher" for name in names}


# --- The suite ---------------------------------------------------------------------------------


class VerifierSuite:
    """Verification of labelled claims as in ``summarizer verify``; implements ``Suite``.

    Args:
        files: JSON Lines, gzipped or not; each is a report group, named by ``group_of``.
        entailment: the entailment model.
        parts: parts of the entailment by name, measured separately.
        judge: a judge model, measured in addition.

    Raises:
        InputError: a file cannot be read, holds no rows or a malformed one, or two have one name.
    """

    name = "verifier"
    better: Mapping[str, Better] = _better() | ablation.BETTER
    measure = staticmethod(measure_verifier)

    def __init__(
        self,
        files: Sequence[Path],
        entailment: Entailment,
        parts: Mapping[str, Entailment] | None = None,
        judge: ClaimJudge | None = None,
    ) -> None:
        self._entailment = entailment
        self._judge = judge
        self._parts = parts or {}
        self._rows, self.inputs = read_groups(files, lambda path: list(read_rows(path)))

    @property
    def version(self) -> Mapping[str, str]:
        """Versions of the product, the entailment and the judge."""
        found = {"summarizer": __version__, "entailment": self._entailment.name}
        return found | ({"judge": self._judge.name} if self._judge else {})

    def tasks(self) -> Iterator[Task]:
        """Rows in batches, file by file."""
        for group, rows in self._rows.items():
            for first in range(0, len(rows), BATCH):
                batch = rows[first : first + BATCH]
                judge = partial(self.judge, group, first, batch)
                yield Task(key=f"{group}:{first + 1}", judge=judge)

    def judge(self, group: str, first: int, rows: Sequence[Row]) -> list[Outcome]:
        """The outcomes of rows from position ``first`` of their file.

        Raises:
            ModelError: a call to the judge failed.
        """
        pairs = [(row.claim, row.texts) for row in rows]
        supports = self._entailment.support(pairs)
        laddered = [_ladder(row, support) for row, support in zip(rows, supports, strict=True)]
        others = self._judged_by_parts(pairs)
        if self._judge is not None:
            said = llm_judge.judged(self._judge, pairs, [verdict for _, verdict in laddered])
            others = [values | more for values, more in zip(others, said, strict=True)]
        return [
            _outcome(f"{group}:{first + n + 1}", group, row, supports[n], *laddered[n], others[n])
            for n, row in enumerate(rows)
        ]

    def _judged_by_parts(
        self, pairs: Sequence[tuple[str, tuple[str, ...]]]
    ) -> list[dict[str, float]]:
        """Probability and acceptance of each claim by each part of the entailment."""
        found: list[dict[str, float]] = [{} for _ in pairs]
        for name, part in self._parts.items():
            for values, support in zip(found, part.support(pairs), strict=True):
                values[name] = support
                values[f"{name} accepts"] = support >= scoring.STATELESS_SUPPORTED
        return found

    def figures(self, outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
        """ROC by rung and by file, calibration, and metrics of each check."""
        return (
            curves.roc_figure(
                "ROC by rung", [curves.roc(outcomes, rung, rung) for rung in _rungs(outcomes)]
            ),
            curves.roc_figure("ROC of the ladder by file", curves.roc_by_file(outcomes)),
            curves.calibration_figure(outcomes),
            *ablation.figures(outcomes),
        )


def _ladder(row: Row, support: float) -> tuple[list[Failure], Verdict]:
    grounds = of_texts(row.sources)
    failures = scoring.run_checks(row.claim, grounds)
    return failures, scoring.judge_row(row.claim, failures, support, grounds)


def _outcome(
    key: str,
    group: str,
    row: Row,
    support: float,
    failures: Sequence[Failure],
    verdict: Verdict,
    others: Mapping[str, float],
) -> Outcome:
    accepted = verdict.label is VerdictLabel.SUPPORTED
    failed = {failure.check for failure in failures}
    values = {
        "label": row.label,
        "ladder": verdict.score,
        "ladder accepts": accepted,
        "entailment": support,
        "entailment accepts": support >= scoring.STATELESS_SUPPORTED,
        "checks": scoring.score(0.5, failures),
        "checks accepts": not failures,
        **others,
        **{f"check:{name}": name in failed for name in scoring.CHECKS},
    }
    return Outcome(
        key=key,
        cluster=_cluster(row),
        group=group,
        values={name: float(value) for name, value in values.items()},
        note=_note(row, accepted, failures),
    )


def _cluster(row: Row) -> str:
    texts = "\x1f".join(row.texts)
    return hashlib.sha256(texts.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _note(row: Row, accepted: bool, failures: Sequence[Failure]) -> str | None:
    """Description of an error of the ladder; ``None`` for a correct verdict."""
    if accepted == bool(row.label):
        return None
    if accepted:
        return f"missed: {row.claim}"
    why = ", ".join(dict.fromkeys(failure.check for failure in failures)) or "entailment"
    return f"false alarm ({why}): {row.claim}"
