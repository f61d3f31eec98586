"""Metrics of a draft by name, and the figures of many drafts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from evals.framework.confidence import Column, column
from evals.framework.results import Better, Outcome
from evals.suites.drafting import agreement, citations, honesty, judged, plain_language, sides
from evals.suites.drafting.judged import Judged, Value

TOKENS = "tokens"

VALUES: Mapping[str, Callable[[Judged], Value]] = {
    "faithfulness": lambda found: found.draft.faithfulness,
    "faithfulness_as_drafted": lambda found: found.draft.faithfulness_as_drafted,
    "citation_precision": citations.citation_precision,
    "citation_recall": citations.citation_recall,
    "coverage": agreement.coverage,
    "quote_exactness": citations.quote_exactness,
    "outlets_cited": sides.outlets_cited,
    "sides_actors": sides.sides_actors,
    "sides_space": sides.sides_space,
    "sides_invented": sides.sides_invented,
    "timeline_dates": plain_language.timeline_dates,
    "plain_grade": plain_language.plain_grade,
    "plain_novelty": plain_language.plain_novelty,
    "relative_days": honesty.counted(honesty.undated),
    "voice_faults": honesty.counted(honesty.misvoiced),
    "false_absences": honesty.counted(honesty.falsely_absent),
    "abstention": judged.abstention,
    "withheld": judged.withheld,
    "unchecked": judged.unchecked,
    "false_withheld": citations.false_withheld,
    "overruled": judged.overruled,
    TOKENS: judged.tokens,
}
"""Metrics of a draft by name."""

SECONDS = "seconds"
"""Duration of drafting."""

MODEL_SECONDS = "model_seconds"
"""Duration of a draft's calls to models, those at the same time added up; 0 without a model."""

LATENCIES = {
    f"{name}: {figure}": (name, percent)
    for name in (SECONDS, MODEL_SECONDS)
    for figure, percent in (("median", 50), ("p95", 95))
}
"""Value and percentile of each figure of latency."""

COST = "cost"
"""Cost of a draft's calls, at the prices given or those in the auto-drafting rules."""

ERRORS = "errors"
"""1 for a story without a draft because the model failed, else 0."""

BETTER: Mapping[str, Better] = {
    "faithfulness": "higher",
    "faithfulness_as_drafted": "higher",
    "citation_precision": "higher",
    "citation_recall": "higher",
    "coverage": "higher",
    "quote_exactness": "higher",
    "outlets_cited": "higher",
    "sides_actors": "higher",
    "sides_space": "lower",
    "sides_invented": "lower",
    "timeline_dates": "higher",
    "plain_grade": "lower",
    "plain_novelty": "lower",
    "relative_days": "lower",
    "voice_faults": "lower",
    "false_absences": "lower",
    "abstention": "lower",
    "withheld": "lower",
    "unchecked": "lower",
    "false_withheld": "lower",
    "overruled": "lower",
    "tokens": "lower",
    COST: "lower",
    ERRORS: "lower",
}
"""Preferred direction of each metric except of time, which depends on machine and server."""

NO_SHARES = (
    "sides_invented",
    "plain_grade",
    "plain_novelty",
    "relative_days",
    "voice_faults",
    "false_absences",
    "tokens",
)
DRAWN = tuple(name for name in VALUES if name not in NO_SHARES)
"""Metrics from 0 to 1, for the bar plot."""

NOTED = 3
"""Maximum examples per kind of error in a note."""


def values_of(found: Judged) -> dict[str, Value]:
    """All metrics of one draft, by name."""
    return {name: value(found) for name, value in VALUES.items()}


def note_of(found: Judged) -> str | None:
    """Examples of errors in a draft: invented, misdated, misquoted or missing content."""
    mishaps = {
        "named by no source": sides.invented(found),
        "new in plain language": plain_language.novel(found),
        "relative day": honesty.undated(found),
        "not a page's voice": honesty.misvoiced(found),
        "false absence": honesty.falsely_absent(found),
        "misdated": plain_language.misdated(found),
        "not verbatim": citations.inexact_quotes(found),
        "withheld though verbatim": citations.wrongly_withheld(found),
        "finding overruled": [c.claim.text for c in found.shown() if c.verdict.overruled],
        "unheard": sides.unheard(found),
        "untold": [fact.text for fact in agreement.untold(found)],
    }
    lines = [f"{name}: {text}" for name, texts in mishaps.items() for text in texts[:NOTED]]
    return "\n".join(lines) or None


def measure_drafting(outcomes: Sequence[Outcome]) -> Mapping[str, float]:
    """Mean of each metric over the drafts that have it, each with equal weight; and latencies."""
    means = {name: _mean(outcomes, name) for name in (*VALUES, COST, ERRORS, SECONDS)}
    return means | {
        figure: _percentile(outcomes, name, percent)
        for figure, (name, percent) in LATENCIES.items()
    }


def _mean(outcomes: Sequence[Outcome], name: str) -> float:
    there = _there(outcomes, name)
    return float(there.mean()) if len(there) else math.nan


def _percentile(outcomes: Sequence[Outcome], name: str, percent: int) -> float:
    there = _there(outcomes, name)
    return float(np.percentile(there, percent)) if len(there) else math.nan


def _there(outcomes: Sequence[Outcome], name: str) -> Column:
    values = column(outcomes, name)
    return values[~np.isnan(values)]
