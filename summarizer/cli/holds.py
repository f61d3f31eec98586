"""Commands for holds on incidents: for the senior desk, embargoes, legal holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.incidents import IncidentArgument, moment
from summarizer.cli.output import results, say
from summarizer.domain.holds import HOLD_NAMES, HoldKind

if TYPE_CHECKING:
    from summarizer.domain.holds import Hold

Kind = Annotated[HoldKind, typer.Argument(metavar="KIND", help="Which hold.")]
By = Annotated[str, typer.Option(help="Your name, for the history.")]
Reason = Annotated[str, typer.Option(help="Why, for the newsroom.")]
Senior = Annotated[
    bool,
    typer.Option(
        "--senior", help="You are of the senior desk; this command line knows nobody by a key."
    ),
]


def register(review: typer.Typer) -> None:
    """Add the commands of this module to `review`."""
    review.command("hold")(put_hold)
    review.command("lift")(lift_hold)


def put_hold(
    incident: IncidentArgument,
    kind: Kind,
    by: By,
    reason: Reason,
    until: Annotated[
        str | None, typer.Option(help="End of an embargo (ISO 8601, by default in UTC).")
    ] = None,
) -> None:
    """Put a hold on an incident.

    `senior_desk`: only the senior desk approves it. `embargo`: only editors read it, until a time.
    `legal_hold`: only editors read it and nobody approves it, until it is lifted.
    """
    with open_app() as app:
        hold = app.holds.put(incident, kind, by, reason, moment(until))
    results().print(f"{hold.incident_id}: {words(hold)}")


def lift_hold(
    incident: IncidentArgument, kind: Kind, by: By, reason: Reason, senior: Senior = False
) -> None:
    """Lift a hold; all but an embargo only with `--senior`."""
    with open_app() as app:
        app.holds.lift(incident, kind, by, reason, senior=senior)
    say(f"The {HOLD_NAMES[kind]} is lifted.")


def words(hold: Hold) -> str:
    """A hold on one line."""
    until = f" until {hold.until:%Y-%m-%d %H:%M} UTC" if hold.until else ""
    return f"{HOLD_NAMES[hold.kind]}{until}, by {hold.by}: {hold.reason}"
