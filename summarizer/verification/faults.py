"""Faults of checks and of the entailment model: one claim is withheld, and the work goes on.

A log line names the check, the claim and the place in our code, never the text.
"""

from __future__ import annotations

import logging
import math
import traceback
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import TypeVar

from summarizer.domain.claims import Failure, Verdict, VerdictLabel
from summarizer.ports.models import Entailment

T = TypeVar("T")
log = logging.getLogger(__name__)

ENTAILMENT = "entailment"
"""Name of the entailment among the failed checks."""
VERIFICATION = "verification"
"""Name among the failed checks of what is done for a claim beside the checks."""


@cache
def unchecked(check: str) -> Failure:
    """The failure of a claim that a check could not read."""
    return Failure(
        check=check,
        reason=f'The check "{check}" broke off on this claim, so that nothing is known of it.',
        label=VerdictLabel.UNCHECKED,
    )


def unchecked_verdict(check: str = VERIFICATION) -> Verdict:
    """The verdict on a claim of which nothing else is known."""
    return Verdict(label=VerdictLabel.UNCHECKED, score=0.0, failures=(unchecked(check),))


def guarded(check: str, claim_id: object, work: Callable[[], T], otherwise: T) -> T:
    """The result of some work on one claim, or a substitute if it faults.

    Args:
        check: name of the check, for the log.
        claim_id: id of the claim, for the log.
        work: any exception of it is a fault.
        otherwise: the substitute.
    """
    try:
        return work()
    except Exception as fault:  # whatever is wrong with one check must cost one claim alone
        _log(check, claim_id, fault)
        return otherwise


def support(
    entailment: Entailment, pairs: Sequence[tuple[str, Sequence[str]]], ids: Sequence[object]
) -> list[float | None]:
    """Support probabilities of claims, in order; ``None`` for each on which the model faults.

    Args:
        entailment: called once for all, and once for each claim if that faults.
        pairs: claims with their source texts.
        ids: ids of the claims, for the log.
    """
    try:
        found: Sequence[float | None] = entailment.support(pairs)
    except Exception:  # which claim is at fault is not known yet
        found = [
            guarded(ENTAILMENT, id_, partial(_alone, entailment, pair), None)
            for pair, id_ in zip(pairs, ids, strict=True)
        ]
    return [None if value is None or not math.isfinite(value) else value for value in found]


def _alone(entailment: Entailment, pair: tuple[str, Sequence[str]]) -> float | None:
    (value,) = entailment.support([pair])
    return value


def _log(check: str, claim_id: object, fault: Exception) -> None:
    log.error("check %s broke off on claim %.80r: %s", check, claim_id, place_of(fault))


def place_of(fault: Exception) -> str:
    """Type and place of a fault, without its message, which may have words of a source."""
    frame = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} in {frame.name}, line {frame.lineno}"
