"""What later sources seem to say of a forecast."""

from __future__ import annotations

import datetime as dt

import pytest

from summarizer.domain.forecasts import NewForecast, Outcome
from summarizer.domain.incidents import IncidentId
from summarizer.monitoring import forecast_outcomes
from tests.support.builders import NOON, an_item, hours, lines

VOTE = "The council will likely suspend the permit of Harbour Robotics on June 16."
RISE = "Sales of the Varnway shuttle are expected to rise in July."


def said(text: str) -> NewForecast:
    return NewForecast(
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


FINE = "The regulator is likely to fine Ostrel more than $2 million by September."
APPEAL = "Ostrel is expected to appeal the ruling by June 30."
LAUNCH = "Varnway plans to reopen the Calder line on July 1."
LIFT = "The court will probably not lift the ban on the shuttles before autumn."
RESIGN = "Ada Lorn will likely resign as chief executive of Ostrel this month."
SIGN = "The narrators and Ostrel will probably sign a settlement in June."
AUDIT = "Eastmere Labs will probably publish the audit of its model by the end of May."
STRIKE = "The union is expected to strike at the Halden ferries in June."
PASS = "Parliament is unlikely to pass the bill on facial recognition this year."
PRICE = "The price of the Cassia plan is set to rise to 30 crowns in July."
RULING = "A ruling in the Ostrel case is expected by June 30."

SAID_SO = [
    (VOTE, "The council suspended Harbour Robotics' permit on June 16.", Outcome.CAME_TRUE),
    (
        VOTE,
        "Harbour Robotics lost its permit when the council suspended it on Tuesday.",
        Outcome.CAME_TRUE,
    ),
    (VOTE, "The permit of Harbour Robotics was suspended by the council.", Outcome.CAME_TRUE),
    (VOTE, "The council voted against suspending the permit of Harbour Robotics.", Outcome.DID_NOT),
    (VOTE, "The council declined to suspend the permit of Harbour Robotics.", Outcome.DID_NOT),
    (RISE, "Varnway shuttle sales rose 4% in July.", Outcome.CAME_TRUE),
    (RISE, "In July sales of the Varnway shuttle dropped.", Outcome.DID_NOT),
    (FINE, "The regulator fined Ostrel $2.4 million.", Outcome.CAME_TRUE),
    (FINE, "The regulator dropped its case and did not fine Ostrel.", Outcome.DID_NOT),
    (APPEAL, "Ostrel appealed the ruling on Friday.", Outcome.CAME_TRUE),
    (APPEAL, "Ostrel did not appeal the ruling.", Outcome.DID_NOT),
    (LAUNCH, "Varnway reopened the Calder line on Wednesday.", Outcome.CAME_TRUE),
    (LAUNCH, "Varnway abandoned the Calder line and did not reopen it.", Outcome.DID_NOT),
    (LIFT, "The court did not lift the ban on the shuttles.", Outcome.CAME_TRUE),
    (LIFT, "The court lifted the ban on the shuttles on Thursday.", Outcome.DID_NOT),
    (RESIGN, "Ada Lorn resigned as chief executive of Ostrel on Monday.", Outcome.CAME_TRUE),
    (
        RESIGN,
        "Ada Lorn has stepped down as chief executive of Ostrel, having resigned on Monday.",
        Outcome.CAME_TRUE,
    ),
    (SIGN, "The narrators and Ostrel signed a settlement on June 9.", Outcome.CAME_TRUE),
    (FINE, "The regulator fined Ostrel $300,000.", Outcome.DID_NOT),
    (AUDIT, "Eastmere Labs published the audit of its model on Monday.", Outcome.CAME_TRUE),
    (STRIKE, "The union called off its strike at the Halden ferries.", Outcome.DID_NOT),
    (PASS, "Parliament passed the bill on facial recognition on Friday.", Outcome.DID_NOT),
    (PASS, "Parliament voted down the bill on facial recognition.", Outcome.CAME_TRUE),
    (PRICE, "The price of the Cassia plan rose to 30 crowns in July.", Outcome.CAME_TRUE),
    (RULING, "The court issued its ruling in the Ostrel case on Friday.", Outcome.CAME_TRUE),
]

SAID_NOTHING = [
    # the subject alone; a denial, a wish, a rumour; a plan, a threat; another time, thing or body
    (VOTE, "The council granted the permit of Harbour Robotics in 2019."),
    (VOTE, "The permit of Harbour Robotics covers 34 robots, the council said."),
    (VOTE, "Harbour Robotics thanked the council for its work on the permit."),
    (RISE, "Sales of the Varnway shuttle make up half of its revenue."),
    (FINE, "Ostrel met the regulator on Monday."),
    (RESIGN, "Ada Lorn is chief executive of Ostrel."),
    (SIGN, "The narrators and Ostrel met on June 9."),
    (RESIGN, "Ada Lorn denied that she had resigned as chief executive of Ostrel."),
    (RESIGN, "Shareholders want Ada Lorn to resign as chief executive of Ostrel."),
    (RESIGN, "Ostrel rejected reports that Ada Lorn had resigned as chief executive."),
    (RESIGN, "Ada Lorn reportedly resigned as chief executive of Ostrel, a rumour on X has it."),
    (APPEAL, "Ostrel's lawyers have recommended to appeal the ruling."),
    (APPEAL, "Ostrel has not decided whether to appeal the ruling."),
    (FINE, "The regulator has the power to fine Ostrel more than $2 million."),
    (VOTE, "The council is preparing to suspend the permit of Harbour Robotics."),
    (VOTE, "The council threatened to suspend the permit of Harbour Robotics."),
    (VOTE, "The council began to discuss whether it suspends the permit of Harbour Robotics."),
    (LAUNCH, "Varnway is on track to reopen the Calder line."),
    (LAUNCH, "Varnway promised to reopen the Calder line."),
    (SIGN, "The narrators and Ostrel are close to signing a settlement."),
    (SIGN, "The narrators and Ostrel agreed to negotiate a settlement."),
    (VOTE, "In 2021 the council suspended the permit of Harbour Robotics for a week."),
    (VOTE, "The council suspended the permit of Harbour Taxis."),
    (VOTE, "A committee of the council backed a motion to suspend the permit of Harbour Robotics."),
    (RISE, "Sales of the Varnway shuttle rose in May."),
    (RISE, "Sales of the Varnway shuttle rose in July 2023."),
    (APPEAL, "Ostrel appealed the ruling of 2022 in its first case."),
    (LAUNCH, "Varnway reopened the Stannick line on Wednesday."),
    (LIFT, "The court debated the ban on the shuttles."),
    (LIFT, "The ban on the shuttles, which the court upheld in 2024, covers Averland."),
    (AUDIT, "Eastmere Labs delayed the audit of its model."),
    (AUDIT, "The audit of the Eastmere Labs model runs to 90 pages."),
    (STRIKE, "Passengers fear a strike of the union at the Halden ferries."),
    (PASS, "Parliament heard experts on the bill on facial recognition."),
    (PRICE, "The price of the Cassia plan is 20 crowns."),
    (RULING, "The ruling in the Ostrel case is still awaited."),
]

NOTHING = [(forecast, told, None) for forecast, told in SAID_NOTHING]


@pytest.mark.parametrize(("forecast", "told", "outcome"), SETTLED + SAID_SO + NOTHING)
def test_a_later_sentence_that_seems_to_settle_it_is_proposed(
    forecast: str, told: str, outcome: Outcome | None
) -> None:
    item = an_item("a9", told, published_at=NOON + hours(24 * 50))
    found = forecast_outcomes.propose_outcome(said(forecast), [item], lines(item))
    assert (found and found.outcome) == outcome
    assert found is None or found.passages == ("a9.1",)


def test_what_was_published_before_the_forecast_settles_nothing() -> None:
    item = an_item("a9", "The council suspended the permit of Harbour Robotics.", published_at=NOON)
    assert forecast_outcomes.propose_outcome(said(VOTE), [item], lines(item)) is None


def test_a_retracted_report_settles_nothing() -> None:
    text = "The council suspended the permit of Harbour Robotics."
    wrong = an_item("a8", text, published_at=NOON + hours(30))
    note = an_item(
        "a9",
        "We retract our report that the council suspended the permit of Harbour Robotics.",
        published_at=NOON + hours(40),
    )
    assert forecast_outcomes.propose_outcome(said(VOTE), [wrong, note], lines(wrong)) is None
