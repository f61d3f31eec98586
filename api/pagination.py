"""Pagination of lists: limit, cursor and ``Link`` header."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Query, Request, Response
from pydantic import AfterValidator

from summarizer import paging
from summarizer.domain.model import Model
from summarizer.errors import InputError

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=200, description="Maximum rows of the page.")]

Cursor = Annotated[
    str | None,
    Query(
        max_length=paging.LONGEST,
        description="`next` of the previous page; the other parameters must be the same.",
    ),
]


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Add a ``Link`` header (RFC 8288) to the next page, if there is one."""
    if cursor:
        following = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'


def _aware(at: dt.datetime) -> dt.datetime:
    """The time with a zone, UTC by default.

    Raises:
        ValueError: the year is the first or last that Python supports.
    """
    if not dt.MINYEAR < at.year < dt.MAXYEAR:  # conversion to another zone could overflow
        raise ValueError(f"it must lie after the year {dt.MINYEAR} and before {dt.MAXYEAR}")
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


Time = Annotated[dt.datetime, AfterValidator(_aware)]
"""A time in a query; UTC without a zone."""


class _Place(Model):
    """Position of the last row of a page."""

    asked: str
    after: tuple[int, ...]


def cut(
    rows: Sequence[T],
    place: Callable[[T], tuple[int, ...]],
    asked: object,
    limit: int,
    cursor: str | None,
) -> tuple[list[T], str | None]:
    """Cut one page from loaded rows.

    Args:
        rows: in ascending order of ``place``; only the ``limit`` + 1 rows after ``read_to`` are
            needed.
        place: unique sort key of a row.
        asked: identity of the list and its parameters.
        limit: maximum rows of the page, > 0.
        cursor: cursor of the previous page.

    Returns:
        The page, and the cursor of the next one; ``None`` at the end.

    Raises:
        InputError: the cursor is malformed, or of another list.
    """
    seen = read_to(asked, cursor)
    rest = [row for row in rows if place(row) > seen]
    shown = rest[:limit]
    if len(rest) == len(shown):
        return shown, None
    ended = _Place(asked=paging.query_hash(asked), after=place(shown[-1]))
    return shown, paging.encoded(ended)


def read_to(asked: object, cursor: str | None) -> tuple[int, ...]:
    """Sort key of the last row of the previous page; empty without a cursor.

    Raises:
        InputError: the cursor is malformed, or of another list.
    """
    if not cursor:
        return ()
    seen = paging.decoded(cursor, _Place)
    if seen.asked != paging.query_hash(asked):
        raise InputError(paging.REFUSED, field="cursor")
    return seen.after
