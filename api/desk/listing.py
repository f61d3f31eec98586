"""Desk list of incidents, with noise sparklines, search hits and changes since the last look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from api.auth import Actor
from summarizer.app import App
from summarizer.domain.events import Event, EventKind
from summarizer.domain.holds import Hold
from summarizer.domain.incidents import IncidentId, State
from summarizer.domain.jobs import JobStatus
from summarizer.domain.model import Model
from summarizer.domain.reviews import ReviewState
from summarizer.domain.standings import Group
from summarizer.incidents.listing import Filters, Listed, Sort
from summarizer.incidents.search import Hit
from summarizer.rendering.phrases import MONTHS, NEWSROOM_STATES

PAGE = 50
"""Incidents on one page of the list."""

SHOWN = {
    Group.NEEDS_YOU: 12,
    Group.NEW: 6,
    Group.DRAFTING: 6,
    Group.APPROVED: 4,
    Group.QUIET: 4,
}
"""Incidents of each group on the first page."""

MOST_COUNTED = 1_000
"""Incidents up to which a group is counted."""

MOST_OUTLETS = 3
"""Outlets named in a row."""

MOST_HITS = 200
"""Maximum incidents with a search excerpt."""

DAYS_COUNTED = 6
"""Days up to which a time is told as days ago."""

POINTS = 12
"""Measurements in one sparkline."""

WIDTH, HEIGHT = 96.0, 20.0
"""Size of a sparkline, in CSS pixels."""

REVIEW_NAMES = {
    ReviewState.UNREVIEWED: "not reviewed",
    ReviewState.APPROVED: "approved",
    ReviewState.CHANGES_REQUESTED: "changes requested",
    ReviewState.REJECTED: "rejected",
    ReviewState.WITHDRAWN: "withdrawn",
}


GROUP_NAMES = {
    Group.NEEDS_YOU: "Needs you",
    Group.NEW: "New since yesterday",
    Group.DRAFTING: "Drafting",
    Group.APPROVED: "Approved",
    Group.QUIET: "Quiet",
}

GROUP_NOTES = {
    Group.NEEDS_YOU: "a draft to decide on, or something on a page that calls for you",
    Group.NEW: "opened in the last 24 hours",
    Group.DRAFTING: "no draft yet, or sent back",
    Group.APPROVED: "and nothing later calls for you",
    Group.QUIET: "coverage has stopped, and nothing was approved",
}
"""What is in a group, in an editor's words."""


class Piece(Model):
    """A piece of a search excerpt, marked if it matches a search word."""

    text: str
    marked: bool


class Row(Model):
    """One incident of the list.

    Args:
        course: noise scores, oldest first, 0–100.
        since: changes since the editor's last look, in words; ``None`` without a look.
        drafting: whether a draft is under way.
        found: search excerpt.
        holds: in force on it.
        open_by: other editors who have it open.
    """

    incident: Listed
    course: tuple[int, ...]
    since: tuple[str, ...] | None
    drafting: bool = False
    found: tuple[Piece, ...] = ()
    holds: tuple[Hold, ...] = ()
    open_by: tuple[str, ...] = ()

    @property
    def outlets(self) -> str:
        """The first outlets, and how many more: ``Ferry Post, Tolby Courier and 3 more``."""
        named = self.incident.outlets
        more = len(named) - MOST_OUTLETS
        first = ", ".join(named[:MOST_OUTLETS])
        return f"{first} and {more} more" if more > 0 else first


class Rows(Model):
    """One page of the list; ``total`` and ``next`` as in ``incidents.listing.Listing``."""

    rows: tuple[Row, ...]
    total: int
    next: str | None


class GroupRows(Model):
    """The first incidents of a group; ``total`` is counted up to ``MOST_COUNTED``."""

    group: Group
    rows: tuple[Row, ...]
    total: int


def day(service: App, editor: Actor) -> tuple[GroupRows, ...]:
    """The first incidents of each group, the loudest first."""
    found = {
        group: service.incidents.page(
            Filters(group=group), "noise", limit=shown, most=MOST_COUNTED, held=editor.edits
        )
        for group, shown in SHOWN.items()
    }
    listed = [incident for page in found.values() for incident in page.incidents]
    made = {row.incident.id: row for row in _rows(service, editor, listed, {})}
    return tuple(
        GroupRows(
            group=group,
            rows=tuple(made[incident.id] for incident in page.incidents),
            total=page.total,
        )
        for group, page in found.items()
    )


def rows(
    service: App, editor: Actor, filters: Filters, sort: Sort, cursor: str | None = None
) -> Rows:
    """One page of matching incidents for one editor; raises the errors of ``IncidentList.page``."""
    most = MOST_COUNTED if filters.group else None
    found = service.incidents.page(
        filters, sort, limit=PAGE, cursor=cursor, most=most, held=editor.edits
    )
    hits: Sequence[Hit] = ()
    if filters.q:
        hits = service.search.find(filters.q, "incidents", "text", MOST_HITS, held=editor.edits)
    found_in = {hit.incident: pieces(hit) for hit in hits if hit.incident}
    made = _rows(service, editor, found.incidents, found_in)
    return Rows(rows=tuple(made), total=found.total, next=found.next)


def _rows(
    service: App,
    editor: Actor,
    listed: Sequence[Listed],
    found: Mapping[IncidentId, tuple[Piece, ...]],
) -> list[Row]:
    ids = [incident.id for incident in listed]
    at = listed[0].noise.as_of if ids else service.clock.now()
    courses = service.incidents.courses(ids, POINTS, at)
    looks = service.store.history.last_seen(editor.name)
    first = min((looks[id_] for id_ in ids if id_ in looks), default=None)
    entries = [] if first is None else service.store.history.after(first, limit=5_000)
    after = _by_incident(entries)
    under_way = service.store.jobs.with_status(JobStatus.QUEUED, JobStatus.RUNNING)
    drafting = {job.incident_id for job in under_way}
    holds = service.store.holds.standing(at) if ids else {}
    present = service.store.presence.everywhere(service.clock.now()) if editor.edits else {}
    return [
        Row(
            incident=incident,
            course=courses[incident.id],
            since=_since(looks.get(incident.id), after.get(incident.id, ()), editor.name),
            drafting=incident.id in drafting,
            found=found.get(incident.id, ()),
            holds=tuple(holds.get(incident.id, ())),
            open_by=tuple(n for n in present.get(incident.id, ()) if n != editor.name),
        )
        for incident in listed
    ]


def pieces(hit: Hit) -> tuple[Piece, ...]:
    """Split a hit's text into marked and unmarked pieces."""
    made, at = [], 0
    for start, end in hit.marks:
        made += [
            Piece(text=hit.text[at:start], marked=False),
            Piece(text=hit.text[start:end], marked=True),
        ]
        at = end
    made.append(Piece(text=hit.text[at:], marked=False))
    return tuple(piece for piece in made if piece.text)


def _since(seen: int | None, entries: Iterable[Event], editor: str) -> tuple[str, ...] | None:
    if seen is None:
        return None
    return changes(e for e in entries if e.number > seen and e.actor != editor)


def state_words(incident: Listed) -> str:
    """The state for an editor, short: ``Quiet since Nov 20``; open while something waits."""
    noise = incident.noise
    if noise.state is not State.CLOSED:
        return NEWSROOM_STATES[noise.state]
    quiet = "Open, quiet" if incident.attention else "Quiet"
    return f"{quiet} since {day_words(incident.newest_at, noise.as_of)}"


def ago(then: dt.datetime, now: dt.datetime) -> str:
    """How long ago: ``12 min ago``, ``3 h ago``, ``yesterday``, ``4 days ago``, ``Nov 20``."""
    past, days = now - then, (now.date() - then.astimezone(dt.UTC).date()).days
    minutes = past // dt.timedelta(minutes=1)
    if past < dt.timedelta() or days > DAYS_COUNTED:
        return day_words(then, now)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 12 * 60 or days == 0:
        return f"{minutes // 60} h ago"
    return "yesterday" if days == 1 else f"{days} days ago"


def day_words(then: dt.datetime, now: dt.datetime) -> str:
    """``Nov 20``, with the year where it is another one."""
    day = then.astimezone(dt.UTC)
    words = f"{MONTHS[day.month - 1][:3]} {day.day}"
    return words if day.year == now.year else f"{words}, {day.year}"


def polyline(scores: Sequence[int]) -> str:
    """The ``points`` of an SVG polyline, ``WIDTH`` × ``HEIGHT``, for scores from 0 to 100."""
    step = WIDTH / max(len(scores) - 1, 1)
    room = HEIGHT - 2
    return " ".join(f"{n * step:.1f},{1 + room * (1 - s / 100):.1f}" for n, s in enumerate(scores))


def changes(entries: Iterable[Event]) -> tuple[str, ...]:
    """Counts of events by kind in words (``2 items added``), in order of first appearance."""
    counted: dict[EventKind, int] = {}
    for entry in entries:
        if entry.kind not in (EventKind.NEEDS_ATTENTION, EventKind.ATTENTION_OVER):
            n = len(entry.detail.get("items", ())) or 1
            counted[entry.kind] = counted.get(entry.kind, 0) + n
    return tuple(
        f"{n} item{'' if n == 1 else 's'} added"
        if kind is EventKind.ITEMS_ADDED
        else kind.value.replace("_", " ") + (f" ×{n}" if n > 1 else "")
        for kind, n in counted.items()
    )


def _by_incident(entries: Iterable[Event]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for entry in entries:
        if entry.incident_id is not None:
            found.setdefault(entry.incident_id, []).append(entry)
    return found
