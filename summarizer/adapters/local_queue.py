"""The queue within the process, on the tasks in the store.

Several processes may work on one store.  A process holds a running task by a lease, which it
renews; when a lease expires, another process runs the task.  It holds a periodic task between the
runs as well, so that nothing is written while there is nothing to do.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from summarizer.errors import SummarizerError
from summarizer.ports.clock import Clock
from summarizer.ports.queue import Task, lanes
from summarizer.storage.tasks import StoredTask, Tasks

log = logging.getLogger(__name__)

LOOK_S = 1.0
"""Wait between two looks for tasks of other processes; own ones are run at once."""


class _Lane:
    """Threads for tasks, and how many of them are free."""

    def __init__(self, threads: int, names: list[str]) -> None:
        self.names = names
        self.free = threading.Semaphore(threads)
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="task")


class LocalQueue:
    """Runs tasks in threads of this process."""

    def __init__(self, tasks: Tasks, clock: Clock, workers: int, lease: dt.timedelta) -> None:
        """Prepare a queue; nothing runs before ``start``.

        Args:
            tasks: the stored ones.
            clock: the time.
            workers: most tasks at one time, >= 1.
            lease: duration of a lease, renewed three times in it.
        """
        self._tasks = tasks
        self._clock = clock
        self._lease = lease
        self._pause_s = min(LOOK_S, lease.total_seconds() / 6)
        self._tended_at = clock.now()
        self._known: dict[str, Task] = {}
        self._held: set[str] = set()
        self._workers = workers
        self._lanes: list[_Lane] = []
        self._thread = threading.Thread(target=self._keep_running, name="queue", daemon=True)
        self._starting = threading.Lock()
        self._look, self._stopping = threading.Event(), threading.Event()

    def add(self, task: Task) -> None:
        """Make a kind of work known to this process."""
        self._known[task.name] = task

    def defer(
        self,
        name: str,
        arguments: Mapping[str, str],
        *,
        lock: str | None = None,
        queueing_lock: str | None = None,
        priority: int = 0,
        at: dt.datetime | None = None,
    ) -> bool:
        """Store a task; see the port."""
        row = {"name": name, "arguments": dict(arguments), "lock": lock, "priority": priority}
        now = self._clock.now()
        return self._tasks.add(row | {"queueing_lock": queueing_lock, "at": at or now, "runs": 0})

    def cancel(self, queueing_lock: str) -> bool:
        """Remove a waiting task."""
        return self._tasks.cancel(queueing_lock)

    def stored(self, name: str) -> set[str]:
        """Queueing locks of the tasks of a kind that wait or run."""
        return self._tasks.stored(name)

    # --- Running -----------------------------------------------------------------------------

    @property
    def is_stopping(self) -> bool:
        """Whether the queue is stopping."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Begin to run tasks, or look at once for new ones."""
        with self._starting:
            if self._thread.ident is None and not self._stopping.is_set():
                self._thread.start()
        self._look.set()

    def wind_down(self) -> None:
        """Begin no more tasks; returns at once."""
        self._stopping.set()
        self._look.set()

    def stop(self) -> None:
        """Wind down, and wait until the running tasks have ended."""
        self.wind_down()
        with self._starting:
            begun = self._thread.ident is not None
        if begun:
            self._thread.join()
        for lane in self._lanes:
            lane.pool.shutdown()

    def _keep_running(self) -> None:
        self._lanes = [_Lane(*lane) for lane in lanes(self._known.values(), self._workers)]
        begun = False
        while not self._stopping.is_set():
            self._look.clear()
            try:
                if not begun:
                    self._begin_periodic()
                    begun = True
                self._tend()
                for lane in self._lanes:
                    while self._take(lane):
                        pass
            except SummarizerError:
                log.exception("the queue could not be read; trying again soon")
            self._look.wait(self._pause_s)
        while self._held:  # what is being ended may take longer than a lease
            self._look.clear()
            with suppress(SummarizerError):
                self._tend()
            self._look.wait(self._pause_s)

    def _tend(self) -> None:
        """Renew the leases of this process when it is time, and take back those that are over."""
        now = self._clock.now()
        if not now - self._lease / 3 < self._tended_at <= now:
            self._tasks.renew(list(self._held), now + self._lease)
            self._tended_at = now
        self._tasks.take_back(now, self._lease)

    def _begin_periodic(self) -> None:
        for name, task in list(self._known.items()):  # another thread may add one meanwhile
            if task.every and name not in self.stored(name):
                at = self._clock.now() + dt.timedelta(seconds=task.every)
                self.defer(name, {}, lock=name, queueing_lock=name, at=at)

    def _take(self, lane: _Lane) -> bool:
        """Begin the next task in a free thread; returns whether there is one."""
        if self._stopping.is_set() or not lane.free.acquire(blocking=False):
            return False
        holder, now = uuid.uuid4().hex, self._clock.now()
        self._held.add(holder)
        taken = None
        try:
            taken = self._tasks.take(lane.names, holder, now, now + self._lease)
        finally:
            if taken is None:
                self._let_go(lane, holder)
        if taken is not None:
            lane.pool.submit(self._run, lane, taken, holder)
        return taken is not None

    def _let_go(self, lane: _Lane, holder: str) -> None:
        self._held.discard(holder)
        lane.free.release()

    def _run(self, lane: _Lane, taken: StoredTask, holder: str) -> None:
        task = self._known[taken.name]
        try:
            error = _error_of(task, taken)
            while task.every and not self._stopping.wait(task.every):
                if not self._tasks.is_held(holder):  # this process hung for longer than the lease
                    return
                _error_of(task, taken)
            self._end(task, taken, holder, error)
        except SummarizerError:
            log.exception("the end of the task %s was not stored: it runs again", task.name)
        finally:
            self._let_go(lane, holder)
            self._look.set()

    def _end(self, task: Task, taken: StoredTask, holder: str, error: Exception | None) -> None:
        again = task.again_in(error, taken.runs) if error is not None else None
        if task.every:
            self._tasks.hand_back(holder, self._clock.now(), anew=True)
        elif again is not None:
            self._tasks.hand_back(holder, self._clock.now() + again)
        else:
            self._tasks.finish(holder)


def _error_of(task: Task, taken: StoredTask) -> Exception | None:
    """Run a task; returns what it raised."""
    try:
        task.run(taken.arguments)
    except Exception as error:  # the others wait; what it says is in the log
        if task.again_in(error, taken.runs) is None:
            log.error("the task %s failed", task.name, exc_info=error)
        return error
    return None
