"""Incidents: the list, and one page in any format."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Query, Request, Response

from api.models import IncidentList, IncidentSummary
from api.security import Reader
from api.serving import Service
from summarizer.rendering import render_html, render_json, render_markdown

MEDIA = {"json": "application/json", "markdown": "text/markdown", "html": "text/html"}

Page = Literal["json", "markdown", "html"]

router = APIRouter(prefix="/v1", tags=["incidents"])


@router.get("/incidents", summary="List incidents, newest first")
def list_incidents(
    service: Service,
    actor: Reader,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    as_of: dt.datetime | None = None,
) -> IncidentList:
    """Noise and state are those of `as_of`; now when it is left out."""
    found = service.pipeline.incidents(limit, _aware(as_of))
    return IncidentList(incidents=[IncidentSummary.of(summary) for summary in found])


@router.get(
    "/incidents/{incident_id}",
    summary="One incident with its newest draft",
    response_class=Response,
    responses={200: {"content": {media: {} for media in MEDIA.values()}}},
)
def show_incident(
    request: Request,
    service: Service,
    actor: Reader,
    incident_id: str,
    revision: Annotated[int | None, Query(ge=1)] = None,
    as_of: dt.datetime | None = None,
    format: Page | None = None,
) -> Response:
    """JSON, Markdown or HTML, by `format` or else by the `Accept` header."""
    page = service.pipeline.page(incident_id, _aware(as_of), revision)
    form = format or _accepted(request.headers.get("accept", ""))
    render = {"json": render_json, "markdown": render_markdown, "html": render_html}[form]
    return Response(
        render(page, service.pipeline.specs),
        media_type=MEDIA[form],
        headers={"Vary": "Accept"},
    )


def _accepted(accept: str) -> Page:
    """The first media type of an Accept header that we have; JSON when it names none."""
    for part in accept.split(","):
        wanted = part.partition(";")[0].strip()
        for form, media in MEDIA.items():
            if wanted == media:
                return cast(Page, form)
    return "json"


def _aware(at: dt.datetime | None) -> dt.datetime | None:
    return at if at is None or at.tzinfo else at.replace(tzinfo=dt.UTC)
