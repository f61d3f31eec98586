"""Commands for drafting through message batches and for listing them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.app import open_batch_context
from summarizer.cli.files import MOST
from summarizer.cli.output import plain_table, results, tell
from summarizer.errors import NotFoundError

if TYPE_CHECKING:
    from summarizer.jobs.batch_run import BatchReport
    from summarizer.settings import Settings

INTERRUPTED = 130
"""Exit code after Ctrl-C."""

SOME_FAILED = 1


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("batches")(list_batches)


def draft_in_batches(chosen: Settings, ids: Sequence[str] | None) -> None:
    """Draft incidents whose evidence has changed: all, or only those in ``ids``."""
    from summarizer.jobs.batch_run import BatchRun

    only = None
    with open_batch_context(chosen) as shop:
        if ids is not None:
            only = {shop.store.incident(id_).id for id_ in ids}
            for id_ in sorted(only - set(shop.pipeline.due())):
                tell(f"{id_}: its newest draft was made from this evidence")
    run = BatchRun(lambda: open_batch_context(chosen), time.sleep, tell, only)
    try:
        report = run.run()
    except KeyboardInterrupt:
        tell("Interrupted. Sent batches continue at the server; run the command again to collect.")
        raise typer.Exit(INTERRUPTED) from None
    _account(report)
    if report.failed:
        raise typer.Exit(SOME_FAILED)


def list_batches(
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="Maximum number of batches.")] = 20,
    cancel: Annotated[
        int | None,
        typer.Option(metavar="NUMBER", help="Cancel this batch; its finished answers are kept."),
    ] = None,
) -> None:
    """List message batches, newest first, with the outcomes of their requests."""
    with open_batch_context() as shop:
        if cancel is not None:
            running = {b.number: b.batch_id for b in shop.store.batches.open(shop.server.url)}
            batch_id = running.get(cancel)
            if batch_id is None:
                raise NotFoundError(f"No batch {cancel} is under way at {shop.server.url}.")
            shop.server.cancel(batch_id)
            shop.store.batches.cancel(cancel, shop.clock.now())
            tell(f"Batch {batch_id} is called off. `summarizer draft --all --batch` collects it.")
            return
        table = plain_table("number", "begun", "requests", "outcomes", "batch", wraps="batch")
        for batch in shop.store.batches.newest(limit):
            became = ", ".join(f"{n} {outcome}" for outcome, n in sorted(batch.outcomes.items()))
            named = batch.batch_id or "not named yet"
            table.add_row(
                str(batch.number),
                f"{batch.begun_at:%Y-%m-%d %H:%M}",
                str(batch.requests),
                became,
                named,
            )
    if table.row_count:
        results().print(table)
    else:
        tell("No batches yet. Make one with: summarizer draft --all --batch")


def _account(report: BatchReport) -> None:
    """Print the drafted incidents and the usage of the batches."""
    from summarizer.domain import batches

    for id_ in report.drafted:
        results().print(id_)
    took = report.batched
    tell(f"{len(report.drafted)} drafted, {len(report.failed)} not drafted.")
    if report.held_back:
        first, *_ = report.held_back.items()
        tell(
            f"{len(report.held_back)} wait for the budget of auto-drafting, {first[0]} because "
            f"{first[1]}. Run this again then, or name incidents to draft them whatever it takes."
        )
    tell(
        f"Batches answered {took.calls} requests: {took.tokens:,} tokens, "
        f"{took.output_tokens:,} of them written, at {batches.PRICE:.0%} of the price."
    )
