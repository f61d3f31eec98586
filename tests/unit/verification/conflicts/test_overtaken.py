"""Announcements that a later source calls off, moves or tells as past."""

import datetime as dt

import pytest

from summarizer.verification.conflicts.overtaken import ended_since, endings, is_over, overtaken
from tests.support.builders import NOON, a_pack, an_item, hours

PLAN = "Norda will launch the probe on 20 May."
OFF = an_item("a2", "Norda cancelled the launch of the probe planned for 20 May.",
              published_at=NOON + hours(30))  # fmt: skip


def test_a_later_passage_overtakes_a_plan() -> None:
    pack = a_pack(an_item("a1", PLAN, published_at=NOON), OFF)
    found = overtaken(PLAN, ["a1.1"], pack)
    assert found is not None
    assert found.id == "a2.1"


def test_a_later_passage_tells_the_end_of_a_state() -> None:
    missing = "Three hikers were missing in the Alm valley."
    found = an_item("a2", "The three hikers who had been missing were found safe on Friday.",
                    published_at=NOON + hours(30))  # fmt: skip
    pack = a_pack(an_item("a1", missing, published_at=NOON), found)
    end = overtaken(missing, ["a1.1"], pack)
    assert end is not None
    assert end.id == "a2.1"


def test_what_has_begun_is_no_lasting_state_but_has_ended_since() -> None:
    begun, over = "Dresk banned fireworks.", "A court overturned the ban on fireworks."
    pack = a_pack(
        an_item("a1", begun, published_at=NOON),
        an_item("a2", over, published_at=NOON + hours(30)),
    )
    end = ended_since(begun, ["a1.1"], pack)
    assert end is not None
    assert end.id == "a2.1"
    assert overtaken(begun, ["a1.1"], pack) is None
    assert endings(pack) == {"a2.1"}
    assert ended_since(over, ["a2.1"], pack) is None


def test_an_earlier_or_undated_passage_overtakes_nothing() -> None:
    again = an_item("a1", PLAN, published_at=NOON + hours(60))
    undated = an_item("a1", PLAN, published_at=None)
    assert overtaken(PLAN, ["a1.1"], a_pack(again, OFF)) is None
    assert overtaken(PLAN, ["a1.1"], a_pack(undated, OFF)) is None


@pytest.mark.parametrize(
    ("text", "over"),
    [
        ("The council will meet on 9 July.", True),
        ("The council met on 9 July.", False),
        ("The council will meet on 9 September.", False),
    ],
)
def test_what_will_be_on_a_day_that_has_passed_is_over(text: str, over: bool) -> None:
    assert is_over(text, dt.date(2026, 7, 1), dt.date(2026, 7, 12)) is over
