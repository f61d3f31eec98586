"""95% intervals by drawing clusters again, and samples of outcomes that are quick to measure.

Outcomes of one cluster (claims about one document, items of one story) rise and fall together, so
that whole clusters are drawn with replacement, never single outcomes; an interval that ignores this
comes out too narrow.
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
"""Draws an interval; the ends then wander by about a tenth of its width from seed to seed."""

SEED = 0
"""Of every draw, so that the same outcomes always have the same interval."""

LEAST_CLUSTERS = 5
"""With fewer clusters there is no interval: percentiles of a handful of clusters are far too
narrow (Cameron, Gelbach and Miller 2008 find them too narrow even with a few dozen)."""

LEAST_DEFINED = 0.9
"""Share of draws in which a figure must be defined; below, its interval would be of other data."""

PERCENTILES = (2.5, 97.5)


class Sample(Sequence[Outcome]):
    """Outcomes by their place in a longer list, so that drawing them again copies no outcome.

    All samples made from one another share the figures of that list as arrays.
    """

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self._all = tuple(outcomes)
        self._rows: Rows = np.arange(len(self._all))
        self._columns: dict[str, Column] = {}

    def at(self, rows: Rows) -> Sample:
        """The outcomes at those positions of this sample; one may be named several times."""
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

    What a ``measure`` should read outcomes by: for a ``Sample`` this is one indexing.
    """
    return outcomes.column(name) if isinstance(outcomes, Sample) else _column(outcomes, name)


def _column(outcomes: Sequence[Outcome], name: str) -> Column:
    values = (outcome.values.get(name) for outcome in outcomes)
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def draws(clusters: Sequence[str], count: int = RESAMPLES, seed: int = SEED) -> Iterator[Rows]:
    """Positions of outcomes, for each draw of as many clusters as there are, with replacement.

    Args:
        clusters: the cluster of each outcome, in order.
        count: of draws.
        seed: of the generator.

    Yields:
        Positions; nothing at all when there are fewer than ``LEAST_CLUSTERS`` clusters.
    """
    members: dict[str, list[int]] = {}
    for row, cluster in enumerate(clusters):
        members.setdefault(cluster, []).append(row)
    if len(members) < LEAST_CLUSTERS:
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
        outcomes: what was judged.
        measure: all figures of some outcomes; ``nan`` where one is undefined.
        count: of draws.
        seed: of the generator.

    Returns:
        Both ends by name.  A figure is absent when there are too few clusters, or when it is
        undefined in more than one draw in ten.
    """
    sample = Sample(outcomes)
    rows = draws([outcome.cluster for outcome in outcomes], count, seed)
    return percentiles([measure(sample.at(drawn)) for drawn in rows])


def percentiles(drawn: Sequence[Mapping[str, float]]) -> dict[str, Interval]:
    """The middle 95% of every figure over draws, where enough of them define it."""
    found = {}
    for name in dict.fromkeys(name for figures in drawn for name in figures):
        values = np.array([figures.get(name, np.nan) for figures in drawn], dtype=np.float64)
        defined = values[np.isfinite(values)]
        if len(defined) >= LEAST_DEFINED * len(values):
            low, high = np.percentile(defined, PERCENTILES)
            found[name] = (float(low), float(high))
    return found


def bars(
    outcomes: Sequence[Outcome], measure: Measure, names: Collection[str] = ()
) -> tuple[Bar, ...]:
    """Bars of figures with their intervals; undefined figures have none.

    Args:
        outcomes: what was judged.
        measure: all figures of some outcomes.
        names: of the figures that are shown; all when empty.
    """
    values, ends = measure(outcomes), intervals(outcomes, measure)
    return tuple(
        Bar(name=name, value=value, low=low, high=high)
        for name, value in values.items()
        if np.isfinite(value) and (not names or name in names)
        for low, high in [ends.get(name, (None, None))]
    )
