"""The one place where a line of the history is made.

Called inside the ``Store.transaction`` that does what the line tells of, so that there is never
one without the other; whoever follows the log then sees everything once and nothing that was
undone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from summarizer.domain.events import Event, EventKind
from summarizer.domain.incidents import IncidentId
from summarizer.ports.clock import Clock
from summarizer.storage.events import History


class Teller:
    """Writes what happens to incidents into one history."""

    def __init__(self, history: History, clock: Clock) -> None:
        self._history = history
        self._clock = clock

    def __call__(
        self,
        kind: EventKind,
        incident_id: IncidentId | None,
        actor: str,
        revision: int | None = None,
        detail: Mapping[str, Any] = MappingProxyType({}),
    ) -> Event:
        """Keep that something happened now; see ``Event`` for the arguments."""
        return self._history.add(
            Event(
                at=self._clock.now(),
                kind=kind,
                incident_id=incident_id,
                actor=actor,
                revision=revision,
                detail=detail,
            )
        )
