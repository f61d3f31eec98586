"""Which settled standings a list wants, as conditions of SQL; ``Wanted`` says what they mean."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, and_, exists, or_, select

from summarizer.domain.incidents import State
from summarizer.domain.outlook import half_lives, loudness
from summarizer.domain.standings import GroupPart, Wanted
from summarizer.storage import tables
from summarizer.storage.memberships import shows

_ROWS, _ITEMS, _INCIDENTS = tables.standings.c, tables.items.c, tables.incidents.c
CURRENT = _ROWS.seen == _ROWS.changes
"""Whether a standing knows of all changes."""


def is_fading(at: dt.datetime) -> ColumnElement[bool]:
    """Whether the score decays at a time."""
    return _ROWS.fades_from <= at


def settled(wanted: Wanted, half_life_days: float, *, by_noise: bool) -> list[ColumnElement[bool]]:
    """Conditions of the wanted incidents that ``unsettled`` does not name."""
    found = [CURRENT, _ROWS.highest <= wanted.upto]
    if by_noise:
        found.append(_ROWS.newest_at <= wanted.at)
    if wanted.ids is not None:
        numbers = select(_INCIDENTS.number).where(_INCIDENTS.id.in_(sorted(wanted.ids)))
        found.append(_ROWS.incident.in_(numbers))
    if wanted.without:
        found.append(_ROWS.incident.not_in(sorted(wanted.without)))
    if wanted.review is not None:
        found.append(_ROWS.review == wanted.review.value)
    if wanted.attention:
        found.append(_ROWS.attention)
    if wanted.state is not None:
        found.append(_is_in(wanted.state, wanted.at))
    if wanted.part is not None:
        found += _is_of(wanted.part, wanted)
    if (wanted.min_noise, wanted.max_noise) != (0, 100):
        found.append(_is_as_loud(wanted, half_life_days))
    if wanted.platform:
        found.append(_has_item(_ITEMS.platform == wanted.platform))
    times = [] if wanted.since is None else [_ITEMS.published_at >= wanted.since]
    times += [] if wanted.until is None else [_ITEMS.published_at < wanted.until]
    return [*found, _has_item(*times)] if times else found


def _has_item(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    at_home = exists().where(_ITEMS.incident == _ROWS.incident, *conditions)
    return or_(at_home, shows(_ROWS.incident, *conditions))


def _is_in(state: State, at: dt.datetime) -> ColumnElement[bool]:
    """Whether an incident is in a state, as ``Outlook.state``."""
    closed = and_(_ROWS.closes_at.is_not(None), _ROWS.closes_at <= at)
    major = and_(_ROWS.major_from.is_not(None), _ROWS.major_from <= at, _ROWS.major_until > at)
    growing = and_(_ROWS.growing_until.is_not(None), _ROWS.growing_until > at)
    rules = (
        (State.CLOSED, closed),
        (State.MAJOR, major),
        (State.DEBATED, _ROWS.debated),
        (State.GROWING, growing),
    )
    before: list[ColumnElement[bool]] = []
    for name, holds in rules:
        if name is state:
            return and_(*before, holds)
        before.append(~holds)
    return and_(*before)


def _is_of(part: GroupPart, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Conditions of a part of a group, as ``Standing.is_in``."""
    found = [_ROWS.stage == part.stage.value]
    if part.quiet is not None:
        # Negated as a whole, no index on the time answers it: most are quiet, and those are read
        # by loudness until the page is full.
        goes_on = or_(_ROWS.closes_at.is_(None), _ROWS.closes_at > wanted.at)
        found.append(~goes_on if part.quiet else goes_on)
    if part.new is not None:
        new = _ROWS.incident >= wanted.new_from
        found.append(new if part.new else ~new)
    return found


def _is_as_loud(wanted: Wanted, half_life_days: float) -> ColumnElement[bool]:
    """Whether the rounded score is within bounds."""
    gone = half_lives(wanted.at, half_life_days)
    least, most = wanted.min_noise - 0.5, wanted.max_noise + 0.5
    fading_now = is_fading(wanted.at)
    loud: ColumnElement[bool] = _ROWS.score.between(least, most)
    fading: ColumnElement[bool] = _ROWS.fade.between(loudness(least) + gone, loudness(most) + gone)
    if wanted.min_noise == 0:
        loud, fading = _ROWS.score <= most, _ROWS.fade <= loudness(most) + gone
    return or_(and_(~fading_now, loud), and_(fading_now, fading))
