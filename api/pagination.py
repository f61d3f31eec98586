"""What every list over HTTP takes and answers: a limit, a cursor, a link to what follows."""

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

Limit = Annotated[int, Query(ge=1, le=200, description="Most rows of the page.")]

Cursor = Annotated[
    str | None,
    Query(
        max_length=paging.LONGEST,
        description="`next` of the page before; the other parameters must be the same.",
    ),
]


def link_next(request: Request, response: Response, cursor: str | None) -> None:
    """Name the page that follows as a ``Link`` (RFC 8288) too; none at the end."""
    if cursor:
        following = request.url.include_query_params(cursor=cursor)
        response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'


def _aware(at: dt.datetime) -> dt.datetime:
    """A time as it was meant: one without a zone is UTC."""
    if not dt.MINYEAR < at.year < dt.MAXYEAR:  # in another zone it may have no date
        raise ValueError(f"it must lie after the year {dt.MINYEAR} and before {dt.MAXYEAR}")
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


Time = Annotated[dt.datetime, AfterValidator(_aware)]
"""A time in a query; without a zone it is UTC."""


class _Place(Model):
    """The row that a page ended with."""

    asked: str
    after: tuple[int, ...]


def cut(
    rows: Sequence[T],
    place: Callable[[T], tuple[int, ...]],
    asked: object,
    limit: int,
    cursor: str | None,
) -> tuple[list[T], str | None]:
    """One page of rows that are at hand, and the cursor of the page that follows.

    Args:
        rows: in ascending order of ``place``; those that ``read_to`` tells of, and those after
            ``limit`` more and one, may be left out.
        place: what decides where a row stands, another for each.
        asked: what the list is of.
        limit: most rows of the page, > 0.
        cursor: of the page before.

    Raises:
        InputError: the cursor is none, or of another list.
    """
    seen = read_to(asked, cursor)
    rest = [row for row in rows if place(row) > seen]
    shown = rest[:limit]
    if len(rest) == len(shown):
        return shown, None
    ended = _Place(asked=paging.query_hash(asked), after=place(shown[-1]))
    return shown, paging.encoded(ended)


def read_to(asked: object, cursor: str | None) -> tuple[int, ...]:
    """The place of the row that the page before ended with; below every place without one.

    Raises:
        InputError: the cursor is none, or of another list.
    """
    if not cursor:
        return ()
    seen = paging.decoded(cursor, _Place)
    if seen.asked != paging.query_hash(asked):
        raise InputError(paging.REFUSED, field="cursor")
    return seen.after
