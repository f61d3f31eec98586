"""Output of commands: results to standard output, messages to standard error.

Everything that a command prints passes ``seen`` here, the log too: no control sequence or override
of direction in a source, a name or a server's error reaches a terminal.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""Controls but tab and line feed, separators and overrides of direction, halves of characters."""


def seen(text: str) -> str:
    """A text with hidden characters as escapes; tabs and line feeds stay."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def line(text: str) -> str:
    """A text from outside as part of one line: line feeds and tabs are escapes too."""
    return seen(text).replace("\n", "\\n").replace("\t", "\\t")


@cache
def results() -> Console:
    """Console on standard output, for results."""
    return _console(stderr=False)


@cache
def errors() -> Console:
    """Console on standard error, for progress, warnings and errors."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    from collections.abc import Iterable

    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class Door(Console):
        """A console without markup, whose texts pass ``seen``."""

        def render(
            self, renderable: RenderableType, options: ConsoleOptions | None = None
        ) -> Iterable[Segment]:
            for text, style, control in super().render(renderable, options):
                yield Segment(text if control else seen(text), style, control)

    return Door(stderr=stderr, highlight=False, markup=False, emoji=False)


def tell(words: str) -> None:
    """Print one line to standard error."""
    errors().print(line(words), style="dim", soft_wrap=True)


def say(words: str) -> None:
    """Print one line to standard output, as it is."""
    document(line(words) + "\n")


def document(text: str) -> None:
    """Print a text of several lines to standard output, as it is."""
    sys.stdout.write(seen(text))


def data(value: object, indent: int | None = None) -> None:
    """Print JSON to standard output."""
    json_text(json.dumps(value, ensure_ascii=False, indent=indent))


def json_text(text: str) -> None:
    """Print a JSON text to standard output; ``seen`` writes the escapes of JSON."""
    sys.stdout.write(seen(text) + "\n")
    sys.stdout.flush()


class _SeenFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return seen(super().format(record))


def log_to_stderr() -> None:
    """Print warnings of every logger that has no handler of its own to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(_SeenFormatter("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


def plain_table(*headings: str, wraps: str = "") -> Table:
    """An empty table without lines; only the column ``wraps`` may wrap."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, no_wrap=heading != wraps)
    return table
