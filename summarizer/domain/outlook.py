"""Noise of an incident from its newest item on, as long as none is added: a closed form."""

from __future__ import annotations

import datetime as dt
import math

from summarizer.domain.incidents import Factor, Noise, State
from summarizer.domain.model import Model


class Outlook(Model):
    """What noise and state will be at any time from ``since`` on without another item.

    Args:
        since: publication of the newest dated item; ``None`` without one, when nothing changes.
        score: at that time, 0–100, before decay.
        fades_from: time from which the score decays.
        half_life_days: of the decay.
        peak: the highest score.
        closes_at: end of coverage; ``None`` if it never began.
        open_until: end of the last day for which its draft announces a step; it keeps it open.
        major_from: begin of ``MAJOR``, which may be past; ``None`` if never.
        major_until: its end.
        growing_until: end of ``GROWING``; ``None`` if it is not.
        debated: whether it is discussed on enough platforms.
    """

    since: dt.datetime | None
    score: float
    fades_from: dt.datetime | None
    half_life_days: float
    peak: float
    peak_at: dt.datetime | None
    closes_at: dt.datetime | None
    open_until: dt.datetime | None = None
    major_from: dt.datetime | None
    major_until: dt.datetime
    growing_until: dt.datetime | None
    debated: bool
    reopened_at: dt.datetime | None
    factors: tuple[Factor, ...]
    config_version: str

    def decay(self, at: dt.datetime) -> float:
        """Share of the score that is left, 0–1."""
        if self.fades_from is None:
            return 1.0
        halvings = (at - self.fades_from) / dt.timedelta(days=self.half_life_days)
        return float(0.5 ** max(0.0, halvings))

    @property
    def closed_from(self) -> dt.datetime | None:
        """Time from which it is closed: coverage has ended, and no announced step is ahead."""
        if self.closes_at is None or self.open_until is None:
            return self.closes_at
        return max(self.closes_at, self.open_until)

    def state(self, at: dt.datetime) -> State:
        """State, by the first rule that applies."""
        if self.closed_from is not None and at >= self.closed_from:
            return State.CLOSED
        if self.major_from is not None and self.major_from <= at < self.major_until:
            return State.MAJOR
        if self.debated:
            return State.DEBATED
        growing = self.growing_until is not None and at < self.growing_until
        return State.GROWING if growing else State.EMERGING

    def same_until(self, at: dt.datetime) -> dt.datetime:
        """Time up to which score and state are as at a time; that time where it is not known."""
        if self.since is not None and at < self.since:
            return at
        turns = [self.closed_from, self.major_from, self.major_until, self.growing_until]
        if self.fades_from is not None:
            rounded = round(self.score * self.decay(at))
            if rounded > 0:  # it rounds to less from where it is half a point smaller
                halvings = max(0.0, math.log2(self.score / (rounded - 0.5)))
                life = dt.timedelta(days=self.half_life_days)
                turns.append(max(at, self.fades_from + halvings * life - _ROUNDING))
        return min((turn for turn in turns if turn and turn >= at), default=_LAST)

    def at(self, as_of: dt.datetime) -> Noise:
        """Noise at a time, which is not before ``since``."""
        decay = self.decay(as_of)
        return Noise(
            as_of=as_of,
            score=round(self.score * decay),
            state=self.state(as_of),
            peak=round(self.peak),
            peak_at=self.peak_at,
            decay=decay,
            reopened_at=self.reopened_at,
            factors=self.factors,
            config_version=self.config_version,
        )

    @property
    def fade(self) -> float:
        """Sort key of incidents whose scores decay, the same at all times: the louder the larger.

        The base-2 logarithm of the score, as if it had decayed from 1970 on.
        """
        if self.fades_from is None or self.score <= 0:
            return SILENT
        return loudness(self.score) + half_lives(self.fades_from, self.half_life_days)

    def loudness(self, at: dt.datetime) -> float:
        """Sort key at a time, the louder the larger: the base-2 logarithm of the score."""
        if self.fades_from is not None and at < self.fades_from:
            return loudness(self.score)
        return self.fade - half_lives(at, self.half_life_days)


def loudness(score: float) -> float:
    """Base-2 logarithm of a score."""
    return math.log2(score) if score > 0 else SILENT


_ROUNDING = dt.timedelta(seconds=1)
"""More than what rounding moves a time by."""

_LAST = dt.datetime.max.replace(tzinfo=dt.UTC)

SILENT = -1e9
"""Logarithm of no noise at all."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def half_lives(at: dt.datetime, half_life_days: float) -> float:
    """Half-lives from 1970 to a time."""
    return (at - _EPOCH) / dt.timedelta(days=half_life_days)
