"""Quotations in a text, and their speakers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.text import names
from summarizer.text.cache import cached_by_text

_PAIRS = (
    re.compile(r"“(?P<inner>[^“”]{1,1000})”"),
    re.compile(r"„(?P<inner>[^„“”]{1,1000})[“”]"),
    re.compile(r"«(?P<inner>[^«»]{1,1000})»"),
    re.compile(r"(?<!\w)\"(?P<inner>[^\"]{1,1000})\"(?!\w)"),
    re.compile(r"(?<!\w)‘(?P<inner>[^‘]{1,500}?)’(?!\w)"),
    re.compile(r"(?<![\w’'])'(?!s\b)(?P<inner>[^'\s](?:[^']|'(?=\w)){0,500}?)'(?!\w)"),
)
"""Patterns of quotations, of bounded length, so that unpaired quotation marks cost linear time."""
_STYLE = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"}
)
_GAP = re.compile(r"\s*(?:\[?(?:\.\s?){3,}\]?|\[?…\]?)\s*|\s*\[[^\]]*\]\s*")
_LETTER = re.compile(r"\[(\w)\](?=\w)")
SAY = (
    r"(?:said|says|say|told|wrote|writes|added|adds|posted|tweeted|stated|states|claimed|claims"
    r"|alleged|argued|argues|insisted|explained|noted|continued|replied|warned|acknowledged"
    r"|admitted|announced)"
)
"""Pattern of verbs of saying between a speaker and a quotation."""
SAID_BY = rf"(?:{SAY}|according to)"
_SAYING = re.compile(rf"\b{SAID_BY}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Quote:
    """A quotation: its text without the marks, and its span with them."""

    text: str
    start: int
    end: int


@cached_by_text
def quotes(text: str) -> tuple[Quote, ...]:
    """Outermost quotations of a text, in order."""
    found: list[Quote] = []
    for pair in _PAIRS:
        for match in pair.finditer(text):
            start, end = match.span()
            if not any(start < q.end and q.start < end for q in found):
                found.append(Quote(match["inner"], start, end))
    return tuple(sorted(found, key=lambda q: q.start))


@cached_by_text
def _plain(text: str) -> str:
    """A text for comparison: lower case, without quotation marks, in one style of dashes and
    spaces."""
    flat = re.sub(r"\s+", " ", text.translate(_STYLE)).casefold()
    return re.sub(r"[\"']", "", flat)


def _fragments(quote: str) -> list[str]:
    """Parts of a quotation between marked omissions and insertions, prepared for comparison."""
    pieces = _GAP.split(_LETTER.sub(r"\1", quote))
    plain = (_plain(piece).strip(" .,;:!?-") for piece in pieces)
    return [piece for piece in plain if piece]


def stands_in(quote: str, text: str) -> bool:
    """Whether a text contains a quotation verbatim, its fragments in order."""
    body = _plain(text)
    position = 0
    for fragment in _fragments(quote):
        match = re.compile(rf"(?<!\w){re.escape(fragment)}(?!\w)").search(body, position)
        if match is None:
            return False
        position = match.end()
    return True


def tied_speaker(text: str, quote: Quote) -> names.Name | None:
    """The speaker of a quotation: the name that a verb of saying links to it; ``None`` without."""
    outside = [n for n in names.names(text) if n.end <= quote.start or n.start >= quote.end]
    saying = [m for m in _SAYING.finditer(text) if m.end() <= quote.start or m.start() >= quote.end]
    for verb in sorted(saying, key=lambda m: _distance(m.span(), quote)):
        found = _tied(outside, verb, text)
        if found is not None:
            return found
    return None


def _distance(span: tuple[int, int], quote: Quote) -> int:
    return min(abs(quote.start - span[1]), abs(span[0] - quote.end))


def _tied(found: Sequence[names.Name], verb: re.Match[str], text: str) -> names.Name | None:
    """The name right before or after a verb of saying, within one clause."""
    behind = [n for n in found if 0 <= n.start - verb.end() <= 30]
    before = [n for n in found if 0 <= verb.start() - n.end <= 40]
    if verb.group().casefold() == "according to":
        return behind[0] if behind else None
    if before and not re.search(r"[.;“”\"]", text[before[-1].end : verb.start()]):
        return before[-1]
    inverted = behind and re.search(r"[,”\"’']\s*$", text[: verb.start()])
    return behind[0] if inverted else None


def speakers(text: str) -> list[str]:
    """Names that are subjects of a verb of saying in a passage."""
    inside = quotes(text)
    outside = [n for n in names.names(text) if not any(q.start <= n.start < q.end for q in inside)]
    found = (_tied(outside, verb, text) for verb in _SAYING.finditer(text))
    return [name.text for name in found if name is not None]


def verbatim_free(claim: str, sources: str) -> str:
    """The claim with its verbatim quotations blanked, for checks of the drafter's own words."""
    for quote in quotes(claim):
        if stands_in(quote.text, sources):
            claim = claim[: quote.start] + " " * (quote.end - quote.start) + claim[quote.end :]
    return claim
