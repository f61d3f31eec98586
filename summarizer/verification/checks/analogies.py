"""Analogies: they compare the incident with daily life, and so must state nothing of it.

No source can carry an analogy, which is why entailment is not asked.  What is left to check is that
it is nothing else in disguise: it names nobody, quotes nobody, gives no number that the evidence
lacks, and does not repeat what a passage says.
"""

from __future__ import annotations

import re

from summarizer.domain.claims import Failure, VerdictLabel
from summarizer.text.tokens import read
from summarizer.verification.checks import names as check_names
from summarizer.verification.checks import numbers
from summarizer.verification.evidence import CitedEvidence, EvidenceIndex

MOST_REPEATED = 0.5
"""Share of an analogy's content stems that one passage may hold, 0-1.  A comparison with daily life
takes most of its words from there; from half on it tells the incident once more."""

LEAST_REPEATED = 2
"""Stems in common with a passage from which on the share is asked for: one meets by chance."""

_QUOTED = re.compile(r"[\"“”„«»]")
_MARKS = frozenset(("imagin", "think", "pictur", "suppos", "similar"))


def check(text: str, library: EvidenceIndex) -> list[Failure]:
    """Fail names, quotes, unknown numbers, and what a passage says, in an analogy."""
    names = check_names.check(text, CitedEvidence((), library.known))
    found = [
        _failure(f'An analogy names nobody; this names "{text[f.start : f.end]}".', f.start, f.end)
        for f in names
    ]
    found += numbers.check(text, CitedEvidence(library.known, library.known))
    if match := _QUOTED.search(text):
        found.append(_failure("An analogy quotes nobody.", match.start(), match.end()))
    if repeated := _repeated(text, library):
        found.append(_failure(f"An analogy compares; this repeats what passage {repeated} says."))
    return found


def _repeated(text: str, library: EvidenceIndex) -> str | None:
    """Id of a passage that holds too much of the analogy, if one does."""
    words = read(text).content_set - _MARKS
    for ground in library.known:
        shared = words & read(ground.text).content_set
        if len(shared) >= max(LEAST_REPEATED, MOST_REPEATED * len(words)):
            return ground.id
    return None


def _failure(reason: str, start: int | None = None, end: int | None = None) -> Failure:
    return Failure(
        check="analogy", reason=reason, start=start, end=end, label=VerdictLabel.UNSUPPORTED
    )
