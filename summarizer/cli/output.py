"""Output of commands: results to standard output, messages to standard error."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table


@cache
def results() -> Console:
    """Console on standard output, for results."""
    from rich.console import Console

    return Console(highlight=False)


@cache
def errors() -> Console:
    """Console on standard error, for progress, warnings and errors."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def tell(words: str) -> None:
    """Print a message to standard error, without markup."""
    errors().print(words, markup=False, style="dim", soft_wrap=True)


def plain_table(*headings: str, wraps: str = "") -> Table:
    """An empty table without lines; only the column ``wraps`` may wrap."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, no_wrap=heading != wraps)
    return table
