"""The criterion of a forecast: what a reader may look up, and what would be told with it."""

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
    ("criterion", "cite"),
    [
        ("The ministry publishes the report of Meridian.", "a1.1"),
        ("A report by Meridian is on the ministry's website by 30 June 2026.", "a1.1"),
        ("Meridian or the ministry says that the report was filed.", "a1.1"),
        ("Minutes of the council's meeting show a vote on the contract.", "a1.2"),
        ("Stannick's council votes to end the contract.", "a1.2"),
        ("Marta Ruiz or the ministry announces the report.", "a1.1"),
        ("a public report or record shows that what the sentence announces happened.", "a1.1"),
        ("Someone says so.", "a1.1"),
    ],
)
def test_a_criterion_in_words_of_the_evidence_and_of_records_passes(criterion, cite):
    assert failed(criterion, cite) == []


@pytest.mark.parametrize(
    ("criterion", "word"),
    [
        ("Meridian bribed Otto Lund, the chief inspector.", "bribed"),
        ("A public record says: Meridian bribed the inspector.", "bribed"),
        ("The ministry publishes that $4 million was paid.", "4"),
        ("The ministry publishes the report by 14 July 2026.", "14"),
        ("Kestrel announces the report.", "Kestrel"),
        ("Meridian Bribed The Ministry publicly.", "Bribed"),
        ("A verdict finds Meridian guilty of manslaughter.", "guilty"),
    ],
)
def test_a_criterion_that_states_a_fact_of_its_own_fails(criterion, word):
    (reason,) = failed(criterion)
    assert f'"{word}"' in reason


def test_without_a_passage_there_is_nothing_to_hold_a_criterion_against():
    assert failed("Meridian bribed Otto Lund.", "a9.9") == []
