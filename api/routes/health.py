"""Endpoints of health, readiness and metrics."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response

from api.auth import Reader
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.problems import answers
from api.schemas.incidents import Health, Public
from summarizer import __version__
from summarizer.errors import IndexUnreachableError, StorageError
from summarizer.factories import model_answers

router = APIRouter(tags=["service"], route_class=GuardedRoute)


class Readiness(Public):
    """Readiness of the service and of its parts."""

    status: Literal["ready", "not ready"]
    database: Literal["ok", "failed"]
    index: Literal["ok", "unreachable", "failed"]
    model: Literal["reachable", "unreachable", "none"]


@router.get("/healthz", summary="Liveness")
async def show_health() -> Health:
    """200 as long as the process runs."""
    return Health(version=__version__)


@router.get("/readyz", summary="Readiness", responses=answers(503))
def show_readiness(service: Service, response: Response) -> Readiness:
    """503 while the database or the index fails. A model or Chroma server that cannot be reached is
    only reported: items are taken and pages shown without them. No request is sent to the model."""
    database, index = "ok", "ok"
    try:
        service.store.history.after(0, 1)
    except StorageError:
        database = "failed"
    try:
        service.pipeline.probe()
    except IndexUnreachableError:
        index = "unreachable"
    except StorageError:
        index = "failed"
    works = database == "ok" and index != "failed"
    if not works:
        response.status_code = 503
    return Readiness.model_validate(
        {
            "status": "ready" if works else "not ready",
            "database": database,
            "index": index,
            "model": model_answers(service.settings),
        }
    )


@router.get("/metrics", summary="Prometheus metrics", response_class=Response)
def show_metrics(request: Request, actor: Reader) -> Response:
    """Requests, drafts, verdicts and tokens in the Prometheus text format."""
    text = request.app.state.metrics.text()
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
