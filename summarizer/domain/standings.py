"""Standings of incidents: what lists and plans need to know of each, without any text."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from summarizer.domain.incidents import IncidentId, State
from summarizer.domain.items import ItemKey
from summarizer.domain.model import Model
from summarizer.domain.outlook import Outlook
from summarizer.domain.reviews import ReviewState


class Stage(StrEnum):
    """How far the page of an incident has come, whatever the time."""

    CALLS = "calls"
    """Something on its page calls for an editor."""
    DRAFTED = "drafted"
    """A draft waits for a decision, and nothing on it calls for an editor."""
    APPROVED = "approved"
    SENT_BACK = "sent_back"
    """An editor asked for changes, or rejected it: it calls for nobody until it is redrafted."""
    OPEN = "open"
    """No draft yet, or an approval that was withdrawn."""


class Group(StrEnum):
    """Where an incident stands in an editor's day; each is in exactly one group."""

    NEEDS_YOU = "needs_you"
    NEW = "new"
    DRAFTING = "drafting"
    APPROVED = "approved"
    QUIET = "quiet"


class GroupPart(Model):
    """A part of a group; ``None`` leaves a condition out.

    Args:
        quiet: whether its coverage has stopped.
        new: whether it was opened within ``NEW_FOR``.
    """

    stage: Stage
    quiet: bool | None = None
    new: bool | None = None


NEW_FOR = dt.timedelta(days=1)
"""Time for which an incident counts as new."""

GROUPS: dict[Group, tuple[GroupPart, ...]] = {
    Group.NEEDS_YOU: (
        GroupPart(stage=Stage.CALLS),
        GroupPart(stage=Stage.DRAFTED, quiet=False),
    ),
    Group.NEW: (
        GroupPart(stage=Stage.OPEN, new=True),
        GroupPart(stage=Stage.DRAFTED, quiet=True, new=True),
    ),
    Group.DRAFTING: (
        GroupPart(stage=Stage.SENT_BACK),
        GroupPart(stage=Stage.OPEN, quiet=False, new=False),
    ),
    Group.APPROVED: (GroupPart(stage=Stage.APPROVED),),
    Group.QUIET: (
        GroupPart(stage=Stage.OPEN, quiet=True, new=False),
        GroupPart(stage=Stage.DRAFTED, quiet=True, new=False),
    ),
}
"""The parts of each group, which do not overlap."""


class Standing(Model):
    """One incident as its items, newest draft and events make it.

    Args:
        number: of the incident, ascending in order of creation.
        items: in order of ``seen_at``, then key.
        highest: largest number of an item; 0 without items.
        platforms: of the items, sorted.
        newest_at: publication of its newest item; time of its creation without a dated one.
        origins: number of independent origins.
        tokens: estimated tokens of the texts.
        evidence_hash: of the items.
        arrived_at: arrival of its newest item; that of the incident without items.
        waiting_since: arrival of its oldest item that no draft has seen, else ``arrived_at``.
        revision: of the newest draft; ``None`` before the first.
        drafted_hash: evidence hash of that revision.
        drafted_at: time of its newest draft.
        held: keys of its edited and locked sections.
        title: headline of the newest draft; without one, the heading of the first item.
        review: of the newest revision.
        attention: reasons why that revision needs an editor, one sentence each.
        changed_at: time of its newest event.
        outlook: its noise from the newest item on.
    """

    incident_id: IncidentId
    number: int
    created_at: dt.datetime
    items: tuple[ItemKey, ...]
    highest: int
    platforms: tuple[str, ...]
    newest_at: dt.datetime
    origins: int
    tokens: int
    evidence_hash: str
    arrived_at: dt.datetime
    waiting_since: dt.datetime
    revision: int | None
    drafted_hash: str | None
    drafted_at: dt.datetime | None
    held: tuple[str, ...]
    title: str
    review: ReviewState
    attention: tuple[str, ...]
    changed_at: dt.datetime | None
    outlook: Outlook

    @property
    def stage(self) -> Stage:
        """How far its page has come."""
        if self.review in (ReviewState.CHANGES_REQUESTED, ReviewState.REJECTED):
            return Stage.SENT_BACK
        if self.attention:
            return Stage.CALLS
        if self.review is ReviewState.APPROVED:
            return Stage.APPROVED
        waits = self.revision is not None and self.review is ReviewState.UNREVIEWED
        return Stage.DRAFTED if waits else Stage.OPEN

    def is_in(self, group: Group, *, quiet: bool, new_from: int) -> bool:
        """Whether it is in a group; incidents are new from that number on."""
        return any(
            part.stage is self.stage
            and part.quiet in (None, quiet)
            and part.new in (None, self.number >= new_from)
            for part in GROUPS[group]
        )


class Wanted(Model):
    """Which incidents a list has; all match the defaults.

    Args:
        at: time of noise and state.
        upto: number of the newest item that counts.
        ids: only these incidents.
        without: numbers of incidents that are left out.
        state: of the incident.
        min_noise: 0–100.
        max_noise: 0–100.
        platform: of at least one item.
        since: least publication time of at least one item.
        until: that item's publication time is before this.
        review: of the newest revision.
        attention: only incidents whose newest draft needs an editor.
        group: of an editor's day.
        part: of that group; all of it if left out.
        new_from: number of the oldest incident that is new.
    """

    at: dt.datetime
    upto: int
    ids: frozenset[str] | None = None
    without: frozenset[int] = frozenset()
    state: State | None = None
    min_noise: int = 0
    max_noise: int = 100
    platform: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    review: ReviewState | None = None
    attention: bool = False
    group: Group | None = None
    part: GroupPart | None = None
    new_from: int = 0

    @property
    def by_noise(self) -> bool:
        """Whether it depends on noise or state."""
        grouped = self.group is not None
        return grouped or self.state is not None or (self.min_noise, self.max_noise) != (0, 100)
