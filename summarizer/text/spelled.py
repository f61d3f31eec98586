"""Shares and ordinals that a text writes in words: "a third of", "one in five", "the fourth"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from summarizer.text import dates
from summarizer.text.cache import cached_by_text
from summarizer.text.ordinal_words import ORDINAL_WORD, ORDINALS, ordinal_value
from summarizer.text.tokens import STOPWORDS, listed, stem, tokens

_COUNTS = {"a": 1, "an": 1} | {
    word: n for n, word in enumerate(listed("one two three four five six seven eight nine ten"), 1)
}
_PARTS = {"quarter": 4, "fourth": 4} | {ORDINALS[n]: n for n in range(3, 11)}
_COUNT = r"(?:\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten)"
_SHARE = re.compile(
    rf"\b(?P<count>{_COUNT})[\s-](?P<part>third|quarter|fourth|fifth|sixth|seventh|eighth|ninth"
    r"|tenth)(?P<many>s)?\b(?=(?P<of>\s+of\b)|\s*[.,;)]|\s+(?:as|more|less|fewer)\b)"
    r"|(?<!first )(?<!second )(?<!latter )(?<!other )(?<!last )\bhalf"
    r"(?=\s+(?:of|the|its|their|his|her|all)\b|\s*[.,;)])"
    rf"|\b(?P<one>{_COUNT})\s(?:in|out\sof)\s(?:every\s)?(?P<base>{_COUNT}|twenty|100)\b",
    re.IGNORECASE,
)
_ORDINALS = re.compile(rf"\b(?:(?P<word>{ORDINAL_WORD})|(?P<digits>\d+)(?:st|nd|rd|th))\b", re.I)
_RANKED = re.compile(r"\b(?:rank(?:s|ed|ing)?|finish(?:es|ed)?|came|placed)\s+$", re.IGNORECASE)


@dataclass(frozen=True)
class Share:
    """A share in words, with its span and its value in percent."""

    start: int
    end: int
    percent: float
    nouns: tuple[str, ...]


@dataclass(frozen=True)
class Ordinal:
    """An ordinal with its span; ``slot`` is the stem of the thing that it numbers, or "rank"."""

    start: int
    end: int
    value: int
    slot: str


@cached_by_text
def shares(text: str) -> tuple[Share, ...]:
    """Shares of a text that are written in words, in order."""
    found = []
    for match in _SHARE.finditer(text):
        percent = _percent(match)
        if percent is not None and 0 < percent < 100:
            found.append(Share(*match.span(), percent, _content(text, match.end())))
    return tuple(found)


def _percent(match: re.Match[str]) -> float | None:
    if match["one"]:
        one, base = _count(match["one"]), _count(match["base"])
        return 100 * one / base if base > max(one, 1) else None
    if match["part"]:
        return 100 * _count(match["count"]) / _PARTS[match["part"].casefold()]
    return 50.0


def _count(word: str) -> int:
    word = word.casefold()
    return int(word) if word.isdigit() else {"twenty": 20}.get(word, _COUNTS.get(word, 0))


def _content(text: str, end: int) -> tuple[str, ...]:
    near = re.split(r"[.,;:()\n]", text[end : end + 48], maxsplit=1)[0]
    found = [stem(t.norm) for t in tokens(near) if t.norm not in STOPWORDS and t.norm.isalpha()]
    return tuple(found[:2])


@cached_by_text
def ordinals(text: str) -> tuple[Ordinal, ...]:
    """Ordinals of a text, in digits and in words, in order, without days of a month."""
    found = []
    days = [(when.start, when.end) for when in dates.mentions(text) if when.day]
    for match in _ORDINALS.finditer(text):
        if any(start <= match.start() < end for start, end in days):
            continue
        ranked = _RANKED.search(text, max(0, match.start() - 12), match.start())
        following = _content(text, match.end())[:1]
        value = int(match["digits"][:9]) if match["digits"] else ordinal_value(match["word"])
        slot = "rank" if ranked else following[0] if following else ""
        found.append(Ordinal(*match.span(), value, slot))
    return tuple(found)
