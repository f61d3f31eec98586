"""The criterion of a forecast: something that anyone can look up on its day.

It may use words that the sources don't have, as "a notice in the register" does.  It tells what
will be seen, and nothing of the past: a fact in it would stand on the page without a passage.  What
else it states is read by the judge and the editor.
"""

from __future__ import annotations

import re

from summarizer.domain.claims import Claim, Failure, VerdictLabel
from summarizer.text.clauses import Tense, clauses
from summarizer.text.sentences import sentences
from summarizer.text.tokens import listed, read, stem
from summarizer.verification.evidence import CitedEvidence

_PUBLIC = frozenset(
    map(
        stem,
        listed(
            """
            publish record register registry docket gazette minutes archive database entry document
            filing file report statement release notice announce press website news newspaper
            post tweet confirm decide decision ruling rule order judgment verdict vote approve
            reject adopt pass grant dismiss adjourn postpone withdraw issue hearing session meeting
            figures statistics estimate survey results sign pay open close launch resume
            say said tell told write wrote testify testimony deny admit sue settle charge indict
            arrest convict acquit sentence fine resign appoint elect
            """
        ),
    )
)
"""Stems of what is said in public, decided or published, and of the records of it."""


_PERFECT = re.compile(r"\b(?:has|have)(?:\s\w{1,20}){0,3}\s$")


def criterion(claim: Claim, cited: CitedEvidence) -> list[Failure]:
    """Fail a criterion that names nothing to look up, or that tells what was."""
    text = claim.criterion or ""
    if cited.cited and _tells_the_past(text):
        reason = (
            'The criterion tells what happened. Say what will be seen: "ARSA has published a '
            'ruling", "a filing shows that …".'
        )
        return [Failure(check="criterion", reason=reason, label=VerdictLabel.UNSUPPORTED)]
    if not cited.cited or _PUBLIC.intersection(read(text).stems):
        return []
    reason = (
        "The criterion names nothing that anyone can look up: say who decides or publishes what, "
        "such as a ruling, a filing or a statement."
    )
    return [Failure(check="criterion", reason=reason, label=VerdictLabel.UNSUPPORTED)]


def _tells_the_past(text: str) -> bool:
    """Whether a sentence has its first verb in the simple past."""
    texts = [text[s.start : s.end] for s in sentences(text)]
    firsts = ((one, found[0]) for one, found in zip(texts, clauses(texts), strict=True) if found)
    return any(
        clause.tense is Tense.PAST and not _PERFECT.search(one[: clause.start])
        for one, clause in firsts
    )
