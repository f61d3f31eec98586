"""Rows of a report: what was judged, claim by claim, worst first.

With a label the worst are errors, those first that the verifier was surest of.  Without one they
are the claims with the worst verdict and the lowest score.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from evals.framework.records import JudgedClaim, Record
from evals.framework.results import Outcome, Run
from summarizer.domain.claims import VerdictLabel

MOST_ROWS = 1_000
"""Limit of rows on a page, which a browser still sorts at once."""

LONGEST = 1_500
"""Limit of characters of one source on the page; the records have the rest."""

LABELS = ("unsupported", "supported")

MISSED, ALARM, RIGHT, NOT_JUDGED = "missed", "false alarm", "right", "not judged"
SHOWN, WITHHELD = "shown", "withheld"

RESULTS = (MISSED, ALARM, NOT_JUDGED, WITHHELD, SHOWN, RIGHT)
"""Results in the order in which a report counts them."""

WORST_VERDICTS = (
    VerdictLabel.CONTRADICTED,
    VerdictLabel.UNSUPPORTED,
    VerdictLabel.PARTLY,
    VerdictLabel.UNCHECKED,
    VerdictLabel.SUPPORTED,
)


@dataclass(frozen=True)
class Reason:
    """Why a claim failed a check; ``overruled`` where the judge called it supported after all."""

    check: str
    text: str
    overruled: bool = False


@dataclass(frozen=True)
class ClaimRow:
    """One judged claim.

    Args:
        result: against the label ``missed``, ``false alarm``, ``right`` or ``not judged``; without
            one ``shown`` or ``withheld``.
        passages: texts that the verdict rests on.
        sources: other texts, as (id, text), cut to ``LONGEST``.
        label: of a person or data set; empty without one.
        warnings: cautions beside a claim that passed.
        judge: the judge's word; empty where it gave none.
        place: where a reader finds it.
    """

    result: str
    claim: str
    passages: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    verdict: str
    score: float
    label: str
    reasons: tuple[Reason, ...]
    warnings: tuple[str, ...]
    judge: str
    judge_reason: str
    section: str
    group: str
    place: str

    @property
    def checks(self) -> tuple[str, ...]:
        """Checks that found something, each once."""
        return tuple(dict.fromkeys(reason.check for reason in self.reasons))


@dataclass(frozen=True)
class ClaimRows:
    """The worst rows of a run, and how many it has by result."""

    shown: tuple[ClaimRow, ...]
    results: Mapping[str, int]

    @property
    def total(self) -> int:
        """Number of all rows."""
        return sum(self.results.values())

    def choices(self) -> dict[str, tuple[str, ...]]:
        """What the shown rows can be told apart by: the words of each column that has several."""
        columns = {
            "result": [row.result for row in self.shown],
            "verdict": [row.verdict for row in self.shown],
            "label": [row.label for row in self.shown],
            "check": [check for row in self.shown for check in row.checks],
            "section": [row.section for row in self.shown],
            "group": [row.group for row in self.shown],
        }
        words = {name: tuple(sorted({*found} - {""})) for name, found in columns.items()}
        # One check is a choice too: rows without it are the other side.
        return {name: found for name, found in words.items() if len(found) > (name != "check")}


def claim_rows(run: Run, records: Iterable[Record], most: int = MOST_ROWS) -> ClaimRows:
    """The worst claims of a run.

    Args:
        run: the run.
        records: its records, which are read once and not kept.
        most: rows to keep.
    """
    outcomes = {outcome.key: outcome for outcome in run.outcomes}
    results: Counter[str] = Counter()

    def counted() -> Iterator[tuple[Outcome, JudgedClaim]]:
        for record in records:
            outcome = outcomes.get(record.key)
            for claim in record.claims if outcome is not None else ():
                assert outcome is not None
                results[_result(claim)] += 1
                yield outcome, claim

    worst = heapq.nsmallest(most, counted(), key=lambda one: _rank(one[1]))
    in_order = {result: results[result] for result in RESULTS if results[result]}
    return ClaimRows(tuple(_row(*one) for one in worst), in_order)


def _result(claim: JudgedClaim) -> str:
    if claim.accepted is None:
        return NOT_JUDGED
    if claim.label is None:
        return SHOWN if claim.accepted else WITHHELD
    if claim.accepted == bool(claim.label):
        return RIGHT
    return MISSED if claim.accepted else ALARM


def _rank(claim: JudgedClaim) -> tuple[int, float, float]:
    """Order of a row: errors, what nobody judged, what nobody labelled, what is right."""
    score, result = claim.verdict.score, _result(claim)
    if result in (MISSED, ALARM):
        return 0, -abs(score - (claim.label or 0)), 0.0
    if result == NOT_JUDGED:
        return 1, 0.0, 0.0
    if claim.label is None:
        return 2, WORST_VERDICTS.index(claim.verdict.label), score
    return 3, -abs(score - claim.label), 0.0


def _row(outcome: Outcome, claim: JudgedClaim) -> ClaimRow:
    verdict, judge = claim.verdict, claim.judge
    passages = tuple(dict.fromkeys(evidence.text for evidence in verdict.evidence))
    others = [(id_, text) for id_, text in claim.sources if text not in passages]
    return ClaimRow(
        result=_result(claim),
        claim=claim.claim,
        passages=passages,
        sources=tuple((id_, _cut(text)) for id_, text in others),
        verdict=verdict.label.value,
        score=verdict.score,
        label="" if claim.label is None else LABELS[claim.label],
        reasons=(
            *(Reason(failure.check, failure.reason) for failure in verdict.failures),
            *(Reason(f.check, f.reason, overruled=True) for f in verdict.overruled),
        ),
        warnings=verdict.warnings,
        judge=judge.label.value if judge else "",
        judge_reason=judge.reason if judge else "",
        section=claim.section,
        group=outcome.group,
        place=outcome.place or outcome.key,
    )


def _cut(text: str) -> str:
    left = len(text) - LONGEST
    return text if left <= 0 else f"{text[:LONGEST]} … ({left:,} more characters)"
