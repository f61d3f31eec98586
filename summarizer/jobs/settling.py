"""Settling in the background: new items are indexed and grouped after their sender was answered.

A task settles what was just stored, and a periodic one what a killed process has left.  Nothing
depends on the queue: what is left is read from the store.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping

from summarizer.domain.model import Model
from summarizer.errors import StorageBusyError, SummarizerError
from summarizer.pipeline.pipeline import Pipeline
from summarizer.pipeline.settle import PAUSE
from summarizer.ports.queue import Queue, RunAgainError, Task
from summarizer.storage.store import Store

log = logging.getLogger(__name__)

SETTLE, REST = "settle new", "settle"
"""Names of the tasks: for new items, and the periodic one."""

REST_S = 30
"""Time after which a process looks for items that a killed one has not put into an incident."""

MOST_RUNS = 10
"""Most runs of a task that the database fails; the periodic one does the rest."""


class Left(Model):
    """What a start has to do still, of what was stored before it.

    Args:
        items_to_index: items that are not in the index; ``None`` as long as it is not open.
        items_to_group: items without an incident.
        incidents_to_check: incidents with events that their place in lists does not show yet.
    """

    items_to_index: int | None
    items_to_group: int
    incidents_to_check: int


class Settling:
    """Settling of one store in the background; composed by ``summarizer.app``.

    Args:
        store: of the items.
        pipeline: settles them.
        queue: runs the tasks, of which this process takes those for the index that it owns.
        index: identity of the index; ``None`` as long as it is not open.
        owns_index: whether this process runs the tasks.
    """

    def __init__(
        self,
        store: Store,
        pipeline: Pipeline,
        queue: Queue,
        index: Callable[[], str | None],
        *,
        owns_index: bool,
    ) -> None:
        self._store = store
        self._pipeline = pipeline
        self._queue = queue
        self._index = index
        self._upto = store.newest_number()
        self._is_done = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._begin, name="settling", daemon=True)
        if owns_index:
            queue.add(Task(SETTLE, self._settle, runs=MOST_RUNS, threads=1))
            queue.add(Task(REST, lambda _: pipeline.finish(), every=REST_S))

    def begin(self) -> None:
        """Settle what an earlier process has left; returns at once."""
        self._pipeline.settle_behind()
        self._thread.start()

    def stop(self) -> None:
        """End what runs within seconds; the next start does the rest."""
        self._stopping.set()
        self._pipeline.wind_down()
        if self._thread.ident is not None:
            self._thread.join()

    def soon(self) -> None:
        """Have all stored items settled, in this process or another one on the same index.

        Without a lock: threads of a process take turns anyway, and a killed process would hold it.
        """
        self.ask()
        self._queue.start()

    def ask(self) -> None:
        """Have all stored items settled by a process that runs the queue, now or later."""
        self._queue.defer(SETTLE, {}, queueing_lock=SETTLE)

    def left(self) -> Left | None:
        """What ``begin`` has to do still; ``None`` once all is done that was there before it."""
        if self._is_done:
            return None
        found = self._store.backlog.of_start(self._upto, self._index())
        if found == (0, 0, 0):
            self._is_done = True
            return None
        return Left(
            items_to_index=found.unindexed,
            items_to_group=found.unsettled,
            incidents_to_check=found.unchecked,
        )

    def _begin(self) -> None:
        while not self._stopping.is_set():
            try:
                self._settle({})
            except RunAgainError as again:
                self._stopping.wait(again.after.total_seconds())
            except SummarizerError:
                log.exception("settling failed; a later try does the rest")
                return
            else:
                return

    def _settle(self, _: Mapping[str, str]) -> None:
        """Settle; again soon while the index is not to be had."""
        try:
            waits = self._pipeline.settle().waits
        except StorageBusyError as error:
            waits = str(error)
            log.warning("settling waits: %s", waits)
        if waits:
            raise RunAgainError(PAUSE)
        self._is_done = self._is_done or not self._stopping.is_set()
