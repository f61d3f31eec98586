"""Analogies and glosses: they explain, and so must state nothing of the incident.

An analogy compares with daily life, a gloss explains a term of the trade.  No source can carry
either, which is why entailment is not asked.  What is left to check is that it is nothing else in
disguise: it names nobody (a gloss may name a law), quotes nobody, gives no number that the evidence
lacks (a gloss: none that it has), and does not repeat what a passage says.
"""

from __future__ import annotations

import re

from summarizer.domain.claims import Failure, Kind, VerdictLabel
from summarizer.text.tokens import fold, listed, read
from summarizer.verification.checks import names as check_names
from summarizer.verification.checks import numbers
from summarizer.verification.evidence import CitedEvidence, EvidenceIndex

MOST_REPEATED = {Kind.ANALOGY: 0.5, Kind.GLOSS: 0.8}
"""Share of the content stems that one passage may hold, 0-1.  A comparison with daily life takes
most of its words from there; from half on it tells the incident once more.  A gloss has the term,
and what belongs to it, in common with the passage that it explains."""

LEAST_REPEATED = 2
"""Stems in common with a passage from which on the share is asked for: one meets by chance."""

_FIGURE = re.compile(r"\d[\d.,]{0,20}\d|\d")
_QUOTED = re.compile(r"[\"“”„«»]")
_LAWS = frozenset(
    listed(
        """act amendment charter code constitution convention directive law ordinance protocol
        regulation statute treaty"""
    )
)
"""Last words of names of laws."""

_MARKS = frozenset(("imagin", "think", "pictur", "suppos", "similar"))


def check(text: str, library: EvidenceIndex, kind: Kind = Kind.ANALOGY) -> list[Failure]:
    """Fail names, quotes, numbers, and what a passage says, in an analogy or a gloss."""
    what = "A gloss" if kind is Kind.GLOSS else "An analogy"
    names = check_names.check(text, CitedEvidence((), library.known))
    found = [
        _failure(f'{what} names nobody; this names "{text[f.start : f.end]}".', f.start, f.end)
        for f in names
        if not (kind is Kind.GLOSS and _may_explain(text[f.start : f.end], library))
    ]
    if kind is Kind.GLOSS:
        found += _numbers_of_the_incident(text, library)
    else:
        found += numbers.check(text, CitedEvidence(library.known, library.known))
    if match := _QUOTED.search(text):
        found.append(_failure(f"{what} quotes nobody.", match.start(), match.end()))
    if repeated := _repeated(text, library, MOST_REPEATED[kind]):
        explains = "explains a term" if kind is Kind.GLOSS else "compares"
        found.append(_failure(f"{what} {explains}; this repeats what passage {repeated} says."))
    return found


def _may_explain(name: str, library: EvidenceIndex) -> bool:
    """Whether a gloss may explain what has a name: a law, or an abbreviation."""
    return fold(name).split()[-1] in _LAWS or _is_term(name, library)


def _is_term(name: str, library: EvidenceIndex) -> bool:
    """Whether a name is an abbreviation of common words in the sources: "an interface (API)", not
    "Harrow Port Authority (HPA)"."""
    owned = re.compile(rf"[A-Z][\w'’-]{{0,30}} \({re.escape(name)}\)")
    return name.isupper() and not any(owned.search(ground.text) for ground in library.known)


def _numbers_of_the_incident(text: str, library: EvidenceIndex) -> list[Failure]:
    """Numbers in figures that some passage has too: a gloss states none of the incident."""
    there = {figure for ground in library.known for figure in _FIGURE.findall(ground.text)}
    return [
        _failure(
            f'A gloss states no number of the incident; passages have "{match.group()}".',
            *match.span(),
        )
        for match in _FIGURE.finditer(text)
        if match.group() in there
    ]


def _repeated(text: str, library: EvidenceIndex, most: float) -> str | None:
    """Id of a passage that holds too much of the sentence, if one does."""
    words = read(text).content_set - _MARKS
    for ground in library.known:
        shared = words & read(ground.text).content_set
        if len(shared) >= max(LEAST_REPEATED, most * len(words)):
            return ground.id
    return None


def _failure(reason: str, start: int | None = None, end: int | None = None) -> Failure:
    return Failure(
        check="analogy", reason=reason, start=start, end=end, label=VerdictLabel.UNSUPPORTED
    )
