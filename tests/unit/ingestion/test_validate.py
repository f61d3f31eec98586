import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.domain import limits
from summarizer.domain.items import NewItem
from summarizer.ingestion.validate import Rejected, ValidRow, normalised_url, parse_row
from tests.support.builders import an_item

MAY = dt.datetime(2026, 5, 1, 12, 30, tzinfo=dt.UTC)


def shout(markup: str) -> str:
    """Stands for the adapter, so that a test sees whether it was asked."""
    return f"TEXT OF {markup}"


def parsed(**row: Any) -> ValidRow | Rejected:
    return parse_row({"text": "Something happened.", **row}, line=7, html_to_text=shout)


def valid(**row: Any) -> ValidRow:
    found = parsed(**row)
    assert isinstance(found, ValidRow), found
    return found


def accepted(**row: Any) -> NewItem:
    return valid(**row).item


def test_a_text_is_stored_without_its_wraps() -> None:
    wrapped = "Veltra sent a notifi\xad\r\ncation. The complaint alleges that\r\nit came late."
    whole = "Veltra sent a notification. The complaint alleges that it came late."
    assert accepted(text=wrapped).text == whole == accepted(text=whole).text


def test_every_field_arrives() -> None:
    item = accepted(
        id=12,
        published_at="2026-05-01T12:30:00Z",
        title="A  title\n",
        url="https://daily.example/a?b=1#c",
        platform="News",
        outlet="The Daily",
        author="J. Roe",
        engagement={"likes": 3, "shares": 4.0, "views": None},
        reach=1000,
        incident="outage",
        lang="en",
    )
    assert item == NewItem(
        source_id="12",
        published_at=MAY,
        title="A title",
        text="Something happened.",
        url="https://daily.example/a?b=1#c",
        platform="news",
        outlet="The Daily",
        author="J. Roe",
        engagement={"likes": 3, "shares": 4},
        reach=1000,
        incident="outage",
        extra={"lang": "en"},
    )


def test_only_text_or_title_is_needed() -> None:
    assert accepted().platform == "unknown"
    titled = accepted(text="", title="A headline")
    assert (titled.title, titled.text) == ("A headline", "A headline")


def test_a_publisher_is_an_outlet() -> None:
    assert accepted(publisher="The Daily").outlet == "The Daily"


def test_markup_is_handed_to_the_converter_and_plain_text_is_not() -> None:
    assert accepted(text="<p>Hi</p>").text == "TEXT OF <p>Hi</p>"
    assert accepted(text="a < b").text == "a < b"


def test_emoji_and_right_to_left_text_stay() -> None:
    assert accepted(text="👩🏽‍🚀 השרת נפל").text == "👩🏽‍🚀 השרת נפל"


@pytest.mark.parametrize(
    ("row", "field", "says"),
    [
        ({"text": "", "title": " \u200b\n"}, "text", "both empty"),
        ({"text": 5}, "text", "a number"),
        ({"text": ["a"]}, "text", "a list"),
        ({"text": "x" * (limits.TEXT + 1)}, "text", "1,000,001 characters; at most 1,000,000"),
        ({"title": "x" * 3000}, "title", "3,000"),
        ({"url": "https://a.example/" + "x" * 3000}, "url", "3,018"),
        ({"id": "x" * 3000}, "id", "3,000"),
        ({"incident": "x" * 3000}, "incident", "3,000"),
        ({"lang": "x" * limits.EXTRA}, "extra", "at most 100,000"),
        ({"engagement": {str(n): n for n in range(101)}}, "engagement", "101 counts"),
        ({"title": True}, "title", "true or false"),
        ({"outlet": {"name": "x"}}, "outlet", "an object"),
        ({"author": "x" * 3000}, "author", "3,000"),
        ({"id": 1.5}, "id", "a number"),
        ({"engagement": 5}, "engagement", "a number"),
        ({"engagement": {"likes": 1.5}}, "engagement.likes", "not a whole number"),
        ({"engagement": {"likes": "12"}}, "engagement.likes", "not a whole number"),
        ({"engagement": {"likes": True}}, "engagement.likes", "not a whole number"),
        ({"engagement": {"likes": -1}}, "engagement.likes", "not between"),
        ({"reach": -5}, "reach", "not between"),
        ({"reach": 10**30}, "reach", "not between"),
        ({"reach": float("inf")}, "reach", "not a whole number"),
    ],
)
def test_a_wrong_field_is_named_with_its_reason(row: dict[str, Any], field: str, says: str) -> None:
    found = parsed(**row)
    assert isinstance(found, Rejected)
    assert (found.line, found.field) == (7, field)
    assert says in found.reason


@pytest.mark.parametrize(
    ("row", "field", "says"),
    [
        ({"published_at": "yesterday"}, "published_at", "'yesterday' is not a date"),
        ({"published_at": "2026-13-01"}, "published_at", "is not a date"),
        ({"published_at": 1e300}, "published_at", "is not a date"),
        ({"published_at": "0001-01-01T00:00:00+10:00"}, "published_at", "is not a date"),
        ({"published_at": ["2026"]}, "published_at", "a list"),
        ({"published_at": True}, "published_at", "true or false"),
        ({"url": "javascript:alert(1)"}, "url", "not an http or https URL"),
        ({"url": "data:text/html,x"}, "url", "not an http or https URL"),
        ({"url": "//daily.example/a"}, "url", "not an http or https URL"),
        ({"url": "https://"}, "url", "not an http or https URL"),
        ({"url": "https://a.example:99999/"}, "url", "is not a URL"),
        ({"url": "https://[::1"}, "url", "is not a URL"),
        ({"url": 'https://a.example/"onclick='}, "url", "not an http or https URL"),
    ],
)
def test_an_address_or_date_that_nobody_can_read_is_left_out_with_a_note(
    row: dict[str, Any], field: str, says: str
) -> None:
    found = valid(**row)
    assert (found.item.url, found.item.published_at) == (None, None)
    assert found.item.text == "Something happened."
    assert len(found.notes) == 1
    assert found.notes[0].startswith(f"{field}: ")
    assert says in found.notes[0]


@pytest.mark.parametrize("row", [None, 5, "text", ["text"]])
def test_a_row_that_is_no_object_is_rejected_as_a_whole(row: object) -> None:
    found = parse_row(row, line=1, html_to_text=shout)
    assert isinstance(found, Rejected)
    assert found.field is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(
    ["text", "title", "url", "published_at", "engagement", "reach", "id", "outlet", "x"]
)


@given(st.dictionaries(NAMES, JSON, max_size=6))
def test_any_json_gives_an_item_or_a_reason(row: dict[str, Any]) -> None:
    found = parse_row(row, line=1, html_to_text=shout)
    if isinstance(found, ValidRow):
        found.item.text.encode("utf-8")
        assert found.item.text
    else:
        assert found.reason


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_missing_date_is_allowed(blank: str | None) -> None:
    assert accepted(published_at=blank).published_at is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://Daily.Example/a", "https://daily.example/a"),
        ("http://daily.example/a", "https://daily.example/a"),
        ("https://daily.example:443/a", "https://daily.example/a"),
        ("https://daily.example/a/", "https://daily.example/a"),
        ("https://daily.example", "https://daily.example/"),
        ("https://daily.example/a#top", "https://daily.example/a"),
        ("https://daily.example/a?utm_source=x&fbclid=y", "https://daily.example/a"),
        ("https://daily.example/a?b=2&a=1", "https://daily.example/a?a=1&b=2"),
        ("https://daily.example./a", "https://daily.example/a"),
    ],
)
def test_urls_of_one_page_are_one(one: str, other: str) -> None:
    assert normalised_url(one) == normalised_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://daily.example/a", "https://daily.example/A"),
        ("https://daily.example/?id=1", "https://daily.example/?id=2"),
        ("https://daily.example:8080/", "https://daily.example/"),
        ("https://[::1]/", "https://[::2]/"),
        ("https://daily.example/?q=a%26b", "https://daily.example/?q=a&b"),
    ],
)
def test_urls_of_different_pages_are_not(one: str, other: str) -> None:
    assert normalised_url(one) != normalised_url(other)


@pytest.mark.parametrize(
    ("title", "text", "heading"),
    [
        ("A title", "Words.", "A title"),
        ("", "Few words.", "Few words."),
        ("", "We run  probes\nhere.", "We run probes here."),
        ("", "probe " * 20, f"{'probe ' * 12}probe…"),
        ("", "漢" * 200, f"{'漢' * 79}…"),
        ("", "", ""),
    ],
)
def test_an_item_without_a_title_is_named_by_its_first_words(title, text, heading):
    assert an_item(title=title, text=text).heading == heading
