"""Order and grouping of page parts that all formats share, by section layout, not by key."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.domain.sections import Layout
from summarizer.rendering.phrases import NOBODY, STANCE_NAMES
from summarizer.rendering.schema import Claim, Document, Section


def headlines(document: Document) -> list[Section]:
    """Sections at the head of the page."""
    return [s for s in document.sections if s.layout is Layout.HEADLINE]


def around_noise(document: Document) -> tuple[list[Section], list[Section]]:
    """Body sections before and after the noise level.

    The noise level comes before the first forecast, else at the end.
    """
    body = [s for s in document.sections if s.layout is not Layout.HEADLINE]
    turn = next((n for n, s in enumerate(body) if s.layout is Layout.FORECAST), len(body))
    return body[:turn], body[turn:]


Column = tuple[str, list[tuple[int, Claim]], str]
"""Name of a stance, its claims with 1-based positions in the section, and the text if empty."""


def columns(claims: Sequence[Claim]) -> list[Column]:
    """One column per stance; claims without a stance get a column of their own."""
    numbered = list(enumerate(claims, start=1))
    by_stance: list[Column] = [
        (name, [(n, c) for n, c in numbered if c.stance is stance], NOBODY[stance])
        for stance, name in STANCE_NAMES.items()
    ]
    unplaced = [(n, c) for n, c in numbered if c.stance is None]
    return by_stance + ([("No stance given", unplaced, "")] if unplaced else [])


def warned(claims: Sequence[Claim]) -> dict[str, list[int]]:
    """Distinct warnings, each with the 1-based positions of its claims."""
    found: dict[str, list[int]] = {}
    for position, claim in enumerate(claims, start=1):
        for warning in claim.verdict.warnings:
            found.setdefault(warning, []).append(position)
    return found


def withheld(document: Document) -> list[Section]:
    """Sections with withheld claims."""
    return [s for s in document.sections if s.withheld]
