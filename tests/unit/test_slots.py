"""Two sentences that give one slot different values, and those that only look like it."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.faithfulness import slots

DAY = dt.date(2026, 5, 8)  # a Friday

DIFFERING = [
    ("41 people were hurt in the fire.", "44 people were hurt in the fire.", "41", "44"),
    (
        "Police said 41 passengers were injured when the shuttle struck the kerb.",
        "The operator said that 44 passengers were injured when the shuttle struck the kerb.",
        "41",
        "44",
    ),
    (
        "The regulator fined Varnway $2 million for the crash.",
        "Varnway was fined $3 million by the regulator for the crash.",
        "$2 million",
        "$3 million",
    ),
    (
        "The outage at Stratoquay lasted 52 minutes on Tuesday.",
        "On Tuesday the Stratoquay outage lasted 49 minutes.",
        "52",
        "49",
    ),
    (
        "Two people were injured on the Calder Street crossing.",
        "Three people were injured on the Calder Street crossing.",
        "Two",
        "Three",
    ),
    (
        "Some 1,200 narrators signed the letter to Ostrel.",
        "The letter to Ostrel was signed by 2,100 narrators.",
        "1,200",
        "2,100",
    ),
    (
        "The company laid off 12% of its staff in Northport.",
        "The company laid off 15% of its staff in Northport.",
        "12%",
        "15%",
    ),
    (
        "The fire killed 44 people, not 41 as first reported.",
        "The fire killed 41 people.",
        "44",
        "41",
    ),
    (
        "The council suspended the permit of Harbour Robotics on May 4.",
        "The council suspended the permit of Harbour Robotics on May 6.",
        "May 4",
        "May 6",
    ),
    (
        "The shuttle hit two people in Calder Street on Monday.",
        "The shuttle hit two people in Calder Street on Tuesday.",
        "Monday",
        "Tuesday",
    ),
    (
        "The fault was found by an engineer at Harbour Robotics in March.",
        "The fault was found by an engineer at Eastmere Labs in March.",
        "Harbour Robotics",
        "Eastmere Labs",
    ),
    (
        "In the crash Imke Sorley drove the second shuttle along the quay.",
        "In the crash Ewan Dalrigg drove the second shuttle along the quay.",
        "Imke Sorley",
        "Ewan Dalrigg",
    ),
]

ALIKE_ONLY = [
    # another thing is counted
    ("41 people were hurt in the fire.", "12 people were arrested after the fire."),
    ("41 people were hurt in the fire.", "12 firefighters were hurt in the fire."),
    # the same number, worded otherwise
    ("41 people were hurt in the fire.", "Forty-one people were hurt in the fire."),
    ("About 40 people were hurt in the fire.", "41 people were hurt in the fire."),
    ("At least 41 people were hurt in the fire.", "44 people were hurt in the fire."),
    ("More than 1,000 narrators signed the letter.", "1,200 narrators signed the letter."),
    ("The regulator fined Varnway $2 million.", "The regulator fined Varnway $2.4 million."),
    ("The fine was $2 million.", "The fine was $2,000,000."),
    ("The outage lasted 60 minutes.", "The outage lasted one hour."),
    # another place, subject or part
    ("In Eastmere 41 people were hurt in the fire.", "In Calder 44 people were hurt in the fire."),
    ("Varnway runs 34 shuttles in Stannick.", "Ostrel runs 12 shuttles in Stannick."),
    ("41 men were hurt in the fire.", "44 women were hurt in the fire."),
    ("41 people were hurt in the fire.", "Another 12 people were hurt in the fire."),
    ("Sales rose 12% in the first quarter.", "Sales rose 15% in the second quarter."),
    ("The fire killed 41 people.", "The fire injured 44 people."),
    ("Varnway made a profit of $2 million.", "Varnway made a loss of $3 million."),
    # another day or hour
    (
        "On May 4 the shuttles carried 1,200 passengers.",
        "On May 5 the shuttles carried 1,400 passengers.",
    ),
    ("By 8:00 am 41 people were hurt.", "By 11:30 am 44 people were hurt."),
    # only possible, asked for or denied
    ("The fine could reach $5 million.", "The regulator imposed a fine of $2 million."),
    ("Varnway offered $5 million to the victims.", "Varnway paid $2 million to the victims."),
    ("No more than 41 people were hurt.", "44 people were expected to be hurt."),
    # a range that holds it, a share of a whole
    ("Between 40 and 50 people were hurt.", "44 people were hurt."),
    ("41 of the 60 people on board were hurt.", "41 people on board were hurt."),
    # taken back in the same breath
    ("41 people were hurt, not 44 as first reported.", "41 people were hurt."),
    # names of things, ordinals, lists
    ("GPT-4 wrote the letter.", "GPT-5 wrote the letter."),
    ("It was the 3rd crash of the shuttle.", "It was the 4th crash of the tram."),
    # the same day, named otherwise; days of different events
    (
        "The council suspended the permit on May 4.",
        "The council suspended the permit on Monday.",
    ),
    (
        "The council suspended the permit on May 4.",
        "The court heard the appeal against the ban on May 6.",
    ),
    (
        "Varnway will suspend the service in Stannick on May 12.",
        "Varnway suspended the service in Stannick on May 4.",
    ),
    # two people may say the same
    (
        "Imke Sorley said the shuttle did not slow before the crossing.",
        "Ewan Dalrigg said the shuttle did not slow before the crossing.",
    ),
    ("The report was written by Ada Lind.", "The report was read by Jonas Weil in court."),
]


@pytest.mark.parametrize(("one", "other", "mine", "theirs"), DIFFERING)
def test_two_values_of_one_slot_are_found(one: str, other: str, mine: str, theirs: str) -> None:
    found = slots.differing(one, other, DAY, DAY)
    assert [
        (one[d.one.start : d.one.end].strip(), other[d.other.start : d.other.end].strip())
        for d in found
    ] == [(mine, theirs)]


@pytest.mark.parametrize(("one", "other"), ALIKE_ONLY)
def test_what_only_looks_like_it_is_passed_over(one: str, other: str) -> None:
    assert slots.differing(one, other, DAY, DAY) == []
    assert slots.differing(other, one, DAY, DAY) == []


SENTENCES = [s for row in DIFFERING for s in row[:2]] + [s for row in ALIKE_ONLY for s in row]


@given(st.sampled_from(SENTENCES))
def test_no_sentence_differs_from_itself(sentence: str) -> None:
    assert slots.differing(sentence, sentence, DAY, DAY) == []


@given(st.sampled_from(SENTENCES), st.sampled_from(SENTENCES))
def test_it_is_the_same_the_other_way_round(one: str, other: str) -> None:
    there = {(d.kind, d.one, d.other) for d in slots.differing(one, other, DAY, DAY)}
    back = {(d.kind, d.other, d.one) for d in slots.differing(other, one, DAY, DAY)}
    assert there == back
