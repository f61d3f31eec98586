"""Quantifiers: a claim may not say of all what its passages say of some.

"All of the 40 flats failed" fails where the passages say that most of them did.  A claim speaks of
all with "all", "every", "each", "both" or "the 40 flats".  A passage speaks of a part with "some
of", "most", "nearly all", "half of" and the like, before the same noun.
"""

from __future__ import annotations

import re

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.sentences import sentences
from summarizer.text.tokens import stem
from summarizer.verification.checks.operators import near
from summarizer.verification.evidence import CitedEvidence

_WORD = r"[^\W\d_][\w'’-]*"
_COUNT = r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_THE = r"(?:the|its|their|his|her|our|these|those)"
_EVERY = re.compile(
    r"(?<!not )(?<!nearly )(?<!almost )\b(?:all|every|each|both)\s+(?:of\s+)?"
    rf"(?:{_THE}\s+)?(?:{_COUNT}\s+)?(?P<noun>{_WORD})",
    re.IGNORECASE,
)
_COUNTED = re.compile(rf"(?<!of )\bthe\s+{_COUNT}\s+(?P<noun>{_WORD})", re.IGNORECASE)
_PART = re.compile(
    r"\b(?P<part>(?:some|most|many|several|few|half|part|one|two|three|dozens|hundreds|thousands|"
    r"(?:a|the) (?:few|third|quarter|half|part|majority|minority|handful|number)|"
    rf"(?:two|three)[- ](?:thirds|quarters))\s+of\s+{_THE}|nearly all|almost all|not all|most|half)"
    rf"\s+(?:{_THE}\s+)?(?:{_COUNT}\s+)?(?P<noun>{_WORD})",
    re.IGNORECASE,
)


def speaks_of_all(text: str) -> bool:
    """Whether a text says something of all of some things."""
    return bool(_EVERY.search(text) or _COUNTED.search(text))


def check(claim: str, grounds: CitedEvidence) -> list[Failure]:
    """Fail each "all …" of which the likely passages only know a part."""
    found = []
    for span in sentences(claim):
        sentence = claim[span.start : span.end]
        if _PART.search(sentence):
            continue
        for whole in (*_EVERY.finditer(sentence), *_COUNTED.finditer(sentence)):
            if part := _only_part(_noun(whole), sentence, grounds):
                found.append(_failure(whole, part, span.start))
    return found[:1]


def _only_part(noun: str, sentence: str, grounds: CitedEvidence) -> str:
    """The part of some things that the passages speak of; empty if they speak of all somewhere."""
    texts = [source.text for source in near(sentence, grounds.cited)]
    if any(_noun(every) == noun for text in texts for every in _EVERY.finditer(text)):
        return ""
    parts = (found for text in texts for found in _PART.finditer(text) if _noun(found) == noun)
    return next((found["part"] for found in parts), "")


def _noun(found: re.Match[str]) -> str:
    return stem(found["noun"].casefold())


def _failure(whole: re.Match[str], part: str, offset: int) -> Failure:
    return Failure(
        check="quantifiers",
        reason=f'The claim speaks of all; the source says "{part}".',
        start=offset + whole.start(),
        end=offset + whole.end(),
        label=VerdictLabel.CONTRADICTED,
    )
