"""Events and holds in an editor's words: no key of an item, no name of a field."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from summarizer.domain.events import Event, EventKind
from summarizer.domain.holds import HoldKind
from summarizer.domain.model import Model
from summarizer.domain.sections import heading
from summarizer.rendering.phrases import count, time_words

HOLDS = {
    HoldKind.SENIOR_DESK: "For the senior desk",
    HoldKind.EMBARGO: "Embargo",
    HoldKind.LEGAL_HOLD: "Legal hold",
}

HOLD_EFFECTS = {
    HoldKind.SENIOR_DESK: "Only the senior desk approves the page.",
    HoldKind.EMBARGO: "Until then only editors read it; it may be approved ahead of time.",
    HoldKind.LEGAL_HOLD: "Nobody approves the page and only editors read it, until it is lifted.",
}

HEADS = {
    EventKind.OPENED: "opened",
    EventKind.ITEMS_ADDED: "items added",
    EventKind.REOPENED: "reopened: coverage began again",
    EventKind.DRAFTED: "drafted",
    EventKind.DRAFT_FAILED: "draft failed; asked for",
    EventKind.NEEDS_ATTENTION: "calls for an editor; found",
    EventKind.ATTENTION_OVER: "nothing calls for an editor any more; found",
    EventKind.EDITED: "edited",
    EventKind.LOCKED: "locked",
    EventKind.UNLOCKED: "unlocked",
    EventKind.SUGGESTED: "one section redrafted; asked for",
    EventKind.ACCEPTED: "suggestion accepted",
    EventKind.REFUSED: "suggestion refused",
    EventKind.APPROVED: "approved",
    EventKind.CHANGES_REQUESTED: "changes requested",
    EventKind.REJECTED: "rejected",
    EventKind.WITHDRAWN: "approval withdrawn",
    EventKind.MERGED: "merged into another incident",
    EventKind.SPLIT: "split",
    EventKind.SET_ASIDE: "set aside by auto-drafting: no more tries",
    EventKind.RELEASED: "may be drafted by itself again; released",
    EventKind.BUDGET_EXHAUSTED: "budget of auto-drafting used up; found",
    EventKind.PAUSED: "auto-drafting paused",
    EventKind.RESUMED: "auto-drafting resumed",
    EventKind.MOVED: "items moved to another incident",
    EventKind.ALSO_SHOWN: "items of another incident shown here as well",
    EventKind.SHOWN_NO_LONGER: "items of another incident no longer shown here",
    EventKind.RETRACTED: "a source was withdrawn or weakened; found",
    EventKind.CONTRADICTED: "a later source speaks against the page; found",
    EventKind.FORECAST_DUE: "a forecast is due; told",
    EventKind.FORECAST_RESOLVED: "a forecast answered",
    EventKind.DELETED: "sources deleted",
    EventKind.RESPONSE_ASKED: "a response asked for",
    EventKind.REPORTED: "an inaccuracy reported",
    EventKind.REPORT_ANSWERED: "a reader's report answered",
    EventKind.HELD: "put on hold",
    EventKind.HOLD_LIFTED: "hold lifted",
}
"""What happened, before the words "by" and a name."""

ACTORS = {
    "summarizer": "the service",
    "worker": "auto-drafting",
    "calendar": "the calendar",
    "reader": "a reader",
}
"""Names of what is no person."""

MOST_NAMED = 5
"""Items named in one entry."""


_KEYS = re.compile(r"\((a\d+(?:, a\d+)*)\)")
_SECTIONS = re.compile(r"(?<=\): )[a-z_]+(?:, [a-z_]+)*(?=\.$)")


class Told(Model):
    """An event in words.

    Args:
        head: what happened, and by whom.
        lines: more about it.
    """

    head: str
    lines: tuple[str, ...]


def told(event: Event, names: Mapping[str, str]) -> Told:
    """An event as the history tells it.

    Args:
        event: of an incident.
        names: outlets of items, by key; those that are missing were deleted.
    """
    head = HEADS[event.kind]
    if event.kind in (EventKind.HELD, EventKind.HOLD_LIFTED):
        head = f"{HOLDS[HoldKind(event.detail['hold'])]}: {head}"
    by = ACTORS.get(event.actor, event.actor)
    return Told(head=f"{head} by {by}", lines=tuple(_lines(event.detail, names)))


def _lines(detail: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    if items := detail.get("items"):
        yield f"{count(len(items), 'item')}: {_named(items, names)}"
    if section := detail.get("section"):
        yield f"section: {heading(section)}"
    for name, form in FIELDS.items():
        if detail.get(name):
            yield named(form.format(_plain(detail[name])), names)
    if until := detail.get("until"):
        yield f"until {time_words(dt.datetime.fromisoformat(until))}"
    if read := detail.get("read"):
        yield f"read beside {'its' if len(read) == 1 else 'their'} passages: {_sentences(read)}"
    if detail.get("withheld"):
        yield f"withheld since then: {count(detail['withheld'], 'sentence')}"
    yield from _of_sentences(detail)


def _of_sentences(detail: Mapping[str, Any]) -> Iterator[str]:
    if change := detail.get("change"):
        yield from _replaced(change)
    for change in detail.get("changes", ()):
        yield _changed(change)
    for said in detail.get("sentences", ()):
        yield f"about: {said['text']}"


FIELDS = {
    "drafter": "by {}",
    "instruction": "wish: {}",
    "note": "note: {}",
    "reason": "reason: {}",
    "why": "reason: {}",
    "reasons": "{}",
    "override": "approved all the same, because: {}",
    "against": "against it stood: {}",
    "settled": "settled with it: {}",
    "of": "of {}",
    "into": "into {}",
    "from": "from {}",
    "outcome": "outcome: {}",
    "due": "due on {}",
    "url": "fetched from {}",
}
"""Fields of a detail that are told as they are."""


def named(reason: str, names: Mapping[str, str]) -> str:
    """A reason with outlets in place of the keys of items that it gives in brackets, which the log
    keeps since outlets may be people who want to be forgotten, and headings for keys of sections.
    """
    outlets = _KEYS.sub(lambda found: f"({_named(found[1].split(', '), names)})", reason)
    return _SECTIONS.sub(lambda found: ", ".join(map(heading, found[0].split(", "))), outlets)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    words = str(value)
    return words.replace("_", " ") if words.replace("_", "").isalpha() else words


def _named(items: Iterable[str], names: Mapping[str, str]) -> str:
    """Outlets of items, each once: ``Ferry Post, Tolby Courier and others``."""
    found = list(dict.fromkeys(names.get(key, "a deleted source") for key in items))
    return ", ".join(found[:MOST_NAMED]) + (" and others" if len(found) > MOST_NAMED else "")


def _sentences(ids: list[str]) -> str:
    return count(len(ids), "sentence")


def _replaced(change: Mapping[str, Any]) -> Iterator[str]:
    """What an approval changed of an approved page."""
    changed = count(change["changed"], "sentence")
    yield f"in place of revision {change['since']}, {changed} changed: {change['why']}"
    for one in change["corrections"]:
        yield f"readers are told: {_changed(one)}"


def _changed(change: Mapping[str, Any]) -> str:
    why = f" ({change['reason'].replace('_', ' ')})" if change.get("reason") else ""
    if change.get("before") is None:
        return f"added{why}: {change['after']}"
    if change.get("after") is None:
        return f"removed{why}: {change['before']}"
    return f"changed{why}: {change['before']} → {change['after']}"
