"""The list of incidents: filters, order, courses and what changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from api.desk.listing import (
    POINTS,
    Facts,
    Filters,
    Row,
    changes,
    course,
    matches,
    ordered,
    polyline,
)
from summarizer.domain import Entry, Happening, IncidentId, Noise, ReviewState, State
from tests.builders import an_item

NOON = dt.datetime(2026, 5, 30, 12, tzinfo=dt.UTC)


def a_row(id: str = "INC-000001", score: int = 40, **facts: Any) -> Row:
    made = {
        "title": "Harbour Robotics paused deliveries",
        "platforms": ("news", "x"),
        "revision": 1,
        "attention": (),
        "words": "The Northport Ledger tells of trams that stood still.",
        "newest_at": NOON,
    }
    return Row(
        id=id,
        facts=Facts.model_validate(made | facts),
        noise=Noise(
            as_of=NOON,
            score=score,
            state=State.DEBATED,
            peak=50,
            peak_at=NOON,
            decay=1.0,
            factors=(),
            config_version="1",
        ),
        items=3,
        review=ReviewState.UNREVIEWED,
        course=(10, 40),
        since=None,
    )


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, True),
        ({"q": "harbour TRAMS"}, True),
        ({"q": "inc-000001"}, True),
        ({"q": "harbour airport"}, False),
        ({"state": "debated"}, True),
        ({"state": "major"}, False),
        ({"review": "approved"}, False),
        ({"platform": "x"}, True),
        ({"platform": "reddit"}, False),
        ({"attention": True}, False),
    ],
)
def test_a_row_is_listed_when_it_is_all_that_was_asked_for(filters, found):
    assert matches(a_row(), Filters(**filters)) is found


def test_rows_come_loudest_or_newest_first():
    loud = a_row("INC-000001", 90)
    new = a_row("INC-000002", 10, newest_at=NOON + dt.timedelta(hours=1))
    assert [row.id for row in ordered([new, loud], "noise")] == [loud.id, new.id]
    assert [row.id for row in ordered([loud, new], "recent")] == [new.id, loud.id]


def test_changes_are_counted_by_kind_in_order_of_appearance():
    def entry(kind: Happening, **detail: Any) -> Entry:
        return Entry(
            at=NOON, kind=kind, incident_id=IncidentId("INC-000001"), actor="Kim", detail=detail
        )

    found = changes(
        [
            entry(Happening.ITEMS_ADDED, items=["a1", "a2"]),
            entry(Happening.EDITED, section="x"),
            entry(Happening.NEEDS_ATTENTION, reasons=["y"]),
            entry(Happening.ITEMS_ADDED, items=["a3"]),
            entry(Happening.EDITED, section="x"),
        ]
    )
    assert found == ("3 items added", "edited ×2")


def test_a_course_ends_with_the_noise_of_now_and_begins_before_most_items():
    items = [
        an_item(f"a{n}", "The regulator fined Varnway.", published_at=NOON + dt.timedelta(hours=n))
        for n in range(4)
    ]
    from summarizer import noise

    at = NOON + dt.timedelta(hours=5)
    scores = course(items, at)
    assert len(scores) == POINTS
    assert scores[-1] == noise.measure(items, at).score > scores[0]


def test_a_sparkline_rises_towards_the_top():
    first, last = (point.split(",") for point in polyline((0, 100)).split())
    assert (float(first[0]), float(last[0])) == (0.0, 96.0)
    assert float(last[1]) < float(first[1])
