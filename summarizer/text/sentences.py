"""Sentence and clause spans of a text."""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

import sentencex

from summarizer.text.cache import cached_by_text


class Span(NamedTuple):
    """A stretch of a text by offsets."""

    start: int
    end: int


@cached_by_text
def sentences(text: str) -> tuple[Span, ...]:
    """Sentence spans without surrounding white space, in order; line breaks end a sentence."""
    spans = []
    # Lone surrogates, which JSON can carry, have no UTF-8 form for the library to read.
    text = re.sub("[\ud800-\udfff]", "\ufffd", text)
    position = 0
    for line in text.splitlines(keepends=True):
        cursor = position
        for segment in sentencex.segment("en", line) if line.strip() else ():
            bare = segment.strip()
            if not bare:
                continue
            start = text.find(bare, cursor, position + len(line))
            if start < 0:
                continue
            cursor = start + len(bare)
            spans.append(Span(start, cursor))
        position += len(line)
    return tuple(spans)


_CLAUSE_BREAK = re.compile(
    r"[,;:()\n]|\s[-–—]\s|—|\b(?:and|but|while|whereas|although|though|which|who|after|before"
    r"|when|as|if)\b",
    re.IGNORECASE,
)


@cached_by_text
def clauses(text: str) -> tuple[Span, ...]:
    """Roughly the clauses of a sentence: its stretches between commas, brackets and conjunctions.

    A conjunction belongs to the clause that it opens.
    """
    cuts = [0, *(m.start() for m in _CLAUSE_BREAK.finditer(text)), len(text)]
    found = itertools.pairwise(dict.fromkeys(cuts))
    return tuple(Span(start, end) for start, end in found if text[start:end].strip(" ,;:()\n"))
