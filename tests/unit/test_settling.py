"""What later sources seem to say of a forecast."""

from __future__ import annotations

import datetime as dt

import pytest

from summarizer import settling
from summarizer.domain import IncidentId, Outcome
from summarizer.forecasting import Foreseen
from tests.builders import NOON, an_item, hours, lines

VOTE = "The council will likely suspend the permit of Harbour Robotics on June 16."
RISE = "Sales of the Varnway shuttle are expected to rise in July."


def said(text: str) -> Foreseen:
    return Foreseen(
        incident_id=IncidentId("INC-000001"),
        section="forecast",
        text=text,
        probability=0.6,
        due=dt.date(2026, 6, 16),
        criterion="The minutes record a vote.",
        revision=1,
        made_at=NOON,
    )


SETTLED = [
    (VOTE, "The council suspended the permit of Harbour Robotics.", Outcome.CAME_TRUE),
    (
        VOTE,
        "On Tuesday the council voted to suspend the permit of Harbour Robotics.",
        Outcome.CAME_TRUE,
    ),
    (VOTE, "The council did not suspend the permit of Harbour Robotics.", Outcome.DID_NOT),
    (
        VOTE,
        "The council rejected a motion to suspend the permit of Harbour Robotics.",
        Outcome.DID_NOT,
    ),
    (
        VOTE,
        "The council refused on Tuesday, and Harbour Robotics keeps its permit.",
        Outcome.DID_NOT,
    ),
    (VOTE, "The council will suspend the permit of Harbour Robotics next week.", None),
    (VOTE, "Will the council suspend the permit of Harbour Robotics?", None),
    (VOTE, "Eastmere asked the council to suspend the permit of Harbour Robotics.", None),
    (VOTE, "The council postponed its vote on the permit of Harbour Robotics.", None),
    (VOTE, "The council approved the budget of the library.", None),
    (RISE, "Sales of the Varnway shuttle rose in July.", Outcome.CAME_TRUE),
    (RISE, "Sales of the Varnway shuttle fell in July.", Outcome.DID_NOT),
    (RISE, "Sales of the Ostrel tram rose.", None),
]


@pytest.mark.parametrize(("forecast", "told", "outcome"), SETTLED)
def test_a_later_sentence_that_seems_to_settle_it_is_proposed(
    forecast: str, told: str, outcome: Outcome | None
) -> None:
    item = an_item("a9", told, published_at=NOON + hours(30))
    found = settling.proposed(said(forecast), [item], lines(item))
    assert (found and found.outcome) == outcome
    assert found is None or found.passages == ("a9.1",)


def test_what_was_published_before_the_forecast_settles_nothing() -> None:
    item = an_item("a9", "The council suspended the permit of Harbour Robotics.", published_at=NOON)
    assert settling.proposed(said(VOTE), [item], lines(item)) is None


def test_a_retracted_report_settles_nothing() -> None:
    text = "The council suspended the permit of Harbour Robotics."
    wrong = an_item("a8", text, published_at=NOON + hours(30))
    note = an_item(
        "a9",
        "We retract our report that the council suspended the permit of Harbour Robotics.",
        published_at=NOON + hours(40),
    )
    assert settling.proposed(said(VOTE), [wrong, note], lines(wrong)) is None
