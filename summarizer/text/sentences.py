"""Sentence and clause spans of a text, for passages and checks alike."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

import sentencex

from summarizer.text.cache import cached_by_text
from summarizer.text.dates import MONTHS, WEEKDAY


class Span(NamedTuple):
    """A span of a text by offsets."""

    start: int
    end: int


_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_NOT_READABLE = re.compile(r"\s|([\ud800-\udfff])")
_TAIL = 16
"""Characters at the end of a sentence that decide whether the next one continues it."""
_EXCLAMATION = re.compile(r"[!?][\"'”’)\]]*\s*$")
_ABBREVIATION = re.compile(r"\b(?:Ms|Mx|Mmes|Ft|Atty)\.$")
_PARTY = re.compile(r"\b[A-Z]-[A-Z]\.$")
_HOUR = re.compile(r"\d\s?[ap]\.\s?m\.$", re.IGNORECASE)
_BEHIND_HOUR = re.compile(
    rf"(?:{WEEKDAY}\b(?!['’]|\s(?:is|was|will|has|had)\b)"
    rf"|(?:{'|'.join(month[:3].title() for month in MONTHS)})[a-z]*\.?\s\d"
    r"|(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T|Eastern|Central|Mountain|Pacific)\b)"
)


@cached_by_text
def sentences(text: str) -> tuple[Span, ...]:
    """Sentence spans without surrounding whitespace, in order; line breaks end a sentence."""
    return tuple(
        span for line in _LINE.finditer(text) for span in _of_line(text, line.start(), line.end())
    )


def _of_line(text: str, start: int, end: int) -> Iterator[Span]:
    """Sentences of one line, without blank ones."""
    held: Span | None = None
    for found in sentencex.get_sentence_boundaries("en", _readable(text[start:end])):
        span = _stripped(text, start + found["start_index"], start + found["end_index"])
        if span is None:
            continue
        if held is not None and _goes_on(text, held, span):
            held = Span(held.start, span.end)
            continue
        if held is not None:
            yield held
        held = span
    if held is not None:
        yield held


def _readable(line: str) -> str:
    """The line in a form safe for sentencex, with the same offsets.

    The library panics on multi-byte whitespace before a full stop, and on the lone surrogates that
    JSON can contain.
    """
    return _NOT_READABLE.sub(lambda m: "\ufffd" if m[1] else " ", line)


def _goes_on(text: str, before: Span, span: Span) -> bool:
    """Whether a span continues the sentence before it.

    Such a span is a stray closing quote, a name after "Ms.", the rest of a state after a party
    ("D-W.Va."), the day after an hour ("8 a.m. Tuesday"), or in lower case after an exclamation
    mark ("Yahoo! was sold").
    """
    if not any(map(str.isalnum, text[span.start : span.end])):
        return True
    tail = text[max(before.start, before.end - _TAIL) : before.end]
    if _ABBREVIATION.search(tail) or (before.end == span.start and _PARTY.search(tail)):
        return True
    if _HOUR.search(tail) and _BEHIND_HOUR.match(text, span.start):
        return True
    return text[span.start].islower() and _EXCLAMATION.search(tail) is not None


def _stripped(text: str, start: int, end: int) -> Span | None:
    """The span without surrounding whitespace; ``None`` when it is blank."""
    whole = text[start:end]
    left = whole.lstrip()
    return Span(end - len(left), start + len(whole.rstrip())) if left else None


_CLAUSE_BREAK = re.compile(
    r"[,;:()\n]|\s[-–—]\s|—|\b(?:and|but|while|whereas|although|though|which|who|after|before"
    r"|when|as|if)\b",
    re.IGNORECASE,
)


@cached_by_text
def clauses(text: str) -> tuple[Span, ...]:
    """Approximate clauses of a sentence: its parts between commas, brackets and conjunctions.

    A conjunction belongs to the clause after it.
    """
    cuts = [0, *(m.start() for m in _CLAUSE_BREAK.finditer(text)), len(text)]
    found = itertools.pairwise(dict.fromkeys(cuts))
    return tuple(Span(start, end) for start, end in found if text[start:end].strip(" ,;:()\n"))
