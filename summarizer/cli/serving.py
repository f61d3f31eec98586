"""The HTTP service, on this machine."""

from __future__ import annotations

import ipaddress
from typing import Annotated

import typer

from summarizer import bootstrap, settings
from summarizer.cli.terminal import tell
from summarizer.errors import InputError

STOP_SECONDS = 5
"""How long a stop waits for requests; who watches a draft would hold it for ever."""


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str, typer.Option(help="A loopback address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535)] = 8000,
) -> None:
    """Serve items, incidents and verification over HTTP, to this machine only.

    The service has no keys yet, so it refuses every address that others could reach.
    """
    if not _is_loopback(host):
        raise InputError(
            f"{host} can be reached from outside and the service has no keys: use 127.0.0.1."
        )
    import uvicorn

    from api import create_app

    with bootstrap.service(settings.load()) as service:
        service.pipeline.settle()
        tell(f"Open to every program on this machine, without a key: http://{host}:{port}/v1")
        uvicorn.run(
            create_app(service),
            host=host,
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=STOP_SECONDS,
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
