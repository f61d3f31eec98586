"""A cache for analyses of texts, bounded by characters."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Generic, TypeVar

T = TypeVar("T")
REMEMBERED_CHARACTERS = 2_000_000
"""Most characters of text whose results one cache holds; about 20 sources of 100 KB."""


class TextCache(Generic[T]):
    """Results by text, in two halves: when the new one is full, the old one is dropped, but for
    what was looked up since.  So the common look-up is that of one dictionary.

    The limit counts characters, not entries, so that a stream of large sources stays small in
    memory while thousands of passages fit.

    Args:
        limit: most characters of text, with 100 for each entry.
    """

    def __init__(self, limit: int = REMEMBERED_CHARACTERS) -> None:
        self._half = limit // 2
        self._new: dict[str, T] = {}
        self._old: dict[str, T] = {}
        self._lock = threading.Lock()
        self._size = 0

    def get(self, text: str) -> T | None:
        """The result for a text; ``None`` when it was never there, or was dropped."""
        found = self._new.get(text)
        if found is None and (found := self._old.get(text)) is not None:
            self.put(text, found)
        return found

    def put(self, text: str, result: T) -> None:
        """Keep a result; one that is there already stays."""
        with self._lock:
            if text in self._new:
                return
            if self._size + len(text) + 100 > self._half:
                self._new, self._old, self._size = {}, self._new, 0
            self._new[text] = result
            self._size += len(text) + 100


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
