"""Commands for webhooks: subscriptions and the delivery log."""

from __future__ import annotations

from typing import Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.output import json_text, results, tell
from summarizer.domain.events import Cursor, EventKind
from summarizer.domain.webhooks import EVENTS, DeliveryStatus

Id = Annotated[str, typer.Argument(metavar="ID", help="As `webhooks list` shows it.")]
By = Annotated[str, typer.Option(help="Your name, for the history.")]

webhooks = typer.Typer(
    help="Manage webhooks, which post events to URLs, and list deliveries.", no_args_is_help=True
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(webhooks, name="webhooks")


@webhooks.command("create")
def create(
    url: Annotated[str, typer.Argument(metavar="URL", help="URL to post events to.")],
    kind: Annotated[
        list[EventKind],
        typer.Option(
            help=f"Kind of event: {', '.join(kind.value for kind in EVENTS)}. "
            "Can be given several times."
        ),
    ],
    after: Annotated[
        str | None,
        typer.Option(
            metavar="PLACE",
            help="Deliver events after this one, by its number or id; default: new events only.",
        ),
    ] = None,
    by: By = "command line",
) -> None:
    """Create a webhook and print its signing secret, which is shown only once."""
    with open_app() as app:
        place = None if after is None else Cursor.read(after)
        made = app.webhooks.subscribe(url, kind, by, place)
    tell(f"Webhook {made.id}. Keep this secret, with which it is signed: it is not shown again.")
    results().print(made.secret.get_secret_value(), soft_wrap=True)


@webhooks.command("list")
def show() -> None:
    """List all webhooks, without their secrets."""
    with open_app() as app:
        found = [(one, app.webhooks.status(one)) for one in app.webhooks.subscriptions()]
    if not found:
        tell("No webhooks: make one with summarizer webhooks create URL --kind drafted")
        return
    from rich.table import Table

    table = Table("id", "URL", "kinds", "by", "at entry", "status", box=None)
    for one, status in found:
        kinds = " ".join(kind.value for kind in one.kinds)
        state = ": ".join(filter(None, (status.value, one.paused_because)))
        table.add_row(one.id, one.url, kinds, one.created_by, str(one.position), state)
    results().print(table)


@webhooks.command("pause")
def pause(webhook: Id, by: By = "command line") -> None:
    """Pause a webhook; events during the pause are delivered after it is resumed."""
    with open_app() as app:
        app.webhooks.pause(webhook, f"Paused by {by}.")
    tell(f"Webhook {webhook} is paused.")


@webhooks.command("resume")
def resume(webhook: Id) -> None:
    """Resume a paused webhook."""
    with open_app() as app:
        app.webhooks.resume(webhook)
    tell(f"Webhook {webhook} runs.")


@webhooks.command("delete")
def remove(webhook: Id) -> None:
    """Delete a webhook and its deliveries."""
    with open_app() as app:
        app.webhooks.remove(webhook)
    tell(f"Webhook {webhook} is gone.")


@webhooks.command("deliveries")
def show_deliveries(
    webhook: Id,
    status: Annotated[DeliveryStatus | None, typer.Option(help="Only with this status.")] = None,
    limit: Annotated[
        int, typer.Option(min=1, max=1_000, help="Maximum number of deliveries.")
    ] = 100,
) -> None:
    """Print the delivery log as JSON Lines, newest event first."""
    from api.schemas.webhooks import DeliveryView

    with open_app() as app:
        found = app.webhooks.deliveries(webhook, status, limit=limit)
    for one in found:
        json_text(DeliveryView.of(one).model_dump_json())


@webhooks.command("deliver")
def deliver() -> None:
    """Send due deliveries once and print them; the service does this continuously."""
    from api.schemas.webhooks import DeliveryView

    with open_app() as app:
        done = app.delivery.once()
    for one in done:
        json_text(DeliveryView.of(one).model_dump_json())
