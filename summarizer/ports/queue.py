"""The queue port: tasks that are stored, and run later in any process that knows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

LONGEST_WAIT = dt.timedelta(minutes=5)


SOON = dt.timedelta(seconds=1)


class RunAgainError(Exception):
    """Raised by a task that could not be done now, to be run again after a time."""

    def __init__(self, after: dt.timedelta = SOON) -> None:
        super().__init__(f"to be run again after {after}")
        self.after = after


@dataclass(frozen=True)
class Task:
    """A kind of work.

    A task may run twice, for example if its process hangs for longer than the lease and goes on
    afterwards.  It must see to it that the second run does no harm.

    Args:
        name: under which it is deferred.
        run: does the work, in a thread; gets the arguments.
        runs: most times that it is run if it raises, with growing waits in between.
        every: seconds between two runs of a periodic task, 0 for others: a divisor of 60.  It has
            no arguments, and its name is its lock: one process runs it at a time.
        threads: threads of its own in each process, most runs at one time; 0 if it shares the
            workers with others.  A periodic task has one.
    """

    name: str
    run: Callable[[Mapping[str, str]], None]
    runs: int = 1
    every: int = 0
    threads: int = 0

    def __post_init__(self) -> None:
        if self.every and 60 % self.every:
            raise ValueError(f"{self.every} seconds do not divide a minute")

    def again_in(self, error: BaseException, runs: int) -> dt.timedelta | None:
        """How long to wait after an error; ``None`` if the task is given up.

        Args:
            error: what ended its last run.
            runs: how often it was run, >= 1.
        """
        if isinstance(error, RunAgainError):
            return error.after
        if runs >= self.runs:
            return None
        return min(dt.timedelta(seconds=2 ** min(runs - 1, 20)), LONGEST_WAIT)


class Lane(NamedTuple):
    """Threads of a process, and the kinds of work that wait for them."""

    threads: int
    names: list[str]


def lanes(tasks: Iterable[Task], workers: int) -> list[Lane]:
    """The lanes of a process, so that what takes seconds never waits for what takes minutes.

    Args:
        tasks: the kinds that it knows.
        workers: threads for those that have none of their own.
    """
    known = list(tasks)
    shared = [task.name for task in known if not task.every and not task.threads]
    periodic = [task.name for task in known if task.every]
    own = [Lane(task.threads, [task.name]) for task in known if task.threads and not task.every]
    return [
        lane for lane in (Lane(workers, shared), Lane(len(periodic), periodic), *own) if lane.names
    ]


class Queue(Protocol):
    """Stored tasks, shared by the processes on one database.

    A process runs only the kinds that were made known to it.
    """

    def add(self, task: Task) -> None:
        """Make a kind of work known to this process; before ``start``."""
        ...

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
        """Store a task, in the transaction of the caller if there is one.

        Args:
            name: of the kind of work.
            arguments: for its run.
            lock: tasks with the same one run one after the other, in order.
            queueing_lock: no two tasks with the same one wait.
            priority: tasks with a higher one come first.
            at: when it may begin, at once if left out.

        Returns:
            Whether it was stored, ``False`` if another one with that queueing lock waits.
        """
        ...

    def cancel(self, queueing_lock: str) -> bool:
        """Remove the waiting task with that queueing lock; returns whether there was one."""
        ...

    def stored(self, name: str) -> set[str]:
        """Queueing locks of the tasks of a kind that wait or run, in any process."""
        ...

    @property
    def is_stopping(self) -> bool:
        """Whether no more tasks are begun, and those that run should end soon."""
        ...

    def start(self) -> None:
        """Begin to run tasks in this process, or look at once for new ones if it does."""
        ...

    def wind_down(self) -> None:
        """Begin no more tasks; returns at once."""
        ...

    def stop(self) -> None:
        """Wind down, and wait until the running tasks have ended."""
        ...
