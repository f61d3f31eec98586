"""Cuts the text of an item into passages: sentence-bounded spans with exact offsets.

Passages are what is embedded, shown in prompts and cited, so a span must be verbatim:
``text[start:end] == passage.text`` holds for every passage of every text, in code points.  A
passage neither starts nor ends with whitespace, passages do not overlap, and nothing but
whitespace lies between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

from summarizer.domain.items import ItemKey, Passage

LONGEST = 600
"""Most characters of a passage.  Of 9,000 sentences of news the longest 1% had more than 350, so
a longer one is a list, a table or text without full stops, and one citation of it proves little."""

Span = tuple[int, int]

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SPACE = re.compile(r"\s")
_BLACK = re.compile(r"\S")
_CLAUSE_END = re.compile(r"[;:.!?\u2026\u3002\uff1b][\"'”’)\]]*\s|\s[\u2013\u2014-]+\s")
_COMMA = re.compile(r"[,\u060c\u3001\uff0c]\s")
_GOES_ON = re.compile(r"[!?][\"'”’)\]]*\s*$")
_FORM_OF_ADDRESS = re.compile(r"\b(?:Ms|Mx|Mmes)\.$")
_OF_A_STATE = re.compile(r"\b[A-Z]-[A-Z]\.$")
_JOINED = re.compile(r"[\u0300-\u036f\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")


def split(item_key: ItemKey, text: str) -> tuple[Passage, ...]:
    """The passages of a text, in order and numbered from 1; a blank text has none.

    Line breaks always end a passage, then sentences do, and a sentence of more than ``LONGEST``
    characters is cut behind a clause, a comma or a word, in that order of preference.
    """
    spans = (
        span
        for line in _LINE.finditer(text)
        for sentence in _sentences(text, line.start(), line.end())
        for span in _cut(text, *sentence)
    )
    return tuple(
        Passage(item_key=item_key, n=n, start=start, end=end, text=text[start:end])
        for n, (start, end) in enumerate(spans, start=1)
    )


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Spans of the sentences of one line, stripped; blank ones are left out."""
    # sentencex panics on whitespace of more than one byte before a full stop.  Any whitespace is
    # as good as another for finding sentences, and one character for one keeps the offsets.
    line = _SPACE.sub(" ", text[start:end])
    held: Span | None = None
    for found in sentencex.get_sentence_boundaries("en", line):
        span = _strip(text, start + found["start_index"], start + found["end_index"])
        if span is None:
            continue
        if held is not None and _belongs(text, held, span):
            held = (held[0], span[1])
            continue
        if held is not None:
            yield held
        held = span
    if held is not None:
        yield held


def _belongs(text: str, before: Span, span: Span) -> bool:
    """Whether a span continues the sentence before it: a stray closing quote, lower case behind
    an exclamation ("Yahoo! was sold"), a name behind "Ms.", which sentencex does not know, or the
    rest of a state behind a party ("D-W.Va.")."""
    if not any(map(str.isalnum, text[slice(*span)])):
        return True
    tail = text[max(before[0], before[1] - 8) : before[1]]
    if _FORM_OF_ADDRESS.search(tail) or (before[1] == span[0] and _OF_A_STATE.search(tail)):
        return True
    return text[span[0]].islower() and _GOES_ON.search(tail) is not None


def _strip(text: str, start: int, end: int) -> Span | None:
    """The span without whitespace at its ends; ``None`` when nothing else is in it."""
    whole = text[start:end]
    left = whole.lstrip()
    if not left:
        return None
    return end - len(left), start + len(whole.rstrip())


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """A span that is stripped already, in pieces of at most ``LONGEST`` characters."""
    while end - start > LONGEST:
        cut = _cut_point(text, start)
        yield start, start + len(text[start:cut].rstrip())
        rest = _BLACK.search(text, cut, end)
        if rest is None:
            return
        start = rest.start()
    yield start, end


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
