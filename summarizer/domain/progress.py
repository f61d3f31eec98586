"""Progress events of a draft in the making."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from summarizer.domain.drafts import DraftedSection
from summarizer.domain.model import Model


class Stage(StrEnum):
    """Stage that a draft has just completed."""

    RETRIEVED = "retrieved"
    DRAFTED = "drafted"
    VERIFIED = "verified"
    REPAIRED = "repaired"
    JUDGED = "judged"
    GATED = "gated"
    STORED = "stored"


class DraftProgress(Model):
    """One step of drafting.

    Args:
        section: key of the section, for ``drafted``.
        detail: description for a person.
        drafted: the unverified section, for ``drafted``.
        revision: the stored revision, for ``stored``; a callback that raises there undoes it.
    """

    stage: Stage
    section: str | None = None
    detail: str
    drafted: DraftedSection | None = None
    revision: int | None = None


OnEvent = Callable[[DraftProgress], None]


def unwatched(event: DraftProgress) -> None:
    """Ignore the event: the default callback."""
