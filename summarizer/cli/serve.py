"""The HTTP service, on this machine."""

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
"""How long an idle connection is kept, as nginx does: closed after uvicorn's 5, it met the next
request of a reader who turns a page every few seconds."""

STOP_SECONDS = 5
"""How long a stop waits for requests; who watches a draft would hold it for ever."""


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("serve")(serve)


def serve(
    host: Annotated[
        str, typer.Option(help="Any address once there is a key; until then a loopback one.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535)] = 8000,
) -> None:
    """Serve items, incidents, the editors' work and verification over HTTP.

    Without a key (`keys create`) it is open to every program on this machine, says so, and
    refuses every address that others could reach. Polls the feeds of `SUMMARIZER_FEEDS_FILE`.
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
        # uvicorn, once it has stopped serving, raises the signal again; by default that would end
        # the process before drafts are handed back and the index is closed.
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
    """One JSON line a request, to standard error."""
    log = logging.getLogger("summarizer.http")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
