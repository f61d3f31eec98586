"""What the desk adds to the list of incidents: courses drawn, and what changed."""

import datetime as dt
from typing import Any

from api.desk.listing import changes, polyline
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
