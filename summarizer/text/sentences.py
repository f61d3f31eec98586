"""Sentence and clause spans of a text, for passages and checks alike."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import NamedTuple

import sentencex

from summarizer.text.cache import cached_by_text
from summarizer.text.dates import MONTHS, WEEKDAY
from summarizer.text.long_sentences import blocks, pieces


class Span(NamedTuple):
    """A span of a text by offsets."""

    start: int
    end: int


_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_NOT_READABLE = re.compile(r"[^\S ]|([\ud800-\udfff])")
_TAIL = 40
"""Characters at the end of a sentence that decide whether the next one continues it."""

_MISSED = re.compile(r"(?:\bno\.[\"”]?|\d\s?[ap]\.m\.(?=\s+[\"“]))\s+(?=[\"“‘]?[A-Z][a-z’']*\s)")
"""Ends of sentences that the library passes over: "she said no. Then", ``at 2 a.m. "Run," he``."""

_OPENING, _CLOSING, _STRAIGHT = (frozenset(marks) for marks in ("“‘«„", "”’»)]", "\"'"))
_EXCLAMATION = re.compile(r"[!?][\"'”’)\]]*$")
_ASKED = re.compile(r"[!?][\"”’']$")
_WHO_ASKED = re.compile(
    r"(?!(?:He|She|They|We|It|But|And|Then)\s)(?:[A-Z][\w.'’-]{1,40}\s){1,4}"
    r"(?:asked|said|says|asks|added|shouted|cried|wondered|replied|wrote)"
    r"(?:[.;]|,(?!\s[\"“‘'])|\s(?:of|in|on|at|as|after|when|with|during|a|an|the|him|her|them"
    r"|reporters)\b)"
)
_BEFORE_A_NAME = re.compile(
    r"\b(?:Ms|Mx|Mmes|Ft|Atty|Spc|Assemb|Congr?|Cpt|Cdr|Amb|Ald|Cllr|Ofc|Dep|Pte|Sra|Srta|Dra)\.$"
)
_BEFORE_A_NUMBER = re.compile(
    r"\b(?:approx|est|vol|vols|eq|ca|tel|ext|ch|apt|rte)\.$", re.IGNORECASE
)
_NUMBER = re.compile(r"[$€£]?\d")
_SHORTENED = re.compile(
    r"\b(?:(?i:approx|est|avg|max|min|temp|tel|ext|vol|eq|ca|cf|cc|kg|km|cm|mm|lbs?|oz|sq|cu|hrs?|mins?"
    r"|secs?|yrs?|wks?|incl|excl|misc|dept|bldg|assn|intl|\d\s?[ap]m)|Mon|Tues?|Weds?|Thurs?|Fri|Sat|Sun"
    r"|Wash|Mass|Calif|Conn|Mich|Minn|Miss|Ore|Penn|Tenn|Wis)\.$"
)
_LOWER = re.compile(r"[a-z]+\b(?!:)")
_WEEKDAY_SHORT = re.compile(r"\b(?:Mon|Tues?|Weds?|Thurs?|Fri|Sat|Sun)\.$")
_MONTH_DAY = re.compile(
    rf"(?:{'|'.join(month[:3].title() for month in MONTHS)})[a-z]{{0,9}}\.?\s\d"
)
_COUNTER = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{2,4})[.)]")
_ENTRY = re.compile(rf"^\s*{_COUNTER.pattern}(?=\s)")
_PARTY = re.compile(r"\b[A-Z]-[A-Z]\.$")
_HOUR = re.compile(r"\d\s?[ap]\.\s?m\.$", re.IGNORECASE)
_BEHIND_HOUR = re.compile(
    rf"(?:{WEEKDAY}s?\b(?!['’]|\s(?:is|was|will|has|had)\b)"
    rf"|{_MONTH_DAY.pattern}"
    r"|(?:[ECMP][SD]?T|GMT|UTC|BST|CES?T|Eastern|Central|Mountain|Pacific)\b"
    r"|(?:Mon|Tues?|Weds?|Thurs?|Fri|Sat|Sun)\.|(?:[A-Z]\w{1,40}\s){1,2}time\b"
    r"|(?:Christmas|New Year['’]s|Thanksgiving|Easter|Labor|Memorial|Independence)\s"
    r"(?:Day|Eve|\w+day)\b)"
)
_ONLY_AN_HOUR = re.compile(
    r"(?:On\s[\w.,\s]{3,25}\s)?(?:At|By|Around|About|Before|After|Until|Since|From|(?:Just|Shortly)\s"
    r"(?:before|after)|at|around|by)\s(?:about\s|around\s)?[\d:]{1,5}\s?[ap]\.m\."
)
_GERMAN_DAY = re.compile(
    r"\b(?:[aA]m|[zZ]um|[vV]om|[dD]en|[dD]em|[bB]is|[aA]b|[sS]eit|,)\s[0-3]?\d\.$"
)
_GERMAN_MONTH = re.compile(
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)
_BEHIND_A_STOP = (
    (_GERMAN_MONTH, _GERMAN_DAY),
    (re.compile(""), _BEFORE_A_NAME),
    (_NUMBER, _BEFORE_A_NUMBER),
    (_LOWER, _SHORTENED),
    (_MONTH_DAY, _WEEKDAY_SHORT),
    (_BEHIND_HOUR, _HOUR),
)
"""Starts and ends of two spans of the library that are one sentence, with a full stop between them.
The start tells sooner that they are not."""


@cached_by_text
def sentences(text: str) -> tuple[Span, ...]:
    """Sentence spans without surrounding whitespace, in order; line breaks end a sentence.

    A quotation mark belongs to the sentence that it opens or closes.
    None is longer than ``long_sentences.LONGEST``.
    """
    return tuple(
        Span(*piece)
        for line in _LINE.finditer(text)
        for block in blocks(text, line.start(), line.end())
        for span in _of_line(text, *block)
        for piece in pieces(text, *span)
    )


def _of_line(text: str, start: int, end: int) -> Iterator[Span]:
    """Sentences of one line, without blank ones."""
    held: Span | None = None
    for begin, stop in itertools.pairwise(_cuts(text, start, end)):
        span = _stripped(text, begin, stop)
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


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Start and end of a line, and the places between its sentences, in order."""
    line = text[start:end]
    found = sentencex.get_sentence_boundaries("en", _readable(line))
    inside = {start + boundary["start_index"] for boundary in found}
    if "no." in line or ".m." in line:  # as most lines have not
        inside |= {match.end() for match in _MISSED.finditer(text, start, end)}
    cuts, counted, marks = [start], start, 0
    for cut in sorted(inside - {start, end}):
        marks += text.count('"', counted, cut)
        counted = cut
        moved = _beside_marks(text, cut, start, end, is_open=marks % 2 == 1)
        cuts.append(max(moved, cuts[-1]))
    return [*cuts, end]


def _beside_marks(text: str, cut: int, start: int, end: int, *, is_open: bool) -> int:
    """The cut, moved so that a quotation mark beside it is with the sentence that it belongs to.

    Args:
        text: the whole text.
        cut: place between two sentences.
        start: start of the line.
        end: end of the line.
        is_open: whether a straight quotation is open at the cut.
    """
    left = right = cut
    while left > start and text[left - 1].isspace():
        left -= 1
    while right < end and text[right].isspace():
        right += 1
    apart = right > left
    before, after = text[left - 1 : left], text[right : min(right + 1, end)]
    gap_before = left - 2 < start or text[left - 2].isspace()
    gap_after = right + 1 >= end or text[right + 1].isspace()
    # The mark before the cut has been counted: it opens when the quotation is open after it.
    if before in _OPENING or (before in _STRAIGHT and _leans(gap_before, apart, before, is_open)):
        return left - 1
    if (after in _CLOSING and not (apart and after in ")]")) or (
        after in _STRAIGHT and _leans(gap_after, apart, after, is_open)
    ):
        return right + 1
    return cut


def _leans(gap: bool, apart: bool, mark: str, is_open: bool) -> bool:
    """Whether a straight mark belongs to the sentence on the other side of the cut.

    Spaces decide: a mark stands close to what it quotes.  With spaces on both sides or on none, the
    number of marks before it does, which a text with a missing mark has wrong.
    """
    return not apart if gap != apart else is_open and mark == '"'


def _readable(line: str) -> str:
    """The line in a form safe for sentencex, with the same offsets.

    The library panics on multi-byte whitespace before a full stop, and on the lone surrogates that
    JSON can contain.  It cuts no entry of a list that starts with "(a)".
    """
    if entry := _ENTRY.match(line):
        line = " " * entry.end() + line[entry.end() :]
    return _NOT_READABLE.sub(lambda m: "\ufffd" if m[1] else " ", line)


def _goes_on(text: str, before: Span, span: Span) -> bool:
    """Whether a span continues the sentence before it.

    Such a span is a stray closing quote, a name after "Ms.", the rest of a state after a party
    ("D-W.Va."), the day after an hour ("8 a.m. Tuesday"), the entry after its number ("1. The"),
    who asked after a quoted question, or in lower case after an exclamation mark ("Yahoo! was
    sold").
    """
    if not any(map(str.isalnum, text[span.start : span.end])):
        return True
    if _COUNTER.fullmatch(text, before.start, before.end):
        return True
    tail = text[max(before.start, before.end - _TAIL) : before.end]
    if _ONLY_AN_HOUR.fullmatch(text, before.start, before.end):
        return True
    if before.end == span.start and _PARTY.search(tail):
        return True
    if tail[-1] == ".":
        return any(
            start.match(text, span.start) and end.search(tail) for start, end in _BEHIND_A_STOP
        )
    if text[span.start].islower() and _EXCLAMATION.search(tail):
        return True
    return bool(_WHO_ASKED.match(text, span.start) and _ASKED.search(tail))


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
