"""The list of incidents: filters, order, pages.

The fields that decide order and filters are cached in memory; the event log shows which incidents
have changed.  Texts are read once, at the first need of noise or a title.

Pages of one query are cut from a snapshot: the items and the time of the first page, so that paging
shows each incident once.  Reviews, attention and drafts are those at the time of each page.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pydantic import AwareDatetime, Field

from summarizer import paging
from summarizer.domain import outlines
from summarizer.domain import reviews as domain_reviews
from summarizer.domain.drafts import Draft
from summarizer.domain.events import Event
from summarizer.domain.incidents import IncidentId, Noise, State
from summarizer.domain.items import ItemKey
from summarizer.domain.model import Model
from summarizer.domain.outlines import Member, Outline
from summarizer.domain.reviews import Review, ReviewState
from summarizer.domain.sections import Layout, SectionSpec
from summarizer.errors import InputError
from summarizer.incidents.search import terms
from summarizer.monitoring import alerts
from summarizer.monitoring import attention as monitoring_attention
from summarizer.noise import score
from summarizer.ports.clock import Clock
from summarizer.storage.full_text import TextIndex
from summarizer.storage.outlines import Outlines
from summarizer.storage.store import Store

Sort = Literal["noise", "recent"]

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

ENTRIES = 1_000
"""Most new events that are followed; after more, all incidents are read again."""


class Filters(Model):
    """Filters of a list; all incidents match the defaults.

    Args:
        q: words and quoted phrases that must all be in the incident's items; or its id.
        state: of the incident.
        min_noise: 0–100.
        max_noise: 0–100.
        platform: of at least one item.
        since: least publication time of at least one item.
        until: that item's publication time is before this.
        review: of the newest revision.
        attention: only incidents whose newest draft needs an editor.
    """

    q: str = ""
    state: State | None = None
    min_noise: int = Field(default=0, ge=0, le=100)
    max_noise: int = Field(default=100, ge=0, le=100)
    platform: str = ""
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    review: ReviewState | None = None
    attention: bool = False

    @property
    def by_noise(self) -> bool:
        """Whether the filters depend on noise or state."""
        return self.state is not None or (self.min_noise, self.max_noise) != (0, 100)


class Listed(Model):
    """A row of the list.

    Args:
        id: of the incident.
        title: headline of the newest draft; without one, the heading of the first item.
        noise: at the time of the list.
        items: keys, oldest first.
        platforms: of the items, sorted.
        newest_at: publication of the newest item; time of its creation without a dated one.
        revision: of the newest draft; ``None`` before the first.
        review: of that revision.
        attention: reasons why that draft needs an editor, one sentence each.
    """

    id: IncidentId
    title: str
    noise: Noise
    items: tuple[ItemKey, ...]
    platforms: tuple[str, ...]
    newest_at: dt.datetime
    revision: int | None
    review: ReviewState
    attention: tuple[str, ...]


class Listing(Model):
    """One page of the list.

    Args:
        incidents: rows of the page.
        total: number of matching incidents on all pages.
        next: cursor of the next page; ``None`` at the end.
    """

    incidents: tuple[Listed, ...]
    total: int
    next: str | None = None


class _Place(Model):
    """Content of a cursor: the query, the snapshot, and the sort key of the last row."""

    asked: str
    as_of: AwareDatetime
    upto: int = Field(ge=0, le=paging.LARGEST)
    after: tuple[int, int]


@dataclass
class _Known:
    """Cached state of one incident; a change of the incident replaces it."""

    outline: Outline
    review: Review
    alerted: bool = False
    readings: dict[int, score.NoiseInput | None] = field(default_factory=dict)
    walk: score.NoiseCurve | None = None
    head: tuple[str, tuple[str, ...]] | None = None
    highest: int = 0

    def __post_init__(self) -> None:
        self.highest = max((m.number for m in self.outline.members), default=0)

    def members(self, upto: int) -> tuple[Member, ...]:
        if self.highest <= upto:
            return self.outline.members
        return tuple(m for m in self.outline.members if m.number <= upto)


class IncidentList:
    """The list of all incidents on one store; composed by ``summarizer.app``."""

    def __init__(
        self,
        store: Store,
        outlines: Outlines,
        texts: TextIndex,
        specs: Sequence[SectionSpec],
        clock: Clock,
    ) -> None:
        self._store = store
        self._outlines = outlines
        self._texts = texts
        self._headlines = [spec.key for spec in specs if spec.row.layout is Layout.HEADLINE]
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: int | None = None
        self._known: dict[IncidentId, _Known] = {}
        self._owner: dict[ItemKey, IncidentId] = {}

    def page(
        self,
        filters: Filters | None = None,
        sort: Sort = "recent",
        *,
        limit: int | None = None,
        cursor: str | None = None,
        as_of: dt.datetime | None = None,
    ) -> Listing:
        """One page of the matching incidents.

        Args:
            filters: all incidents if left out.
            sort: loudest first, or newest item first; equals by number, newest first.
            limit: most incidents of the page, > 0; all if left out.
            cursor: ``next`` of the previous page of the same query.
            as_of: time of noise and state; the time of the first page if left out.

        Raises:
            InputError: the cursor is invalid or belongs to another query.
        """
        filters = filters or Filters()
        asked = paging.query_hash((filters, sort, as_of))
        place = paging.decoded(cursor, _Place) if cursor else None
        if place and place.asked != asked:
            raise InputError(paging.REFUSED, field="cursor")
        known = self._refreshed()
        upto = place.upto if place else max((k.highest for k in known), default=0)
        at = place.as_of if place else as_of or self._clock.now()
        rows = self._matching(known, filters, sort, at, upto)
        rows.sort(key=lambda row: row[0], reverse=True)
        rest = [row for row in rows if place is None or row[0] < place.after]
        shown = rest[:limit]
        last = None
        if len(rest) > len(shown):
            last = paging.encoded(_Place(asked=asked, as_of=at, upto=upto, after=shown[-1][0]))
        self._read([row for _, row in shown], upto)
        listed = tuple(self._listed(row, at, upto) for _, row in shown)
        return Listing(incidents=listed, total=len(rows), next=last)

    def platforms(self) -> list[str]:
        """All platforms of items in incidents, sorted."""
        return sorted({m.platform for known in self._refreshed() for m in known.outline.members})

    def titles(self, ids: Collection[IncidentId]) -> dict[IncidentId, str]:
        """Titles of incidents by id, as in ``Listed``."""
        return {k.outline.id: self._head(k)[0] for k in self._refreshed() if k.outline.id in ids}

    def courses(
        self, ids: Sequence[IncidentId], steps: int, at: dt.datetime
    ) -> dict[IncidentId, tuple[int, ...]]:
        """Noise scores (0–100) of incidents at even steps, from the first item to ``at``.

        The range covers at least one day.
        """
        known = [k for k in self._refreshed() if k.outline.id in set(ids)]
        self._read(known, paging.LARGEST)
        return {k.outline.id: course(_walk(k, paging.LARGEST), k.outline, steps, at) for k in known}

    # --- What is known -----------------------------------------------------------------------

    def _refreshed(self) -> list[_Known]:
        """Cached state of all incidents, after changed ones were read again."""
        with self._lock:
            stale = self._stale()
            if stale is None or stale:
                newest = None if stale is None else frozenset(stale)
                self._take(self._outlines.of(newest), newest)
            return list(self._known.values())

    def _stale(self) -> set[IncidentId] | None:
        """Incidents with new events since the last call; ``None`` for all."""
        last = self._store.history.last()  # before the incidents: later events are followed again
        if self._seen is None or last - self._seen > ENTRIES:
            self._seen = last
            return None
        if last == self._seen:
            return set()
        entries = self._store.history.after(self._seen, ENTRIES)
        self._seen = entries[-1].number
        return {id_ for entry in entries for id_ in self._touched(entry)}

    def _touched(self, entry: Event) -> Iterable[IncidentId]:
        if entry.incident_id is not None:
            yield entry.incident_id
        if into := entry.detail.get("into"):
            yield IncidentId(into)
        for key in entry.detail.get("items", ()):
            if key in self._owner:  # a moved item has no event at its former incident
                yield self._owner[key]

    def _take(self, outlines: Sequence[Outline], ids: frozenset[IncidentId] | None) -> None:
        history, found = self._store.history, [outline.id for outline in outlines]
        reviews = history.newest(found, domain_reviews.REVIEWS)
        alerted = history.newest(found, frozenset(alerts.KINDS.values()))
        before = dict(self._known)
        for id_ in before if ids is None else ids:
            self._known.pop(id_, None)
        for outline in outlines:
            old = before.get(outline.id)
            self._known[outline.id] = _Known(
                outline,
                domain_reviews.review_of(reviews.get(outline.id)),
                outline.id in alerted,
                readings=old.readings if old else {},
            )
            self._owner |= {member.key: outline.id for member in outline.members}

    # --- Rows --------------------------------------------------------------------------------

    def _matching(
        self, known: Iterable[_Known], filters: Filters, sort: Sort, at: dt.datetime, upto: int
    ) -> list[tuple[tuple[int, int], _Known]]:
        """Matching incidents, each with its sort key."""
        found = [k for k in known if _fits(k, filters, upto)]
        if filters.q:
            found = self._with_words(found, filters.q)
        if filters.attention:
            found = [k for k in found if self._head(k)[1]]
        if filters.by_noise or sort == "noise":
            self._read(found, upto)
            measured = [(_walk(k, upto).at(at), k) for k in found]
            fitting = [(now, k) for now, k in measured if _is_as_loud(now, filters)]
            found = [k for _, k in fitting]
            if sort == "noise":
                return [((now.score, k.outline.number), k) for now, k in fitting]
        return [((_micros(_newest_at(k, upto)), k.outline.number), k) for k in found]

    def _with_words(self, known: Sequence[_Known], q: str) -> list[_Known]:
        found = self._texts.incidents(terms(q))
        return [k for k in known if k.outline.id in found or k.outline.id == q.strip().upper()]

    def _read(self, known: Iterable[_Known], upto: int) -> None:
        """Read the noise inputs of items that have none yet, in batches."""
        missing = [
            (k, member)
            for k in known
            for member in k.members(upto)
            if member.number not in k.readings
        ]
        for start in range(0, len(missing), 500):
            part = missing[start : start + 500]
            for (k, member), item in zip(
                part, self._store.items([m.key for _, m in part]), strict=True
            ):
                k.readings[member.number] = score.read(item)

    def _head(self, known: _Known) -> tuple[str, tuple[str, ...]]:
        """Title and reasons for attention, as the newest draft has them."""
        if known.head is None:
            outline = known.outline
            draft = self._store.newest_draft(outline.id) if outline.revision else None
            known.head = (self._title(outline, draft), self._attention(known, draft))
        return known.head

    def _attention(self, known: _Known, draft: Draft | None) -> tuple[str, ...]:
        if draft is None:
            return ()
        if known.alerted:  # without an alert there is no finding
            found = alerts.findings(draft, self._store.sources(draft.incident_id))
            return alerts.waiting(draft, found, self._store.history.of(draft.incident_id))
        approved = _review(known) is ReviewState.APPROVED
        return () if approved else monitoring_attention.attention(draft)

    def _title(self, outline: Outline, draft: Draft | None) -> str:
        drafted = [
            claim.claim.text
            for section in (draft.sections if draft else ())
            if section.key in self._headlines
            for claim in section.shown
        ]
        if not drafted and outline.members:
            drafted = [self._store.items([outline.members[0].key])[0].heading]
        return next(iter(drafted), f"Incident {outline.id}")

    def _listed(self, known: _Known, at: dt.datetime, upto: int) -> Listed:
        outline, members = known.outline, known.members(upto)
        title, attention = self._head(known)
        return Listed(
            id=outline.id,
            title=title,
            noise=_walk(known, upto).at(at),
            items=tuple(member.key for member in members),
            platforms=tuple(sorted({member.platform for member in members})),
            newest_at=_newest_at(known, upto),
            revision=outline.revision,
            review=_review(known),
            attention=attention,
        )


def course(
    walk: score.NoiseCurve, outline: Outline, steps: int, at: dt.datetime
) -> tuple[int, ...]:
    """Noise scores (0–100) at even steps, from the first item to ``at``, over at least one day."""
    times = (member.published_at for member in outline.members)
    first = next((at for at in times if at is not None), outline.created_at)
    at = max(at, first)
    span = max(at - first, dt.timedelta(days=1))
    return walk.scores([at - span * (1 - n / (steps - 1)) for n in range(steps)])


def _fits(known: _Known, filters: Filters, upto: int) -> bool:
    """Whether an incident matches the filters that need no text."""
    members = known.members(upto)
    if known.outline.members and not members:
        return False  # all items came after the snapshot
    since, until = filters.since, filters.until
    return (
        filters.review in (None, _review(known))
        and (not filters.platform or any(m.platform == filters.platform for m in members))
        and (
            since is until is None
            or any(
                (since is None or at >= since) and (until is None or at < until)
                for at in (m.published_at for m in members)
                if at is not None
            )
        )
    )


def _is_as_loud(now: Noise, filters: Filters) -> bool:
    loud = filters.min_noise <= now.score <= filters.max_noise
    return loud and filters.state in (None, now.state)


def _review(known: _Known) -> ReviewState:
    return known.review.of(known.outline.revision or 0)


def _newest_at(known: _Known, upto: int) -> dt.datetime:
    return outlines.newest_at(known.members(upto)) or known.outline.created_at


def _walk(known: _Known, upto: int) -> score.NoiseCurve:
    """Noise curve of the items up to a number; that of all items is cached."""
    members = known.members(upto)
    if len(members) < len(known.outline.members):
        return score.NoiseCurve(known.readings[m.number] for m in members)
    if known.walk is None:
        known.walk = score.NoiseCurve(known.readings[m.number] for m in members)
    return known.walk


def _micros(at: dt.datetime) -> int:
    return (at - EPOCH) // dt.timedelta(microseconds=1)
