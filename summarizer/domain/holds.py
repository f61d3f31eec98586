"""Holds on an incident: what keeps its page from readers, or an approval from an editor.

The rules stand here, once, for HTTP, desk, MCP, command line and everything that is published.

| hold | ends | approval | reading by others than editors |
|---|---|---|---|
| senior desk | when the senior desk lifts it | by the senior desk | as before |
| embargo | at its time, or when an editor lifts it | by any editor, ahead of time | not before |
| legal hold | when the senior desk lifts it | by nobody | by nobody, approved before or not |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum

from summarizer.domain.incidents import IncidentId
from summarizer.domain.model import Model


class HoldKind(StrEnum):
    """Kind of a hold; an incident has at most one of each."""

    SENIOR_DESK = "senior_desk"
    EMBARGO = "embargo"
    LEGAL_HOLD = "legal_hold"


WITHHOLDING = frozenset({HoldKind.EMBARGO, HoldKind.LEGAL_HOLD})
"""Kinds that keep everything said of an incident from readers."""

LIFTED_BY_SENIOR = frozenset({HoldKind.SENIOR_DESK, HoldKind.LEGAL_HOLD})
"""Kinds that only the senior desk lifts."""

HOLD_NAMES: Mapping[HoldKind, str] = {
    HoldKind.SENIOR_DESK: "mark for the senior desk",
    HoldKind.EMBARGO: "embargo",
    HoldKind.LEGAL_HOLD: "legal hold",
}
"""Kinds in words."""


class Hold(Model):
    """A hold on an incident.

    Args:
        incident_id: the incident on which it was put, merged into another or not.
        reason: of the editor, for the newsroom.
        until: end of an embargo; ``None`` for the others, which end when they are lifted.
    """

    incident_id: IncidentId
    kind: HoldKind
    reason: str
    by: str
    at: dt.datetime
    until: dt.datetime | None = None

    def is_in_force(self, now: dt.datetime) -> bool:
        """Whether it holds at a time."""
        return self.until is None or now < self.until


def lifts(kind: HoldKind, *, senior: bool) -> bool:
    """Whether an editor may lift a hold of a kind.

    Args:
        kind: of the hold.
        senior: whether the editor is of the senior desk.
    """
    return senior or kind not in LIFTED_BY_SENIOR


def against_approval(holds: Iterable[Hold], *, senior: bool) -> tuple[str, ...]:
    """What stands against an approval, one sentence each; no reason overrides it.

    Args:
        holds: those in force.
        senior: whether the editor is of the senior desk.
    """
    words = {
        HoldKind.LEGAL_HOLD: "Legal hold: nobody approves this page before it is lifted",
    }
    if not senior:
        words[HoldKind.SENIOR_DESK] = "For the senior desk: only a key with that role approves it"
    return tuple(
        f"{words[one.kind]}. {one.by}: “{one.reason}”" for one in holds if one.kind in words
    )
