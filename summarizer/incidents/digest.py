"""The digest of a day: what happened to incidents, for the people of the newsroom."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator
from enum import StrEnum

from summarizer.domain.events import Event, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model
from summarizer.incidents.listing import Filters, IncidentList
from summarizer.rendering.phrases import date_words
from summarizer.rendering.sanitize import visible
from summarizer.storage.store import Store

MOST = 50
"""Incidents of one part of a digest; the number of all of them is told."""


class Part(StrEnum):
    """A part of a digest, in its order."""

    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    NEEDS_YOU = "needs_you"
    FAILED = "failed"
    OPENED = "opened"


_OF_EVENTS = {
    EventKind.APPROVED: Part.APPROVED,
    EventKind.WITHDRAWN: Part.WITHDRAWN,
    EventKind.OPENED: Part.OPENED,
    EventKind.DRAFT_FAILED: Part.FAILED,
}

HEADINGS = {
    Part.APPROVED: "Approved",
    Part.WITHDRAWN: "Withdrawn",
    Part.NEEDS_YOU: "Needs an editor now",
    Part.OPENED: "New",
    Part.FAILED: "Not drafted: the draft failed",
}


class Line(Model):
    """An incident in a digest.

    Args:
        url: of its page on the desk; a path where the address of the service is not known.
        why: the first reason why it needs an editor.
    """

    incident: IncidentId
    title: str
    url: str
    why: str | None = None


class DigestPart(Model):
    """Incidents of one part; at most ``MOST`` of ``total``."""

    part: Part
    total: int
    incidents: tuple[Line, ...]


class Digest(Model):
    """The digest of a day in UTC: each incident once, parts without one left out."""

    day: dt.date
    parts: tuple[DigestPart, ...]


def of_day(
    store: Store,
    incidents: IncidentList,
    withheld: Collection[IncidentId],
    day: dt.date,
    service_url: str,
) -> Digest:
    """What happened on a day, and what waits for an editor now.

    Args:
        store: of the log.
        incidents: the list of incidents.
        withheld: incidents that only editors read, which are left out.
        day: in UTC.
        service_url: base address of the service, for links.
    """
    found: dict[Part, dict[IncidentId, None]] = {part: {} for part in Part}
    for event in _events_of(store, day):
        if event.incident_id is not None and event.incident_id not in withheld:
            found[_OF_EVENTS[event.kind]][event.incident_id] = None
    waiting = incidents.page(Filters(attention=True), limit=MOST)
    why = {one.id: one.attention[0] for one in waiting.incidents}
    found[Part.NEEDS_YOU] = dict.fromkeys(why)
    titles = incidents.titles({id_ for ids in found.values() for id_ in ids})
    parts, told = [], set[IncidentId]()
    for part, ids in found.items():
        lines = [
            Line(
                incident=id_,
                title=titles[id_],
                url=f"{service_url.rstrip('/')}/incidents/{id_}",
                why=why.get(id_) if part is Part.NEEDS_YOU else None,
            )
            for id_ in ids
            if id_ in titles and id_ not in told  # else it was merged or deleted since
        ]
        told.update(line.incident for line in lines)
        total = waiting.total if part is Part.NEEDS_YOU else len(lines)
        if lines:
            parts.append(DigestPart(part=part, total=total, incidents=tuple(lines[:MOST])))
    return Digest(day=day, parts=tuple(parts))


def _events_of(store: Store, day: dt.date) -> Iterator[Event]:
    begins = dt.datetime.combine(day, dt.time(), dt.UTC)
    ends = begins + dt.timedelta(days=1)
    found = store.history.every(_OF_EVENTS, store.history.last_before(begins))
    # Read to the end: a clock that was set back writes an earlier time behind a later one.
    return (event for event in found if begins <= event.at < ends)


def as_text(digest: Digest) -> str:
    """The digest as plain text, for an e-mail or a chat."""
    rows = [f"Incidents on {date_words(digest.day)}"]
    for part in digest.parts:
        rows += ["", f"{HEADINGS[part.part]} ({part.total})"]
        for line in part.incidents:
            rows.append(f"- {visible(line.title)} ({line.incident})")
            rows += [f"  {visible(line.why)}"] if line.why else []
            rows.append(f"  {line.url}")
        if (left := part.total - len(part.incidents)) > 0:
            rows.append(f"  and {left} more")
    if not digest.parts:
        rows += ["", "Nothing happened, and nothing waits for an editor."]
    return "\n".join(rows) + "\n"


def for_slack(digest: Digest) -> str:
    """The digest as the JSON that an incoming webhook of Slack takes, in one line.

    Slack takes ``<``, ``>`` and ``&`` in words for links and mentions: they are escaped.
    """
    text = as_text(digest)
    for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, escaped)
    return json.dumps({"text": text}, ensure_ascii=False)
