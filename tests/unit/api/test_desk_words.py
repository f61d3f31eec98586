"""Events as the history of the desk tells them: in words, without keys of items."""

from __future__ import annotations

import re
from typing import Any

import pytest

from api.desk import words
from summarizer.domain.events import Event, EventKind
from summarizer.domain.holds import HoldKind
from summarizer.domain.incidents import IncidentId
from tests.support.builders import NOON

NAMES = {"a1": "The Quay Post", "a2": "Tolby Courier"}


def told(kind: EventKind, actor: str = "Kim", **detail: Any) -> tuple[str, str]:
    event = Event(
        at=NOON, kind=kind, incident_id=IncidentId("INC-000001"), actor=actor, detail=detail
    )
    found = words.told(event, NAMES)
    return found.head, " | ".join(found.lines)


@pytest.mark.parametrize("kind", EventKind)
def test_every_kind_of_event_has_words(kind):
    head, _ = told(kind, hold="embargo")
    assert head.endswith("by Kim") and "_" not in head


@pytest.mark.parametrize("kind", HoldKind)
def test_every_kind_of_hold_has_a_name_and_says_what_it_does(kind):
    assert words.HOLDS[kind] and words.HOLD_EFFECTS[kind].endswith(".")


@pytest.mark.parametrize(
    ("kind", "actor", "detail", "head", "lines"),
    [
        (
            EventKind.ITEMS_ADDED,
            "summarizer",
            {"items": ["a1", "a2", "a9"]},
            "items added by the service",
            "3 items: The Quay Post, Tolby Courier, a deleted source",
        ),
        (
            EventKind.ALSO_SHOWN,
            "Kim",
            {"items": ["a1"], "from": "INC-000007"},
            "items of another incident shown here as well by Kim",
            "1 item: The Quay Post | from INC-000007",
        ),
        (
            EventKind.SHOWN_NO_LONGER,
            "Kim",
            {"items": ["a1"]},
            "items of another incident no longer shown here by Kim",
            "1 item: The Quay Post",
        ),
        (
            EventKind.HELD,
            "Kim",
            {"hold": "embargo", "reason": "Agreed.", "until": "2026-12-03T06:00:00+00:00"},
            "Embargo: put on hold by Kim",
            "reason: Agreed. | until December 3, 2026, 06:00 UTC",
        ),
        (
            EventKind.HOLD_LIFTED,
            "calendar",
            {"hold": "embargo"},
            "Embargo: hold lifted by the calendar",
            "",
        ),
        (
            EventKind.EDITED,
            "Kim",
            {
                "section": "key_points",
                "changes": [
                    {"before": "Two died.", "after": "One died.", "reason": "unsupported"},
                    {"before": "It rained.", "after": None, "reason": "not_news"},
                ],
            },
            "edited by Kim",
            "section: Key points | changed (unsupported): Two died. → One died. | "
            "removed (not news): It rained.",
        ),
        (
            EventKind.REJECTED,
            "Kim",
            {"note": "Why?", "reason": "wrong_source", "sentences": [{"text": "It rained."}]},
            "rejected by Kim",
            "note: Why? | reason: wrong source | about: It rained.",
        ),
        (
            EventKind.RETRACTED,
            "summarizer",
            {
                "reasons": [
                    "1 shown sentence rests on sources that were taken back (a1, a9): sides."
                ]
            },
            "a source was withdrawn or weakened; found by the service",
            "1 shown sentence rests on sources that were taken back "
            "(The Quay Post, a deleted source): Sides.",
        ),
        (
            EventKind.MERGED,
            "summarizer",
            {"into": "INC-000002", "shown_by": "a7", "items": ["a1"]},
            "merged into another incident by the service",
            "1 item: The Quay Post | into INC-000002",
        ),
    ],
    ids=lambda value: value.value if isinstance(value, EventKind) else "",
)
def test_an_event_is_told_in_words(kind, actor, detail, head, lines):
    assert told(kind, actor, **detail) == (head, lines)
    assert not re.search(r"\ba\d+\b", lines)
