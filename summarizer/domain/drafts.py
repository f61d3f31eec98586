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
    """What a drafter wrote for one section, before anything was verified.

    Args:
        claims: each gets an id, if it has none.
        abstained: why the drafter wrote nothing, when it chose not to.
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
    """What a draft cost: calls that were sent, and tokens as the server counted them."""

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
    """One part of the page after the gate.

    Args:
        shown: claims that reach the reader, in order.
        withheld: claims that do not, each with the reasons in its verdict.
        abstained: why the section is empty and what evidence is missing.
        notes: what we found out about the evidence itself, never about the world
            ("No response from X was found in the sources.").
        edited_by: the last editor who changed it since it was drafted.
        locked_by: the editor who locked it: no drafter and no other editor changes it.
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
        """Whether an editor's hand is in it, so that a new draft waits beside it."""
        return self.edited_by is not None or self.locked_by is not None


class Suggestion(Model):
    """A drafted section that waits beside the one on the page until an editor answers.

    Args:
        section: as it would stand on the page.
        made_at: aware UTC time.
        drafter: who wrote it, with the model if there is one.
        asked_by: who asked for it.
        instruction: what the editor asked for, ``None`` when a whole new draft brought it.
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
        evidence: the pack it was drafted from; every shown claim cites passages of it.
        evidence_hash: hash of the pack; the same hash means nothing new to draft from.
        sections: in the order of the page.
        gate: profile and version of the gate's policy (``strict-1``); ``None`` when not recorded.
        judge: the model that judged the claims, ``None`` when none did.
        parent: the revision that it was made from, ``None`` for a first draft.
        made_by: who asked for it, or the editor who made it.
        change: what an editor did, in words; ``None`` when a drafter made it.
        suggestions: at most one a section, none the same as its section.
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
        """Shown claims that their sources don't fully support, each with its section's key."""
        return [
            (section.key, claim)
            for section in self.sections
            for claim in section.shown
            if claim.verdict.label is not VerdictLabel.SUPPORTED
        ]

    @property
    def claims_drafted(self) -> int:
        """All claims that the drafter wrote: shown and withheld, an editor's own left out."""
        return sum(c.was_drafted for s in self.sections for c in (*s.shown, *s.withheld))

    @property
    def claims_unchecked(self) -> int:
        """Claims on which a judge was asked and gave no usable verdict; none of them is shown."""
        return sum(
            c.verdict.label is VerdictLabel.UNCHECKED for s in self.sections for c in s.withheld
        )

    @property
    def faithfulness(self) -> float | None:
        """Supported claims over all claims the drafter wrote; ``None`` when it wrote none.

        A claim that was repaired, cited anew or edited was not faithful as drafted and does not
        count.
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
    """A claim that failed, handed back to its drafter with the reasons."""

    section: str
    claim: Claim
    failures: tuple[Failure, ...]


class Drafting(Model):
    """What one drafter made of one evidence pack."""

    sections: tuple[DraftedSection, ...]
    usage: Usage = Usage()


class Repairs(Model):
    """Repaired claims by the id of the failed one; the drafter gave the others up."""

    claims: Mapping[str, Claim]
    usage: Usage = Usage()


class CallRecord(Model):
    """One call that was sent to a model, for the audit log, the cost account and the cache.

    Args:
        request_hash: hash of everything that decides the answer, the server's address included.
        model: id of the model that was asked.
        created_at: aware UTC time at which it was sent.
        purpose: ``draft``, ``repair`` or ``judge``.
        request: body of the request as JSON, without the key.
        response: body of the answer as it came, ``None`` when none came.
        usage: tokens as the server counted them, with ``calls`` 1.
        latency_ms: milliseconds from sending to the answer or the failure, >= 0.
        error: why the answer was not usable, ``None`` when it was.
        batched: whether it came in a batch, at half the price.
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
    """What a judge says about one claim.

    Args:
        label: any but ``unchecked``.
        reason: one short sentence, as the judge wrote it; may be empty.
        passage: id of the passage that decided or would have been right; may be one that the
            evidence lacks.
    """

    label: VerdictLabel
    reason: str = ""
    passage: str | None = None


class Judgement(Model):
    """Verdicts by the id of the claim; a claim without a usable one is missing."""

    verdicts: Mapping[str, JudgeVerdict]
    usage: Usage = Usage()
