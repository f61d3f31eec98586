"""Reasons why a draft needs an editor, and obstacles to its approval."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from summarizer.domain.absences import NOT_SINGLE_INCIDENT
from summarizer.domain.accusations import Accusation, Stage
from summarizer.domain.claims import EXPLAINING, CheckedClaim, Position, VerdictLabel
from summarizer.domain.drafts import Draft
from summarizer.domain.findings import PageFault, PageFinding
from summarizer.domain.responses import Asked, Requests
from summarizer.domain.sections import ROWS, Layout, heading
from summarizer.verification import right_of_reply

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


class Counted(NamedTuple):
    """The words after a number, for one and for many."""

    one: str
    many: str

    def of(self, number: int) -> str:
        """A reason with its number."""
        return f"{number} {self.one if number == 1 else self.many}"


TO_READ = Counted(
    "sentence checked by rules only: read it beside its passages.",
    "sentences checked by rules only: read them beside their passages.",
)
"""The reason that sentences are to be read."""

SUGGESTIONS = Counted(
    "suggestion waits beside an editor's words.", "suggestions wait beside an editor's words."
)
CONTRADICTED = Counted(
    "drafted sentence contradicts the sources; withheld.",
    "drafted sentences contradict the sources; withheld.",
)
ERASED = Counted(
    "sentence is withheld, since its source was deleted.",
    "sentences are withheld, since their source was deleted.",
)

_HEADLINES = frozenset(key for key, row in ROWS.items() if row.layout is Layout.HEADLINE)


def obstacles(
    draft: Draft,
    *,
    reading: bool = False,
    read: Collection[str] = (),
    blocking: Collection[PageFault] = (),
    asked: Requests = MappingProxyType({}),
    now: dt.datetime | None = None,
) -> tuple[str, ...]:
    """Reasons against approving a draft as it stands, one sentence each.

    Who is accused and has not answered stands against it, until the time is over that they were
    given to answer.

    Args:
        draft: the draft.
        reading: whether each sentence that only rules checked must be read.
        read: ids of the claims that the editor has read.
        blocking: faults of the page as a whole that stand against an approval.
        asked: who was asked for a response.
        now: the time; needed with ``asked``.
    """
    found = [
        f'{heading(key)}: "{claim.claim.text}" is shown, but its sources do not fully support it.'
        for key, claim in draft.unsupported()
        if claim.claim.kind not in EXPLAINING
    ]
    found += [
        f'{heading(key)}: "{claim.claim.text}" was checked by rules only: read it beside its '
        "passages and confirm it."
        for key, claim in draft.to_read()
        if reading and claim.id not in read
    ]
    found += [
        f"{heading(key)}: {actor} is accused, {missing}"
        for key, actor in right_of_reply.unanswered(draft)
        if (missing := _missing(asked.get(actor), now))
    ]
    found += [
        page_finding(draft, finding)
        for finding in draft.standing_findings
        if finding.fault in blocking
    ]
    if not any(section.shown for section in draft.sections):
        found.append("Nothing is shown: there is no page to approve.")
    elif any(section.key in _HEADLINES and not section.shown for section in draft.sections):
        found.append("The page has no title: write one.")
    return tuple(found)


def _missing(asked: Asked | None, now: dt.datetime | None) -> str | None:
    """What is missing of a fair hearing; ``None`` where the time to answer is over."""
    if asked is None:
        return "and no reply is shown. Ask for one, or say why not."
    if now is None or now < asked.until:
        return f"and may answer until {asked.due_words}. Wait, or say why not."
    return None


def attention(draft: Draft) -> tuple[str, ...]:
    """Reasons in a draft itself why it needs an editor, one sentence each."""
    shown = [claim for section in draft.sections for claim in section.shown]
    withheld = [claim for section in draft.sections for claim in section.withheld]
    found = []
    if _any(shown, _LEGAL):
        found.append("Court, charges or a settlement: for the senior desk.")
    if _any(shown, _INSOLVENT):
        found.append("Insolvency: for the senior desk.")
    if any(_is_anonymous(accusation) for _, accusation in right_of_reply.accusations_of(draft)):
        found.append("An anonymous allegation: say what kind of source it is, and who confirms it.")
    if right_of_reply.unanswered(draft):
        found.append("Somebody is accused and the sources hold no reply that is surely theirs.")
    found += _of_withheld(withheld)
    found += [page_finding(draft, finding) for finding in draft.standing_findings]
    if to_read := draft.to_read():
        found.append(TO_READ.of(len(to_read)))
    if draft.suggestions:
        found.append(SUGGESTIONS.of(len(draft.suggestions)))
    if any(section.abstained == NOT_SINGLE_INCIDENT for section in draft.sections):
        found.append(NOT_SINGLE_INCIDENT.words)
    elif not any(section.shown for section in draft.sections):
        found.append("Nothing could be shown.")
    return tuple(found)


def uncounted(reason: str) -> str:
    """A reason without its number, the same for one and for many."""
    words = reason.lstrip("0123456789 ")
    counted = (TO_READ, SUGGESTIONS, CONTRADICTED, ERASED)
    return next((phrase.many for phrase in counted if words in phrase), words)


def _of_withheld(withheld: Sequence[CheckedClaim]) -> Iterator[str]:
    if contradicted := sum(c.verdict.label is VerdictLabel.CONTRADICTED for c in withheld):
        yield CONTRADICTED.of(contradicted)
    if erased := sum(claim.is_erased for claim in withheld):
        yield ERASED.of(erased)


def _is_anonymous(accusation: Accusation) -> bool:
    alleged = accusation.position is Position.ACCUSES and accusation.stage is Stage.ALLEGED
    return alleged and accusation.accuser is None


def page_finding(draft: Draft, finding: PageFinding) -> str:
    """A judge's finding on the page, as one sentence for the editor with what it concerns."""
    texts = {c.id: c.claim.text for section in draft.sections for c in section.shown}
    quoted = " and ".join(f'"{texts[id_]}"' for id_ in finding.claims if id_ in texts)
    parts = (FAULTS[finding.fault], quoted, finding.reason)
    shown = f" ({finding.passage})" if finding.passage else ""
    return f"The judge on the page: {': '.join(filter(None, parts))}{shown}"


FAULTS: Mapping[PageFault, str] = {
    PageFault.ACCUSATION_WITHOUT_REPLY: "an accusation stands without the reply in the evidence",
    PageFault.CONTRADICTION: "two sentences contradict each other",
    PageFault.REPEATED: "one point is told twice",
    PageFault.DOES_NOT_STAND_ALONE: "a sentence is not understood alone",
    PageFault.SUPERSEDED_VALUE: "a later source corrects or updates this",
    PageFault.SIDE_MISSING: "a side is missing",
}
"""Faults of a page in an editor's words."""


def _any(claims: Iterable[CheckedClaim], pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(c.claim.text) for c in claims)
