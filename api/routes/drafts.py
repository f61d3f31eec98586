"""Endpoints of background drafts: request, watch and cancel.

Waiting clients hold no server thread: each step of a draft wakes the event loop.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.auth import Drafting, Reader
from api.bodies import GuardedRoute
from api.dependencies import ANY_ITEMS, Body, Service, outcomes
from api.problems import answers
from api.schemas.incidents import Asked, Public
from summarizer.app import App
from summarizer.domain import limits
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import Job, JobEvent, JobStatus
from summarizer.domain.sections import ROWS
from summarizer.errors import InputError
from summarizer.ingestion.ingest import report
from summarizer.jobs.queue import DraftQueue

HEARTBEAT_SECONDS = 15
"""Interval of keep-alive comments in an idle stream; proxies close it after a minute."""

router = APIRouter(prefix="/v1", tags=["drafts"], route_class=GuardedRoute)


class DraftRequest(Asked):
    """A request for a draft."""

    section: str | None = Field(
        default=None,
        description="Draft only this section, as a suggestion beside the one on the page.",
        examples=list(ROWS)[:1],
    )
    instruction: str | None = Field(
        default=None,
        max_length=limits.INSTRUCTION,
        description="An instruction for that section. It does not override the rules.",
        examples=["Say first what the regulator found."],
    )

    force: bool = Field(
        default=False,
        description="Draft anew even if the newest draft is of the same evidence and drafter; "
        "else the job is `done` with that one. A section is always drafted.",
    )


class DraftJob(Public):
    """A background job that drafts one incident."""

    id: str
    incident_id: str = Field(examples=["INC-000042"])
    status: JobStatus
    url: str = Field(description="URL of the job's status.")
    events_url: str = Field(description="URL of the job's steps as server-sent events.")
    section: str | None = Field(default=None, description="Section, if only one is drafted.")
    instruction: str | None = None
    asked_by: str
    created_at: dt.datetime
    finished_at: dt.datetime | None = None
    revision: int | None = Field(default=None, description="Revision of a draft that is `done`.")
    error: str | None = Field(default=None, description="Reason why the draft `failed`.")

    @classmethod
    def of(cls, job: Job, root: str) -> DraftJob:
        """The public shape of a job; ``root`` is the path below which the service is shown."""
        url = f"{root}/v1/drafts/{job.id}"
        shared = {name: getattr(job, name) for name in cls.model_fields if hasattr(job, name)}
        return cls(url=url, events_url=f"{url}/events", **shared)


Wait = Annotated[float, Query(ge=0, le=60, description="Seconds to wait for the result.")]


@router.post(
    "/incidents/{incident_id}/drafts",
    status_code=202,
    summary="Draft an incident",
    responses=answers(404),
)
async def draft_incident(
    service: Service,
    actor: Drafting,
    response: Response,
    incident_id: str,
    asked: DraftRequest | None = None,
    wait: Wait = 0,
) -> DraftJob:
    """Returns immediately. A request like one that is queued or running returns its job. If
    nothing is new since the newest draft, the job is `done` with its revision, unless `force`d.
    """
    asked = asked or DraftRequest()
    job = await run_in_threadpool(
        service.jobs.ask,
        incident_id,
        actor.name,
        asked.section,
        asked.instruction,
        force=asked.force,
    )
    return await _answer(service, job, response, wait)


@router.post(
    "/drafts",
    status_code=202,
    summary="Draft from sent items",
    openapi_extra=ANY_ITEMS,
)
async def draft_items(
    service: Service,
    actor: Drafting,
    response: Response,
    body: Body,
    wait: Wait = 0,
    force: Annotated[bool, Query(description="Draft anew even if nothing is new.")] = False,
) -> DraftJob:
    """The body is that of `POST /v1/items`. Its items become one incident.

    If all of them are already in the same incident, it is used; otherwise all are moved to a
    new incident, with the holds of the incidents that they leave.
    """
    incident_id = await run_in_threadpool(_gather, service, body)
    job = await run_in_threadpool(service.jobs.ask, incident_id, actor.name, force=force)
    return await _answer(service, job, response, wait)


@router.get("/drafts/{id}", summary="Status of a draft", responses=answers(404))
def show_draft_job(service: Service, actor: Reader, id: str) -> DraftJob:
    """The current status of the job. `instruction` is null to all but editors while the incident
    is withheld.
    """
    found = DraftJob.of(service.jobs.job(id), service.settings.root_path)
    if actor.edits or found.incident_id not in service.withholding.ids():
        return found
    return found.model_copy(update={"instruction": None})


@router.delete("/drafts/{id}", summary="Cancel a draft", responses=answers(404))
def cancel_draft(service: Service, actor: Drafting, id: str) -> DraftJob:
    """A cancelled draft is not stored. A finished job stays unchanged."""
    return DraftJob.of(service.jobs.cancel(id), service.settings.root_path)


@router.get(
    "/drafts/{id}/events",
    summary="Stream the steps of a draft",
    response_class=StreamingResponse,
    responses=answers(404)
    | {
        200: {"content": {"text/event-stream": {}}, "description": "The steps, until the end."},
        204: {"description": "The draft is finished and has no more steps: do not reconnect."},
    },
)
async def stream_draft_events(
    service: Service,
    actor: Reader,
    id: str,
    last_event_id: Annotated[int, Header(ge=0, description="Number of the last seen step.")] = 0,
) -> Response:
    """Server-sent events, named by stage, resumable with `Last-Event-ID`.

    Stages: `queued`, `retrieving`, `retrieved`, `drafted` (one per section, claims not yet
    verified), `verified`, `repaired`, `judged`, `gated`, and finally `stored`, `failed` or
    `cancelled`. After an interruption of the service, they start again with `queued`.
    """
    job = await run_in_threadpool(service.jobs.job, id)
    if not actor.edits:
        await run_in_threadpool(service.withholding.check, job.incident_id)
    more = await run_in_threadpool(service.jobs.events, id, last_event_id)
    if job.status.is_over and not more:
        return Response(status_code=204)
    return StreamingResponse(
        _stream(service, job, last_event_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _answer(service: App, job: Job, response: Response, wait: float) -> DraftJob:
    response.headers["Location"] = f"/v1/drafts/{job.id}"
    return await ended(service, job.id, wait)


async def ended(service: App, job_id: str, wait: float) -> DraftJob:
    """A job when it has ended, or after so many seconds."""
    jobs = service.jobs
    if wait:
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                async for _ in _steps(jobs, job_id):
                    pass
    found = await run_in_threadpool(jobs.job, job_id)
    return DraftJob.of(found, service.settings.root_path)


async def _stream(service: App, job: Job, after: int) -> AsyncIterator[str]:
    incident = f"{service.settings.root_path}/v1/incidents/{job.incident_id}"
    async for event in _steps(service.jobs, job.id, after):
        yield _sent(event, incident) if event else ": still at it\n\n"


async def _steps(jobs: DraftQueue, job_id: str, after: int = 0) -> AsyncIterator[JobEvent | None]:
    """Steps of a job until its end; ``None`` after each silent ``HEARTBEAT_SECONDS``."""
    with _bell(jobs, job_id) as bell:
        while True:
            bell.clear()
            # Read the job before its steps: the last step is stored together with the end.
            job = await run_in_threadpool(jobs.job, job_id)
            for event in await run_in_threadpool(jobs.events, job_id, after):
                after = event.number
                yield event
            if job.status.is_over:
                return
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await bell.wait()
            except TimeoutError:
                yield None


@contextmanager
def _bell(jobs: DraftQueue, job_id: str) -> Iterator[asyncio.Event]:
    """An event of this loop that is set after every step of a job."""
    loop, bell = asyncio.get_running_loop(), asyncio.Event()

    def ring() -> None:
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(bell.set)

    with jobs.listening(job_id, ring):
        yield bell


def _sent(event: JobEvent, incident: str) -> str:
    fields = event.model_dump(mode="json", exclude={"number"})
    if revision := (event.body or {}).get("revision"):
        url = f"{incident}?revision={revision}"
        fields["body"] = {**fields["body"], "url": url}
    data = json.dumps(fields, ensure_ascii=False)
    return f"id: {event.number}\nevent: {event.stage}\ndata: {data}\n\n"


def _gather(service: Service, body: bytes) -> IncidentId:
    found = report(outcomes(service, body))
    keys = list(dict.fromkeys([*found.keys, *(row.key for row in found.duplicates)]))
    if found.rejected:
        row = found.rejected[0]
        raise InputError(
            f"The row of line {row.line} cannot be used ({row.reason}); nothing was drafted.",
            field=row.field or "stream",
        )
    if not keys:
        raise InputError("The body has no items: send at least one.", field="stream")
    incident = service.curation.together(keys)
    service.settling.soon()
    return incident
