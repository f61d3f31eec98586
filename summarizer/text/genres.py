"""Genres of items, and whether items tell of one incident.

A genre is read from an item's address and title alone, so that a report which only speaks of a
podcast or a column stays one.  A bundle is also told by its parts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import combinations, islice
from math import ceil

from summarizer.domain.items import SourceItem
from summarizer.text.names import named
from summarizer.text.sentences import sentences
from summarizer.text.tokens import read


class Genre(StrEnum):
    """What an item is, other than a report of its own."""

    REPORT = "report"
    COLUMN = "column"
    PODCAST = "podcast"
    BUNDLE = "bundle"  # several stories: a briefing, a newsletter


_ADDRESSES = {
    Genre.COLUMN: (
        r"opinions?|commentary|comment(?:isfree)?|editorials?|op-?eds?|columns?|columnists?|voices|"
        r"perspectives?"
    ),
    Genre.PODCAST: r"podcasts?|episodes?",
    Genre.BUNDLE: (
        r"newsletters?|briefings?|morning-briefing|evening-briefing|news-quiz|round-?ups?|digests?|"
        r"news-?in-?brief|in-?brief|headlines"
    ),
}
_TITLES = {
    Genre.COLUMN: r"(?:opinion|editorial|commentary|column|op-ed)\b\s?[:|–—-]",
    Genre.PODCAST: r"(?:podcasts?|listen)\b\s?[:|–—-]|episode\s\d",
    Genre.BUNDLE: (
        r"(?:(?:your|the|our|this)\s)?(?:morning|midday|afternoon|evening|daily|weekly|weekend|"
        r"monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?:['’]s)?\s(?:news\s)?"
        r"(?:briefing|brief|newsletter|digest|round-?up|headlines|bulletin|rundown)\b"
        r"|(?:news|headlines) (?:in brief|digest|round-?up)\b|(?:in brief|newsletter)\s?[:|–—-]"
        r"|(?:today|tonight|this (?:morning|evening|week))(?:['’]s)? (?:top |main )?"
        r"(?:news|headlines|stories)\b|(?:top|main) (?:stories|headlines)\b"
        r"|the (?:day|week|month) in (?:news|review|brief|pictures|numbers|\w{1,12} minutes)\b"
        r"|(?:what|\w{1,12} things) (?:you need )?to know (?:today|tonight|this)\b"
        r"|(?:die )?(?:nachrichten|schlagzeilen|meldungen|themen) (?:am|des|vom|zum|in kürze)\b"
        r"|(?:das )?wichtigste (?:am|des|vom|zum|in kürze)\b|kurz(?:nachrichten|meldungen)\b"
        r"|(?:las )?(?:noticias|titulares) (?:del?|en breve)\b|resumen (?:de noticias|semanal)\b"
    ),
}
_BY_ADDRESS = {
    genre: re.compile(rf"/(?:{words})(?:/|$)", re.IGNORECASE) for genre, words in _ADDRESSES.items()
}
_BY_TITLE = {genre: re.compile(words, re.IGNORECASE) for genre, words in _TITLES.items()}

_VIEWS = r"(?:opinion|editorial|commentary|op-ed)"
_OPENS = re.compile(rf"\s{{0,5}}{_VIEWS}\b\s?[:|–—-]", re.IGNORECASE)
_ENDS = re.compile(rf"\s[|–—-]\s{_VIEWS}s?\s{{0,5}}$|\({_VIEWS}\)\s{{0,5}}$", re.IGNORECASE)
_SECTION = re.compile(rf"\s{_VIEWS}s?\s{{0,5}}$", re.IGNORECASE)
"""A column by the opening of its text, the end of its title, or the section in its outlet."""

MOST_READ = 1_500
"""Characters of an item that are read for what it tells: news starts with the most important."""

ENOUGH_WORDS = 30
"""Least content words of an item of which can be said that it has nothing to do with another."""

ALIKE = 0.09
"""Share of the content words of the shorter item from which two items may tell of one incident.

Of 242 stories of several outlets, the two items most alike share .065 to .73 of them, and but for
five a name; of 240 sets of three unrelated items, .02 to .27, and 101 no name."""

ALIKE_BY_NAME = 0.04
"""The same of items that share a name."""

SHARED_WORDS = 2
"""Least content words that a passage of a bundle shares with the reports to be of their story,
beside a name."""


MOST_COMPARED = 30
"""Most items that are compared with one another, for a bounded time."""


def genre(item: SourceItem) -> Genre:
    """The genre of an item by its platform, address and title."""
    if item.platform.lower() == Genre.PODCAST:
        return Genre.PODCAST
    for found in (Genre.BUNDLE, Genre.PODCAST, Genre.COLUMN):
        if _BY_TITLE[found].match(item.title) or _BY_ADDRESS[found].search(item.url or ""):
            return found
    if _OPENS.match(item.text) or _ENDS.search(item.title) or _SECTION.search(item.outlet or ""):
        return Genre.COLUMN
    return Genre.REPORT


_Told = tuple[frozenset[str], frozenset[str]]
"""Content stems of an item, and folded words of its names."""

FEWEST_PARTS = 5
"""Least parts of an item of which can be said that they tell of several stories."""

ONE_STORY = 1 / 3
"""Largest share of an item's parts that hang together where it tells of several stories.

With ``OF_THE_TITLE`` no one of 418 news reports is taken for such an item, and two of three that
were put together from the openings of unrelated reports are."""

OF_THE_TITLE = 0.4
"""Share of an item's parts with a word of its title from which it tells of one story."""

_SHORTEST_PART = 8
_MOST_PARTS = 20


def is_bundle(item: SourceItem) -> bool:
    """Whether an item tells several stories: it is called a briefing or the like, or its parts have
    nothing to do with one another."""
    return genre(item) is Genre.BUNDLE or _falls_apart(item.title, item.text[: 2 * MOST_READ])


def _falls_apart(title: str, text: str) -> bool:
    parts = _parts(text)
    if len(parts) < FEWEST_PARTS:
        return False
    of_title = read(title).content_set
    alike = (part for part in parts if not of_title.isdisjoint(read(part).content_set))
    if next(islice(alike, ceil(OF_THE_TITLE * len(parts)) - 1, None), None) is not None:
        return False  # the other parts are not read
    told = [(read(part).content_set, named(part)) for part in parts]
    return _largest_group(told) <= ONE_STORY * len(told)


def _parts(text: str) -> list[str]:
    """Paragraphs of a text, or of a text without them its sentences."""
    lines = [line for line in text.splitlines() if len(line.split()) >= _SHORTEST_PART]
    if len(lines) < FEWEST_PARTS - 1:
        spans = [text[s.start : s.end] for s in sentences(text)]
        lines = [one for one in spans if len(one.split()) >= _SHORTEST_PART // 2]
    return lines[:_MOST_PARTS]


def _largest_group(told: Sequence[_Told]) -> int:
    """Size of the largest group of parts of which each shares a name, or two words, with another
    one of it."""
    left, largest = set(range(len(told))), 0
    while left:
        group, waiting = 0, [left.pop()]
        while waiting:
            one, group = told[waiting.pop()], group + 1
            near = {n for n in left if one[1] & told[n][1] or len(one[0] & told[n][0]) > 1}
            left -= near
            waiting += near
        largest = max(largest, group)
    return largest


def of_another_story(
    item: SourceItem, texts: Sequence[str], reports: Sequence[SourceItem]
) -> set[int]:
    """Places of a bundle's passages that tell of another story than some reports.

    None for an item of another genre, or without reports.

    Args:
        item: the item of the passages.
        texts: its passages.
        reports: items of the incident that are no bundles.
    """
    if not reports or not is_bundle(item):
        return set()
    read_reports = [_told(report) for report in reports]
    stems = frozenset[str]().union(*(stems for stems, _ in read_reports))
    names = frozenset[str]().union(*(names for _, names in read_reports))
    return {
        n
        for n, text in enumerate(texts)
        if not (named(text) & names) or len(read(text).content_set & stems) < SHARED_WORDS
    }


def no_single_incident(items: Sequence[SourceItem]) -> bool:
    """Whether items surely tell of no single incident: bundles alone, or items of which no two of
    several origins share more than common words."""
    if items and all(map(is_bundle, items)):
        return True
    firsts = list({item.origin: item for item in reversed(items)}.values())
    if (
        len(firsts) < 2
        or any(  # two are mostly alike, and no other is read
            _are_alike(_told(a), _told(b)) for a, b in combinations(firsts[:MOST_COMPARED], 2)
        )
    ):
        return False
    return all(len(_told(item)[0]) >= ENOUGH_WORDS for item in firsts)


def _told(item: SourceItem) -> _Told:
    text = f"{item.title}\n{item.text[:MOST_READ]}"
    return read(text).content_set, named(text)


def _are_alike(a: _Told, b: _Told) -> bool:
    shared = len(a[0] & b[0]) / max(1, min(len(a[0]), len(b[0])))
    return shared >= ALIKE or (bool(a[1] & b[1]) and shared >= ALIKE_BY_NAME)
