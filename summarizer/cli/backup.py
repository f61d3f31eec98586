"""Commands that back an installation up, and restore it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.cli.output import results, tell
from summarizer.errors import InputError, SettingsError

if TYPE_CHECKING:
    from summarizer.settings import Settings
    from summarizer.storage.backup import Restored

DUMP = "pg_dump -Fc -f FILE NAME"
PUT_BACK = "pg_restore --exit-on-error -d NAME FILE"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup, a new file.")],
) -> None:
    """Back the database up while everything runs: a ZIP file with a copy and a manifest.

    The vector index is not in it, since it is made from the database. Keep the file safe: it holds
    all texts and the secrets of webhooks. On PostgreSQL use pg_dump.
    """
    from summarizer import settings
    from summarizer.adapters.clock import SystemClock
    from summarizer.storage.backup import back_up

    database = _file(settings.load(), f"back it up with {DUMP}")
    made = back_up(database, file, SystemClock().now())
    results().print(
        f"{file}: {made.rows['items']} items, {made.rows['incidents']} incidents, "
        f"{made.rows['drafts']} drafts, the log up to {made.last_event}.",
        soft_wrap=True,
    )


def restore(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A backup of summarizer backup.")
    ] = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Replace the database that is there; it is kept beside."),
    ] = False,
    finish: Annotated[
        bool,
        typer.Option("--finish", help="Only mark a database that other means have restored."),
    ] = False,
) -> None:
    """Restore a backup, with everything stopped: service, workers and commands.

    The log begins another epoch, so that readers with an old place are told (410). Webhooks are
    paused. After pg_restore, or a copy by hand, run it with --finish and without FILE.
    """
    from summarizer import settings
    from summarizer.adapters.clock import SystemClock
    from summarizer.storage.backup import finish as finish_restore
    from summarizer.storage.backup import put_back
    from summarizer.storage.store import Store

    if (file is None) != finish:
        raise InputError("Name a FILE to restore, or --finish after another program restored it.")
    chosen, clock = settings.load(), SystemClock()
    if file is None:
        store = Store.open(chosen.store_url, clock)
        try:
            done = finish_restore(store, clock.now())
        finally:
            store.close()
    else:
        then = f"restore it with {PUT_BACK}, then run summarizer restore --finish"
        done = put_back(file, _file(chosen, then), clock, replace=replace)
    _tell(done)


def _tell(done: Restored) -> None:
    results().print(f"Restored {done.items} items. The log goes on as epoch {done.epoch}.")
    tell(f"{done.paused} webhook(s) are paused: summarizer webhooks list, then resume each.")
    tell(
        "The vector index may lack items, or hold others: run summarizer reindex before you serve."
    )


def _file(chosen: Settings, otherwise: str) -> Path:
    """The file of the database.

    Raises:
        SettingsError: it is not one of SQLite; ``otherwise`` says what to do.
    """
    if chosen.database_file is None:
        raise SettingsError(f"The database is no file of SQLite: {otherwise}.")
    return chosen.database_file
