"""Absences: why a section of a page is empty."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator

from summarizer.domain.model import Model


class AbsenceReason(StrEnum):
    """Reason of an empty section."""

    NOTHING_FOUND = "nothing_found"  # the sources were searched, and lack it
    NOT_PLACED = "not_placed"  # no sentence of the sources was fit to stand there
    WITHHELD = "withheld"  # what was drafted failed
    NEEDS_MODEL = "needs_model"
    NOTHING_RETURNED = "nothing_returned"  # by a model
    NOT_SINGLE_INCIDENT = "not_single_incident"
    EMPTIED = "emptied"  # by an editor
    UNRECORDED = "unrecorded"  # of a draft stored before reasons were


class Absence(Model):
    """Why a section is empty.

    Args:
        words: the reason for a reader, one or two sentences.
    """

    reason: AbsenceReason
    words: str


def _recorded(value: Any) -> Any:
    """An absence of a draft that was stored with its words alone."""
    if isinstance(value, str):
        return Absence(reason=AbsenceReason.UNRECORDED, words=value)
    return value


Abstained = Annotated[Absence | None, BeforeValidator(_recorded)]
"""Field of a section: why it is empty; ``None`` where it is not."""

NEEDS_MODEL = Absence(
    reason=AbsenceReason.NEEDS_MODEL,
    words="This section needs a model to write it; none was used.",
)
UNRECORDED = Absence(
    reason=AbsenceReason.UNRECORDED, words="Why this section is empty was not recorded."
)
NOT_SINGLE_INCIDENT = Absence(
    reason=AbsenceReason.NOT_SINGLE_INCIDENT,
    words="The items tell of no single incident: split them, or remove those of other stories.",
)
EMPTIED = Absence(reason=AbsenceReason.EMPTIED, words="An editor emptied the section.")
