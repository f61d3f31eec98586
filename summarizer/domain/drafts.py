"""Sections and drafts, and the messages between drafter, judge and gate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from datetime import datetime

from pydantic import ValidationInfo, field_validator

from summarizer.domain.claims import CheckedClaim, Claim, Failure, VerdictLabel, with_ids
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model


class DraftedSection(Model):
    """A drafter's answer for one section, before verification.

    Args:
        claims: claims, each with an id; the validator adds a missing one.
        abstained: the drafter's reason for writing nothing.
        prompt_version: version and hash of the prompt, ``None`` without a model.
    """

    key: str
    claims: tuple[Claim, ...] = ()
    abstained: str | None = None
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

    def __add__(self, other: Usage) -> Usage:
        mine, theirs = self.model_dump(), other.model_dump()
        return Usage(**{name: mine[name] + theirs[name] for name in mine})


class Section(Model):
    """One section of the page, after the gate.

    Args:
        shown: claims shown to the reader, in order.
        withheld: claims hidden from the reader, each with the reasons in its verdict.
        abstained: reason for an empty section: the missing evidence.
        notes: statements about the evidence, never about the world
            ("No response from X was found in the sources.").
        edited_by: the last editor who changed it since it was drafted.
        locked_by: the editor who locked it against drafters and other editors.
    """

    key: str
    shown: tuple[CheckedClaim, ...] = ()
    withheld: tuple[CheckedClaim, ...] = ()
    abstained: str | None = None
    notes: tuple[str, ...] = ()
    prompt_version: str | None = None
    edited_by: str | None = None
    locked_by: str | None = None

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

    def section(self, key: str) -> Section:
        """The section with that key; raises ``KeyError`` when the draft has none."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)

    def unsupported(self) -> list[tuple[str, CheckedClaim]]:
        """Shown claims without full support, each with its section's key."""
        return [
            (section.key, claim)
            for section in self.sections
            for claim in section.shown
            if claim.verdict.label is not VerdictLabel.SUPPORTED
        ]

    @property
    def claims_drafted(self) -> int:
        """Number of claims that the drafter wrote, shown or withheld."""
        return sum(c.was_drafted for s in self.sections for c in (*s.shown, *s.withheld))

    @property
    def claims_unchecked(self) -> int:
        """Number of claims for which the judge gave no usable verdict; all are withheld."""
        return sum(
            c.verdict.label is VerdictLabel.UNCHECKED for s in self.sections for c in s.withheld
        )

    @property
    def faithfulness(self) -> float | None:
        """Share of the drafter's claims that are supported as drafted; ``None`` without claims.

        A repaired, re-cited or edited claim was not supported as drafted.
        """
        if not self.claims_drafted:
            return None
        supported = sum(
            c.verdict.label is VerdictLabel.SUPPORTED and c.as_drafted
            for s in self.sections
            for c in s.shown
        )
        return supported / self.claims_drafted


class CheckedSection(Model):
    """One section with a verdict on every drafted claim, before the gate."""

    key: str
    claims: tuple[CheckedClaim, ...] = ()
    abstained: str | None = None
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


class JudgeVerdict(Model):
    """A judge's verdict on one claim.

    Args:
        label: any but ``unchecked``.
        reason: one short sentence of the judge; may be empty.
        passage: id of the deciding passage or of a better one; may be unknown to the evidence.
    """

    label: VerdictLabel
    reason: str = ""
    passage: str | None = None


class Judgement(Model):
    """Verdicts by claim id; a claim without a usable verdict is missing."""

    verdicts: Mapping[str, JudgeVerdict]
    usage: Usage = Usage()
