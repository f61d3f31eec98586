"""What readers are not shown: everything that is said of an incident under embargo or legal hold.

``IncidentPages``, ``IncidentList``, ``Search`` and ``SimilarIncidents`` ask here and leave it out
unless an editor reads, so that nothing that is built on them (exports, feeds) can show it.  What
names an incident otherwise asks by ``check``.
"""

from __future__ import annotations

from collections.abc import Iterable

from summarizer.domain.events import Event
from summarizer.domain.incidents import IncidentId
from summarizer.errors import HeldError
from summarizer.ports.clock import Clock
from summarizer.storage.store import Store

HELD_BACK = {"held": True}
"""Detail of an event of an incident that is withheld."""


class Withholding:
    """The incidents of one store that readers are not shown; composed by ``summarizer.app``."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def numbers(self) -> frozenset[int]:
        """Numbers of the incidents that are withheld now, with those merged into them."""
        return frozenset(self._store.holds.withheld(self._clock.now()))

    def ids(self) -> frozenset[IncidentId]:
        """Their ids."""
        return frozenset(self._store.holds.withheld(self._clock.now()).values())

    def check(self, incident_id: str) -> None:
        """Refuse to show an incident that is withheld; an unknown one passes.

        It says neither by what nor until when: that is known to editors.

        Raises:
            HeldError: it is withheld.
        """
        if incident_id in self.ids():
            raise HeldError(
                f"{incident_id} is withheld for now: only editors read it.", field="incident_id"
            )

    def told(self, events: Iterable[Event]) -> list[Event]:
        """Events as readers are told of them: those of withheld incidents without their detail.

        None is left out, since a follower of the log would never get it.
        """
        held = self.ids()
        return [
            event.model_copy(update={"detail": HELD_BACK}) if event.incident_id in held else event
            for event in events
        ]
