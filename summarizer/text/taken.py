"""Which characters of a text are taken, so that of overlapping readings the first counts."""

from __future__ import annotations


class Taken:
    """Characters of one text that spans have taken.

    Args:
        length: length of the text.
    """

    def __init__(self, length: int) -> None:
        self._taken = bytearray(length)

    def meets(self, start: int, end: int) -> bool:
        """Whether a character of a span is taken."""
        return self._taken.find(1, start, end) >= 0

    def holds(self, start: int, end: int) -> bool:
        """Whether all characters of a span are taken."""
        return self._taken.find(0, start, end) < 0

    def take(self, start: int, end: int) -> None:
        """Take the characters of a span."""
        self._taken[start:end] = b"\1" * (end - start)
