"""Commands for API keys."""

from __future__ import annotations

from typing import Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.output import results, tell
from summarizer.domain.api_keys import ROLE_NAMES, ROLES, Role, Scope
from summarizer.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    keys = typer.Typer(help="Make, list and revoke keys of the HTTP service.", no_args_is_help=True)
    keys.command("create")(create)
    keys.command("list")(show)
    keys.command("revoke")(revoke)
    app.add_typer(keys, name="keys")


def create(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Name of the editor or program, for the history."),
    ],
    role: Annotated[
        Role | None,
        typer.Option(help="Whose key it is; each role may do what those before it may."),
    ] = None,
    scope: Annotated[
        Scope | None,
        typer.Option(help="The same by its highest scope, instead of a role.  [default: read]"),
    ] = None,
) -> None:
    """Create a key and print its secret, which is shown only once.

    After the first key is created, the service requires a key from everybody.
    """
    if role is not None and scope is not None:
        raise InputError("Give a role or a scope, not both: a role is a name for scopes.")
    highest = scope or Scope.READ
    if role is not None:
        highest = max(ROLES[role], key=list(Scope).index)
    with open_app() as app:
        key, secret = app.keys.create(name, highest)
    words = f"Key {key.id} of {key.name}, {ROLE_NAMES[key.role]}."
    tell(f"{words} Keep this secret: it is not shown again.")
    results().print(secret, soft_wrap=True)


def show() -> None:
    """List all keys, including revoked ones, without their secrets."""
    with open_app() as app:
        found = app.keys.keys()
    if not found:
        tell("No keys: the service is open to programs on this machine, and refuses any other.")
        return
    from rich.table import Table

    table = Table("id", "name", "role", "scopes", "created", "last used", "revoked", box=None)
    for key in found:
        times = (key.created_at, key.last_used_at, key.revoked_at)
        shown = [f"{at:%Y-%m-%d %H:%M}" if at else "" for at in times]
        scopes = " ".join(scope for scope in Scope if scope in key.scopes)
        table.add_row(key.id, key.name, ROLE_NAMES[key.role], scopes, *shown)
    results().print(table)


def revoke(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `keys list` shows it.")],
) -> None:
    """Revoke a key and end its sessions; a running service obeys within two seconds."""
    with open_app() as app:
        key = app.keys.revoke(key_id)
    tell(f"Key {key.id} of {key.name} is revoked.")
