"""ROC and calibration curves of verifiers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evals.framework.confidence import Sample, column
from evals.framework.results import Figure, Line, Outcome, by_group
from evals.suites.verifier import metrics
from evals.suites.verifier.metrics import Flags, Labels, Scores

CURVE_POINTS = 200
"""Maximum points of a ROC curve, to limit the size of reports."""


def judged(outcomes: Sequence[Outcome], rung: str) -> tuple[Labels, Scores, Flags]:
    """Labels, scores and acceptance of the outcomes that a rung judged."""
    labels, scores = column(outcomes, "label"), column(outcomes, rung)
    there = np.isfinite(scores)
    accepted = column(outcomes, f"{rung} accepts") == 1
    return labels[there].astype(np.int64), scores[there], accepted[there]


def prevalence(outcomes: Sequence[Outcome]) -> float | None:
    """The share of unsupported claims to weigh to, which every outcome of a run has or none."""
    given = column(outcomes, "prevalence")
    return float(given[0]) if len(given) and np.isfinite(given[0]) else None


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
    labels, scores, _ = judged(outcomes, rung)
    curve = metrics.roc(labels, scores)
    if curve is None:
        return None
    x, y = curve
    kept = np.unique(np.linspace(0, len(x) - 1, CURVE_POINTS).astype(np.int64))
    points = tuple((round(float(x[i]), 4), round(float(y[i]), 4)) for i in kept)
    return Line(name=name, points=points)


def roc_by_file(outcomes: Sequence[Outcome]) -> list[Line | None]:
    """ROC curve of the ladder for each file."""
    groups = by_group(outcomes).items()
    return [roc(Sample(members), "ladder", group) for group, members in groups]


def calibration_figure(outcomes: Sequence[Outcome]) -> Figure:
    """Reliability diagram of the ladder."""
    labels, scores, _ = judged(outcomes, "ladder")
    share = prevalence(outcomes)
    bins = metrics.calibration(labels, scores, share)
    points = tuple((round(score, 4), round(true, 4)) for score, true, _ in bins)
    return Figure(
        title="Calibration of the ladder"
        + ("" if share is None else f", weighed to {share:.1%} unsupported"),
        x_label="mean score",
        y_label="share supported",
        lines=(Line(name="ladder", points=points),) if points else (),
        diagonal=True,
    )
