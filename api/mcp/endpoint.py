"""The MCP server as an endpoint of the HTTP service, behind its keys.

Each request is complete in itself: there are no sessions, so that several processes may serve it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from mcp.server.transport_security import TransportSecuritySettings
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api import auth
from api.mcp.server import create_server
from summarizer.app import App
from summarizer.domain import api_keys

PATH = "/mcp"


class _Admitted:
    """Lets requests with a key of the scope ``read`` through, within its rate limit."""

    path = PATH

    def __init__(self, app: ASGIApp, service: App) -> None:
        self._app = app
        self._service = service
        self._admit = auth.needs(api_keys.Scope.READ)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; the actor stands in its state."""
        scope["route"] = self  # for the log and the metrics
        await self._admit(Request(scope, receive), self._service)
        await self._app(scope, receive, send)


@asynccontextmanager
async def serving(app: FastAPI, service: App) -> AsyncIterator[None]:
    """Serve MCP at ``PATH`` of an application until the block ends."""
    server = create_server(service)
    # Foreign hosts and origins are refused with the key, as for every endpoint.
    server.streamable_http_app(
        stateless_http=True,
        json_response=True,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    manager = server.session_manager
    app.router.routes.append(Route(PATH, endpoint=_Admitted(manager.asgi_app, service)))
    async with manager.run():
        yield
