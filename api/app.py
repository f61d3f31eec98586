"""FastAPI application: routers, middleware and lifespan of one service.

Endpoints that only read are plain ``def`` and run in the server's thread pool; no request waits
for a model.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.gzip import GZipMiddleware

from api import desk, problems
from api.dependencies import ITEM_ROW
from api.metrics import Metrics
from api.middleware import Hardening
from api.rate_limit import RateLimit
from api.routes import (
    drafts,
    fetches,
    forecasts,
    health,
    incidents,
    items,
    reviews,
    search,
    sections,
    sessions,
    verify,
    webhooks,
)
from api.routes import (
    worker as route_worker,
)
from summarizer import __version__
from summarizer.app import App
from summarizer.rendering import edition

ROUTERS = (
    health.router,
    items.router,
    fetches.router,
    incidents.router,
    search.router,
    sections.router,
    reviews.router,
    forecasts.router,
    drafts.router,
    verify.router,
    sessions.router,
    route_worker.router,
    webhooks.router,
    *desk.routers,
)


FAILURES_PER_MINUTE = 60
"""Most invalid keys of one address per minute."""

EVERYWHERE = (400, 401, 403, 408, 413, 415, 422, 429, 500, 503)
"""Statuses of problems that any endpoint may return."""


KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key made with `summarizer keys create`. Until the first key is made, the "
    "service is open to requests from its own machine.",
}


def create_app(service: App) -> FastAPI:
    """Create the application on a service; the caller opens and closes the service.

    On start-up, it resumes drafts of an earlier process, starts webhook delivery and, with the
    setting ``autodrafting``, the worker.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(service.jobs.resume)
        service.delivery.start()
        stop = threading.Event()
        worker = threading.Thread(target=service.worker.run, args=(stop,), name="worker")
        if service.settings.autodrafting == "on":
            worker.start()
        async with _mcp(app, service):
            yield
        stop.set()

    app = FastAPI(
        title="Incident Summarizer",
        version=__version__,
        description="Draft incidents in which every sentence stands beside its evidence.",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=lambda route: route.name,  # clients are named by it
    )
    app.state.service = service
    app.state.edition = edition()
    app.state.metrics = Metrics(
        service.store, service.survey, service.clock, service.index_identity
    )
    app.state.rate_limit = RateLimit(service.settings.requests_per_minute)
    app.state.failures = RateLimit(FAILURES_PER_MINUTE)
    app.add_middleware(GZipMiddleware, minimum_size=1_000)
    app.add_middleware(Hardening, observe=app.state.metrics.observe)  # added last: outermost
    problems.install(app, desk.refused)
    for router in ROUTERS:
        app.include_router(router, responses=problems.answers(*EVERYWHERE))
    _document(app)
    return app


def _mcp(app: FastAPI, service: App) -> AbstractAsyncContextManager[None]:
    """MCP beside the API, if it is switched on; it takes two seconds to load."""
    if service.settings.mcp == "off":
        return nullcontext()
    from api.mcp.endpoint import serving

    return serving(app, service)


def _document(app: FastAPI) -> None:
    """Add schemas of item rows and problems, and the security scheme, to the OpenAPI document."""
    made = app.openapi

    def openapi() -> dict[str, Any]:
        found = made()
        found["components"]["schemas"]["ItemRow"] = ITEM_ROW
        found["components"]["schemas"]["Problem"] = problems.Problem.model_json_schema()
        found["components"]["securitySchemes"] = {"key": KEY}
        found["security"] = [{"key": []}, {}]
        return found

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented extension point
