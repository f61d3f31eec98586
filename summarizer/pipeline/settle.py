"""Indexing of new passages and assignment of new items to incidents."""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections.abc import Callable, Sequence

from summarizer.clustering.online import Alike
from summarizer.clustering.service import IncidentAssigner
from summarizer.domain.incidents import IncidentId
from summarizer.domain.items import ItemKey
from summarizer.domain.model import Model
from summarizer.errors import IndexUnreachableError
from summarizer.ingestion.index_sync import Indexer
from summarizer.ports.clock import Clock
from summarizer.ports.index import PassageIndex
from summarizer.storage.store import Store

log = logging.getLogger(__name__)

PAUSE = dt.timedelta(seconds=5)
"""Time for which a server that did not answer is not asked again: senders of items would wait."""


class Settled(Model):
    """Counts of one ``settle``.

    Args:
        indexed: passages added to the index.
        forgotten: passages removed from the index because the store does not have them.
        assigned: items assigned to an incident.
        opened: incidents opened for them.
        waits: why nothing could be indexed; the items are stored, and a later call indexes them.
    """

    indexed: int = 0
    forgotten: int = 0
    assigned: int = 0
    opened: int = 0
    waits: str | None = None

    def plus(self, other: Settled) -> Settled:
        """The sum of two counts."""
        return Settled(
            indexed=self.indexed + other.indexed,
            forgotten=self.forgotten + other.forgotten,
            assigned=self.assigned + other.assigned,
            opened=self.opened + other.opened,
        )


class Settler:
    """Settling of one store on one index; safe in several threads, which take turns.

    Args:
        store: of the items and incidents.
        index: opened at its first use.
        clock: for the times of new incidents, and of another try at a lost index.
        after_lot: called after every few items, so that work that follows from them never heaps up.

    Attributes:
        has_settled: whether ``settle`` has run, after which the index is complete.
        waits: why it could not run the last time, if the server of the index did not answer.
    """

    def __init__(
        self,
        store: Store,
        index: Callable[[], PassageIndex],
        clock: Clock,
        after_lot: Callable[[], None],
    ) -> None:
        self.has_settled = False
        self.waits: str | None = None
        self._store = store
        self._index = index
        self._clock = clock
        self._after_lot = after_lot
        self._turn = threading.Lock()
        self._stopping = threading.Event()
        self._again_at = clock.now()
        self._indexer: Indexer | None = None
        self._assigner: IncidentAssigner | None = None

    @property
    def is_stopping(self) -> bool:
        """Whether work in the background is to end soon."""
        return self._stopping.is_set()

    def wind_down(self) -> None:
        """End ``settle`` early; the next start does the rest."""
        self._stopping.set()

    def settle(self) -> Settled:
        """Index new passages and assign every item, also those that others store meanwhile.

        Nothing is raised while the server of the index cannot be reached: items wait.
        """
        with self._turn:
            if self.waits and self._clock.now() < self._again_at:
                return Settled(waits=self.waits)
            try:
                done = self._settle()
                while not self.is_stopping and self.is_due():
                    more = self._settle()
                    if not more.assigned:
                        break
                    done = done.plus(more)
            except IndexUnreachableError as error:
                log.warning("indexing waits: %s", error)
                self.waits, self._again_at = str(error), self._clock.now() + PAUSE
                return Settled(waits=self.waits)
            self.waits = None
        return done

    def alike(self, own: IncidentId, keys: Sequence[ItemKey]) -> dict[ItemKey, list[Alike]]:
        """Other incidents that items of one incident are like, best first.

        Raises:
            IndexUnreachableError: the server of the index does not answer.
        """
        with self._turn:
            return self._assigned_by(self._index()).alike(own, keys)

    def is_due(self) -> bool:
        """Whether an item waits for an incident."""
        return bool(self._store.items_without_incident(limit=1))

    def _settle(self) -> Settled:
        index = self._index()
        if self._indexer is None:
            self._indexer = Indexer(self._store, index)
        indexed, forgotten = self._indexer.catch_up(self._stopping.is_set)
        assigned, opened = self._assigned_by(index).assign(self._stopping.is_set, self._after_lot)
        self.has_settled = self.has_settled or not self.is_stopping
        return Settled(indexed=indexed, forgotten=forgotten, assigned=assigned, opened=opened)

    def _assigned_by(self, index: PassageIndex) -> IncidentAssigner:
        """What assigns the items, built once: it reads what was learned."""
        if self._assigner is None:
            self._assigner = IncidentAssigner(self._store, index, self._clock)
        return self._assigner
