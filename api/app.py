"""FastAPI application: routers, middleware and lifespan of one service.

Endpoints that only read are plain ``def`` and run in the server's thread pool; no request waits
for a model.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.middleware.gzip import GZipMiddleware

from api import desk, openapi, problems
from api.answers import LEAST_COMPRESSED, Answers
from api.metrics import Metrics
from api.middleware import Hardening, HeadAsGet
from api.rate_limit import RateLimit
from api.routes import (
    drafts,
    entries,
    feeds,
    fetches,
    forecasts,
    health,
    holds,
    incidents,
    items,
    presence,
    reports,
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
    incidents.router,
    *desk.routers,
    health.router,
    items.router,
    fetches.router,
    search.router,
    sections.router,
    reviews.router,
    holds.router,
    presence.router,
    reports.router,
    reports.public,
    entries.router,
    forecasts.router,
    feeds.router,
    drafts.router,
    verify.router,
    sessions.router,
    route_worker.router,
    webhooks.router,
)
"""In the order in which a path is looked for: the most read ones first."""


FAILURES_PER_MINUTE = 60
"""Most invalid keys of one address per minute."""

REPORTS_PER_MINUTE = 3
"""Most reports of readers from one address per minute."""

ALL_REPORTS_PER_MINUTE = 30
"""Most reports of readers from all addresses per minute."""

EVERYWHERE = (400, 401, 403, 408, 413, 415, 422, 429, 500, 503)
"""Statuses of problems that any endpoint may return."""


def create_app(service: App) -> FastAPI:
    """Create the application on a service; the caller opens and closes the service.

    On start-up, it resumes drafts of an earlier process, and takes part in the delivery of webhooks
    and, with the setting ``autodrafting``, in planning.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service.delivery.keep_looking()
        if service.settings.autodrafting == "on":
            service.worker.keep_planning(service.queue)
        await run_in_threadpool(service.jobs.resume)
        await run_in_threadpool(service.settling.begin)
        async with _mcp(app, service):
            yield

    app = FastAPI(
        title="Incident Summarizer",
        version=__version__,
        description="Draft incidents in which every sentence stands beside its evidence.",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
        lifespan=lifespan,
        generate_unique_id_function=openapi.operation_id,
    )
    _ = service.jobs  # its tasks are known before anything starts the queue
    app.state.service = service
    app.state.edition = edition()
    app.state.answers = Answers()
    app.state.metrics = Metrics(
        service.store, service.survey, service.clock, service.index_identity
    )
    app.state.rate_limit = RateLimit(service.settings.requests_per_minute)
    app.state.failures = RateLimit(FAILURES_PER_MINUTE)
    app.state.reports = RateLimit(REPORTS_PER_MINUTE)
    app.state.all_reports = RateLimit(ALL_REPORTS_PER_MINUTE)
    app.add_middleware(GZipMiddleware, minimum_size=LEAST_COMPRESSED)
    app.add_middleware(HeadAsGet)
    root, observe = service.settings.root_path, app.state.metrics.observe
    app.add_middleware(Hardening, observe=observe, root=root)  # added last: outermost
    problems.install(app, desk.refused)
    for router in ROUTERS:
        app.include_router(router, responses=problems.answers(*EVERYWHERE))
    openapi.document(app, ROUTERS, root)
    return app


def _mcp(app: FastAPI, service: App) -> AbstractAsyncContextManager[None]:
    """MCP beside the API, if it is switched on; it takes two seconds to load."""
    if service.settings.mcp == "off":
        return nullcontext()
    from api.mcp.endpoint import serving

    return serving(app, service)
