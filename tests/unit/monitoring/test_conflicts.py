"""Where sources differ: found among independent origins, each with its passage verbatim."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.items import SourceItem
from summarizer.monitoring import conflicts
from summarizer.rendering import phrases
from tests.support.builders import NOON, a_pack, an_item, hours

HURT = "{} people were hurt when the shuttle struck the kerb in Calder Street."


def item(n: int, text: str, outlet: str, **fields: Any) -> SourceItem:
    when = {"published_at": NOON + hours(n)}
    return an_item(f"a{n}", text, **({"outlet": outlet} | when | fields))


POST = item(1, f"It was late. {HURT.format(41)}", "Stannick Post")
LEDGER = item(2, HURT.format(44), "Harbor Ledger")


def test_both_values_stand_beside_their_passages() -> None:
    (found,) = conflicts.find_conflicts(a_pack(POST, LEDGER))
    assert [(t.value, t.source, t.passage) for t in found.tellings] == [
        ("41", "Stannick Post", "a1.1"),
        ("44", "Harbor Ledger", "a2.1"),
    ]
    assert found.kind == "number"
    assert all(t.text[t.start : t.end] == t.value for t in found.tellings)
    assert found.tellings[0].text == POST.text


def test_a_source_that_differs_from_itself_says_on_which_day_it_said_what() -> None:
    later = item(2, HURT.format(39), "Stannick Post", published_at=NOON + hours(24))
    (found,) = conflicts.find_conflicts(a_pack(POST, later))
    assert phrases.differ(found.tellings) == (
        "Sources differ: 41 (Stannick Post, May 1, 2026), 39 (Stannick Post, May 2, 2026)."
    )
    (others,) = conflicts.find_conflicts(a_pack(POST, LEDGER))
    assert phrases.differ(others.tellings) == (
        "Sources differ: 41 (Stannick Post), 44 (Harbor Ledger)."
    )


def test_a_duration_in_two_units_is_shown_whole() -> None:
    lasted = "The outage of the shuttles in Calder Street lasted {}."
    one = item(1, lasted.format("4 hours and 12 minutes"), "Stannick Post")
    other = item(2, lasted.format("5 hours and 52 minutes"), "Harbor Ledger")
    (found,) = conflicts.find_conflicts(a_pack(one, other))
    assert [t.value for t in found.tellings] == ["4 hours and 12 minutes", "5 hours and 52 minutes"]


def test_three_values_of_one_slot_are_one_disagreement() -> None:
    sun = item(3, HURT.format(47), "Evening Sun")
    (found,) = conflicts.find_conflicts(a_pack(POST, LEDGER, sun))
    assert [t.value for t in found.tellings] == ["41", "44", "47"]


def test_who_gives_the_same_value_is_named_too() -> None:
    sun = item(3, HURT.format(44), "Evening Sun")
    (found,) = conflicts.find_conflicts(a_pack(POST, LEDGER, sun))
    assert [(t.value, t.source) for t in found.tellings] == [
        ("41", "Stannick Post"),
        ("44", "Harbor Ledger"),
        ("44", "Evening Sun"),
    ]


@pytest.mark.parametrize(
    "other",
    [
        item(2, HURT.format(44), "Harbor Ledger", origin="a1"),
        item(2, HURT.format(41), "Harbor Ledger"),
        item(2, "44 people were arrested in Calder Street.", "Harbor Ledger"),
    ],
    ids=["a copy", "the same value", "another slot"],
)
def test_there_is_none_where_no_independent_source_gives_another(other: SourceItem) -> None:
    assert conflicts.find_conflicts(a_pack(POST, other)) == ()


def test_what_was_taken_back_is_no_voice() -> None:
    note = item(3, "We retract our report of 44 people hurt in Calder Street.", "Harbor Ledger")
    assert conflicts.find_conflicts(a_pack(POST, LEDGER, note)) == ()


def test_a_day_is_read_from_when_it_was_written() -> None:
    told = "The council suspended the permit of the shuttle on {}."
    one = item(1, told.format("Monday"), "Stannick Post")
    same = item(2, told.format("April 27"), "Harbor Ledger")
    other = item(3, told.format("April 29"), "Evening Sun")
    assert conflicts.find_conflicts(a_pack(one, same)) == ()
    (found,) = conflicts.find_conflicts(a_pack(one, other))
    assert (found.kind, [t.value for t in found.tellings]) == ("date", ["Monday", "April 29"])


def test_a_count_that_grew_meanwhile_is_no_disagreement_and_one_that_shrank_is() -> None:
    next_day = item(30, HURT.format(44), "Harbor Ledger")
    assert conflicts.find_conflicts(a_pack(POST, next_day)) == ()
    lower = item(30, HURT.format(39), "Harbor Ledger")
    (found,) = conflicts.find_conflicts(a_pack(POST, lower))
    assert [t.value for t in found.tellings] == ["41", "39"]


@pytest.mark.parametrize("changed", ["rose to 44", "climbed to at least 44", "now stands at 44"])
def test_a_figure_that_is_told_as_changed_differs_from_no_earlier_one(changed: str) -> None:
    told = "The toll {} people hurt when the shuttle struck the kerb in Calder Street."
    one = item(1, told.format("was 41"), "Stannick Post")
    assert conflicts.find_conflicts(a_pack(one, item(2, told.format("was 44"), "Harbor Ledger")))
    assert (
        conflicts.find_conflicts(a_pack(one, item(2, told.format(changed), "Harbor Ledger"))) == ()
    )


@pytest.mark.parametrize(
    "passed_on",
    [
        "According to the Harbor Ledger, {}",
        "The Harbor Ledger reported that {}",
        "The Harbor Ledger first reported that {}",
    ],
)
def test_an_outlet_that_passes_on_anothers_figure_is_no_voice_of_its_own(passed_on: str) -> None:
    said = HURT.format(44).replace("people", "passengers")
    ledger = item(2, "No figure was given.", "Harbor Ledger")
    sun = item(3, passed_on.format(said), "Evening Sun")
    own = item(1, said.replace("44", "41"), "Stannick Post")
    assert conflicts.find_conflicts(a_pack(own, ledger, sun)), "nobody else gives it"
    ledger = item(2, said, "Harbor Ledger")
    (found,) = conflicts.find_conflicts(a_pack(own, ledger, sun))
    assert [t.source for t in found.tellings] == ["Stannick Post", "Harbor Ledger"]


@given(st.lists(st.integers(2, 99), min_size=1, max_size=4))
def test_every_telling_is_verbatim_and_nothing_agreed_is_shown(counts: list[int]) -> None:
    items = [item(n, HURT.format(c), f"Outlet {n}") for n, c in enumerate(counts, start=1)]
    texts = {i.key: i.text for i in items}
    found = conflicts.find_conflicts(a_pack(*items))
    assert bool(found) == (len(set(counts)) > 1)
    for disagreement in found:
        assert len({t.value for t in disagreement.tellings}) > 1
        for t in disagreement.tellings:
            assert texts[t.item] == t.text
            assert t.text[t.start : t.end] == t.value
