"""Metrics of the verifier against values computed by hand and against scikit-learn.

Unsupported is the positive class.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    average_precision_score,
    balanced_accuracy_score,
    precision_recall_fscore_support,
    roc_auc_score,
)

from evals.suites.verifier import metrics

LABELS = np.array([1, 1, 1, 1, 0, 0, 0, 1])
SCORES = np.array([0.9, 0.8, 0.7, 0.4, 0.6, 0.3, 0.1, 0.2])
BY_HAND = {
    # Accepted from .5: of 4 flags 2 are right, of 3 unsupported claims 2 are flagged.
    "precision": 2 / 4,
    "recall": 2 / 3,
    "F1": 2 * 2 / (2 * 2 + 2 + 1),
    "false alarms": 2 / 5,
    "balanced accuracy": (2 / 3 + 3 / 5) / 2,
    # Of 15 pairs, .6 stands below 3 of 5 supported claims, .3 below 4, .1 below 5.
    "AUROC": (3 + 4 + 5) / 15,
    # Flagging by rising score: unsupported ones come 1st, 3rd and 5th.
    "AUPRC": (1 / 1 + 2 / 3 + 3 / 5) / 3,
    "recall at 0% false alarms": 1 / 3,
    "recall at 20% false alarms": 2 / 3,
    "recall at 40% false alarms": 1.0,
}


def test_metrics_are_those_computed_by_hand() -> None:
    found = metrics.core(LABELS, SCORES, SCORES >= 0.5, (0, 0.2, 0.4))
    assert found == pytest.approx(BY_HAND)


ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 20)), min_size=2, max_size=60)


@given(ROWS)
def test_metrics_are_those_of_scikit_learn(rows: list[tuple[int, int]]) -> None:
    labels = np.array([label for label, _ in rows])
    scores = np.array([score / 20 for _, score in rows])
    if not 0 < labels.sum() < len(labels):
        return
    found = metrics.core(labels, scores, scores >= 0.5, ())
    unsupported, flagged = labels == 0, scores < 0.5
    precision, recall, f1, _ = precision_recall_fscore_support(
        unsupported, flagged, average="binary", zero_division=np.nan
    )
    assert found == pytest.approx(
        {
            "precision": precision,
            "recall": recall,
            "F1": f1,
            "balanced accuracy": balanced_accuracy_score(unsupported, flagged),
            "AUROC": roc_auc_score(unsupported, -scores),
            "AUPRC": average_precision_score(unsupported, -scores),
            "false alarms": np.mean(flagged[~unsupported]),
        },
        nan_ok=True,
    )


def test_ties_are_counted_half() -> None:
    assert metrics.auroc(LABELS, np.full(len(LABELS), 0.5)) == 0.5


def test_without_flags_there_is_no_precision() -> None:
    found = metrics.core(LABELS, SCORES, np.ones(len(LABELS), bool), ())
    assert math.isnan(found["precision"])
    assert found["recall"] == found["F1"] == 0
    assert math.isnan(metrics.precision_of_flag(0.0, 0.0))


@pytest.mark.parametrize(
    ("recall", "false_alarms", "precision"),
    [(0.5, 0.05, 0.035 / (0.035 + 0.0465)), (1.0, 0.0, 1.0), (0.0, 0.5, 0.0)],
)
def test_most_flags_are_false_where_few_claims_are_unsupported(
    recall: float, false_alarms: float, precision: float
) -> None:
    assert metrics.precision_of_flag(recall, false_alarms) == pytest.approx(precision)


def test_recall_is_taken_where_few_supported_claims_are_flagged() -> None:
    labels = np.array([1] * 100 + [0] * 4)
    scores = np.array([*np.linspace(0.5, 1, 100), 0.1, 0.2, 0.51, 0.9])
    assert metrics.recall_at(labels, scores, 0.01) == 0.5
    assert metrics.recall_at(labels, scores, 0.05) == 0.75


def test_the_calibration_error_is_the_mean_distance_over_bins() -> None:
    # Bins of 1/15: three claims at .5 of which one holds, one at .95 that holds.
    labels, scores = np.array([1, 0, 0, 1]), np.array([0.5, 0.5, 0.5, 0.95])
    expected = 3 / 4 * (0.5 - 1 / 3) + 1 / 4 * 0.05
    assert metrics.expected_calibration_error(labels, scores) == pytest.approx(expected)
    assert math.isnan(metrics.expected_calibration_error(labels[:0], scores[:0]))


@given(ROWS)
def test_bins_of_calibration_are_those_of_scikit_learn(rows: list[tuple[int, int]]) -> None:
    labels = np.array([label for label, _ in rows])
    scores = np.array([score / 20 for _, score in rows])
    bins = metrics.calibration(labels, scores)
    true, mean = calibration_curve(labels, scores, n_bins=metrics.BINS, pos_label=1)
    assert [share for _, share, _ in bins] == pytest.approx(list(true))
    assert [score for score, _, _ in bins] == pytest.approx(list(mean))
    assert sum(mass for _, _, mass in bins) == pytest.approx(1)


def test_scores_that_mean_what_they_say_have_no_calibration_error() -> None:
    generator = np.random.default_rng(0)
    scores = generator.uniform(size=20_000)
    labels = (generator.uniform(size=20_000) < scores).astype(np.int64)
    assert metrics.expected_calibration_error(labels, scores) < 0.02
    assert metrics.expected_calibration_error(labels, 1 - scores) == pytest.approx(0.5, abs=0.02)
