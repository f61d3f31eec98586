"""Brier score and calibration of resolved forecasts.

The score is the mean squared difference between probability and outcome (0 or 1): Brier,
"Verification of forecasts expressed in terms of probability", Monthly Weather Review 78 (1950), in
the one-event form, half of his two-class score.  0 is perfect; a constant 50% scores 0.25.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from summarizer.domain.model import Model

MOST_BINS = 10
"""Most bins of a calibration."""

FEWEST = 5
"""Fewest forecasts of a bin, if there are as many: fewer estimate no frequency."""

Z = 1.959964
"""Standard normal quantile of a 95% interval."""


class Bin(Model):
    """Forecasts of similar probability.

    Args:
        low: lowest probability.
        high: highest probability.
        n: number of forecasts.
        foretold: mean probability.
        came: share that came true, 0–1.
        interval: 95% interval of that share (Wilson 1927).
    """

    low: float
    high: float
    n: int
    foretold: float
    came: float
    interval: tuple[float, float]


class Calibration(Model):
    """Calibration of resolved forecasts; rates are ``None`` without any.

    Args:
        n: number of resolved forecasts, without void ones.
        brier: Brier score, 0–1, lower is better.
        base_rate: share that came true, 0–1.
        brier_of_base_rate: score of forecasting the base rate every time.
        bins: ascending, of about equal count; equal probabilities are in one bin.
    """

    n: int
    brier: float | None
    base_rate: float | None
    brier_of_base_rate: float | None
    bins: tuple[Bin, ...]


def calibration(pairs: Sequence[tuple[float, bool]]) -> Calibration:
    """Calibration of forecasts given as (probability, came true), in any order."""
    if not pairs:
        return Calibration(n=0, brier=None, base_rate=None, brier_of_base_rate=None, bins=())
    pairs = sorted(pairs)  # sums of floats depend on their order
    rate = sum(came for _, came in pairs) / len(pairs)
    return Calibration(
        n=len(pairs),
        brier=sum((p - came) ** 2 for p, came in pairs) / len(pairs),
        base_rate=rate,
        brier_of_base_rate=rate * (1 - rate),
        bins=tuple(_bin(part) for part in _parts(pairs)),
    )


def _parts(ordered: Sequence[tuple[float, bool]]) -> list[list[tuple[float, bool]]]:
    """Up to ``MOST_BINS`` parts of about equal count; equal probabilities stay together."""
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
    """95% Wilson interval of the share ``hits`` of ``n`` > 0, within 0–1."""
    share = hits / n
    middle = share + Z * Z / (2 * n)
    half = Z * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    scale = 1 + Z * Z / n
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
