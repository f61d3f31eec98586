"""The command that removes old records."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.output import plain_table, results, tell


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("prune")(prune)


def prune(
    days: Annotated[
        int, typer.Option("--older-than", min=1, max=36_500, metavar="DAYS", help="Age in days.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would go.")] = False,
) -> None:
    """Remove old records: the log of fetches, steps of drafts, deliveries of webhooks that are
    over, and the texts of calls to models.

    What calls have cost stays, and so do items, drafts and the history.
    """
    with open_app() as app:
        before = app.clock.now() - dt.timedelta(days=days)
        found = app.store.retention.count(before) if dry_run else app.store.retention.prune(before)
    table = plain_table("records", "number")
    for name, number in found.items():
        table.add_row(name, str(number))
    results().print(table)
    if dry_run:
        tell("Nothing was removed.")
