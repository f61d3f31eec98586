"""A run of a suite as one HTML file: what was judged, on what, how well, and what went wrong.

The page asks nothing of anywhere and runs no script; a content security policy admits its one
style sheet by hash.  Sentences of data sets and models stand in it, so all text is escaped.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, Protocol

import jinja2
from markupsafe import Markup

from evals.framework import plots
from evals.framework.plots import known
from evals.framework.results import Better, Figure, Measured, Outcome, Run, by_part
from summarizer.rendering import jinja

MOST_NOTES = 200
"""Outcomes with a note that are shown: what a person reads in one sitting."""

MOST_POINTS = 40
"""Points of a line in the table below its plot; the rest are left out evenly."""

ALL = "all"
"""The group of every outcome together, which comes first."""

SAME = 1e-9
"""A smaller difference comes from the order of additions."""


class Baseline(Protocol):
    """What a run is held against."""

    @property
    def measured(self) -> tuple[Measured, ...]:
        """The figures that were accepted."""
        ...


@dataclass(frozen=True)
class Change:
    """How a figure differs from the baseline: ``▲ +0.012 better``."""

    arrow: str
    amount: str
    word: Literal["better", "worse", "same", "new", "gone", ""]


@dataclass(frozen=True)
class Row:
    """One figure of a group, with its bar."""

    measured: Measured
    meter: Markup
    change: Change | None


@dataclass(frozen=True)
class Group:
    """The figures of one group: of the whole, and tables of parts, part by figure; ``n`` is its
    outcomes."""

    name: str
    n: int
    rows: tuple[Row, ...]
    parts: tuple[Mapping[str, tuple[Row, ...]], ...]


@dataclass(frozen=True)
class Notes:
    """The outcomes of one group that carry a note: those shown, and how many there are."""

    group: str
    shown: tuple[Outcome, ...]
    total: int


@dataclass(frozen=True)
class Unjudged:
    """How many outcomes of a group lack a value that others, or it, could have had."""

    group: str
    value: str
    missing: int
    of: int


@dataclass(frozen=True)
class Table:
    """The numbers of a drawing; ``left_out`` points stand in no row."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int = 0


@dataclass(frozen=True)
class Plot:
    """A figure as drawings, each with its table."""

    title: str
    drawings: tuple[Markup, ...]
    tables: tuple[Table, ...]


def html(run: Run, baseline: Baseline | None = None) -> str:
    """The run as one self-contained HTML document in UTF-8.

    Args:
        run: with outcomes or without.
        baseline: its figures of the same group and name stand beside those of the run.
    """
    css = _style_sheet()
    groups = measures(run.measured, baseline)
    words = Counter(row.change.word for group in groups for row in every(group) if row.change)
    template = _environment().get_template("report.html.j2")
    return template.render(
        run=run,
        compared=baseline is not None,
        groups=groups,
        words=words,
        gone=_gone(run, baseline),
        plots=[_plot(figure, position) for position, figure in enumerate(run.figures, start=1)],
        notes=notes(run.outcomes),
        unjudged=unjudged(run.outcomes),
        css=css,
        policy=_policy(css),
    )


# --- Measures --------------------------------------------------------------------------------


def measures(measured: Sequence[Measured], baseline: Baseline | None = None) -> tuple[Group, ...]:
    """The figures by group, ``all`` first, the others in the order of the run."""
    before = {(one.group, one.name): one.value for one in baseline.measured} if baseline else {}
    spans = {name: _span(measured, name) for name in {one.name for one in measured}}

    def row(one: Measured) -> Row:
        was = before.get((one.group, one.name))
        return Row(one, _meter(one, spans[one.name], was), change(one, was) if baseline else None)

    names = sorted(dict.fromkeys(one.group for one in measured), key=lambda name: name != ALL)
    return tuple(
        _group(name, [one for one in measured if one.group == name], row) for name in names
    )


def _group(name: str, measured: Sequence[Measured], row: Callable[[Measured], Row]) -> Group:
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


def every(group: Group) -> list[Row]:
    """The figures of a group and of its parts."""
    parts = [row for table in group.parts for rows in table.values() for row in rows]
    return [*group.rows, *parts]


def change(now: Measured, before: float | None) -> Change:
    """How a figure differs from what it was; better or worse only where the measure says so."""
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
    return Change(arrow, amount, "better" if _improved(now.better, difference) else "worse")


def _improved(better: Better, difference: float) -> bool:
    return (difference > 0) == (better == "higher")


def _span(measured: Iterable[Measured], name: str) -> tuple[float, float]:
    """Ends of the bars of one measure: 0 and 1, or as far as its figures go beyond."""
    ends = [
        end
        for one in measured
        if one.name == name
        for end in (one.value, one.low, one.high)
        if known(end)
    ]
    if all(0 <= end <= 1 for end in ends):
        return 0.0, 1.0
    return min(0.0, *ends), max(0.0, *ends)


def _meter(one: Measured, span: tuple[float, float], before: float | None) -> Markup:
    return Markup(plots.meter(one.value, one.low, one.high, span, before))


def _gone(run: Run, baseline: Baseline | None) -> tuple[Measured, ...]:
    """What the baseline measured and the run does not."""
    here = {(one.group, one.name) for one in run.measured}
    before = baseline.measured if baseline else ()
    return tuple(one for one in before if (one.group, one.name) not in here)


# --- Outcomes --------------------------------------------------------------------------------


def notes(outcomes: Iterable[Outcome], most: int = MOST_NOTES) -> tuple[Notes, ...]:
    """The outcomes with a note by group, at most ``most`` in all.

    Where there are more, each group shows as many as any other as far as it has them, so that a
    group with many does not hide one with few.
    """
    grouped: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.note:
            grouped.setdefault(outcome.group, []).append(outcome)
    shares = _shares({group: len(found) for group, found in grouped.items()}, most)
    return tuple(
        Notes(group, tuple(found[: shares[group]]), len(found)) for group, found in grouped.items()
    )


def _shares(wanted: Mapping[str, int], most: int) -> dict[str, int]:
    """Even shares of ``most``; what a small group leaves over goes to the larger ones."""
    shares: dict[str, int] = {}
    for done, group in enumerate(sorted(wanted, key=lambda name: wanted[name])):
        rest = most - sum(shares.values())
        shares[group] = min(wanted[group], math.ceil(rest / (len(wanted) - done)))
    return shares


def unjudged(outcomes: Iterable[Outcome]) -> tuple[Unjudged, ...]:
    """Where values are missing: a group and a value in each row, most missing first."""
    missing: Counter[tuple[str, str]] = Counter()
    asked: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        for name, value in outcome.values.items():
            asked[outcome.group, name] += 1
            missing[outcome.group, name] += not known(value)
    return tuple(
        Unjudged(group, name, count, asked[group, name])
        for (group, name), count in missing.most_common()
        if count
    )


# --- Plots -----------------------------------------------------------------------------------


def _plot(figure: Figure, position: int) -> Plot:
    drawings, tables = [], []
    if figure.lines:
        drawings.append(Markup(plots.line_plot(figure, f"plot-{position}-lines")))
        tables.append(_points(figure))
    if figure.bars:
        drawings.append(Markup(plots.bar_chart(figure, f"plot-{position}-bars")))
        rows = tuple(
            (bar.name, *map(number, (bar.value, bar.low, bar.high))) for bar in figure.bars
        )
        names = (figure.y_label or "Name", figure.x_label or "Value", "Low", "High")
        tables.append(Table(names, rows))
    return Plot(figure.title, tuple(drawings), tuple(tables))


def _points(figure: Figure) -> Table:
    picked = [(line.name, _evenly(line.points, MOST_POINTS)) for line in figure.lines]
    rows = tuple((name, number(x), number(y)) for name, points in picked for x, y in points)
    total = sum(len(line.points) for line in figure.lines)
    names = ("Line", figure.x_label or "x", figure.y_label or "y")
    return Table(names, rows, left_out=total - len(rows))


def _evenly(points: Sequence[plots.Point], most: int) -> list[plots.Point]:
    """At most ``most`` points, evenly spaced by rank, the first and the last among them."""
    if len(points) <= most:
        return list(points)
    step = (len(points) - 1) / (most - 1)
    return [points[round(rank * step)] for rank in range(most)]


# --- Words -----------------------------------------------------------------------------------


def number(value: float | None) -> str:
    """A figure as it is printed: ``0.842``, ``0.00042``, ``1,204``; ``—`` where there is none."""
    if not known(value):
        return "—"
    size = abs(value)
    if value == int(value) and size >= 1:
        text = f"{size:,.0f}"
    elif size >= 100:
        text = f"{size:,.1f}" if size < 1000 else f"{size:,.0f}"
    elif 0 < size < 0.01:
        text = f"{size:.2g}"
    else:
        text = f"{size:.3f}"
    return f"−{text}" if value < 0 else text


def duration(seconds: float) -> str:
    """``41.5 s``, ``3 min 20 s`` or ``2 h 5 min``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


# --- The page --------------------------------------------------------------------------------


@cache
def _environment() -> jinja2.Environment:
    environment = jinja.environment("evals.framework")
    environment.filters |= {"number": number, "duration": duration}
    return environment


@cache
def _style_sheet() -> Markup:
    """The style sheet as it stands in the page."""
    file = resources.files("evals.framework").joinpath("templates", "report.css")
    return Markup("\n" + file.read_text(encoding="utf-8"))


def _policy(css: str) -> str:
    """Content security policy: nothing but our style sheet, by its hash."""
    digest = base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
