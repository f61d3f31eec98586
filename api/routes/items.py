"""Endpoint for adding source items."""

from __future__ import annotations

from fastapi import APIRouter

from api.auth import Drafting
from api.bodies import GuardedRoute
from api.dependencies import ANY_ITEMS, Body, Service, outcomes
from api.schemas.incidents import Ingested
from summarizer.ingestion.ingest import report

router = APIRouter(prefix="/v1", tags=["items"], route_class=GuardedRoute)


@router.post("/items", summary="Add source items", openapi_extra=ANY_ITEMS)
def add_items(service: Service, actor: Drafting, body: Body) -> Ingested:
    """The body is JSON, JSON Lines, RSS or Atom, as for `summarizer ingest`.

    Returns 200 even if rows were rejected: each is listed with its reason, the others are stored.
    """
    found = report(outcomes(service, body))
    service.pipeline.settle()
    return Ingested.of(found)
