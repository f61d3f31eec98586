"""Layout of the noise chart: positions of its lines and labels, in SVG units.

The chart is laid out in two widths, so that letters keep their size on a phone; the page shows
one of them.  No information depends on colour alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Literal

from summarizer.domain.incidents import State
from summarizer.domain.model import Model
from summarizer.noise.series import NoiseSeries

WIDTHS = {"wide": 720, "narrow": 350}
TICKS = {"wide": 6, "narrow": 3}
"""Maximum dates on the axis."""

LEFT, RIGHT, TOP, HEIGHT, BAND = 32, 8, 24, 120, 20
LETTER = 7
"""Approximate width of a letter."""

NEAR_EDGE = 28
"""Distance from an edge within which a label is not centred, or it would be cut off."""

TICK_HOURS = (1, 3, 6, 12, 24, 48, 96, 168, 240, 336, 480, 720, 1_440, 2_160, 4_320, 8_760)
DAY = dt.timedelta(days=1)

Anchor = Literal["start", "middle", "end"]


class Label(Model):
    """A text at a position."""

    x: float
    y: float
    words: str
    anchor: Anchor = "middle"


class Strip(Model):
    """A period of one state in the strip under the line, with its name if it fits."""

    x: float
    width: float
    state: State
    label: Label | None


class Plot(Model):
    """The layout of one chart.

    Args:
        name: ``wide`` or ``narrow``.
        line: SVG path of the score.
        area: SVG path of the area under the score.
        levels: labels of the grid lines at 0, 50 and 100.
        ticks: dates on the axis.
        strips: states over time.
        peak: position of the highest score; ``None`` if it is outside the chart.
        peak_label: label of the peak.
        reopened: labels of the times when coverage resumed.
    """

    name: str
    width: int
    height: int
    line: str
    area: str
    levels: tuple[Label, ...]
    ticks: tuple[Label, ...]
    strips: tuple[Strip, ...]
    peak: tuple[float, float] | None
    peak_label: Label | None
    reopened: tuple[Label, ...]


def plots(course: NoiseSeries, names: Mapping[State, str]) -> tuple[Plot, ...]:
    """Lay out the charts of a noise series for a wide and a narrow page.

    Args:
        course: the noise series.
        names: display names of the states.
    """
    return tuple(_plot(course, name, names) for name in WIDTHS)


def _plot(course: NoiseSeries, name: str, names: Mapping[State, str]) -> Plot:
    width = WIDTHS[name]
    frame = _Frame(course, width)
    dots = [(frame.x(point.at), frame.y(point.score)) for point in course.points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
    floor = frame.y(0)
    peak = label = None
    if course.peak_at and course.since <= course.peak_at <= course.until:
        peak = (frame.x(course.peak_at), frame.y(course.peak))
        anchor: Anchor = "end" if peak[0] > width / 2 else "start"
        words = f"peak {course.peak} on {_day(course.peak_at)}"
        label = Label(x=peak[0], y=peak[1] - 9, words=words, anchor=anchor)
    return Plot(
        name=name,
        width=width,
        height=TOP + HEIGHT + 6 + BAND + 20,
        line=f"M{dots[0][0]:.1f},{floor:.1f} L{line}",
        area=f"M{dots[0][0]:.1f},{floor:.1f} L{line} L{dots[-1][0]:.1f},{floor:.1f} Z",
        levels=tuple(
            Label(x=LEFT - 6, y=frame.y(n), words=str(n), anchor="end") for n in (0, 50, 100)
        ),
        ticks=tuple(_ticks(course, frame, TICKS[name])),
        strips=tuple(_strips(course, frame, names)),
        peak=peak,
        peak_label=label,
        reopened=tuple(_reopened(course, frame)),
    )


class _Frame:
    """Conversion of times and scores to chart coordinates."""

    def __init__(self, course: NoiseSeries, width: int) -> None:
        self.width = width
        self._since = course.since
        self._span = max(course.until - course.since, dt.timedelta(hours=1))

    def x(self, at: dt.datetime) -> float:
        return LEFT + (at - self._since) / self._span * (self.width - LEFT - RIGHT)

    def y(self, score: float) -> float:
        return TOP + HEIGHT * (1 - score / 100)


def _ticks(course: NoiseSeries, frame: _Frame, most: int) -> Iterator[Label]:
    span = max(course.until - course.since, dt.timedelta(hours=1))
    steps = (dt.timedelta(hours=hours) for hours in TICK_HOURS)
    step = next((step for step in steps if span / step <= most), span / most)
    midnight = course.since.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + step * -(-(course.since - midnight) // step)
    for n in range(most + 1):
        at = first + n * step
        if at > course.until:
            return
        words = _day(at) if step >= DAY or at == midnight + DAY else f"{at:%H:%M}"
        x = frame.x(at)
        anchor: Anchor = "start" if x < LEFT + NEAR_EDGE else "middle"
        if x > frame.width - NEAR_EDGE:
            anchor = "end"
        yield Label(x=x, y=TOP + HEIGHT + 6 + BAND + 15, words=words, anchor=anchor)


def _reopened(course: NoiseSeries, frame: _Frame) -> Iterator[Label]:
    """Where coverage began anew, in words where they don't run into those before."""
    words, free = "reopened", float(LEFT)
    room = LETTER * (len(words) + 1)
    for at in course.reopened:
        x = frame.x(at)
        anchor: Anchor = "end" if x > frame.width - room else "start"
        start = x - room if anchor == "end" else x
        fits = start >= free
        yield Label(x=x, y=TOP + HEIGHT - 5, words=words if fits else "", anchor=anchor)
        free = start + room if fits else free


def _strips(course: NoiseSeries, frame: _Frame, names: Mapping[State, str]) -> Iterator[Strip]:
    for band in course.bands:
        x, end = frame.x(band.since), frame.x(band.until)
        words = names[band.state]
        fits = end - x > LETTER * len(words) + 8
        middle = Label(x=(x + end) / 2, y=TOP + HEIGHT + 6 + BAND - 6, words=words)
        yield Strip(
            x=round(x, 1),
            width=round(max(end - x, 1.0), 1),
            state=band.state,
            label=middle if fits else None,
        )


def _day(at: dt.datetime) -> str:
    at = at.astimezone(dt.UTC)
    return f"{at:%b} {at.day}"
