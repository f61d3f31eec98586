"""What an editor reads of one draft: every sentence in its place, with what verification found.

Pure views of the public document of a page, so that the desk shows nothing that a reader's page
could not be held to; withheld sentences stand where they would have stood.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from summarizer.domain import drafts
from summarizer.domain.claims import CheckedClaim
from summarizer.domain.events import Event, EventKind
from summarizer.domain.page import Page
from summarizer.domain.reviews import ReviewState
from summarizer.domain.sections import Layout, SectionSpec
from summarizer.monitoring import attention as monitoring_attention
from summarizer.rendering import phrases, schema
from summarizer.rendering.document import document
from summarizer.review import edits
from summarizer.verification.checks import coverage
from summarizer.verification.scoring import CHECKS


class Frozen(BaseModel):
    """Base of every view: immutable."""

    model_config = ConfigDict(frozen=True)


class Sentence(Frozen):
    """One sentence of a section.

    Args:
        anchor: id on the page.
        shown: whether a reader gets it.
        claim: public shape, with verdict.
        content: the claim as the API takes it back, JSON.
        lead: what stands before it (actor, date, likelihood), where the layout has it.
        passed: names of the checks that found nothing wrong in what they look at.
        idle: names of the checks that found nothing in it to look at.
    """

    anchor: str
    shown: bool
    claim: schema.Claim
    content: str
    lead: tuple[str, str] | None
    passed: tuple[str, ...]
    idle: tuple[str, ...]


class Part(Frozen):
    """One section as the desk shows it.

    Args:
        tag: what an edit of it must name to be sure that nobody was faster.
        sentences: shown and withheld, in the order of reading.
        suggestion: sentences of the suggestion that waits beside it.
        asked: who asked for that, and with what instruction.
    """

    key: str
    section: schema.Section
    tag: str
    locked_by: str | None
    edited_by: str | None
    sentences: tuple[Sentence, ...]
    suggestion: tuple[Sentence, ...] | None = None
    asked: str | None = None


class Sheet(Frozen):
    """Everything that the desk shows of one revision."""

    document: schema.Document
    parts: tuple[Part, ...]
    review: ReviewState
    obstacles: tuple[str, ...]
    attention: tuple[str, ...]


def sheet(page: Page, specs: Sequence[SectionSpec], attention: Sequence[str]) -> Sheet:
    """The view of a page, and why to look at it first."""
    doc, draft = document(page, specs), page.draft
    drafted = {section.key: section for section in draft.sections}
    waiting = {s.section.key: s for s in draft.suggestions}
    proposed = _proposed(page, specs) if waiting else {}
    parts = []
    for section in doc.sections:
        kept = drafted.get(section.key) or drafts.Section(key=section.key)
        suggestion = waiting.get(section.key)
        parts.append(
            Part(
                key=section.key,
                section=section,
                tag=edits.fingerprint(kept),
                locked_by=kept.locked_by,
                edited_by=kept.edited_by,
                sentences=in_order(section, kept, "c"),
                suggestion=in_order(proposed[section.key], suggestion.section, "n")
                if suggestion
                else None,
                asked=asked(suggestion) if suggestion else None,
            )
        )
    return Sheet(
        document=doc,
        parts=tuple(parts),
        review=page.review.of(draft.revision),
        obstacles=monitoring_attention.obstacles(draft),
        attention=tuple(attention),
    )


def failed_last(entries: Sequence[Event]) -> Event | None:
    """The failure of the newest draft that was asked for; ``None`` when one came after it.

    Args:
        entries: of one incident, oldest first.
    """
    kinds = {EventKind.DRAFTED, EventKind.SUGGESTED, EventKind.DRAFT_FAILED}
    newest = next((e for e in reversed(entries) if e.kind in kinds), None)
    return newest if newest and newest.kind is EventKind.DRAFT_FAILED else None


def _proposed(page: Page, specs: Sequence[SectionSpec]) -> dict[str, schema.Section]:
    """The suggestions in their public shape: the page as it would be, were all accepted."""
    draft = page.draft
    for suggestion in draft.suggestions:
        draft = edits.replaced(draft, suggestion.section)
    would_be = document(page.model_copy(update={"draft": draft}), specs)
    return {section.key: section for section in would_be.sections}


def asked(suggestion: drafts.Suggestion) -> str:
    """Who asked for a suggestion: ``drafted by x, asked by Kim: "shorter"``."""
    said = f"drafted by {suggestion.drafter}, asked for by {suggestion.asked_by}"
    return f"{said}: “{suggestion.instruction}”" if suggestion.instruction else said


def in_order(public: schema.Section, kept: drafts.Section, mark: str) -> tuple[Sentence, ...]:
    """Shown and withheld sentences as a reader of the desk meets them: a withheld one before the
    shown one that followed it, at the end when that is not known."""
    views = {claim.id: claim for claim in (*public.claims, *public.withheld)}
    placed = range(len(kept.shown))
    ordered: list[tuple[CheckedClaim, bool]] = []
    for n, checked in enumerate(kept.shown):
        ordered += [(claim, False) for claim in kept.withheld if claim.place == n]
        ordered.append((checked, True))
    ordered += [(claim, False) for claim in kept.withheld if claim.place not in placed]
    return tuple(_sentence(views[c.id], c, public, mark, shown=shown) for c, shown in ordered)


def _sentence(
    claim: schema.Claim,
    checked: CheckedClaim,
    section: schema.Section,
    mark: str,
    *,
    shown: bool,
) -> Sentence:
    failed = {failure.check for failure in checked.verdict.failures}
    busy = coverage.checks_of(checked.claim)
    return Sentence(
        anchor=f"{mark}-{claim.id}",
        shown=shown,
        claim=claim,
        content=checked.claim.model_dump_json(exclude={"id"}),
        lead=lead(claim, section.layout),
        passed=tuple(name for name in CHECKS if name in busy - failed),
        idle=tuple(name for name in CHECKS if name not in busy | failed),
    )


def lead(claim: schema.Claim, layout: Layout) -> tuple[str, str] | None:
    """What stands before a sentence, and a remark on it."""
    if layout is Layout.SIDES:
        stance = phrases.STANCE_NAMES[claim.stance] if claim.stance else "No stance given"
        return claim.actor or "Actor not named", stance
    if layout is Layout.TIMELINE:
        return phrases.dated(claim)
    if layout is Layout.FORECAST:
        return phrases.likelihood(claim), phrases.judged(claim)
    return None
