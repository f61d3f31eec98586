"""Tokens, stems and content words of a text, cached by text.

Offsets are code points of the unchanged text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from functools import cached_property, lru_cache
from typing import NamedTuple

from snowballstemmer import EnglishStemmer

from summarizer.text.cache import cached_by_text
from summarizer.text.sentences import Span, sentences


class Token(NamedTuple):
    """One word or number: as written, folded by ``fold``, and its span."""

    text: str
    norm: str
    start: int
    end: int


_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_APOSTROPHE = re.compile(r"['’](?:s|S)?$|['’]")


@lru_cache(maxsize=100_000)
def fold(word: str) -> str:
    """Lower case without diacritics, possessive or apostrophes: ``Zoë's`` becomes ``zoe``."""
    word = _APOSTROPHE.sub("", word.casefold())
    if not word.isascii():
        word = "".join(
            c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)
        )
    return word


@cached_by_text
def tokens(text: str) -> tuple[Token, ...]:
    """Words and numbers of a text, without punctuation."""
    return tuple(Token(word := m[0], fold(word), *m.span()) for m in _TOKEN.finditer(text))


def listed(words: str) -> list[str]:
    """Words of a word list written as one string."""
    return words.split()


STOPWORDS = frozenset(
    listed(
        """
        a about above after again against all also although am among an and another any
        are around as at be became because been before being below between both but by
        can cannot could did do does doing down during each either else even ever every
        few for from further get gets got had has have having he her here hers herself
        him himself his how however i if in into is it its itself just least less like
        made make many may me might more moreover most much must my myself neither no
        nor not now of off on once one only onto or other others our ours out over own
        per rather s same several shall she should since so some still such t than that
        the their theirs them themselves then there these they this those though through
        to too toward towards under until up upon us very was we were what when where
        whether which while who whom whose why will with within without would yet you
        your yours according said say says saying
        """
    )
)
"""Words without content of their own.  Verbs of saying are among them because a claim may attribute
what its source quotes."""
_IRREGULAR = {
    form: base
    for base, forms in {
        "rise": "rose risen",
        "fall": "fell fallen",
        "tell": "told",
        "find": "found",
        "buy": "bought",
        "sell": "sold",
        "win": "won",
        "lead": "led",
        "lose": "lost",
        "pay": "paid",
        "hold": "held",
        "meet": "met",
        "leave": "left",
        "send": "sent",
        "begin": "began begun",
        "write": "wrote written",
        "speak": "spoke spoken",
        "take": "took taken",
        "give": "gave given",
        "go": "went gone",
        "come": "came",
        "see": "saw seen",
        "know": "knew known",
        "grow": "grew grown",
        "build": "built",
        "spend": "spent",
        "think": "thought",
        "bring": "brought",
        "catch": "caught",
        "teach": "taught",
        "fight": "fought",
        "seek": "sought",
        "keep": "kept",
        "feel": "felt",
        "stand": "stood",
        "die": "died death dead",
        "run": "ran",
        "choose": "chose chosen",
        "break": "broke broken",
        "drive": "drove driven",
        "shoot": "shot",
        "steal": "stole stolen",
        "withdraw": "withdrew withdrawn",
        "draw": "drew drawn",
        "throw": "threw thrown",
        "fly": "flew flown",
        "child": "children",
        "man": "men",
        "woman": "women",
        "person": "people",
        "bear": "born bore",
        "sue": "sued lawsuit suit suing",
    }.items()
    for form in listed(forms)
}
"""Base forms of irregular forms, for words frequent in news."""


@lru_cache(maxsize=100_000)
def stem(norm: str) -> str:
    """Stem of a folded word: Porter's second algorithm, after replacing irregular forms by their
    base; "-ise" becomes "-ize"."""
    # A stemmer holds its word as state, so threads need one for each call.
    found = str(EnglishStemmer().stemWord(_IRREGULAR.get(norm, norm)))
    return f"{found[:-1]}z" if len(found) > 4 and found.endswith("is") else found


class Reading:
    """Tokens, stems and sentences of a text in parallel arrays; made by ``read``."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Spans of the sentences; of a blank text the whole."""
        return sentences(self.text) or (Span(0, len(self.text)),)

    @cached_property
    def norms(self) -> frozenset[str]:
        """Distinct folded tokens."""
        return frozenset(t.norm for t in self.tokens)

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """Stem of each token, in order."""
        return tuple(stem(t.norm) for t in self.tokens)

    @cached_property
    def content(self) -> tuple[str, ...]:
        """Stems of the tokens that are not stop words, in order."""
        return tuple(
            s for s, t in zip(self.stems, self.tokens, strict=True) if t.norm not in STOPWORDS
        )

    @cached_property
    def content_set(self) -> frozenset[str]:
        """Distinct stems of ``content``."""
        return frozenset(self.content)

    @cached_property
    def sentence_contents(self) -> tuple[frozenset[str], ...]:
        """Distinct content stems of each sentence."""
        return tuple(read(self.text[s.start : s.end]).content_set for s in self.spans)

    @cached_property
    def initials(self) -> str:
        """First letters of all words, for finding the expansion of an acronym."""
        return "".join(t.norm[0] for t in self.tokens if t.norm)


@cached_by_text
def read(text: str) -> Reading:
    """Analysis of a text, cached."""
    return Reading(text)


def coverage(claim: frozenset[str], source: Set[str]) -> float:
    """Share of the claim's stems found in the source, 0–1; 0 for a claim without stems."""
    return len(claim & source) / len(claim) if claim else 0.0
