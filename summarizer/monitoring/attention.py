"""Reasons why a draft needs an editor, and obstacles to its approval."""

from __future__ import annotations

import re
from collections.abc import Iterable

from summarizer.domain.claims import CheckedClaim, Kind, VerdictLabel
from summarizer.domain.drafts import Draft

UNANSWERED = re.compile(r"^No response from .+ was found in the sources\.$")
"""Note of the ``sides`` section on an accused actor without a reply in the sources."""

_LEGAL = re.compile(
    r"\b(?:law\s?suits?|sue[sd]?|suing|filed (?:a )?(?:suit|complaint)|indict\w+|arrest\w*|"
    r"prosecut\w+|convict\w+|plead\w*|pleaded|on trial|criminal(?:ly)?|settle(?:d|ment)s?)\b",
    re.IGNORECASE,
)
_INSOLVENT = re.compile(
    r"\b(?:insolven\w+|bankrupt\w*|receivership|chapter 11|administrators?\b.{0,20}\bappointed|"
    r"liquidat\w+)\b",
    re.IGNORECASE,
)
_ANONYMOUS = re.compile(
    r"\b(?:anonymous(?:ly)?|unnamed|on condition of anonymity|asked not to be named|"
    r"(?:a|one|two|three|several) (?:person|people|sources?|insiders?) (?:familiar|close|with|at)|"
    r"(?:a|an) (?:current|former) (?:employee|worker|engineer|contractor|executive))\b",
    re.IGNORECASE,
)


def obstacles(draft: Draft) -> tuple[str, ...]:
    """Reasons against approving a draft as it stands, one sentence each."""
    found = [
        f'{key}: "{claim.claim.text}" is shown, but its sources do not fully support it.'
        for key, claim in draft.unsupported()
        if claim.claim.kind is not Kind.ANALOGY
    ]
    found += [
        f"{section.key}: {note} Ask for a reply, or say why not."
        for section in draft.sections
        for note in section.notes
        if UNANSWERED.match(note)
    ]
    if not any(section.shown for section in draft.sections):
        found.append("Nothing is shown: there is no page to approve.")
    return tuple(found)


def attention(draft: Draft) -> tuple[str, ...]:
    """Reasons in a draft itself why it needs an editor, one sentence each."""
    shown = [claim for section in draft.sections for claim in section.shown]
    withheld = [claim for section in draft.sections for claim in section.withheld]
    found = []
    if _any(shown, _LEGAL):
        found.append("Court, charges or a settlement: for the senior desk.")
    if _any(shown, _INSOLVENT):
        found.append("Insolvency: for the senior desk.")
    if any(_ANONYMOUS.search(c.claim.text) for c in shown if c.claim.kind is Kind.ALLEGATION):
        found.append("An anonymous allegation: say what kind of source it is, and who confirms it.")
    if any(UNANSWERED.match(note) for section in draft.sections for note in section.notes):
        found.append("Somebody is accused and the sources hold no reply.")
    contradicted = sum(c.verdict.label is VerdictLabel.CONTRADICTED for c in withheld)
    if contradicted:
        found.append(f"{contradicted} drafted sentence(s) contradict the sources; withheld.")
    if draft.suggestions:
        found.append(f"{len(draft.suggestions)} suggestion(s) wait beside an editor's words.")
    if not any(section.shown for section in draft.sections):
        found.append("Nothing could be shown.")
    return tuple(found)


def _any(claims: Iterable[CheckedClaim], pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(c.claim.text) for c in claims)
