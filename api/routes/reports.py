"""Endpoints of readers' reports: the form of published pages, and the answers of editors.

The form is sent from pages of any host, by people who are not known.  So the endpoint knows nobody
either: it reads no cookie, sets none, and answers with a page that says the same to everyone.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, HTTPException, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from api.auth import Reviewer, address
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.desk.jinja import bare
from api.problems import answers, status_of
from api.rate_limit import RateLimit
from api.schemas.reports import ReportAnswer, ReportList, ReportView
from summarizer.errors import SummarizerError
from summarizer.paging import LARGEST

FORM = "application/x-www-form-urlencoded"

EVERYBODY = "everybody"
"""Name under which reports of all addresses are counted."""

MOST_FIELDS = 10
"""Most fields of a form that are read."""

public = APIRouter(include_in_schema=False, route_class=GuardedRoute)
router = APIRouter(
    prefix="/v1/incidents/{incident_id}/reports", tags=["reports"], route_class=GuardedRoute
)


@public.post("/reports/{incident_id}")
async def take_report(request: Request, service: Service, incident_id: str) -> Response:
    """Take the form of a published page."""
    if service.settings.reader_reports == "off":
        raise HTTPException(404, "Readers' reports are switched off.")
    now = service.clock.now()
    mine: RateLimit = request.app.state.reports
    all_: RateLimit = request.app.state.all_reports
    if mine.take(address(request), now).wait_s or all_.take(EVERYBODY, now).wait_s:
        words = "Too many reports came at once. Wait some minutes, and send yours again."
        return bare("reported.html.j2", service, HTTPStatus.TOO_MANY_REQUESTS, words=words)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415, f"A report is sent as a form: {FORM}.")
    text = _text(await request.body())
    try:
        await run_in_threadpool(service.reports.take, incident_id, text)
    except SummarizerError as error:
        return bare("reported.html.j2", service, status_of(error), words=str(error))
    words = (
        "Thank you. The newsroom reads your report and answers it with a correction, if need be."
    )
    return bare("reported.html.j2", service, words=words)


def _text(body: bytes) -> str:
    """The field ``text`` of a form."""
    try:
        form = parse_qs(body.decode(errors="replace"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return ""
    return form.get("text", [""])[0].replace("\0", "").replace("\r\n", "\n")


@router.get("", summary="List readers' reports", responses=answers(404))
def list_reports(service: Service, actor: Reviewer, incident_id: str) -> ReportList:
    """Oldest first, answered ones too."""
    return ReportList(reports=[ReportView.of(one) for one in service.reports.of(incident_id)])


@router.post("/{number}/answer", summary="Answer a reader's report", responses=answers(404, 409))
def answer_report(
    service: Service,
    actor: Reviewer,
    incident_id: str,
    number: Annotated[int, Path(ge=1, le=LARGEST)],
    asked: ReportAnswer,
) -> ReportView:
    """Accepts it, so that the page is to be corrected, or dismisses it with a reason. A report is
    answered once.
    """
    made = service.reports.answer(incident_id, number, asked.outcome, actor.name, asked.note)
    return ReportView.of(made)
