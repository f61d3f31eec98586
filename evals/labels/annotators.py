"""What annotators say together: how far they agree, on what they do not, and the labels that hold.

With one sheet its labels hold.  With two, those hold on which both agree; a third decides where
they do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from evals.framework.confidence import column, intervals
from evals.framework.results import ALL, Measurement, Outcome
from evals.labels.rows import CitedClaim
from evals.labels.sheet import Filled
from evals.suites.verifier.metrics import cohens_kappa
from summarizer.domain.model import Model

WORDS = ("unsupported", "supported")
"""Labels in words."""


class Disagreement(Model):
    """A claim on which two annotators differ.

    Args:
        first: row of the first sheet.
        second: row of the second.
        decided: label of the third annotator; ``None`` without one.
    """

    first: Filled
    second: Filled
    decided: int | None = None


class Labelling(Model):
    """The labels of one to three sheets together.

    Args:
        labels: claims with the labels that hold.
        pairs: claims that the first two labelled both, with both labels.
        disagreements: of the pairs, those that differ.
        alone: number of claims that only one of the first two labelled.
    """

    labels: tuple[tuple[CitedClaim, int], ...]
    pairs: tuple[tuple[CitedClaim, int, int], ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    alone: int = 0


def together(sheets: Sequence[Sequence[Filled]]) -> Labelling:
    """The labels of one to three sheets together."""
    first, *others = ({row.claim.id: row for row in rows if _said(row)} for rows in sheets)
    if not others:
        return Labelling(labels=tuple((row.claim, _label(row)) for row in first.values()))
    second, third = others[0], others[1] if len(others) > 1 else {}
    both = [(row, second[id_]) for id_, row in first.items() if id_ in second]
    disagreements = tuple(
        Disagreement(first=one, second=two, decided=_decided(one, third))
        for one, two in both
        if one.label != two.label
    )
    agreed = [(one.claim, _label(one)) for one, two in both if one.label == two.label]
    decided = [(d.first.claim, d.decided) for d in disagreements if d.decided is not None]
    return Labelling(
        labels=(*agreed, *decided),
        pairs=tuple((one.claim, _label(one), _label(two)) for one, two in both),
        disagreements=disagreements,
        alone=len(first.keys() ^ second.keys()),
    )


def _said(row: Filled) -> bool:
    return row.label is not None


def _label(row: Filled) -> int:
    assert row.label is not None  # only rows with a label are put together
    return row.label


def _decided(row: Filled, third: Mapping[str, Filled]) -> int | None:
    found = third.get(row.claim.id)
    return found.label if found else None


def agreement(labelling: Labelling) -> list[Measurement]:
    """Cohen's κ and the share of equal labels, with intervals between incidents."""
    outcomes = [
        Outcome(
            key=claim.id, cluster=claim.incident or claim.id, group=ALL,
            values={"first": one, "second": two},
        )
        for claim, one, two in labelling.pairs
    ]  # fmt: skip
    ends = intervals(outcomes, _measure)
    found = []
    for name, value in _measure(outcomes).items():
        low, high = ends.get(name, (None, None)) if np.isfinite(value) else (None, None)
        known = float(value) if np.isfinite(value) else None
        found.append(
            Measurement(group=ALL, name=name, value=known, low=low, high=high, n=len(outcomes))
        )
    return found


def _measure(outcomes: Sequence[Outcome]) -> dict[str, float]:
    first, second = column(outcomes, "first"), column(outcomes, "second")
    same = float((first == second).mean()) if len(first) else float("nan")
    kappa = cohens_kappa(first.astype(np.int64), second == 1)
    return {"Cohen's κ": kappa, "same label": same}


def confusion(labelling: Labelling) -> list[list[int]]:
    """Pairs by the first annotator's label (rows) and the second's (columns), unsupported first."""
    counts = [[0, 0], [0, 0]]
    for _, one, two in labelling.pairs:
        counts[one][two] += 1
    return counts
