"""A run as one self-contained HTML page: versions, inputs, measures, plots and errors.

The page loads nothing and runs no script.  Its content security policy admits one style sheet, by
hash, and images within the page.  It shows sentences of data sets and models, so all text is
escaped.  Plots need the extra ``evals``; without it the page has their numbers and says how to get
them.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import jinja2
from markupsafe import Markup

from evals.framework import plots
from evals.framework.formats import duration, known, number
from evals.framework.measures import gone, measures
from evals.framework.plots import Point
from evals.framework.results import Figure, Outcome, Run, by_group
from summarizer.rendering import jinja

MOST_NOTES = 200
"""Limit of notes on the page: one sitting's reading."""

MOST_POINTS = 40
"""Limit of points of a line in the table below its plot, evenly spaced."""


@dataclass(frozen=True)
class Notes:
    """Outcomes with a note in one group: those on the page, and the number of all."""

    group: str
    shown: tuple[Outcome, ...]
    total: int


@dataclass(frozen=True)
class Unjudged:
    """Number of outcomes of a group in which one value is missing, ``of`` all that have it."""

    group: str
    value: str
    missing: int
    of: int


@dataclass(frozen=True)
class Table:
    """Numbers of a plot, without ``left_out`` of its points."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left_out: int = 0


@dataclass(frozen=True)
class Plot:
    """One figure of a run.

    Args:
        image: data URI; empty where there is nothing to draw or no matplotlib.
        tables: of its lines and of its bars.
    """

    title: str
    image: str
    tables: tuple[Table, ...]


def html(run: Run, baseline: Run | None = None) -> str:
    """The report of a run as an HTML document.

    Args:
        run: with or without outcomes.
        baseline: run to compare with, measure by measure.
    """
    css = _style_sheet()
    groups = measures(run.measured, baseline)
    words = Counter(row.change.word for group in groups for row in group.every_row if row.change)
    template = _environment().get_template("report.html.j2")
    return template.render(
        run=run,
        compared=baseline is not None,
        groups=groups,
        words=words,
        gone=gone(run, baseline),
        plots=list(map(_plot, run.figures)),
        install=plots.INSTALL if run.figures and not plots.available() else None,
        notes=notes(run.outcomes),
        unjudged=unjudged(run.outcomes),
        css=css,
        policy=_policy(css),
    )


# --- Outcomes --------------------------------------------------------------------------------


def notes(outcomes: Iterable[Outcome], most: int = MOST_NOTES) -> tuple[Notes, ...]:
    """Outcomes with a note by group, at most ``most`` in all, shared evenly among the groups."""
    grouped = by_group(outcome for outcome in outcomes if outcome.note)
    shares = _shares({group: len(found) for group, found in grouped.items()}, most)
    return tuple(
        Notes(group, tuple(found[: shares[group]]), len(found)) for group, found in grouped.items()
    )


def _shares(wanted: Mapping[str, int], most: int) -> dict[str, int]:
    """Even shares of ``most``; the larger groups share the rest of the smaller ones."""
    shares: dict[str, int] = {}
    for done, group in enumerate(sorted(wanted, key=lambda name: wanted[name])):
        rest = most - sum(shares.values())
        shares[group] = min(wanted[group], math.ceil(rest / (len(wanted) - done)))
    return shares


def unjudged(outcomes: Iterable[Outcome]) -> tuple[Unjudged, ...]:
    """Missing values by group and name, most frequent first."""
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


def _plot(figure: Figure) -> Plot:
    tables = []
    if figure.lines:
        tables.append(_points(figure))
    if figure.bars:
        rows = ((bar.name, *map(number, (bar.value, bar.low, bar.high))) for bar in figure.bars)
        header = (figure.y_label or "Name", figure.x_label or "Value", "Low", "High")
        tables.append(Table(header, tuple(rows)))
    drawn = plots.svg(figure) if tables and plots.available() else b""
    image = f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}" if drawn else ""
    return Plot(figure.title, image, tuple(tables))


def _points(figure: Figure) -> Table:
    picked = [(line.name, _evenly(line.points, MOST_POINTS)) for line in figure.lines]
    rows = tuple((name, number(x), number(y)) for name, points in picked for x, y in points)
    total = sum(len(line.points) for line in figure.lines)
    names = ("Line", figure.x_label or "x", figure.y_label or "y")
    return Table(names, rows, left_out=total - len(rows))


def _evenly(points: Sequence[Point], most: int) -> list[Point]:
    """At most ``most`` points, evenly spaced by rank, with the first and the last."""
    if len(points) <= most:
        return list(points)
    step = (len(points) - 1) / (most - 1)
    return [points[round(rank * step)] for rank in range(most)]


# --- The page --------------------------------------------------------------------------------


@cache
def _environment() -> jinja2.Environment:
    environment = jinja.environment("evals.framework")
    environment.filters |= {"number": number, "duration": duration}
    return environment


@cache
def _style_sheet() -> Markup:
    """The style sheet with the line break before it, which its hash covers."""
    file = resources.files("evals.framework").joinpath("templates", "report.css")
    return Markup("\n" + file.read_text(encoding="utf-8"))


def _policy(css: str) -> str:
    """Content security policy: the style sheet by its hash, and images within the page."""
    digest = base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )
