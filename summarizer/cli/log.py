"""The history of all incidents, for programs that follow it."""

from __future__ import annotations

from typing import Annotated

import typer

from summarizer.app import open_app
from summarizer.domain.events import EventKind


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("entries")(entries)


def entries(
    after: Annotated[
        int, typer.Option(min=0, metavar="N", help="Begin after the entry of this number.")
    ] = 0,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 1_000,
    kind: Annotated[
        list[EventKind] | None, typer.Option(help="Only these; may be given more than once.")
    ] = None,
    incident: Annotated[
        str | None, typer.Option(metavar="ID", help="Only of it and of those merged into it.")
    ] = None,
) -> None:
    """Print what happened to incidents as JSON Lines, oldest first.

    To follow, ask again with the `number` of the last line: every entry comes once, in order, also
    while others are written.
    """
    from api.schemas.reviews import EntryView

    with open_app() as app:
        found = app.store.history.after(after, limit, kind or (), incident)
    for entry in found:
        typer.echo(EntryView.of(entry).model_dump_json())
