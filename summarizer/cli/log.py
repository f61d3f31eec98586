"""Command that prints the event log."""

from __future__ import annotations

from typing import Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.output import json_text
from summarizer.domain.events import Cursor, EventKind


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("entries")(entries)


def entries(
    after: Annotated[
        str,
        typer.Option(metavar="PLACE", help="Only entries after this one, by its number or id."),
    ] = "0",
    limit: Annotated[
        int, typer.Option(min=1, max=10_000, help="Maximum number of entries.")
    ] = 1_000,
    kind: Annotated[
        list[EventKind] | None, typer.Option(help="Only this kind. Can be given several times.")
    ] = None,
    incident: Annotated[
        str | None, typer.Option(metavar="ID", help="Only this one and those merged into it.")
    ] = None,
) -> None:
    """Print the event log of incidents as JSON Lines, oldest first.

    To follow the log, repeat with `--after` and the `id` of the last line: every entry is printed
    once, in order, even while others are written. Exits with 3 for a place that this log does not
    have, such as one from before a backup was restored.
    """
    from api.schemas.entries import Entry

    with open_app() as app:
        history = app.store.history
        found = history.after(history.position(Cursor.read(after)), limit, kind or (), incident)
    for entry in found:
        json_text(Entry.of(entry).model_dump_json())
