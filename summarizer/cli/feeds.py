"""Feeds: polled from the command line."""

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
    feeds = typer.Typer(help="Poll RSS, Atom and JSON of the web.", no_args_is_help=True)
    feeds.callback()(_feeds)
    feeds.command("poll")(poll)
    app.add_typer(feeds, name="feeds")


def _feeds() -> None:
    """Poll RSS, Atom and JSON of the web."""


def poll(
    file: Annotated[Path, typer.Argument(help="TOML with a [[feed]] for each.")],
    once: Annotated[bool, typer.Option("--once", help="Poll those that are due, and end.")] = False,
) -> None:
    """Take in what is new in the feeds of a file, each as often as the file says.

    Goes on where an earlier run was stopped. A feed that fails is asked ever more rarely, and
    never stops another; with `--once` the command then exits with 1. See `fetches`.
    """
    from summarizer.feeds.poller import load_feeds

    feeds = load_feeds(file)
    failed = 0
    with open_app() as app:
        for polled in _polled(app, feeds, once):
            failed += polled.error is not None
            tell(said(polled))
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


def said(polled: Polled) -> str:
    """What one poll did, in a line."""
    until = f"next at {polled.next_at:%Y-%m-%d %H:%M} UTC"
    if polled.error:
        return f"{polled.url}: failed: {polled.error} ({until})"
    if not polled.news:
        return f"{polled.url}: nothing new ({until})"
    return (
        f"{polled.url}: {polled.accepted} accepted, {polled.duplicates} duplicates, "
        f"{polled.rejected} rejected, {polled.articles} articles fetched ({until})"
    )
