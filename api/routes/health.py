"""Endpoints of health, readiness and metrics."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from api.auth import Reader
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.problems import answers
from api.schemas.incidents import Health, Public
from summarizer import __version__
from summarizer.app import App
from summarizer.errors import IndexUnreachableError, StorageError
from summarizer.factories import model_answers

router = APIRouter(tags=["service"], route_class=GuardedRoute)


class LeftOfStart(Public):
    """Work on what was stored before the service started. No count is above 10,000."""

    items_to_index: int | None = Field(description="Null as long as the index is not open.")
    items_to_group: int = Field(description="Items without an incident.")
    incidents_to_check: int = Field(
        description="Incidents with events that lists and alerts do not show yet."
    )


class Readiness(Public):
    """Readiness of the service and of its parts."""

    status: Literal["ready", "not ready"]
    database: Literal["ok", "failed"]
    index: Literal["ok", "opening", "unreachable", "failed"]
    model: Literal["reachable", "unreachable", "none"]
    left: LeftOfStart | None = Field(
        description="What this start has to do still, before it is ready; null once it is done."
    )


@router.get("/healthz", summary="Liveness")
async def show_health() -> Health:
    """200 as long as the process runs."""
    return Health(version=__version__)


@router.get("/readyz", summary="Readiness", responses=answers(503))
def show_readiness(service: Service, response: Response) -> Readiness:
    """503 while the database or the index fails, and after a start as long as items of before are
    `left` to be indexed and grouped; all requests are answered meanwhile. A model or Chroma server
    that cannot be reached is only reported: items are taken and pages shown without them. No
    request is sent to the model."""
    database, left = "ok", None
    try:
        left = service.settling.left()
    except StorageError:
        database = "failed"
    index = _index(service, opens=left is None)
    works = database == "ok" and index in ("ok", "unreachable")
    works = works and (left is None or index == "unreachable")
    if not works:
        response.status_code = 503
    return Readiness.model_validate(
        {
            "status": "ready" if works else "not ready",
            "database": database,
            "index": index,
            "model": model_answers(service.settings),
            "left": left and left.model_dump(),
        }
    )


def _index(service: App, *, opens: bool) -> str:
    """State of the index; ``opens`` it if nothing did yet."""
    if not opens and service.index_identity() is None and not service.pipeline.waits:
        return "opening"
    try:
        service.pipeline.probe()
    except IndexUnreachableError:
        return "unreachable"
    except StorageError:
        return "failed"
    return "ok"


@router.get("/metrics", summary="Prometheus metrics", response_class=Response)
def show_metrics(request: Request, actor: Reader) -> Response:
    """Requests, drafts, verdicts and tokens in the Prometheus text format."""
    text = request.app.state.metrics.text()
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")
