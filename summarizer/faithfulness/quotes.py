"""Quotes: words in quotation marks must stand verbatim in a cited passage, said by who is named.

Deletions may be marked by an ellipsis and insertions by square brackets; white space, the style of
quotes and dashes, capitals and a closing comma may differ, words may not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from summarizer.domain import Failure, Label
from summarizer.faithfulness import names
from summarizer.faithfulness.grounds import Ground, Grounds
from summarizer.faithfulness.name_forms import mentions
from summarizer.faithfulness.words import remembered, tokens

_PAIRS = (
    re.compile(r"“(?P<inner>[^“”]{1,1000})”"),
    re.compile(r"„(?P<inner>[^„“”]{1,1000})[“”]"),
    re.compile(r"«(?P<inner>[^«»]{1,1000})»"),
    re.compile(r"(?<!\w)\"(?P<inner>[^\"]{1,1000})\"(?!\w)"),
    re.compile(r"(?<!\w)‘(?P<inner>[^‘]{1,500}?)’(?!\w)"),
    re.compile(r"(?<![\w’'])'(?!s\b)(?P<inner>[^'\s](?:[^']|'(?=\w)){0,500}?)'(?!\w)"),
)
"""Bounded, so that a text full of lone quotation marks is read in linear time."""

_STYLE = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"}
)
_GAP = re.compile(r"\s*(?:\[?(?:\.\s?){3,}\]?|\[?…\]?)\s*|\s*\[[^\]]*\]\s*")
_LETTER = re.compile(r"\[(\w)\](?=\w)")
_SAY = (
    r"(?:said|says|say|told|wrote|writes|added|posted|stated|states|claimed|claims|argued|argues"
    r"|insisted|explained|tweeted|replied|warned|acknowledged|admitted"
    r"|announced|according to)"
)
_SAYING = re.compile(rf"\b{_SAY}\b", re.IGNORECASE)
_AFTER = re.compile(rf"\s*,?\s*{_SAY}\s+", re.IGNORECASE)
_BEFORE = re.compile(rf"\s+{_SAY}(?:\s+that)?\s*[,:]?\s*", re.IGNORECASE)
_ENDS = re.compile(r"\s*(?:[.,;:)\n]|$)")
SPEECH_WORDS = 4
"""From this many words on a quotation is speech whose speaker is checked; fewer may be a term."""


@dataclass(frozen=True)
class Quote:
    """Words in quotation marks, without the marks, and where they stand."""

    text: str
    start: int
    end: int


@remembered
def quotes(text: str) -> tuple[Quote, ...]:
    """The outermost quotations of a text, in order."""
    found: list[Quote] = []
    for pair in _PAIRS:
        for match in pair.finditer(text):
            start, end = match.span()
            if not any(start < q.end and q.start < end for q in found):
                found.append(Quote(match["inner"], start, end))
    return tuple(sorted(found, key=lambda q: q.start))


@remembered
def _plain(text: str) -> str:
    """A text for comparison: one style of quotes, dashes and spaces, no capitals."""
    flat = re.sub(r"\s+", " ", text.translate(_STYLE)).casefold()
    return re.sub(r"[\"']", "", flat)


def _fragments(quote: str) -> list[str]:
    """The stretches between marked deletions and insertions, ready for comparison."""
    pieces = _GAP.split(_LETTER.sub(r"\1", quote))
    plain = (_plain(piece).strip(" .,;:!?-") for piece in pieces)
    return [piece for piece in plain if piece]


def stands_in(quote: str, text: str) -> bool:
    """Whether a quotation stands in a text word for word, its fragments in order."""
    body = _plain(text)
    position = 0
    for fragment in _fragments(quote):
        match = re.compile(rf"(?<!\w){re.escape(fragment)}(?!\w)").search(body, position)
        if match is None:
            return False
        position = match.end()
    return True


def check(claim: str, grounds: Grounds) -> list[Failure]:
    """Fail each quotation that is not verbatim, or that the passages attribute to another."""
    failures = []
    joined = grounds.text.replace("\n", " ")
    for quote in quotes(claim):
        if not stands_in(quote.text, joined):
            failures.append(_altered(claim, quote, grounds))
        elif len(tokens(quote.text)) >= SPEECH_WORDS:
            failures += _wrong_speaker(claim, quote, grounds)
    return failures


def _altered(claim: str, quote: Quote, grounds: Grounds) -> Failure:
    better = grounds.better(claim, lambda g: stands_in(quote.text, g.text))
    where = "another passage has it" if better else "no source has these words: quote or paraphrase"
    return Failure(
        check="quotes",
        reason=f'"{quote.text}" is not verbatim in the cited passages; {where}.',
        start=quote.start,
        end=quote.end,
        better=better,
        label=Label.UNSUPPORTED,
    )


def _wrong_speaker(claim: str, quote: Quote, grounds: Grounds) -> list[Failure]:
    speaker = _speaker(claim, quote)
    if speaker is None:
        return []
    for ground in grounds.cited:
        if stands_in(quote.text, ground.text):
            return _attributed(speaker, quote, ground, grounds)
    return []


def _attributed(
    speaker: names.Name, quote: Quote, ground: Ground, grounds: Grounds
) -> list[Failure]:
    """Nothing when the passage, its bylines or its surroundings can make the name the speaker."""
    theirs = speakers(ground.text)
    beside = _beside(quote, ground.text)
    if beside is not None and not _may_be(speaker, beside):
        return [_misattributed(speaker, [beside])]
    if any(mentions(speaker.text, name) for name in (*theirs, *ground.bylines)):
        return []
    near = [g.text for g in grounds.known if g.item == ground.item and abs(g.n - ground.n) <= 3]
    if not theirs and any(mentions(speaker.text, text) for text in (*near, ground.title)):
        return []
    return [_misattributed(speaker, theirs)]


def _misattributed(speaker: names.Name, theirs: Sequence[str]) -> Failure:
    told = f'the passage attributes it to "{theirs[0]}"' if theirs else "the passage doesn't"
    return Failure(
        check="quotes",
        reason=f'The claim lets "{speaker.text}" say this; {told}.',
        start=speaker.start,
        end=speaker.end,
        label=Label.CONTRADICTED if theirs else Label.UNSUPPORTED,
    )


def _may_be(speaker: names.Name, other: str) -> bool:
    return mentions(speaker.text, other) or mentions(other, speaker.text)


def _beside(quote: Quote, text: str) -> str | None:
    """Who says it in a passage, when the name and the verb of saying touch the quotation."""
    for theirs in quotes(text):
        if not stands_in(quote.text, theirs.text):
            continue
        for name in names.names(text):
            if _AFTER.fullmatch(text[theirs.end : name.start]) and _ENDS.match(text, name.end):
                return name.text
            if _BEFORE.fullmatch(text[name.end : theirs.start]):
                return name.text
    return None


def _speaker(text: str, quote: Quote) -> names.Name | None:
    """The name that a verb of saying ties to a quotation, when there is one."""
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
    """The name right before or behind a verb of saying, within one clause."""
    behind = [n for n in found if 0 <= n.start - verb.end() <= 30]
    before = [n for n in found if 0 <= verb.start() - n.end <= 40]
    if verb.group().casefold() == "according to":
        return behind[0] if behind else None
    if before and not re.search(r"[.;“”\"]", text[before[-1].end : verb.start()]):
        return before[-1]
    inverted = behind and re.search(r"[,”\"’']\s*$", text[: verb.start()])
    return behind[0] if inverted else None


def speakers(text: str) -> list[str]:
    """Every name that a verb of saying makes a speaker in a passage."""
    inside = quotes(text)
    outside = [n for n in names.names(text) if not any(q.start <= n.start < q.end for q in inside)]
    found = (_tied(outside, verb, text) for verb in _SAYING.finditer(text))
    return [name.text for name in found if name is not None]


def verbatim_free(claim: str, sources: str) -> str:
    """The claim with its verbatim quotations blanked, for checks of what the drafter says."""
    for quote in quotes(claim):
        if stands_in(quote.text, sources):
            claim = claim[: quote.start] + " " * (quote.end - quote.start) + claim[quote.end :]
    return claim
