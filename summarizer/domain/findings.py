"""Findings about a draft: faults of its page, effects of later sources, disagreements."""

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
    ANSWERED = "answered"  # the item has a reply to an accusation of which the draft has none
    ENDED = "ended"  # the item drops, takes back or disproves what the sentence holds against one
    WITHDRAWN = "withdrawn"  # every source of the sentence was retracted


class PageFault(StrEnum):
    """What can be wrong with a page though each of its sentences is carried."""

    ACCUSATION_WITHOUT_REPLY = "accusation_without_reply"
    CONTRADICTION = "contradiction"
    REPEATED = "repeated"
    DOES_NOT_STAND_ALONE = "does_not_stand_alone"
    SUPERSEDED_VALUE = "superseded_value"
    SIDE_MISSING = "side_missing"


class PageFinding(Model):
    """A judge's finding on a page as a whole.

    Args:
        claims: ids of the sentences concerned; none for a missing side.
        reason: one sentence for the editor; may be empty.
        passage: id of the passage that shows it, where there is one.
    """

    fault: PageFault
    claims: tuple[str, ...] = ()
    reason: str = ""
    passage: PassageId | None = None


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
        answers: the accused who has answered, as the draft calls them; ``None`` for another effect.
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
    answers: str | None = None


class SourceValue(Model):
    """One source's value for a fact on which sources differ.

    Args:
        value: the value, verbatim.
        passage: id of the passage.
        text: text of the passage.
        start: offset of the value in ``text``.
        end: offset after it.
        day: day of publication (UTC); ``None`` for an undated item.
        speaker: who gives it, as written; empty where the source itself does.
        newest: whether it is the last value that anybody gave; of undated items nothing is known.
        superseded: whether the newest value takes its place: a later sentence corrects it, its
            giver gives the newest one too, or it is a count that has grown.
    """

    value: str
    item: ItemKey
    source: str
    passage: PassageId
    text: str
    start: int
    end: int
    day: dt.date | None
    speaker: str = ""
    newest: bool = False
    superseded: bool = False


class Disagreement(Model):
    """One fact for which sources give different values.

    Args:
        kind: ``number``, ``date`` or ``who``.
        tellings: two or more values in order of time, at most one for each origin and value.
        fact: the clause of the last value, with an ellipsis in the value's place.
        updated: whether the values follow one another: their givers take the older ones back, or a
            count has grown.  Otherwise sources differ.
    """

    kind: Literal["number", "date", "who"]
    tellings: tuple[SourceValue, ...]
    fact: str = ""
    updated: bool = False

    @property
    def newest(self) -> SourceValue | None:
        """The newest value, if the dates tell."""
        return next((telling for telling in self.tellings if telling.newest), None)

    @property
    def superseded(self) -> tuple[SourceValue, ...]:
        """The values whose place the newest one takes."""
        return tuple(telling for telling in self.tellings if telling.superseded)
