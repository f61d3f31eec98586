"""Check of quotations: verbatim in a cited passage, and said by the named speaker."""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text import names
from summarizer.text.name_matching import mentions
from summarizer.text.quotations import SAID_BY, Quote, quotes, speakers, stands_in, tied_speaker
from summarizer.text.tokens import tokens
from summarizer.verification.evidence import CitedEvidence, CitedText

_AFTER = re.compile(rf"\s*,?\s*{SAID_BY}\s+", re.IGNORECASE)
_BEFORE = re.compile(rf"\s+{SAID_BY}(?:\s+that)?\s*[,:]?\s*", re.IGNORECASE)
_ENDS = re.compile(r"\s*(?:[.,;:)\n]|$)")
SPEECH_WORDS = 4
"""From this many words on a quotation is speech whose speaker is checked; fewer may be a term."""


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each quotation that is not verbatim, or that the passages attribute to another."""
    failures = []
    joined = grounds.text.replace("\n", " ")
    for quote in quotes(claim):
        if not stands_in(quote.text, joined):
            failures.append(_altered(claim, quote, grounds))
        elif len(tokens(quote.text)) >= SPEECH_WORDS:
            failures += _wrong_speaker(claim, quote, grounds)
    return failures


def _altered(claim: str, quote: Quote, grounds: CitedEvidence) -> Failure:
    better = grounds.better(claim, lambda g: stands_in(quote.text, g.text))
    where = "another passage has it" if better else "no source has these words: quote or paraphrase"
    return Failure(
        check="quotes",
        reason=f'"{quote.text}" is not verbatim in the cited passages; {where}.',
        start=quote.start,
        end=quote.end,
        better=better,
        label=VerdictLabel.UNSUPPORTED,
    )


def _wrong_speaker(claim: str, quote: Quote, grounds: CitedEvidence) -> list[Failure]:
    speaker = tied_speaker(claim, quote)
    if speaker is None:
        return []
    for ground in grounds.cited:
        if stands_in(quote.text, ground.text):
            return _attributed(speaker, quote, ground, grounds)
    return []


def _attributed(
    speaker: names.Name, quote: Quote, ground: CitedText, grounds: CitedEvidence
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
        label=VerdictLabel.CONTRADICTED if theirs else VerdictLabel.UNSUPPORTED,
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
