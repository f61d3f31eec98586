"""Commands for polling feeds."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.output import tell

if TYPE_CHECKING:
    from summarizer.app import App
    from summarizer.feeds.poller import Feed, Polled


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    feeds = typer.Typer(help="Poll RSS, Atom and JSON feeds.", no_args_is_help=True)
    feeds.callback()(_feeds)
    feeds.command("poll")(poll)
    app.add_typer(feeds, name="feeds")


def _feeds() -> None:
    """Poll RSS, Atom and JSON feeds."""


def poll(
    file: Annotated[Path, typer.Argument(help="TOML file with a [[feed]] table per feed.")],
    once: Annotated[bool, typer.Option("--once", help="Poll due feeds once and exit.")] = False,
) -> None:
    """Ingest new entries of the feeds in a file, each at its own interval.

    Continues where an earlier run stopped. A failing feed is polled less and less often and does
    not affect others; with `--once` the command then exits with 1. `fetches` lists the requests.
    """
    from summarizer.feeds.poller import load_feeds

    failed = 0
    with open_app() as app:
        feeds = load_feeds(file, app.fetcher.check)
        for polled in _polled(app, feeds, once):
            failed += polled.error is not None
            tell(summary(polled))
    if failed:
        raise typer.Exit(1)


def _polled(app: App, feeds: Sequence[Feed], once: bool) -> Iterator[Polled]:
    if once:
        yield from app.poller.poll_due(feeds)
        return

    from summarizer.feeds.poller import poll_for_ever

    def wait(seconds: float) -> bool:
        time.sleep(seconds)
        return False

    yield from poll_for_ever(app.poller, feeds, app.clock, wait)


def summary(polled: Polled) -> str:
    """One line on the result of a poll."""
    until = f"next at {polled.next_at:%Y-%m-%d %H:%M} UTC"
    if polled.error:
        return f"{polled.url}: failed: {polled.error} ({until})"
    if not polled.news:
        return f"{polled.url}: nothing new ({until})"
    return (
        f"{polled.url}: {polled.accepted} accepted, {polled.duplicates} duplicates, "
        f"{polled.rejected} rejected, {polled.articles} articles fetched ({until})"
    )
