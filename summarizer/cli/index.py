"""Commands for the vector index: rebuild it, compare it with the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.output import results, tell
from summarizer.errors import IndexUnreachableError

SHOWN = 5
"""Ids named of each kind of difference."""


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    index = typer.Typer(help="Check the vector index.", no_args_is_help=True)
    index.command("audit")(audit)
    app.add_typer(index, name="index")
    app.command("reindex")(reindex)


def audit(
    repair: Annotated[
        bool, typer.Option("--repair", help="Index what is missing, remove what is left over.")
    ] = False,
) -> None:
    """Compare the vector index with the database, entry by entry.

    It takes a second for some ten thousand passages. Starts do not need it: they go on from a mark
    in the database. Exits with 1 if the two differ and are not repaired.
    """
    with open_app() as app:
        found = app.indexer.audit(repair)
    out = results()
    out.print(f"{found.items} items in the database, {found.waiting} of them to be indexed yet.")
    _name(found.missing, "missing: passages and headings that the index lacks")
    _name(found.surplus, "left over: passages and headings that the database lacks")
    _name(found.missing_headings, "missing: headings that clustering compares with")
    _name(found.surplus_headings, "left over: headings of items that the database lacks")
    if found.agrees:
        out.print("The index agrees with the database.")
    elif repair:
        out.print("Repaired.")
    else:
        tell("Repair it with: summarizer index audit --repair")
        raise typer.Exit(1)


def reindex() -> None:
    """Rebuild the vector index and the full-text index from the database."""
    with open_app(fresh_index=True) as app:
        app.search.rebuild()
        done = app.pipeline.settle()
    if done.waits:
        raise IndexUnreachableError(done.waits)
    results().print(f"Indexed {done.indexed} passages and headings.")


def _name(ids: Sequence[str], kind: str) -> None:
    if ids:
        more = " …" if len(ids) > SHOWN else ""
        results().print(f"{len(ids)} {kind}: {' '.join(ids[:SHOWN])}{more}")
