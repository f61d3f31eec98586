"""Claims, and the verdicts on them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from itertools import count
from typing import Any, Self

from pydantic import Field, model_validator

from summarizer.domain.evidence import Evidence
from summarizer.domain.model import Model


# --- Drafting --------------------------------------------------------------------------------
class Kind(StrEnum):
    """Kind of statement that a claim makes.

    ``gloss`` explains a term of the trade, ``analogy`` compares with daily life, and ``inference``
    is one step of the writer's from what its cited passages say.
    """

    FACT = "fact"
    ALLEGATION = "allegation"
    DENIAL = "denial"
    OPINION = "opinion"
    GLOSS = "gloss"
    ANALOGY = "analogy"
    INFERENCE = "inference"
    PREDICTION = "prediction"


EXPLAINING = frozenset({Kind.GLOSS, Kind.ANALOGY})
"""Kinds that state nothing of the incident, so that no passage can carry them."""


class Stance(StrEnum):
    """Side that an actor takes in the incident."""

    CRITIC = "critic"
    DEFENDER = "defender"
    NEUTRAL = "neutral"


class Position(StrEnum):
    """What an actor does in the incident, by its own words or by what is told of it."""

    ACCUSES = "accuses"
    OBJECTS = "objects"
    DENIES = "denies"
    DEFENDS = "defends"
    ADMITS = "admits"
    DECIDES = "decides"
    INVESTIGATES = "investigates"
    REPORTS = "reports"
    COMMENTS = "comments"
    DECLINES = "declines"
    SILENT = "silent"  # a source reports that no answer came


STANCES: Mapping[Position, Stance] = {
    Position.ACCUSES: Stance.CRITIC,
    Position.OBJECTS: Stance.CRITIC,
    Position.DENIES: Stance.DEFENDER,
    Position.DEFENDS: Stance.DEFENDER,
    Position.ADMITS: Stance.NEUTRAL,
    Position.DECIDES: Stance.NEUTRAL,
    Position.INVESTIGATES: Stance.NEUTRAL,
    Position.REPORTS: Stance.NEUTRAL,
    Position.COMMENTS: Stance.NEUTRAL,
    Position.DECLINES: Stance.NEUTRAL,
    Position.SILENT: Stance.NEUTRAL,
}
"""Side of each position; who admits neither attacks nor defends."""


class DateBasis(StrEnum):
    """Meaning of a timeline entry's date: the event's day, or the source's day of publication."""

    EVENT = "event"
    PUBLICATION = "publication"


class ClaimFields(Model):
    """The fields of a claim that its writer fills.

    Args:
        text: the sentence.
        cites: ids of the passages that the drafter cited.
        actor: in ``sides``, the speaker of the claim or the person it is about.
        stance: in ``sides``, the actor's side.
        position: in ``sides``, what the actor does.
        office: in ``sides``, the actor's office or part, as the passage gives it.
        replies_to: in ``sides``, whom or what the actor answers; ``None`` when it answers nobody.
        date: in ``timeline`` the date of the event, in ``forecast`` the date to judge it by.
        date_basis: in ``timeline``, the meaning of ``date``.
        probability: in ``forecast``, 0–1; ``None`` for a step that a source announces for a day.
        criterion: in ``forecast``, how a reader can tell whether it came true.
    """

    text: str
    cites: tuple[str, ...] = ()
    kind: Kind = Kind.FACT
    actor: str | None = None
    stance: Stance | None = None
    position: Position | None = None
    office: str | None = None
    replies_to: str | None = None
    date: dt.date | None = None
    date_basis: DateBasis | None = None
    probability: float | None = None
    criterion: str | None = None


class Claim(ClaimFields):
    """One drafted sentence.

    Args:
        id: id within the draft, stable through repair and edits; empty until the claim is in a
            section.
    """

    id: str = ""

    def named(self, id_: str) -> Claim:
        """Copy of the claim with another id."""
        return self.model_copy(update={"id": id_})

    def says_the_same(self, other: Claim) -> bool:
        """Whether both are equal except for their ids."""
        return self == other.named(self.id)


ID_LENGTH = 12
"""Hexadecimal digits of an id: two of a hundred claims share one in 10^11 drafts."""


def with_ids(
    section: str, claims: Sequence[Claim], taken: Collection[str] = ()
) -> tuple[Claim, ...]:
    """Claims of a section, each with an id.

    An id is a hash of the section's key, the sentence, and a counter for repeated sentences, so
    that a sentence has the same id in the next draft.

    Args:
        section: key of the section.
        claims: claims in order; an existing id stays.
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
    """Verdict on a claim.

    ``unchecked``: nobody could say.  No rule carries the sentence and no judge was asked, the judge
    gave no usable answer, or a check broke off.
    """

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"
    CONTRADICTED = "contradicted"
    UNCHECKED = "unchecked"


OWN_WORDS = "In its own words: needs a model or a person to check."
"""Warning on a claim that no rule carries and no judge was asked about."""


ERASED = "deleted"
"""Check that a sentence failed when its source was deleted; its words are gone."""


class Thresholds(Model):
    """Entailment by the cited passages, 0–1, from which a claim is supported, or partly."""

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
        start: offset of the failing words in the claim; ``None`` for the whole claim.
        end: offset after them.
        better: id of a passage that would support the claim, when one is known.
        label: the verdict for this failure alone.
    """

    check: str
    reason: str
    start: int | None = None
    end: int | None = None
    better: str | None = None
    label: VerdictLabel = VerdictLabel.UNSUPPORTED


class JudgeVerdict(Model):
    """A judge's verdict on one claim.

    Args:
        label: any but ``unchecked``.
        reason: one short sentence of the judge; may be empty.
        passages: ids of the deciding passages, or of better ones.
        tokens: the claim's share of the tokens of the call, in and out.
    """

    label: VerdictLabel
    reason: str = ""
    passages: tuple[str, ...] = ()
    tokens: int = 0


class Verdict(Model):
    """Result of verifying one claim.

    Args:
        score: 0–1, higher is better supported.
        failures: failed checks that decide, in the order in which they run.
        overruled: findings that were put to the judge, who calls the claim supported.
        judge: the judge's verdict; ``None`` when no judge gave one.
        warnings: cautions for the reader of a shown claim (one origin, self-statement).
    """

    label: VerdictLabel
    score: float
    failures: tuple[Failure, ...] = ()
    overruled: tuple[Failure, ...] = ()
    judge: JudgeVerdict | None = None
    evidence: tuple[Evidence, ...] = ()
    warnings: tuple[str, ...] = ()


class CheckedClaim(Model):
    """A claim with its verdict.

    Args:
        origins: number of independent origins that assert it, anywhere in the evidence.
        told_by: their names; a speaker without a name is left out.
        repaired_from: the sentence as first drafted, when it was repaired.
        recited_from: the drafter's citations, when citation repair replaced them; unknown ids stay
            as the drafter gave them.
        edited_by: the editor who wrote the sentence, ``None`` while it is the drafter's.
        edited_from: the sentence before its first edit; ``None`` also for an added sentence.
        restored_because: the editor's reason for showing it although it failed.
        reason_is_public: whether readers see that reason; else it stays in the newsroom.
        place: for a withheld claim, number of shown claims before it; ``None`` when unknown.
    """

    claim: Claim
    verdict: Verdict
    origins: int = 0
    told_by: tuple[str, ...] = ()
    repaired_from: str | None = None
    recited_from: tuple[str, ...] | None = None
    edited_by: str | None = None
    edited_from: str | None = None
    restored_because: str | None = None
    reason_is_public: bool = False
    place: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _without_echo(cls, stored: Any) -> Any:
        """Drafts of 0.2.0 have a field ``echo``."""
        if isinstance(stored, dict) and "echo" in stored:
            return {name: value for name, value in stored.items() if name != "echo"}
        return stored

    @property
    def id(self) -> str:
        """Id of the claim."""
        return self.claim.id

    @property
    def in_own_words(self) -> bool:
        """Whether it is unchecked though nothing failed: no rule carries it, and no judge was
        asked."""
        return self.verdict.label is VerdictLabel.UNCHECKED and not self.verdict.failures

    @property
    def needs_check(self) -> bool:
        """Whether it is in its own words and no editor wrote it, so that nobody vouches for it."""
        return self.in_own_words and self.edited_by is None

    @property
    def as_drafted(self) -> bool:
        """Whether sentence and citations are still those of the drafter's first answer."""
        return self.repaired_from is None and self.recited_from is None and self.edited_by is None

    @property
    def is_erased(self) -> bool:
        """Whether its source was deleted, and its words with it."""
        return any(failure.check == ERASED for failure in self.verdict.failures)

    @property
    def was_drafted(self) -> bool:
        """Whether a drafter wrote it, even if an editor changed it later; of deleted words nobody
        knows."""
        return not self.is_erased and (self.edited_by is None or self.edited_from is not None)
