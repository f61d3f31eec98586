"""Commands for listing and resolving forecasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.files import MOST
from summarizer.cli.output import say
from summarizer.cli.review import By, Note
from summarizer.domain.forecasts import Outcome, Status

if TYPE_CHECKING:
    from summarizer.review.forecasts import Foretold

forecasts = typer.Typer(
    name="forecasts",
    invoke_without_command=True,
    help="List and resolve forecasts, and show their calibration.",
)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(forecasts)


@forecasts.callback()
def list_forecasts(
    context: typer.Context,
    status: Annotated[Status | None, typer.Option(help="Only with this status.")] = None,
    incident: Annotated[str | None, typer.Option(metavar="ID", help="Only of this one.")] = None,
) -> None:
    """List forecasts, oldest first, and the calibration of resolved ones."""
    if context.invoked_subcommand is not None:
        return
    with open_app() as app:
        found = app.forecasts.page(status, incident).forecasts
        score = app.forecasts.calibration()
    for forecast in found:
        _print(forecast)
    if score.brier is None:
        say("No forecast was resolved yet: there is no score.")
        return
    say(f"Brier score {score.brier:.3f} over {score.n} resolved (lower is better; always")
    say(f"foretelling the base rate {score.base_rate:.2f}: {score.brier_of_base_rate:.3f}).")
    for part in score.bins:
        low, high = part.interval
        say(
            f"  foretold {part.foretold:.2f} ({part.low:.2f}–{part.high:.2f}): "
            f"{part.came:.2f} [{low:.2f}, {high:.2f}] of {part.n} came true"
        )


@forecasts.command("resolve")
def resolve(
    number: Annotated[int, typer.Argument(min=1, max=MOST, help="Number of the forecast.")],
    outcome: Annotated[Outcome, typer.Argument(help="`void` if it can no longer be judged.")],
    by: By,
    note: Note = None,
) -> None:
    """Resolve a forecast; a second resolution replaces the first."""
    with open_app() as app:
        _print(app.forecasts.resolve(number, outcome, by, note))


def _print(listed: Foretold) -> None:
    forecast = listed.forecast
    chance = "scheduled" if forecast.probability is None else f"{forecast.probability:.0%}"
    say(
        f"{forecast.number}  {listed.status}  {forecast.incident_id}  by {forecast.due}  "
        f"{chance}: {forecast.text}"
    )
    say(f"    judged by: {forecast.criterion}")
    if forecast.resolution is not None:
        words = forecast.resolution.outcome.value.replace("_", " ")
        note = f" ({forecast.resolution.note})" if forecast.resolution.note else ""
        say(f"    {words}, {forecast.resolution.by}{note}")
