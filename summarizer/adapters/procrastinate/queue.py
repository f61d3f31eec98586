"""The queue on PostgreSQL, by Procrastinate.

A worker of Procrastinate runs in a thread of its own with an event loop; tasks run in threads
beside it.  It gives signs of life to the database, and tasks of a worker that gives none are run by
another one.  Finished tasks are deleted: what became of a draft is in the store.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException, UniqueViolation
from procrastinate.jobs import DeleteJobCondition, Job, Status
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.sql import queries

from summarizer.adapters.procrastinate import schema
from summarizer.ports.queue import Lane, Task, lanes
from summarizer.storage.store import Store

log = logging.getLogger(__name__)

STALLED = "stalled"
"""Name of the task that looks for workers that died."""

LOOK_S = 1.0
"""Wait between two looks for tasks whose time has come; new ones are announced."""

AGAIN_S = 1.0
"""Wait before a worker is started again that the database has failed."""

_OWN_CONNECTIONS = 3
"""Connections of a process for its workers, beside one each on which they are told of tasks."""

_EVERYTHING = dict.fromkeys(
    ("id", "queue_name", "task_name", "status", "lock", "queueing_lock", "worker_id")
)


class ProcrastinateQueue:
    """Runs tasks in threads of this process, shared with others by PostgreSQL."""

    def __init__(self, url: str, store: Store, workers: int, lease: dt.timedelta) -> None:
        """Prepare a queue, and Procrastinate's tables; nothing runs before ``start``.

        Args:
            url: of the database of ``store``.
            store: in whose transactions tasks are deferred.
            workers: most tasks at one time, >= 1.
            lease: after so long without a sign of life, a worker's tasks are run by another.
        """
        schema.migrate(store)
        self._url = url.replace("postgresql+psycopg:", "postgresql:", 1)
        self._store = store
        self._workers = workers
        self._lease_s = lease.total_seconds()
        self._connector = SyncPsycopgConnector()  # never opened: works on the store's connections
        self._manager = JobManager(self._connector)
        self._known: dict[str, Task] = {}
        self._thread = threading.Thread(target=self._run, name="queue", daemon=True)
        self._changing = threading.Lock()
        self._stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._serving: asyncio.Task[None] | None = None

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
        job = Job(
            id=None,
            queue=name,
            lock=lock,
            queueing_lock=queueing_lock,
            task_name=name,
            priority=priority,
            task_kwargs=dict(arguments),
            scheduled_at=at,
        )
        try:
            with self._store.driver() as connection:
                self._manager.defer_job(job, connection=connection)
        except AlreadyEnqueued:
            return False
        return True

    def cancel(self, queueing_lock: str) -> bool:
        """Remove a waiting task."""
        with self._store.driver() as connection:
            waiting = {"queueing_lock": queueing_lock, "status": Status.TODO.value}
            return any(
                self._manager.cancel_job_by_id(row["id"], delete_job=True, connection=connection)
                for row in self._rows(connection, waiting)
            )

    def stored(self, name: str) -> set[str]:
        """Queueing locks of the tasks of a kind that wait or run."""
        with self._store.driver() as connection:
            rows = self._rows(connection, {"task_name": name})
        there = (Status.TODO.value, Status.DOING.value)
        return {row["queueing_lock"] for row in rows if row["status"] in there} - {None}

    def _rows(self, connection: Any, wanted: Mapping[str, str]) -> list[dict[str, Any]]:
        return self._connector.execute_query_all_with_connection(
            connection, query=queries["list_jobs"], **{**_EVERYTHING, **wanted}
        )

    # --- Running -----------------------------------------------------------------------------

    @property
    def is_stopping(self) -> bool:
        """Whether the queue is stopping."""
        return self._stopping

    def start(self) -> None:
        """Begin to run tasks; a worker that runs is told of new ones by the database."""
        with self._changing:
            if self._thread.ident is None and not self._stopping:
                self._thread.start()

    def wind_down(self) -> None:
        """Begin no more tasks; returns at once."""
        with self._changing:
            self._stopping = True
            if self._loop is not None and self._serving is not None:
                with suppress(RuntimeError):  # the loop has ended by itself
                    self._loop.call_soon_threadsafe(self._serving.cancel)

    def stop(self) -> None:
        """Wind down, and wait until the running tasks have ended."""
        self.wind_down()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(self._serve())

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        # Beside the tasks, names of hosts are looked up in these threads.
        threads = sum(lane.threads for lane in self._lanes()) + 2
        loop.set_default_executor(ThreadPoolExecutor(threads, "task"))
        with self._changing:
            self._loop, self._serving = loop, asyncio.current_task()
            if self._stopping:
                return
        while True:
            try:
                await self._work()
            except* Exception as group:
                reasons = "; ".join(str(error) for error in group.exceptions)
                log.warning("the queue lost the database and looks for it again: %s", reasons)
            await asyncio.sleep(AGAIN_S)

    async def _work(self) -> None:
        """Run workers, until they are cancelled or the database fails one.

        Each kind of task is a queue of Procrastinate, so that a worker takes none that it does not
        know.
        """
        connector = PsycopgConnector(
            conninfo=self._url,
            kwargs={"application_name": "summarizer queue"},
            min_size=1,
            max_size=_OWN_CONNECTIONS,
        )
        # Each worker asks for all periodic tasks of its app: so it has one of its own.
        async with App(connector=connector).open_async(), asyncio.TaskGroup() as group:
            for lane in self._lanes():
                group.create_task(self._run_worker(self._app(connector, lane), lane))

    def _lanes(self) -> list[Lane]:
        stalled = Task(STALLED, lambda _: None, every=60)  # as a periodic one; see ``_app``
        return lanes([stalled, *self._known.values()], self._workers)

    async def _run_worker(self, app: App, lane: Lane) -> None:
        try:
            await app.run_worker_async(
                queues=lane.names,
                concurrency=lane.threads,
                fetch_job_polling_interval=LOOK_S,
                delete_jobs=DeleteJobCondition.ALWAYS,
                install_signal_handlers=False,
                update_heartbeat_interval=self._lease_s / 3,
                stalled_worker_timeout=self._lease_s,
            )
        except Exception as error:
            raise _LostError(str(error)) from error
        raise _LostError("a worker has ended")  # as it does when it is not told of new tasks

    def _app(self, connector: PsycopgConnector, lane: Lane) -> App:
        """The tasks of a lane, as Procrastinate knows them."""
        app = App(connector=connector)
        for task in (self._known[name] for name in lane.names if name != STALLED):
            run = app.task(name=task.name, queue=task.name, retry=_Retry(task))(_called(task))
            if task.every:
                locks = {"lock": task.name, "queueing_lock": task.name}
                app.periodic(cron=f"* * * * * */{task.every}", **locks)(run)  # type: ignore[arg-type]

        if STALLED not in lane.names:
            return app

        @app.periodic(cron=f"* * * * * */{_every(self._lease_s / 3)}")
        @app.task(name=STALLED, queue=STALLED, queueing_lock=STALLED)
        async def take_back(timestamp: int) -> None:
            """Let the tasks of workers wait again that give no sign of life.

            Without a lock: a worker that is killed in this very task would hold it for ever, since
            nobody else could take it back.
            """
            manager = app.job_manager
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self._lease_s):
                with suppress(ConnectorException):  # another process was faster
                    try:
                        await manager.retry_job(job)
                    except UniqueViolation:  # another one with its queueing lock waits
                        await manager.finish_job(job, Status.FAILED, delete_job=True)

        return app


class _LostError(Exception):
    """Raised when a worker has ended though it was not stopped."""


class _Retry(BaseRetryStrategy):
    """When a task runs again after an error."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        wait = self._task.again_in(exception, job.attempts + 1)
        return None if wait is None else RetryDecision(retry_at=dt.datetime.now(dt.UTC) + wait)


def _called(task: Task) -> Any:
    def run(timestamp: int | None = None, **arguments: str) -> None:
        task.run(arguments)

    return run


def _every(seconds: float) -> int:
    """The longest time of at most so many seconds, but one, that divides a minute."""
    return max(n for n in range(1, 61) if 60 % n == 0 and n <= max(seconds, 1))
