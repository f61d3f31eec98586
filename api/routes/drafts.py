"""Drafts that are made in the background: asked for, watched, called off.

Whoever waits or watches holds no thread of the server: a step of the draft wakes the event loop.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import Field

from api.auth import Drafting, Reader
from api.dependencies import ANY_ITEMS, Body, Service
from api.problems import answers
from api.schemas.incidents import Public
from summarizer.domain.incidents import IncidentId
from summarizer.domain.jobs import Job, JobEvent, JobStatus
from summarizer.domain.sections import ROWS
from summarizer.errors import InputError
from summarizer.ingestion.ingest import report
from summarizer.jobs.queue import DraftQueue

HEARTBEAT_SECONDS = 15
"""How often a silent stream says that it lives: proxies close what is silent for a minute."""

LONGEST_INSTRUCTION = 1_000
"""Characters; a wish is a sentence or two, not another prompt."""

router = APIRouter(prefix="/v1", tags=["drafts"])


class DraftRequest(Public):
    """What to draft."""

    section: str | None = Field(
        default=None,
        description="Draft this section alone; it then waits beside the one on the page as a "
        "suggestion.",
        examples=list(ROWS)[:1],
    )
    instruction: str | None = Field(
        default=None,
        max_length=LONGEST_INSTRUCTION,
        description="A wish for that section. It changes none of the rules.",
        examples=["Say first what the regulator found."],
    )


class DraftJob(Public):
    """A draft that was asked for."""

    id: str
    incident_id: str = Field(examples=["INC-000042"])
    status: JobStatus
    url: str = Field(description="Where to ask how far it is.")
    events_url: str = Field(description="Its steps, as server-sent events.")
    section: str | None = Field(default=None, description="The only one that is drafted.")
    instruction: str | None = None
    asked_by: str
    created_at: dt.datetime
    finished_at: dt.datetime | None = None
    revision: int | None = Field(default=None, description="Of the draft, once it is `done`.")
    error: str | None = Field(default=None, description="Why it `failed`.")

    @classmethod
    def of(cls, job: Job) -> DraftJob:
        """The public shape of a job."""
        url = f"/v1/drafts/{job.id}"
        shared = {name: getattr(job, name) for name in cls.model_fields if hasattr(job, name)}
        return cls(url=url, events_url=f"{url}/events", **shared)


Wait = Annotated[float, Query(ge=0, le=60, description="Seconds to wait for the end.")]


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
    """Answers at once. The same request joins the one that is under way."""
    asked = asked or DraftRequest()
    job = await run_in_threadpool(
        service.jobs.ask, incident_id, actor.name, asked.section, asked.instruction
    )
    return await _answer(service.jobs, job, response, wait)


@router.post(
    "/drafts",
    status_code=202,
    summary="Draft from items that are sent along",
    openapi_extra=ANY_ITEMS,
)
async def draft_items(
    service: Service, actor: Drafting, response: Response, body: Body, wait: Wait = 0
) -> DraftJob:
    """The body is that of `POST /v1/items`; its items are gathered into one incident.

    Items that are together in an incident already stay there; otherwise they are all put into a
    new one, out of whichever they were in.
    """
    incident_id = await run_in_threadpool(_gather, service, body)
    job = await run_in_threadpool(service.jobs.ask, incident_id, actor.name)
    return await _answer(service.jobs, job, response, wait)


@router.get("/drafts/{id}", summary="How far a draft is", responses=answers(404))
def show_job(service: Service, actor: Reader, id: str) -> DraftJob:
    """As it stands now."""
    return DraftJob.of(service.jobs.job(id))


@router.delete("/drafts/{id}", summary="Call a draft off", responses=answers(404))
def cancel_job(service: Service, actor: Drafting, id: str) -> DraftJob:
    """Nothing of it will be stored. One that is over stays as it is."""
    return DraftJob.of(service.jobs.cancel(id))


@router.get(
    "/drafts/{id}/events",
    summary="The steps of a draft as they happen",
    response_class=StreamingResponse,
    responses=answers(404)
    | {
        200: {"content": {"text/event-stream": {}}, "description": "The steps, until the end."},
        204: {"description": "It is over and there are no more steps: do not ask again."},
    },
)
async def job_events(
    service: Service,
    actor: Reader,
    id: str,
    last_event_id: Annotated[int, Header(ge=0, description="The last step that you know.")] = 0,
) -> Response:
    """Server-sent events, named by their stage, resumable with `Last-Event-ID`.

    Stages: `queued`, `retrieving`, `retrieved`, `drafted` (one a section, its claims not yet
    verified), `verified`, `repaired`, `judged`, `gated`, and at the end `stored`, `failed` or
    `cancelled`. After an interruption it begins again with `queued`.
    """
    job = await run_in_threadpool(service.jobs.job, id)
    more = await run_in_threadpool(service.jobs.events, id, last_event_id)
    if job.status.is_over and not more:
        return Response(status_code=204)
    return StreamingResponse(
        _stream(service.jobs, id, last_event_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _answer(jobs: DraftQueue, job: Job, response: Response, wait: float) -> DraftJob:
    response.headers["Location"] = f"/v1/drafts/{job.id}"
    if wait:
        with suppress(TimeoutError):
            async with asyncio.timeout(wait):
                async for _ in _steps(jobs, job.id):
                    pass
    return DraftJob.of(await run_in_threadpool(jobs.job, job.id))


async def _stream(jobs: DraftQueue, job_id: str, after: int) -> AsyncIterator[str]:
    async for event in _steps(jobs, job_id, after):
        yield _sent(event) if event else ": still at it\n\n"


async def _steps(jobs: DraftQueue, job_id: str, after: int = 0) -> AsyncIterator[JobEvent | None]:
    """Steps as they happen, until the job is over; ``None`` when there was none for a while."""
    with _bell(jobs, job_id) as bell:
        while True:
            bell.clear()
            # The job before its steps: its last step is written with its end.
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
    """Rings in this event loop after every step of a job."""
    loop, bell = asyncio.get_running_loop(), asyncio.Event()

    def ring() -> None:
        with suppress(RuntimeError):  # the loop was closed: nobody watches any more
            loop.call_soon_threadsafe(bell.set)

    with jobs.listening(job_id, ring):
        yield bell


def _sent(event: JobEvent) -> str:
    data = json.dumps(event.model_dump(mode="json", exclude={"number"}), ensure_ascii=False)
    return f"id: {event.number}\nevent: {event.stage}\ndata: {data}\n\n"


def _gather(service: Service, body: bytes) -> IncidentId:
    found = report(service.pipeline.ingest(io.BytesIO(body)))
    keys = list(dict.fromkeys([*found.keys, *(row.key for row in found.duplicates)]))
    if found.rejected:
        row = found.rejected[0]
        raise InputError(
            f"The row of line {row.line} cannot be used ({row.reason}); nothing was drafted.",
            field=row.field or "stream",
        )
    if not keys:
        raise InputError("There are no items in the body: send at least one.", field="stream")
    homes = service.store.incidents_of(keys)
    together = len(homes) == len(keys) and len(set(homes.values())) == 1
    incident = homes[keys[0]] if together else service.pipeline.gather(keys).id
    service.pipeline.settle()
    return incident
