"""Plots of quality against tokens for several runs of the drafting suite."""

from __future__ import annotations

import math
from collections.abc import Mapping

from evals.framework.results import Figure, Line, Run
from evals.suites.drafting.suite import measure_drafting
from summarizer.errors import InputError

QUALITIES = ("faithfulness", "coverage")
ROOM = 1.1
"""Length of the token axis relative to the most expensive run."""


def writer(run: Run) -> str:
    """Name of the drafting model, or of the drafter if it uses none."""
    model = run.version["model"]
    return run.version["drafter"] if model == "none" else model


def figures(runs: Mapping[str, Run]) -> tuple[Figure, ...]:
    """One plot per quality, with one point per run at its tokens per draft.

    Args:
        runs: runs by name in the plot; only stories that all of them have are measured.

    Raises:
        InputError: the runs have no story in common.
    """
    drawn = {name: {o.key: o for o in run.outcomes} for name, run in runs.items()}
    shared = set.intersection(*(set(outcomes) for outcomes in drawn.values()))
    if not shared:
        raise InputError("The runs have no story in common: give runs of the same files.")
    means = {
        name: measure_drafting([outcomes[key] for key in sorted(shared)])
        for name, outcomes in drawn.items()
    }
    dearest = max(found["tokens"] for found in means.values())
    return tuple(
        Figure(
            title=f"{quality.capitalize()} against tokens, a point a run",
            x_label="tokens a draft, in and out, cached ones in full",
            y_label=f"{quality}, mean over stories",
            lines=tuple(
                Line(name=name, points=((found["tokens"], found[quality]),))
                for name, found in means.items()
                if math.isfinite(found[quality])
            ),
            x_span=(0.0, max(dearest * ROOM, 1.0)),
        )
        for quality in QUALITIES
    )
