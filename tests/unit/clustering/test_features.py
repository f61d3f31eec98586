import datetime as dt

import pytest

from summarizer.clustering.features import read

NOON = dt.datetime(2026, 5, 6, 12, tzinfo=dt.UTC)  # a Wednesday
TEXT = (
    "Edda Marlow, 27, was hurt on Tuesday on North Quay Street in Stannick, the harbour office "
    "said. A 31-year-old man was taken away. The boat of Edda Marlow had carried 212 people, "
    "and the Stannick ferry line said that it would pay $1,400 to each of them within the month."
)


def test_names_ages_streets_numbers_and_days_are_read_apart_from_words() -> None:
    found = read("Boat accident", TEXT, "https://www.harrow.example/a/boat-accident-on-quay", NOON)
    assert {"edda", "marlow", "stannick"} <= set(found.fields["names"])
    assert found.fields["full_names"]["edda marlow"] == 2
    assert found.ages == {"27", "31"}
    assert found.streets == {"north quay"}
    assert {"212", "1400"} <= set(found.fields["numbers"])
    assert found.days == {dt.date(2026, 5, 5).toordinal()}
    assert found.host == "harrow.example"
    assert not found.short


def test_words_of_the_address_are_read_where_the_text_is_short() -> None:
    found = read(
        "Rye bread wins", "", "https://news.example/2026/stannick-bakery-takes-prize", NOON
    )
    assert found.short
    assert "bakery" in found.fields["known_words"]
    assert "bakery" not in found.fields["words"]
    assert (
        "bakery"
        not in read("Rye", TEXT, "https://n.example/a-bakery-prize", NOON).fields["known_words"]
    )


@pytest.mark.parametrize("url", [None, "", "not a url", "https://[broken", "mailto:a@b.example"])
def test_an_item_without_a_usable_address_has_no_host(url: str | None) -> None:
    assert read("Title", "Text.", url, None).host == ""


def test_an_undated_item_has_no_day_and_speaks_only_of_full_dates() -> None:
    found = read("", "It burned on Tuesday and again on 3 May 2026.", None, None)
    assert found.day is None
    assert found.days == {dt.date(2026, 5, 3).toordinal()}


def test_nothing_gives_an_empty_reading() -> None:
    found = read("", "", None, None)
    assert not any(found.fields.values())
    assert found.distinct == 0
