"""Endpoints of the editors' view of a draft: read, edit, lock, check, and accept suggestions.

``If-Match`` prevents lost updates: of two concurrent edits, the second is refused.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request, Response

from api import etags
from api.auth import Reader, Reviewer
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.problems import PreconditionNeededError, answers
from api.schemas.drafts import (
    CheckAnswer,
    CheckRequest,
    ClaimView,
    DraftView,
    SectionChange,
    SectionView,
    SuggestionAnswer,
)
from api.schemas.reviews import LARGEST_REVISION
from summarizer.app import App
from summarizer.domain.drafts import Draft
from summarizer.domain.sections import SectionSpec

router = APIRouter(
    prefix="/v1/incidents/{incident_id}", tags=["sections"], route_class=GuardedRoute
)

Key = Annotated[str, Path(max_length=40, examples=["key_points"])]


@router.get(
    "/draft",
    summary="Editors' view of a draft",
    response_model=DraftView,
    responses=etags.NOT_MODIFIED | answers(404),
)
def show_draft(
    request: Request,
    service: Service,
    actor: Reader,
    incident_id: str,
    response: Response,
    revision: Annotated[int | None, Query(ge=1, le=LARGEST_REVISION)] = None,
) -> DraftView | Response:
    """Every sentence with its verdict, including withheld ones."""
    desk = service.reviews
    incident = service.store.incident(incident_id).id
    draft = desk.newest(incident) if revision is None else service.store.draft(incident, revision)
    standing = desk.standing(draft)
    attention = desk.attention(draft, standing)
    view = DraftView.of(
        draft,
        _specs(service),
        service.decisions.newest(incident_id),
        standing,
        desk.obstacles(draft),
        attention,
        service.corrections.since_approval(draft),
    )
    etag = etags.tag(view.model_dump_json())
    if etags.unchanged(request, etag):
        return etags.nothing_new(etag)
    response.headers.update(etags.headers(etag))
    return view


@router.patch(
    "/sections/{key}",
    summary="Edit, lock or unlock a section",
    responses=answers(404, 409, 412, 428),
)
def change_section(
    service: Service,
    actor: Reviewer,
    incident_id: str,
    key: Key,
    change: SectionChange,
    response: Response,
    if_match: Annotated[str | None, Header(examples=['"9f86d081884c7d65"'])] = None,
) -> SectionView:
    """New and changed sentences are verified; failing ones are withheld with reasons.

    `If-Match` is the `etag` of the section that you read. If the section has changed since, the
    answer is 412; if another editor has locked it, 409. The section is then unchanged.
    """
    if if_match is None:
        raise PreconditionNeededError(
            "Send the section's etag from GET /v1/incidents/{id}/draft as If-Match, so that no "
            "other edit is overwritten."
        )
    expected = None if if_match.strip() == "*" else _bare(if_match)
    draft = _changed(service, actor.name, incident_id, key, change, expected)
    return _view(service, draft, key, response)


@router.post("/sections/{key}/check", summary="Verify sentences", responses=answers(404))
def check_section(
    service: Service, actor: Reader, incident_id: str, key: Key, asked: CheckRequest
) -> CheckAnswer:
    """The verdicts that an edit with these sentences would get; nothing is stored."""
    found = service.reviews.check(incident_id, key, [claim.claim() for claim in asked.claims])
    views = [ClaimView.of(claim).model_copy(update={"id": None}) for claim in found]
    return CheckAnswer(claims=views)


@router.post(
    "/sections/{key}/suggestion",
    summary="Accept or reject a suggestion",
    responses=answers(404, 409),
)
def answer_suggestion(
    service: Service,
    actor: Reviewer,
    incident_id: str,
    key: Key,
    answer: SuggestionAnswer,
    response: Response,
) -> SectionView:
    """An accepted suggestion replaces the section; a rejected one is deleted."""
    draft = service.reviews.answer(incident_id, key, actor.name, accept=answer.accept)
    return _view(service, draft, key, response)


def _changed(
    service: App,
    editor: str,
    incident_id: str,
    key: str,
    change: SectionChange,
    expected: str | None,
) -> Draft:
    edits = None if change.edits is None else [edit.edit() for edit in change.edits]
    return service.reviews.change(
        incident_id, key, editor, edits=edits, locked=change.locked, expected=expected
    )


def _view(service: App, draft: Draft, key: str, response: Response) -> SectionView:
    view = SectionView.of(draft.section(key), _specs(service)[key])
    response.headers["ETag"] = f'"{view.etag}"'
    return view


def _specs(service: App) -> dict[str, SectionSpec]:
    return {spec.key: spec for spec in service.pipeline.specs}


def _bare(etag: str) -> str:
    return etag.strip().removeprefix("W/").strip('"')
