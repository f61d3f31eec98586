"""Command that serves the Model Context Protocol to an assistant on this machine."""

from __future__ import annotations

import typer

from summarizer.app import open_app
from summarizer.errors import SettingsError


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("mcp")(mcp)


def mcp() -> None:
    """Serve the Model Context Protocol over standard input and output, for an assistant here.

    The assistant starts this command itself, by its configuration. It may search incidents, read
    pages with their passages, verify claims, read the log, and request drafts. It works beside
    `serve` on the same data; searches are then by words, unless the index is on a Chroma server.
    Over HTTP, `serve` answers at `/mcp` when `SUMMARIZER_MCP=on`. Both need the extra `mcp`.
    """
    try:
        from api.mcp.server import create_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise SettingsError(ADVICE) from error
    with open_app(owns_index=False) as app:
        create_server(app, by_meaning=app.settings.chroma_url is not None).run("stdio")


ADVICE = "MCP needs its SDK: pip install 'incident-summarizer[mcp]'."
