"""Genres of items, passages of other stories, and items that tell of no single incident."""

import pytest

from summarizer.domain.items import SourceItem
from summarizer.text.genres import (
    Genre,
    genre,
    is_bundle,
    no_single_incident,
    of_another_story,
)
from tests.support.builders import an_item

FERRY = (
    "Halden Line cancelled 14 ferry crossings on Friday after a software update locked its ticket "
    "gates. About 9,000 passengers were stranded in Port Elm, the port authority said. Workers "
    "opened the gates by hand at noon. The operator apologised, promised refunds and blamed a "
    "supplier whose engineers had tested the update for two days."
)
FERRY_TOO = (
    "Ferries of Halden Line stood still for half a day in Port Elm. A faulty update of the ticket "
    "gates stranded thousands of passengers, among them two school classes. The port authority "
    "wants a report from the operator, and a union of seafarers asks why nobody kept a key for the "
    "gates that software had locked."
)
BAKERY = (
    "A bakery in the hills of Sundria won the national prize for sourdough bread. Judges praised "
    "crust, crumb and the smell of rye. Its owner has baked for forty winters, learned the craft "
    "from an uncle and still heats the oven with beech wood. Visitors from abroad queue before "
    "dawn; last year the village built them a shelter."
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"title": "Opinion: Halden Line and us"}, Genre.COLUMN),
        ({"url": "https://news.example/opinion/halden-line"}, Genre.COLUMN),
        ({"title": "Podcast: the day the ferries stopped"}, Genre.PODCAST),
        ({"platform": "podcast"}, Genre.PODCAST),
        ({"title": "Your Tuesday Briefing"}, Genre.BUNDLE),
        ({"title": "Morning newsletter: ferries, bread and rain"}, Genre.BUNDLE),
        ({"url": "https://news.example/newsletters/2026/05"}, Genre.BUNDLE),
        ({"title": "The ferries have failed us | Opinion"}, Genre.COLUMN),
        ({"outlet": "Harbour Post Opinion"}, Genre.COLUMN),
        ({"title": "A second opinion on the ferries"}, Genre.REPORT),
        ({"title": "White House briefing ends in chaos"}, Genre.REPORT),
        ({"title": "Court opinion: Halden Line loses"}, Genre.REPORT),
        ({"title": "Ferry podcast host sued by Halden Line"}, Genre.REPORT),
        ({"url": "https://news.example/opinion-polls/halden"}, Genre.REPORT),
    ],
)
def test_a_genre_is_read_from_platform_address_and_title(
    fields: dict[str, str], expected: Genre
) -> None:
    assert genre(an_item("a1", FERRY, **fields)) is expected


def test_a_bundles_passages_of_other_stories_are_told_apart() -> None:
    bundle = an_item("a2", title="Your Morning Briefing")
    texts = ["Halden Line stranded its passengers in Port Elm.", "Sundria praised a baker's bread."]
    reports = [an_item("a1", FERRY)]
    assert of_another_story(bundle, texts, reports) == {1}
    assert of_another_story(an_item("a2", title="Ferries"), texts, reports) == set()
    assert of_another_story(bundle, texts, []) == set()


def items(*texts: str, title: str = "") -> list[SourceItem]:
    return [an_item(f"a{n}", text, title=title) for n, text in enumerate(texts, start=1)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (items(FERRY), False),
        (items(FERRY, FERRY_TOO), False),
        (items(FERRY, BAKERY), True),
        (items(FERRY, FERRY_TOO, BAKERY), False),
        (items(FERRY, "Bread for sale."), False),  # too short to tell
        (items(FERRY, title="Your Morning Briefing"), True),
        ([], False),
    ],
)
def test_only_items_that_share_nothing_and_bundles_alone_are_no_single_incident(
    given: list[SourceItem], expected: bool
) -> None:
    assert no_single_incident(given) is expected


SEVERAL = (
    "Lawmakers vote on quotas for the northern fleet after months of quarrel.\n"
    "The Aldervale zoo said its elephant Mona died in her sleep at 54.\n"
    "Inspectors fined a bakery chain $40,000 over mice in two of its shops.\n"
    "The singer Iva Roan called off eleven concerts because of an illness.\n"
    "Forecasters expect heavy snow above 600 metres before the weekend.\n"
)


@pytest.mark.parametrize(
    ("text", "title", "expected"),
    [
        (SEVERAL, "Good to know", True),
        (FERRY + FERRY_TOO, "Ferries", False),
        (FERRY, "Tonight's headlines", True),
        (FERRY, "Nachrichten am Morgen", True),
        (FERRY, "The week in which the ferries stopped", False),
    ],
)
def test_a_bundle_is_told_by_its_name_or_by_parts_that_share_nothing(
    text: str, title: str, expected: bool
) -> None:
    assert is_bundle(an_item("a1", text, title=title)) is expected
