"""Metrics of the verifier as if another share of the claims were unsupported."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from evals.framework.results import Outcome
from evals.suites.verifier import curves, metrics
from evals.suites.verifier.figures import measure_verifier
from evals.suites.verifier.labelled import of_files
from evals.suites.verifier.suite import VerifierSuite
from summarizer.errors import InputError
from summarizer.verification.entailment.lexical import LexicalEntailment

LABELS = np.array([1, 0, 1, 0, 1, 0])
SCORES = np.array([0.9, 0.2, 0.45, 0.6, 0.7, 0.4])
CHANGED = {"precision", "F1", "AUPRC"}
"""Metrics that depend on the prevalence."""


def core(labels: np.ndarray, scores: np.ndarray, prevalence: float | None) -> dict[str, float]:
    return metrics.core(labels, scores, scores >= 0.5, (0.5,), prevalence)


@pytest.mark.parametrize(("times", "prevalence"), [(1, 1 / 2), (3, 1 / 4), (19, 1 / 20)])
def test_weighing_says_what_more_supported_claims_would(times: int, prevalence: float) -> None:
    repeats = np.where(LABELS == 1, times, 1)
    labels, scores = LABELS.repeat(repeats), SCORES.repeat(repeats)
    assert core(LABELS, SCORES, prevalence) == pytest.approx(core(labels, scores, None))
    assert metrics.expected_calibration_error(LABELS, SCORES, prevalence) == pytest.approx(
        metrics.expected_calibration_error(labels, scores)
    )


def test_only_what_depends_on_the_share_changes() -> None:
    given, weighed = core(LABELS, SCORES, None), core(LABELS, SCORES, 0.05)
    assert {name for name in given if weighed[name] != pytest.approx(given[name])} == CHANGED
    assert weighed["precision"] == pytest.approx(
        metrics.precision_of_flag(given["recall"], given["false alarms"], 0.05)
    )


@pytest.mark.parametrize("labels", [[], [1, 1], [0, 0]])
def test_without_a_class_there_is_nothing_to_weigh(labels: list[int]) -> None:
    y, scores = np.array(labels, dtype=np.int64), np.linspace(0.2, 0.8, len(labels))
    assert all(math.isnan(core(y, scores, 0.1)[name]) for name in CHANGED)
    assert math.isnan(metrics.expected_calibration_error(y, scores, 0.1))


# --- The suite ---------------------------------------------------------------------------------


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    source = "Meridian recalled 300 robots after two caught fire in Ostia. Nobody was hurt."
    claims = [("Nobody was hurt.", 1), ("Meridian recalled 300 robots.", 1)]
    claims += [
        ("Meridian recalled 900 robots.", 0),
        ("Meridian recalled 300 robots after two caught fire in Ostia.", 0),
    ]
    path = tmp_path / "rows.jsonl"
    lines = ({"claim": claim, "label": label, "sources": [source]} for claim, label in claims)
    path.write_text("\n".join(map(json.dumps, lines)))
    return path


def measured(suite: VerifierSuite) -> tuple[list[Outcome], dict[str, float]]:
    outcomes = [outcome for task in suite.tasks() for outcome in task.judge()]
    return outcomes, dict(measure_verifier(outcomes))


def test_a_run_says_which_share_it_was_weighed_to(rows: Path) -> None:
    words = LexicalEntailment()
    outcomes, given = measured(VerifierSuite(of_files([rows]), words))
    suite = VerifierSuite(of_files([rows]), words, prevalence=0.05)
    weighed_outcomes, weighed = measured(suite)
    assert given["share unsupported"] == weighed["share unsupported"] == 0.5  # of the data
    assert suite.version["prevalence"] == "0.05"
    assert (curves.prevalence(outcomes), curves.prevalence(weighed_outcomes)) == (None, 0.05)
    assert "5.0% unsupported" in curves.calibration_figure(weighed_outcomes).title
    assert weighed["recall"] == given["recall"]
    assert weighed["precision of a flag"] == pytest.approx(weighed["precision"])
    assert weighed["precision of supported"] == pytest.approx(
        0.95 * given["coverage of supported"] / (0.95 * given["coverage of supported"] + 0.05 * 0.5)
    )


@pytest.mark.parametrize("prevalence", [0, 1, -0.1, 7, math.nan])
def test_a_prevalence_that_is_no_share_is_refused(rows: Path, prevalence: float) -> None:
    with pytest.raises(InputError, match="not a share above 0 and below 1"):
        VerifierSuite(of_files([rows]), LexicalEntailment(), prevalence=prevalence)
