"""A cache for analyses of texts, bounded by characters."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

T = TypeVar("T")
REMEMBERED_CHARACTERS = 2_000_000
"""Most characters of text whose results one cache holds; about 20 sources of 100 KB."""


def cached_by_text(analyse: Callable[[str], T]) -> Callable[[str], T]:
    """Cache the results of a function of one text, dropping the least recently used.

    The limit counts characters, not entries, so that a stream of large sources stays small in
    memory while thousands of passages fit.
    """
    cached: OrderedDict[str, T] = OrderedDict()
    lock = threading.Lock()
    size = 0

    @wraps(analyse)
    def lookup(text: str) -> T:
        nonlocal size
        with lock:
            if text in cached:
                cached.move_to_end(text)
                return cached[text]
        result = analyse(text)
        with lock:
            if text not in cached:
                cached[text] = result
                size += len(text) + 100
            while size > REMEMBERED_CHARACTERS and len(cached) > 1:
                size -= len(cached.popitem(last=False)[0]) + 100
        return result

    return lookup
