"""Accusations in the evidence, and the replies to them."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from summarizer.domain.claims import Position
from summarizer.domain.items import PassageId
from summarizer.domain.model import Model


class Stage(IntEnum):
    """How firmly something is established, lowest first."""

    REPORTED = 0
    ALLEGED = 1
    CHARGED = 2
    SETTLED = 3
    FOUND = 4


class ReplyKind(StrEnum):
    """What the evidence holds of an accused's answer, the fullest first; the cleared need none."""

    ADMISSION = "admission"
    DENIAL = "denial"
    STATEMENT = "statement"
    CLEARED = "cleared"
    DECLINED = "declined"
    NO_ANSWER_REPORTED = "no_answer_reported"
    NONE_FOUND = "none_found"
    UNCLEAR = "unclear"  # none was read, and somebody speaks who may speak for the accused


_NOT_HEARD = (ReplyKind.NONE_FOUND, ReplyKind.UNCLEAR)
_NO_ANSWERS = (ReplyKind.DECLINED, ReplyKind.NO_ANSWER_REPORTED, *_NOT_HEARD)


class Reply(Model):
    """An answer of one accused, or that the evidence has none.

    Args:
        of: the accused.
        by: who answers for it, as the passage says; empty where nobody does.
        words: the sentence of the passage, verbatim; empty where none was found.
        passages: ids of the passages that hold it.
    """

    kind: ReplyKind
    of: str
    by: str = ""
    words: str = ""
    passages: tuple[PassageId, ...] = ()

    @property
    def is_answer(self) -> bool:
        """Whether the accused says something to it, or is cleared of it."""
        return self.kind not in _NO_ANSWERS


class Accusation(Model):
    """One accusation: all passages in which one accuser holds something against the same accused.

    Args:
        accuser: name; ``None`` when the passages name nobody.
        source: the words that the first passage uses for the accuser; empty without any.
        accused: names or descriptions of persons, organisations or groups; empty only where a
            drafted claim is an allegation and its words don't tell against whom.
        what: the words of the accusation, verbatim from the first passage.
        stage: the highest that any passage reports.
        position: what the accuser does: accuses, decides or investigates.
        passages: ids of the passages, in the order of the evidence.
        replies: one for each accused, in their order.
    """

    accuser: str | None
    source: str
    accused: tuple[str, ...]
    what: str
    stage: Stage
    position: Position
    passages: tuple[PassageId, ...]
    replies: tuple[Reply, ...] = ()

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Accused of whom the evidence has no sure word, not even that they were asked; none where
        a decision establishes the matter, or where it is only looked into."""
        if self.position is not Position.ACCUSES:
            return ()
        return tuple(r.of for r in self.replies if r.kind in _NOT_HEARD)
