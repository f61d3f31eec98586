"""Sections and drafts, and the messages between drafter, judge and gate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from datetime import datetime

from pydantic import ValidationInfo, field_validator

from summarizer.domain.absences import Abstained
from summarizer.domain.accusations import Accusation
from summarizer.domain.claims import (
    CheckedClaim,
    Claim,
    Failure,
    JudgeVerdict,
    VerdictLabel,
    with_ids,
)
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.findings import PageFinding
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey
from summarizer.domain.model import Model

RECORDED = "recorded-answers"
"""Model id of recorded answers that are replayed: no model was asked for them."""


class DraftedSection(Model):
    """A drafter's answer for one section, before verification.

    Args:
        claims: claims, each with an id; the validator adds a missing one.
        abstained: why the drafter wrote nothing.
        prompt_version: version and hash of the prompt, ``None`` without a model.
    """

    key: str
    claims: tuple[Claim, ...] = ()
    abstained: Abstained = None
    prompt_version: str | None = None

    @field_validator("claims")
    @classmethod
    def _with_ids(cls, claims: tuple[Claim, ...], info: ValidationInfo) -> tuple[Claim, ...]:
        return with_ids(info.data.get("key", ""), claims)


class Usage(Model):
    """Usage of a model: calls sent, and tokens as counted by the server."""

    calls: int = 0
    cached_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cache_write_tokens: int = 0
    cache_read_tokens: int = 0

    @property
    def tokens(self) -> int:
        """All tokens, cache reads included."""
        return (
            self.input_tokens
            + self.output_tokens
            + self.cache_write_tokens
            + self.cache_read_tokens
        )

    def __add__(self, other: Usage) -> Usage:
        mine, theirs = self.model_dump(), other.model_dump()
        return Usage(**{name: mine[name] + theirs[name] for name in mine})


class Section(Model):
    """One section of the page, after the gate.

    Args:
        shown: claims shown to the reader, in order.
        withheld: claims hidden from the reader, each with the reasons in its verdict.
        abstained: why the section is empty.
        notes: statements about the evidence, never about the world
            ("No response from X was found in the sources.").
        drafter: who drafted it; ``None`` in drafts stored before this was kept for each section.
        model: id of the model that drafted it, ``None`` without one.
        judge: the model that judged its claims, ``None`` when none did.
        accusations: what the shown claims accuse, with the replies; ``None`` where it was not
            recorded.
        edited_by: the last editor who changed it since it was drafted.
        locked_by: the editor who locked it against drafters and other editors.
    """

    key: str
    shown: tuple[CheckedClaim, ...] = ()
    withheld: tuple[CheckedClaim, ...] = ()
    abstained: Abstained = None
    notes: tuple[str, ...] = ()
    accusations: tuple[Accusation, ...] | None = None
    prompt_version: str | None = None
    drafter: str | None = None
    model: str | None = None
    judge: str | None = None
    edited_by: str | None = None
    locked_by: str | None = None

    def made_by(self, drafter: str, model: str | None, judge: str | None) -> Section:
        """Copy of a fresh section that names its drafter, its model, and its judge if one judged.

        A section keeps these names when a later draft leaves it as it is.
        """
        judged = any(c.verdict.judge for c in (*self.shown, *self.withheld))
        names = {"drafter": drafter, "model": model, "judge": judge if judged else None}
        return self.model_copy(update=names)

    @property
    def written_by(self) -> str | None:
        """The editor, when an editor wrote all that it shows; else ``None``."""
        theirs = [c.edited_by for c in self.shown if not c.was_drafted]
        return theirs[-1] if theirs and len(theirs) == len(self.shown) else None

    @property
    def is_kept(self) -> bool:
        """Whether an editor edited or locked it, so that a new draft becomes a suggestion."""
        return self.edited_by is not None or self.locked_by is not None


class Suggestion(Model):
    """A drafted section that an editor can accept in place of the section on the page.

    Args:
        section: the section after the gate.
        made_at: aware UTC time.
        drafter: name of the drafter, with its model if it has one.
        asked_by: name of the editor or program that asked for it.
        instruction: the editor's instruction, ``None`` when it comes from a whole new draft.
    """

    section: Section
    made_at: dt.datetime
    drafter: str
    asked_by: str
    instruction: str | None = None


class Draft(Model):
    """One immutable revision of an incident's sections.

    Args:
        revision: 1 for the first draft of an incident.
        drafter: ``anthropic`` or ``extractive``.
        model: id of the model, ``None`` for the extractive drafter.
        evidence: the evidence pack; every shown claim cites passages of it.
        evidence_hash: hash of the pack; with the same hash there is nothing new to draft from.
        sections: sections in the order of the page.
        gate: profile and version of the gate's policy (``strict-1``); ``None`` when not recorded.
        judge: the model that judged the claims, ``None`` without a judge.
        parent: the revision it was made from, ``None`` for a first draft.
        made_by: the editor who made it, or the name of the editor or program that asked for it.
        change: description of an editor's change; ``None`` for a drafter's revision.
        suggestions: at most one for each section, each different from that section.
        findings: the judge's findings on the page as it was drafted.
        erased: items that were deleted since, with all that rested on them.
    """

    incident_id: IncidentId
    revision: int
    created_at: dt.datetime
    drafter: str
    model: str | None = None
    evidence: EvidencePack
    evidence_hash: str
    sections: tuple[Section, ...]
    usage: Usage = Usage()
    gate: str | None = None
    judge: str | None = None
    parent: int | None = None
    made_by: str | None = None
    change: str | None = None
    suggestions: tuple[Suggestion, ...] = ()
    findings: tuple[PageFinding, ...] = ()
    erased: tuple[ItemKey, ...] = ()

    @property
    def standing_findings(self) -> tuple[PageFinding, ...]:
        """Findings all of whose sentences are still shown, and none of them edited since."""
        shown = {c.id for s in self.sections for c in s.shown if c.edited_by is None}
        return tuple(finding for finding in self.findings if shown.issuperset(finding.claims))

    def section(self, key: str) -> Section:
        """The section with that key; raises ``KeyError`` when the draft has none."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def unsupported(self) -> list[tuple[str, CheckedClaim]]:
        """Shown claims that fell short of full support, each with its section's key."""
        return [
            (section.key, claim)
            for section in self.sections
            for claim in section.shown
            if claim.verdict.label is not VerdictLabel.SUPPORTED and not claim.in_own_words
        ]

    def to_read(self) -> list[tuple[str, CheckedClaim]]:
        """Shown claims that only rules have checked, each with its section's key.

        Those are claims in their own words, and all that a model wrote and no judge has judged.
        What an editor wrote or restored is not among them: a person stands for it.
        """
        return [
            (section.key, claim)
            for section in self.sections
            for claim in section.shown
            if claim.edited_by is None
            and claim.restored_because is None
            and claim.verdict.judge is None
            and (claim.in_own_words or self.model or section.prompt_version)
        ]

    @property
    def claims_drafted(self) -> int:
        """Number of claims that the drafter wrote, shown or withheld."""
        return sum(c.was_drafted for s in self.sections for c in (*s.shown, *s.withheld))

    @property
    def claims_unchecked(self) -> int:
        """Number of withheld claims of which nobody could say whether they hold."""
        return sum(
            c.verdict.label is VerdictLabel.UNCHECKED for s in self.sections for c in s.withheld
        )

    @property
    def claims_in_own_words(self) -> int:
        """Number of the drafter's shown claims in their own words, with no judge asked."""
        return sum(c.needs_check for s in self.sections for c in s.shown)

    @property
    def claims_supported(self) -> int:
        """Number of the drafter's claims, shown or withheld, that are supported in its last words.

        A repaired or re-cited claim counts; an edited one does not, nor an ``unchecked`` one.
        """
        return sum(
            c.verdict.label is VerdictLabel.SUPPORTED and c.edited_by is None
            for s in self.sections
            for c in (*s.shown, *s.withheld)
        )

    @property
    def claims_supported_as_drafted(self) -> int:
        """Number of shown ones with the words and citations of the drafter's first answer."""
        return sum(
            c.verdict.label is VerdictLabel.SUPPORTED and c.as_drafted
            for s in self.sections
            for c in s.shown
        )

    @property
    def faithfulness(self) -> float | None:
        """``claims_supported`` / ``claims_drafted``; ``None`` without claims.

        Faithfulness of RAGAS (Es et al. 2023), judged by our verifier.
        """
        return self.claims_supported / self.claims_drafted if self.claims_drafted else None

    @property
    def faithfulness_as_drafted(self) -> float | None:
        """``claims_supported_as_drafted`` / ``claims_drafted``: without repair, and shown."""
        if not self.claims_drafted:
            return None
        return self.claims_supported_as_drafted / self.claims_drafted


class CheckedSection(Model):
    """One section with a verdict on every drafted claim, before the gate."""

    key: str
    claims: tuple[CheckedClaim, ...] = ()
    abstained: Abstained = None
    prompt_version: str | None = None


class Repair(Model):
    """A failed claim, handed back to its drafter with the reasons."""

    section: str
    claim: Claim
    failures: tuple[Failure, ...]


class Drafting(Model):
    """A drafter's answer to one evidence pack."""

    sections: tuple[DraftedSection, ...]
    usage: Usage = Usage()


class Repairs(Model):
    """Repaired claims by the id of the failed claim; a claim the drafter gave up is missing."""

    claims: Mapping[str, Claim]
    usage: Usage = Usage()


class CallRecord(Model):
    """One call to a model, for the audit log, the cost account and the cache.

    Args:
        request_hash: hash of everything that decides the answer, including the server's address.
        model: id of the model.
        created_at: aware UTC time of sending.
        purpose: ``draft``, ``repair`` or ``judge``.
        request: body of the request as JSON, without the API key.
        response: body of the answer as received, ``None`` without one.
        usage: tokens as counted by the server, with ``calls`` 1.
        latency_ms: milliseconds from sending to the answer or the failure, >= 0.
        error: why the answer was not usable, ``None`` for a usable one.
        batched: whether the call was part of a batch, at half the price.
    """

    request_hash: str
    model: str
    created_at: datetime
    purpose: str
    request: str
    response: str | None
    usage: Usage
    latency_ms: int
    error: str | None = None
    batched: bool = False


class Judgement(Model):
    """Verdicts by claim id, and findings on the page; a claim without a usable verdict is
    missing."""

    verdicts: Mapping[str, JudgeVerdict]
    findings: tuple[PageFinding, ...] = ()
    usage: Usage = Usage()
