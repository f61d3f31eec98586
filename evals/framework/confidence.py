"""95% intervals between clusters, and samples of outcomes that are quick to measure.

Outcomes of one cluster (claims about one document, items of one story) are correlated.  Clusters
are therefore left out or drawn whole; treating single outcomes so makes intervals too narrow.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import overload

import numpy as np
from numpy.typing import NDArray

from evals.framework.estimates import DIFFERENCE, NONE, SHARE, Estimate
from evals.framework.estimates import Interval as Interval
from evals.framework.results import Bar, Outcome

Measure = Callable[[Sequence[Outcome]], Mapping[str, float]]
Column = NDArray[np.float64]
Rows = NDArray[np.intp]
Figures = Callable[[Rows], Mapping[str, float]]
"""All figures of the outcomes at some positions."""

RESAMPLES = 300
"""Resamples for a standard error, which differs by 4% between seeds."""

SEED = 0
"""Seed of the resamples: the same outcomes always have the same interval."""

MIN_CLUSTERS = 5
"""Fewest clusters with an interval.  A standard error of fewer is hardly more than a guess."""

FEW_CLUSTERS = 30
"""Below it each cluster is left out once (jackknife); from it on clusters are drawn (bootstrap),
which also serves figures with jumps, such as recall at a rate of false alarms."""

UNBOUNDED = frozenset(
    {
        "tokens",
        "cost",
        "seconds",
        "model_seconds",
        "plain_grade",
        "plain_novelty",
        "sides_invented",
        "relative_days",
        "voice_faults",
        "false_absences",
    }
)
"""Figures that are no shares, by the last part of their name."""

QUANTILES = frozenset({"median", "p95"})
"""Figures without an interval, by the last part of their name: leaving out one cluster says little
about a quantile."""

EARNED = "earned"
"""Last word of a figure that is a difference of two shares."""

RANKED = ("AUROC", "AUPRC", "recall at ")
"""Beginnings of figures of a ranking, by the last part of their name.  Where clusters are alike, as
templated ones are, leaving one out changes no rank, and their standard error is no measure.  It is
at least that of a share of as many independent outcomes."""

MIN_DEFINED = 0.9
"""Smallest share of resamples with a defined figure, 0–1, for ``percentiles``."""

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
    rows = _members(clusters)
    if len(rows) < MIN_CLUSTERS:
        return
    generator = np.random.default_rng(seed)
    for _ in range(count):
        chosen = generator.integers(len(rows), size=len(rows))
        yield np.concatenate([rows[i] for i in chosen])


def _members(clusters: Sequence[str]) -> list[Rows]:
    """Positions of the outcomes of each cluster."""
    members: dict[str, list[int]] = {}
    for row, cluster in enumerate(clusters):
        members.setdefault(cluster, []).append(row)
    return [np.array(found, dtype=np.intp) for found in members.values()]


# --- Estimates ---------------------------------------------------------------------------------


def estimates(outcomes: Sequence[Outcome], measure: Measure) -> dict[str, Estimate]:
    """Every figure that has an interval, with its standard error.

    A figure is a share unless its name is in ``UNBOUNDED`` or ends with ``earned``, or it lies
    outside 0–1.

    Args:
        outcomes: judged outcomes.
        measure: all figures of some outcomes; ``nan`` if undefined.

    Returns:
        By name.  A figure is absent if it is undefined or a quantile, if fewer than
        ``MIN_CLUSTERS`` clusters bear on it, or if it has no bounds and all clusters agree.
    """
    sample = Sample(outcomes)

    def figures(rows: Rows) -> Mapping[str, float]:
        return measure(sample.at(rows))

    return _estimates(figures, [outcome.cluster for outcome in outcomes], _span)


def differences(
    a: Sequence[Outcome], b: Sequence[Outcome], measure: Measure
) -> dict[str, Estimate]:
    """The difference ``b - a`` of every figure of paired outcomes, with its standard error.

    The same clusters are left out or drawn of both, so that documents that are hard for both cancel
    out.  Where the two never differ, the interval says how rarely a cluster may make a difference.

    Args:
        a: outcomes of the first run.
        b: those of the second run with the same keys, in the same order.
        measure: all figures of some outcomes; ``nan`` if undefined.

    Returns:
        By name, as from ``estimates``.
    """
    in_a, in_b = Sample(a), Sample(b)

    def figures(rows: Rows) -> Mapping[str, float]:
        was, now = measure(in_a.at(rows)), measure(in_b.at(rows))
        return {name: now[name] - was[name] for name in was if name in now}

    first, second = measure(in_a), measure(in_b)

    def span(name: str, _: float) -> Interval | None:
        bounded = all(_span(name, value) for value in (first[name], second[name]))
        return DIFFERENCE if bounded else None

    return _estimates(figures, [outcome.cluster for outcome in a], span)


def _span(name: str, value: float) -> Interval | None:
    last = name.rpartition(": ")[2]
    if last in UNBOUNDED:
        return None
    span = DIFFERENCE if last.endswith(EARNED) else SHARE
    return span if span[0] <= value <= span[1] else None


def _estimates(
    figures: Figures, clusters: Sequence[str], span: Callable[[str, float], Interval | None]
) -> dict[str, Estimate]:
    members = _members(clusters)
    if len(members) < MIN_CLUSTERS:
        return {}
    drawn, factor = _drawn(members, clusters, figures)
    bearing = _bearing(members, figures)
    found = {}
    for name, value in figures(np.arange(len(clusters))).items():
        if name.rpartition(": ")[2] in QUANTILES:
            continue
        if math.isfinite(value) and bearing[name] >= MIN_CLUSTERS:
            error = math.sqrt(factor * np.nanvar([one.get(name, math.nan) for one in drawn]))
            ends = span(name, value)
            if ends == SHARE and error >= NONE and name.rpartition(": ")[2].startswith(RANKED):
                error = max(error, math.sqrt(value * (1 - value) / len(clusters)))
            one = Estimate(float(value), error, bearing[name], ends)
            if one.span is not None or not one.agreed:
                found[name] = one
    return found


def _drawn(
    members: Sequence[Rows], clusters: Sequence[str], figures: Figures
) -> tuple[list[Mapping[str, float]], float]:
    """Figures of samples of clusters, and their variance's factor to the squared error."""
    many = len(members)
    if many >= FEW_CLUSTERS:
        return [figures(rows) for rows in resamples(clusters)], many / (many - 1)
    rest = [np.concatenate([*members[:i], *members[i + 1 :]]) for i in range(many)]
    return [figures(rows) for rows in rest], many - 1.0


def _bearing(members: Sequence[Rows], figures: Figures) -> Mapping[str, int]:
    """Number of clusters that bear on each figure.

    Those are the clusters that define it alone.  The others, such as documents that have claims of
    one class only for a figure of both, count once for each group of them that defines it.
    """
    found: dict[str, int] = defaultdict(int)
    rest: dict[str, list[int]] = defaultdict(list)
    for place, rows in enumerate(members):
        for name, value in figures(rows).items():
            if math.isfinite(value):
                found[name] += 1
            else:
                rest[name].append(place)

    @cache
    def of(places: tuple[int, ...]) -> Mapping[str, float]:
        return figures(np.concatenate([members[place] for place in places]))

    def defined(name: str, places: Sequence[int]) -> bool:
        return math.isfinite(of(tuple(places)).get(name, math.nan))

    for name, places in rest.items():
        if defined(name, places):
            found[name] += _groups(places, partial(defined, name))
    return found


def _groups(places: Sequence[int], defined: Callable[[Sequence[int]], bool]) -> int:
    """Number of consecutive groups that define a figure, each as small as it can be."""
    count, group = 0, list[int]()
    for place in places:
        group.append(place)
        if defined(group):
            count, group = count + 1, []
    return count


# --- Intervals ---------------------------------------------------------------------------------


def intervals(outcomes: Sequence[Outcome], measure: Measure) -> dict[str, Interval]:
    """Both ends of the 95% interval of every figure that has one, as in ``estimates``."""
    return {name: one.interval() for name, one in estimates(outcomes, measure).items()}


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
