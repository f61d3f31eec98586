"""Measures of a run by group, and their change from a baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from evals.framework.formats import known, number
from evals.framework.results import ALL, Measurement, Run, by_part

Span = tuple[float, float]

SAME = 1e-9
"""Largest difference that counts as rounding."""


@dataclass(frozen=True)
class Change:
    """Difference of a measure from the baseline: ``▲ +0.012 better``."""

    arrow: str
    amount: str
    word: Literal["better", "worse", "same", "new", "gone", ""]


@dataclass(frozen=True)
class Row:
    """One measure of a group.

    Args:
        span: ends of the measure's bar, the same in every group.
        change: ``None`` without a baseline.
    """

    measured: Measurement
    span: Span
    change: Change | None


@dataclass(frozen=True)
class Group:
    """Measures of one group.

    Args:
        n: number of its outcomes.
        rows: measures of the whole.
        parts: tables of measures by part.
    """

    name: str
    n: int
    rows: tuple[Row, ...]
    parts: tuple[Mapping[str, tuple[Row, ...]], ...]

    @property
    def every_row(self) -> list[Row]:
        """Rows of the whole, then of the parts."""
        return [
            *self.rows,
            *(row for table in self.parts for rows in table.values() for row in rows),
        ]


def measures(measured: Sequence[Measurement], baseline: Run | None = None) -> tuple[Group, ...]:
    """Measures by group: ``all`` first, the others in the order of the run; a single group, which
    would repeat ``all``, is left out."""
    before = {(one.group, one.name): one.value for one in baseline.measured} if baseline else {}
    spans = {name: _span(measured, name) for name in {one.name for one in measured}}

    def row(one: Measurement) -> Row:
        was = before.get((one.group, one.name))
        return Row(one, spans[one.name], change(one, was) if baseline else None)

    names = sorted(dict.fromkeys(one.group for one in measured), key=lambda name: name != ALL)
    if len(names) == 2 and names[0] == ALL:
        names = names[:1]
    return tuple(
        _group(name, [one for one in measured if one.group == name], row) for name in names
    )


def _group(name: str, measured: Sequence[Measurement], row: Callable[[Measurement], Row]) -> Group:
    tables = by_part(measured)
    return Group(
        name=name,
        n=max(one.n for one in measured),
        rows=tuple(row(one) for one in measured if not one.part),
        parts=tuple(
            {part: tuple(map(row, figures.values())) for part, figures in table.items()}
            for table in tables
        ),
    )


def change(now: Measurement, before: float | None) -> Change:
    """Difference of a measure from its value before."""
    if not known(now.value):
        return Change("", "", "gone" if known(before) else "")
    if not known(before):
        return Change("", "", "new")
    difference = now.value - before
    if abs(difference) <= SAME:
        return Change("=", number(0.0), "same")
    arrow, sign = ("▲", "+") if difference > 0 else ("▼", "−")
    amount = f"{sign}{number(abs(difference))}"
    if now.better is None:
        return Change(arrow, amount, "")
    improved = (difference > 0) == (now.better == "higher")
    return Change(arrow, amount, "better" if improved else "worse")


def _span(measured: Iterable[Measurement], name: str) -> Span:
    """Ends of the bars of one measure: 0 and 1, or further where its values are outside."""
    ends = [one.value for one in measured if one.name == name and known(one.value)]
    if all(0 <= end <= 1 for end in ends):
        return 0.0, 1.0
    return min(0.0, *ends), max(0.0, *ends)


def gone(run: Run, baseline: Run | None) -> tuple[Measurement, ...]:
    """Measures that only the baseline has."""
    here = {(one.group, one.name) for one in run.measured}
    before = baseline.measured if baseline else ()
    return tuple(one for one in before if (one.group, one.name) not in here)
