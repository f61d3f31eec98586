"""What the list of incidents shows: rows, filters and the course of noise.

What a draft says of itself is read once a change, not once a look: every change writes a line of
the history, so that the number of an incident's newest line tells whether anything is stale.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from summarizer import noise, reviewing
from summarizer.bootstrap import Service
from summarizer.domain import (
    Draft,
    Entry,
    Happening,
    Incident,
    Noise,
    ReviewState,
    SourceItem,
    State,
)
from summarizer.sections import Layout

MOST = 500
"""Incidents that one list looks at, the newest."""

POINTS = 12
"""Measurements in one sparkline."""

WIDTH, HEIGHT = 96.0, 20.0
"""Size of a sparkline, in CSS pixels."""

Sort = Literal["noise", "recent"]

REVIEW_NAMES = {
    ReviewState.UNREVIEWED: "not reviewed",
    ReviewState.APPROVED: "approved",
    ReviewState.CHANGES_REQUESTED: "changes requested",
    ReviewState.REJECTED: "rejected",
    ReviewState.WITHDRAWN: "withdrawn",
}


class Frozen(BaseModel):
    """Base of every view: immutable."""

    model_config = ConfigDict(frozen=True)


class Filters(Frozen):
    """What an editor asked the list for; empty means everything."""

    q: str = ""
    state: State | None = None
    review: ReviewState | None = None
    platform: str = ""
    attention: bool = False
    sort: Sort = "noise"


class Facts(Frozen):
    """What an incident's items and newest draft say, whenever one looks."""

    title: str
    platforms: tuple[str, ...]
    revision: int | None
    attention: tuple[str, ...]
    words: str
    newest_at: dt.datetime


class Row(Frozen):
    """One incident of the list.

    Args:
        course: scores from long ago to now, 0–100.
        since: what happened since the editor's last look, in words; ``None`` without a look.
    """

    id: str
    facts: Facts
    noise: Noise
    items: int
    review: ReviewState
    course: tuple[int, ...]
    since: tuple[str, ...] | None


class Board:
    """Rows of the list, remembered while nothing changes."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._facts: dict[str, tuple[tuple[object, ...], Facts]] = {}
        self._courses: dict[str, tuple[tuple[object, ...], tuple[int, ...], Noise]] = {}

    def rows(self, editor: str, filters: Filters) -> list[Row]:
        """The incidents that match, in the order that was asked for."""
        store = self._service.store
        incidents = store.incidents(MOST)
        ids = [incident.id for incident in incidents]
        newest = store.history.newest(ids, frozenset(Happening))
        reviews = store.history.newest(ids, reviewing.REVIEWS)
        looks = store.history.looks(editor)
        after = _by_incident(
            store.history.after(min(looks.values(), default=0), limit=5_000) if looks else ()
        )
        rows = []
        for incident in incidents:
            number = newest[incident.id].number if incident.id in newest else 0
            facts, course, now = self._measured(incident, number)
            review = reviewing.review_of(reviews.get(incident.id)).of(facts.revision or 0)
            seen = looks.get(incident.id)
            since = None
            if seen is not None:
                later = [e for e in after.get(incident.id, ()) if e.number > seen]
                since = changes(e for e in later if e.actor != editor)
            row = Row(
                id=incident.id,
                facts=facts,
                noise=now,
                items=len(incident.item_keys),
                review=review,
                course=course,
                since=since,
            )
            if matches(row, filters):
                rows.append(row)
        return ordered(rows, filters.sort)

    def _measured(self, incident: Incident, number: int) -> tuple[Facts, tuple[int, ...], Noise]:
        at = self._service.clock.now().replace(second=0, microsecond=0) + dt.timedelta(minutes=1)
        known, found = (number, incident.item_keys), self._facts.get(incident.id)
        timed, counted = (incident.item_keys, at), self._courses.get(incident.id)
        if found and found[0] == known and counted and counted[0] == timed:
            return found[1], counted[1], counted[2]
        items = self._service.store.items(incident.item_keys)
        if found is None or found[0] != known:
            draft = self._service.store.newest_draft(incident.id)
            found = self._facts[incident.id] = (known, self._read(incident, items, draft))
        if counted is None or counted[0] != timed:
            now = noise.measure(items, at)
            counted = self._courses[incident.id] = (timed, course(items, at), now)
        return found[1], counted[1], counted[2]

    def _read(self, incident: Incident, items: Sequence[SourceItem], draft: Draft | None) -> Facts:
        return Facts(
            title=self._title(incident, items, draft),
            platforms=tuple(sorted({item.platform for item in items})),
            revision=draft.revision if draft else None,
            attention=reviewing.attention(draft) if draft else (),
            words="\n".join(f"{item.source_name} {item.title} {item.text}" for item in items),
            newest_at=max((item.seen_at for item in items), default=incident.created_at),
        )

    def _title(self, incident: Incident, items: Sequence[SourceItem], draft: Draft | None) -> str:
        headlines = {
            spec.key for spec in self._service.pipeline.specs if spec.row.layout is Layout.HEADLINE
        }
        sections = draft.sections if draft else ()
        drafted = [c.claim.text for s in sections if s.key in headlines for c in s.shown]
        first = [item.heading for item in items]
        return next(iter([*drafted, *first]), f"Incident {incident.id}")


def course(items: Sequence[SourceItem], at: dt.datetime) -> tuple[int, ...]:
    """Noise at even steps from the first item to ``at``, at least a day."""
    first = min((item.seen_at for item in items), default=at)
    span = max(at - first, dt.timedelta(days=1))
    steps = [at - span * (1 - n / (POINTS - 1)) for n in range(POINTS)]
    return tuple(noise.measure(items, step).score for step in steps)


def polyline(scores: Sequence[int]) -> str:
    """The ``points`` of an SVG polyline, ``WIDTH`` by ``HEIGHT``, for scores from 0 to 100."""
    step = WIDTH / max(len(scores) - 1, 1)
    room = HEIGHT - 2
    return " ".join(f"{n * step:.1f},{1 + room * (1 - s / 100):.1f}" for n, s in enumerate(scores))


def matches(row: Row, filters: Filters) -> bool:
    """Whether a row is what was asked for; every word of ``q`` must stand somewhere in it."""
    hay = f"{row.id} {row.facts.title}\n{row.facts.words}".casefold()
    return (
        all(word in hay for word in filters.q.casefold().split())
        and filters.state in (None, row.noise.state)
        and filters.review in (None, row.review)
        and (not filters.platform or filters.platform in row.facts.platforms)
        and (not filters.attention or bool(row.facts.attention))
    )


def ordered(rows: Iterable[Row], sort: Sort) -> list[Row]:
    """Loudest or newest first; equals by id, newest first."""
    newest = sorted(rows, key=lambda row: row.id, reverse=True)
    if sort == "recent":
        return sorted(newest, key=lambda row: row.facts.newest_at, reverse=True)
    return sorted(newest, key=lambda row: row.noise.score, reverse=True)


def changes(entries: Iterable[Entry]) -> tuple[str, ...]:
    """What happened, a few words a kind, in order of first appearance: ``2 items added``."""
    counted: dict[Happening, int] = {}
    for entry in entries:
        if entry.kind is not Happening.NEEDS_ATTENTION:
            n = len(entry.detail.get("items", ())) or 1
            counted[entry.kind] = counted.get(entry.kind, 0) + n
    return tuple(
        f"{n} item{'' if n == 1 else 's'} added"
        if kind is Happening.ITEMS_ADDED
        else kind.value.replace("_", " ") + (f" ×{n}" if n > 1 else "")
        for kind, n in counted.items()
    )


def _by_incident(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.incident_id, []).append(entry)
    return found
