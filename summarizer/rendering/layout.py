"""The order of a page that all formats share, found from layouts and never from keys."""

from __future__ import annotations

from collections.abc import Sequence

from summarizer.domain.sections import Layout
from summarizer.rendering.phrases import NOBODY, STANCE_NAMES
from summarizer.rendering.schema import Claim, Document, Section


def headlines(document: Document) -> list[Section]:
    """The sections that head the page."""
    return [s for s in document.sections if s.layout is Layout.HEADLINE]


def around_noise(document: Document) -> tuple[list[Section], list[Section]]:
    """The sections of the body before and behind the noise level, which stands where the page
    turns from what is known to what may come: before the first forecast, else at the end."""
    body = [s for s in document.sections if s.layout is not Layout.HEADLINE]
    turn = next((n for n, s in enumerate(body) if s.layout is Layout.FORECAST), len(body))
    return body[:turn], body[turn:]


Column = tuple[str, list[tuple[int, Claim]], str]
"""Name of a stance, its claims with their 1-based positions in the section, words for none."""


def columns(claims: Sequence[Claim]) -> list[Column]:
    """One column for every stance; claims without one follow in a column of their own, since to
    place them would be a judgement of ours."""
    numbered = list(enumerate(claims, start=1))
    by_stance: list[Column] = [
        (name, [(n, c) for n, c in numbered if c.stance is stance], NOBODY[stance])
        for stance, name in STANCE_NAMES.items()
    ]
    unplaced = [(n, c) for n, c in numbered if c.stance is None]
    return by_stance + ([("No stance given", unplaced, "")] if unplaced else [])


def warned(claims: Sequence[Claim]) -> dict[str, list[int]]:
    """Each warning once, with the 1-based positions of the claims it belongs to."""
    found: dict[str, list[int]] = {}
    for position, claim in enumerate(claims, start=1):
        for warning in claim.verdict.warnings:
            found.setdefault(warning, []).append(position)
    return found


def withheld(document: Document) -> list[Section]:
    """The sections of which something was withheld."""
    return [s for s in document.sections if s.withheld]
