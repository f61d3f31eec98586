"""Where commands write: results to standard output, everything about them to standard error."""

from __future__ import annotations

from functools import cache

from rich.console import Console


@cache
def results() -> Console:
    """Standard output, for what was asked for."""
    return Console(highlight=False)


@cache
def errors() -> Console:
    """Standard error, for progress, warnings and errors."""
    return Console(stderr=True, highlight=False)


def tell(words: str) -> None:
    """Say something about what is going on, word for word."""
    errors().print(words, markup=False, style="dim", soft_wrap=True)
