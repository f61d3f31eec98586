"""Where sources differ: found among independent origins, each with its passage verbatim."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain.findings import Disagreement
from summarizer.domain.items import SourceItem
from summarizer.rendering import phrases
from summarizer.rendering.schema import Telling
from summarizer.verification.conflicts import disagreements as conflicts
from tests.support.builders import NOON, a_pack, an_item, hours

HURT = "{} people were hurt when the shuttle struck the kerb in Calder Street."


def item(n: int, text: str, outlet: str, **fields: Any) -> SourceItem:
    when = {"published_at": NOON + hours(n)}
    return an_item(f"a{n}", text, **({"outlet": outlet} | when | fields))


def in_words(found: Disagreement) -> str:
    """The line of a disagreement on the page."""
    tellings = [Telling(**telling.model_dump()) for telling in found.tellings]
    return phrases.differ(found.fact, tellings, found.updated)


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
    assert in_words(found) == (
        "Updated: “… people were hurt when the shuttle struck the kerb in Calder Street”: "
        "41 (Stannick Post, May 1, 2026), 39 (newest: Stannick Post, May 2, 2026)."
    )
    sun = item(3, f"{HURT.format(44)[:-1]}, Otto Vane said.", "Evening Sun", published_at=None)
    (others,) = conflicts.find_conflicts(a_pack(POST, sun))
    assert in_words(others).endswith(
        "41 (Stannick Post, May 1, 2026), 44 (Otto Vane in Evening Sun)."
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


@pytest.mark.parametrize(
    ("other", "differ"),
    [
        ("The court sentenced Ada Lorn for fraud at the Dresk mill on Thursday.", False),
        ("The court convicted Ada Lorn of fraud at the Dresk mill on Thursday.", True),
    ],
)
def test_days_of_two_acts_do_not_differ(other: str, differ: bool) -> None:
    said = "The court convicted Ada Lorn of fraud at the Dresk mill on Tuesday."
    pack = a_pack(item(1, said, "Stannick Post"), item(200, other, "Harbor Ledger"))
    assert bool(conflicts.find_conflicts(pack)) is differ


def test_a_count_that_grew_meanwhile_is_an_update_and_one_that_shrank_a_difference() -> None:
    next_day = item(30, HURT.format(44), "Harbor Ledger")
    (found,) = conflicts.find_conflicts(a_pack(POST, next_day))
    assert found.updated
    lower = item(30, HURT.format(39), "Harbor Ledger")
    (found,) = conflicts.find_conflicts(a_pack(POST, lower))
    assert [t.value for t in found.tellings] == ["41", "39"]
    assert not found.updated


@pytest.mark.parametrize("changed", ["rose to 44", "climbed to at least 44", "now stands at 44"])
def test_a_figure_that_is_told_as_changed_updates_the_earlier_one(changed: str) -> None:
    told = "The toll {} people hurt when the shuttle struck the kerb in Calder Street."
    one = item(1, told.format("was 41"), "Stannick Post")
    for words, updated in (("was 44", False), (changed, True)):
        other = item(2, told.format(words), "Harbor Ledger")
        (found,) = conflicts.find_conflicts(a_pack(one, other))
        assert found.updated is updated


BRAKED = item(1, "The operator braked within 1.8 seconds, Varnway said.", "Stannick Post")


@pytest.mark.parametrize(
    ("later", "values", "updated"),
    [
        # Worded otherwise, but the value that it corrects is the same.
        ("The operator had taken 3.1 seconds to brake, not 1.8, the regulator found.",
         ["1.8", "3.1"], False),
        ("Varnway corrected the time in which its operator braked from 1.8 seconds to 3.1 seconds.",
         ["1.8", "3.1"], True),
        ("The operator braked within 1.8 seconds, not within 3.1.", [], False),
        ("Shuttles of this kind brake from 1.8 to 3.1 seconds, the operator said.", [], False),
        ("The council took 3.1 hours to vote, not 1.8.", [], False),
    ],
)  # fmt: skip
def test_a_value_that_a_later_sentence_corrects(later, values, updated) -> None:
    found = conflicts.find_conflicts(a_pack(BRAKED, item(2, later, "Varnway")))
    assert [t.value for one in found for t in one.tellings] == values
    assert any(one.updated for one in found) is updated


def test_the_newest_value_is_marked_with_who_gives_it_and_for_what() -> None:
    later = item(2, "The operator had taken 3.1 seconds to brake, not 1.8, ARSA said.", "Post")
    (found,) = conflicts.find_conflicts(a_pack(BRAKED, later))
    assert found.newest is not None
    assert (found.newest.value, found.newest.speaker) == ("3.1", "ARSA")
    assert [(t.value, t.speaker) for t in found.superseded] == [("1.8", "Varnway")]
    assert found.fact == "The operator had taken … seconds to brake, not 1.8, ARSA said"


@pytest.mark.parametrize("when", [None, NOON + hours(1)], ids=["undated", "at the same time"])
def test_of_values_without_an_order_none_is_the_newest(when) -> None:
    other = item(2, HURT.format(44), "Harbor Ledger", published_at=when)
    (found,) = conflicts.find_conflicts(a_pack(POST, other))
    assert found.newest is None
    assert found.superseded == ()


def test_what_an_outsider_measured_stands_beside_what_a_company_corrected() -> None:
    lasted = "{} lasted {}."
    found = conflicts.find_conflicts(
        a_pack(
            item(1, lasted.format("The outage", "4 hours and 12 minutes"), "Acme"),
            item(2, lasted.format("The failure at Acme", "6 hours and 46 minutes"), "Post"),
            item(3, lasted.format("The incident", "5 hours and 52 minutes"), "Acme"),
        )
    )
    ((told),) = found
    assert [(t.value[:7], t.superseded, t.newest) for t in told.tellings] == [
        ("4 hours", True, False),
        ("6 hours", False, False),
        ("5 hours", False, True),
    ]
    assert not told.updated


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


TOLLS = (
    item(1, "A ferry sank off Pellworth, killing 12 people, the coastguard said.", "Post"),
    item(9, "The number of people killed off Pellworth has risen to 17.", "Ledger"),
    item(30, "Nineteen people died off Pellworth when the ferry sank.", "Sun"),
)


def test_a_toll_that_grows_is_one_fact_whatever_verb_tells_it() -> None:
    (found,) = conflicts.find_conflicts(a_pack(*TOLLS))
    assert found.updated
    assert found.newest is not None
    assert found.newest.value == "Nineteen"
    assert [t.value for t in found.superseded] == ["12", "17"]


COUNTS = [
    ("Organisers said 10,000 people took part in the march in Harrow.",
     "Police put the number at 4,000.", ["10,000", "4,000"]),
    ("About 8,000 people fled the town of Kasra, the aid group Open Road said.",
     "The ministry said 1,500 people had left the town of Kasra.", ["8,000", "1,500"]),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "told"), COUNTS)
def test_two_parties_that_count_differ_also_in_one_report(
    one: str, other: str, told: list[str]
) -> None:
    (found,) = conflicts.find_conflicts(a_pack(item(1, f"{one}\n{other}", "Echo")))
    assert [t.value for t in found.tellings] == told
    assert not found.updated


NO_CONFLICT = [
    ("About 300 pupils were sent home from the Tilbury school after a gas leak.",
     "Two dozen pupils were treated at the Tilbury school after a gas leak."),
    ("A storm cut off power to 5,000 homes in the Vell valley.",
     "Power in the Vell valley was restored to all but 300 homes."),
    ("A bus crash near Ilmar killed six people.", "Two more people died after the crash in Ilmar."),
    ("A fire in Orl killed six people.", "A flood in Rix killed nine people."),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), NO_CONFLICT)
def test_counts_of_other_things_or_parts_are_no_conflict(one: str, other: str) -> None:
    assert conflicts.find_conflicts(a_pack(item(1, one, "Post"), item(9, other, "Sun"))) == ()


def test_a_fact_is_a_whole_clause_with_dates_in_place_of_days() -> None:
    told = (
        "The regulator said on Monday that the shuttle had been late, that nobody had looked at its"
        " papers for a year, and that the operator had taken {} seconds to brake."
    )
    items = [item(n, told.format(s), o) for n, s, o in ((1, 3.1, "Post"), (2, 1.8, "Sun"))]
    (found,) = conflicts.find_conflicts(a_pack(*items))
    assert found.fact == "The operator had taken … seconds to brake"
    short = "Norda said on Tuesday that {} people were hurt in Calder Street."
    items = [item(n, short.format(c), o) for n, c, o in ((1, 41, "Post"), (2, 44, "Sun"))]
    (found,) = conflicts.find_conflicts(a_pack(*items))
    assert found.fact.startswith("Norda said on April 28, 2026, that")
