"""Measures of an incident, whatever verb they are told with."""

import pytest

from summarizer.text.sentences import Span
from summarizer.verification.conflicts.measures import clause, governor, measures


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A ferry sank off Orl, killing 12 people, the coastguard said.", [("deaths", 12)]),
        ("The number of people killed in Orl has risen to 17.", [("deaths", 17)]),
        ("The governor lowered the death toll at the pit to 24.", [("deaths", 24)]),
        ("A bus left the road, killing six people and injuring 30.",
         [("deaths", 6), ("injured", 30)]),
        ("Norda now puts the loss from the hack at $58 million.", [("loss", 58e6)]),
        ("Damage has reached 6.5 million euros.", [("loss", 6.5e6)]),
        ("Velora widened its recall to 112,000 cars after two crashes.", [("recalled", 112_000)]),
        ("Police estimated that 4,000 people joined the march.", [("attendance", 4_000)]),
        ("About 8,000 people fled the town.", [("displaced", 8_000)]),
        ("A wildfire has burned 900 hectares.", [("burned", 900)]),
        ("Police put the number at 4,000.", [("", 4_000)]),
        ("Two of the injured died in hospital.", []),
        ("Five more people died on Monday.", []),
        ("In a similar crash nine people died.", []),
        ("The floods of 1997 killed 60 people.", []),
        ("The dam could kill 300 people.", []),
        ("We retract our report of 41 people killed.", []),
        ("Were 44 people killed?", []),
        ("Nobody knew how 300 pupils got home.", []),
    ],
)  # fmt: skip
def test_a_measure_is_read_by_its_grammar(text: str, found: list[tuple[str, float]]) -> None:
    assert [(m.axis, m.number.value) for m in measures(text)] == found


def test_a_number_of_another_verb_is_known_by_its_verb() -> None:
    sent, treated = "300 pupils were sent home.", "24 pupils were treated."
    assert (governor(sent, Span(0, 3)), governor(treated, Span(0, 2))) == ("send", "treat")


def test_the_clause_of_a_number_stands_alone() -> None:
    text = "The regulator said it was late and that the operator had taken 3.1 seconds to brake."
    start = text.index("3.1")
    assert clause(text, Span(start, start + 3)) == "the operator had taken … seconds to brake"
