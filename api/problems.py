"""Errors as RFC 9457 problem documents, and the mapping of errors to HTTP statuses."""

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
    BrokenInputError,
    ConflictError,
    FetchError,
    GoneError,
    HeldError,
    IndexUnreachableError,
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
    """A change is sent without ``If-Match``."""


class RefusedInputError(HTTPException):
    """A refused request, with the field at fault."""

    def __init__(self, status: int, detail: str, field: str) -> None:
        super().__init__(status, detail)
        self.field = field


class Problem(Public):
    """An error with a remedy (RFC 9457)."""

    type: str = Field(
        description="Kind of problem, for programs.",
        examples=["urn:summarizer:problem:input"],
    )
    title: str = Field(description="The status in words.", examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str = Field(
        description="Error and remedy, for people.",
        examples=["'reject' needs a note that says what is wrong."],
    )
    field: str | None = Field(
        default=None,
        description="The part of the request at fault, if it is one: `path.`, `query.`, "
        "`header.` or `body.` and its name, or `body` for the whole body.",
        examples=["body.note"],
    )


STATUS: Mapping[type[SummarizerError], HTTPStatus] = {
    GoneError: HTTPStatus.GONE,
    NotFoundError: HTTPStatus.NOT_FOUND,
    InputError: HTTPStatus.UNPROCESSABLE_ENTITY,
    StaleError: HTTPStatus.PRECONDITION_FAILED,
    ConflictError: HTTPStatus.CONFLICT,
    RefusedError: HTTPStatus.CONFLICT,
    HeldError: HTTPStatus.FORBIDDEN,
    UnusablePageError: HTTPStatus.UNPROCESSABLE_ENTITY,
    FetchError: HTTPStatus.BAD_GATEWAY,
    StorageBusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    IndexUnreachableError: HTTPStatus.SERVICE_UNAVAILABLE,
    StorageError: HTTPStatus.INTERNAL_SERVER_ERROR,
    SummarizerError: HTTPStatus.INTERNAL_SERVER_ERROR,
}


UNROUTED: Mapping[int, str] = {
    HTTPStatus.NOT_FOUND: "There is nothing at {path}: see /openapi.json for all endpoints.",
    HTTPStatus.METHOD_NOT_ALLOWED: "{path} takes no {method}: see /openapi.json for its methods.",
}

BROKEN = (
    "Nothing of the body was stored: mend it. POST /v1/items?partial=true takes the rows that can "
    "be read."
)
"""Advice on a body of rows that is cut off or broken."""

RETRY_AFTER_S = 5
"""Seconds after which a request that found something busy or out of reach may be sent again."""

Refusing = Callable[[Request, HTTPStatus, str], Response]
"""Renders the error page of a problem."""

Handler = Callable[[Request, Exception], JSONResponse]

CALLED = {"subscription_id": "webhook_id", "job_id": "id", "target": "into"}
"""Names in a request of arguments that have another name in the code."""

WHOLE = {"expected": "header.if-match", "stream": "body"}
"""Places in a request of arguments that are neither a parameter nor a field of the body."""


def install(app: FastAPI, page: Refusing) -> None:
    """Answer every error as ``application/problem+json``, and browsers on pages with a page."""
    handlers: dict[type[Exception], Handler] = {
        SummarizerError: _domain_error,
        HTTPException: _http,
        RequestValidationError: _invalid,
        PreconditionNeededError: _unconditional,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, _json_or_page(handler, page))


def _json_or_page(handler: Handler, page: Refusing) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        response = handler(request, error)
        if response.status_code < HTTPStatus.BAD_REQUEST or not _opens_a_page(request):
            return response
        fields = json.loads(bytes(response.body))
        return page(request, HTTPStatus(response.status_code), fields["detail"])

    return answer


def _opens_a_page(request: Request) -> bool:
    """Whether a browser opens a page: a GET outside ``/v1`` that accepts HTML."""
    is_program = request.url.path.startswith("/v1/") or request.method != "GET"
    return not is_program and "text/html" in request.headers.get("accept", "")


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """OpenAPI description of the problems that an endpoint may return."""
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
    """A problem document as a response.

    Args:
        status: HTTP status.
        detail: error and remedy, for people.
        headers: headers of the response.
        kind: kind for programs; defaults to the phrase of the status.
        field: the part of the request at fault, if it is one.
    """
    title = HTTPStatus(status).phrase
    fields = {
        "type": f"urn:summarizer:problem:{kind or title.lower().replace(' ', '-')}",
        "title": title,
        "status": status,
        "detail": detail,
    }
    return JSONResponse(
        fields | ({"field": field} if field else {}),
        status_code=status,
        headers=headers,
        media_type="application/problem+json",
    )


def status_of(error: SummarizerError) -> HTTPStatus:
    """HTTP status of an error: that of its nearest class in ``STATUS``."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _domain_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, SummarizerError)
    words = re.findall("[A-Z][a-z]*", type(error).__name__.removesuffix("Error"))
    kind, field = "-".join(words).lower(), error.field and _located(request, error.field)
    status = status_of(error)
    busy = status is HTTPStatus.SERVICE_UNAVAILABLE
    headers = {"Retry-After": str(RETRY_AFTER_S)} if busy else None
    advice = f" {BROKEN}" if isinstance(error, BrokenInputError) else ""
    return problem(status, f"{error}{advice}", headers, kind=kind, field=field)


def _located(request: Request, argument: str) -> str:
    """Place of a code argument in the request, in FastAPI's notation: ``body.note``."""
    if argument in WHOLE:
        return WHOLE[argument]
    name, *within = argument.split(".")
    name = CALLED.get(name, name)
    if name == "incident_id" and name not in request.path_params:
        name = "incident"
    if name in request.path_params:
        place = "path"
    else:
        place = "query" if request.method in ("GET", "HEAD", "DELETE") else "body"
    return ".".join((place, name, *within))


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status, detail = error.status_code, str(error.detail)
    if detail == HTTPStatus(status).phrase:  # the router's own errors, without details
        detail = UNROUTED.get(status, detail).format(method=request.method, path=request.url.path)
    field = error.field if isinstance(error, RefusedInputError) else None
    return problem(status, detail, error.headers, field=field)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [located(fault) for fault in error.errors()]
    detail = "; ".join(f"{where}: {what}" for where, what in faults)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, kind="invalid", field=faults[0][0])


def located(fault: Mapping[str, Any]) -> tuple[str, str]:
    """Place and message of a validation error."""
    if fault["type"] == "json_invalid":  # its location is a character offset
        at, what = fault["loc"][-1], fault["ctx"]["error"]
        return "body", f"it is not JSON: {what} at character {at}"
    return ".".join(str(part) for part in fault["loc"]), fault["msg"].removeprefix("Value error, ")


def _unconditional(request: Request, error: Exception) -> JSONResponse:
    return problem(HTTPStatus.PRECONDITION_REQUIRED, str(error), field=WHOLE["expected"])
