"""Command that prints the event log."""

from __future__ import annotations

from typing import Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.files import MOST
from summarizer.cli.output import json_text
from summarizer.domain.events import EventKind


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("entries")(entries)


def entries(
    after: Annotated[
        int, typer.Option(min=0, max=MOST, metavar="N", help="Only entries after this number.")
    ] = 0,
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

    To follow the log, repeat with `--after` and the `number` of the last line: every entry is
    printed once, in order, even while others are written.
    """
    from api.schemas.reviews import EntryView

    with open_app() as app:
        found = app.store.history.after(after, limit, kind or (), incident)
    for entry in found:
        json_text(EntryView.of(entry).model_dump_json())
