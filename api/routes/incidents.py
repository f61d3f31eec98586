"""Incidents: the list, one page in any format, and what an editor does to a cluster by hand."""

from __future__ import annotations

import datetime as dt
import io
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Query, Request, Response

from api.models import IncidentList, IncidentSummary, Ingested
from api.models_reviews import LARGEST_REVISION, IncidentView, MergeRequest, SplitRequest
from api.problems import answers
from api.security import Drafting, Reader, Reviewer
from api.serving import ANY_ITEMS, Body, Service
from summarizer.domain import ItemKey, State
from summarizer.rendering import render_html, render_json, render_markdown

MEDIA = {"json": "application/json", "markdown": "text/markdown", "html": "text/html"}

Page = Literal["json", "markdown", "html"]

MOST = 500
"""Incidents that a filtered list looks at, the newest."""

router = APIRouter(prefix="/v1", tags=["incidents"])


@router.get("/incidents", summary="List incidents, newest first or loudest first")
def list_incidents(
    service: Service,
    actor: Reader,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    as_of: dt.datetime | None = None,
    state: State | None = None,
    min_noise: Annotated[int, Query(ge=0, le=100)] = 0,
    platform: Annotated[str | None, Query(max_length=100)] = None,
    sort: Literal["recent", "noise"] = "recent",
) -> IncidentList:
    """Noise and state are those of `as_of`; now when it is left out.

    Filters and `sort=noise` look at the 500 newest incidents.
    """
    looked = limit if not (state or min_noise or platform) and sort == "recent" else MOST
    found = [
        summary
        for summary in service.pipeline.incidents(looked, _aware(as_of))
        if summary.noise.score >= min_noise
        and state in (None, summary.noise.state)
        and (platform is None or platform in summary.platforms)
    ]
    if sort == "noise":
        found.sort(key=lambda summary: -summary.noise.score)
    return IncidentList(incidents=[IncidentSummary.of(summary) for summary in found[:limit]])


@router.get(
    "/incidents/{incident_id}",
    summary="One incident with its newest draft",
    response_class=Response,
    responses={200: {"content": {media: {} for media in MEDIA.values()}}, **answers(404)},
)
def show_incident(
    request: Request,
    service: Service,
    actor: Reader,
    incident_id: str,
    revision: Annotated[int | None, Query(ge=1, le=LARGEST_REVISION)] = None,
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


@router.post(
    "/incidents/{incident_id}/items",
    summary="Add source items to an incident",
    responses=answers(404),
    openapi_extra=ANY_ITEMS,
)
def add_items(service: Service, actor: Drafting, incident_id: str, body: Body) -> Ingested:
    """The body is that of `POST /v1/items`. An item that is stored already is moved here."""
    return Ingested.of(service.desk.add_items(incident_id, io.BytesIO(body), actor.name))


@router.post("/incidents/{incident_id}/merge", summary="Merge an incident", responses=answers(404))
def merge(service: Service, actor: Reviewer, incident_id: str, asked: MergeRequest) -> IncidentView:
    """Everything moves `into` the other one, to which this id then redirects."""
    return IncidentView.of(service.desk.merge(incident_id, asked.into, actor.name))


@router.post(
    "/incidents/{incident_id}/split",
    summary="Split an incident",
    status_code=201,
    responses=answers(404),
)
def split(service: Service, actor: Reviewer, incident_id: str, asked: SplitRequest) -> IncidentView:
    """Some of its `items`, but not all, become a new incident, which is answered."""
    keys = [ItemKey(key) for key in asked.items]
    return IncidentView.of(service.desk.split(incident_id, keys, actor.name))


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
