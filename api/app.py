"""The application: a thin skin over the pipeline.

Endpoints are plain ``def``, run by the server's thread pool, and none of them waits for a model:
drafts are made by the CLI, and read here.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import Annotated, Literal, cast

from fastapi import FastAPI, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from api import problems
from api.models import (
    Health,
    IncidentList,
    IncidentSummary,
    Ingested,
    Rejection,
    VerifyAnswer,
    VerifyRequest,
)
from summarizer import __version__, verification
from summarizer.errors import InputError
from summarizer.ingestion import report
from summarizer.pipeline import Pipeline
from summarizer.rendering import render_html, render_json, render_markdown

LARGEST_BODY = 64 * 1024 * 1024
"""Most bytes of a request."""

MEDIA = {"json": "application/json", "markdown": "text/markdown", "html": "text/html"}

Page = Literal["json", "markdown", "html"]


def create_app(pipeline: Pipeline) -> FastAPI:
    """The application on a pipeline that its caller opens and closes."""
    app = FastAPI(
        title="Incident Summarizer",
        version=__version__,
        description="Draft incidents in which every sentence stands beside its evidence.",
        docs_url=None,  # its page loads scripts from another host
        redoc_url=None,
    )
    problems.install(app)

    @app.get("/healthz", summary="Whether the service runs")
    def health() -> Health:
        return Health(version=__version__)

    @app.post("/v1/items", summary="Add source items")
    async def add_items(request: Request) -> Ingested:
        """The body is JSON, JSON Lines, RSS or Atom, as `summarizer ingest` takes it.

        Answers 200 also when rows were rejected: each is named with its reason, the others are in.
        """
        body = await _body(request)
        return await run_in_threadpool(_ingest, pipeline, body)

    @app.get("/v1/incidents", summary="List incidents, newest first")
    def list_incidents(
        limit: Annotated[int, Query(ge=1, le=200)] = 50, as_of: dt.datetime | None = None
    ) -> IncidentList:
        found = pipeline.incidents(limit, _aware(as_of))
        return IncidentList(incidents=[IncidentSummary.of(summary) for summary in found])

    @app.get(
        "/v1/incidents/{incident_id}",
        summary="One incident with its newest draft",
        response_class=Response,
        responses={200: {"content": {media: {} for media in MEDIA.values()}}},
    )
    def show_incident(
        request: Request,
        incident_id: str,
        revision: Annotated[int | None, Query(ge=1)] = None,
        as_of: dt.datetime | None = None,
        format: Page | None = None,
    ) -> Response:
        """JSON, Markdown or HTML, by `format` or else by the `Accept` header."""
        page = pipeline.page(incident_id, _aware(as_of), revision)
        form = format or _accepted(request.headers.get("accept", ""))
        render = {"json": render_json, "markdown": render_markdown, "html": render_html}[form]
        return Response(
            render(page, pipeline.specs), media_type=MEDIA[form], headers={"Vary": "Accept"}
        )

    @app.post("/v1/verify", summary="Check a claim against sources")
    def verify(asked: VerifyRequest) -> VerifyAnswer:
        """Stateless: nothing is stored."""
        answer = verification.verify_row(asked.model_dump(), pipeline.entailment)
        return VerifyAnswer.model_validate(answer)

    return app


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
