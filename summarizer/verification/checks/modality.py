"""Modality: a claim is never stronger than its passages.

The ladder is reported < alleged < charged or sued < settled < found, fined or admitted.  A claim
that stands on a higher rung than every cited passage fails.
"""

from __future__ import annotations

import re

from summarizer.domain.accusations import Stage
from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.cache import cached_by_text
from summarizer.text.sentences import Span
from summarizer.verification.evidence import CitedEvidence, align

_SAYS = {
    Stage.REPORTED: "report it",
    Stage.ALLEGED: "only speak of an allegation",
    Stage.CHARGED: "only speak of a suit or charge",
    Stage.SETTLED: "only speak of a settlement",
}
_WORDS = {
    Stage.ALLEGED: r"alleg\w+|accus\w+|purported\w*|rumou?r\w*|suspected\w*|claim(?:s|ed|ing)?\b",
    Stage.CHARGED: (
        r"sued|sues|suing|lawsuits?|suits?\b|charged with|charges\b|charged\b(?! \$)|indict\w+"
        r"|prosecut\w+|complaints?\b|arraign\w+|on trial|faces trial"
    ),
    Stage.SETTLED: r"settle[sd]?\b|settlements?\b|settling\b",
    Stage.FOUND: (
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


def _spans(rung: Stage, text: str) -> list[Span]:
    """Where words of a rung stand un-negated."""
    return [
        Span(*m.span())
        for m in _PATTERNS[rung].finditer(text)
        if not _NEGATED.search(text[max(0, m.start() - 40) : m.start()])
    ]


@cached_by_text
def height(text: str) -> tuple[Stage, Span | None]:
    """The highest rung that a text stands on, with the words that put it there."""
    for rung in sorted(_PATTERNS, reverse=True):
        if found := _spans(rung, text):
            return rung, found[0]
    return Stage.REPORTED, None


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail a claim that stands higher than its passages."""
    return _escalated(claim, grounds) or _from_nothing(claim, grounds)


def _escalated(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fires only where the passages speak of a lower rung: else the words are simply absent."""
    mine, span = height(claim)
    if span is None or mine < Stage.CHARGED:
        return []
    theirs, _ = height(grounds.text)
    near = " ".join(a.text for a in align(claim, grounds.cited, limit=2))
    if not theirs < mine or height(near)[0] < Stage.ALLEGED:
        return []
    refused = mine is Stage.FOUND and re.search(
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
