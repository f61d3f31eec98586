"""A tape of calls to models, for the records of a run."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from summarizer.domain.drafts import CallRecord


class Tape:
    """Keeps the calls that a thread makes while it records; implements ``CallLog``.

    No answer is used twice: what is measured is what the model says now.
    """

    def __init__(self) -> None:
        self._running = threading.local()

    def find(self, request_hash: str) -> str | None:
        """Nothing, whatever was asked before."""
        return None

    def record(self, record: CallRecord) -> None:
        """Keep a call if this thread records."""
        calls: list[CallRecord] | None = getattr(self._running, "calls", None)
        if calls is not None:
            calls.append(record)

    @contextmanager
    def recording(self) -> Iterator[list[CallRecord]]:
        """The calls that this thread makes within the block."""
        calls: list[CallRecord] = []
        self._running.calls = calls
        try:
            yield calls
        finally:
            self._running.calls = None
