"""The application: routers under ``/v1`` over one service.

Endpoints that only read are plain ``def``, run by the server's thread pool; no request waits for
a model.
"""

from __future__ import annotations

from fastapi import FastAPI

from api import desk, problems
from api.routes import health, incidents, items, reviews, sections, verifying
from summarizer import __version__
from summarizer.bootstrap import Service

ROUTERS = (
    health.router,
    items.router,
    incidents.router,
    sections.router,
    reviews.router,
    verifying.router,
    desk.router,
)


def create_app(service: Service) -> FastAPI:
    """The application on a service that its caller opens and closes."""
    app = FastAPI(
        title="Incident Summarizer",
        version=__version__,
        description="Draft incidents in which every sentence stands beside its evidence.",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
    )
    app.state.service = service
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    return app
