"""A run as one self-contained HTML page: versions, inputs, measures, plots, claims and errors.

The page loads nothing.  Its content security policy admits one style sheet and one script, which
sorts and filters the claims, by hash, and images within the page.  It shows sentences of data sets
and models, so all text is escaped.  Plots need the extra ``evals``; without it the page has their
numbers and says how to get them.
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
from typing import Any

import jinja2
from markupsafe import Markup

from evals.framework import plots
from evals.framework.claim_rows import claim_rows
from evals.framework.formats import duration, known, number
from evals.framework.measures import gone, measures
from evals.framework.plots import Point
from evals.framework.records import Record
from evals.framework.results import Figure, Outcome, Run, by_group
from summarizer.rendering import jinja

REPORT = "report.html"

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
        tables: of its lines, its dots and its bars.
    """

    title: str
    image: str
    tables: tuple[Table, ...]


FILTERS = {
    "result": "Result",
    "verdict": "Verdict",
    "label": "Label",
    "check": "Check",
    "section": "Section",
    "group": "Group",
}
"""Names of what the claims are filtered by."""


def html(run: Run, baseline: Run | None = None, records: Iterable[Record] = ()) -> str:
    """The report of a run as an HTML document.

    Args:
        run: with or without outcomes.
        baseline: run to compare with, measure by measure.
        records: of the run, for its claims.
    """
    rows = claim_rows(run, records)
    labelled = any(row.label for row in rows.shown)
    css, script = _inline("report.css"), _inline("report.js") if rows.shown else Markup("")
    groups = measures(run.measured, baseline)
    words = Counter(row.change.word for group in groups for row in group.every_row if row.change)
    template = _environment().get_template("report.html.j2")
    return template.render(
        run=run,
        compared=baseline is not None,
        groups=groups,
        judged=any(one.part == "judge" for one in run.measured),
        words=words,
        gone=gone(run, baseline),
        plots=list(map(_plot, run.figures)),
        install=plots.INSTALL if run.figures and not plots.available() else None,
        claims=rows if rows.shown else None,
        labelled=labelled,
        sections=any(row.section for row in rows.shown),
        names=FILTERS,
        # A note on a labelled claim says what its row does.
        notes=() if labelled else notes(run.outcomes),
        unjudged=unjudged(run.outcomes),
        css=css,
        script=script,
        policy=_policy(css, script),
    )


def page(template: str, figures: Sequence[Figure], **content: Any) -> str:
    """A page of a template of its own, with the style sheet and the plots of every report.

    Args:
        template: file under ``templates``.
        figures: its plots.
        content: the template's other variables.
    """
    css = _inline("report.css")
    return (
        _environment()
        .get_template(template)
        .render(
            plots=list(map(_plot, figures)),
            install=plots.INSTALL if figures and not plots.available() else None,
            css=css,
            policy=_policy(css, ""),
            **content,
        )
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
    if figure.dots:
        tables.append(_dots(figure))
    if figure.bars:
        rows = ((bar.name, *map(number, (bar.value, bar.low, bar.high))) for bar in figure.bars)
        header = (figure.y_label or "Name", figure.x_label or "Value", "Low", "High")
        tables.append(Table(header, tuple(rows)))
    drawn = plots.svg(figure) if tables and plots.available() else b""
    image = f"data:image/svg+xml;base64,{base64.b64encode(drawn).decode()}" if drawn else ""
    return Plot(figure.title, image, tuple(tables))


def _dots(figure: Figure) -> Table:
    header = (figure.x_label or "x", "from", "to", figure.y_label or "y", "from", "to")
    rows = (
        (dot.name, *map(number, (dot.x, dot.x_low, dot.x_high, dot.y, dot.y_low, dot.y_high)))
        for dot in figure.dots
    )
    return Table(("Name", *header), tuple(rows))


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
def _inline(name: str) -> Markup:
    """A style sheet or script with the line break before it, which its hash covers."""
    file = resources.files("evals.framework").joinpath("templates", name)
    return Markup("\n" + file.read_text(encoding="utf-8"))


def _policy(css: str, script: str) -> str:
    """Content security policy: style sheet and script by hash, and images within the page."""
    scripts = f"script-src {_hash(script)}; " if script else ""
    return (
        f"default-src 'none'; style-src {_hash(css)}; {scripts}img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
    return f"'sha256-{digest}'"
