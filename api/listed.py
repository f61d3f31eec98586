"""What every list over HTTP takes and answers: a limit, a cursor, a link to what follows."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import Query, Request, Response

from summarizer import cursors

Limit = Annotated[int, Query(ge=1, le=200, description="Most rows of the page.")]

Cursor = Annotated[
    str | None,
    Query(
        max_length=cursors.LONGEST,
        description="`next` of the page before; the other parameters must be the same.",
    ),
]


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Name the page that follows as a ``Link`` (RFC 8288) too; none at the end."""
    if cursor:
        following = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'


def aware(at: dt.datetime | None) -> dt.datetime | None:
    """A time as it was meant: one without a zone is UTC."""
    return at if at is None or at.tzinfo else at.replace(tzinfo=dt.UTC)
