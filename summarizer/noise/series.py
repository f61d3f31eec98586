"""Noise and state of an incident over time, as a series.

A series is computed from the items and never stored; each point equals ``score.measure`` at that
time.  Later items change no earlier point.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left, bisect_right
from collections.abc import Container, Sequence

from summarizer.domain.incidents import State
from summarizer.domain.items import SourceItem
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.noise.score import NoiseCurve, Point, config, read

MOST_POINTS = 2_000
"""Most points of one series."""

SHORTEST_QUIET = dt.timedelta(hours=config().state.cooldown_hours[0])
"""Least time without items before an incident closes."""

STEPS_S = (60, 300, 900, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000)
"""Steps in seconds to choose from by default: a minute to thirty days."""

USUAL_POINTS = 200
"""Most points with a default step."""

TAIL = dt.timedelta(days=2)
TAIL_SHARE = 0.25
"""Length of a chart after the last item or change of state: two days, or this share of the time
before, if longer."""

DETAILED = 300
"""Most distinct item times for which a chart has a point at every item; with more it has even
steps."""


class Band(Model):
    """A period in one state.

    Args:
        until: start of the next state, or end of the series.
        first: score at the start.
        highest: highest score of the period.
    """

    state: State
    since: dt.datetime
    until: dt.datetime
    first: int
    highest: int


class NoiseSeries(Model):
    """Noise and state from ``since`` to ``until``.

    Args:
        step_s: seconds between two points; the last point is at ``until``.
        points: points in order of time.
        bands: periods of each state without a gap, from the first item on.
        peak: the highest score up to ``until``, also before ``since``.
        peak_at: time of the peak; ``None`` before the first item.
        reopened: times within the series at which a new item reopened the closed incident.
        config_version: version of ``noise.toml``.
    """

    since: dt.datetime
    until: dt.datetime
    step_s: int
    points: tuple[Point, ...]
    bands: tuple[Band, ...]
    peak: int
    peak_at: dt.datetime | None
    reopened: tuple[dt.datetime, ...]
    config_version: str


def course(
    walk: NoiseCurve,
    moments: Sequence[dt.datetime],
    until: dt.datetime,
    since: dt.datetime | None = None,
    step_s: int | None = None,
) -> NoiseSeries:
    """Noise series of an incident.

    Args:
        walk: noise curve of its items.
        moments: times of publication of its items, in order.
        until: aware time of the last point; later items are ignored.
        since: time of the first point; the first item by default.
        step_s: seconds between points, >= 1; by default chosen to give at most ``USUAL_POINTS``.

    Raises:
        InputError: ``since`` is after ``until``, or there would be too many points.
    """
    since = since or min([*moments[:1], until])
    if since > until:
        raise InputError(
            f"A series cannot end ({until}) before it begins ({since}).", field="until"
        )
    span = until - since
    step_s = step_s or _usual_step(span)
    steps = span.total_seconds() / step_s
    if steps > MOST_POINTS - 2:
        raise InputError(
            f"The series would have more than {MOST_POINTS} points: choose a longer step.",
            field="step",
        )
    times = [since + dt.timedelta(seconds=n * step_s) for n in range(math.ceil(steps))]
    now = walk.at(until)
    return NoiseSeries(
        since=since,
        until=until,
        step_s=step_s,
        points=walk.points([*times, until]),
        bands=_bands(walk, moments, since, until),
        peak=now.peak,
        peak_at=now.peak_at,
        reopened=tuple(at for at in walk.reopened(until) if at >= since),
        config_version=now.config_version,
    )


def of(
    items: Sequence[SourceItem],
    until: dt.datetime,
    since: dt.datetime | None = None,
    step_s: int | None = None,
) -> NoiseSeries:
    """Noise series of an incident's items, as ``course``."""
    return course(NoiseCurve(map(read, items)), _moments(items, until), until, since, step_s)


def picture(items: Sequence[SourceItem], until: dt.datetime) -> NoiseSeries:
    """Noise series for a chart.

    It has points right before and at each item, where the score jumps, and ends a while after the
    last change, since only decay follows.
    """
    moments = _moments(items, until)
    walk = NoiseCurve(map(read, items))
    turns = walk.turns(until)
    if moments:
        last = max(moments[-1], turns[-1][0])
        until = min(until, last + max(TAIL, (last - moments[0]) * TAIL_SHARE))
    found = course(walk, moments, until)
    if len(set(moments)) > DETAILED:
        return found
    before = {at - dt.timedelta(microseconds=1) for at in moments if at > found.since}
    times = sorted({point.at for point in found.points} | set(moments) | before)
    return found.model_copy(update={"points": walk.points(times)})


def reopened(items: Sequence[SourceItem], new: Container[str]) -> bool:
    """Whether any of the new items reopened the closed incident."""
    moments = {item.counts_from for item in items if item.key in new and item.counts_from}
    walk = NoiseCurve(map(read, items))
    return bool(moments) and not moments.isdisjoint(walk.reopened(max(moments)))


def _moments(items: Sequence[SourceItem], until: dt.datetime) -> list[dt.datetime]:
    """Times of publication up to a time, in order."""
    times = (item.counts_from for item in items)
    return sorted(at for at in times if at is not None and at <= until)


def _usual_step(span: dt.timedelta) -> int:
    seconds = span.total_seconds()
    return next((step for step in STEPS_S if seconds / step < USUAL_POINTS), STEPS_S[-1])


def _bands(
    walk: NoiseCurve, moments: Sequence[dt.datetime], since: dt.datetime, until: dt.datetime
) -> tuple[Band, ...]:
    turns = walk.turns(until)
    times = sorted({*moments, since, *(at for at, _ in turns)})
    score_at = dict(zip(times, walk.scores(times), strict=True))
    bands = []
    ends = [*(at for at, _ in turns[1:]), until]
    for (at, state), end in zip(turns, ends, strict=False):
        start = max(at, since)
        if end < since or (end == since and end < until):
            continue
        within = times[bisect_right(times, start) : bisect_left(times, end)]
        scores = [score_at[start], *(score_at[m] for m in within)]
        bands.append(
            Band(state=state, since=start, until=end, first=scores[0], highest=max(scores))
        )
    return tuple(bands)
