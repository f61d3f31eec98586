"""Order and grouping of page parts that all formats share, by section layout, not by key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from typing import NamedTuple

from summarizer.domain.sections import Layout
from summarizer.rendering.phrases import STANCE_NAMES
from summarizer.rendering.schema import Claim, Document, Section, Source


class ReadersPage(NamedTuple):
    """What a reader sees of a document.

    Args:
        document: without what is the newsroom's: withheld sentences, first wordings and reasons,
            and the passages that only they use.
        headlines: sections at the head of the page.
        body: the other sections that show something, those of points first.
        left_out: sections that show nothing.
        cautions: warnings of more than half of the sentences, each with its number of sentences.
            The document's sentences no longer carry them, so that a mark is an exception.
        sentences: number of sentences on the page.
    """

    document: Document
    headlines: tuple[Section, ...]
    body: tuple[Section, ...]
    left_out: tuple[Section, ...]
    cautions: tuple[tuple[str, int], ...]
    sentences: int


def place(section: Layout) -> int:
    """Place of a layout on the reader's page: headlines, points, then all others."""
    first = (Layout.HEADLINE, Layout.POINTS)
    return first.index(section) if section in first else len(first)


def for_readers(document: Document) -> ReadersPage:
    """Arrange a document for readers."""
    claims = [claim for section in document.sections for claim in section.claims]
    counted = Counter(warning for claim in claims for warning in claim.verdict.warnings)
    usual = {warning: n for warning, n in counted.items() if 2 * n > len(claims) > 1}
    cited = {c.number for claim in claims for c in claim.citations}
    sections = tuple(
        section.model_copy(
            update={
                "claims": tuple(_for_readers(claim, usual, cited) for claim in section.claims),
                "withheld": (),
            }
        )
        for section in document.sections
    )
    sources = tuple(
        s.model_copy(update={"passages": tuple(p for p in s.passages if p.number in cited)})
        for s in document.sources
    )
    shown = [s for s in sections if s.layout is not Layout.HEADLINE and s.claims]
    shown.sort(key=lambda section: place(section.layout))
    return ReadersPage(
        document=document.model_copy(update={"sections": sections, "sources": sources}),
        headlines=tuple(s for s in sections if s.layout is Layout.HEADLINE),
        body=tuple(shown),
        left_out=tuple(s for s in sections if not s.claims),
        cautions=tuple(usual.items()),
        sentences=len(claims),
    )


def _for_readers(claim: Claim, usual: Collection[str], cited: Collection[int | None]) -> Claim:
    verdict, judge = claim.verdict, claim.verdict.judge
    if judge is not None:
        passages = tuple(p for p in judge.passages if p.number in cited)
        judge = judge.model_copy(update={"passages": passages})
    warnings = tuple(w for w in verdict.warnings if w not in usual)
    return claim.model_copy(
        update={
            "verdict": verdict.model_copy(update={"warnings": warnings, "judge": judge}),
            "repaired_from": None,
            "edited_from": None,
            "restored_because": claim.restored_because if claim.reason_is_public else None,
        }
    )


Column = tuple[str, list[tuple[int, Claim]]]
"""Name of a stance, and its claims with 1-based positions in the section."""


def columns(claims: Sequence[Claim]) -> list[Column]:
    """One column per stance that has claims; those without a stance have a column of their own."""
    numbered = list(enumerate(claims, start=1))
    by_stance: list[Column] = [
        (name, [(n, c) for n, c in numbered if c.stance is stance])
        for stance, name in STANCE_NAMES.items()
    ]
    unplaced = [(n, c) for n, c in numbered if c.stance is None]
    return [column for column in (*by_stance, ("No stance given", unplaced)) if column[1]]


def warned(claims: Sequence[Claim]) -> dict[str, list[int]]:
    """Distinct warnings, each with the 1-based positions of its claims."""
    found: dict[str, list[int]] = {}
    for position, claim in enumerate(claims, start=1):
        for warning in claim.verdict.warnings:
            found.setdefault(warning, []).append(position)
    return found


def by_outlet(sources: Sequence[Source]) -> dict[str, list[Source]]:
    """Sources by display name, in order of the first of each."""
    found: dict[str, list[Source]] = {}
    for source in sources:
        found.setdefault(source.name, []).append(source)
    return found
