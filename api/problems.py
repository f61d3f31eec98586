"""Errors as RFC 9457 problem documents; the one table from our errors to HTTP statuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.exceptions import HTTPException

from api.schemas.incidents import Public
from summarizer.errors import (
    ConflictError,
    FetchError,
    InputError,
    NotFoundError,
    RefusedError,
    StaleError,
    StorageBusyError,
    StorageError,
    SummarizerError,
    UnusablePageError,
)


class PreconditionNeededError(Exception):
    """A change does not say what its editor saw."""


class RefusedInputError(HTTPException):
    """A refusal of the service's own, and what of the request is at fault."""

    def __init__(self, status: int, detail: str, field: str) -> None:
        super().__init__(status, detail)
        self.field = field


class Problem(Public):
    """What went wrong, and what to do (RFC 9457)."""

    type: str = Field(
        description="What kind of problem it is, for programs.",
        examples=["urn:summarizer:problem:input"],
    )
    title: str = Field(description="The status in words.", examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str = Field(
        description="What is wrong and what to do, for people.",
        examples=["'reject' needs a note that says what is wrong."],
    )
    field: str | None = Field(
        default=None,
        description="What of the request is at fault, where it is one thing: `path.`, `query.`, "
        "`header.` or `body.` and its name, or `body` for the whole of it.",
        examples=["body.note"],
    )


STATUS: Mapping[type[SummarizerError], HTTPStatus] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    InputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    StaleError: HTTPStatus.PRECONDITION_FAILED,
    ConflictError: HTTPStatus.CONFLICT,
    RefusedError: HTTPStatus.CONFLICT,
    UnusablePageError: HTTPStatus.UNPROCESSABLE_ENTITY,
    FetchError: HTTPStatus.BAD_GATEWAY,
    StorageBusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    StorageError: HTTPStatus.INTERNAL_SERVER_ERROR,
    SummarizerError: HTTPStatus.INTERNAL_SERVER_ERROR,
}


UNROUTED: Mapping[int, str] = {
    HTTPStatus.NOT_FOUND: "There is nothing at {path}: see /openapi.json for what there is.",
    HTTPStatus.METHOD_NOT_ALLOWED: "{path} takes no {method}: see /openapi.json for what it takes.",
}

Refusing = Callable[[Request, HTTPStatus, str], Response]
"""Makes the page that tells of a problem."""

Handler = Callable[[Request, Exception], JSONResponse]

CALLED = {"subscription_id": "webhook_id", "job_id": "id", "target": "into"}
"""What an argument of ours is called in a request, where it has another name."""

WHOLE = {"expected": "header.if-match", "stream": "body"}
"""Where an argument of ours stands, if it is neither a parameter nor a field of the body."""


def install(app: FastAPI, page: Refusing) -> None:
    """Answer every error as ``application/problem+json``, or whoever opened a page with a page."""
    handlers: dict[type[Exception], Handler] = {
        SummarizerError: _ours,
        HTTPException: _http,
        RequestValidationError: _invalid,
        PreconditionNeededError: _unconditional,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, _for_whom(handler, page))


def _for_whom(handler: Handler, page: Refusing) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        made = handler(request, error)
        if made.status_code < HTTPStatus.BAD_REQUEST or not _opens_a_page(request):
            return made
        said = json.loads(bytes(made.body))
        return page(request, HTTPStatus(made.status_code), said["detail"])

    return answer


def _opens_a_page(request: Request) -> bool:
    """Whether a person looks at the answer: programs ask under ``/v1``."""
    is_program = request.url.path.startswith("/v1/") or request.method != "GET"
    return not is_program and "text/html" in request.headers.get("accept", "")


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For the OpenAPI document: problems that an endpoint may answer with."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        }
        for status in statuses
    }


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    *,
    kind: str | None = None,
    field: str | None = None,
) -> JSONResponse:
    """One problem document.

    ``kind`` names it for programs, the words of the status when left out; ``field`` is what of the
    request is at fault, when it is one thing.
    """
    title = HTTPStatus(status).phrase
    said = {
        "type": f"urn:summarizer:problem:{kind or title.lower().replace(' ', '-')}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    return JSONResponse(
        said | ({"field": field} if field else {}),
        status_code=status,
        headers=headers,
        media_type="application/problem+json",
    )


def status_of(error: SummarizerError) -> HTTPStatus:
    """The status of an error: that of its nearest ancestor in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, SummarizerError)
    words = re.findall("[A-Z][a-z]*", type(error).__name__.removesuffix("Error"))
    kind, field = "-".join(words).lower(), error.field and _located(request, error.field)
    return problem(status_of(error), str(error), kind=kind, field=field)


def _located(request: Request, argument: str) -> str:
    """Where a request has an argument of ours, named as the framework names what it refuses."""
    if argument in WHOLE:
        return WHOLE[argument]
    name, *within = argument.split(".")
    name = CALLED.get(name, name)
    if name == "incident_id" and name not in request.path_params:
        name = "incident"
    if name in request.path_params:
        place = "path"
    else:
        place = "query" if request.method in ("GET", "HEAD") else "body"
    return ".".join((place, name, *within))


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status, detail = error.status_code, str(error.detail)
    if detail == HTTPStatus(status).phrase:  # the router's own, which say nothing more
        detail = UNROUTED.get(status, detail).format(method=request.method, path=request.url.path)
    field = error.field if isinstance(error, RefusedInputError) else None
    return problem(status, detail, error.headers, field=field)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [_fault(fault) for fault in error.errors()]
    detail = "; ".join(f"{where}: {what}" for where, what in faults)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, kind="invalid", field=faults[0][0])


def _fault(fault: Mapping[str, Any]) -> tuple[str, str]:
    """Where something is at fault, and what."""
    if fault["type"] == "json_invalid":  # its place is a count of characters
        at, what = fault["loc"][-1], fault["ctx"]["error"]
        return "body", f"it is no JSON: {what} at character {at}"
    return ".".join(str(part) for part in fault["loc"]), fault["msg"].removeprefix("Value error, ")


def _unconditional(request: Request, error: Exception) -> JSONResponse:
    return problem(HTTPStatus.PRECONDITION_REQUIRED, str(error), field=WHOLE["expected"])
