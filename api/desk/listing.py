"""What the desk adds to the list of incidents: the course of noise, what is new to an editor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from summarizer.app import App
from summarizer.domain.events import Event, EventKind
from summarizer.domain.model import Model
from summarizer.domain.reviews import ReviewState
from summarizer.incidents.listing import Filters, Listed, Sort
from summarizer.incidents.search import Hit

PAGE = 50
"""Incidents on one page of the list: an editor reads on rather than scrolls for ever."""

MOST_HITS = 200
"""Incidents that show what was found; a search that finds more is to be narrowed."""

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
    """A stretch of a passage that was found, marked where a word of the search stands."""

    text: str
    marked: bool


class Row(Model):
    """One incident of the list.

    Args:
        course: scores from long ago to now, 0–100.
        since: what happened since the editor's last look, in words; ``None`` without a look.
        found: the passage in which the words of a search stand.
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
    """The incidents that match, as one editor sees them; raises as ``IncidentList.page`` does."""
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
    """A hit's text in stretches that are marked or not, in order."""
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
    """The ``points`` of an SVG polyline, ``WIDTH`` by ``HEIGHT``, for scores from 0 to 100."""
    step = WIDTH / max(len(scores) - 1, 1)
    room = HEIGHT - 2
    return " ".join(f"{n * step:.1f},{1 + room * (1 - s / 100):.1f}" for n, s in enumerate(scores))


def changes(entries: Iterable[Event]) -> tuple[str, ...]:
    """What happened, a few words a kind, in order of first appearance: ``2 items added``."""
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
