"""Public shapes of the editors' view of a draft, and of edits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from api.schemas.incidents import Asked, Public
from api.schemas.reviews import ReviewView
from summarizer.domain import claims as domain_claims
from summarizer.domain import limits
from summarizer.domain.absences import AbsenceReason
from summarizer.domain.claims import OWN_WORDS, CheckedClaim, Failure
from summarizer.domain.corrections import ChangedSentence
from summarizer.domain.drafts import Draft, Section
from summarizer.domain.findings import Effect, Finding, PageFault, PageFinding
from summarizer.domain.reviews import ChangeReason, Review
from summarizer.domain.sections import ROWS, SectionSpec
from summarizer.rendering.schema import ClaimFields, claim_fields
from summarizer.review import edits as review_edits
from summarizer.review.edits import Edit


def _worded(text: str) -> str:
    """Refuse blank text; Python knows more blank characters than the schema's pattern.

    Raises:
        ValueError: the text is blank.
    """
    if not text.strip():
        raise ValueError("it is blank: write something")
    return text


Words = Annotated[
    str, Field(min_length=1, max_length=limits.REASON, pattern=r"\S"), AfterValidator(_worded)
]
"""A name or a reason that is not blank."""

Sentence = Annotated[
    str, Field(min_length=1, max_length=limits.CLAIM, pattern=r"\S"), AfterValidator(_worded)
]
"""The text of a claim, not blank."""

CLAIM_ID = "5e1c0a97f3b2"
"""Example for the OpenAPI document."""


class EvidenceView(Public):
    """A verbatim span of a source that supports a sentence."""

    source: str = Field(description="Id of the passage.", examples=["a3.7"])
    start: int
    end: int
    text: str


class FailureView(Public):
    """One check that a sentence failed."""

    check: str = Field(examples=["numbers"])
    reason: str
    start: int | None = Field(
        description="Offset of the failing words; null for the whole sentence."
    )
    end: int | None
    better: str | None = Field(description="Id of a passage that supports the sentence better.")

    @classmethod
    def of(cls, failure: Failure) -> FailureView:
        """The public shape of a failure."""
        return cls(**failure.model_dump(exclude={"label"}))


class JudgeView(Public):
    """A judge's verdict on one sentence."""

    label: str = Field(examples=["supported"])
    reason: str = Field(description="One sentence of the judge; may be empty.")
    passages: list[str] = Field(description="Ids of the deciding passages.", examples=[["a3.7"]])
    tokens: int = Field(description="The sentence's share of the tokens of the call.")


class VerdictView(Public):
    """Result of the verification of one sentence."""

    label: str = Field(examples=["supported"])
    score: float = Field(ge=0, le=1)
    failures: list[FailureView]
    overruled: list[FailureView] = Field(
        description="What the checks had found; the judge calls the sentence supported."
    )
    judge: JudgeView | None = Field(description="Null when no judge gave a verdict.")
    warnings: list[str]
    evidence: list[EvidenceView]

    @classmethod
    def of(cls, checked: CheckedClaim) -> VerdictView:
        """The public shape of a claim's verdict."""
        verdict = checked.verdict
        return cls(
            label=verdict.label.value,
            score=verdict.score,
            failures=list(map(FailureView.of, verdict.failures)),
            overruled=list(map(FailureView.of, verdict.overruled)),
            judge=JudgeView(**verdict.judge.model_dump()) if verdict.judge else None,
            warnings=[*([OWN_WORDS] if checked.needs_check else []), *verdict.warnings],
            evidence=[EvidenceView(**e.model_dump()) for e in verdict.evidence],
        )


class ClaimView(ClaimFields):
    """One sentence with its verdict."""

    model_config = ConfigDict(extra="ignore")

    id: str | None = Field(
        description="Id for edits, stable through edits; null for a sentence that was only "
        "checked.",
        examples=[CLAIM_ID],
    )
    cites: list[str] = Field(examples=[["a3.7"]])
    verdict: VerdictView
    place: int | None = Field(
        description="For a withheld sentence, the number of shown sentences before it."
    )

    @classmethod
    def of(cls, checked: CheckedClaim) -> ClaimView:
        """The public shape of a claim."""
        return cls(
            **claim_fields(checked),
            id=checked.claim.id,
            cites=list(checked.claim.cites),
            verdict=VerdictView.of(checked),
            place=checked.place,
        )


class SectionView(Public):
    """Editors' view of one section."""

    key: str = Field(examples=list(ROWS)[:1])
    heading: str
    layout: str = Field(examples=["points"])
    etag: str = Field(description="Value of `If-Match` for a change.")
    locked_by: str | None
    edited_by: str | None
    abstained: str | None = Field(description="Why the section is empty, in words.")
    absence: AbsenceReason | None
    notes: list[str]
    claims: list[ClaimView]
    withheld: list[ClaimView]

    @classmethod
    def of(cls, section: Section, spec: SectionSpec) -> SectionView:
        """The public shape of a section."""
        return cls(
            key=section.key,
            heading=spec.row.heading,
            layout=spec.row.layout.value,
            etag=review_edits.fingerprint(section),
            locked_by=section.locked_by,
            edited_by=section.edited_by,
            abstained=section.abstained.words if section.abstained else None,
            absence=section.abstained.reason if section.abstained else None,
            notes=list(section.notes),
            claims=list(map(ClaimView.of, section.shown)),
            withheld=list(map(ClaimView.of, section.withheld)),
        )


class SuggestionView(Public):
    """A drafted section that an editor can accept instead of the one on the page."""

    section: SectionView
    made_at: dt.datetime
    drafter: str
    asked_by: str
    instruction: str | None


class FindingView(Public):
    """Effect of a later item on one sentence."""

    section: str
    claim: str
    effect: Effect
    by: str = Field(description="Key of the source item with that effect.", examples=["a9"])
    source: str
    passage: str | None
    text: str | None = Field(description="Verbatim text of the passage.")
    reason: str
    held_by: str | None = Field(description="Editor whose words or lock keep the sentence.")

    @classmethod
    def of(cls, finding: Finding) -> FindingView:
        """The public shape of a finding."""
        return cls(**finding.model_dump())


class PageFindingView(Public):
    """The judge's finding on the page as a whole."""

    fault: PageFault
    claims: list[str] = Field(
        description="Ids of the sentences concerned; none for a missing side.",
        examples=[[CLAIM_ID]],
    )
    reason: str = Field(description="One sentence of the judge; may be empty.")
    passage: str | None = Field(description="Id of the passage that shows it.", examples=["a3.7"])

    @classmethod
    def of(cls, finding: PageFinding) -> PageFindingView:
        """The public shape of a finding on the page."""
        return cls(**finding.model_dump())


class ChangedView(Public):
    """A sentence that differs from the revision that was approved last."""

    id: str = Field(description="For `change.corrects` of an approval.")
    section: str = Field(examples=["timeline"])
    before: str | None = Field(description="What the approved page says; null for a new sentence.")
    after: str | None = Field(description="What this one says; null for a sentence that is gone.")


class DraftView(Public):
    """Editors' view of one revision."""

    incident: str = Field(examples=["INC-000042"])
    revision: int
    parent: int | None
    created_at: dt.datetime
    drafter: str
    model: str | None
    made_by: str | None
    change: str | None
    sections: list[SectionView]
    suggestions: list[SuggestionView]
    judge: str | None = Field(description="Model that judged the sentences; null without a judge.")
    obstacles: list[str] = Field(description="Reasons against an approval.")
    to_read: list[str] = Field(
        description="Ids of the shown sentences that only rules checked. Under the profile "
        "`strict` an approval names each in `read`."
    )
    attention: list[str] = Field(
        description="Reasons to look at it first; an approval clears those known then."
    )
    findings: list[FindingView] = Field(
        description="Effects of the current evidence on its sentences."
    )
    page_findings: list[PageFindingView] = Field(
        description="The judge's findings on the page whose sentences are shown, and not edited "
        "since."
    )
    changes: list[ChangedView] = Field(
        description="What differs from the revision that was approved last; an approval then needs "
        "`change`."
    )
    review: ReviewView

    @classmethod
    def of(
        cls,
        draft: Draft,
        specs: dict[str, SectionSpec],
        review: Review,
        findings: Sequence[Finding],
        obstacles: Sequence[str],
        attention: Sequence[str],
        changes: Sequence[ChangedSentence],
    ) -> DraftView:
        """The public shape of a draft, with its sections in page order."""
        return cls(
            incident=draft.incident_id,
            revision=draft.revision,
            parent=draft.parent,
            created_at=draft.created_at,
            drafter=draft.drafter,
            model=draft.model,
            made_by=draft.made_by,
            change=draft.change,
            sections=[SectionView.of(s, specs[s.key]) for s in draft.sections if s.key in specs],
            suggestions=[
                SuggestionView(
                    section=SectionView.of(s.section, specs[s.section.key]),
                    **s.model_dump(exclude={"section"}),
                )
                for s in draft.suggestions
            ],
            judge=draft.judge,
            obstacles=list(obstacles),
            to_read=[claim.id for _, claim in draft.to_read()],
            attention=list(attention),
            findings=[FindingView.of(finding) for finding in findings],
            page_findings=list(map(PageFindingView.of, draft.standing_findings)),
            changes=[ChangedView(**one.model_dump()) for one in changes],
            review=ReviewView.of(review),
        )


class ClaimIn(domain_claims.ClaimFields):
    """A sentence written by an editor."""

    text: Sentence = Field(examples=["The regulator fined Varnway 3 million crowns."])
    cites: tuple[str, ...] = Field(
        default=(),
        max_length=limits.CITES,
        description="Ids of supporting passages; without any, the service searches for some.",
        examples=[["a3.7"]],
    )
    actor: Words | None = None
    office: Words | None = None
    replies_to: Words | None = None
    probability: float | None = Field(default=None, ge=0, le=1)
    criterion: Words | None = None

    def claim(self) -> domain_claims.Claim:
        """Convert to a domain claim."""
        return domain_claims.Claim.model_validate(self.model_dump())


class EditIn(Asked):
    """One sentence of the section after the edit."""

    id: str | None = Field(
        default=None,
        min_length=1,
        max_length=40,
        description="Id of the existing sentence; omitted for a new one.",
        examples=[CLAIM_ID],
    )
    claim: ClaimIn | None = Field(
        default=None, description="New content; omitted to keep the sentence unchanged."
    )
    restore: Words | None = Field(
        default=None, description="Reason for showing a sentence although it fails."
    )
    public: bool = Field(
        default=False,
        description="Whether readers see the reason in `restore`; else only the newsroom does.",
    )
    remove: bool = Field(
        default=False,
        description="Remove the sentence, also a withheld one; goes with `id`, without `claim`.",
    )
    reason: ChangeReason | None = Field(
        default=None,
        description="Why an existing sentence is changed or removed: the passages do not support "
        "it, others do, its style, or it does not belong on the page.",
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        review_edits.check_parts(
            self.id, changed=self.claim is not None, removed=self.remove,
            restored=self.restore is not None, reasoned=self.reason is not None,
            public=self.public,
        )  # fmt: skip
        return self

    def edit(self) -> Edit:
        """Convert to a domain edit."""
        return Edit(
            id=self.id,
            claim=self.claim.claim() if self.claim else None,
            restore=self.restore,
            public=self.public,
            remove=self.remove,
            reason=self.reason,
        )


class SectionChange(Public):
    """Change of a section: its sentences in order, its lock, or both."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"edits": [{"id": CLAIM_ID}, {"claim": {"text": "A new one.", "cites": ["a3.7"]}}]},
                {"edits": [{"id": CLAIM_ID, "remove": True, "reason": "unsupported"}]},
                {"locked": True},
            ]
        },
    )

    edits: list[EditIn] | None = Field(
        default=None,
        max_length=limits.CLAIMS,
        description="Unlisted shown sentences are removed; unlisted withheld ones stay withheld.",
    )
    locked: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.edits is None and self.locked is None:
            raise ValueError("send 'edits', 'locked' or both")
        return self


class CheckRequest(Asked):
    """Sentences to verify as parts of a section."""

    claims: list[ClaimIn] = Field(min_length=1, max_length=limits.CLAIMS)


class CheckAnswer(Public):
    """Verified sentences, in the order of the request."""

    claims: list[ClaimView]


class SuggestionAnswer(Asked):
    """Whether the suggestion replaces the section or is deleted."""

    accept: bool
