"""What events tell beside their kind: one typed detail for each kind of event.

Details are stored as JSON and only ever added to.  Reading one keeps what this version knows, so
that a row of an older version stays readable; writing one is strict.  A deletion takes words out of
details, so that every text may be missing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from summarizer.domain.events import EventKind
from summarizer.domain.findings import Effect
from summarizer.domain.forecasts import Outcome
from summarizer.domain.holds import HoldKind
from summarizer.domain.reports import ReportOutcome
from summarizer.domain.reviews import ChangeReason

T = TypeVar("T")


def _is_absent(value: object) -> bool:
    return value is None or value == ()


_Told = Field(default=None, exclude_if=_is_absent)
Maybe = Annotated[T | None, _Told]
"""What an event need not have; absent in JSON where it does not."""

Several = Annotated[tuple[T, ...], Field(default=(), exclude_if=_is_absent)]
"""Any number of them; absent in JSON where there is none."""

Counts = Annotated[Mapping[str, int] | None, Field(default=None, exclude_if=_is_absent)]
"""Numbers by name."""


class Row(BaseModel):
    """Base of what details are made of."""

    model_config = ConfigDict(frozen=True, extra="ignore", serialize_by_alias=True)


class Detail(Row):
    """Base of all details."""

    held: Maybe[Literal[True]] = Field(
        description="True where a hold keeps the rest from a reader."
    )


class NoDetail(Detail):
    """Nothing: the kind says all."""


class ItemsDetail(Detail):
    """Items that came to an incident."""

    items: Several[str] = Field(description="Keys of the items.", examples=[["a1", "a2"]])
    from_: Maybe[str] = Field(alias="from", description="Incident that they were taken from.")
    url: Maybe[str] = Field(description="Address that they were fetched from.")


class DraftedDetail(Detail):
    """A draft that was stored."""

    drafter: Maybe[str] = Field(description="Who drafted: a drafter or a model.")
    verdicts: Counts = Field(description="Sentences by verdict, shown or withheld.")
    tokens: Counts = Field(description="Tokens of all calls by kind, as the server counted.")
    calls: Maybe[int] = Field(description="Calls to models.")
    cached_calls: Maybe[int] = Field(description="Answers that an earlier draft had paid for.")
    evidence_tokens: Maybe[int] = Field(description="Estimated tokens of the evidence.")


class FailedDetail(Detail):
    """A draft that was not made."""

    job: Maybe[str] = Field(description="Id of the job.")
    reason: Maybe[str] = Field(description="Why it failed, in words.")


class AttentionDetail(Detail):
    """Why an editor is called."""

    reasons: Several[str] = Field(description="The reasons, in words.")


class FoundRow(Row):
    """One sentence that later items concern."""

    id: Maybe[str] = Field(description="Id of the finding, the same in every revision.")
    effect: Maybe[Effect] = Field(description="What the item does to the sentence.")
    section: Maybe[str] = Field(description="Section of the sentence.")
    by: Maybe[str] = Field(description="Key of the item.")
    passage: Maybe[str] = Field(description="Passage that says it.")
    held_by: Maybe[str] = Field(description="Editor who holds the sentence.")


class FindingsDetail(AttentionDetail):
    """What later items say against sentences of a draft."""

    findings: Several[FoundRow] = Field(description="A row for each sentence.")


class SectionDetail(Detail):
    """A section that an editor locked, unlocked, or of which a suggestion was answered."""

    section: Maybe[str] = Field(description="Key of the section.")


class ChangedSentence(Row):
    """What an editor made of one sentence."""

    id: str | None = Field(default=None, description="Id of the sentence.")
    before: str | None = Field(default=None, description="Its text before.")
    after: str | None = Field(default=None, description="Its text then; null: removed.")
    reason: ChangeReason | None = Field(default=None, description="Why; null: none given.")


class EditedDetail(SectionDetail):
    """A section that an editor changed."""

    changes: Several[ChangedSentence] = Field(description="Sentences changed or removed.")


class SuggestedDetail(SectionDetail):
    """A section that was drafted again, beside the one on the page."""

    instruction: Maybe[str] = Field(description="The editor's instruction.")


class CorrectedSentence(Row):
    """What a public page said and says."""

    id: Maybe[str] = Field(description="Id of the sentence.")
    section: Maybe[str] = Field(description="Key of its section.")
    before: Maybe[str] = Field(description="What it said; absent: it was missing.")
    after: Maybe[str] = Field(description="What it says; absent: it is gone.")


class PageChange(Row):
    """What an approval changes of a page that was approved before."""

    since: Maybe[int] = Field(description="Revision that was approved before.")
    why: Maybe[str] = Field(description="Why, in the editor's words.")
    changed: Maybe[int] = Field(description="Sentences that differ.")
    corrections: Several[CorrectedSentence] = Field(
        description="Sentences that readers are told of as corrected."
    )


class ApprovedDetail(Detail):
    """An approval."""

    note: Maybe[str] = Field(description="The editor's note.")
    override: Maybe[str] = Field(description="Why it was approved against what stood before it.")
    against: Several[str] = Field(description="What stood before the approval, in words.")
    settled: Several[str] = Field(description="Reasons for attention that it settles, in words.")
    read: Several[str] = Field(description="Ids of sentences that the editor confirmed.")
    change: Maybe[PageChange] = Field(description="What it changes of an approved page.")


class FaultySentence(Row):
    """A sentence for which a draft was refused."""

    id: Maybe[str] = Field(description="Id of the sentence.")
    text: Maybe[str] = Field(description="Its text.")


class DecidedDetail(Detail):
    """A decision other than an approval."""

    note: Maybe[str] = Field(description="What is wrong, in the editor's words.")
    reason: Maybe[ChangeReason] = Field(description="The kind of fault.")
    sentences: Several[FaultySentence] = Field(description="The sentences at fault.")


class MergedDetail(Detail):
    """A merge of an incident into another."""

    into: Maybe[str] = Field(description="Incident that has its items now.")
    items: Several[str] = Field(description="Keys of the items that it had.")
    shown_by: Maybe[str] = Field(description="Item that fits both, where no editor merged them.")


class MovedDetail(Detail):
    """Items that an editor moved to another incident."""

    into: Maybe[str] = Field(description="Incident that has the items now.")
    items: Several[str] = Field(description="Keys of the items.")


class SplitDetail(MovedDetail):
    """Items that became an incident of their own."""

    undone: Maybe[Literal["merge"]] = Field(description="What the split undid.")


class SetAsideDetail(Detail):
    """An incident that auto-drafting leaves alone after failures."""

    evidence: Maybe[str] = Field(description="Hash of the evidence of which no draft succeeds.")
    reason: Maybe[str] = Field(description="Why, in words.")


class BudgetDetail(Detail):
    """A budget of auto-drafting with no room for the next draft."""

    waits: Maybe[str] = Field(description="Incident that waits.")
    reason: Maybe[str] = Field(description="What is left, in words.")


class DueDetail(Detail):
    """A forecast whose day has come."""

    forecast: Maybe[int] = Field(description="Number of the forecast.")
    due: Maybe[dt.date] = Field(description="Its day (UTC).")


class ResolvedDetail(Detail):
    """What came of a forecast."""

    forecast: Maybe[int] = Field(description="Number of the forecast.")
    outcome: Maybe[Outcome] = Field(description="What came of it.")
    note: Maybe[str] = Field(description="The editor's note.")


class DeletedDetail(Detail):
    """A deletion of items, or of an incident."""

    deletion: Maybe[int] = Field(description="Number of the deletion.")
    why: Maybe[str] = Field(description="The reason given.")
    items: Several[str] = Field(description="Keys of the deleted items.")
    withheld: Maybe[int] = Field(description="Sentences that were withheld for it.")
    incident: Maybe[bool] = Field(description="True where the incident itself is deleted.")


class HoldDetail(Detail):
    """A hold on an incident that an editor put or lifted, or that has ended."""

    hold: Maybe[HoldKind] = Field(description="Kind of the hold.")
    reason: Maybe[str] = Field(description="Why, in the editor's words.")
    until: Maybe[dt.datetime] = Field(description="End of an embargo.")
    from_: Maybe[str] = Field(alias="from", description="Incident that it was split from.")


class AskedDetail(Detail):
    """A request to somebody who is accused for a response."""

    of: Maybe[str] = Field(description="Who was asked.")
    until: Maybe[dt.datetime] = Field(description="By when an answer was asked for.")


class ReportDetail(Detail):
    """A reader's report of an inaccuracy, or an editor's answer to it."""

    report: Maybe[int] = Field(description="Number of the report.")
    outcome: Maybe[ReportOutcome] = Field(description="The answer.")
    note: Maybe[str] = Field(description="Why, in the editor's words.")


DETAILS: Mapping[EventKind, type[Detail]] = MappingProxyType(
    {
        EventKind.OPENED: ItemsDetail,
        EventKind.ITEMS_ADDED: ItemsDetail,
        EventKind.REOPENED: ItemsDetail,
        EventKind.DRAFTED: DraftedDetail,
        EventKind.DRAFT_FAILED: FailedDetail,
        EventKind.NEEDS_ATTENTION: AttentionDetail,
        EventKind.ATTENTION_OVER: NoDetail,
        EventKind.EDITED: EditedDetail,
        EventKind.LOCKED: SectionDetail,
        EventKind.UNLOCKED: SectionDetail,
        EventKind.SUGGESTED: SuggestedDetail,
        EventKind.ACCEPTED: SectionDetail,
        EventKind.REFUSED: SectionDetail,
        EventKind.APPROVED: ApprovedDetail,
        EventKind.CHANGES_REQUESTED: DecidedDetail,
        EventKind.REJECTED: DecidedDetail,
        EventKind.WITHDRAWN: DecidedDetail,
        EventKind.MERGED: MergedDetail,
        EventKind.SPLIT: SplitDetail,
        EventKind.SET_ASIDE: SetAsideDetail,
        EventKind.RELEASED: NoDetail,
        EventKind.BUDGET_EXHAUSTED: BudgetDetail,
        EventKind.PAUSED: NoDetail,
        EventKind.RESUMED: NoDetail,
        EventKind.MOVED: MovedDetail,
        EventKind.ALSO_SHOWN: ItemsDetail,
        EventKind.SHOWN_NO_LONGER: ItemsDetail,
        EventKind.RETRACTED: FindingsDetail,
        EventKind.CONTRADICTED: FindingsDetail,
        EventKind.FORECAST_DUE: DueDetail,
        EventKind.FORECAST_RESOLVED: ResolvedDetail,
        EventKind.DELETED: DeletedDetail,
        EventKind.RESPONSE_ASKED: AskedDetail,
        EventKind.REPORTED: ReportDetail,
        EventKind.REPORT_ANSWERED: ReportDetail,
        EventKind.HELD: HoldDetail,
        EventKind.HOLD_LIFTED: HoldDetail,
    }
)
"""The detail of each kind."""

WORDS = frozenset(
    {
        *("note", "override", "reason", "why", "instruction", "url"),
        *("against", "settled", "reasons", "changes", "sentences", "change", "of"),
    }
)
"""Fields with words of editors, sources or the program, which webhooks leave out."""


def check(kind: EventKind, detail: Mapping[str, Any]) -> None:
    """Check a detail that is to be stored.

    Raises:
        ValueError: it has a field that its kind does not, or a value of another type.
    """
    shape = DETAILS[kind]
    known = {field.alias or name for name, field in shape.model_fields.items()}
    if unknown := set(detail) - known:
        raise ValueError(f"An event {kind.value!r} has no {', '.join(sorted(unknown))}.")
    shape.model_validate(dict(detail))


def read(kind: EventKind, detail: Mapping[str, Any]) -> Detail:
    """A stored detail, as far as this version knows it; what it can't read is left out."""
    shape, left = DETAILS[kind], dict(detail)
    while True:
        try:
            return shape.model_validate(left)
        except ValidationError as error:
            wrong = {str(fault["loc"][0]) for fault in error.errors()}
            left = {name: value for name, value in left.items() if name not in wrong}


def without_words(detail: Mapping[str, Any]) -> dict[str, Any]:
    """A stored detail with keys, ids and numbers alone."""
    return {name: value for name, value in detail.items() if name not in WORDS}
