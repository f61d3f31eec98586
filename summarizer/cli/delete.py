"""Commands that delete source items for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.output import plain_table, results, tell
from summarizer.errors import InputError

if TYPE_CHECKING:
    from summarizer.app import App
    from summarizer.domain.deletions import Plan

Why = Annotated[str, typer.Option(help="The reason, which is kept in the history.")]
By = Annotated[str, typer.Option(help="Your name, for the history.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only list what would go.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]

delete = typer.Typer(
    help="Delete source items everywhere, with all that rests on them. There is no way back.",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(delete, name="delete")


@delete.command("item")
def delete_item(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Of the item, such as a3.")],
    why: Why = "",
    by: By = "command line",
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Delete one item; sentences that cite it are withheld from then on.

    It goes from the database, both indexes, all drafts, stored calls to models and the words of the
    history. The same row is refused when it is ingested again.
    """
    with open_app() as app:
        _delete(app, app.deletion.of_item(key), why, by, dry_run=dry_run, yes=yes)


@delete.command("incident")
def delete_incident(
    incident: Annotated[str, typer.Argument(metavar="ID", help="Of the incident.")],
    why: Why = "",
    by: By = "command line",
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Delete an incident with its items, drafts and forecasts; its id is given to no other."""
    with open_app() as app:
        _delete(app, app.deletion.of_incident(incident), why, by, dry_run=dry_run, yes=yes)


@delete.command("sender")
def delete_sender(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Outlet or author, exactly as the items have it.")
    ],
    why: Why = "",
    by: By = "command line",
    dry_run: DryRun = False,
    yes: Yes = False,
) -> None:
    """Delete all items of an outlet or author. Later items of it are taken as before."""
    with open_app() as app:
        _delete(app, app.deletion.of_sender(name), why, by, dry_run=dry_run, yes=yes)


@delete.command("allow")
def allow(
    key: Annotated[str, typer.Argument(metavar="KEY", help="Of a deleted item, such as a3.")],
) -> None:
    """Take rows that equal a deleted item again, which are else refused at ingest."""
    with open_app() as app:
        app.deletion.allow(key)
    tell(f"A row that equals {key} is taken from now on.")


@delete.command("list")
def show() -> None:
    """List all deletions: who, when and why."""
    with open_app() as app:
        found = app.deletion.deletions()
    table = plain_table("deletion", "at", "by", "of", "why", wraps="why")
    for one in found:
        state = "" if one.finished_at else " (under way)"
        of = one.incident or "items"
        table.add_row(f"{one.number}{state}", f"{one.at:%Y-%m-%d %H:%M}", one.by, of, one.why)
    results().print(table)


def _delete(app: App, plan: Plan, why: str, by: str, *, dry_run: bool, yes: bool) -> None:
    _show(plan)
    if dry_run:
        tell("Nothing was deleted.")
        return
    if not why.strip():
        raise InputError("Say why: --why 'court order of 3 May'. It is kept in the history.")
    if not yes:
        typer.confirm("Delete this everywhere? There is no way back", abort=True, err=True)
    done = app.deletion.delete(plan, by, why)
    results().print(f"Deleted {len(done.plan.items)} item(s), as deletion {done.number}.")
    if done.waits:
        tell(f"Vectors are still in the index: {done.waits} They go with the next command.")


def _show(plan: Plan) -> None:
    items = plain_table("item", "incident", "source", wraps="source")
    for item in plan.items:
        items.add_row(item.key, item.incident or "-", item.name)
    results().print(items)
    incidents = plain_table("incident", "revisions changed", "sentences withheld", "")
    for hit in plan.incidents:
        gone = "the whole incident goes" if hit.goes else ""
        incidents.add_row(hit.incident, str(hit.revisions), str(hit.sentences), gone)
    results().print(incidents)
