"""Quotations in a text, and their speakers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.text import names
from summarizer.text.cache import cached_by_text
from summarizer.text.invisible import IGNORABLE
from summarizer.text.sentences import Span
from summarizer.text.taken import Taken

_PAIRS = (
    re.compile(r"“(?P<inner>[^“”]{1,1000})”"),
    re.compile(r"„(?P<inner>[^„“”]{1,1000})[“”]"),
    re.compile(r"«(?P<inner>[^«»]{1,1000})»"),
    re.compile(r"[＂″❝❞「」『』](?P<inner>[^＂″❝❞「」『』]{1,1000})[＂″❝❞「」『』]"),
    re.compile(r"(?:''|``|´´)(?P<inner>[^'`´]{1,1000})(?:''|``|´´)"),
    re.compile(r"(?<!\w)\"(?P<inner>[^\"]{1,1000})\"(?!\w)"),
    re.compile(r"(?<!\w)‘(?P<inner>[^‘]{1,500}?)’(?!\w)"),
    re.compile(r"(?<![\w’'])'(?!s\b)(?P<inner>[^'\s](?:[^']|'(?=\w)){0,500}?)'(?!\w)"),
)
"""Patterns of quotations, of bounded length, so that unpaired quotation marks cost linear time."""
_STYLE = str.maketrans(
    {
        **dict.fromkeys("“”„«»＂″❝❞「」『』`´", '"'),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
    }
)
_DASH = re.compile(r"\s?-+\s?")
_GAP = re.compile(r"\s{0,5}(?:\[?(?:\.\s?){3,}\]?|\[?…\]?)\s*|\s{0,5}\[[^\[\]]*\]\s*")
_BRACKETED = re.compile(r"\[([^\[\]]{2,})\]")
_LETTER = re.compile(r"\[(\w)\](?=\w)")
SAY = (
    r"(?:said|says|say|told|wrote|writes|added|adds|posted|tweeted|stated|states|claimed|claims"
    r"|alleged|argued|argues|insisted|explained|noted|continued|replied|warned|acknowledged"
    r"|admitted|announced)"
)
"""Pattern of verbs of saying between a speaker and a quotation."""
SAID_BY = rf"(?:{SAY}|according to)"
_APART = re.compile(r"[.;“”\"]|\b(?:that|which)\b")
_SENTENCE_ENDS = re.compile(r"[.!?;]\s|[“”\"]")
_BEHIND = re.compile(r"\b(?:of|in|on|at|from|for|with|by|near|to|led|heads?|runs?) (?:the )?$")
_SAYING = re.compile(rf"\b{SAID_BY}\b", re.IGNORECASE)


TIED = 400
"""Most characters between a quotation and the verb that names its speaker."""


@dataclass(frozen=True)
class Quote:
    """A quotation: its text without the marks, and its span with them."""

    text: str
    start: int
    end: int


@cached_by_text
def quotes(text: str) -> tuple[Quote, ...]:
    """Outermost quotations of a text, in order."""
    found, taken = list[Quote](), Taken(len(text))
    for pair in _PAIRS:
        for match in pair.finditer(text):
            if not taken.meets(*match.span()):
                found.append(Quote(match["inner"], *match.span()))
                taken.take(*match.span())
    return tuple(sorted(found, key=lambda q: q.start))


def is_quoted(text: str, span: Span) -> bool:
    """Whether a sentence is a quotation or a part of one, so that its speaker stands elsewhere."""
    inside = any(q.start <= span.start + 1 and span.end <= q.end + 1 for q in quotes(text))
    return (
        inside or text.count('"', *span) % 2 == 1 or text.count("“", *span) > text.count("”", *span)
    )


@cached_by_text
def _plain(text: str) -> str:
    """A text for comparison: lower case, without quotation marks and invisible characters, in one
    style of dashes and spaces."""
    flat = re.sub(r"\s+", " ", IGNORABLE.sub("", text).translate(_STYLE)).casefold()
    return re.sub(r"[\"']", "", _DASH.sub("-", flat))


@cached_by_text
def _fragments(quote: str) -> tuple[str, ...]:
    """Parts of a quotation between marked omissions and insertions, prepared for comparison."""
    pieces = _GAP.split(_LETTER.sub(r"\1", quote))
    plain = (_plain(piece).strip(" .,;:!?-") for piece in pieces)
    return tuple(piece for piece in plain if piece)


def stands_in(quote: str, text: str) -> bool:
    """Whether a text contains a quotation verbatim, its fragments in order."""
    body = _plain(text)
    position = 0
    for fragment in _fragments(quote):
        if fragment not in body:  # most texts: said without a pattern
            return False
        match = re.compile(rf"(?<!\w){re.escape(fragment)}(?!\w)").search(body, position)
        if match is None:
            return False
        position = match.end()
    return True


def inserted(quote: str) -> list[str]:
    """Words that the quoting text put into brackets in a quotation."""
    return [words for words in _BRACKETED.findall(quote) if words.strip(" .…").casefold() != "sic"]


def clipped(quote: str, text: str) -> str:
    """What stands before a quotation in the sentence of a text that it was cut out of.

    Only the first words of the quotation are looked for, once; empty when they open a sentence.
    """
    first = _fragments(quote)[:1]
    found = re.search(rf"(?<!\w){re.escape(first[0])}(?!\w)", _plain(text)) if first else None
    return re.split(r"[.!?;:]\s", _plain(text)[: found.start()])[-1] if found else ""


def tied_speaker(text: str, quote: Quote) -> names.Name | None:
    """The speaker of a quotation: the name that a verb of saying links to it; ``None`` without."""
    around = slice(max(0, quote.start - TIED), quote.end + TIED)
    outside = [
        n
        for n in _between(names.names(text), around)
        if n.end <= quote.start or n.start >= quote.end
    ]
    saying = [
        *_SAYING.finditer(text, around.start, quote.start),
        *_SAYING.finditer(text, quote.end, around.stop),
    ]
    for verb in sorted(saying, key=lambda m: _distance(m.span(), quote)):
        found = _tied(outside, verb, text)
        if found is not None:
            return found
    return None


def _between(found: Sequence[names.Name], span: slice) -> Sequence[names.Name]:
    """The names that start in a span."""
    first = bisect_left(found, span.start, key=_start)
    return found[first : bisect_left(found, span.stop, lo=first, key=_start)]


def _start(name: names.Name) -> int:
    return name.start


def _distance(span: tuple[int, int], quote: Quote) -> int:
    return min(abs(quote.start - span[1]), abs(span[0] - quote.end))


def _tied(found: Sequence[names.Name], verb: re.Match[str], text: str) -> names.Name | None:
    """The name right before or after a verb of saying, within one clause."""
    place = bisect_left(found, verb.end(), key=_start)
    behind = [n for n in found[place : place + 1] if n.start - verb.end() <= 30]
    before = [n for n in found[max(0, place - 1) : place] if 0 <= verb.start() - n.end <= 40]
    if verb.group().casefold() == "according to":
        return behind[0] if behind else None
    if before and not _APART.search(text, before[-1].end, verb.start()):
        return _subject(found[:place], verb, text)
    inverted = behind and text[max(0, verb.start() - 40) : verb.start()].rstrip()[-1:] in tuple(
        ",”\"’'"
    )
    return behind[0] if inverted else None


def _subject(found: Sequence[names.Name], verb: re.Match[str], text: str) -> names.Name | None:
    """Of the names before a verb the one that can be its subject: not one behind a preposition or
    within an aside, as in "Ruiz, who heads Acme, said"; ``None`` when nothing tells."""
    aside = text[: verb.start()].rstrip().endswith(",")
    for name in reversed(found[-4:]):
        if _SENTENCE_ENDS.search(text, name.end, verb.start()):
            return None
        if aside and text[name.end : name.end + 1] != ",":
            continue
        if text[name.end : verb.start()].strip() == "," and len(found) > 1:
            continue
        if not _BEHIND.search(text, max(0, name.start - 16), name.start):
            return name
    return None


def speakers(text: str) -> list[str]:
    """Names that are subjects of a verb of saying in a passage."""
    inside = Taken(len(text))
    for quote in quotes(text):
        inside.take(quote.start, quote.end)
    outside = [n for n in names.names(text) if not inside.meets(n.start, n.start + 1)]
    found = (_tied(outside, verb, text) for verb in _SAYING.finditer(text))
    return [name.text for name in found if name is not None]


def verbatim_free(claim: str, sources: str) -> str:
    """The claim with its verbatim quotations blanked, for checks of the drafter's own words."""
    kept, at = [], 0
    for quote in quotes(claim):
        if stands_in(quote.text, sources):
            kept += [claim[at : quote.start], " " * (quote.end - quote.start)]
            at = quote.end
    return "".join([*kept, claim[at:]])
