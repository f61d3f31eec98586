"""How good forecasts were: Brier score and calibration, over those that an editor resolved.

The score is the mean squared difference between probability and what came (0 or 1): Brier,
"Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950), in
the form for one event, half of his for two classes.  0 is perfect, 0.25 is what "50%" always gets.
Void forecasts count for nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from summarizer.domain.model import Model

MOST_BINS = 10
FEWEST = 5
"""Forecasts that a bin holds at least, where there are as many: fewer tell of no frequency."""

Z = 1.959964
"""Of a 95% interval."""


class Bin(Model):
    """Forecasts of about one probability.

    Args:
        low: lowest probability in it.
        high: highest.
        n: how many there are.
        foretold: their mean probability.
        came: share that came true.
        interval: 95% interval of that share (Wilson 1927).
    """

    low: float
    high: float
    n: int
    foretold: float
    came: float
    interval: tuple[float, float]


class Calibration(Model):
    """How forecasts and what came agree.

    Args:
        n: resolved forecasts that count.
        brier: 0–1, lower is better; ``None`` while there are none.
        base_rate: share that came true.
        brier_of_base_rate: what the base rate itself would have scored as every forecast.
        bins: of equal count as far as equal probabilities allow, by probability.
    """

    n: int
    brier: float | None
    base_rate: float | None
    brier_of_base_rate: float | None
    bins: tuple[Bin, ...]


def calibration(pairs: Sequence[tuple[float, bool]]) -> Calibration:
    """Score forecasts given as (probability, came true), in any order."""
    if not pairs:
        return Calibration(n=0, brier=None, base_rate=None, brier_of_base_rate=None, bins=())
    pairs = sorted(pairs)  # sums of fractions depend on their order
    rate = sum(came for _, came in pairs) / len(pairs)
    return Calibration(
        n=len(pairs),
        brier=sum((p - came) ** 2 for p, came in pairs) / len(pairs),
        base_rate=rate,
        brier_of_base_rate=rate * (1 - rate),
        bins=tuple(_bin(part) for part in _parts(pairs)),
    )


def _parts(ordered: Sequence[tuple[float, bool]]) -> list[list[tuple[float, bool]]]:
    """Up to ten bins of about equal count; equal probabilities stay together."""
    bins = max(1, min(MOST_BINS, len(ordered) // FEWEST))
    size = len(ordered) / bins
    parts: list[list[tuple[float, bool]]] = [[]]
    for place, pair in enumerate(ordered):
        full = place >= round(size * len(parts))
        if full and parts[-1] and parts[-1][-1][0] != pair[0]:
            parts.append([])
        parts[-1].append(pair)
    return parts


def _bin(part: Sequence[tuple[float, bool]]) -> Bin:
    came, n = sum(c for _, c in part), len(part)
    return Bin(
        low=part[0][0],
        high=part[-1][0],
        n=n,
        foretold=sum(p for p, _ in part) / n,
        came=came / n,
        interval=wilson(came, n),
    )


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95% interval of a share, 0–1; ``n`` > 0."""
    share = hits / n
    middle = share + Z * Z / (2 * n)
    half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
