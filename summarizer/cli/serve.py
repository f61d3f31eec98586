"""Command that runs the HTTP service."""

from __future__ import annotations

import errno
import gc
import logging
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from summarizer.app import open_app
from summarizer.cli.output import tell
from summarizer.errors import InputError

if TYPE_CHECKING:
    from summarizer.app import App

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
        str | None,
        typer.Option(
            help="Address to listen on, in place of `SUMMARIZER_HOST`; without a key only a "
            "loopback address."
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65_535, help="In place of `SUMMARIZER_PORT`.")
    ] = None,
) -> None:
    """Serve the HTTP API and the editors' desk.

    Without a key (`keys create`), the service is open to all programs on this machine and refuses
    addresses that other machines can reach. Polls the feeds of `SUMMARIZER_FEEDS_FILE`.
    """
    from summarizer import settings

    wanted = settings.load()
    host = host or wanted.host
    with _bound(host, port or wanted.port) as listener:
        _serve(host, listener)


def _serve(host: str, listener: socket.socket) -> None:
    """Serve on a bound socket until stopped."""
    import uvicorn

    from api import create_app
    from api.auth import is_loopback
    from summarizer.feeds.poller import load_feeds, polling

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            _announce(app, host, listener.getsockname()[1])
            _notify("READY=1")

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            _notify("STOPPING=1")
            await super().shutdown(sockets)

    with open_app() as app:
        if (secret := app.settings.first_key) is not None:
            app.keys.create_first(secret.get_secret_value())
        if not is_loopback(host) and not app.keys.has_key:
            raise InputError(
                f"{host} can be reached from outside and no key exists. Make one first: "
                "summarizer keys create NAME --scope admin, or set SUMMARIZER_FIRST_KEY"
            )
        file, check = app.settings.feeds_file, app.fetcher.check
        feeds = load_feeds(file, check) if file else ()
        app.build()
        _log_requests()
        # After its shutdown, uvicorn raises the signal again, which by default would end the
        # process before drafts are released and the index is closed.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        if feeds:
            app.queue.add(polling(app.poller, feeds, lambda: app.queue.is_stopping))
        service = create_app(app)
        gc.freeze()  # what is loaded now stays: to walk it, at any request, took 180 ms
        with suppress(KeyboardInterrupt):
            config = uvicorn.Config(
                service,
                log_level="warning",
                timeout_keep_alive=IDLE_SECONDS,
                timeout_graceful_shutdown=STOP_SECONDS,
                forwarded_allow_ips=app.settings.trusted_proxies,
            )
            Server(config).run(sockets=[listener])


def _bound(host: str, port: int) -> socket.socket:
    """A socket on this address, before anything slow is done; nobody is answered yet.

    Raises:
        InputError: the port is in use or not allowed, or the address is not of this machine.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            advice = "another program uses the port. End it, or name another one with --port."
        elif error.errno == errno.EACCES:
            advice = "this user may not use the port. Name one above 1023 with --port."
        else:
            advice = f"this machine has no such address ({error.strerror}). See --host."
        raise InputError(f"Nothing can be served at {host}, port {port}: {advice}") from error
    return listener


def _announce(app: App, host: str, port: int) -> None:
    """Print where the desk and the API are, once the server listens."""
    if host in ("0.0.0.0", "::"):  # every address of this machine, itself none to open
        host = "127.0.0.1" if host == "0.0.0.0" else "::1"
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    whom = "every program on this machine, without a key"
    if not app.keys.is_open:
        whom = "whoever has a key (summarizer keys create NAME --scope review)"
    address += app.settings.root_path
    tell(f"The editors' desk: {address}/  The HTTP API: {address}/v1")
    tell(f"Open to {whom}. End it with Ctrl-C.")
    if app.settings.autodrafting == "on":
        tell("Drafts by itself what the rules ask for.")


def _notify(state: str) -> None:
    """Tell systemd, if it waits for that (sd_notify)."""
    if not (name := os.environ.get("NOTIFY_SOCKET")):
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to, suppress(OSError):
        to.connect("\0" + name[1:] if name.startswith("@") else name)
        to.send(state.encode())


def _log_requests() -> None:
    """Log one JSON line per request to standard error."""
    log = logging.getLogger("summarizer.http")
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
