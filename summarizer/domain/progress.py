"""What those who watch a draft are told of it, step by step."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from summarizer.domain.drafts import DraftedSection
from summarizer.domain.model import Model


class Stage(StrEnum):
    """What has just happened to a draft."""

    RETRIEVED = "retrieved"
    DRAFTED = "drafted"
    VERIFIED = "verified"
    REPAIRED = "repaired"
    JUDGED = "judged"
    GATED = "gated"
    STORED = "stored"


class DraftProgress(Model):
    """One step of drafting, for those who watch.

    Args:
        section: key of the section, for ``drafted``.
        detail: in words, for a person.
        drafted: the section as its drafter wrote it, not yet verified, for ``drafted``.
        revision: that was stored, for ``stored``; who raises then undoes it.
    """

    stage: Stage
    section: str | None = None
    detail: str
    drafted: DraftedSection | None = None
    revision: int | None = None


OnEvent = Callable[[DraftProgress], None]


def unwatched(event: DraftProgress) -> None:
    """Nobody watches."""
