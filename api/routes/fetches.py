"""Endpoint of the fetch log."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.auth import Reader
from api.bodies import GuardedRoute
from api.dependencies import Service
from api.schemas.incidents import Public
from summarizer.domain.fetching import FetchOutcome, FetchRecord, Purpose

router = APIRouter(prefix="/v1", tags=["fetches"], route_class=GuardedRoute)


class FetchView(Public):
    """One attempt to fetch a URL."""

    number: int
    at: dt.datetime
    url: str
    final_url: str = Field(description="URL after redirects.")
    purpose: Purpose
    outcome: FetchOutcome
    status: int | None = Field(description="HTTP status; null without an answer.")
    size: int = Field(description="Bytes as transferred.")
    ms: int
    error: str | None = Field(description="Error; null if there was none.")

    @classmethod
    def of(cls, record: FetchRecord) -> FetchView:
        """The public shape of a record."""
        return cls(**record.model_dump())


class Fetches(Public):
    """Records of fetches."""

    fetches: list[FetchView]
    next: int | None = Field(description="`before` of the next page; null at the end.")


@router.get("/fetches", summary="List fetches, newest first")
def list_fetches(
    service: Service,
    actor: Reader,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
) -> Fetches:
    """Every attempt to fetch a page, a feed or a site's robots.txt."""
    found = service.store.fetches.newest(limit, before)
    return Fetches(
        fetches=[FetchView.of(record) for record in found],
        next=found[-1].number if len(found) == limit else None,
    )
