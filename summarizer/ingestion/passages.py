"""Cuts the text of an item into passages: sentence-bounded spans with exact offsets.

Passages are what is embedded, shown in prompts and cited, so a span must be verbatim:
``text[start:end] == passage.text`` holds for every passage of every text, in code points.  A
passage neither starts nor ends with whitespace, passages do not overlap, and nothing but
whitespace lies between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from summarizer.domain.items import ItemKey, Passage
from summarizer.text.sentences import Span, sentences

LONGEST = 600
"""Most characters of a passage.  Of 9,000 sentences of news the longest 1% had more than 350, so
a longer one is a list, a table or text without full stops, and one citation of it proves little."""

_SPACE = re.compile(r"\s")
_BLACK = re.compile(r"\S")
_CLAUSE_END = re.compile(r"[;:.!?\u2026\u3002\uff1b][\"'”’)\]]*\s|\s[\u2013\u2014-]+\s")
_COMMA = re.compile(r"[,\u060c\u3001\uff0c]\s")
_JOINED = re.compile(r"[\u0300-\u036f\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")


def split(item_key: ItemKey, text: str) -> tuple[Passage, ...]:
    """The passages of a text, in order and numbered from 1; a blank text has none.

    A passage is a sentence.  One of more than ``LONGEST`` characters is cut behind a clause, a
    comma or a word, in that order of preference.
    """
    spans = (span for sentence in sentences(text) for span in _cut(text, *sentence))
    return tuple(
        Passage(item_key=item_key, n=n, start=start, end=end, text=text[start:end])
        for n, (start, end) in enumerate(spans, start=1)
    )


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """A span that is stripped already, in pieces of at most ``LONGEST`` characters."""
    while end - start > LONGEST:
        cut = _cut_point(text, start)
        yield Span(start, start + len(text[start:cut].rstrip()))
        rest = _BLACK.search(text, cut, end)
        if rest is None:
            return
        start = rest.start()
    yield Span(start, end)


def _cut_point(text: str, start: int) -> int:
    """Where the first piece of a long span ends: in its second half, so that none is tiny."""
    window = text[start : start + LONGEST]
    for boundary in (_CLAUSE_END, _COMMA, _SPACE):
        ends = [found.end() for found in boundary.finditer(window, LONGEST // 2)]
        if ends:
            return start + ends[-1]
    cut = start + LONGEST
    # An accent, a skin tone or a joined emoji stays with the character it belongs to.
    while cut > start + LONGEST // 2 and (_JOINED.match(text, cut) or text[cut - 1] == "\u200d"):
        cut -= 1
    return cut
