"""Judging of tasks, in parallel if wanted: failed ones are tried again, and a limit may end it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import NamedTuple

from evals.framework.results import Outcome, Task
from summarizer.errors import ModelAccessError, ModelError

RETRIES = 2
"""Further tries of a task whose model failed, each after all other tasks.  Within one try the
client has already repeated its calls."""


class Judged(NamedTuple):
    """A task with its outcomes; ``failed`` if they only say that its model failed."""

    task: Task
    outcomes: tuple[Outcome, ...]
    failed: bool


def judged(tasks: Sequence[Task], jobs: int, stopped: Callable[[], bool]) -> Iterator[Judged]:
    """Tasks with their outcomes as they finish.

    Args:
        tasks: tasks in order.
        jobs: number of parallel tasks, >= 1.
        stopped: asked before each task; once it is true, no other task begins.

    Raises:
        ModelAccessError: the server rejects every request.
        ModelError: of a task without ``failed``; as any other error, after the running tasks end.
    """
    left = list(tasks)
    for retries_left in range(RETRIES, -1, -1):
        failures: list[tuple[Task, ModelError]] = []
        for task, found in _once(left, jobs, stopped):
            if not isinstance(found, ModelError):
                yield Judged(task, found, failed=False)
            elif retries_left or task.failed is None:  # without ``failed`` it was raised
                failures.append((task, found))
            else:
                yield Judged(task, tuple(task.failed(found)), failed=True)
        left = [task for task, _ in failures]


def _once(
    tasks: Sequence[Task], jobs: int, stopped: Callable[[], bool]
) -> Iterator[tuple[Task, tuple[Outcome, ...] | ModelError]]:
    """Each task with what came of it; none begins before what came of earlier ones is known to
    ``stopped``, but for those that run beside it."""
    waiting = iter(tasks)
    pool = ThreadPoolExecutor(jobs)
    running: dict[Future[tuple[Outcome, ...] | ModelError], Task] = {}
    error: BaseException | None = None
    try:
        while True:
            while error is None and len(running) < jobs and not stopped():
                if (task := next(waiting, None)) is None:
                    break
                running[pool.submit(_found, task)] = task
            if not running:
                break
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=lambda one: list(running).index(one)):
                task = running.pop(future)
                if raised := future.exception():
                    error = error or raised
                else:
                    yield task, future.result()
        if error is not None:
            raise error
    finally:
        pool.shutdown(cancel_futures=True)


def _found(task: Task) -> tuple[Outcome, ...] | ModelError:
    try:
        return tuple(task.judge())
    except ModelAccessError:
        raise
    except ModelError as error:
        if task.failed is None:
            raise
        return error
