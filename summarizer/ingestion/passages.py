"""Splitting of an item's text into passages: sentence-bounded spans with exact offsets.

Passages are embedded, shown in prompts and cited, so they are verbatim:
``text[start:end] == passage.text`` holds for every passage, in code points.  A passage neither
starts nor ends with whitespace, passages do not overlap, and only whitespace lies between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.domain.items import ItemKey, Passage
from summarizer.text.sentences import Span, sentences

LONGEST = 600
"""Most characters of a passage.  Of 9,000 sentences of news the longest 1% had more than 350; a
longer one is usually a list, a table or text without full stops, too long for one citation."""

_SPACE = re.compile(r"\s")
_BLACK = re.compile(r"\S")
_CLAUSE_END = re.compile(r"[;:.!?\u2026\u3002\uff1b][\"'”’)\]]*\s|\s[\u2013\u2014-]+\s")
_COMMA = re.compile(r"[,\u060c\u3001\uff0c]\s")
_JOINED = re.compile(r"[\u0300-\u036f\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")


def split(item_key: ItemKey, text: str) -> tuple[Passage, ...]:
    """Passages of a text, in order and numbered from 1; a blank text has none.

    A passage is a sentence.  A sentence of more than ``LONGEST`` characters is cut after a clause,
    a comma or a word, in that order of preference.
    """
    spans = (span for sentence in sentences(text) for span in _cut(text, *sentence))
    return tuple(
        Passage(item_key=item_key, n=n, start=start, end=end, text=text[start:end])
        for n, (start, end) in enumerate(spans, start=1)
    )


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """Pieces of at most ``LONGEST`` characters of a span without surrounding whitespace."""
    while end - start > LONGEST:
        cut = _cut_point(text, start)
        yield Span(start, start + len(text[start:cut].rstrip()))
        rest = _BLACK.search(text, cut, end)
        if rest is None:
            return
        start = rest.start()
    yield Span(start, end)


def _cut_point(text: str, start: int) -> int:
    """End of the first piece of a long span, in its second half, so that no piece is tiny."""
    window = text[start : start + LONGEST]
    for boundary in (_CLAUSE_END, _COMMA, _SPACE):
        ends = [found.end() for found in boundary.finditer(window, LONGEST // 2)]
        if ends:
            return start + ends[-1]
    cut = start + LONGEST
    # Accents, skin tones and joined emoji stay with their character.
    while cut > start + LONGEST // 2 and (_JOINED.match(text, cut) or text[cut - 1] == "\u200d"):
        cut -= 1
    return cut
