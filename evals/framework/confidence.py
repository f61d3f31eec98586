"""95% intervals by the cluster bootstrap, and samples of outcomes that are quick to measure.

Outcomes of one cluster (claims about one document, items of one story) are correlated.  Whole
clusters are therefore drawn with replacement; drawing single outcomes makes intervals too narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray

from evals.framework.results import Bar, Outcome

Measure = Callable[[Sequence[Outcome]], Mapping[str, float]]
Column = NDArray[np.float64]
Rows = NDArray[np.intp]
Interval = tuple[float, float]

RESAMPLES = 300
"""Resamples for an interval.  Between seeds its ends differ by about a tenth of its width."""

SEED = 0
"""Seed of the resamples: the same outcomes always have the same interval."""

MIN_CLUSTERS = 5
"""Fewest clusters with an interval.  Percentiles over a handful of clusters are far too narrow
(Cameron, Gelbach and Miller 2008 find them too narrow even with a few dozen)."""

MIN_DEFINED = 0.9
"""Smallest share of resamples with a defined figure, 0–1."""

PERCENTILES = (2.5, 97.5)


class Sample(Sequence[Outcome]):
    """Outcomes as positions in a longer list: resampling copies no outcome.

    Samples of one list share its figures as arrays.
    """

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self._all = tuple(outcomes)
        self._rows: Rows = np.arange(len(self._all))
        self._columns: dict[str, Column] = {}

    def at(self, rows: Rows) -> Sample:
        """The outcomes at some positions of this sample, with repetition."""
        found = Sample(())
        found._all, found._columns, found._rows = self._all, self._columns, self._rows[rows]
        return found

    def column(self, name: str) -> Column:
        """One figure of every outcome, in order; ``nan`` where it is missing or ``None``."""
        if name not in self._columns:
            self._columns[name] = _column(self._all, name)
        return self._columns[name][self._rows]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Outcome]:
        return (self._all[row] for row in self._rows)

    @overload
    def __getitem__(self, index: int) -> Outcome: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Outcome]: ...
    def __getitem__(self, index: int | slice) -> Outcome | Sequence[Outcome]:
        if isinstance(index, slice):
            return [self._all[row] for row in self._rows[index]]
        return self._all[int(self._rows[index])]


def column(outcomes: Sequence[Outcome], name: str) -> Column:
    """One figure of some outcomes as an array; ``nan`` where it is missing or ``None``.

    Fast for a ``Sample``, so that a ``measure`` should use it.
    """
    return outcomes.column(name) if isinstance(outcomes, Sample) else _column(outcomes, name)


def _column(outcomes: Sequence[Outcome], name: str) -> Column:
    values = (outcome.values.get(name) for outcome in outcomes)
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def resamples(clusters: Sequence[str], count: int = RESAMPLES, seed: int = SEED) -> Iterator[Rows]:
    """Draw clusters with replacement, as many as there are.

    Args:
        clusters: cluster of each outcome, in order.
        count: number of resamples.
        seed: seed of the generator.

    Yields:
        Positions of outcomes; nothing with fewer than ``MIN_CLUSTERS`` clusters.
    """
    members: dict[str, list[int]] = {}
    for row, cluster in enumerate(clusters):
        members.setdefault(cluster, []).append(row)
    if len(members) < MIN_CLUSTERS:
        return
    rows = [np.array(found, dtype=np.intp) for found in members.values()]
    generator = np.random.default_rng(seed)
    for _ in range(count):
        chosen = generator.integers(len(rows), size=len(rows))
        yield np.concatenate([rows[i] for i in chosen])


def intervals(
    outcomes: Sequence[Outcome], measure: Measure, *, count: int = RESAMPLES, seed: int = SEED
) -> dict[str, Interval]:
    """The 95% interval of every figure that has one, by the percentile method.

    Args:
        outcomes: judged outcomes.
        measure: all figures of some outcomes; ``nan`` if undefined.
        count: number of resamples.
        seed: seed of the generator.

    Returns:
        Both ends by name.  A figure is absent with too few clusters, or if it is undefined in more
        than one resample in ten.
    """
    sample = Sample(outcomes)
    rows = resamples([outcome.cluster for outcome in outcomes], count, seed)
    return percentiles([measure(sample.at(drawn)) for drawn in rows])


def percentiles(drawn: Sequence[Mapping[str, float]]) -> dict[str, Interval]:
    """The middle 95% of every figure over resamples, if enough of them define it."""
    found = {}
    for name in dict.fromkeys(name for figures in drawn for name in figures):
        values = np.array([figures.get(name, np.nan) for figures in drawn], dtype=np.float64)
        defined = values[np.isfinite(values)]
        if len(defined) >= MIN_DEFINED * len(values):
            low, high = np.percentile(defined, PERCENTILES)
            found[name] = (float(low), float(high))
    return found


def bars(
    outcomes: Sequence[Outcome], measure: Measure, names: Collection[str] = ()
) -> tuple[Bar, ...]:
    """Bars of the defined figures, with intervals.

    Args:
        outcomes: judged outcomes.
        measure: all figures of some outcomes.
        names: names of the figures to show; all if empty.
    """
    values, ends = measure(outcomes), intervals(outcomes, measure)
    return tuple(
        Bar(name=name, value=value, low=low, high=high)
        for name, value in values.items()
        if np.isfinite(value) and (not names or name in names)
        for low, high in [ends.get(name, (None, None))]
    )
