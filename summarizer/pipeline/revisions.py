"""Merging of a new draft with an editor's sections and suggestions."""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.domain.drafts import Draft, Section, Suggestion
from summarizer.domain.evidence import EvidencePack
from summarizer.domain.items import SourceItem


# --- A new draft beside an editor's work -----------------------------------------------------
def beside(newest: Draft | None, fresh: Draft) -> Draft:
    """The fresh draft, with the editor's version of every edited or locked section.

    The drafted version of such a section becomes a suggestion, unless it says the same.  Unanswered
    suggestions stay until a newer one for their section replaces them.
    """
    if newest is None:
        return fresh
    kept = {s.key: s for s in newest.sections if s.is_kept}
    waiting = {s.section.key: s for s in newest.suggestions if s.section.key in kept}
    for section in fresh.sections:
        if section.key in kept and section.shown and not says_the_same(section, kept[section.key]):
            waiting[section.key] = Suggestion(
                section=section,
                made_at=fresh.created_at,
                drafter=drafter_name(fresh.drafter, fresh.model),
                asked_by=fresh.made_by or fresh.drafter,
            )
    sections = tuple(kept.get(s.key, s) for s in fresh.sections)
    suggestions = tuple(waiting[s.key] for s in sections if s.key in waiting)
    return fresh.model_copy(
        update={
            "parent": newest.revision,
            "sections": sections,
            "suggestions": suggestions,
            "evidence": united(fresh.evidence, newest.evidence, cited(sections, suggestions)),
        }
    )


def drafter_name(drafter: str, model: str | None) -> str:
    """Name of a drafter for readers: ``drafter (model)``, or ``drafter`` without a model."""
    return f"{drafter} ({model})" if model else drafter


def with_suggestion(draft: Draft, suggestion: Suggestion, evidence: EvidencePack) -> Draft:
    """The draft with a suggestion added, in place of an older one for the same section.

    ``evidence`` is the evidence pack of the suggestion.
    """
    others = [s for s in draft.suggestions if s.section.key != suggestion.section.key]
    suggestions = (*others, suggestion)
    return draft.model_copy(
        update={
            "suggestions": suggestions,
            "evidence": united(draft.evidence, evidence, cited((), suggestions)),
        }
    )


def united(pack: EvidencePack, other: EvidencePack, wanted: Iterable[str]) -> EvidencePack:
    """``pack`` with the passages of ``other`` that have ``wanted`` ids, and their items."""
    have = {passage.id for passage in pack.passages}
    more = [p for p in other.passages if p.id in set(wanted) - have]
    if not more:
        return pack
    known = {item.key for item in pack.items}
    needed = {passage.item_key for passage in more} - known
    items = sorted((*pack.items, *(i for i in other.items if i.key in needed)), key=_in_time)
    place = {item.key: n for n, item in enumerate(items)}
    passages = sorted((*pack.passages, *more), key=lambda p: (place[p.item_key], p.n))
    return pack.model_copy(update={"items": tuple(items), "passages": tuple(passages)})


def _in_time(item: SourceItem) -> tuple[object, ...]:
    return item.seen_at, len(item.key), item.key


def cited(sections: Iterable[Section], suggestions: Iterable[Suggestion]) -> frozenset[str]:
    """Ids of all passages that claims of these sections and suggestions cite."""
    every = (*sections, *(suggestion.section for suggestion in suggestions))
    return frozenset(
        cite for s in every for claim in (*s.shown, *s.withheld) for cite in claim.claim.cites
    )


def says_the_same(a: Section, b: Section) -> bool:
    """Whether two sections show the same claims; claim ids are ignored."""
    return len(a.shown) == len(b.shown) and all(
        one.claim.says_the_same(other.claim) for one, other in zip(a.shown, b.shown, strict=True)
    )
