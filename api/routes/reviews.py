"""Endpoints of reviews, revisions, differences and histories."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.auth import Reader, Reviewer
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.pagination import Cursor, Limit, cut, link_next, read_to
from api.problems import answers
from api.schemas.diffs import DifferenceView, rows_of
from api.schemas.drafts import FindingView
from api.schemas.entries import Entry, History
from api.schemas.reviews import (
    LARGEST_REVISION,
    ResponseRequest,
    ReviewRequest,
    ReviewView,
    Revisions,
    RevisionView,
)

router = APIRouter(prefix="/v1", tags=["reviews"], route_class=GuardedRoute)

Revision = Annotated[int, Query(ge=1, le=LARGEST_REVISION)]


@router.post(
    "/incidents/{incident_id}/review", summary="Review a revision", responses=answers(404, 409)
)
def review_revision(
    service: Service, actor: Reviewer, incident_id: str, asked: ReviewRequest
) -> ReviewView:
    """An approval is refused (409) while a sentence is unsupported or a reply is missing, and under
    the profile `strict` while a sentence that only rules checked is not in `read`, unless
    `override` gives a reason, which is stored. So is one that changes an approved page without
    `change`, and a review of an old revision.
    """
    made = service.decisions.decide(
        incident_id,
        asked.decision,
        actor.name,
        revision=asked.revision,
        note=asked.note,
        override=asked.override,
        read=asked.read,
        reason=asked.reason,
        sentences=asked.sentences,
        senior=actor.is_senior,
        change=asked.change.change() if asked.change else None,
    )
    return ReviewView.of(made)


@router.post(
    "/incidents/{incident_id}/responses",
    summary="Record that a response was asked for",
    status_code=201,
    responses=answers(404),
)
def ask_response(
    service: Service, actor: Reviewer, incident_id: str, asked: ResponseRequest
) -> Entry:
    """Nothing is sent: an editor asks, the history keeps whom and when, and the page says so.

    When the time to answer is over, an approval no longer waits for it. Returns the entry.
    """
    made = service.reviews.ask_response(incident_id, asked.of, actor.name, asked.until)
    return Entry.of(made)


@router.get("/incidents/{incident_id}/revisions", summary="List revisions", responses=answers(404))
def list_revisions(
    request: Request,
    response: Response,
    service: Service,
    actor: Reader,
    incident_id: str,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Revisions:
    """Oldest first. Revisions are immutable."""
    incident = service.store.incident(incident_id).id
    asked = ("revisions", incident)
    seen = read_to(asked, cursor)
    after = min(seen[0], LARGEST_REVISION) if seen else 0
    found = service.reviews.drafts(incident, after, limit + 1)
    shown, following = cut(found, lambda draft: (draft.revision,), asked, limit, cursor)
    link_next(request, response, following)
    return Revisions(revisions=[RevisionView.of(draft) for draft in shown], next=following)


@router.get(
    "/incidents/{incident_id}/diff",
    summary="Compare two revisions",
    responses=answers(404),
)
def compare_revisions(
    service: Service, actor: Reader, incident_id: str, before: Revision, after: Revision
) -> DifferenceView:
    """Differences of the shown sentences, section by section."""
    headings = {spec.key: spec.row.heading for spec in service.pipeline.specs}
    found = service.reviews.difference(incident_id, before, after)
    return DifferenceView(
        incident=service.store.incident(incident_id).id,
        before=before,
        after=after,
        sections=[rows_of(section, headings.get(section.key, section.key)) for section in found],
        findings=[
            FindingView.of(finding)
            for finding in service.reviews.findings(incident_id, before, after)
        ],
    )


@router.get("/incidents/{incident_id}/history", summary="List its events", responses=answers(404))
def list_history(service: Service, actor: Reader, incident_id: str) -> History:
    """Events of the incident and of incidents merged into it, oldest first."""
    return History(entries=[Entry.of(e) for e in service.reviews.history(incident_id)])
