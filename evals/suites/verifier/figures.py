"""Figures of the verifier suite: of the ladder, of every other rung, and of each check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from evals.framework.confidence import column
from evals.framework.results import Better, Outcome
from evals.suites.verifier import ablation, curves, llm_judge
from evals.suites.verifier.metrics import (
    UNSUPPORTED_RATE,
    Flags,
    cohens_kappa,
    core,
    expected_calibration_error,
    precision_of_flag,
    ratio,
    share,
    weights,
)

RUNGS = (
    "ladder",
    "entailment",
    "checks",
    "lexical",
    "alignment",
    "gate",
    "ladder and judge",
    "judge",
)
"""The ladder, its rungs, the parts of the entailment if given, what a draft would show, and the
judge if given."""

FALSE_ALARM_RATES = (0.01, 0.02, 0.05)

BASE = "share unsupported"
OF_FLAG, ECE = "precision of a flag", "ECE"
RIGHT, REACH, UNCHECKED = "precision of supported", "coverage of supported", "unchecked"


def measure_verifier(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
    """Metrics of the ladder, core metrics of every other rung, and metrics of each check."""
    prevalence = curves.prevalence(outcomes)
    found = {BASE: share(column(outcomes, "label") == 0)}
    for rung in rungs(outcomes):
        labels, scores, accepted = curves.judged(outcomes, rung)
        of_rung = core(labels, scores, accepted, FALSE_ALARM_RATES, prevalence)
        if rung in llm_judge.JUDGED:
            of_rung |= {
                "coverage": share(np.isfinite(column(outcomes, rung))),
                "agreement": cohens_kappa(labels, accepted),
            }
        if rung != "ladder":
            found |= {f"{rung}: {name}": value for name, value in of_rung.items()}
            continue
        found |= of_rung
        rate = UNSUPPORTED_RATE if prevalence is None else prevalence
        found[OF_FLAG] = precision_of_flag(of_rung["recall"], of_rung["false alarms"], rate)
        found[ECE] = expected_calibration_error(labels, scores, prevalence)
        found |= _answers(outcomes)
    if "judge" in rungs(outcomes):
        found["judge: tokens"] = float(column(outcomes, "tokens").mean())
    return found | ablation.measure(outcomes)


def rungs(outcomes: Sequence[Outcome]) -> list[str]:
    """The rungs that have values, in order."""
    return [rung for rung in RUNGS if outcomes and rung in outcomes[0].values]


def _answers(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """How often the ladder says ``supported`` and ``unchecked``, and how often the former holds."""
    honest, said = column(outcomes, "label") == 1, column(outcomes, "ladder supported") == 1
    return {
        RIGHT: _share(outcomes, honest, of=said),
        REACH: share(said[honest]),
        UNCHECKED: _share(outcomes, column(outcomes, "ladder unchecked") == 1),
    }


def _share(outcomes: Sequence[Outcome], flags: Flags, of: Flags | None = None) -> float:
    """Share of outcomes, or of some of them, at the prevalence of the run."""
    labels = column(outcomes, "label").astype(np.int64)
    weight = weights(labels, curves.prevalence(outcomes))
    among = np.ones(len(labels), bool) if of is None else of
    return ratio(float(weight[flags & among].sum()), float(weight[among].sum()))


def _better() -> dict[str, Better]:
    nothing = np.zeros(0)
    of_rung = core(nothing.astype(np.int64), nothing, nothing == 1, FALSE_ALARM_RATES)
    whole = (*of_rung, OF_FLAG, ECE, RIGHT, REACH, UNCHECKED)
    names = (*whole, *(f"{rung}: {name}" for rung in RUNGS[1:] for name in of_rung))
    beside = (f"{rung}: {what}" for rung in llm_judge.JUDGED for what in ("coverage", "agreement"))
    names = (*names, *beside, "judge: tokens")
    fewer = ("false alarms", ECE, UNCHECKED, "tokens")
    return {name: "lower" if name.split(": ")[-1] in fewer else "higher" for name in names}


BETTER: Mapping[str, Better] = _better() | ablation.BETTER
"""Better direction of each figure that has one."""
