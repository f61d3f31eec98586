"""What the desk adds to the list of incidents: courses drawn, and what changed."""

import datetime as dt
from typing import Any

import pytest

from api.desk.listing import ago, changes, day_words, polyline
from summarizer.domain.events import Event, EventKind
from summarizer.domain.incidents import IncidentId

NOON = dt.datetime(2026, 5, 30, 12, tzinfo=dt.UTC)


def test_changes_are_counted_by_kind_in_order_of_appearance():
    def entry(kind: EventKind, **detail: Any) -> Event:
        return Event(
            at=NOON, kind=kind, incident_id=IncidentId("INC-000001"), actor="Kim", detail=detail
        )

    found = changes(
        [
            entry(EventKind.ITEMS_ADDED, items=["a1", "a2"]),
            entry(EventKind.EDITED, section="x"),
            entry(EventKind.NEEDS_ATTENTION, reasons=["y"]),
            entry(EventKind.ITEMS_ADDED, items=["a3"]),
            entry(EventKind.EDITED, section="x"),
        ]
    )
    assert found == ("3 items added", "edited ×2")


def test_a_sparkline_rises_towards_the_top():
    first, last = (point.split(",") for point in polyline((0, 100)).split())
    assert (float(first[0]), float(last[0])) == (0.0, 96.0)
    assert float(last[1]) < float(first[1])


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (dt.timedelta(seconds=20), "just now"),
        (dt.timedelta(minutes=59), "59 min ago"),
        (dt.timedelta(hours=11), "11 h ago"),
        (dt.timedelta(hours=13), "yesterday"),
        (dt.timedelta(days=6), "6 days ago"),
        (dt.timedelta(days=7), "May 23"),
        (dt.timedelta(days=365), "May 30, 2025"),
        (dt.timedelta(hours=-30), "May 31"),
    ],
)
def test_a_time_is_told_as_long_ago_and_an_old_or_later_one_as_a_day(before, words):
    assert ago(NOON - before, NOON) == words


def test_a_day_of_another_year_has_its_year():
    assert day_words(NOON, NOON + dt.timedelta(days=300)) == "May 30, 2026"
