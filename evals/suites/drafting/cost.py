"""What several runs of the drafting suite cost beside how good their drafts are."""

from __future__ import annotations

import math
from collections.abc import Mapping

from evals.framework.results import Figure, Line, Run
from evals.suites.drafting.suite import measure_drafting
from summarizer.errors import InputError

QUALITIES = ("faithfulness", "coverage")
ROOM = 1.1
"""How far the axis goes beyond the dearest run, so that no point lies on its edge."""


def writer(run: Run) -> str:
    """Who drafted: the model, or the drafter where it asks none."""
    model = run.version["model"]
    return run.version["drafter"] if model == "none" else model


def figures(runs: Mapping[str, Run]) -> tuple[Figure, ...]:
    """A plot a quality, in which each run is a point above the tokens of its drafts.

    Args:
        runs: by the name that they bear in the plot; measured on the stories that all of them have.

    Raises:
        InputError: they have no story in common.
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
