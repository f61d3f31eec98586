"""Tells the threads of a process that a draft has got a step, whichever process made it.

On PostgreSQL a step is announced in its transaction (``NOTIFY``), and one connection of the process
listens.  On SQLite one thread looks whether the file has changed.  Announcements that are lost with
a connection do no harm: whoever is told reads what there is after the last step that it knows.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from sqlalchemy import Connection, func, select

from summarizer.errors import StorageError
from summarizer.storage.database import Database
from summarizer.storage.dialects import is_postgresql

log = logging.getLogger(__name__)

CHANNEL = "summarizer_steps"
"""Name under which PostgreSQL announces the ids of jobs."""

AGAIN_S = 1.0
"""Wait before the database is asked again after it failed."""


def announce(connection: Connection, job_id: str) -> None:
    """Tell the other processes of a step, once the transaction that stores it is committed."""
    if is_postgresql(connection):
        connection.execute(select(func.pg_notify(CHANNEL, job_id)))


class StepSignals:
    """Calls back for each step, in one thread of its own, from ``start`` to ``stop``."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._starting = threading.Lock()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, told: Callable[[str | None], None]) -> None:
        """Begin to call back, unless that has begun.

        Args:
            told: gets the id of the job, ``None`` where any may have got a step.  It must neither
                block nor raise.
        """
        with self._starting:
            if self._thread is None and not self._stopped.is_set():
                self._thread = threading.Thread(
                    target=self._follow, args=(told,), name="steps", daemon=True
                )
                self._thread.start()

    def stop(self) -> None:
        """End that."""
        with self._starting:
            self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _follow(self, told: Callable[[str | None], None]) -> None:
        lost = False
        while not self._stopped.is_set():
            try:
                for job_id in self._database.announced(CHANNEL, self._stopped):
                    lost = False
                    told(job_id)
                return
            except StorageError as error:
                if not lost:  # said once, and not every second
                    log.warning("steps of drafts in other processes come late: %s", error)
                lost = True
                self._stopped.wait(AGAIN_S)
