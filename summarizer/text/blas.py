"""Matrix products on one thread.

The matrices of the parser and of the entailment are small, so that threads of BLAS cost more than
they save: 16 ms of CPU instead of 0.2 for one product on two busy cores.  One thread also makes
results the same on any number of cores.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # imported at the first product
    from threadpoolctl import ThreadpoolController

_lock = threading.Lock()
_limits: list[Any] = []
_users = 0


@contextmanager
def one_thread() -> Iterator[None]:
    """Give BLAS one thread while any block of this function runs, and then what it had before: the
    number is one of the process."""
    global _users
    with _lock:
        _users += 1
        if _users == 1:
            _let_go()
            _limits.append(_controller().limit(limits=1))
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0:
                _let_go()
                _limits.pop().restore_original_limits()
                _let_go()


def _let_go() -> None:
    """Take the number out of the hands of the thread that set it last: threadpoolctl 3.8 ignores
    all others for as long as that one lives, such as a main thread that has read one sentence."""
    for library in _controller().lib_controllers:
        clear = getattr(library, "clear_controlling_thread", None)
        if clear is not None:
            clear(force=True)


@cache
def _controller() -> ThreadpoolController:
    """The BLAS libraries of the process; numpy must be loaded."""
    import numpy  # noqa: F401
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController().select(user_api="blas")
