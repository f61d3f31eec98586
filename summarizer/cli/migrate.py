"""The command that moves an installation to another database."""

from __future__ import annotations

from typing import Annotated

import typer

from summarizer.cli.output import plain_table, results, tell
from summarizer.errors import InputError

SHOWN = 12
"""Digits of a hash that are printed; all are compared."""


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("migrate")(migrate)


def migrate(
    to: Annotated[
        str,
        typer.Option(
            metavar="URL",
            help="The new database, empty: postgresql://user@host/name, or sqlite:///file.db.",
        ),
    ],
) -> None:
    """Move everything to another database, and prove that both hold the same.

    Stop the service before. A run that was killed goes on when the command is given again, and a
    finished move is only compared. Nothing is changed in the old database. Exits with 1 if a table
    differs, perhaps because something still writes: run it again.
    """
    from summarizer import settings
    from summarizer.adapters.clock import SystemClock
    from summarizer.storage.store import Store

    chosen = settings.load()
    if to == chosen.store_url:
        raise InputError("This database is the one in use. Name the new one.")
    if chosen.database_file is not None and not chosen.database_file.exists():
        raise InputError(
            f"There is no database {chosen.database_file} to move (SUMMARIZER_DATABASE_URL, "
            "SUMMARIZER_DATA_DIR)."
        )
    store = Store.open(chosen.store_url, SystemClock())
    try:
        compared = store.moved_to(to, tell)
    finally:
        store.close()
    table = plain_table("table", "rows", "hash", "there", "")
    for one in compared:
        there = "" if one.equal else f"{one.there.rows} {one.there.hash[:SHOWN]}"
        said = "equal" if one.equal else "differs"
        table.add_row(one.table, str(one.here.rows), one.here.hash[:SHOWN], there, said)
    results().print(table)
    if not all(one.equal for one in compared):
        tell("Not everything is equal: something still writes. Stop it, and run this again.")
        raise typer.Exit(1)
    results().print("Both databases hold the same. Set SUMMARIZER_DATABASE_URL to the new one.")
