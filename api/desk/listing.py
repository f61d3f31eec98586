"""Desk list of incidents, with noise sparklines, search hits and changes since the last look."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from summarizer.app import App
from summarizer.domain.events import Event, EventKind
from summarizer.domain.model import Model
from summarizer.domain.reviews import ReviewState
from summarizer.incidents.listing import Filters, Listed, Sort
from summarizer.incidents.search import Hit

PAGE = 50
"""Incidents on one page of the list."""

MOST_HITS = 200
"""Maximum incidents with a search excerpt."""

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


class Piece(Model):
    """A piece of a search excerpt, marked if it matches a search word."""

    text: str
    marked: bool


class Row(Model):
    """One incident of the list.

    Args:
        course: noise scores, oldest first, 0–100.
        since: changes since the editor's last look, in words; ``None`` without a look.
        found: search excerpt.
    """

    incident: Listed
    course: tuple[int, ...]
    since: tuple[str, ...] | None
    found: tuple[Piece, ...] = ()


class Rows(Model):
    """One page of the list; ``total`` and ``next`` as in ``incidents.listing.Listing``."""

    rows: tuple[Row, ...]
    total: int
    next: str | None


def rows(
    service: App, editor: str, filters: Filters, sort: Sort, cursor: str | None = None
) -> Rows:
    """One page of matching incidents for one editor; raises the errors of ``IncidentList.page``."""
    found = service.incidents.page(filters, sort, limit=PAGE, cursor=cursor)
    ids = [incident.id for incident in found.incidents]
    at = found.incidents[0].noise.as_of if ids else service.clock.now()
    courses = service.incidents.courses(ids, POINTS, at)
    looks = service.store.history.last_seen(editor)
    first = min((looks[id_] for id_ in ids if id_ in looks), default=None)
    hits = service.search.find(filters.q, "incidents", "text", MOST_HITS) if filters.q else ()
    found_in = {hit.incident: pieces(hit) for hit in hits}
    entries = [] if first is None else service.store.history.after(first, limit=5_000)
    after = _by_incident(entries)
    return Rows(
        rows=tuple(
            Row(
                incident=incident,
                course=courses[incident.id],
                found=found_in.get(incident.id, ()),
                since=_since(looks.get(incident.id), after.get(incident.id, ()), editor),
            )
            for incident in found.incidents
        ),
        total=found.total,
        next=found.next,
    )


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
