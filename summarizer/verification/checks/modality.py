"""Modality: a claim is never stronger than its passages.

The ladder is reported < alleged < charged or sued < settled < found, fined or admitted.  A claim
that stands on a higher rung than every cited passage fails, and so does one that drops the hedge of
the passage it comes from ("allegedly", "accused of", "could").
"""

from __future__ import annotations

import re
from enum import IntEnum

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.cache import cached_by_text
from summarizer.text.sentences import Span, sentences
from summarizer.text.tokens import coverage, read
from summarizer.verification.evidence import Aligned, CitedEvidence, align


class Rung(IntEnum):
    """How firmly something is established."""

    REPORTED = 0
    ALLEGED = 1
    CHARGED = 2
    SETTLED = 3
    FOUND = 4


_SAYS = {
    Rung.REPORTED: "report it",
    Rung.ALLEGED: "only speak of an allegation",
    Rung.CHARGED: "only speak of a suit or charge",
    Rung.SETTLED: "only speak of a settlement",
}
_WORDS = {
    Rung.ALLEGED: r"alleg\w+|accus\w+|purported\w*|rumou?r\w*|suspected\w*|claim(?:s|ed|ing)?\b",
    Rung.CHARGED: (
        r"sued|sues|suing|lawsuits?|suits?\b|charged with|charges\b|charged\b(?! \$)|indict\w+"
        r"|prosecut\w+|complaints?\b|arraign\w+|on trial|faces trial"
    ),
    Rung.SETTLED: r"settle[sd]?\b|settlements?\b|settling\b",
    Rung.FOUND: (
        r"convict(?:s|ed|ions?)\b|found guilty|is guilty|was guilty|were guilty|pleaded guilty"
        r"|pled guilty|guilty of|found liable|held liable|liable for|fined\b|fines\b(?! print)"
        r"|admit(?:s|ted)\b(?! to (?:the )?hospital)|admission of|admitting\b|confess\w*"
        r"|sentenced\b|ruled that|(?:court|judge|jury|regulator|inquiry|panel) (?:has )?found"
        r"|acknowledged (?:that|the|wrong)|guilt\b|verdict\b|ruling\b|penalt(?:y|ies)\b"
        r"|acquitted|prove[sdn]? (?:that|(?:\w+ ){1,4}guilty)|certain that"
        r"|won (?:a|the) (?:judge?ment|verdict|case)"
    ),
}
_PATTERNS = {rung: re.compile(rf"\b(?:{words})", re.IGNORECASE) for rung, words in _WORDS.items()}
_ESTABLISHED = re.compile(
    r"\b(?:admit(?:s|ted|ting)? (?:liability|guilt|fault|wrongdoing|responsibility|the|that|it"
    r"|(?:to )?(?:having|\w+ing))|admission of|convict(?:s|ed|ions?)|found guilty|guilty of"
    r"|plead(?:ed|s|ing)? guilty|pled guilty|(?:found|held) liable|confess(?:ed|es|ing|ions?)"
    r"|won (?:a|the) judge?ment)\b",
    re.IGNORECASE,
)
"""Guilt and admissions in so many words, which no passage leaves to be inferred."""
_ESTABLISHES = re.compile(
    r"\b(?:admi[ts]\w*|confess\w*|acknowledg\w+|conced\w+|apologi\w+|guilt\w*|convict\w*|liable"
    r"|liability|verdict\w*|sentenc\w+|ruled|rules|ruling|found|finds|finding|judge?ment\w*|jail\w*"
    r"|prison\w*|plea\w*|pled|fine[sd]?|penalt\w+|accepted|responsib\w+|fault|blame\w*|prove[dns]?"
    r"|proof|murderer|killer|felon\w*|crimes?|criminals?|offen[cd]\w+|death row"
    r"|serv(?:ed|es|ing))\b",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|n[o']t|never|without|no|denie[sd]|deny|denying|refus\w+|declin\w+|nor|neither"
    r"|if|could be|may be|might be|would be|could|potential\w*|possible|facing|faces|avoid\w*)"
    r"(?:\W+\w+){0,3}\W*$|n['’]t(?:\W+\w+){0,3}\W*$",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:alleg\w+|accus\w+|reportedly|purported\w*|rumou?r\w*|suspected\w*|claim(?:s|ed|ing)\b"
    r"|unconfirmed|unverified|supposed\w*)",
    re.IGNORECASE,
)
_DISTANCE = re.compile(
    r"\b(?:alleg\w+|accus\w+|claim\w*|sa(?:id|ys?|ying)|report\w*|according|told|tell\w*|den(?:y|ie)"
    r"\w*|argu\w+|believ\w+|suspect\w*|su(?:e[sd]?|ing)|lawsuits?|suits?|complaint\w*|charg\w+|may"
    r"|might|could|would|if|contend\w*|assert\w*|stat(?:e[sd]|ement)\w*|rumou?r\w*|purport\w*"
    r"|supposed\w*|apparent\w*|unconfirmed|unverified|indict\w+|prosecut\w+|investigat\w+|question"
    r"\w*|disput\w+|describ\w+|call(?:s|ed)|post\w*|wrote|writ\w+|blam\w+|critici\w+|concern\w*"
    r"|possibl[ey]|potential\w*|appear\w*|seem\w*|likely|plead\w*|trial|defen[cs]e|testif\w+)",
    re.IGNORECASE,
)
_POSSIBLE = re.compile(r"\b(?:could|may|might|possibly|potentially)\b", re.IGNORECASE)
_CERTAIN = re.compile(r"\b(?:will|definitely|certainly|undoubtedly)\b", re.IGNORECASE)

DROPPED_HEDGE_RECALL = 0.6
"""Share of a claim's content that a hedged sentence must hold before the claim counts as drawn
from it.  Chosen on the calibration data: below, other sentences are often its real source."""

REACH_BEFORE, REACH_BEHIND = 8, 16
"""Words before and behind a hedge, within its clause, that it is taken to cover."""

_CLAUSE_END = re.compile(r"[;.!?]|\b(?:but|while|although|whereas)\b")


def _spans(rung: Rung, text: str) -> list[Span]:
    """Where words of a rung stand un-negated."""
    return [
        Span(*m.span())
        for m in _PATTERNS[rung].finditer(text)
        if not _NEGATED.search(text[max(0, m.start() - 40) : m.start()])
    ]


@cached_by_text
def height(text: str) -> tuple[Rung, Span | None]:
    """The highest rung that a text stands on, with the words that put it there."""
    for rung in sorted(_PATTERNS, reverse=True):
        if found := _spans(rung, text):
            return rung, found[0]
    return Rung.REPORTED, None


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail a claim that stands higher than its passages, or drops the hedge of its passage."""
    higher = _escalated(claim, grounds) or _from_nothing(claim, grounds)
    return [*higher, *_dropped(claim, grounds), *_sure(claim, grounds)]


def _escalated(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fires only where the passages speak of a lower rung: else the words are simply absent."""
    mine, span = height(claim)
    if span is None or mine < Rung.CHARGED:
        return []
    theirs, _ = height(grounds.text)
    near = " ".join(a.text for a in align(claim, grounds.cited, limit=2))
    if not theirs < mine or height(near)[0] < Rung.ALLEGED:
        return []
    refused = mine is Rung.FOUND and re.search(
        r"\b(?:without|not|no|never|den\w+)\s+(?:\w+\s+){0,2}(?:admi\w+|guilt\w*|liab\w+)",
        grounds.text,
        re.IGNORECASE,
    )
    words = claim[span.start : span.end]
    return [
        Failure(
            check="modality",
            reason=f'The claim says "{words}"; the cited passages {_SAYS[theirs]}.',
            start=span.start,
            end=span.end,
            better=grounds.better(claim, lambda g: height(g.text)[0] >= mine),
            label=VerdictLabel.CONTRADICTED if refused else VerdictLabel.UNSUPPORTED,
        )
    ]


def _from_nothing(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Guilt or an admission of which the passages and their surroundings say nothing at all."""
    found = [
        m
        for m in _ESTABLISHED.finditer(claim)
        if not _NEGATED.search(claim[max(0, m.start() - 40) : m.start()])
    ]
    if not found or _ESTABLISHES.search(grounds.text):
        return []
    near = (b.text for g in grounds.cited for b in grounds.before(g, reach=2))
    if any(_ESTABLISHES.search(text) for text in (*near, *(g.title for g in grounds.cited))):
        return []
    return [
        Failure(
            check="modality",
            reason=f'The claim says "{found[0].group()}"; no cited passage speaks of guilt or of '
            "an admission.",
            start=found[0].start(),
            end=found[0].end(),
            better=grounds.better(claim, lambda g: _ESTABLISHED.search(g.text) is not None),
            label=VerdictLabel.UNSUPPORTED,
        )
    ]


def _dropped(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """One failure a sentence of the claim whose only likely passages are hedged."""
    failures = []
    for span in sentences(claim):
        sentence = claim[span.start : span.end]
        if _DISTANCE.search(sentence):
            continue
        hedge = _hedge_of(sentence, align(sentence, grounds.cited))
        if hedge is None or height(sentence)[0] > Rung.ALLEGED:
            continue
        failures.append(
            Failure(
                check="modality",
                reason=f'The cited passage says "{hedge}"; the claim states it as fact.',
                start=span.start,
                end=span.end,
                label=VerdictLabel.UNSUPPORTED,
            )
        )
    return failures


def _hedge_of(sentence: str, likely: list[Aligned]) -> str | None:
    """The hedge of the best sentence, unless one about as good states the same without."""
    if not likely or likely[0].recall < DROPPED_HEDGE_RECALL:
        return None
    close = [a for a in likely if a.recall >= likely[0].recall - 0.1]
    words = read(sentence).content_set
    hedges = [_covering(words, a.text) for a in close]
    first = hedges[0]
    return first.group() if first is not None and all(hedges) else None


def _covering(words: frozenset[str], text: str) -> re.Match[str] | None:
    """The hedge of a sentence that has most of some words in its reach, if any."""
    for hedge in _HEDGE.finditer(text):
        before = " ".join(text[: hedge.start()].split()[-REACH_BEFORE:])
        behind = " ".join(_CLAUSE_END.split(text[hedge.end() :])[0].split()[:REACH_BEHIND])
        if before.endswith(",") and "," in behind:
            before, behind = "", behind.split(",")[0]
        if coverage(words, read(f"{before} {behind}").content_set) >= DROPPED_HEDGE_RECALL:
            return hedge
    return None


def _sure(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """``will`` where the passage it comes from says ``could``."""
    match = _CERTAIN.search(claim)
    if match is None or _POSSIBLE.search(claim) or _CERTAIN.search(grounds.text):
        return []
    likely = align(claim, grounds.cited, limit=1)
    if not likely or likely[0].recall < DROPPED_HEDGE_RECALL:
        return []
    possible = _POSSIBLE.search(likely[0].text)
    if possible is None or re.search(r"\bwould\b|['’]ll\b", likely[0].text):
        return []
    return [
        Failure(
            check="modality",
            reason=(
                f'The claim says "{match.group()}"; the cited passage says "{possible.group()}".'
            ),
            start=match.start(),
            end=match.end(),
            label=VerdictLabel.UNSUPPORTED,
        )
    ]
