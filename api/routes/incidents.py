"""Incidents: the list, one page in any format, and what an editor does to a cluster by hand."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Query, Request, Response

from api import etags
from api.auth import Drafting, Reader, Reviewer
from api.dependencies import ANY_ITEMS, Body, Service
from api.pagination import Cursor, Limit, Time, cut, link_next
from api.problems import answers
from api.schemas.incidents import IncidentList, IncidentSummary, Ingested, NoiseCourse
from api.schemas.members import Members, MemberView, MoveRequest
from api.schemas.reviews import LARGEST_REVISION, IncidentView, MergeRequest, SplitRequest
from summarizer import __version__
from summarizer.domain import page as domain_page
from summarizer.domain.assignments import Member
from summarizer.domain.incidents import State
from summarizer.domain.items import ItemKey
from summarizer.domain.reviews import ReviewState
from summarizer.domain.sections import SectionSpec
from summarizer.feeds.collect import wanted_page
from summarizer.incidents.listing import EPOCH, Filters, Sort
from summarizer.rendering import render_html, render_json, render_markdown
from summarizer.rendering.schema import Document

MEDIA = {"json": "application/json", "markdown": "text/markdown", "html": "text/html"}

Page = Literal["json", "markdown", "html"]

router = APIRouter(prefix="/v1", tags=["incidents"])


@router.get(
    "/incidents",
    summary="List incidents, newest first or loudest first",
    response_model=IncidentList,
    responses=etags.NOT_MODIFIED,
)
def list_incidents(
    request: Request,
    response: Response,
    service: Service,
    actor: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
    as_of: Time | None = None,
    q: Annotated[
        str, Query(max_length=200, description="Words that all stand in its items, or its id.")
    ] = "",
    state: State | None = None,
    min_noise: Annotated[int, Query(ge=0, le=100)] = 0,
    max_noise: Annotated[int, Query(ge=0, le=100)] = 100,
    platform: Annotated[str | None, Query(max_length=100)] = None,
    since: Annotated[Time | None, Query(description="An item became public then or later.")] = None,
    until: Annotated[Time | None, Query(description="And before that.")] = None,
    review: ReviewState | None = None,
    attention: Annotated[
        bool, Query(description="Only those whose newest draft should be looked at first.")
    ] = False,
    sort: Sort = "recent",
) -> IncidentList | Response:
    """`recent`: by their newest item. Noise and state are those of `as_of`; now when left out.

    All pages are cut from one snapshot: the time and the items of the first. So reading on with
    `next` shows each incident once, whatever comes in meanwhile.
    """
    filters = Filters(
        q=q,
        state=state,
        min_noise=min_noise,
        max_noise=max_noise,
        platform=platform or "",
        since=since,
        until=until,
        review=review,
        attention=attention,
    )
    found = service.incidents.page(filters, sort, limit=limit, cursor=cursor, as_of=as_of)
    link_next(request, response, found.next)
    answer = IncidentList(
        incidents=[IncidentSummary.of(listed) for listed in found.incidents],
        total=found.total,
        next=found.next,
    )
    # A cursor holds the moment of asking: one that the client has is as good as a new one.
    etag = etags.tag(answer.model_dump_json(exclude={"next"}), str(found.next is None))
    if etags.unchanged(request, etag):
        return etags.nothing_new(etag)
    response.headers.update(etags.headers(etag))
    return answer


@router.get(
    "/incidents/{incident_id}",
    summary="One incident with its newest draft",
    response_class=Response,
    responses={200: {"model": Document, "content": {media: {} for media in MEDIA.values()}}}
    | etags.NOT_MODIFIED
    | answers(404),
)
def show_incident(
    request: Request,
    service: Service,
    actor: Reader,
    incident_id: str,
    revision: Annotated[int | None, Query(ge=1, le=LARGEST_REVISION)] = None,
    as_of: Time | None = None,
    format: Page | None = None,
) -> Response:
    """JSON, Markdown or HTML, by `format` or else by the `Accept` header.

    `ETag` and `If-None-Match` work for each format; noise counts by its score and its day.
    """
    page = service.pages.of(incident_id, as_of, revision)
    form = format or _accepted(request.headers.get("accept", ""))
    specs = service.pipeline.specs
    etag = etags.tag(MEDIA[form], request.app.state.edition, *_told(page, specs))
    if etags.unchanged(request, etag):
        return etags.nothing_new(etag)
    if form == "html":
        body = render_html(page, specs, service.pages.picture(page))
    else:
        body = {"json": render_json, "markdown": render_markdown}[form](page, specs)
    return Response(body, media_type=MEDIA[form], headers=etags.headers(etag))


@router.get(
    "/incidents/{incident_id}/noise",
    summary="Noise and state of an incident over time",
    responses=answers(404, 422),
)
def show_noise(
    service: Service,
    actor: Reader,
    incident_id: str,
    since: Annotated[Time | None, Query(description="The first item when left out.")] = None,
    until: Annotated[Time | None, Query(description="Now when left out.")] = None,
    step: Annotated[
        int | None, Query(ge=1, description="Seconds between points; chosen when left out.")
    ] = None,
) -> NoiseCourse:
    """Computed anew from the items, as `as_of` would for each point; at most 2,000 points."""
    found = service.pages.course(incident_id, until, since, step)
    return NoiseCourse.model_validate(found.model_dump())


def _told(page: domain_page.Page, specs: Sequence[SectionSpec]) -> Iterator[str]:
    """All that any format of a page says: its tag follows from that and from the edition of what
    renders it, so that nothing is rendered only to find out that it is known already."""
    yield __version__
    yield from (spec.model_dump_json() for spec in specs)
    yield _timeless(page).model_dump_json()


def _timeless(page: domain_page.Page) -> domain_page.Page:
    """The page with the day of its noise alone: score, state and date are what it says of it."""
    day = page.noise.as_of.replace(hour=0, minute=0, second=0, microsecond=0)
    never_loud = page.noise.peak_at == page.noise.as_of
    changes = {"as_of": day, "decay": 0.0} | ({"peak_at": day} if never_loud else {})
    noise = page.noise.model_copy(update=changes)
    return page.model_copy(update={"noise": noise})


@router.post(
    "/incidents/{incident_id}/items",
    summary="Add source items to an incident",
    responses=answers(404, 502),
    openapi_extra=ANY_ITEMS,
)
def add_items_to_incident(
    service: Service, actor: Drafting, incident_id: str, body: Body
) -> Ingested:
    """The body is that of `POST /v1/items`. An item that is stored already is moved here.

    One item with a `url` and neither `text` nor `title` is a page to fetch: what else stands in it
    (`outlet`, `author`, `published_at` …) goes before what the page says of itself.
    """
    found = service.store.incident(incident_id)  # before anything is fetched for it
    url, pipeline = None, service.pipeline
    if wanted := wanted_page(body):
        url = wanted["url"]
        ingested = pipeline.ingest_rows([service.importer.article(url, wanted)])
    else:
        ingested = pipeline.ingest(io.BytesIO(body))
    return Ingested.of(service.curation.add_items(found.id, ingested, actor.name, url))


@router.post("/incidents/{incident_id}/merge", summary="Merge an incident", responses=answers(404))
def merge_incident(
    service: Service, actor: Reviewer, incident_id: str, asked: MergeRequest
) -> IncidentView:
    """Everything moves `into` the other one, to which this id then redirects."""
    return IncidentView.of(service.curation.merge(incident_id, asked.into, actor.name))


@router.post(
    "/incidents/{incident_id}/split",
    summary="Split an incident",
    status_code=201,
    responses=answers(404),
)
def split_incident(
    service: Service, actor: Reviewer, incident_id: str, asked: SplitRequest
) -> IncidentView:
    """Some of its `items`, but not all, become a new incident, which is answered."""
    keys = [ItemKey(key) for key in asked.items]
    return IncidentView.of(service.curation.split(incident_id, keys, actor.name))


@router.get(
    "/incidents/{incident_id}/items",
    summary="The items of an incident, with why each is there",
    responses=answers(404),
)
def members(
    request: Request,
    response: Response,
    service: Service,
    actor: Reader,
    incident_id: str,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Members:
    """Oldest first; score, the nearest item and what was compared, as when it was put there."""
    incident = service.store.incident(incident_id).id
    found = service.curation.members(incident)
    shown, following = cut(found, _place, ("items", incident), limit, cursor)
    link_next(request, response, following)
    items = [MemberView.of(member) for member in shown]
    return Members(incident=incident, items=items, next=following)


def _place(member: Member) -> tuple[int, ...]:
    """Where a member stands among those of its incident."""
    since = member.item.seen_at - EPOCH
    return since // dt.timedelta(microseconds=1), int(member.item.key.removeprefix("a"))


@router.post(
    "/incidents/{incident_id}/move", summary="Move items of an incident", responses=answers(404)
)
def move(service: Service, actor: Reviewer, incident_id: str, asked: MoveRequest) -> IncidentView:
    """Some of its `items`, but not all, go `into` another incident, which is answered."""
    keys = [ItemKey(key) for key in asked.items]
    return IncidentView.of(service.curation.move(incident_id, keys, asked.into, actor.name))


def _accepted(accept: str) -> Page:
    """The format that an ``Accept`` header likes best, the first named of several; JSON where it
    names none that we have."""
    liked: list[tuple[float, Page]] = []
    for part in accept.split(","):
        wanted, *parameters = (word.strip().lower() for word in part.split(";"))
        for form, media in MEDIA.items():
            if wanted == media or wanted == f"{media.partition('/')[0]}/*":
                liked.append((_quality(parameters), cast(Page, form)))
    best = max(liked, key=lambda one: one[0], default=(0.0, None))
    return best[1] if best[1] and best[0] > 0 else "json"


def _quality(parameters: Sequence[str]) -> float:
    """The weight of a media type, 1 where none is given; 0 for one that is no number."""
    said = next((one[2:] for one in parameters if one.startswith("q=")), "1")
    try:
        return float(said)
    except ValueError:
        return 0.0
