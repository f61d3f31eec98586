import datetime as dt

import numpy as np
import pytest

from summarizer.clustering import fingerprint
from summarizer.clustering.features import read
from summarizer.clustering.fingerprint import ItemFingerprint
from summarizer.clustering.pair_features import NAMES, PairFeatures
from tests.support.builders import NOON

AGROUND = (
    "The ferry Aurelia ran aground off Port Harrow on Thursday with 212 people on board, and "
    "Edda Marlow, 27, of North Quay Street was hurt, the operator Nordkai Lines said."
)
DIVERS = (
    "Divers of Nordkai Lines looked at the hull of the Aurelia off Port Harrow before tugs "
    "pulled the ferry and its 212 empty seats into the harbour at high tide in the evening."
)
BAKERY = (
    "A bakery in Stannick won the regional prize for rye bread for the third year, and its "
    "baker thanked the jury for praising a sour crust made with flour from a single mill."
)


def an_imprint(
    text: str, *, title: str = "", url: str | None = None, day: float | None = 0, towards: int = 0
) -> ItemFingerprint:
    """The imprint of an item whose heading's vector points along one axis."""
    published = None if day is None else NOON + dt.timedelta(days=day)
    vector = np.eye(8, dtype=np.float32)[towards]
    return fingerprint.of(read(title, text, url, published), vector)


def compared(one: ItemFingerprint, other: ItemFingerprint) -> dict[str, float]:
    """The features of a pair."""
    features = PairFeatures()
    features.add(1, other)
    (row,) = features.compare(one).features
    return dict(zip(NAMES, row.tolist(), strict=True))


def test_one_story_shares_names_words_and_numbers_and_another_shares_none():
    same = compared(an_imprint(DIVERS), an_imprint(AGROUND))
    other = compared(an_imprint(BAKERY), an_imprint(AGROUND))
    shared = ("words", "names", "full_names", "numbers", "known_words", "shared_names")
    assert all(same[name] > other[name] for name in shared)
    assert other["names"] == other["numbers"] == other["shared_names"] == 0


def test_headings_that_point_one_way_mean_more_alike():
    near = compared(an_imprint(DIVERS), an_imprint(AGROUND))["meaning"]
    far = compared(an_imprint(DIVERS, towards=1), an_imprint(AGROUND))["meaning"]
    assert far < 0 < near <= 1


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (0, 0, {"days_apart": 0, "weeks_apart": 0, "same_day": 1, "undated": 0}),
        (0, 1, {"days_apart": np.log(2), "same_day": 1}),
        (0, 2, {"days_apart": np.log(3), "weeks_apart": 0, "same_day": 0}),
        (31, 0, {"days_apart": np.log(32), "weeks_apart": np.log(32) - np.log(8)}),
        (0, None, {"days_apart": 0, "same_day": 0, "undated": 1}),
        (None, None, {"same_day": 0, "undated": 1}),
    ],
)
def test_days_between_two_items(one, other, expected):
    found = compared(an_imprint(DIVERS, day=one), an_imprint(AGROUND, day=other))
    assert {name: found[name] for name in expected} == pytest.approx(expected)


PROFIT = (
    "{0} said on Monday that its profit for the quarter rose {1} percent from a year earlier. "
    "Sales were helped by strong demand, {2} said, and the company kept its forecast for the year."
)


def test_texts_of_one_template_share_a_frame_and_neither_names_nor_numbers():
    veltra = an_imprint(PROFIT.format("Veltra", "12", "Ona Rusk"))
    kessel = an_imprint(PROFIT.format("Kessel Foods", "9", "Tomas Brill"))
    again = an_imprint(
        "The profit of Veltra rose 12 percent in the quarter, Ona Rusk told analysts."
    )
    alike, one_event = compared(kessel, veltra), compared(again, veltra)
    assert alike["frame"] > 0.9 > one_event["frame"] > 0
    for name in ("frame_of_other_lead_names", "frame_of_other_numbers"):
        assert alike[name] > 0.5 > one_event[name]


YOUNG = "Edda Marlow, 27, was hurt on North Quay Street on Thursday."
OLD = "A man, 71, was hurt on Mill Lane on Monday."


@pytest.mark.parametrize("slot", ["age", "street", "event_day", "outlet"])
@pytest.mark.parametrize(
    ("text", "host", "same", "other"),
    [(YOUNG, "a.example", 1, 0), (OLD, "b.example", 0, 1), ("Somebody was hurt.", None, 0, 0)],
)
def test_a_slot_is_filled_with_the_same_or_another_or_neither(slot, text, host, same, other):
    one = an_imprint(YOUNG, url="https://a.example/x")
    found = compared(an_imprint(text, url=host and f"https://{host}/y"), one)
    assert (found[f"same_{slot}"], found[f"other_{slot}"]) == (same, other)


@pytest.mark.parametrize(
    ("one", "other", "copy"),
    [(AGROUND, AGROUND, True), (AGROUND, DIVERS, False), ("Markets close lower.",) * 2 + (False,)],
)
def test_a_copy_has_the_same_words_and_enough_of_them(one, other, copy):
    features = PairFeatures()
    features.add(1, an_imprint(other))
    assert features.compare(an_imprint(one)).copy.tolist() == [copy]


def test_a_pair_is_short_where_either_is():
    long = " ".join((AGROUND, DIVERS))
    features = PairFeatures()
    features.add(1, an_imprint(long))
    features.add(2, an_imprint("Ferry Aurelia aground"))
    assert features.compare(an_imprint(long)).short.tolist() == [False, True]
    assert features.compare(an_imprint("Ferry Aurelia")).short.tolist() == [True, True]


def test_the_order_in_which_items_came_changes_no_feature():
    known = [(1, an_imprint(AGROUND)), (2, an_imprint(BAKERY, towards=1)), (3, an_imprint(DIVERS))]
    forward, backward = PairFeatures(), PairFeatures()
    for number, imprint in known:
        forward.add(number, imprint)
    for number, imprint in reversed(known):
        backward.add(number, imprint)
    one, other = (f.compare(an_imprint(DIVERS, day=2)) for f in (forward, backward))
    assert one.numbers.tolist() == other.numbers.tolist() == [1, 2, 3]
    assert np.array_equal(one.features, other.features)
    assert forward.table.texts == 3


def test_many_items_are_narrowed_to_those_most_alike():
    features = PairFeatures()
    for number in range(200):
        features.add(number, an_imprint(f"{BAKERY} {number}", towards=1))
    features.add(200, an_imprint(AGROUND))
    found = features.compare(an_imprint(DIVERS)).numbers
    assert 200 in found
    assert len(found) < 100
