"""Metrics of binary classification: scores and flags against labels.

**Unsupported is the positive class**: a flag is a positive answer, a false alarm a false positive.
Labels are 1 for a supported claim and 0 for an unsupported one; a score is higher for better
support.  Precision, recall, F1, AUROC, AUPRC and balanced accuracy are those of scikit-learn with
that class, and ``nan`` where they are undefined.  What counts flags is computed here, because
intervals ask for it thousands of times; tests hold it equal to scikit-learn.

With a **prevalence** what depends on the share of unsupported claims is weighted as if the data had
that share; without one, every claim weighs the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import auc, average_precision_score, cohen_kappa_score, roc_curve

Labels = NDArray[np.int64]
Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]

UNSUPPORTED_RATE = 0.07
"""Base rate of unsupported sentences in practice: 7% (151 of 2,235) of sentences in news summaries
by models, as labelled in RAGTruth (Niu et al. 2024)."""

BINS = 15
"""Bins of equal width for the calibration error, as in Guo et al. 2017."""

ROUNDING = 1e-9
"""Largest excess over a rate of false alarms that counts as rounding."""


def weights(labels: Labels, prevalence: float | None) -> Scores:
    """Weights of claims, 1 on average, under which that share of them is unsupported; ``nan`` if a
    class is missing."""
    if prevalence is None:
        return np.ones(len(labels))
    supported = labels.mean() if len(labels) else 0.0
    if not 0 < supported < 1:
        return np.full(len(labels), np.nan)
    return np.where(labels == 0, prevalence / (1 - supported), (1 - prevalence) / supported)


def core(
    labels: Labels,
    scores: Scores,
    accepted: Flags,
    rates: Sequence[float],
    prevalence: float | None = None,
) -> dict[str, float]:
    """The metrics of a rung, by name, with recall at some rates of false alarms."""
    unsupported, flagged = labels == 0, ~accepted
    weight = weights(labels, prevalence)
    caught, alarms, missed = (
        float(weight[of].sum())
        for of in (flagged & unsupported, flagged & ~unsupported, ~flagged & unsupported)
    )
    curve = roc(labels, scores)
    return {
        "balanced accuracy": balanced_accuracy(labels, accepted),
        "precision": ratio(caught, caught + alarms),
        "recall": ratio(caught, caught + missed),
        "F1": ratio(2 * caught, 2 * caught + alarms + missed),
        "AUROC": float(auc(*curve)) if curve else float("nan"),
        "AUPRC": auprc(labels, scores, prevalence),
        "false alarms": share(flagged[~unsupported]),
        **{
            f"recall at {rate:.0%} false alarms": _recall_at(curve, rate) if curve else float("nan")
            for rate in rates
        },
    }


def roc(labels: Labels, scores: Scores) -> tuple[Scores, Scores] | None:
    """False alarms and recall at every threshold from (0, 0) to (1, 1).

    ``None`` if a class is missing.
    """
    if not 0 < labels.sum() < len(labels):
        return None
    alarms, recall, _ = roc_curve(labels == 0, -scores, drop_intermediate=False)
    return alarms, recall


def auroc(labels: Labels, scores: Scores) -> float:
    """Area under the ROC curve, ties counted half; ``nan`` if a class is missing."""
    curve = roc(labels, scores)
    return float(auc(*curve)) if curve else float("nan")


def auprc(labels: Labels, scores: Scores, prevalence: float | None = None) -> float:
    """Area under the precision-recall curve as the average precision; ``nan`` without a class."""
    if not 0 < labels.sum() < len(labels):
        return float("nan")
    weight = weights(labels, prevalence)
    return float(average_precision_score(labels == 0, -scores, sample_weight=weight))


def recall_at(labels: Labels, scores: Scores, rate: float) -> float:
    """Share of unsupported claims flagged at a false alarm rate of at most ``rate``."""
    curve = roc(labels, scores)
    return _recall_at(curve, rate) if curve else float("nan")


def _recall_at(curve: tuple[Scores, Scores], rate: float) -> float:
    alarms, recall = curve
    return float(recall[alarms <= rate + ROUNDING].max())


def balanced_accuracy(labels: Labels, accepted: Flags) -> float:
    """Mean of the share of supported claims accepted and of unsupported claims flagged."""
    return (share(accepted[labels == 1]) + share(~accepted[labels == 0])) / 2


def cohens_kappa(labels: Labels, accepted: Flags) -> float:
    """Agreement of verdicts and labels beyond chance, at most 1 (Cohen 1960); ``nan`` where only
    one of the two answers was ever given."""
    if len({*labels.tolist(), *accepted.tolist()}) < 2:
        return float("nan")
    return float(cohen_kappa_score(labels == 1, accepted))


def share(flags: Flags) -> float:
    """Share of true flags; ``nan`` without flags."""
    return float(flags.mean()) if len(flags) else float("nan")


def ratio(part: float, whole: float) -> float:
    """A part of a whole; ``nan`` of nothing."""
    return part / whole if whole else float("nan")


def precision_of_flag(recall: float, false_alarms: float, rate: float = UNSUPPORTED_RATE) -> float:
    """Precision of a flag at a base rate of unsupported claims; ``nan`` without flags."""
    caught = rate * recall
    return ratio(caught, caught + (1 - rate) * false_alarms)


def calibration(
    labels: Labels, scores: Scores, prevalence: float | None = None
) -> list[tuple[float, float, float]]:
    """Mean score, share supported and share of claims of each bin that has some.

    Bins are those of scikit-learn's ``calibration_curve``: an upper edge belongs to its bin.
    """
    edges = np.linspace(0, 1, BINS + 1)
    bins = np.searchsorted(edges[1:-1], scores)
    weight = weights(labels, prevalence)
    counts = np.bincount(bins, weight, BINS)
    mean, true = np.bincount(bins, weight * scores, BINS), np.bincount(bins, weight * labels, BINS)
    return [
        (float(s / n), float(t / n), float(n / len(scores)))
        for s, t, n in zip(mean, true, counts, strict=True)
        if n
    ]


def expected_calibration_error(
    labels: Labels, scores: Scores, prevalence: float | None = None
) -> float:
    """Mean distance of score and share supported over the bins, 0–1; ``nan`` without claims.

    It is biased upwards for few claims, in resamples most of all.
    """
    bins = calibration(labels, scores, prevalence)
    if not bins:
        return float("nan")
    return sum(abs(score - true) * mass for score, true, mass in bins)
