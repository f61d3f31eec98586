"""The criterion of a forecast: something that a reader can look up."""

import datetime as dt

import pytest

from summarizer.domain.claims import Claim, Kind
from summarizer.verification.checks import forecast_criteria
from summarizer.verification.evidence import EvidenceIndex
from tests.support.builders import a_pack, an_item

LIBRARY = EvidenceIndex(
    a_pack(
        an_item(
            "a1",
            "Meridian is expected to report to the ministry of transport by June 2026.\n"
            "Stannick's council is to vote on 7 October on whether to end its contract.\n"
            "Marta Ruiz, who runs Meridian, denied any fault.",
        ),
        an_item("a2", "Meridian bribed Otto Lund, the chief inspector, with $4 million."),
    )
)


def failed(criterion: str, cite: str = "a1.1") -> list[str]:
    claim = Claim(
        text="Meridian may report to the ministry by June.",
        cites=(cite,),
        kind=Kind.PREDICTION,
        date=dt.date(2026, 6, 30),
        criterion=criterion,
    )
    return [f.reason for f in forecast_criteria.criterion(claim, LIBRARY.grounds(claim.cites))]


@pytest.mark.parametrize(
    "criterion",
    [
        "The ministry publishes the report of Meridian.",
        "Meridian or the ministry says that the report was filed.",
        "Minutes of the council's meeting show a vote on the contract.",
        "A notice in the Federal Register lists the recall.",
        "Kestrel announces the sale.",
        "Kestrel has published a ruling on the sale.",
        "A filing shows that Kestrel asked for a licence.",
        "The council or Ruiz's lawyer has said that Ruiz came before the council.",
        "A court has sentenced Otto Lund.",
        "The account @meridian posts a further recall.",
        "The monthly figures show fewer than 14 fires.",
        "a public report or record shows that what the sentence announces happened.",
    ],
)
def test_a_criterion_with_something_to_look_up_passes_in_whatever_words(criterion):
    assert failed(criterion) == []


@pytest.mark.parametrize(
    "criterion",
    ["it comes true.", "things get better for the riders.", "people are happier by then.", "x"],
)
def test_a_criterion_that_nobody_can_look_up_fails(criterion):
    (reason,) = failed(criterion)
    assert "look up" in reason


@pytest.mark.parametrize(
    "criterion",
    [
        "Kestrel knew of the fault and hid records.",
        "The record is public. Kestrel paid the ministry.",
        "the report was falsified by Kestrel.",
    ],
)
def test_a_criterion_that_tells_what_was_fails(criterion):
    (reason,) = failed(criterion)
    assert "what happened" in reason
