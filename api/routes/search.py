"""Endpoint for searching items and incidents by words and by meaning."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from api.auth import Reader
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.schemas.incidents import Public
from summarizer.domain import limits
from summarizer.incidents.search import Hit, Kind, Mode

router = APIRouter(prefix="/v1", tags=["search"], route_class=GuardedRoute)


class Found(Public):
    """One found item or incident, with an excerpt."""

    item: str = Field(examples=["a3"], description="For an incident, its best item.")
    incident: str | None = Field(examples=["INC-000042"])
    score: float = Field(description="Sum of 1 / (60 + rank) over the rankings that contain it.")
    field: Literal["title", "text"] = Field(description="Field that `start` and `end` refer to.")
    passage: str | None = Field(examples=["a3.7"])
    start: int = Field(description="Offset in code points.")
    end: int
    text: str = Field(description="Verbatim plain text: escape it for HTML.")
    marks: list[tuple[int, int]] = Field(description="Spans of `text` that match the words.")
    title: str
    outlet: str | None
    platform: str
    url: str | None
    published_at: dt.datetime | None

    @classmethod
    def of(cls, hit: Hit) -> Found:
        """The public shape of a hit."""
        item = hit.item
        fields = {name: getattr(hit, name) for name in cls.model_fields if name in Hit.model_fields}
        fields |= {name: getattr(item, name) for name in cls.model_fields if name not in fields}
        return cls.model_validate(fields | {"item": item.key})


class Results(Public):
    """Search results, best first."""

    results: list[Found]
    unindexed: int = Field(
        description="Items that a search by meaning misses, since they are not in the vector index "
        "yet, as after a restore."
    )


@router.get("/search", summary="Search items or incidents")
def search(
    service: Service,
    actor: Reader,
    q: Annotated[
        str, Query(min_length=1, max_length=limits.QUERY, examples=['fine "data commission"'])
    ],
    kind: Kind = "items",
    mode: Mode = "both",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Results:
    """`text` matches every word in any of its forms, and "phrases in quotes"; `meaning` matches
    similar content in other words; `both` merges the two by reciprocal rank fusion.
    """
    found = service.search.find(q, kind, mode, limit, held=actor.edits)
    missed = 0 if mode == "text" else service.search.unindexed(q)
    return Results(results=[Found.of(hit) for hit in found], unindexed=missed)
