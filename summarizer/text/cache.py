"""A cache for analyses of texts, bounded by characters."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Generic, TypeVar

T = TypeVar("T")
REMEMBERED_CHARACTERS = 2_000_000
"""Most characters of text whose results one cache holds; about 20 sources of 100 KB."""


class TextCache(Generic[T]):
    """Results by text, the least recently used dropped first.

    The limit counts characters, not entries, so that a stream of large sources stays small in
    memory while thousands of passages fit.

    Args:
        limit: most characters of text, with 100 for each entry.
    """

    def __init__(self, limit: int = REMEMBERED_CHARACTERS) -> None:
        self._limit = limit
        self._results: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()
        self._size = 0

    def get(self, text: str) -> T | None:
        """The result for a text; ``None`` when it was never there, or was dropped."""
        try:
            self._results.move_to_end(text)
            return self._results[text]
        except KeyError:  # another thread may drop it in between
            return None

    def put(self, text: str, result: T) -> None:
        """Keep a result; one that is there already stays."""
        with self._lock:
            if text not in self._results:
                self._results[text] = result
                self._size += len(text) + 100
            while self._size > self._limit and len(self._results) > 1:
                self._size -= len(self._results.popitem(last=False)[0]) + 100


def cached_by_text(analyse: Callable[[str], T]) -> Callable[[str], T]:
    """Cache the results of a function of one text in a ``TextCache``."""
    cached: TextCache[tuple[T]] = TextCache()

    @wraps(analyse)
    def lookup(text: str) -> T:
        found = cached.get(text)
        if found is None:
            found = (analyse(text),)
            cached.put(text, found)
        return found[0]

    return lookup
