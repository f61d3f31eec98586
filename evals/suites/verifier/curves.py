"""ROC and calibration curves of verifiers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evals.framework.confidence import Sample, column
from evals.framework.results import Figure, Line, Outcome, by_group
from evals.suites.verifier.metrics import calibration

CURVE_POINTS = 200
"""Maximum points of a ROC curve, to limit the size of reports."""


def roc_figure(title: str, lines: Sequence[Line | None]) -> Figure:
    """Plot of ROC curves with the line of chance."""
    return Figure(
        title=title,
        x_label="false alarms: share of supported claims flagged",
        y_label="recall: share of unsupported claims flagged",
        lines=tuple(line for line in lines if line is not None),
        diagonal=True,
    )


def roc(outcomes: Sequence[Outcome], rung: str, name: str) -> Line | None:
    """ROC curve of a rung from (0, 0) to (1, 1); ``None`` if a class is missing."""
    labels, scores = column(outcomes, "label"), column(outcomes, rung)
    if not 0 < labels.sum() < len(labels):
        return None
    thresholds = np.unique(scores)
    supported, unsupported = np.sort(scores[labels == 1]), np.sort(scores[labels == 0])
    x = np.searchsorted(supported, thresholds, side="right") / len(supported)
    y = np.searchsorted(unsupported, thresholds, side="right") / len(unsupported)
    kept = np.unique(np.linspace(0, len(x) - 1, CURVE_POINTS).astype(np.int64))
    points = [(round(float(x[i]), 4), round(float(y[i]), 4)) for i in kept]
    return Line(name=name, points=((0.0, 0.0), *points))


def roc_by_file(outcomes: Sequence[Outcome]) -> list[Line | None]:
    """ROC curve of the ladder for each file."""
    groups = by_group(outcomes).items()
    return [roc(Sample(members), "ladder", group) for group, members in groups]


def calibration_figure(outcomes: Sequence[Outcome]) -> Figure:
    """Reliability diagram of the ladder."""
    labels = column(outcomes, "label").astype(np.int64)
    bins = calibration(labels, column(outcomes, "ladder"))
    points = tuple((round(score, 4), round(true, 4)) for score, true, _ in bins)
    return Figure(
        title="Calibration of the ladder, both classes weighing the same",
        x_label="mean score",
        y_label="share supported",
        lines=(Line(name="ladder", points=points),) if points else (),
        diagonal=True,
    )
