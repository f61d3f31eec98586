"""Commands of the auto-drafting worker."""

from __future__ import annotations

import datetime as dt
import signal
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from summarizer.app import open_app
from summarizer.cli.feeds import summary
from summarizer.cli.incidents import IncidentArgument
from summarizer.cli.output import data, plain_table, results, tell
from summarizer.cli.review import By
from summarizer.errors import InputError

if TYPE_CHECKING:
    from summarizer.app import App
    from summarizer.feeds.poller import Feed
    from summarizer.jobs.budget import Limit
    from summarizer.jobs.planner import Decision


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    worker = typer.Typer(invoke_without_command=True, help=work.__doc__)
    worker.callback()(work)
    worker.command("pause")(pause)
    worker.command("resume")(resume)
    worker.command("release")(release)
    app.add_typer(worker, name="worker")


def work(
    context: typer.Context,
    once: Annotated[
        bool, typer.Option("--once", help="Draft what is due within the budget, and exit.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the plan with reasons; draft nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
    feeds: Annotated[
        Path | None, typer.Option("--feeds", help="Also poll the feeds of this file.")
    ] = None,
) -> None:
    """Draft incidents by the auto-drafting rules until stopped.

    Several workers may run beside a service and beside each other. They also run drafts that
    editors request. The process that ingests items assigns them to incidents: with `--feeds` that
    is this one, which then locks the index unless it is on a Chroma server.
    """
    if context.invoked_subcommand:
        return
    from summarizer.feeds.poller import load_feeds, polling

    if feeds and dry_run:
        raise InputError("--dry-run polls no feeds: omit --feeds.")
    with open_app(owns_index=feeds is not None) as app:
        polled = load_feeds(feeds, app.fetcher.check) if feeds else ()
        worker = app.worker
        if dry_run:
            decisions, purses = worker.survey.plan(), worker.survey.purses()
            show(decisions, purses, worker.survey.rules.version, app.clock.now(), as_json)
            return
        if once:
            _once(app, polled)
            return
        stop = threading.Event()

        def end(*_: object) -> None:
            stop.set()
            app.jobs.wind_down()

        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, end)
        worker.keep_planning(app.queue)
        if polled:
            app.settling.begin()
            app.queue.add(polling(app.poller, polled, lambda: app.queue.is_stopping))
        app.jobs.resume()
        tell(f"Drafts what the rules ask for{_beside(polled)}; end it with Ctrl-C.")
        stop.wait()


def _once(app: App, feeds: Sequence[Feed]) -> None:
    """Poll what is due, and draft what then is."""
    app.jobs.resume()
    if feeds:
        app.pipeline.settle()
    for polled in app.poller.poll_due(feeds):
        tell(summary(polled))
    app.jobs.drain()
    made = app.worker.once().jobs
    for job in made:
        tell(f"{job.incident_id}: {job.error or f'revision {job.revision}'}")
    tell(f"{len(made)} drafts were begun.")


def _beside(feeds: Sequence[Feed]) -> str:
    return f" and polls {len(feeds)} feed(s)" if feeds else ""


def pause(by: By) -> None:
    """Pause auto-drafting in all processes until it is resumed."""
    with open_app(owns_index=False) as app:
        app.worker.pause(by)
    tell("Auto-drafting is paused.")


def resume(by: By) -> None:
    """Resume auto-drafting."""
    with open_app(owns_index=False) as app:
        app.worker.resume(by)
    tell("Auto-drafting is not paused.")


def release(incident: IncidentArgument, by: By) -> None:
    """Release an incident that was set aside after too many failures, to draft it again."""
    with open_app(owns_index=False) as app:
        app.worker.release(incident, by)
    tell(f"{incident} will be tried again.")


def show(
    decisions: Sequence[Decision],
    purses: Sequence[Limit],
    version: str,
    now: dt.datetime,
    as_json: bool,
) -> None:
    """Print a plan as a table or as JSON."""
    if not as_json:
        _print(decisions, purses)
        return
    shown = {"as_of": now.isoformat(), "rules": version, **described(decisions, purses)}
    data(shown, indent=1)


def described(decisions: Sequence[Decision], purses: Sequence[Limit]) -> dict[str, Any]:
    """A plan as JSON values; incidents without new items are only counted."""
    from summarizer.jobs.planner import Reason

    news = [d for d in decisions if d.reason is not Reason.NOTHING_NEW]
    left = [
        {"unit": p.unit, "window": p.window, "limit": p.limit, "spent": p.spent}
        | {"reserved": p.reserved, "in_batches": p.in_batches, "left": p.left}
        for p in purses
    ]
    return {
        "budget": left,
        "nothing_new": len(decisions) - len(news),
        "decisions": [d.model_dump(mode="json", exclude={"reserve"}) for d in news],
    }


def _print(decisions: Sequence[Decision], purses: Sequence[Limit]) -> None:
    from rich.text import Text

    from summarizer.jobs.planner import Action, Reason

    table = plain_table("what", "id", "noise", "until", "why", wraps="why")
    for decision in (d for action in Action for d in decisions if d.action is action):
        if decision.reason is not Reason.NOTHING_NEW:
            until = f"{decision.until:%Y-%m-%d %H:%M:%S}" if decision.until else ""
            row = (decision.action.value, decision.incident_id, str(decision.noise), until)
            table.add_row(*row, Text(decision.words))
    if table.row_count:
        results().print(table)
    counted = Counter(decision.action for decision in decisions)
    unchanged = sum(decision.reason is Reason.NOTHING_NEW for decision in decisions)
    tell(
        f"{counted[Action.DRAFT]} to draft, {counted[Action.WAIT]} wait, "
        f"{counted[Action.SKIP]} are left alone, {unchanged} of them because nothing is new"
    )
    for purse in purses:
        tell(f"{purse.amount(purse.left)} left of {purse}{_set_aside(purse)}")


def _set_aside(purse: Limit) -> str:
    parts = (purse.reserved, "for drafts under way"), (purse.in_batches, "for message batches")
    words = " and ".join(f"{purse.amount(value)} {use}" for value, use in parts if value)
    return f"; set aside: {words}" if words else ""
