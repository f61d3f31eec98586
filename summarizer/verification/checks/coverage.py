"""Subjects: which checks have anything to look at in a claim.

A check that is silent because a claim holds no number says less than one that compared numbers and
found them right; whoever reads the result should see which it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from summarizer.domain.claims import EXPLAINING, Claim
from summarizer.text import dates, quantities, quotations
from summarizer.text.names import names
from summarizer.text.sentences import sentences
from summarizer.verification.checks import comparison, quantifiers

_SUBJECTS: Mapping[str, Callable[[str], bool]] = {
    "numbers": lambda text: bool(quantities.quantities(text)),
    "dates": lambda text: any(not when.relative for when in dates.mentions(text)),
    "names": lambda text: bool(names(text)),
    "quotes": lambda text: bool(quotations.quotes(text)),
    "operators": lambda text: True,
    "modality": lambda text: True,
    "satire": lambda text: True,
    "negation": lambda text: True,
    "comparison": lambda text: (
        bool(comparison.bounded(text))
        or _in_a_sentence(text, lambda s: bool(comparison.directions(s)))
    ),
    "roles": lambda text: True,
    "quantifiers": quantifiers.speaks_of_all,
}


def checks_of(claim: Claim) -> frozenset[str]:
    """Names of the checks of the ladder that have something to look at in a claim.

    None for an analogy, and none without citations: there is nothing to compare with.
    """
    if claim.kind in EXPLAINING or not claim.cites:
        return frozenset()
    return frozenset(name for name, has in _SUBJECTS.items() if has(claim.text))


def _in_a_sentence(text: str, has: Callable[[str], bool]) -> bool:
    return any(has(text[span.start : span.end]) for span in sentences(text))
