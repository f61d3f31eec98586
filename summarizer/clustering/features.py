"""Features of an item for clustering: words, names, numbers, ages, streets, days.

Incidents of one kind share their words and differ in people, places, ages, numbers and days.
These are therefore read separately from the words and compared on their own.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from urllib.parse import unquote, urlsplit

from summarizer.text import dates, names

Counts = Mapping[str, int]

SHORT = 200
"""Characters of text below which an item counts as short: a title or a post, not an article."""

MAX_WORDS = 400
"""Content words read of an item: later words are background that similar incidents share."""

LEAD_WORDS = 60
"""Content words of the lead, which reports the event itself."""

BODY_CHARACTERS = 3_000
"""Characters of the text searched for names, numbers, ages and streets."""

LEAD_CHARACTERS = 700
"""Characters of the text searched for names of the lead."""

DATED_CHARACTERS = 1_500
"""Characters of the text searched for dates."""

TITLE_WORDS = 12
"""First words used as the title of an item without one."""

_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_STOP = (
    "a about after all also an and any are as at be been before being between but by can could "
    "did do does down each for from had has have he her here his how i if in into is it its "
    "may me might more most must my no nor not of off on or other our out over said say says "
    "shall she should so some than that the their them there these they this those to too "
    "under up us very was we were what when where which who whom whose why will with would "
    "you your"
)
_STOP_WORDS = frozenset(_STOP.split())


_AGE = re.compile(
    r"\b(\d{1,3})[- ]year[- ]olds?\b|,\s(\d{1,2}),|\bage[ds]?\s(\d{1,3})\b|\((\d{1,2})\)"
)
_STREET = re.compile(
    r"\b((?:[NSEW]\.?\s|North |South |East |West )?(?:\d+(?:st|nd|rd|th)|[A-Z][\w'’.]{1,40})"
    r"(?:\s[A-Z][\w'’]{1,40})?)\s(?:Street|St\.|Avenue|Ave\b\.?|Road|Rd\b\.?|Drive|Dr\b\.|Lane"
    r"|Boulevard|Blvd\b\.?|Court|Place|Way|Highway|Parkway|Circle|Terrace|Pike)\b"
)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True)
class ItemFeatures:
    """Features of an item.

    Args:
        fields: word counts by name in ``FIELDS``.
        ages: ages in the text, as digits.
        streets: streets in the text, lower-cased.
        days: dates in the text, as ordinals.
        host: of the item's address; empty without one.
        day: publication in days since 1970; ``None`` if unknown.
        short: whether the item is a title or a post and not an article.
        distinct: number of distinct content words.
    """

    fields: Mapping[str, Counts]
    ages: frozenset[str]
    streets: frozenset[str]
    days: frozenset[int]
    host: str
    day: float | None
    short: bool
    distinct: int


FIELDS = (
    "words",
    "known_words",
    "title",
    "lead",
    "bigrams",
    "names",
    "lead_names",
    "full_names",
    "numbers",
    "frame",
)
"""Names of the fields.  ``known_words`` are ``words`` and, for short items, the words of the
address; ``frame`` are the words of the lead outside names and numbers, which texts of one template
share."""


def read(title: str, text: str, url: str | None, published_at: dt.datetime | None) -> ItemFeatures:
    """Features of an item; ``text`` may repeat the title or be empty."""
    whole = text if text.startswith(title) else f"{title}. {text}"
    words = list(islice(content_words(whole), MAX_WORDS))
    body = whole[:BODY_CHARACTERS]
    found = names.names(body)
    short = len(text) < SHORT
    published = None if published_at is None else published_at.date()
    counted = Counter(words)
    fields: dict[str, Counts] = {
        "words": counted,
        "known_words": _with_address(counted.copy(), url) if short else counted,
        "title": Counter(content_words(title)) or Counter(words[:TITLE_WORDS]),
        "lead": Counter(words[:LEAD_WORDS]),
        "bigrams": Counter(f"{one} {other}" for one, other in pairwise(words)),
        "names": _name_words(found),
        "lead_names": _name_words(names.names(whole[:LEAD_CHARACTERS])),
        "full_names": Counter(" ".join(n.words) for n in found if len(n.words) > 1),
        "numbers": Counter(m.group().replace(",", "") for m in _NUMBER.finditer(body)),
        "frame": _frame(title, text, words[:LEAD_WORDS]),
    }
    return ItemFeatures(
        fields=fields,
        ages=frozenset(next(g for g in m.groups() if g) for m in _AGE.finditer(body)),
        streets=frozenset(m.group(1).lower() for m in _STREET.finditer(body)),
        days=frozenset(_days(whole[:DATED_CHARACTERS], published)),
        host=_host(url),
        day=None if published_at is None else published_at.timestamp() / 86_400,
        short=short,
        distinct=len(fields["words"]),
    )


def content_words(text: str) -> Iterator[str]:
    """Lower-cased words outside the stop list, without plural and possessive endings.

    Not the shared tokens and stop list: weights fitted on those group worse
    (docs/decisions/0015-pair-scorer.md).
    """
    for match in _WORD.finditer(text):
        word = match.group().lower().replace("’", "'").removesuffix("'s")
        word = word.replace("'", "").replace(".", "")
        if len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
            word = word[:-1]
        if word not in _STOP_WORDS:
            yield word


def _frame(title: str, text: str, lead: Sequence[str]) -> Counts:
    named: set[str] = set()
    for part in (title[:LEAD_CHARACTERS], text.removeprefix(title)[:LEAD_CHARACTERS]):
        if not names.is_headline(part):
            for name in names.names(part):
                named.update(content_words(part[name.start : name.end]))
    return Counter(w for w in lead if w not in named and not any(c.isdigit() for c in w))


def _name_words(found: tuple[names.Name, ...]) -> Counts:
    return Counter(word for name in found for word in name.words if len(word) > 1)


def _days(text: str, published: dt.date | None) -> Iterator[int]:
    for mention in dates.mentions(text):
        for day in dates.resolve(mention, published)[:1]:
            yield day.toordinal()


def _with_address(words: Counter[str], url: str | None) -> Counts:
    """``words`` with the words of the address's path, which often repeats an earlier title."""
    for part in unquote(_parts(url)[1]).split("/"):
        if part.count("-") + part.count("_") < 2:
            continue
        slug = " ".join(word for word in re.split(r"[-_]", part) if word.isalpha())
        for word in content_words(slug):
            words[word] = max(words[word], 1)
    return words


def _host(url: str | None) -> str:
    return _parts(url)[0].casefold().partition(":")[0].removeprefix("www.")


def _parts(url: str | None) -> tuple[str, str]:
    """Host and path of an address; empty strings if it is invalid."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return "", ""
    return parts.netloc, parts.path
