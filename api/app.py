"""The application: routers under ``/v1`` over one service.

Endpoints that only read are plain ``def``, run by the server's thread pool; no request waits for
a model.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from api import desk, problems
from api.routes import (
    drafts,
    health,
    incidents,
    items,
    reviews,
    sections,
    sessions,
    verifying,
)
from summarizer import __version__
from summarizer.bootstrap import Service

ROUTERS = (
    health.router,
    items.router,
    incidents.router,
    sections.router,
    reviews.router,
    drafts.router,
    verifying.router,
    sessions.router,
    desk.router,
)


def create_app(service: Service) -> FastAPI:
    """The application on a service that its caller opens and closes.

    When it starts, drafts that an earlier process left are taken up.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await run_in_threadpool(service.jobs.resume)
        yield

    app = FastAPI(
        title="Incident Summarizer",
        version=__version__,
        description="Draft incidents in which every sentence stands beside its evidence.",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.service = service
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router, responses=problems.answers(401, 403, 422))
    return app
