"""Endpoints of incidents: list, page, noise, items, and merging, splitting and moving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, cast

from fastapi import APIRouter, Query, Request, Response

from api import etags
from api.answers import MOMENT, keep
from api.auth import Admin, Drafting, Reader, Reviewer
from api.bodies import GuardedRoute
from api.dependencies import ANY_ITEMS, Body, Service, outcomes
from api.pagination import Cursor, Limit, Time, cut, link_next
from api.problems import answers
from api.schemas.deletions import DeletionView
from api.schemas.incidents import IncidentList, IncidentSummary, Ingested, NoiseCourse
from api.schemas.members import Members, MemberView, MoveRequest, SimilarList, SimilarView
from api.schemas.reviews import LARGEST_REVISION, IncidentView, MergeRequest, SplitRequest
from summarizer import __version__
from summarizer.domain import limits
from summarizer.domain.assignments import Member
from summarizer.domain.incidents import State
from summarizer.domain.items import ItemKey
from summarizer.domain.reviews import ReviewState
from summarizer.domain.standings import Group
from summarizer.feeds.collect import wanted_page
from summarizer.incidents.listing import Filters, Sort
from summarizer.incidents.similar import COMPARED
from summarizer.rendering import render_html, render_json, render_markdown
from summarizer.rendering.schema import Document
from summarizer.storage.standings import micros

MEDIA = {"json": "application/json", "markdown": "text/markdown", "html": "text/html"}

Page = Literal["json", "markdown", "html"]

router = APIRouter(prefix="/v1", tags=["incidents"], route_class=GuardedRoute)


@router.get(
    "/incidents",
    summary="List incidents, newest first or loudest first",
    response_model=IncidentList,
    responses=etags.NOT_MODIFIED,
)
def list_incidents(
    request: Request,
    service: Service,
    actor: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
    as_of: Time | None = None,
    q: Annotated[
        str, Query(max_length=200, description="Words that its items contain, or its id.")
    ] = "",
    state: State | None = None,
    min_noise: Annotated[int, Query(ge=0, le=100)] = 0,
    max_noise: Annotated[int, Query(ge=0, le=100)] = 100,
    platform: Annotated[str | None, Query(max_length=100)] = None,
    since: Annotated[Time | None, Query(description="Has an item published since then.")] = None,
    until: Annotated[Time | None, Query(description="Has an item published before then.")] = None,
    review: ReviewState | None = None,
    attention: Annotated[
        bool, Query(description="Only incidents whose newest draft needs attention.")
    ] = False,
    group: Annotated[
        Group | None, Query(description="Where it stands in an editor's day, as on the desk.")
    ] = None,
    sort: Sort = "recent",
) -> Response:
    """`recent` sorts by newest item. Noise and state are those at `as_of`, by default now, which
    may be 5 seconds ago.

    All pages are cut from one snapshot, that of the first page. `next` therefore lists each
    incident once, even if items arrive meanwhile.
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
        group=group,
    )

    def build() -> Response:
        found = service.incidents.page(
            filters, sort, limit=limit, cursor=cursor, as_of=as_of, held=actor.edits
        )
        answer = IncidentList(
            incidents=[IncidentSummary.of(listed) for listed in found.incidents],
            total=found.total,
            next=found.next,
        )
        # A cursor contains the time of the request, so only its presence counts.
        etag = etags.tag(answer.model_dump_json(exclude={"next"}), str(found.next is None))
        headers = etags.headers(etag)
        response = Response(answer.model_dump_json(), media_type=MEDIA["json"], headers=headers)
        link_next(request, response, found.next)
        return response

    changes, until = service.store.standings.changes, service.clock.now() + MOMENT
    return keep(request, build, changes, changes(), until)


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
    """JSON, Markdown or HTML, by `format`, else by the `Accept` header.

    `ETag` and `If-None-Match` work per format. The tag changes with each event of the incident and
    with its noise, and once a day.
    """
    form = format or _accepted(request.headers.get("accept", ""))
    version = service.pages.version(incident_id, as_of, revision)
    told = version.told if version else ()
    etag = etags.tag(MEDIA[form], __version__, request.app.state.edition, *told)
    if version is not None and etags.unchanged(request, etag):
        return etags.nothing_new(etag)

    def build() -> Response:
        page = service.pages.of(incident_id, as_of, revision, held=actor.edits)
        specs = service.pipeline.specs
        if form == "html":
            body = render_html(page, specs, service.pages.picture(page))
        else:
            body = {"json": render_json, "markdown": render_markdown}[form](page, specs)
        return Response(body, media_type=MEDIA[form], headers=etags.headers(etag))

    if version is None or as_of is not None:  # there is perhaps no page, or it tells this time
        return build()

    def mark() -> object:
        return service.store.standings.mark_of(incident_id)

    return keep(request, build, mark, version.marked, version.until)


@router.delete(
    "/incidents/{incident_id}",
    summary="Delete an incident for good",
    responses=answers(404, 410),
)
def delete_incident(
    service: Service,
    actor: Admin,
    incident_id: str,
    why: Annotated[
        str,
        Query(
            min_length=1, max_length=limits.REASON, description="The reason, kept in the history."
        ),
    ],
    dry_run: Annotated[bool, Query(description="Only say what would go.")] = False,
) -> DeletionView:
    """It goes with its items, drafts and forecasts, and with the incidents that were merged into
    it. Its id, which is given to no other incident, answers 410 from then on.
    """
    plan = service.deletion.of_incident(incident_id)
    if dry_run:
        return DeletionView.planned(plan)
    return DeletionView.of(service.deletion.delete(plan, actor.name, why))


@router.get(
    "/incidents/{incident_id}/noise",
    summary="Noise and state of an incident over time",
    responses=answers(404, 422),
)
def show_noise(
    service: Service,
    actor: Reader,
    incident_id: str,
    since: Annotated[Time | None, Query(description="Default: time of the first item.")] = None,
    until: Annotated[Time | None, Query(description="Default: now.")] = None,
    step: Annotated[
        int | None, Query(ge=1, description="Seconds between points; default: by the period.")
    ] = None,
) -> NoiseCourse:
    """Computed from the items, as with `as_of` for each point; at most 2,000 points."""
    found = service.pages.course(incident_id, until, since, step)
    return NoiseCourse.model_validate(found.model_dump())


@router.post(
    "/incidents/{incident_id}/items",
    summary="Add source items to an incident",
    responses=answers(404, 502),
    openapi_extra=ANY_ITEMS,
)
def add_items_to_incident(
    service: Service, actor: Drafting, incident_id: str, body: Body
) -> Ingested:
    """The body is that of `POST /v1/items`. An item that is already stored is moved here; out of
    an incident on hold only by a key with the scope `review`.

    A single item with a `url` and neither `text` nor `title` is fetched as a web page; its other
    fields (`outlet`, `author`, `published_at` …) override the page's metadata.
    """
    found = service.store.incident(incident_id)  # 404 before anything is fetched
    url = None
    if wanted := wanted_page(body):
        url = wanted["url"]
        ingested = service.pipeline.ingest_rows([service.importer.article(url, wanted)])
    else:
        ingested = outcomes(service, body)
    taken = service.curation.add_items(found.id, ingested, actor.name, url, held=actor.edits)
    service.settling.soon()
    return Ingested.of(taken, service.settings.root_path)


@router.post("/incidents/{incident_id}/merge", summary="Merge an incident", responses=answers(404))
def merge_incident(
    service: Service, actor: Reviewer, incident_id: str, asked: MergeRequest
) -> IncidentView:
    """Moves everything `into` another incident, to which this id then redirects."""
    return IncidentView.of(service.curation.merge(incident_id, asked.into, actor.name))


@router.delete(
    "/incidents/{incident_id}/merge",
    summary="Undo the merge of an incident",
    responses=answers(404),
)
def undo_merge(service: Service, actor: Reviewer, incident_id: str) -> IncidentView:
    """The id stands for its own incident again, with its former items and drafts. Items that were
    moved elsewhere since stay there; 409 where nothing would be left on one side."""
    return IncidentView.of(service.curation.undo_merge(incident_id, actor.name))


@router.get(
    "/incidents/{incident_id}/similar",
    summary="List incidents that look like the same story",
    responses=answers(404, 422, 503),
)
def list_similar(
    service: Service,
    actor: Reader,
    incident_id: str,
    items: Annotated[
        list[str] | None,
        Query(max_length=COMPARED, description="Compare only these items, by their keys."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 6,
) -> SimilarList:
    """Best first, by the comparison that put the items into incidents. Of a large incident its
    oldest and newest items are compared. What an editor ruled apart is left out."""
    keys = [ItemKey(key) for key in items or ()]
    found = service.similar.of(incident_id, keys, limit, held=actor.edits)
    return SimilarList(
        incident=service.store.resolved(incident_id), similar=list(map(SimilarView.of, found))
    )


@router.post(
    "/incidents/{incident_id}/split",
    summary="Split an incident",
    status_code=201,
    responses=answers(404),
)
def split_incident(
    service: Service, actor: Reviewer, response: Response, incident_id: str, asked: SplitRequest
) -> IncidentView:
    """Moves some of its `items`, but not all, to a new incident and returns that."""
    keys = [ItemKey(key) for key in asked.items]
    made = IncidentView.of(service.curation.split(incident_id, keys, actor.name))
    response.headers["Location"] = f"/v1/incidents/{made.id}"
    return made


@router.get(
    "/incidents/{incident_id}/items",
    summary="List the items of an incident, with the reason for each",
    responses=answers(404),
)
def list_incident_items(
    request: Request,
    response: Response,
    service: Service,
    actor: Reader,
    incident_id: str,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Members:
    """Oldest first; scores, nearest item and features are those of the assignment."""
    incident = service.store.incident(incident_id).id
    found = service.curation.members(incident, held=actor.edits)
    shown, following = cut(found, _place, ("items", incident), limit, cursor)
    link_next(request, response, following)
    items = [MemberView.of(member) for member in shown]
    return Members(incident=incident, items=items, next=following)


def _place(member: Member) -> tuple[int, ...]:
    """Sort key of a member within its incident: time in µs, then number of the key."""
    return micros(member.item.seen_at), int(member.item.key.removeprefix("a"))


@router.post(
    "/incidents/{incident_id}/move", summary="Move items of an incident", responses=answers(404)
)
def move_items(
    service: Service, actor: Reviewer, incident_id: str, asked: MoveRequest
) -> IncidentView:
    """Moves some of its `items`, but not all, `into` another incident and returns that."""
    keys = [ItemKey(key) for key in asked.items]
    return IncidentView.of(service.curation.move(incident_id, keys, asked.into, actor.name))


@router.post(
    "/incidents/{incident_id}/also-shown",
    summary="Show items in another incident as well",
    responses=answers(404),
)
def also_show_items(
    service: Service, actor: Reviewer, incident_id: str, asked: MoveRequest
) -> IncidentView:
    """Shows some of its `items` in the incident `into` as well, and returns that: they count there
    for drafts, sources and noise, and stay at home where they are. What is there already stays.
    """
    keys = [ItemKey(key) for key in asked.items]
    shown = service.curation.also_show(incident_id, keys, asked.into, actor.name)
    return IncidentView.of(shown)


@router.delete(
    "/incidents/{incident_id}/also-shown",
    summary="No longer show items of other incidents",
    responses=answers(404),
)
def show_items_no_longer(
    service: Service,
    actor: Reviewer,
    incident_id: str,
    items: Annotated[list[str], Query(min_length=1, max_length=1_000, description="Their keys.")],
) -> IncidentView:
    """Takes `items` that are at home in others out of the incident, and returns it. What it does
    not show is passed over; 422 for items that are at home here.
    """
    keys = [ItemKey(key) for key in items]
    return IncidentView.of(service.curation.show_no_longer(incident_id, keys, actor.name))


def _accepted(accept: str) -> Page:
    """The preferred format of an ``Accept`` header, the first of several; JSON by default."""
    accepted: list[tuple[float, Page]] = []
    for part in accept.split(","):
        wanted, *parameters = (word.strip().lower() for word in part.split(";"))
        for form, media in MEDIA.items():
            if wanted == media or wanted == f"{media.partition('/')[0]}/*":
                accepted.append((_quality(parameters), cast(Page, form)))
    best = max(accepted, key=lambda one: one[0], default=(0.0, None))
    return best[1] if best[1] and best[0] > 0 else "json"


def _quality(parameters: Sequence[str]) -> float:
    """Quality value of a media type, 1 by default; 0 if malformed."""
    value = next((one[2:] for one in parameters if one.startswith("q=")), "1")
    try:
        return float(value)
    except ValueError:
        return 0.0
