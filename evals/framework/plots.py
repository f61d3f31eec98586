"""Plots as SVG text: no script, no request, no state.

A plot reads without colour, since each line has its own dashes and markers, and without eyes,
since it carries a title and a description.  Colours are classes (``c0`` … ``c5``) that the page's
style sheet sets for light and dark; without a style sheet all is drawn in the colour of the text.
Lengths are in user units: a plot is ``WIDTH`` of them wide, and a page scales it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TypeGuard
from xml.etree import ElementTree

from evals.framework.results import Bar, Figure, Line
from summarizer.rendering.sanitize import visible

Element = ElementTree.Element
Point = tuple[float, float]

WIDTH = 400
STEPS = 5
"""Between the ends of an axis, or about as many where round numbers ask for it."""

COLOURS = 6
DASHES = ("", "8 4", "2 3", "9 3 2 3", "16 4", "9 3 2 3 2 3")
MARKERS = (
    "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z",  # circle
    "M-3 -3h6v6h-6z",  # square
    "M0 -4l4 7h-8z",  # triangle
    "M0 -4.5l4.5 4.5l-4.5 4.5l-4.5 -4.5z",  # diamond
    "M-3.5 -3.5l7 7m0 -7l-7 7",  # cross
    "M0 -4.5v9m-4.5 -4.5h9",  # plus
)
ALL_MARKED = 24
"""A line of up to so many points has a marker on each; a longer one every ``MARKER_STEP``."""

MARKER_STEP = 55.0
FINEST = 0.7
"""Points closer than this to the one before are not drawn: no screen shows the difference."""

LEGEND_ROW = 19
BAR_ROW = 25
BAR_NAME_LETTERS = 30
LINE_NAME_LETTERS = 54
LETTER = 7.0
"""Width of a letter at 12 units, on average and rather too wide."""


@dataclass(frozen=True)
class Frame:
    """Where on a drawing the plot lies; y runs down there.

    Args:
        span: values at its left and right; those at its bottom and top are 0 and 1.
    """

    left: float
    top: float
    width: float
    height: float
    span: tuple[float, float] = (0.0, 1.0)

    def x(self, value: float) -> float:
        """Across, for a value within the span."""
        start, end = self.span
        return self.left + (value - start) / (end - start) * self.width

    def y(self, share: float) -> float:
        """Down, for a share of 0–1."""
        return self.top + (1 - share) * self.height

    def at(self, point: Point) -> Point:
        """Across and down."""
        return self.x(point[0]), self.y(point[1])

    def within(self, value: float) -> float:
        """The value, or the end of the span beyond which it lies."""
        return min(max(value, self.span[0]), self.span[1])


LINE_FRAME = Frame(left=48, top=10, width=338, height=300)


def known(value: float | None) -> TypeGuard[float]:
    """Whether there is a number to draw or print: neither ``None`` nor nan nor infinite."""
    return value is not None and math.isfinite(value)


def drawable(point: Point, span: tuple[float, float] = (0.0, 1.0)) -> bool:
    """Whether a point lies on the plot: finite, x within its span and y from 0 to 1."""
    return span[0] <= point[0] <= span[1] and 0 <= point[1] <= 1


def line_plot(figure: Figure, ident: str) -> str:
    """The lines of a figure over an axis across and one up from 0 to 1, with a legend below.

    A point that is not finite or lies outside is left out and interrupts its line; the
    description counts them.

    Args:
        figure: its lines and ``diagonal`` are drawn, its bars are not.
        ident: unique within the page, a valid HTML id.
    """
    rows = math.ceil((len(figure.lines) + figure.diagonal) / _columns(figure))
    height = LINE_FRAME.top + LINE_FRAME.height + 50 + rows * LEGEND_ROW
    frame = replace(LINE_FRAME, span=figure.x_span)
    svg = _drawing(figure.title, _described(figure), ident, height)
    _axis_down(svg, frame, figure.y_label)
    _axis_across(svg, frame, figure.x_label)
    if figure.diagonal:
        _segment(svg, (frame.at((0, 0)), frame.at((1, 1))), "diagonal", dashes="1 4")
    for number, line in enumerate(figure.lines):
        _curve(svg, frame, line, number)
    _legend(svg, figure)
    return _text_of(svg)


def bar_chart(figure: Figure, ident: str) -> str:
    """The bars of a figure lying on their side from 0, each with its interval and value.

    ``x_label`` names the axis of the values, ``y_label`` what the bars stand for.  A bar that
    reaches beyond the axis is cut at its end; its value is written as it is.

    Args:
        figure: its bars are drawn, its lines are not.
        ident: unique within the page, a valid HTML id.
    """
    longest = max((min(len(bar.name), BAR_NAME_LETTERS) for bar in figure.bars), default=0)
    left = max(12.0, longest * LETTER + 10)
    height = len(figure.bars) * BAR_ROW
    frame = Frame(left, 22, WIDTH - left - 52, height, figure.x_span)
    svg = _drawing(figure.title, _described(figure), ident, frame.top + frame.height + 44)
    _axis_across(svg, frame, figure.x_label)
    _text(svg, figure.y_label, 2, 13, "label")
    for number, bar in enumerate(figure.bars):
        _bar(svg, frame, bar, frame.top + (number + 0.5) * BAR_ROW)
    return _text_of(svg)


def meter(
    value: float | None,
    low: float | None = None,
    high: float | None = None,
    span: tuple[float, float] = (0.0, 1.0),
    mark: float | None = None,
) -> str:
    """A small bar from zero to a value, with its interval, for a cell of a table.

    It is hidden from screen readers: the numbers stand beside it.

    Args:
        value: drawn as a bar from zero; without one the track stays empty.
        low: lower end of the interval.
        high: upper end of the interval.
        span: values at the two ends.
        mark: another value to compare with, shown as an upright stroke.
    """
    width, height = 120.0, 14.0
    share = _scale(span)
    svg = Element(
        "svg",
        {
            "class": "meter",
            "viewBox": f"0 0 {width:g} {height:g}",
            "preserveAspectRatio": "none",
            "aria-hidden": "true",
        },
    )
    _box(svg, "track", 0, 4, width, 6)
    if known(value):
        ends = sorted((share(0.0) * width, share(value) * width))
        _box(svg, "level", ends[0], 4, ends[1] - ends[0], 6)
    if known(low) and known(high):
        start, end = sorted((share(low) * width, share(high) * width))
        _box(svg, "interval", start, 6.25, max(end - start, 1), 1.5)
        for edge in (start, end):
            _box(svg, "interval", min(edge, width - 1), 3.5, 1, 7)
    if known(mark):
        _box(svg, "baseline", min(share(mark) * width, width - 1.5), 0, 1.5, height)
    return _text_of(svg)


# --- Lines -----------------------------------------------------------------------------------


def _curve(svg: Element, frame: Frame, line: Line, number: int) -> None:
    group = _add(svg, "g", class_=f"line c{number % COLOURS}")
    _add(group, "title", text=line.name)
    marker, dashes = _style(number)
    runs = [
        [frame.at(point) for point in run]
        for fits, run in groupby(line.points, key=lambda point: drawable(point, frame.span))
        if fits
    ]
    for run in runs:
        drawn = _thinned(run)
        if len(drawn) > 1:
            _segment(group, drawn, "curve", dashes=dashes)
    points = [point for run in runs for point in run]
    for point in points if len(points) <= ALL_MARKED else _spaced(points, number):
        _marker(group, marker, point)


def _style(number: int) -> tuple[str, str]:
    """Marker and dashes of a line, no two alike among the first 36."""
    return (
        MARKERS[number % len(MARKERS)],
        DASHES[(number + number // len(MARKERS)) % len(DASHES)],
    )


def _thinned(points: Sequence[Point]) -> list[Point]:
    """The points without those that lie on the one before; the last one stays."""
    kept = [points[0]]
    for point in points[1:-1]:
        if math.dist(kept[-1], point) >= FINEST:
            kept.append(point)
    return kept + list(points[1:][-1:])


def _spaced(points: Sequence[Point], number: int) -> list[Point]:
    """Points about ``MARKER_STEP`` apart, offset by line so that markers do not coincide."""
    kept: list[Point] = []
    last = points[0]
    walked = MARKER_STEP * (number % len(MARKERS)) / len(MARKERS)
    for point in points:
        walked += math.dist(last, point)
        last = point
        if walked >= MARKER_STEP:
            kept.append(point)
            walked = 0.0
    return kept


def _columns(figure: Figure) -> int:
    """Two columns of the legend where the names are short."""
    return 2 if all(len(line.name) <= BAR_NAME_LETTERS * 0.7 for line in figure.lines) else 1


def _legend(svg: Element, figure: Figure) -> None:
    columns = _columns(figure)
    top = LINE_FRAME.top + LINE_FRAME.height + 54
    names = [line.name for line in figure.lines] + ["x = y"] * figure.diagonal
    for number, name in enumerate(names):
        x = LINE_FRAME.left + number % columns * LINE_FRAME.width / columns
        y = top + number // columns * LEGEND_ROW
        middle = (x + 16, y - 4)
        if number == len(figure.lines):
            key = _add(svg, "g", class_="key")
            _segment(key, ((x, y - 4), (x + 32, y - 4)), "diagonal", dashes="1 4")
        else:
            key = _add(svg, "g", class_=f"key line c{number % COLOURS}")
            marker, dashes = _style(number)
            _segment(key, ((x, y - 4), (x + 32, y - 4)), "curve", dashes=dashes)
            _marker(key, marker, middle)
        _text(key, _short(name, LINE_NAME_LETTERS // columns), x + 40, y, "name")


# --- Bars ------------------------------------------------------------------------------------


def _bar(svg: Element, frame: Frame, bar: Bar, middle: float) -> None:
    group = _add(svg, "g", class_="bar c0")
    _add(group, "title", text=f"{bar.name}: {_shown(bar.value)}")
    _text(
        group, _short(bar.name, BAR_NAME_LETTERS), frame.left - 6, middle + 4, "name", anchor="end"
    )
    _text(group, _shown(bar.value), WIDTH - 4, middle + 4, "value", anchor="end")
    if known(bar.value):
        ends = sorted((frame.x(frame.within(0.0)), frame.x(frame.within(bar.value))))
        _box(group, "level", ends[0], middle - 6.5, ends[1] - ends[0], 13)
    if known(bar.low) and known(bar.high):
        low, high = (frame.x(frame.within(end)) for end in (bar.low, bar.high))
        _segment(group, ((low, middle), (high, middle)), "interval")
        for edge in (low, high):
            _segment(group, ((edge, middle - 4), (edge, middle + 4)), "interval")


def _cut(share: float) -> float:
    return min(max(share, 0.0), 1.0)


def _shown(value: float) -> str:
    return f"{value:.3f}" if known(value) else "—"


def _scale(span: tuple[float, float]) -> Callable[[float], float]:
    """From a value to its share of the span, cut to 0–1."""
    start, end = span
    return lambda value: _cut((value - start) / (end - start)) if end > start else 0.0


# --- What all plots share --------------------------------------------------------------------


def _described(figure: Figure) -> str:
    """What somebody who cannot see the plot is told: axes, lines, and what was left out."""
    lines = ", ".join(f"{line.name} ({len(line.points)})" for line in figure.lines)
    points = [point for line in figure.lines for point in line.points]
    left_out = sum(not drawable(point, figure.x_span) for point in points)
    parts = (
        f"Across: {figure.x_label}." if figure.x_label else "",
        f"Down: {figure.y_label}." if figure.y_label and figure.bars else "",
        f"Up: {figure.y_label}." if figure.y_label and not figure.bars else "",
        f"Lines and their points: {lines}." if lines else "",
        f"Bars: {', '.join(bar.name for bar in figure.bars)}." if figure.bars else "",
        f"Points that lie outside the axes and are not drawn: {left_out}." if left_out else "",
        "The numbers stand in the table below.",
    )
    return " ".join(part for part in parts if part)


def _drawing(title: str, description: str, ident: str, height: float) -> Element:
    names = f"{ident}-title", f"{ident}-desc"
    svg = Element(
        "svg",
        {
            "class": "plot",
            "viewBox": f"0 0 {WIDTH} {height:g}",
            "role": "img",
            "aria-labelledby": names[0],
            "aria-describedby": names[1],
            "font-size": "12",
            "font-family": "sans-serif",
        },
    )
    _add(svg, "title", text=title, id=names[0])
    _add(svg, "desc", text=description, id=names[1])
    return svg


def _axis_across(svg: Element, frame: Frame, label: str) -> None:
    axis = _add(svg, "g", class_="axis")
    bottom = frame.top + frame.height
    for tick in _ticks(frame.span):
        x = frame.x(tick)
        _segment(axis, ((x, frame.top), (x, bottom + 4)), "edge" if tick == 0 else "grid")
        _text(axis, f"{tick:,.10g}", x, bottom + 17, "tick", anchor="middle")
    _text(axis, label, frame.left + frame.width / 2, bottom + 34, "label", anchor="middle")


def _axis_down(svg: Element, frame: Frame, label: str) -> None:
    axis = _add(svg, "g", class_="axis")
    for tick in _ticks((0.0, 1.0)):
        y = frame.y(tick)
        ends = ((frame.left - 4, y), (frame.left + frame.width, y))
        _segment(axis, ends, "edge" if tick == 0 else "grid")
        _text(axis, f"{tick:g}", frame.left - 8, y + 4, "tick", anchor="end")
    middle = frame.top + frame.height / 2
    turned = f"rotate(-90 13 {middle:g})"
    _text(axis, label, 13, middle, "label", anchor="middle", transform=turned)


def _ticks(span: tuple[float, float]) -> list[float]:
    """Round numbers within a span, about ``STEPS`` steps apart."""
    rough = (span[1] - span[0]) / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * size for size in (1, 2, 5, 10) if power * size >= rough * 0.999)
    first, last = (math.floor(end / step + 1e-9) for end in (span[0] - 1e-9, span[1]))
    return [round(step * n, 10) for n in range(first, last + 1) if step * n >= span[0] - 1e-9]


def _segment(parent: Element, points: Sequence[Point], kind: str, dashes: str = "") -> None:
    element = _add(
        parent,
        "polyline",
        class_=kind,
        points=" ".join(f"{_length(x)},{_length(y)}" for x, y in points),
        fill="none",
        stroke="currentColor",
    )
    if dashes:
        element.set("stroke-dasharray", dashes)


def _marker(parent: Element, shape: str, at: Point) -> None:
    moved = f"translate({_length(at[0])} {_length(at[1])})"
    _add(
        parent,
        "path",
        class_="marker",
        d=shape,
        transform=moved,
        fill="none",
        stroke="currentColor",
    )


def _box(parent: Element, kind: str, x: float, y: float, width: float, height: float) -> None:
    sides = {"x": x, "y": y, "width": width, "height": height}
    _add(parent, "rect", class_=kind, **{name: _length(side) for name, side in sides.items()})


def _text(parent: Element, text: str, x: float, y: float, kind: str, **more: str) -> None:
    if "anchor" in more:
        more["text_anchor"] = more.pop("anchor")
    if text:
        _add(parent, "text", text=text, class_=kind, x=_length(x), y=_length(y), **more)


def _add(parent: Element, tag: str, /, text: str = "", **attributes: str) -> Element:
    """A new element; ``class_`` becomes ``class`` and ``text_anchor`` becomes ``text-anchor``."""
    named = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
    element = ElementTree.SubElement(parent, tag, named)
    element.text = visible(text) or None
    return element


def _length(units: float) -> str:
    return f"{round(units, 1):g}"


def _short(name: str, letters: int) -> str:
    return name if len(name) <= letters else f"{name[: letters - 1]}…"


def _text_of(svg: Element) -> str:
    """The element as text that stands in HTML and in XML alike; all names and texts escaped."""
    return ElementTree.tostring(svg, encoding="unicode", short_empty_elements=False)
