"""Cutting of what is too long for a sentence: lists, tables, text without full stops.

It keeps the time linear of everything that reads by the line or by the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LONGEST = 600
"""Most characters of a sentence, and so of a passage.  Of 9,000 sentences of news the longest 1%
had more than 350."""
LONGEST_BLOCK = 2_000
"""Most characters split into sentences at once: the library is quadratic in opening quotes."""

_SPACE = re.compile(r"\s")
_BLACK = re.compile(r"\S")
_CLAUSE_END = re.compile(r"[;:.!?\u2026\u3002\uff1b][\"'”’)\]]{0,5}\s|\s[\u2013\u2014-]{1,5}\s")
_FULL_STOP = re.compile(r"[.!?][\"'”’)\]]{0,5}\s+(?=[A-Z“\"‘])")
_COMMA = re.compile(r"[,\u060c\u3001\uff0c]\s")
_JOINED = re.compile(r"[\u0300-\u036f\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")


def blocks(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Parts of at most ``LONGEST_BLOCK`` characters of a line, which end with a sentence if they
    can."""
    while end - start > LONGEST_BLOCK:
        middle, most = start + LONGEST_BLOCK // 2, start + LONGEST_BLOCK
        stops = [found.end() for found in _FULL_STOP.finditer(text, middle, most)]
        cut = stops[-1] if stops else _cut_point(text, most - LONGEST)
        yield start, cut
        start = cut
    yield start, end


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Pieces of at most ``LONGEST`` characters of a span without surrounding whitespace.

    A long span is cut after a clause, a comma or a word, in that order of preference.
    """
    while end - start > LONGEST:
        cut = _cut_point(text, start)
        yield start, start + len(text[start:cut].rstrip())
        rest = _BLACK.search(text, cut, end)
        if rest is None:
            return
        start = rest.start()
    yield start, end


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
