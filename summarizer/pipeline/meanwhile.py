"""Work that is done while a model is waited for, so that nobody waits for it afterwards."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context

from summarizer.verification.faults import place_of

log = logging.getLogger(__name__)


@contextmanager
def meanwhile(work: Iterator[None] | None) -> Iterator[None]:
    """Go on with some work in a thread until the block ends, however it ends.

    The work fills caches alone, so that it may end after any step: whoever needs the rest does it.
    A fault ends it and is logged; whoever needs the same meets the fault again.

    Args:
        work: takes one step at a time, of which the block waits for the last; ``None`` for none.
    """
    if work is None:
        yield
        return
    over = threading.Event()
    run = copy_context().run
    thread = threading.Thread(target=run, args=(_go_on, work, over), name="meanwhile")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _go_on(work: Iterator[None], over: threading.Event) -> None:
    try:
        for _ in work:
            if over.is_set():
                return
    except Exception as fault:  # whatever is wrong with it, the draft needs none of it yet
        log.error("work beside a call to a model broke off: %s", place_of(fault))
