"""Source items come in."""

from __future__ import annotations

import io

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool

from api.models import Ingested, Rejection
from api.security import Drafting
from api.serving import Service
from summarizer.errors import InputError
from summarizer.ingestion import report
from summarizer.pipeline import Pipeline

LARGEST_BODY = 64 * 1024 * 1024
"""Most bytes of a request."""

router = APIRouter(prefix="/v1", tags=["items"])


@router.post("/items", summary="Add source items")
async def add_items(request: Request, service: Service, actor: Drafting) -> Ingested:
    """The body is JSON, JSON Lines, RSS or Atom, as `summarizer ingest` takes it.

    Answers 200 also when rows were rejected: each is named with its reason, the others are in.
    """
    body = await _body(request)
    return await run_in_threadpool(_ingest, service.pipeline, body)


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise InputError(f"The body is larger than {LARGEST_BODY:,} bytes: send it in parts.")
    return body


def _ingest(pipeline: Pipeline, body: bytes) -> Ingested:
    found = report(pipeline.ingest(io.BytesIO(body)))
    pipeline.settle()
    return Ingested(
        accepted=list(found.keys),
        duplicates=len(found.duplicates),
        rejected=[Rejection(**row.model_dump()) for row in found.rejected],
    )
