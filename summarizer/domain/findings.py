"""Findings about a published draft: effects of later sources, and disagreements of sources."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Literal

from summarizer.domain.items import ItemKey, PassageId
from summarizer.domain.model import Model


class Effect(StrEnum):
    """Effect of a later item on a sentence."""

    NEW = "new"  # a new sentence that cites the item
    WEAKENED = "weakened"  # fewer independent origins are left, or a source corrected itself
    CONTRADICTED = "contradicted"  # the item contradicts the sentence
    WITHDRAWN = "withdrawn"  # every source of the sentence was retracted


class Finding(Model):
    """Effect of a later item on one sentence of a draft.

    Args:
        section: key of the section.
        claim: the sentence; the finding is valid while the draft has it unchanged.
        by: key of the item.
        source: display name of the item's source.
        passage: id of the deciding passage, where there is one.
        text: text of that passage, verbatim.
        reason: one sentence for the editor.
        held_by: the editor who wrote or locked the sentence, so that it stays on the page.
    """

    section: str
    claim: str
    effect: Effect
    by: ItemKey
    source: str
    passage: PassageId | None = None
    text: str | None = None
    reason: str
    held_by: str | None = None


class SourceValue(Model):
    """One source's value for a fact on which sources differ.

    Args:
        value: the value, verbatim.
        passage: id of the passage.
        text: text of the passage.
        start: offset of the value in ``text``.
        end: offset after it.
        day: day of publication (UTC); ``None`` for an undated item.
    """

    value: str
    item: ItemKey
    source: str
    passage: PassageId
    text: str
    start: int
    end: int
    day: dt.date | None


class Disagreement(Model):
    """One fact for which independent sources give different values; none is preferred.

    Args:
        kind: ``number``, ``date`` or ``who``.
        tellings: two or more values in order of time, at most one for each origin and value.
    """

    kind: Literal["number", "date", "who"]
    tellings: tuple[SourceValue, ...]
