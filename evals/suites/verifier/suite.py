"""Verifier suite: errors of the verifier on labelled claims.

``labelled`` holds the claims.  Several **rungs** are measured separately: the entailment alone, the
checks alone, and the ladder of both, which is the answer of ``summarizer verify`` and whose metrics
have no prefix; then what a draft would show of them.  With a judge model, its verdicts alone and
the ladder with them are measured too.  Unsupported is the positive class, as in
``evals.suites.verifier.metrics``.

The ladder flags a claim when a check fails or its score is below ``scoring.STATELESS_SUPPORTED``.
A claim in its own words is ``unchecked`` by ``summarizer verify``, whatever its score; how many
those are, and how often ``supported`` is right, are figures of their own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

from evals.framework import versions
from evals.framework.records import JudgedClaim, Record
from evals.framework.results import Better, Figure, Outcome, Task
from evals.suites.verifier import ablation, curves, gated, llm_judge
from evals.suites.verifier.figures import BETTER, measure_verifier, rungs
from evals.suites.verifier.labelled import Case, Labelled
from evals.suites.verifier.llm_judge import Said, Verdicts
from evals.suites.verifier.rows import Row
from summarizer import __version__
from summarizer.domain.claims import Failure, Verdict, VerdictLabel
from summarizer.errors import InputError
from summarizer.ports.models import Entailment
from summarizer.verification import scoring
from summarizer.verification.evidence import CitedEvidence, of_texts
from summarizer.verification.policy import Policy, load_policy

BATCH = 32
"""Rows per task, which is the batch of the entailment model and the loss of a killed run."""


class VerifierSuite:
    """Verification of labelled claims as in ``summarizer verify``; implements ``Suite``.

    Args:
        labelled: the claims; each file is a report group.
        entailment: the entailment model.
        parts: parts of the entailment by name, measured separately.
        judge: verdicts of a judge model, measured in addition.
        policy: of the gate that decides what a draft would show; the shipped one by default.
        prevalence: share of unsupported claims, above 0 and below 1, to weigh to what depends on
            it; that of the data without one.

    Raises:
        InputError: ``prevalence`` is no such share.
    """

    name = "verifier"
    better: Mapping[str, Better] = BETTER
    margins: Mapping[str, float] = {
        "recall": 0.02,
        "false alarms": 0.02,
        "gate: recall": 0.02,
        "gate: false alarms": 0.02,
        "ladder and judge: recall": 0.02,
        "ladder and judge: false alarms": 0.02,
        "judge: coverage": 0.02,
    }
    measure = staticmethod(measure_verifier)

    def __init__(
        self,
        labelled: Labelled,
        entailment: Entailment,
        parts: Mapping[str, Entailment] | None = None,
        judge: Verdicts | None = None,
        *,
        policy: Policy | None = None,
        prevalence: float | None = None,
    ) -> None:
        if prevalence is not None and not 0 < prevalence < 1:
            meant = prevalence if prevalence >= 1 else 7
            raise InputError(
                f"The prevalence {prevalence:g} is not a share above 0 and below 1: {meant:g}% is "
                f"{meant / 100:g}."
            )
        self.inputs = labelled.inputs
        self._labelled = labelled
        self._prevalence = prevalence
        self._entailment = entailment
        self._judge = judge
        self._policy = policy or load_policy()
        self._parts = parts or {}

    @property
    def version(self) -> Mapping[str, str]:
        """Versions of the product, the suite, the verifier, the gate and the judge, and what was
        read."""
        found = {
            "summarizer": __version__,
            "suite code": versions.code("evals.suites.verifier"),
            **versions.of_verifier(self._entailment, self._policy),
            "judge": self._judge.name if self._judge else "none",
            **self._labelled.version,
        }
        if self._prevalence is not None:
            found["prevalence"] = f"{self._prevalence:g}"
        return found

    def tasks(self) -> Iterator[Task]:
        """Rows in batches, file by file."""
        for group, cases in groupby(self._labelled.cases, key=lambda case: case.group):
            rows = list(cases)
            for first in range(0, len(rows), BATCH):
                batch = rows[first : first + BATCH]
                yield Task(key=f"{group}:{first + 1}", judge=partial(self.judge, batch))

    def judge(self, cases: Sequence[Case]) -> list[Outcome]:
        """The outcomes of labelled claims.

        Raises:
            ModelError: a call to the judge failed.
        """
        pairs = [(case.row.claim, case.row.texts) for case in cases]
        supports = self._entailment.support(pairs)
        grounds = [of_texts(case.row.sources) for case in cases]
        laddered = [
            _ladder(case.row, support, ground)
            for case, support, ground in zip(cases, supports, grounds, strict=True)
        ]
        of_parts = self._judged_by_parts(pairs)
        verdicts = [verdict for _, verdict in laddered]
        said: Sequence[Said | None] = [None] * len(cases)
        if self._judge is not None:
            said = self._judge.on([case.key for case in cases], pairs, verdicts)
        weighed = {} if self._prevalence is None else {"prevalence": self._prevalence}
        found = []
        for n, case in enumerate(cases):
            failures, verdict = laddered[n]
            answer = said[n]
            values = _values(case.row, supports[n], failures, verdict) | of_parts[n]
            values |= gated.values(
                case.row, grounds[n], failures, supports[n], answer, self._policy
            )
            if answer is not None:
                values |= llm_judge.values(answer, verdict)
            found.append(_outcome(case, failures, verdict, answer, values | weighed))
        return found

    def _judged_by_parts(
        self, pairs: Sequence[tuple[str, tuple[str, ...]]]
    ) -> list[dict[str, float | None]]:
        """Probability and acceptance of each claim by each part of the entailment."""
        found: list[dict[str, float | None]] = [{} for _ in pairs]
        for name, part in self._parts.items():
            for values, support in zip(found, part.support(pairs), strict=True):
                values[name] = support
                values[f"{name} accepts"] = support >= scoring.STATELESS_SUPPORTED
        return found

    def figures(self, outcomes: Sequence[Outcome]) -> tuple[Figure, ...]:
        """ROC by rung and by file, calibration, and metrics of each check."""
        return (
            curves.roc_figure(
                "ROC by rung", [curves.roc(outcomes, rung, rung) for rung in rungs(outcomes)]
            ),
            curves.roc_figure("ROC of the ladder by file", curves.roc_by_file(outcomes)),
            curves.calibration_figure(outcomes),
            *ablation.figures(outcomes),
        )


def _ladder(row: Row, support: float, grounds: CitedEvidence) -> tuple[list[Failure], Verdict]:
    failures = scoring.run_checks(row.claim, grounds)
    return failures, scoring.judge_row(row.claim, failures, support, grounds)


def _outcome(
    case: Case,
    failures: Sequence[Failure],
    verdict: Verdict,
    said: Said | None,
    values: Mapping[str, float | None],
) -> Outcome:
    rung = "ladder" if said is None else "ladder and judge"
    accepted = values[f"{rung} accepts"]
    row = case.row
    judged = JudgedClaim(
        claim=row.claim,
        sources=row.sources,
        label=row.label,
        verdict=llm_judge.after(verdict, said),
        accepted=None if accepted is None else bool(accepted),
        judge=said.verdict if said else None,
        judge_tokens=said.tokens if said else None,
        section=row.section,
        kind=row.kind,
    )
    return Outcome(
        key=case.key,
        cluster=_cluster(row),
        group=case.group,
        values=values,
        note=_note(row, failures, verdict),
        place=case.place,
        record=Record(key=case.key, claim=judged, calls=said.calls if said else ()),
    )


def _values(
    row: Row, support: float, failures: Sequence[Failure], verdict: Verdict
) -> dict[str, float | None]:
    failed = {failure.check for failure in failures}
    values = {
        "label": row.label,
        "ladder": verdict.score,
        "ladder accepts": _accepted(failures, verdict),
        "ladder supported": verdict.label is VerdictLabel.SUPPORTED,
        "ladder unchecked": verdict.label is VerdictLabel.UNCHECKED,
        "entailment": support,
        "entailment accepts": support >= scoring.STATELESS_SUPPORTED,
        "checks": scoring.score(0.5, failures),
        "checks accepts": not failures,
        **{f"check:{name}": name in failed for name in scoring.CHECKS},
    }
    return {name: float(value) for name, value in values.items()}


def _accepted(failures: Sequence[Failure], verdict: Verdict) -> bool:
    return not failures and verdict.score >= scoring.STATELESS_SUPPORTED


def _cluster(row: Row) -> str:
    texts = "\x1f".join(row.texts)
    return hashlib.sha256(texts.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _note(row: Row, failures: Sequence[Failure], verdict: Verdict) -> str | None:
    """Description of an error of the ladder; ``None`` for a correct verdict."""
    accepted = _accepted(failures, verdict)
    if accepted == bool(row.label):
        return None
    if accepted:
        return f"missed: {row.claim}"
    why = ", ".join(dict.fromkeys(failure.check for failure in failures)) or "entailment"
    return f"false alarm ({why}): {row.claim}"
