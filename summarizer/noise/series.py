"""The course of noise and state over time, as a series that can be computed again for any time.

Nothing of it is stored: it follows from the items, as ``noise.measure`` does for one time, and a
point of it equals what ``measure`` says of that time.  Items that become public later change no
earlier point.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Container, Sequence

from summarizer.domain.incidents import State
from summarizer.domain.items import SourceItem
from summarizer.domain.model import Model
from summarizer.errors import InputError
from summarizer.noise.score import NoiseCurve, Point, config, read

MOST_POINTS = 2_000
"""Points of one series."""

SHORTEST_QUIET = dt.timedelta(hours=config().state.cooldown_hours[0])
"""No incident closes before it was quiet for as long."""

STEPS_S = (60, 300, 900, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000)
"""Steps that are chosen from when none is named: a minute to thirty days."""

USUAL_POINTS = 200
"""Most points when no step is named."""

TAIL = dt.timedelta(days=2)
TAIL_SHARE = 0.25
"""How long a drawing goes on after the last item or change of state: the longer of two days and
this share of what came before."""

DETAILED = 300
"""Moments of items that a drawing follows one by one; of more incidents it shows even steps."""


class Band(Model):
    """A time in one state.

    Args:
        until: when the next state began, or the series ends.
        first: score when it began.
        highest: the highest score in it.
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
        points: in order of time.
        bands: states without a gap, from the first item on; none before it.
        peak: the highest score up to ``until``, also before ``since``.
        peak_at: when that was; ``None`` before the first item.
        reopened: when coverage began anew after the incident had closed, within the series.
        config_version: of ``noise.toml``.
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
    """The series of an incident.

    Args:
        walk: along its items.
        moments: when its items became public, in order.
        until: aware time of the last point; later items are not looked at.
        since: of the first; the first item when left out.
        step_s: seconds between points, >= 1; when left out, at most ``USUAL_POINTS`` come.

    Raises:
        InputError: the times are in the wrong order, or there would be too many points.
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
            f"That would be more than {MOST_POINTS} points: choose a longer step.", field="step"
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
        peak_at=now.peak_at if moments and moments[0] <= until else None,
        reopened=tuple(at for at in walk.reopened(until) if at >= since),
        config_version=now.config_version,
    )


def of(
    items: Sequence[SourceItem],
    until: dt.datetime,
    since: dt.datetime | None = None,
    step_s: int | None = None,
) -> NoiseSeries:
    """``course`` of an incident's items."""
    public = [item for item in items if item.seen_at <= until]
    moments = sorted(item.seen_at for item in public)
    return course(NoiseCurve(map(read, public)), moments, until, since, step_s)


def picture(items: Sequence[SourceItem], until: dt.datetime) -> NoiseSeries:
    """The course as it is drawn: its points follow the score around each item, where it leaps, and
    it ends a while after the last change, since nothing but decay follows."""
    public = [item for item in items if item.seen_at <= until]
    moments = sorted(item.seen_at for item in public)
    walk = NoiseCurve(map(read, public))
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
    """Whether some new items were the first after their incident had closed."""
    moments = {item.seen_at for item in items if item.key in new}
    return (
        bool(moments & set(NoiseCurve(map(read, items)).reopened(max(moments))))
        if moments
        else False
    )


def _usual_step(span: dt.timedelta) -> int:
    seconds = span.total_seconds()
    return next((step for step in STEPS_S if seconds / step < USUAL_POINTS), STEPS_S[-1])


def _bands(
    walk: NoiseCurve, moments: Sequence[dt.datetime], since: dt.datetime, until: dt.datetime
) -> tuple[Band, ...]:
    turns = walk.turns(until)
    bands = []
    ends = [*(at for at, _ in turns[1:]), until]
    for (at, state), end in zip(turns, ends, strict=False):
        start = max(at, since)
        if end < since or (end == since and end < until):
            continue
        within = [m for m in moments if start < m < end]
        scores = [p.score for p in walk.points([start, *within])]
        bands.append(
            Band(state=state, since=start, until=end, first=scores[0], highest=max(scores))
        )
    return tuple(bands)
