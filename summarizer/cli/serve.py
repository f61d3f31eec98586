"""Command that runs the HTTP service."""

from __future__ import annotations

import logging
import signal
import sys
from typing import Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.output import tell
from summarizer.errors import InputError

IDLE_SECONDS = 75
"""Keep-alive timeout, nginx's default; with uvicorn's 5 s, connections closed during the next
request of a reader who opens a page every few seconds."""

STOP_SECONDS = 5
"""Maximum wait for requests at shutdown; event streams would otherwise block it."""


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("serve")(serve)


def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; without a key only a loopback address.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535)] = 8000,
) -> None:
    """Serve the HTTP API and the editors' desk.

    Without a key (`keys create`), the service is open to all programs on this machine and refuses
    addresses that other machines can reach. Polls the feeds of `SUMMARIZER_FEEDS_FILE`.
    """
    import uvicorn

    from api import create_app
    from api.auth import is_loopback
    from summarizer.feeds.poller import in_background, load_feeds

    with open_app() as app:
        if not is_loopback(host) and not app.keys.has_key:
            raise InputError(
                f"{host} can be reached from outside and no key exists. Make one first: "
                "summarizer keys create NAME --scope admin"
            )
        feeds = load_feeds(file) if (file := app.settings.feeds_file) else ()
        app.build()
        _log_requests()
        # After its shutdown, uvicorn raises the signal again, which by default would end the
        # process before drafts are released and the index is closed.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        app.pipeline.settle()
        whom = "every program on this machine, without a key"
        if not app.keys.is_open:
            whom = "whoever has a key"
        tell(f"Open to {whom}: http://{host}:{port}/v1")
        if app.settings.autodrafting == "on":
            tell("Drafts by itself what the rules ask for.")
        with in_background(app.poller, feeds, app.clock):
            uvicorn.run(
                create_app(app),
                host=host,
                port=port,
                log_level="warning",
                timeout_keep_alive=IDLE_SECONDS,
                timeout_graceful_shutdown=STOP_SECONDS,
            )


def _log_requests() -> None:
    """Log one JSON line per request to standard error."""
    log = logging.getLogger("summarizer.http")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
