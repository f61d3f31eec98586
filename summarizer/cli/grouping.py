"""Commands for editors: merge, split and move incidents, and show items in several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, cast

import typer

from summarizer.app import open_app
from summarizer.cli.incidents import IncidentArgument
from summarizer.cli.output import results
from summarizer.cli.review import By
from summarizer.errors import InputError

if TYPE_CHECKING:
    from summarizer.domain.items import ItemKey

Items = Annotated[list[str], typer.Argument(metavar="ITEM…", help="Keys such as a3.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("merge")(merge)
    app.command("split")(split)
    app.command("move")(move)
    app.command("also-show")(also_show)


def merge(
    source: Annotated[str, typer.Argument(help="The incident to merge.")],
    target: Annotated[str, typer.Argument(help="The incident to merge it into.")],
    by: By,
) -> None:
    """Merge an incident into another one; the old id then redirects there."""
    with open_app() as app:
        merged = app.curation.merge(source, target, by)
    results().print(f"{source} is now part of {merged.id}: {len(merged.item_keys)} items.")


def split(
    incident: IncidentArgument,
    items: Items,
    by: By,
) -> None:
    """Move some items of an incident into a new one."""
    with open_app() as app:
        new = app.curation.split(incident, cast("list[ItemKey]", items), by)
    results().print(f"{new.id} was opened with {len(new.item_keys)} item(s) of {incident}.")


def move(
    incident: IncidentArgument,
    items: Items,
    into: Annotated[str, typer.Option(help="The incident to move them into.")],
    by: By,
) -> None:
    """Move some items of an incident, and their copies, permanently into another one."""
    with open_app() as app:
        other = app.curation.move(incident, cast("list[ItemKey]", items), into, by)
    results().print(f"{other.id} now holds {len(other.item_keys)} items.")


def also_show(
    incident: IncidentArgument,
    items: Items,
    by: By,
    into: Annotated[
        str | None, typer.Option(help="The incident that is to show them as well.")
    ] = None,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take them out of INCIDENT, which shows them as well.")
    ] = False,
) -> None:
    """Show some items of an incident in another one as well; they stay at home where they are."""
    if (into is None) is not undo:
        raise InputError("Say --into INCIDENT, or --undo.")
    keys = cast("list[ItemKey]", items)
    with open_app() as app:
        if into is None:
            other = app.curation.show_no_longer(incident, keys, by)
        else:
            other = app.curation.also_show(incident, keys, into, by)
    results().print(
        f"{other.id} has {len(other.item_keys)} item(s), {len(other.guests)} at home elsewhere."
    )
