"""Ablation of checks: recall and false alarms of each check, and its contribution to the ladder.

**Earned** is a metric of the ladder minus the same metric without the failures of one check; below
0 the check is harmful on these claims.  A check that fires only together with others earns nothing,
but may give editors the better reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from evals.framework.confidence import bars, column
from evals.framework.results import Bar, Better, Figure, Outcome
from evals.suites.verifier.metrics import Flags, Labels, Scores, balanced_accuracy, share
from summarizer.verification import scoring

WAYS: Mapping[str, Better] = {
    "caught": "higher",
    "false alarms": "lower",
    "balanced accuracy earned": "higher",
}
"""Metrics of a check, with their preferred direction."""

BETTER: dict[str, Better] = {
    f"check {check}: {name}": way for check in scoring.CHECKS for name, way in WAYS.items()
}


def measure(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Metrics of every check, as ``check <name>: <metric>``; ``nan`` if undefined."""
    labels = column(outcomes, "label").astype(np.int64)
    failed = {name: column(outcomes, f"check:{name}") == 1 for name in scoring.CHECKS}
    whole = ladder_accuracy(labels, column(outcomes, "entailment"), failed)
    found: dict[str, float] = {}
    for check, fired in failed.items():
        others = {name: flags for name, flags in failed.items() if name != check}
        # Saves time: most checks fire in few of the hundreds of resamples.
        left = (
            ladder_accuracy(labels, column(outcomes, "entailment"), others)
            if fired.any()
            else whole
        )
        figures = (share(fired[labels == 0]), share(fired[labels == 1]), whole - left)
        found |= {
            f"check {check}: {name}": float(value)
            for name, value in zip(WAYS, figures, strict=True)
        }
    return found


def ladder_accuracy(labels: Labels, entailment: Scores, failed: Mapping[str, Flags]) -> float:
    """Balanced accuracy of ``scoring.judge_row`` with a subset of checks."""
    inside = np.clip(entailment, 1e-4, 1 - 1e-4)
    odds = scoring.BIAS + scoring.ENTAILMENT_WEIGHT * np.log(inside / (1 - inside))
    for name, flags in failed.items():
        odds = odds - scoring.CHECK_WEIGHTS.get(name, scoring.OTHER_WEIGHT) * flags
    passed = ~np.any(list(failed.values()), axis=0) if failed else np.ones(len(labels), bool)
    accepted = (1 / (1 + np.exp(-odds)) >= scoring.STATELESS_SUPPORTED) & passed
    return balanced_accuracy(labels, accepted)


def figures(outcomes: Sequence[Outcome]) -> Iterator[Figure]:
    """One bar plot per metric of the checks."""
    found = bars(outcomes, measure)
    titles = {
        "caught": "Share of unsupported claims that each check catches",
        "false alarms": "Share of supported claims that each check flags",
        "balanced accuracy earned": "Balanced accuracy that each check earns",
    }
    for what, title in titles.items():
        names = {f"check {check}: {what}": check for check in scoring.CHECKS}
        shown = [
            bar.model_copy(update={"name": names[bar.name]}) for bar in found if bar.name in names
        ]
        yield Figure(title=title, bars=tuple(shown), x_span=_span(shown, what))


def _span(bars: Sequence[Bar], what: str) -> tuple[float, float]:
    """Span of the axis: 0 to 1 for shares, and fitted to the values for earned metrics."""
    if "earned" not in what or not bars:
        return 0.0, 1.0
    ends = [end for bar in bars for end in (bar.value, bar.low, bar.high) if end is not None]
    least, most = math.floor(min(ends) * 50) / 50, math.ceil(max(ends) * 50) / 50
    return min(least, -0.02), max(most, 0.02)
