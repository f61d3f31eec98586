"""Search command."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.files import MOST
from summarizer.cli.output import results, tell


class KindOption(StrEnum):
    """Kind of results."""

    ITEMS = "items"
    INCIDENTS = "incidents"


class ModeOption(StrEnum):
    """Mode of the search."""

    TEXT = "text"
    MEANING = "meaning"
    BOTH = "both"


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("search")(search)


def search(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help='Words and "phrases", or a description.')
    ],
    kind: Annotated[KindOption, typer.Option(help="Kind of results.")] = KindOption.ITEMS,
    mode: Annotated[
        ModeOption, typer.Option(help="By words, by meaning, or by both, merged by rank.")
    ] = ModeOption.BOTH,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="Maximum number of results.")] = 20,
) -> None:
    """Search items or incidents, best first, each with its best passage.

    `--mode text` needs no vector index and works while the service runs. Exits with 1 where the
    vector index lacks items, as after a restore: `summarizer reindex` fills it.
    """
    with open_app() as app:
        hits = app.search.find(query, kind.value, mode.value, limit, held=True)
        missed = 0 if mode is ModeOption.TEXT else app.search.unindexed(query)
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
    if missed:
        tell(
            f"{missed} item(s) are not in the vector index, so only their words were searched: run "
            "summarizer reindex."
        )
        raise typer.Exit(1)
