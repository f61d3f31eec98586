"""Claims, verdicts, and claims with their verdict."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from enum import StrEnum
from itertools import count
from typing import Self

from pydantic import Field, model_validator

from summarizer.domain.evidence import Evidence
from summarizer.domain.model import Model


# --- Drafting --------------------------------------------------------------------------------
class Kind(StrEnum):
    """What kind of sentence a claim is."""

    FACT = "fact"
    ALLEGATION = "allegation"
    DENIAL = "denial"
    OPINION = "opinion"
    ANALOGY = "analogy"
    PREDICTION = "prediction"


class Stance(StrEnum):
    """On which side of the incident an actor stands."""

    CRITIC = "critic"
    DEFENDER = "defender"
    NEUTRAL = "neutral"


class DateBasis(StrEnum):
    """What the date of a timeline entry is the date of."""

    EVENT = "event"
    PUBLICATION = "publication"


class ClaimFields(Model):
    """The fields of a claim that its writer fills.

    Args:
        text: the sentence.
        cites: ids of the passages that support it, as the drafter gave them.
        kind: what kind of sentence it is.
        actor: in ``sides``, who claims or of whom it is claimed.
        stance: in ``sides``, where the actor stands.
        date: in ``timeline`` the date of the event, in ``forecast`` the date to judge it by.
        date_basis: in ``timeline``, what ``date`` is the date of.
        probability: in ``forecast``, 0–1.
        criterion: in ``forecast``, how a reader will know whether it came true.
    """

    text: str
    cites: tuple[str, ...] = ()
    kind: Kind = Kind.FACT
    actor: str | None = None
    stance: Stance | None = None
    date: dt.date | None = None
    date_basis: DateBasis | None = None
    probability: float | None = None
    criterion: str | None = None


class Claim(ClaimFields):
    """One drafted sentence.

    Args:
        id: its name in its draft, kept through repair and edits; empty until it stands in a
            section.
    """

    id: str = ""

    def named(self, id_: str) -> Claim:
        """The same claim under another id."""
        return self.model_copy(update={"id": id_})

    def says_the_same(self, other: Claim) -> bool:
        """Whether both are equal but for their ids."""
        return self == other.named(self.id)


ID_LENGTH = 12
"""Hexadecimal digits of an id: two of a hundred claims share one in 10^11 drafts."""


def with_ids(
    section: str, claims: Sequence[Claim], taken: Collection[str] = ()
) -> tuple[Claim, ...]:
    """Claims of a section, each with an id.

    An id is made of the section's key, the sentence, and a number that tells repeated ones apart,
    so that the same sentence has the same id in the next draft.

    Args:
        section: key of the section.
        claims: in order; those that have an id keep it.
        taken: ids that no new claim may get.
    """
    used = {*taken, *(claim.id for claim in claims)}
    found = []
    for claim in claims:
        one = claim if claim.id else claim.named(_new_id(section, claim.text, used))
        used.add(one.id)
        found.append(one)
    return tuple(found)


def _new_id(section: str, text: str, used: Collection[str]) -> str:
    ids = (
        hashlib.sha256(f"{section}\n{n}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()
        for n in count()
    )
    return next(id_ for long in ids if (id_ := long[:ID_LENGTH]) not in used)


# --- Verification and gate -------------------------------------------------------------------
class VerdictLabel(StrEnum):
    """The verdict on a claim; ``unchecked`` means that nobody could judge it."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    UNCHECKED = "unchecked"


class Thresholds(Model):
    """Entailment of the cited passages, 0–1, from which a claim is supported, or partly."""

    supported: float = Field(gt=0, le=1)
    partly: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.partly > self.supported:
            raise ValueError("'partly' must not be above 'supported'")
        return self


class Failure(Model):
    """One check that a claim failed.

    Args:
        check: name of the check (``numbers``, ``quotes`` …).
        reason: one sentence for the editor: what is wrong, and what the sources say instead.
        start: offset of the failing words in the claim; ``None`` when it is the whole claim.
        end: offset behind them.
        better: id of a passage that would have been right, when one is known.
        label: the verdict that this failure alone calls for.
    """

    check: str
    reason: str
    start: int | None = None
    end: int | None = None
    better: str | None = None
    label: VerdictLabel = VerdictLabel.UNSUPPORTED


class Verdict(Model):
    """What verification found about one claim.

    Args:
        score: 0–1, higher is better supported.
        failures: every check that failed, in the order of the ladder.
        warnings: what a reader should know though the claim stands (one origin, self-statement).
    """

    label: VerdictLabel
    score: float
    failures: tuple[Failure, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    warnings: tuple[str, ...] = ()


class CheckedClaim(Model):
    """A claim with its verdict.

    Args:
        origins: number of independent origins among its cited passages that each say it.
        echo: how far the origins that it doesn't cite speak of the same, 0–1.
        repaired_from: the sentence as first drafted, when it was repaired.
        recited_from: what its drafter had cited, when we cite other passages for it; ids that the
            evidence lacks stand as they came.
        edited_by: the editor whose words it is, ``None`` while it is the drafter's.
        edited_from: the sentence before its first edit; ``None`` too for one that was added.
        restored_because: why an editor shows it although it failed; never without a reason.
        place: of a withheld claim, how many shown claims stand before it; ``None`` when unknown.
    """

    claim: Claim
    verdict: Verdict
    origins: int = 0
    echo: float = 0.0
    repaired_from: str | None = None
    recited_from: tuple[str, ...] | None = None
    edited_by: str | None = None
    edited_from: str | None = None
    restored_because: str | None = None
    place: int | None = None

    @property
    def id(self) -> str:
        """Of the claim."""
        return self.claim.id

    @property
    def as_drafted(self) -> bool:
        """Whether sentence and citations are the drafter's first."""
        return self.repaired_from is None and self.recited_from is None and self.edited_by is None

    @property
    def was_drafted(self) -> bool:
        """Whether a drafter wrote it, whoever changed it later."""
        return self.edited_by is None or self.edited_from is not None
