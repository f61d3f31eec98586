"""Endpoints of the desk pages; they only read, and changes go through ``/v1``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import resources
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.answers import MOMENT, keep
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.desk import actions, draft_view, listing, methodology, sources, words
from api.desk.jinja import HEADERS, Editor, rendered
from api.schemas.reviews import LARGEST_REVISION
from summarizer.app import App
from summarizer.domain.assignments import Member
from summarizer.domain.drafts import Draft
from summarizer.domain.holds import against_approval, lifts
from summarizer.domain.incidents import State
from summarizer.domain.jobs import JobStatus
from summarizer.domain.publication import record_of
from summarizer.domain.reviews import ReviewState
from summarizer.domain.standings import Group
from summarizer.drafting import prompts
from summarizer.errors import NotFoundError
from summarizer.incidents.listing import Filters, Sort
from summarizer.noise import score
from summarizer.rendering import phrases, render_course, render_jsonld

STATIC = resources.files("api.desk").joinpath("static")
KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
COURSE = resources.files("summarizer.rendering").joinpath("templates/course.css")
ASSETS = {
    file.name: file for file in (*STATIC.iterdir(), COURSE) if file.name.rpartition(".")[2] in KINDS
}
"""Files that the desk serves: its own static files and the style sheet of the noise chart."""

FORECASTS = 50
"""Forecasts on one page of due forecasts."""

LOCAL = re.compile(r"/(?![/\\])[!-~]*")
"""An address on this desk: a second slash would name another host."""

router = APIRouter(include_in_schema=False, route_class=GuardedRoute)


def filters(
    q: str = "",
    state: str = "",
    review: str = "",
    platform: str = "",
    attention: str = "",
    group: str = "",
) -> Filters:
    """Filters of a form; an empty or unknown value does not filter."""
    return Filters(
        q=q.strip()[:200],
        state=State(state) if state in set(State) else None,
        review=ReviewState(review) if review in set(ReviewState) else None,
        platform=platform,
        attention=bool(attention),
        group=Group(group) if group in set(Group) else None,
    )


@router.get("/")
def show_list(
    request: Request,
    service: Service,
    editor: Editor,
    wanted: Annotated[Filters, Depends(filters)],
    sort: str = "noise",
    cursor: str | None = None,
) -> Response:
    """The groups of the day; with a search, a filter or a group, one page of what matches."""
    order: Sort = "recent" if sort == "recent" else "noise"
    until = service.clock.now() + MOMENT

    def build() -> Response:
        if wanted == Filters() and not cursor and "sort" not in request.query_params:
            groups = listing.day(service, editor)
            return rendered(
                "list.html.j2",
                service,
                editor,
                here="list",
                groups=groups,
                now=service.clock.now(),
                filters=wanted,
                sort=order,
                platforms=service.incidents.platforms(),
            )
        found = listing.rows(service, editor, wanted, order, cursor)
        more = request.url.include_query_params(cursor=found.next).query if found.next else None
        return rendered(
            "list.html.j2",
            service,
            editor,
            here="list",
            groups=None,
            now=service.clock.now(),
            rows=found.rows,
            total=found.total,
            more=more,
            first=request.url.remove_query_params("cursor").query if cursor else None,
            filters=wanted,
            sort=order,
            platforms=service.incidents.platforms(),
        )

    def mark() -> tuple[int, int]:
        return service.store.standings.changes(), service.store.history.looks(editor.name)

    return keep(request, build, mark, mark(), until)


@router.get("/incidents/{incident_id}")
def show_incident(
    request: Request,
    service: Service,
    editor: Editor,
    incident_id: str,
    revision: Annotated[int | None, Query(ge=1, le=LARGEST_REVISION)] = None,
) -> Response:
    """One incident with its draft beside its evidence; records the editor's look."""
    if editor.edits:  # first, so that the mark below knows of it
        service.store.presence.note(incident_id, editor.name, service.clock.now())

    def mark() -> object:
        marked = service.store.standings.mark_of(incident_id)
        if marked is None:
            return None
        under_way = service.store.jobs.under_way(marked.incident_id)
        return marked, under_way, _present(service, editor, marked.incident_id)

    now = service.clock.now()
    marked, version = mark(), service.pages.version(incident_id, None, revision)
    if version is None or marked is None:
        return _incident(service, editor, incident_id, revision)
    ends = [hold.until for hold in service.holds.of(incident_id) if hold.until is not None]
    ends += [one.until for one in service.reviews.requests(incident_id).values() if one.until > now]
    return keep(
        request,
        lambda: _incident(service, editor, incident_id, revision),
        mark,
        marked,
        min([version.until, *ends]),
    )


def _present(service: App, editor: Editor, incident_id: str) -> tuple[str, ...]:
    """Who has an incident open, as editors see it."""
    if not editor.edits:
        return ()
    return service.store.presence.of(incident_id, service.clock.now())


def _incident(service: Service, editor: Editor, incident_id: str, revision: int | None) -> Response:
    incident = service.store.incident(incident_id)
    items = service.store.items(incident.item_keys)
    members = service.curation.members(incident.id, held=editor.edits)
    newest = service.store.newest_draft(incident.id)
    page = service.pages.of(incident.id, None, revision, held=editor.edits) if newest else None
    calls = service.reviews.attention(page.draft, page.findings) if page else ()
    names = {str(item.key): item.source_name for item in items}
    attention = [words.named(reason, names) for reason in calls]
    entries = service.reviews.history(incident.id)
    drafting = service.store.jobs.with_status(JobStatus.QUEUED, JobStatus.RUNNING)
    if entries:
        service.store.history.mark_seen(editor.name, incident.id, entries[-1].number)
    read_unchecked = service.pipeline.verifier.policy.read_unchecked
    holds = service.holds.of(incident.id)
    sheet = page and draft_view.sheet(
        page,
        service.pipeline.specs,
        service.reviews.obstacles(page.draft, [c.id for s in page.draft.sections for c in s.shown]),
        attention,
        must_read=read_unchecked,
        held=against_approval(holds, senior=editor.is_senior),
        changed=service.corrections.since_approval(page.draft),
    )
    by = editor.name, service.settings.site_name, service.clock.now()
    return rendered(
        "incident.html.j2",
        service,
        editor,
        here="incident",
        incident=incident,
        items=items,
        members=members,
        texts=() if newest else _texts(service, members, None),
        sheet=sheet,
        specs=service.pipeline.specs,
        charges=actions.charges(page, sheet.parts, *by) if page and sheet else (),
        now=service.clock.now(),
        deadlines=actions.deadlines(service.clock.now()),
        figure=render_course(service.pages.picture(page), phrases.NEWSROOM_BANDS) if page else "",
        newest=newest.revision if newest else 0,
        forecasts=service.forecasts.page(incident_id=incident.id).forecasts,
        running=next((job for job in drafting if job.incident_id == incident.id), None),
        merges=service.curation.merged_into(incident.id),
        others=[n for n in _present(service, editor, incident.id) if n != editor.name],
        holds=holds,
        reports=service.reports.of(incident.id) if editor.edits else (),
        can_lift={hold.kind for hold in holds if lifts(hold.kind, senior=editor.is_senior)},
        failed=draft_view.failed_last(entries),
        public=record_of(e for e in entries if e.incident_id == incident.id).approval,
    )


@router.get("/incidents/{incident_id}/sources")
def show_sources(service: Service, editor: Editor, incident_id: str) -> Response:
    """Full texts of an incident's items, with what the newest draft takes from them."""
    incident = service.store.incident(incident_id)
    members = service.curation.members(incident.id, held=editor.edits)
    newest = service.store.newest_draft(incident.id)
    return rendered(
        "sources.html.j2",
        service,
        editor,
        here="incident",
        incident=incident,
        title=service.incidents.titles({incident.id})[incident.id],
        texts=_texts(service, members, newest),
        newest=newest.revision if newest else 0,
    )


@router.get("/incidents/{incident_id}/similar")
def show_similar(service: Service, editor: Editor, incident_id: str) -> Response:
    """Incidents that look like the same story, to merge."""
    incident = service.store.incident(incident_id)
    return rendered(
        "similar.html.j2",
        service,
        editor,
        here="incident",
        incident=incident,
        similar=service.similar.of(incident.id, held=editor.edits),
        newest=int(service.store.newest_draft(incident.id) is not None),
    )


def _texts(
    service: App, members: Sequence[Member], draft: Draft | None
) -> tuple[sources.SourceText, ...]:
    passages = service.store.passages([member.item.key for member in members])
    return sources.texts(members, passages, draft)


@router.get("/incidents/{incident_id}/diff")
def show_difference(
    service: Service,
    editor: Editor,
    incident_id: str,
    before: Annotated[int | None, Query(ge=1, le=LARGEST_REVISION)] = None,
    after: Annotated[int | None, Query(ge=1, le=LARGEST_REVISION)] = None,
) -> Response:
    """Two revisions side by side; by default the newest and the one before it."""
    incident = service.store.incident(incident_id)
    revisions = service.reviews.revisions(incident.id)
    if not revisions:
        raise NotFoundError(f"{incident.id} has no draft yet: there is nothing to compare.")
    late = after or revisions[-1].revision
    early = before or max(late - 1, 1)
    return rendered(
        "diff.html.j2",
        service,
        editor,
        here="incident",
        incident=incident,
        revisions=revisions,
        newest=revisions[-1].revision,
        before=early,
        after=late,
        sections=service.reviews.difference(incident.id, early, late),
        findings=service.reviews.findings(incident.id, early, late),
        headings={spec.key: spec.row.heading for spec in service.pipeline.specs},
    )


@router.get("/incidents/{incident_id}/history")
def show_history(service: Service, editor: Editor, incident_id: str) -> Response:
    """Events of an incident, newest first."""
    incident = service.store.incident(incident_id)
    events = service.reviews.history(incident.id)[::-1]
    named = {key for event in events for key in event.detail.get("items", ())}
    there = service.store.items(sorted(service.store.origins(named)))
    names = {str(item.key): item.source_name for item in there}
    return rendered(
        "history.html.j2",
        service,
        editor,
        here="incident",
        incident=incident,
        entries=[(event, words.told(event, names)) for event in events],
        newest=int(service.store.newest_draft(incident.id) is not None),
    )


@router.get("/incidents/{incident_id}/page.jsonld")
def download_jsonld(
    service: Service,
    editor: Editor,
    incident_id: str,
    revision: Annotated[int | None, Query(ge=1, le=LARGEST_REVISION)] = None,
) -> Response:
    """Download the page as a schema.org ``NewsArticle``."""
    page = service.pages.of(incident_id, None, revision, held=editor.edits)
    name = f"{page.incident.id}-{page.draft.revision}.jsonld"
    return Response(
        render_jsonld(page, service.pipeline.specs),
        media_type="application/ld+json",
        headers=HEADERS | {"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/sign-in")
def show_sign_in(service: Service, next: Annotated[str, Query(max_length=2_000)] = "/") -> Response:
    """Sign-in form; ``/v1/session`` sets the cookie, and the page asked for is ``next``."""
    here = LOCAL.fullmatch(next) is not None
    return rendered(
        "sign_in.html.j2", service, None, here="sign-in", following=next if here else "/"
    )


@router.get("/method")
def show_method(service: Service, editor: Editor) -> Response:
    """Noise method, gate policy, prompts and eval results."""
    rules = score.config()
    return rendered(
        "method.html.j2",
        service,
        editor,
        here="method",
        rules=rules,
        policy=service.pipeline.verifier.policy,
        entailment=service.pipeline.verifier.entailment.name,
        drafter=service.pipeline.drafter,
        judge=service.pipeline.verifier.judge,
        prompts=prompts.load().sections,
        specs=service.pipeline.specs,
        baselines=methodology.baselines(),
        calibration=service.forecasts.calibration(),
    )


@router.get("/forecasts")
def show_forecasts(service: Service, editor: Editor, cursor: str | None = None) -> Response:
    """Due forecasts of all incidents."""
    without = () if editor.edits else service.withholding.ids()
    found = service.forecasts.page("due", limit=FORECASTS, cursor=cursor, without=without)
    return rendered(
        "forecasts.html.j2",
        service,
        editor,
        here="forecasts",
        due=found.forecasts,
        titles=service.incidents.titles({told.forecast.incident_id for told in found.forecasts}),
        more=found.next,
    )


@router.get("/desk/{name}")
def asset(name: str) -> Response:
    """A style sheet, script or icon of the desk."""
    if name not in ASSETS:
        raise NotFoundError(f"The desk has no file {name!r}.")
    return Response(
        ASSETS[name].read_text(encoding="utf-8"),
        media_type=KINDS[name.rpartition(".")[2]],
        headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"},
    )
