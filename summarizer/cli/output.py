"""Where commands write: results to standard output, everything about them to standard error."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


@cache
def results() -> Console:
    """Standard output, for what was asked for."""
    from rich.console import Console

    return Console(highlight=False)


@cache
def errors() -> Console:
    """Standard error, for progress, warnings and errors."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def tell(words: str) -> None:
    """Say something about what is going on, word for word."""
    errors().print(words, markup=False, style="dim", soft_wrap=True)


def plain_table(*headings: str, wraps: str = "") -> Table:
    """An empty table without lines; of its columns only the one named in ``wraps`` may wrap."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, no_wrap=heading != wraps)
    return table
