"""A figure with its standard error between clusters: its interval, and its distance from a value.

Clusters are few and figures are shares, so normal intervals are too narrow.  The quantile is of t
over the clusters that bear on the figure, and a share has Wilson's interval with the number of
independent outcomes that its standard error stands for.  A share of 0 or 1 has no standard error;
its bound is Clopper and Pearson's, each cluster being one observation.  How often these intervals
hold is in docs/decisions/0036-intervals.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from scipy.special import stdtr, stdtrit

Interval = tuple[float, float]

LEVEL = 0.95

NONE = 1e-12
"""Standard error below which all clusters agree; sums of floats differ by less."""

SHARE, DIFFERENCE = (0.0, 1.0), (-1.0, 1.0)
"""Spans of a share, and of a difference of two."""


@dataclass(frozen=True)
class Estimate:
    """A figure as its clusters estimate it.

    Args:
        error: standard error between clusters, >= 0.
        clusters: clusters that bear on the figure, at least 2.
        span: least and largest possible value; ``None`` for a figure without bounds, which needs a
            standard error.
    """

    value: float
    error: float
    clusters: int
    span: Interval | None = None

    def interval(self, level: float = LEVEL) -> Interval:
        """The two-sided interval, which holds the estimate."""
        beyond = (1 - level) / 2
        t = float(stdtrit(self.clusters - 1, 1 - beyond))
        if self.span == SHARE:
            low, high = self._of_share(t, beyond)
        elif self.agreed:
            low, high = self.value - self._exact(beyond), self.value + self._exact(beyond)
        else:
            low, high = self.value - t * self.error, self.value + t * self.error
        least, most = self.span or (-math.inf, math.inf)
        return min(self.value, max(low, least)), max(self.value, min(high, most))

    def p_value(self, at: float) -> float:
        """Two-sided p value of a true value ``at``: 1 less the level whose interval ends there."""
        if at == self.value:
            return 1.0
        least, most = self.span or (-math.inf, math.inf)
        if not least <= at <= most:
            return 0.0
        if (self.agreed and self.span == DIFFERENCE) or self._at_end:
            return float(min(1.0, 2 * (1 - abs(at - self.value)) ** self.clusters))
        error = self.error
        if self.span == SHARE:
            error = math.sqrt(at * (1 - at) / self._independent)
        if not error:
            return 0.0
        return float(2 * stdtr(self.clusters - 1, -abs(at - self.value) / error))

    @property
    def agreed(self) -> bool:
        """Whether all clusters agree, so that there is no standard error."""
        return self.error < NONE

    @property
    def _at_end(self) -> bool:
        return self.span == SHARE and self.value in SHARE

    @property
    def _independent(self) -> float:
        """Independent outcomes that would have the standard error; clusters if they all agree."""
        if self.agreed:
            return self.clusters
        return self.value * (1 - self.value) / self.error**2

    def _exact(self, beyond: float) -> float:
        """Clopper and Pearson's bound of a share that no cluster shows."""
        return float(1 - beyond ** (1 / self.clusters))

    def _of_share(self, t: float, beyond: float) -> Interval:
        if self._at_end:
            return self.value - self._exact(beyond), self.value + self._exact(beyond)
        n = self._independent
        middle = (self.value + t * t / (2 * n)) / (1 + t * t / n)
        half = math.sqrt(self.value * (1 - self.value) / n + (t / (2 * n)) ** 2)
        half *= t / (1 + t * t / n)
        return middle - half, middle + half


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """P values adjusted for the number of figures that are tested together (Holm 1979).

    Calling those below 5% keeps the chance of a single wrong call at 5%, however the figures hang
    together.

    Args:
        p_values: by name of the figure.
    """
    found, least = {}, 0.0
    for n, name in enumerate(sorted(p_values, key=lambda name: p_values[name])):
        least = max(least, min(1.0, (len(p_values) - n) * p_values[name]))
        found[name] = least
    return {name: found[name] for name in p_values}
