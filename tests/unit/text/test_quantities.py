import pytest

from summarizer.text.ordinal_words import ordinal_value
from summarizer.text.quantities import quantities
from summarizer.text.spelled import ordinals, shares


@pytest.mark.parametrize(
    ("text", "value", "measure", "per"),
    [
        ("It drifted 12 nautical miles.", 12, "length", None),
        ("It did 90 km/h.", 90, "length", "time"),
        ("It burned 3 square kilometres.", 3, "area", None),
        ("It makes 5 kWh.", 5, "energy", None),
        ("It was minus 7°C.", -7, "temperature", None),
        ("It costs 9 euros per litre.", 9, None, "volume"),
        ("It sold 12 lakh shares.", 1.2e6, None, None),
        ("It sold 12 grey cars.", 12, None, None),
        ("A 5G mast fell.", 5, None, None),
        ("Some 300 miles and 12 boats a day were counted.", 300, "length", None),
    ],
)
def test_a_number_has_the_unit_and_the_rate_behind_it(text, value, measure, per):
    first = quantities(text)[0]
    assert first.value == value
    assert (first.unit.measure if first.unit else None) == measure
    assert (first.per.measure if first.per else None) == per


@pytest.mark.parametrize(
    ("text", "bound", "sign"),
    [
        ("Prices rose by nearly 4%.", -1, 1),
        ("Prices fell just over 4%.", 1, -1),
        ("No more than 40 came.", -1, 0),
        ("No fewer than 40 came.", 1, 0),
        ("It went up to 40.", 0, 0),
        ("About 40 came.", 0, 0),
    ],
)
def test_a_number_has_the_bound_and_the_direction_before_it(text, bound, sign):
    (only,) = quantities(text)
    assert (only.bound, only.sign) == (bound, sign)


def test_a_number_with_invisible_characters_keeps_its_span():
    text = "It cut 1\u200b2 jobs."
    (only,) = quantities(text)
    assert only.value == 12
    assert text[only.start : only.end] == "1\u200b2"


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("Half of the flats failed.", [50]),
        ("Two thirds of them left.", [200 / 3]),
        ("It fell by a quarter.", [25]),
        ("3 out of 10 came.", [30]),
        ("A third man came in a quarter.", [25]),
        ("Half an hour passed in the second half of May.", []),
        ("Ten in five came.", []),
    ],
)
def test_shares_are_read_in_words(text, percent):
    assert [share.percent for share in shares(text)] == pytest.approx(percent)


def test_ordinals_number_the_word_behind_them_or_a_rank():
    found = ordinals("It ranked second in the 3rd quarter, on the fourth of July.")
    assert [(o.value, o.slot) for o in found] == [(2, "rank"), (3, "quarter")]
    assert ordinal_value("Thirty-First") == 31
