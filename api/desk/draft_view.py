"""Desk view of one draft: shown and withheld sentences in place, with their check results.

The view is built from the public document of the page, so that desk and page show the same data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from summarizer.domain import drafts
from summarizer.domain.claims import ERASED, CheckedClaim, VerdictLabel
from summarizer.domain.corrections import ChangedSentence
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

MOST_DECIDING = 2
"""Passages that stand below a withheld sentence; the panel beside it has all."""


class Frozen(BaseModel):
    """Base of every view: immutable."""

    model_config = ConfigDict(frozen=True)


Quote = tuple[str, schema.Passage]
"""A passage behind the name of its source."""

Quotes = Mapping[int, Quote]
"""Quotes by the number of the passage."""


class Sentence(Frozen):
    """One sentence of a section.

    Args:
        anchor: HTML id.
        shown: whether it is shown to readers.
        claim: public form, with verdict.
        content: the claim as JSON that the API accepts in an edit.
        lead: text before it (actor, date, likelihood) and a remark, if the layout has one.
        passed: names of checks that applied and found no failure.
        idle: names of checks that did not apply.
        deciding: of a withheld sentence, the passages that the judge pointed to, else those that it
            cites, each with the name of its source.
        restorable: whether an editor may show it all the same.
    """

    anchor: str
    shown: bool
    claim: schema.Claim
    content: str
    lead: tuple[str, str] | None
    passed: tuple[str, ...]
    idle: tuple[str, ...]
    deciding: tuple[Quote, ...] = ()
    restorable: bool = False


class Part(Frozen):
    """One section as the desk shows it.

    Args:
        tag: entity tag that an edit sends as ``If-Match``.
        sentences: shown and withheld sentences, in reading order.
        suggestion: sentences of the pending suggestion.
        asked: requester and instruction of the suggestion.
    """

    key: str
    section: schema.Section
    tag: str
    locked_by: str | None
    edited_by: str | None
    sentences: tuple[Sentence, ...]
    suggestion: tuple[Sentence, ...] | None = None
    asked: str | None = None


class ToRead(Frozen):
    """A shown sentence that only rules checked, beside its passages.

    Args:
        heading: heading of its section.
        sentence: the sentence.
        passages: its cited passages, each with the name of its source.
    """

    heading: str
    sentence: Sentence
    passages: tuple[Quote, ...]


class Need(Frozen):
    """What an editor should know or do before an approval, besides sentences to read.

    Args:
        href: where on the page it is; ``None`` for the page as a whole.
        blocks: whether it stands against an approval.
        bars: whether no reason overrides it.
    """

    text: str
    href: str | None
    blocks: bool
    bars: bool = False


class Sheet(Frozen):
    """Desk view of one revision.

    Args:
        needs: what to decide, those that block first.
        stops: HTML ids of the places to decide at, in page order.
        to_read: the sentences that only rules checked.
        must_read: whether an approval needs each of them to be read.
        waits: whether anything calls for an editor.
        changed: what differs from the revision that was approved last, each with its heading.
    """

    document: schema.Document
    parts: tuple[Part, ...]
    review: ReviewState
    needs: tuple[Need, ...]
    stops: tuple[str, ...]
    to_read: tuple[ToRead, ...]
    must_read: bool
    waits: bool
    changed: tuple[tuple[str, ChangedSentence], ...] = ()


def sheet(
    page: Page,
    specs: Sequence[SectionSpec],
    obstacles: Sequence[str],
    attention: Sequence[str],
    *,
    must_read: bool,
    held: Sequence[str] = (),
    changed: Sequence[ChangedSentence] = (),
) -> Sheet:
    """Build the desk view of a page.

    Args:
        page: the page.
        specs: the sections, in page order.
        obstacles: what stands against an approval, besides sentences to read.
        attention: reasons to look at it first.
        must_read: whether an approval needs each sentence that only rules checked to be read.
        held: what stands against an approval by this editor, whatever the reason.
        changed: what differs from the revision that was approved last.
    """
    doc, draft = document(page, specs), page.draft
    quotes = _quotes(doc)
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
                sentences=in_order(section, kept, "c", quotes),
                suggestion=in_order(proposed[section.key], suggestion.section, "n", {})
                if suggestion
                else None,
                asked=asked(suggestion) if suggestion else None,
            )
        )
    bars = [Need(text=text, href="#holds", blocks=True, bars=True) for text in held]
    needs = (*bars, *_needs(obstacles, attention, parts))
    to_read = _to_read(draft, quotes, parts)
    places = {need.href for need in needs if need.href} | {
        f"#{one.sentence.anchor}" for one in to_read
    }
    on_page = [name for p in parts for name in (p.key, *(s.anchor for s in p.sentences))]
    return Sheet(
        document=doc,
        parts=tuple(parts),
        review=page.review.of(draft.revision),
        needs=needs,
        stops=tuple(name for name in on_page if f"#{name}" in places),
        to_read=to_read,
        must_read=must_read,
        waits=bool(attention),
        changed=tuple((_heading(doc, one.section), one) for one in changed),
    )


def _heading(doc: schema.Document, key: str) -> str:
    return next((section.heading for section in doc.sections if section.key == key), key)


def _needs(
    obstacles: Sequence[str], attention: Sequence[str], parts: Sequence[Part]
) -> Iterable[Need]:
    """Obstacles and reasons for attention as one list, each once, with its place on the page."""
    for text in dict.fromkeys((*obstacles, *attention)):
        if text in obstacles or not text.endswith(monitoring_attention.TO_READ):
            yield Need(text=text, href=_place(text, parts), blocks=text in obstacles)


def _place(reason: str, parts: Sequence[Part]) -> str | None:
    """Anchor of the sentence that a reason quotes, else of the section that it names."""
    for part in parts:
        for sentence in part.sentences:
            if sentence.claim.text in reason:
                return f"#{sentence.anchor}"
    named = (part for part in parts if reason.startswith(f"{part.section.heading}: "))
    return next((f"#{part.key}" for part in named), None)


def _quotes(doc: schema.Document) -> Quotes:
    return {p.number: (source.name, p) for source in doc.sources for p in source.passages}


def _to_read(draft: drafts.Draft, quotes: Quotes, parts: Sequence[Part]) -> tuple[ToRead, ...]:
    wanted = {claim.id for _, claim in draft.to_read()}
    return tuple(
        ToRead(
            heading=part.section.heading,
            sentence=sentence,
            passages=tuple(quotes[c.number] for c in sentence.claim.citations if c.number),
        )
        for part in parts
        for sentence in part.sentences
        if sentence.shown and sentence.claim.id in wanted
    )


def failed_last(entries: Sequence[Event]) -> Event | None:
    """The failure event of the newest draft request; ``None`` if a later draft succeeded.

    Args:
        entries: events of one incident, oldest first.
    """
    kinds = {EventKind.DRAFTED, EventKind.SUGGESTED, EventKind.DRAFT_FAILED}
    newest = next((e for e in reversed(entries) if e.kind in kinds), None)
    return newest if newest and newest.kind is EventKind.DRAFT_FAILED else None


def _proposed(page: Page, specs: Sequence[SectionSpec]) -> dict[str, schema.Section]:
    """Public sections by key, as if all suggestions were accepted."""
    draft = page.draft
    for suggestion in draft.suggestions:
        draft = edits.replaced(draft, suggestion.section)
    would_be = document(page.model_copy(update={"draft": draft}), specs)
    return {section.key: section for section in would_be.sections}


def asked(suggestion: drafts.Suggestion) -> str:
    """Origin of a suggestion: ``drafted by x, asked for by Kim: “shorter”``."""
    words = f"drafted by {suggestion.drafter}, asked for by {suggestion.asked_by}"
    return f"{words}: “{suggestion.instruction}”" if suggestion.instruction else words


def in_order(
    public: schema.Section, kept: drafts.Section, mark: str, quotes: Quotes
) -> tuple[Sentence, ...]:
    """Shown and withheld sentences in reading order.

    A withheld sentence precedes the shown sentence that followed it, or comes last if its place
    is unknown.
    """
    views = {claim.id: claim for claim in (*public.claims, *public.withheld)}
    placed = range(len(kept.shown))
    ordered: list[tuple[CheckedClaim, bool]] = []
    for n, checked in enumerate(kept.shown):
        ordered += [(claim, False) for claim in kept.withheld if claim.place == n]
        ordered.append((checked, True))
    ordered += [(claim, False) for claim in kept.withheld if claim.place not in placed]
    made = (_sentence(views[c.id], c, public, mark, shown=shown) for c, shown in ordered)
    return tuple(one if one.shown else _struck(one, quotes, mark == "c") for one in made)


def _struck(sentence: Sentence, quotes: Quotes, in_draft: bool) -> Sentence:
    """A withheld sentence of a draft or a suggestion, with the passages that decided about it."""
    claim, judge = sentence.claim, sentence.claim.verdict.judge
    pointed = judge.passages if judge and judge.label is not VerdictLabel.SUPPORTED else ()
    cited = [quotes[c.number] for c in (pointed or claim.citations) if c.number]
    # A passage that says the same word for word decided nothing.
    deciding = [quote for quote in cited if claim.text not in quote[1].text]
    erased = any(failure.check == ERASED for failure in claim.verdict.failures)
    return sentence.model_copy(
        update={
            "deciding": tuple(deciding[:MOST_DECIDING]),
            "restorable": in_draft and not erased,
        }
    )


def _sentence(
    claim: schema.Claim,
    checked: CheckedClaim,
    section: schema.Section,
    mark: str,
    *,
    shown: bool,
) -> Sentence:
    verdict = checked.verdict
    failed = {failure.check for failure in (*verdict.failures, *verdict.overruled)}
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
    """Text before a sentence and a remark, by layout; ``None`` for layouts without them."""
    if layout is Layout.SIDES:
        stance = phrases.STANCE_NAMES[claim.stance] if claim.stance else "No stance given"
        return claim.actor or "Actor not named", stance
    if layout is Layout.TIMELINE:
        return phrases.dated(claim)
    if layout is Layout.FORECAST:
        return phrases.likelihood(claim), phrases.judged(claim)
    return None
