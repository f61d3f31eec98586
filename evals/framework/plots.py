"""Plots of a run as SVG, drawn by matplotlib, which the extra ``evals`` installs.

A plot reads without colour: each line has its own dashes and markers.  Equal figures give equal
bytes.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Sequence
from itertools import cycle, groupby, product
from typing import TYPE_CHECKING, Any

from evals.framework.formats import known
from evals.framework.results import Figure
from summarizer.rendering.sanitize import visible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

Point = tuple[float, float]

INSTALL = "pip install 'incident-summarizer[evals]'"
"""Command that installs matplotlib."""

WIDTH, LINES_HEIGHT, BAR_HEIGHT = 6.0, 5.0, 0.3
"""Inches: of a plot, of the axes of lines, of one bar."""

MARKERS, DASHES = "os^Dx+", ("-", "--", ":", "-.")
LARGEST_DOT = 12.0
"""Points of the first dot; the others are smaller, hollow and drawn over it, so that equal ones
show."""

NAME_LETTERS = 34
"""A longer name of a line or bar is cut; the table below the plot has it whole."""

STYLE: Any = {
    "svg.hashsalt": "incident-summarizer",  # else ids are random
    "svg.fonttype": "none",
    "text.parse_math": False,  # a name may hold dollar signs
    "font.family": "sans-serif",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.alpha": 0.4,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def available() -> bool:
    """Whether matplotlib is installed."""
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError:
        return False
    return True


def svg(figure: Figure) -> bytes:
    """The figure as an SVG document: its lines or dots above, its bars below.

    Points outside the axes are left out and interrupt their line.

    Args:
        figure: with at least one line, dot or bar.

    Raises:
        ImportError: matplotlib is not installed.
    """
    import matplotlib

    file = io.BytesIO()
    with matplotlib.rc_context(STYLE), warnings.catch_warnings():
        # The viewer's fonts have the letters that matplotlib's own font lacks.
        warnings.simplefilter("ignore", UserWarning)
        draw(figure).savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue()


def draw(figure: Figure) -> Canvas:
    """The figure as matplotlib draws it, without a window or global state."""
    from matplotlib.figure import Figure as Canvas

    named = len(figure.lines) + len(figure.dots)
    heights = [
        *([LINES_HEIGHT + BAR_HEIGHT * named] if named else ()),
        *([1 + BAR_HEIGHT * len(figure.bars)] if figure.bars else ()),
    ]
    canvas = Canvas(figsize=(WIDTH, sum(heights)), layout="constrained")
    grid = canvas.subplots(len(heights), squeeze=False, height_ratios=heights)
    axes: list[Axes] = list(grid[:, 0])
    if figure.lines:
        _draw_lines(axes[0], figure)
    if figure.dots:
        _draw_dots(axes[0], figure)
    if figure.bars:
        _draw_bars(axes[-1], figure)
    return canvas


def _draw_lines(axes: Axes, figure: Figure) -> None:
    styles = cycle(product(DASHES, MARKERS))
    handles = []
    for line, (dashes, marker) in zip(figure.lines, styles, strict=False):
        points = _interrupted(line.points, figure.x_span)
        many = max(1, len(points) // 12)
        handles += axes.plot(
            [x for x, _ in points],
            [y for _, y in points],
            linestyle=dashes,
            marker=marker,
            markevery=many,
        )
    names = [_short(line.name) for line in figure.lines]
    if figure.diagonal:
        handles += axes.plot((0, 1), (0, 1), color="grey", linewidth=1, linestyle=":")
        names.append("x = y")
    axes.set(xlim=figure.x_span, ylim=(0, 1), xlabel=visible(figure.x_label))
    axes.set_ylabel(visible(figure.y_label))
    axes.legend(handles, names, loc="upper left", bbox_to_anchor=(0, -0.12), frameon=False)


def _draw_dots(axes: Axes, figure: Figure) -> None:
    handles = []
    for place, (dot, marker) in enumerate(zip(figure.dots, cycle(MARKERS), strict=False)):
        handles.append(
            axes.errorbar(
                [dot.x],
                [dot.y],
                xerr=_reach(dot.x, dot.x_low, dot.x_high),
                yerr=_reach(dot.y, dot.y_low, dot.y_high),
                linestyle="",
                marker=marker,
                markersize=LARGEST_DOT * (1 - place / (2 * len(figure.dots))),
                fillstyle="none",
                capsize=3,
                elinewidth=1,
            )
        )
    axes.set(xlim=figure.x_span, ylim=(0, 1), xlabel=visible(figure.x_label))
    axes.set_ylabel(visible(figure.y_label))
    names = [_short(dot.name) for dot in figure.dots]
    axes.legend(handles, names, loc="upper left", bbox_to_anchor=(0, -0.12), frameon=False)


def _reach(value: float, low: float | None, high: float | None) -> list[list[float]] | None:
    """Lengths of an interval below and above its value, as matplotlib takes them."""
    return [[value - low], [high - value]] if known(low) and known(high) else None


def _interrupted(points: Sequence[Point], span: Point) -> list[Point]:
    """The points that fit the axes, with a point of ``nan`` in place of each run of others."""
    found: list[Point] = []
    for fits, run in groupby(points, key=lambda point: fits_axes(point, span)):
        found += run if fits else [(math.nan, math.nan)]
    return found


def fits_axes(point: Point, span: tuple[float, float] = (0.0, 1.0)) -> bool:
    """Whether a point is finite, its x within the span and its y from 0 to 1."""
    return span[0] <= point[0] <= span[1] and 0 <= point[1] <= 1


def _draw_bars(axes: Axes, figure: Figure) -> None:
    places = range(len(figure.bars))
    axes.barh(places, [bar.value if known(bar.value) else 0.0 for bar in figure.bars], height=0.6)
    for place, bar in zip(places, figure.bars, strict=True):
        if known(bar.low) and known(bar.high):
            axes.plot((bar.low, bar.high), (place, place), color="black", marker="|", clip_on=True)
        said = f"{bar.value:.3f}" if known(bar.value) else "—"
        axes.annotate(
            said, (1, place), (4, 0), ("axes fraction", "data"), "offset points", va="center"
        )
    axes.set_yticks(places, [_short(bar.name) for bar in figure.bars])
    axes.set(xlim=figure.x_span, xlabel=visible(figure.x_label), ylabel=visible(figure.y_label))
    axes.invert_yaxis()
    axes.grid(visible=False, axis="y")


def _short(name: str) -> str:
    name = visible(name)
    return name if len(name) <= NAME_LETTERS else f"{name[: NAME_LETTERS - 1]}…"
