"""Metrics of binary classification: scores and flags against labels.

Unsupported is the positive class: a **false alarm** is a flagged supported claim, **recall** is
the share of unsupported claims that are flagged.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int64]
Scores = NDArray[np.float64]
Flags = NDArray[np.bool_]

UNSUPPORTED_RATE = 0.07
"""Base rate of unsupported sentences in practice: 7% (151 of 2,235) of sentences in news summaries
by models, as labelled in RAGTruth (Niu et al. 2024)."""

BINS = 10
"""Number of calibration bins of equal mass."""


def auc(labels: Labels, scores: Scores) -> float:
    """Area under the ROC curve with ties counted half; ``nan`` for a single class."""
    values, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    positive = int(labels.sum())
    negative = len(labels) - positive
    if not positive or not negative or not len(values):
        return float("nan")
    total = ranks[inverse][labels == 1].sum()
    return float((total - positive * (positive + 1) / 2) / (positive * negative))


def balanced_accuracy(labels: Labels, accepted: Flags) -> float:
    """Mean of the share of supported claims accepted and of unsupported claims flagged."""
    return (share(accepted[labels == 1]) + share(~accepted[labels == 0])) / 2


def recall_at(labels: Labels, scores: Scores, rate: float) -> float:
    """Share of unsupported claims flagged at a false alarm rate of at most ``rate``."""
    supported = np.sort(scores[labels == 1])
    if not len(supported):
        return float("nan")
    return share(scores[labels == 0] < supported[int(rate * len(supported))])


def share(flags: Flags) -> float:
    """Share of true flags; ``nan`` without flags."""
    return float(flags.mean()) if len(flags) else float("nan")


def precision_of_flag(recall: float, false_alarms: float, rate: float = UNSUPPORTED_RATE) -> float:
    """Precision of a flag at a base rate of unsupported claims; ``nan`` without flags."""
    caught = rate * recall
    flagged = caught + (1 - rate) * false_alarms
    return caught / flagged if flagged else float("nan")


def calibration(labels: Labels, scores: Scores) -> list[tuple[float, float, float]]:
    """Mean score, share supported and mass of up to ``BINS`` bins, with balanced classes.

    Bins have equal mass, except that equal scores stay together; empty if a class is missing.
    Classes are balanced because files differ in their share of supported claims.
    """
    if not 0 < labels.sum() < len(labels):
        return []
    positive = labels.mean()
    weights = np.where(labels == 1, 0.5 / positive, 0.5 / (1 - positive)) / len(labels)
    _, value = np.unique(scores, return_inverse=True)
    of_value = np.bincount(value, weights)
    middle = (np.cumsum(of_value) - of_value / 2)[value]
    bins = np.minimum((middle * BINS).astype(np.int64), BINS - 1)
    mass = np.bincount(bins, weights, BINS)
    mean = np.bincount(bins, weights * scores, BINS)
    true = np.bincount(bins, weights * labels, BINS)
    return [
        (float(s / m), float(t / m), float(m))
        for s, t, m in zip(mean, true, mass, strict=True)
        if m > 0
    ]


def calibration_error(labels: Labels, scores: Scores) -> float:
    """Expected calibration error, 0–1: mean distance of score and share supported over the bins.

    It is biased upwards for few claims, so bootstrap intervals lie above the estimate.
    """
    bins = calibration(labels, scores)
    if not bins:
        return float("nan")
    return sum(abs(score - true) * mass for score, true, mass in bins)
