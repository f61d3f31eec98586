"""Noise score and state of an incident, from a weighted mean of seven factors.

Everything is computed from stored items and an ``as_of`` time, so that any past score can be
recomputed; no model writes a number or a date here.  ``noise.toml`` holds every constant.

The score changes in two ways: an item changes it when it appears, and between items it halves
every ``half_life_days``, once there was no new item for ``quiet_hours``.  The times of state
changes are therefore computed exactly, item by item, without a grid of time steps.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import tomllib
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources

from summarizer.domain.incidents import Factor, Noise, State
from summarizer.domain.items import SourceItem
from summarizer.domain.model import Model
from summarizer.domain.outlook import Outlook


class Scale(Model):
    """Counts by platform at which a factor on a log10 scale reaches 1."""

    reach: Mapping[str, float]
    engagement: Mapping[str, float]


class StateRules(Model):
    """Thresholds of state changes; ``…_until`` values are the hysteresis."""

    growing_items_per_hour: float
    growing_until_items_per_hour: float
    debated_platforms: int
    major_noise: float
    major_hours: float
    major_until_noise: float
    closed_below_noise: float
    cooldown_hours: tuple[float, float]


class Impact(Model):
    """Kinds of consequence, each with the words that indicate it."""

    full_kinds: int
    kinds: Mapping[str, tuple[str, ...]]


class StarPower(Model):
    """Points by tier of public figures, and the figures of each tier."""

    points: Mapping[str, int]
    cap: int
    figures: Mapping[str, tuple[str, ...]]


class NoiseConfig(Model):
    """Configuration from ``noise.toml``."""

    version: str
    weights: Mapping[str, float]
    scale: Scale
    spread: Mapping[str, int]
    duration: Mapping[str, float]
    decay: Mapping[str, float]
    state: StateRules
    polarity: Mapping[str, tuple[str, ...]]
    impact: Impact
    star_power: StarPower


@cache
def config() -> NoiseConfig:
    """The configuration that ships with the product."""
    text = resources.files("summarizer.noise").joinpath("noise.toml").read_text(encoding="utf-8")
    return NoiseConfig.model_validate(tomllib.loads(text))


class NoiseInput(Model):
    """Features of one item for the noise score; made by ``read``, which searches a text once.

    Args:
        reach: the item's reach, ``None`` when not given.
        engagement: sum of its counts, ``None`` without counts.
        figures: listed public figures named in it, with their tier.
        impact: kinds of consequence named in it.
        critical: number of accusing words.
        defending: number of defending words.
    """

    key: str
    published_at: dt.datetime
    platform: str
    source_name: str
    reach: int | None
    engagement: int | None
    figures: Mapping[str, str]
    impact: frozenset[str]
    critical: int
    defending: int


def read(item: SourceItem, rules: NoiseConfig | None = None) -> NoiseInput | None:
    """Noise features of one item; ``None`` if it is undated, and thus has no place in time.

    ``rules`` defaults to the shipped configuration.
    """
    if item.counts_from is None:
        return None
    rules = rules or config()
    text = f"{item.title}\n{item.text}"
    figures: dict[str, str] = {}
    for tier, names in rules.star_power.figures.items():
        figures |= dict.fromkeys(sorted(_named(names, text)), tier)
    return NoiseInput(
        key=item.key,
        published_at=item.counts_from,
        platform=item.platform,
        source_name=item.source_name,
        reach=item.reach,
        engagement=sum(item.engagement.values()) if item.engagement else None,
        figures=figures,
        impact=frozenset(
            kind for kind, starts in rules.impact.kinds.items() if _count(starts, text)
        ),
        critical=_count(rules.polarity["critical"], text),
        defending=_count(rules.polarity["defending"], text),
    )


class Point(Model):
    """Noise at one time: the score after decay, 0–100, and the state."""

    at: dt.datetime
    score: int
    state: State


class _Signals:
    """Running totals of the factors over one episode of coverage."""

    def __init__(self, rules: NoiseConfig) -> None:
        self.rules = rules
        self.reach: dict[str, dict[str, int]] = {}
        self.engagement: dict[str, int] = {}
        self.figures: dict[str, str] = {}
        self.impact: set[str] = set()
        self.platforms: set[str] = set()
        self.critical = self.defending = 0
        self.first: dt.datetime | None = None
        self.last: dt.datetime | None = None

    def add(self, item: NoiseInput) -> None:
        self.first = self.first or item.published_at
        self.last = item.published_at
        self.platforms.add(item.platform)
        if item.reach is not None:
            voices = self.reach.setdefault(item.platform, {})
            voices[item.source_name] = max(item.reach, voices.get(item.source_name, 0))
        if item.engagement is not None:
            total = self.engagement.get(item.platform, 0) + item.engagement
            self.engagement[item.platform] = total
        self.figures |= item.figures
        self.impact |= item.impact
        self.critical += item.critical
        self.defending += item.defending

    def factors(self) -> tuple[Factor, ...]:
        found = {
            "reach": self._reach(),
            "engagement": self._engagement(),
            "star_power": self._star_power(),
            "spread": self._spread(),
            "duration": self._duration(),
            "polarity": self._polarity(),
            "impact": self._impact(),
        }
        weights = self.rules.weights
        present = sum(weights[key] for key, (value, _) in found.items() if value is not None)
        return tuple(
            Factor(
                key=key,
                weight=0.0 if value is None else weights[key] / present,
                value=value,
                basis=basis,
            )
            for key, (value, basis) in found.items()
        )

    def _loudest(
        self, totals: Mapping[str, int], full: Mapping[str, float], what: str
    ) -> tuple[float | None, str]:
        """Factor of the loudest platform alone, since ``spread`` rewards more platforms."""
        if not totals:
            return None, f"no item states its {what}"
        levels = {
            platform: min(
                1.0, math.log10(1 + n) / math.log10(1 + full.get(platform, full["default"]))
            )
            for platform, n in totals.items()
        }
        top = max(sorted(levels), key=levels.__getitem__)
        return levels[top], f"{totals[top]:,} on {top}, log10 scale"

    def _reach(self) -> tuple[float | None, str]:
        totals = {platform: sum(voices.values()) for platform, voices in self.reach.items()}
        return self._loudest(totals, self.rules.scale.reach, "reach")

    def _engagement(self) -> tuple[float | None, str]:
        return self._loudest(self.engagement, self.rules.scale.engagement, "engagement")

    def _star_power(self) -> tuple[float | None, str]:
        stars = self.rules.star_power
        if not any(stars.figures.values()):
            return None, "no figures are configured"
        points = sum(stars.points[tier] for tier in self.figures.values())
        named = ", ".join(sorted(self.figures)) or "no listed figure is named"
        return min(1.0, points / stars.cap), named

    def _spread(self) -> tuple[float | None, str]:
        n = len(self.platforms)
        return min(1.0, n / self.rules.spread["full_platforms"]), f"{n} platform(s)"

    def _duration(self) -> tuple[float | None, str]:
        if self.first is None or self.last is None:
            return None, "no items"
        hours = (self.last - self.first) / dt.timedelta(hours=1)
        full = self.rules.duration["full_hours"]
        return min(1.0, hours / full), f"{hours:.0f} h of coverage, full at {full:.0f} h"

    def _polarity(self) -> tuple[float | None, str]:
        voiced = self.critical + self.defending
        if not voiced:
            return None, "no words of accusing or defending"
        basis = f"{self.critical} accusing against {self.defending} defending words"
        return 2 * min(self.critical, self.defending) / voiced, basis

    def _impact(self) -> tuple[float | None, str]:
        kinds = ", ".join(sorted(self.impact)) or "no listed consequence is named"
        return min(1.0, len(self.impact) / self.rules.impact.full_kinds), kinds


class _Course:
    """Score, state and peak of an incident while its items are added in order of time."""

    def __init__(self, rules: NoiseConfig, start: dt.datetime) -> None:
        self.rules = rules
        self.signals = _Signals(rules)
        self.factors: tuple[Factor, ...] = ()
        self.score = 0.0
        self.since = start
        self.loud_since: dt.datetime | None = None
        self.major = self.growing = self.closed = False
        self.recent: deque[dt.datetime] = deque()
        self.peak = 0.0
        self.peak_at: dt.datetime | None = None
        self.reopened: tuple[dt.datetime, ...] = ()

    def add(self, item: NoiseInput) -> None:
        """Add an item at its time of publication."""
        at, state = item.published_at, self.rules.state
        self.advance(at)
        if self.closed:
            self.closed = False
            self.reopened += (at,)
            self.signals = _Signals(self.rules)
        self.signals.add(item)
        self.factors, self.since = self.signals.factors(), at
        self.score = 100 * sum(f.weight * (f.value or 0.0) for f in self.factors)
        if self.peak_at is None or self.score > self.peak:
            self.peak, self.peak_at = self.score, at
        self.recent.append(at)
        if self._rate(at) > state.growing_items_per_hour:
            self.growing = True
        if self.score < state.major_noise:
            self.loud_since = None
        elif self.loud_since is None:
            self.loud_since = at
        self._leave_major()

    def advance(self, to: dt.datetime) -> None:
        """Let time pass without an item, up to ``to``."""
        state = self.rules.state
        if self.loud_since is not None:
            loud_until = min(to, self._falls_below(state.major_noise))
            if loud_until - self.loud_since >= dt.timedelta(hours=state.major_hours):
                self.major = True
            if loud_until < to:
                self.loud_since = None
        if to >= self._falls_below(state.major_until_noise):
            self.major = False
        if self._rate(to) < state.growing_until_items_per_hour:
            self.growing = False
        if self.signals.last is not None and to >= self._closes():
            self.closed, self.major, self.growing = True, False, False

    def outlook(self) -> Outlook:
        """What follows without another item."""
        rules, begun = self.rules, self.signals.last is not None
        return Outlook(
            since=self.since if begun else None,
            score=self.score,
            fades_from=self._fades_from if begun else None,
            half_life_days=rules.decay["half_life_days"],
            peak=self.peak,
            peak_at=self.peak_at,
            closes_at=self._closes() if begun else None,
            major_from=self._major_from(),
            major_until=self._falls_below(rules.state.major_until_noise),
            growing_until=self._growing_until(),
            debated=len(self.signals.platforms) >= rules.state.debated_platforms,
            reopened_at=self.reopened[-1] if self.reopened else None,
            factors=self.factors,
            config_version=rules.version,
        )

    def moments(self) -> list[dt.datetime]:
        """Times, in order, at which the state may change before the next item."""
        rules = self.rules.state
        found = [at + dt.timedelta(hours=1) for at in self.recent]
        found += [self._falls_below(rules.major_until_noise), self._closes()]
        if self.loud_since is not None:
            found.append(self.loud_since + dt.timedelta(hours=rules.major_hours))
        return sorted(moment for moment in found if moment > self.since)

    @property
    def _fades_from(self) -> dt.datetime:
        return self.since + dt.timedelta(hours=self.rules.decay["quiet_hours"])

    def _major_from(self) -> dt.datetime | None:
        """Time at which the incident is or becomes major."""
        state = self.rules.state
        if self.major:
            return self.since
        if self.loud_since is None:
            return None
        begins = self.loud_since + dt.timedelta(hours=state.major_hours)
        return begins if begins <= self._falls_below(state.major_noise) else None

    def _growing_until(self) -> dt.datetime | None:
        """Time at which too few items of the last hour are left."""
        least = max(1, math.ceil(self.rules.state.growing_until_items_per_hour))
        if not self.growing or len(self.recent) < least:
            return None
        return self.recent[-least] + dt.timedelta(hours=1)

    def _leave_major(self) -> None:
        if self.score < self.rules.state.major_until_noise:
            self.major = False

    def _rate(self, at: dt.datetime) -> int:
        while self.recent and at - self.recent[0] >= dt.timedelta(hours=1):
            self.recent.popleft()
        return len(self.recent)

    def _falls_below(self, level: float) -> dt.datetime:
        """Time at which decay alone brings the score below a level."""
        if self.score < level:
            return self.since
        rules = self.rules.decay
        halvings = math.log2(self.score / level)
        return self.since + dt.timedelta(
            days=rules["half_life_days"] * halvings, hours=rules["quiet_hours"]
        )

    def _closes(self) -> dt.datetime:
        """Time of closing: the score is low and the cooldown, longer for a higher peak, is over."""
        state = self.rules.state
        shortest, longest = state.cooldown_hours
        cooldown = shortest + (longest - shortest) * self.peak / 100
        return max(
            self.since + dt.timedelta(hours=cooldown), self._falls_below(state.closed_below_noise)
        )


_EVER = dt.datetime.min.replace(tzinfo=dt.UTC)


class NoiseCurve:
    """Noise of one incident as a function of time.

    The pass over its items is cached, so that a time after the last item costs only the decay.
    """

    def __init__(
        self, readings: Iterable[NoiseInput | None], rules: NoiseConfig | None = None
    ) -> None:
        """Create the curve.

        Args:
            readings: of ``read``, in any order; those of undated items count nothing.
            rules: configuration; the shipped one by default.
        """
        self._rules = rules or config()
        dated = (reading for reading in readings if reading is not None)
        self._readings = sorted(dated, key=lambda r: (r.published_at, r.key))
        self._whole: Outlook | None = None

    def at(self, as_of: dt.datetime) -> Noise:
        """Noise, state and peak of the items public at a time."""
        return self.outlook(as_of).at(as_of)

    def outlook(self, at: dt.datetime | None = None) -> Outlook:
        """Noise from the newest item on, or from the newest that is public at a time."""
        if at is not None and self._readings and self._readings[-1].published_at > at:
            return self._walked(self._until(at))
        self._whole = self._whole or self._walked(self._readings)
        return self._whole

    def scores(self, times: Sequence[dt.datetime]) -> tuple[int, ...]:
        """Scores at ascending times, in one pass."""
        waiting = deque(self._readings)
        course = _Course(self._rules, times[0])
        outlook, found = course.outlook(), []
        for at in times:
            outlook = _advanced(course, waiting, at) or outlook
            found.append(round(outlook.score * outlook.decay(at)))
        return tuple(found)

    def points(self, times: Sequence[dt.datetime]) -> tuple[Point, ...]:
        """Scores and states at ascending times, in one pass."""
        waiting = deque(self._readings)
        course = _Course(self._rules, times[0] if times else self._start)
        outlook, found = course.outlook(), []
        for at in times:
            outlook = _advanced(course, waiting, at) or outlook
            score = round(outlook.score * outlook.decay(at))
            found.append(Point(at=at, score=score, state=outlook.state(at)))
        return tuple(found)

    def turns(self, until: dt.datetime) -> tuple[tuple[dt.datetime, State], ...]:
        """Changes of state up to a time, from the first item on, each at its exact time."""
        found: list[tuple[dt.datetime, State]] = []

        def record(at: dt.datetime, state: State) -> None:
            if found and found[-1][0] == at:
                found.pop()
            if not found or found[-1][1] is not state:
                found.append((at, state))

        public = self._until(until)
        course = _Course(self._rules, self._start)
        for reading, following in zip(public, [*public[1:], None], strict=False):
            course.add(reading)
            outlook = course.outlook()
            record(reading.published_at, outlook.state(reading.published_at))
            for moment in course.moments():
                if moment <= until and (following is None or moment < following.published_at):
                    record(moment, outlook.state(moment))
        return tuple(found)

    def reopened(self, until: dt.datetime) -> tuple[dt.datetime, ...]:
        """Times up to ``until`` at which a new item reopened the closed incident."""
        course = _Course(self._rules, self._start)
        for reading in self._until(until):
            course.add(reading)
        return course.reopened

    @property
    def _start(self) -> dt.datetime:
        return self._readings[0].published_at if self._readings else _EVER

    def _until(self, at: dt.datetime) -> list[NoiseInput]:
        return [reading for reading in self._readings if reading.published_at <= at]

    def _walked(self, readings: Sequence[NoiseInput]) -> Outlook:
        course = _Course(self._rules, self._start)
        for reading in readings:
            course.add(reading)
        return course.outlook()


def _advanced(course: _Course, waiting: deque[NoiseInput], at: dt.datetime) -> Outlook | None:
    """The outlook after the items up to a time were added; ``None`` if there was none to add."""
    begun = len(waiting)
    while waiting and waiting[0].published_at <= at:
        course.add(waiting.popleft())
    return course.outlook() if len(waiting) < begun else None


def measure(
    items: Iterable[SourceItem], as_of: dt.datetime, rules: NoiseConfig | None = None
) -> Noise:
    """Noise, state and peak of the items public at ``as_of``.

    An incident without a public item is emerging with a score of 0.  An undated item counts
    nothing: its ingestion does not tell when it was published.  A new item after closing starts a
    new episode of coverage: factors are computed from the new items alone, while the peak
    stays.

    Args:
        items: items of one incident, in any order.
        as_of: aware time; later items are ignored.
        rules: configuration; the shipped one by default.
    """
    return NoiseCurve((read(item, rules) for item in items), rules).at(as_of)


@cache
def _pattern(words: tuple[str, ...], flags: re.RegexFlag) -> re.Pattern[str]:
    """Pattern of whole words; a trailing star stands for any ending."""
    endings = (re.escape(w.removesuffix("*")) + (r"\w*" if w.endswith("*") else "") for w in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(endings)})(?!\w)", flags)


def _count(words: tuple[str, ...], text: str) -> int:
    return len(_pattern(words, re.IGNORECASE).findall(text))


def _named(names: tuple[str, ...], text: str) -> frozenset[str]:
    return frozenset(_pattern(names, re.NOFLAG).findall(text)) if names else frozenset()
