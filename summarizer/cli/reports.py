"""Commands for those who speak from outside: readers who report an inaccuracy, and the accused."""

from __future__ import annotations

from typing import Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.files import MOST
from summarizer.cli.incidents import IncidentArgument, moment
from summarizer.cli.output import say, tell
from summarizer.domain.reports import ReportOutcome


def register(review: typer.Typer) -> None:
    """Add the commands of this module to `review`."""
    review.command("reports")(show_reports)
    review.command("answer-report")(answer_report)
    review.command("ask")(ask_response)


def ask_response(
    incident: IncidentArgument,
    of: Annotated[str, typer.Argument(metavar="NAME", help="Whom the page accuses.")],
    by: Annotated[str, typer.Option(help="Your name, for the history.")],
    until: Annotated[
        str | None,
        typer.Option(help="By when (ISO 8601, by default in UTC); a day from now if left out."),
    ] = None,
) -> None:
    """Keep in the history that you asked somebody for a response; nothing is sent.

    The page says so. When the time to answer is over, an approval no longer waits for it.
    """
    with open_app() as app:
        app.reviews.ask_response(incident, of, by, moment(until))
    say(f"The history keeps that {by} asked {of}.")


def show_reports(incident: IncidentArgument) -> None:
    """List what readers report of an incident's page, oldest first."""
    with open_app() as app:
        found = app.reports.of(incident)
    for report in found:
        at = f"{report.at:%Y-%m-%d %H:%M} UTC"
        say(f"{report.number}  {at}  revision {report.revision}: {report.text}")
        if report.outcome is not None:
            why = f": {report.note}" if report.note else ""
            say(f"  {report.outcome.value} by {report.answered_by}{why}")
    if not found:
        tell("No reader has reported an inaccuracy.")


def answer_report(
    incident: IncidentArgument,
    number: Annotated[int, typer.Argument(min=1, max=MOST, help="As `review reports` shows it.")],
    by: Annotated[str, typer.Option(help="Your name, for the history.")],
    accept: Annotated[bool, typer.Option("--accept/--dismiss", help="Correct the page, or not.")],
    note: Annotated[str | None, typer.Option(help="Why; a dismissal needs it.")] = None,
) -> None:
    """Accept a reader's report, so that the page is to be corrected, or dismiss it."""
    outcome = ReportOutcome.ACCEPTED if accept else ReportOutcome.DISMISSED
    with open_app() as app:
        report = app.reports.answer(incident, number, outcome, by, note)
    say(f"Report {report.number}: {outcome.value} by {by}.")
