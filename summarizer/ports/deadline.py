"""The deadline of the work that a thread does, such as one draft with all its calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from summarizer.ports.clock import Clock

_ends_at: ContextVar[dt.datetime | None] = ContextVar("ends_at", default=None)


@contextmanager
def deadline(clock: Clock, seconds: float) -> Iterator[None]:
    """Give the block, and threads that run in its context, that many seconds."""
    token = _ends_at.set(clock.now() + dt.timedelta(seconds=seconds))
    try:
        yield
    finally:
        _ends_at.reset(token)


def seconds_left(clock: Clock) -> float:
    """Seconds until the deadline, negative after it; infinite without one."""
    ends_at = _ends_at.get()
    return float("inf") if ends_at is None else (ends_at - clock.now()).total_seconds()
