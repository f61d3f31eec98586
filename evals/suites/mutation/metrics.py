"""Shares of planted faults that are caught, and false alarms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evals.framework.confidence import column
from evals.framework.results import Outcome
from evals.suites.mutation.faults import FAULTS
from summarizer.verification import scoring

RUNGS = (
    "structure",
    *scoring.CHECKS,
    "attribution",
    "instructions",
    "hostile_item",
    "section rules",
    "entailment",
)
"""Checks that can catch a fault; all section rules count as one."""

NAMES = list(FAULTS)
"""Faults, by the number that an outcome has."""


def measure_mutation(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Shares of outcomes, ``nan`` without any; mean and minimum only with several faults."""
    planted, caught = column(outcomes, "planted") == 1, column(outcomes, "caught")
    by_fault = rates(outcomes)
    found = {
        "caught": _mean(caught[planted]),
        "caught by entailment alone": _mean(column(outcomes, "entailment_only")[planted]),
        "false alarms": _mean(caught[~planted]),
    }
    if len(by_fault) > 1:
        found["caught, mean of faults"] = float(np.mean(list(by_fault.values())))
        found["caught, least of faults"] = min(by_fault.values())
    return found


def rates(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Share caught of each planted fault, by name."""
    which, caught = column(outcomes, "fault"), column(outcomes, "caught")
    known = np.isfinite(which)
    places = which[known].astype(np.int64)
    counts = np.bincount(places, minlength=len(NAMES))
    sums = np.bincount(places, weights=caught[known], minlength=len(NAMES))
    return {name: float(sums[n] / counts[n]) for n, name in enumerate(NAMES) if counts[n]}


def rung_rates(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Share of planted faults that each rung catches."""
    planted = column(outcomes, "planted") == 1
    return {rung: _mean(column(outcomes, f"caught_{rung}")[planted]) for rung in RUNGS}


def _mean(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float(values.mean()) if len(values) else float("nan")
