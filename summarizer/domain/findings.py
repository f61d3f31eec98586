"""What evidence does to the sentences of a draft, and where sources differ among themselves."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Literal

from summarizer.domain.items import ItemKey, PassageId
from summarizer.domain.model import Model


class Effect(StrEnum):
    """What an item that came later does to a sentence."""

    NEW = "new"  # the sentence rests on it and was not there before
    WEAKENED = "weakened"  # fewer independent origins are left, or a source corrected itself
    CONTRADICTED = "contradicted"  # it says otherwise
    WITHDRAWN = "withdrawn"  # every source that the sentence rests on was taken back


class Finding(Model):
    """What the evidence did to one sentence of a draft.

    Args:
        section: key.
        claim: the sentence; a finding speaks of it for as long as it stands there unchanged.
        effect: what was done to it.
        by: the item that did it.
        source: what a reader calls that item's source.
        passage: the passage of that item that says so, where one does.
        text: that passage, verbatim.
        reason: one sentence for the editor.
        held_by: the editor whose words or lock keep it where it is.
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
    """What one source gives for a slot on which sources differ.

    Args:
        value: as it stands in the passage.
        passage: id of the passage, whose text is ``text``.
        start: offset of the value in ``text``.
        end: offset behind it.
        day: of publication (UTC); ``None`` where the item is undated.
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
    """One slot to which independent sources give different values; none of them is preferred.

    Args:
        kind: ``number``, ``date`` or ``who``.
        tellings: two or more, at most one of each origin and value, in order of time.
    """

    kind: Literal["number", "date", "who"]
    tellings: tuple[SourceValue, ...]
