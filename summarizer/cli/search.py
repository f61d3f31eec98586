"""Finding items and incidents."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.output import results, tell


class KindOption(StrEnum):
    """What is looked for."""

    ITEMS = "items"
    INCIDENTS = "incidents"


class ModeOption(StrEnum):
    """What counts."""

    TEXT = "text"
    MEANING = "meaning"
    BOTH = "both"


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("search")(search)


def search(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help='Words and "phrases", or what it is about.')
    ],
    kind: Annotated[KindOption, typer.Option(help="What to look for.")] = KindOption.ITEMS,
    mode: Annotated[
        ModeOption, typer.Option(help="By words, by meaning, or by both, merged by rank.")
    ] = ModeOption.BOTH,
    limit: Annotated[int, typer.Option(min=1, help="Most hits.")] = 20,
) -> None:
    """Find items or incidents, best first, each with the passage that was found.

    `--mode text` needs no vector index, and so works while the service runs.
    """
    with open_app() as app:
        hits = app.search.find(query, kind.value, mode.value, limit)
    from rich.text import Text

    for hit in hits:
        where = hit.passage or f"{hit.item.key} {hit.field}"
        line = Text(f"{hit.incident or 'no incident'}  {where}  {hit.item.source_name}\n  ")
        shown = Text(hit.text)
        for start, end in hit.marks:
            shown.stylize("bold", start, end)
        results().print(line + shown, soft_wrap=True)
    if not hits:
        tell("Nothing was found.")
