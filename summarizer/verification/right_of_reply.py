"""Right of reply: whether the sources have an answer of each actor accused in the shown claims.

Four outcomes: answered (a shown denial, or a statement in the evidence pack), declined to comment,
not yet commented, not found in the sources.  The last three get a note, which is about the
evidence, never about the world.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from summarizer.domain.claims import CheckedClaim, Kind, Stance
from summarizer.domain.evidence import EvidencePack
from summarizer.text import names, quotations
from summarizer.text.name_matching import mentions

_ACCUSES = re.compile(
    r"\b(?:accus(?:es?|ed|ing)|alleg(?:es?|ed|ing)(?: that)?|su(?:es|ed|ing)|against|blam(?:es?|ed"
    r"|ing)|charg(?:es|ed)|claims? that|claimed that|criticis\w+|criticiz\w+|faults?|faulted"
    r"|denounc\w+)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_DECLINED = re.compile(
    r"\b(?:declined to (?:comment|answer|respond|say)|refused to (?:comment|answer)"
    r"|would not comment|no comment\b|declined comment)",
    re.IGNORECASE,
)
_SILENT = re.compile(
    r"\b(?:did not (?:immediately )?(?:respond|reply|return|answer)|didn['’]t (?:immediately )?"
    r"(?:respond|reply)|has(?:n['’]t| not) (?:yet )?(?:commented|responded|replied)"
    r"|could not be reached|(?:have|has) yet to (?:respond|comment)|not immediately available)",
    re.IGNORECASE,
)
_OWN_WORDS = re.compile(
    r"\b(?:den(?:y|ies|ied)|reject(?:s|ed)|disput(?:es|ed)|respond(?:s|ed)|repl(?:y|ies|ied)|said|says"
    r"|stated|wrote|posted|told|apologi[sz]ed|admitted|announced|acknowledged|added|insisted)\b",
    re.IGNORECASE,
)


def notes(shown: Sequence[CheckedClaim], pack: EvidencePack) -> tuple[str, ...]:
    """One sentence for each accused actor without an answer in the sources."""
    return tuple(_note(actor, pack) for actor in unanswered(shown, pack))


def unanswered(shown: Sequence[CheckedClaim], pack: EvidencePack) -> tuple[str, ...]:
    """Accused actors without an answer in the sources."""
    return tuple(
        actor for actor in accused(shown) if not (_answers(actor, shown) or _quoted(actor, pack))
    )


def accused(shown: Sequence[CheckedClaim]) -> tuple[str, ...]:
    """Actors accused in shown allegations: named defenders, and objects of verbs of accusing."""
    defenders = [
        c.claim.actor for c in shown if c.claim.stance is Stance.DEFENDER and c.claim.actor
    ]
    found: list[str] = []
    for checked in shown:
        claim = checked.claim
        if claim.kind is not Kind.ALLEGATION:
            continue
        if claim.stance is Stance.DEFENDER and claim.actor:
            found.append(claim.actor)
        found += [actor for actor in defenders if mentions(actor, claim.text)]
        found += [
            name.text.removesuffix("'s").removesuffix("’s")
            for name in names.names(claim.text)
            if _ACCUSES.search(claim.text[: name.start])
            and not (claim.actor and mentions(name.text, claim.actor))
        ]
    return _distinct(found)


def _distinct(actors: Sequence[str]) -> tuple[str, ...]:
    """Distinct actors; "Acme" and "Acme Robotics" are one."""
    kept: list[str] = []
    for actor in actors:
        if not any(mentions(actor, other) for other in kept):
            kept.append(actor)
    return tuple(kept)


def _answers(actor: str, shown: Sequence[CheckedClaim]) -> bool:
    return any(
        c.claim.kind is Kind.DENIAL and mentions(actor, f"{c.claim.actor or ''} {c.claim.text}")
        for c in shown
    )


def _quoted(actor: str, pack: EvidencePack) -> bool:
    """Whether the pack has a statement of the actor: by a verb of saying, or as an own item."""
    by = any(
        mentions(actor, byline)
        for item in pack.items
        for byline in (item.author or "", item.outlet or "")
    )
    return by or any(
        mentions(actor, speaker)
        for passage in pack.passages
        if not _DECLINED.search(passage.text) and not _SILENT.search(passage.text)
        for speaker in (*quotations.speakers(passage.text), *_subjects(passage.text))
    )


def _subjects(text: str) -> list[str]:
    """Names right before a verb of answering."""
    return [
        name.text
        for name in names.names(text)
        if (verb := _OWN_WORDS.search(text, name.end)) and verb.start() - name.end <= 30
    ]


def _note(actor: str, pack: EvidencePack) -> str:
    about = [p.text for p in pack.passages if mentions(actor, p.text)]
    if any(_DECLINED.search(text) for text in about):
        return f"{actor} declined to comment, according to the sources."
    if any(_SILENT.search(text) for text in about):
        return f"{actor} had not commented when the sources were published."
    return f"No response from {actor} was found in the sources."
