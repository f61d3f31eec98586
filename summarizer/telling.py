"""The one place where a line of the history is made.

Called inside the ``Store.transaction`` that does what the line tells of, so that there is never
one without the other; whoever follows the log then sees everything once and nothing that was
undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from summarizer.domain import IncidentId
from summarizer.history import Entry, Happening, History
from summarizer.ports import Clock


class Teller:
    """Writes what happens to incidents into one history."""

    def __init__(self, history: History, clock: Clock) -> None:
        self._history = history
        self._clock = clock

    def __call__(
        self,
        kind: Happening,
        incident_id: IncidentId | None,
        actor: str,
        revision: int | None = None,
        detail: Mapping[str, Any] = MappingProxyType({}),
    ) -> Entry:
        """Keep that something happened now; see ``Entry`` for the arguments."""
        return self._history.add(
            Entry(
                at=self._clock.now(),
                kind=kind,
                incident_id=incident_id,
                actor=actor,
                revision=revision,
                detail=detail,
            )
        )
