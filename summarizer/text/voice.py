"""Voice of a sentence: a page speaks in whole sentences, of others, to nobody.

First and second person, hashtags, emoji, counters of a thread, clock stamps and fragments without a
finite verb stand only in quotations.  Imperatives are found with the orders to a reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from summarizer.text.boilerplate import CLOCK_STAMP
from summarizer.text.cache import cached_by_text
from summarizer.text.grammar import is_finite, is_predicate
from summarizer.text.parse import Parse, Word, parse
from summarizer.text.quotations import quotes
from summarizer.text.sentences import sentences
from summarizer.text.taken import Taken

_PERSONS = {
    "the first person": re.compile(
        r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|[Oo]urs|us|me|mine|[Mm]yself|[Oo]urselves)\b(?![.-]\w)"
    ),
    "the second person": re.compile(
        r"\b(?:you|your|yours|yourself|yourselves)\b|(?:^|(?<=[.!?]\s))You(?:rs?)?\b(?=\s[a-z])"
    ),
}
_MARKS = {
    "a hashtag": re.compile(r"(?<![\w&/])#[^\W\d]\w*"),
    "an emoji": re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f]"),
    "the clock stamp of a live blog": re.compile(
        rf"^\W{{0,5}}{CLOCK_STAMP.pattern}", re.IGNORECASE
    ),
    "the counter of a thread": re.compile(
        r"^\W{0,5}\d{1,2}/\d{0,2}(?=[\s.):])|[\s(\[]\d{1,2}/\d{1,2}[)\]]?$"
    ),
}
_PRONOUNS = ("PRP", "PRP$")
_FEWEST_WORDS = 2
FRAGMENT = "a fragment without a finite verb"


class VoiceFault(NamedTuple):
    """Words that only a quotation may hold.

    Args:
        what: name of the fault.
        start: offset of the words; of a fragment, those of its sentence.
        end: offset behind them.
    """

    what: str
    start: int
    end: int


@cached_by_text
def voice_faults(text: str) -> tuple[VoiceFault, ...]:
    """Faults of voice outside quotations, in order of kinds."""
    quoted = Taken(len(text))
    for quote in quotes(text):
        quoted.take(quote.start, quote.end)
    return (*_marks(text, quoted), *_persons(text, quoted), *_fragments(text, quoted))


def has_marks(text: str) -> bool:
    """Whether a text has a hashtag, an emoji, the counter of a thread or a clock stamp."""
    return any(pattern.search(text) for pattern in _MARKS.values())


def _marks(text: str, quoted: Taken) -> Iterator[VoiceFault]:
    for what, pattern in _MARKS.items():
        for match in pattern.finditer(text):
            if not quoted.meets(*match.span()):
                yield VoiceFault(what, *match.span())


def _persons(text: str, quoted: Taken) -> Iterator[VoiceFault]:
    """Pronouns by the parse: "World War I" has none."""
    for what, pattern in _PERSONS.items():
        for match in pattern.finditer(text):
            if not quoted.meets(*match.span()) and _is_pronoun(text, match.start()):
                yield VoiceFault(what, *match.span())
                break


def _is_pronoun(text: str, place: int) -> bool:
    span = next((s for s in sentences(text) if s.start <= place < s.end), None)
    if span is None:
        return False
    (parsed,) = parse([text[span.start : span.end]])
    word = next((w for w in parsed.words if w.start <= place - span.start < w.end), None)
    if word is None or word.tag not in _PRONOUNS:
        return False
    before = parsed.words[word.n - 1] if word.n else None
    counted = before is not None and before.tag.startswith("NN") and before.text[0].isupper()
    return word.text != "I" or not counted  # "World War I"


def _fragments(text: str, quoted: Taken) -> Iterator[VoiceFault]:
    for span in sentences(text):
        sentence = text[span.start : span.end]
        if quoted.meets(*span) or len(sentence.split()) < _FEWEST_WORDS:
            continue
        (parsed,) = parse([sentence])
        if not _has_finite_verb(parsed):
            yield VoiceFault(FRAGMENT, *span)


def _has_finite_verb(parsed: Parse) -> bool:
    """Whether a clause has a tense.

    So may a past participle at the root, or right below it: the tagger takes "the bill passed by
    two votes" for a bill that was passed.
    """
    return any(
        is_predicate(parsed, word) and (is_finite(parsed, word) or _may_be_past(parsed, word))
        for word in parsed.words
    )


def _may_be_past(parsed: Parse, word: Word) -> bool:
    head = parsed.words[word.head]
    return word.tag in ("VBD", "VBN") and head.head == head.n and head.tag.startswith(("NN", "VB"))
