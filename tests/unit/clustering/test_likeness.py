"""What two items have in common, in words."""

import datetime as dt

import pytest

from summarizer.clustering.likeness import in_common
from summarizer.domain.items import ItemKey, SourceItem
from tests.support.builders import NOON

AGROUND = "The ferry Aurelia ran aground off Port Harrow with 212 people on board."
RUDDER = "A failed rudder drove the ferry Aurelia aground off Port Harrow; 212 people were saved."
BREAD = "A bakery in Stannick won the prize for its rye bread."


def an_item(key: str, text: str, at: dt.datetime | None = NOON, origin: str = "") -> SourceItem:
    return SourceItem(
        key=ItemKey(key), text=text, platform="news", published_at=at, ingested_at=NOON,
        origin=ItemKey(origin or key),
    )  # fmt: skip


def test_day_names_numbers_and_words_are_told_in_that_order():
    found = in_common(an_item("a1", AGROUND), an_item("a2", RUDDER))
    assert found[0] == "same day"
    assert "Port Harrow" in found[1] and found[1].startswith("both name ")
    assert found[2] == "both give 212"
    assert "aground" in found[3] and "harrow" not in found[3]


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (NOON + dt.timedelta(days=1), "1 day apart"),
        (NOON - dt.timedelta(days=9), "9 days apart"),
    ],
)
def test_items_of_other_days_say_how_far_apart_they_are(other, words):
    assert in_common(an_item("a1", AGROUND), an_item("a2", RUDDER, other))[0] == words


def test_items_that_share_nothing_but_an_unknown_day_have_nothing_in_common():
    assert in_common(an_item("a1", AGROUND, None), an_item("a2", BREAD, None)) == ()


def test_copies_are_called_so():
    copies = an_item("a1", AGROUND), an_item("a2", AGROUND, origin="a1")
    assert in_common(*copies) == ("copies of one text",)
