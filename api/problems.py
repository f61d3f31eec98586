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
from starlette.exceptions import HTTPException

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
            "content": {"application/problem+json": {}},
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
    return problem(status_of(error), str(error), kind="-".join(words).lower())


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status, detail = error.status_code, str(error.detail)
    if detail == HTTPStatus(status).phrase:  # the router's own, which say nothing more
        detail = UNROUTED.get(status, detail).format(method=request.method, path=request.url.path)
    return problem(status, detail, error.headers)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    faults = [
        (".".join(str(part) for part in fault["loc"]), fault["msg"]) for fault in error.errors()
    ]
    detail = "; ".join(f"{where}: {what}" for where, what in faults)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, kind="invalid", field=faults[0][0])


def _unconditional(request: Request, error: Exception) -> JSONResponse:
    return problem(HTTPStatus.PRECONDITION_REQUIRED, str(error))
