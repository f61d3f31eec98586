"""Plots of quality against money or tokens for several runs of the drafting suite."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from evals.framework.confidence import Interval, Sample, intervals
from evals.framework.results import Dot, Figure, Outcome, Run
from evals.suites.drafting.metrics import COST, TOKENS, measure_drafting
from summarizer.errors import InputError

QUALITIES = ("faithfulness", "coverage")
X_LABELS = {
    COST: "cost a draft, at the prices given",
    TOKENS: "tokens a draft, in and out, cached ones in full",
}
ROOM = 1.1
"""Length of the x axis relative to the dearest run, or to the end of its interval."""


def writer(run: Run) -> str:
    """Name of the drafting model, or of the drafter if it uses none."""
    model = run.version["model"]
    return run.version["drafter"] if model == "none" else model


def shared(runs: Mapping[str, Run]) -> dict[str, Sample]:
    """Outcomes of each run of those drafts that all of them have, in one order.

    Raises:
        InputError: the runs have no story in common.
    """
    drawn = {name: {o.key: o for o in run.outcomes} for name, run in runs.items()}
    keys = set.intersection(*(set(outcomes) for outcomes in drawn.values()))
    if not keys:
        raise InputError("The runs have no story in common: give runs of the same files.")
    return {
        name: Sample([outcomes[key] for key in sorted(keys)]) for name, outcomes in drawn.items()
    }


def figures(
    runs: Mapping[str, Run], x: str = TOKENS, qualities: Sequence[str] = QUALITIES
) -> tuple[Figure, ...]:
    """One plot per quality, with one point per run and its 95% intervals.

    Args:
        runs: runs by name in the plot; only drafts that all of them have are measured.
        x: ``tokens`` or ``cost``.
        qualities: figures from 0 to 1.

    Raises:
        InputError: the runs have no story in common.
    """
    found = {name: estimated(outcomes) for name, outcomes in shared(runs).items()}
    return tuple(_figure(found, x, quality) for quality in qualities)


Estimated = tuple[Mapping[str, float], Mapping[str, Interval]]
"""Figures, and the intervals of those that have one, by name."""


def estimated(outcomes: Sequence[Outcome]) -> Estimated:
    """Figures of some drafts with their intervals."""
    return measure_drafting(outcomes), intervals(outcomes, measure_drafting)


def _figure(found: Mapping[str, Estimated], x: str, quality: str) -> Figure:
    dots = [
        _dot(name, means, ends, x, quality)
        for name, (means, ends) in found.items()
        if math.isfinite(means[quality]) and math.isfinite(means[x])
    ]
    dearest = max((dot.x_high or dot.x for dot in dots), default=0.0)
    return Figure(
        title=f"{quality.capitalize()} against {x}, a point a run",
        x_label=X_LABELS[x],
        y_label=f"{quality}, mean over stories",
        dots=tuple(dots),
        x_span=(0.0, dearest * ROOM or 1.0),
    )


def _dot(
    name: str, means: Mapping[str, float], ends: Mapping[str, Interval], x: str, quality: str
) -> Dot:
    x_low, x_high = ends.get(x, (None, None))
    y_low, y_high = ends.get(quality, (None, None))
    return Dot(
        name=name,
        x=means[x],
        y=means[quality],
        x_low=x_low,
        x_high=x_high,
        y_low=y_low,
        y_high=y_high,
    )
