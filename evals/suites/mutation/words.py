"""Words, quotations and names of a text for the mutation suite.

The suite does not use the verifier's own functions: numbers and names that the verifier overlooks
would then never be changed, and the suite could not show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from summarizer.text.tokens import listed

Span = tuple[int, int]

COMMON = frozenset(
    listed(
        "a about after all also an and any are as at be because been before between but by can "
        "could did do does for from had has have he her him his how i if in into is it its may "
        "might more most no not of on one or other our out over said say says she should so "
        "some such than that the their them then there they this those to told under up was we "
        "were what when where which while who will with would you your"
    )
)
"""Function words and other words without content."""

NO_NAMES = frozenset(
    listed(
        "monday tuesday wednesday thursday friday saturday sunday january february march april "
        "may june july august september october november december jan feb mar apr jun jul aug "
        "sep sept oct nov dec mr mrs ms dr sen rep gov gen judge justice president senator "
        "secretary minister vice chief the a an i we he she it they its his her their our this "
        "that these those in on at by for from with to of as if but and or so yet no not all "
        "two three four five six seven eight nine ten some many most both each when while after "
        "before since during under over about according however although though because there "
        "here what who how why where meanwhile also now then today yesterday tomorrow last next "
        "former new more less one such another other prime attorney general i'm it's yes my "
        "your you"
    )
)
"""Capitalised words that are not names, including titles."""

HEADLINE = 6
"""Minimum words of four letters or more for a mostly capitalised text to be a headline."""

_WORD = re.compile(r"[A-Za-z0-9]+(?:['’][A-Za-z]+)?")
_CAPITAL = r"[A-Z][\w’'&-]*[\w&]|[A-Z]"
_RUN = re.compile(rf"(?:{_CAPITAL})(?:\s(?:(?:of|de|van|von|al|&)\s)?(?:{_CAPITAL}))*")
_QUOTED = re.compile(r"“[^“”]*”|\"[^\"]*\"|‘[^‘’]*’(?!\w)")
_POSSESSIVE = re.compile(r"['’]s?$")


@lru_cache(maxsize=50_000)
def content(text: str) -> frozenset[str]:
    """Content words of a text, in lower case and cut to six letters."""
    words = (_POSSESSIVE.sub("", w.casefold()) for w in _WORD.findall(text))
    return frozenset(w[:6] for w in words if w not in COMMON)


def held(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """Share of words that another set contains, 0–1; 0 without words."""
    return len(mine & theirs) / len(mine) if mine else 0.0


@lru_cache(maxsize=50_000)
def quoted(text: str) -> tuple[Span, ...]:
    """Spans of quotations in a text, with their marks."""
    return tuple(m.span() for m in _QUOTED.finditer(text))


@dataclass(frozen=True)
class Named:
    """A name in a text, without titles and possessive."""

    text: str
    start: int
    end: int

    @property
    def words(self) -> frozenset[str]:
        """Its words in lower case, without joiners and dots."""
        return name_words(self.text)


def name_words(name: str) -> frozenset[str]:
    """The words of a name in lower case, without joiners and dots."""
    found = (_POSSESSIVE.sub("", w.casefold()) for w in re.split(r"[\s.-]+", name))
    return frozenset(w for w in found if len(w) > 1 and w not in COMMON)


@lru_cache(maxsize=50_000)
def named(text: str) -> tuple[Named, ...]:
    """Names in a text, in order: sequences of capitalised words.

    Without single words that open a sentence; none in a headline in capitals.
    """
    words = [w for w in _WORD.findall(text) if len(w) > 3]
    if len(words) >= HEADLINE and sum(w[0].isupper() for w in words) > 0.6 * len(words):
        return ()
    return tuple(name for m in _RUN.finditer(text) for name in _trimmed(text, m))


def _trimmed(text: str, run: re.Match[str]) -> Iterator[Named]:
    start, words = run.start(), run.group()
    opens = re.search(r"(?:^|[.!?:\n]\s?|[“\"‘'(])$", text[: run.start()].rstrip(" ")) is not None
    while (first := re.match(r"[\w’'.&-]+\s*", words)) and first.group().strip().rstrip(
        "."
    ).casefold() in NO_NAMES:
        start, words, opens = start + first.end(), words[first.end() :], False
    while (last := re.search(r"(?<!\s)\s+(\S+)$", words)) and last[1].casefold() in NO_NAMES:
        words = words[: last.start()]
    words = _POSSESSIVE.sub("", words)
    single = " " not in words
    if not words or not name_words(words) or words.casefold() in NO_NAMES:
        return
    if single and opens and not re.search(r"[A-Z].*[A-Z]", words):
        return
    yield Named(words, start, start + len(words))


def led_in(sentence: str) -> str:
    """A sentence with its first letter lowered, to follow a comma."""
    first = sentence.split()[0]
    small = first.casefold() in NO_NAMES and first != "I"
    return (first.lower() if small else first) + sentence[len(first) :]
