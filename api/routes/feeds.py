"""Endpoints of feeds: the approved pages as Atom and as JSON Feed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from api import etags
from api.answers import keep
from api.auth import Reader
from api.bodies import GuardedRoute
from api.dependencies import Service
from summarizer.app import App
from summarizer.domain.publication import Entry
from summarizer.rendering.feeds import ATOM, JSON, MOST, Feed, render_atom, render_json_feed

FRESH = dt.timedelta(hours=1)
"""Time for which a feed is kept while nothing changes: nothing in it depends on the time."""

router = APIRouter(prefix="/v1", tags=["feeds"], route_class=GuardedRoute)


def _of(media: str) -> dict[int | str, dict[str, Any]]:
    """OpenAPI description of the answers of a feed."""
    return etags.NOT_MODIFIED | {200: {"content": {media: {}}, "description": "The feed."}}


@router.get(
    "/feed.atom",
    summary="The approved pages as an Atom feed",
    response_class=Response,
    responses=_of(ATOM),
)
def show_atom_feed(request: Request, service: Service, actor: Reader) -> Response:
    """The 50 pages that were approved last, newest first, each in its approved revision (RFC 4287).

    Links lead to `SUMMARIZER_PUBLIC_URL`; without it, to this service. Ids of entries are
    permanent, and those of the feed of `summarizer publish`.
    """
    return _answer(request, service, render_atom, ATOM)


@router.get(
    "/feed.json",
    summary="The approved pages as a JSON Feed",
    response_class=Response,
    responses=_of(JSON),
)
def show_json_feed(request: Request, service: Service, actor: Reader) -> Response:
    """The same as `/v1/feed.atom`, by https://jsonfeed.org/version/1.1."""
    return _answer(request, service, render_json_feed, JSON)


def _answer(
    request: Request, service: App, render: Callable[[Feed, Sequence[Entry]], bytes], media: str
) -> Response:
    def build() -> Response:
        body = render(_feed(service), service.publication.newest(MOST))
        headers = etags.headers(etags.tag(media, body.decode()))
        return Response(body, media_type=media, headers=headers)

    mark = service.publication.mark
    return keep(request, build, mark, mark(), service.clock.now() + FRESH)


def _feed(service: App) -> Feed:
    settings = service.settings
    base = (settings.service_url or settings.root_path).rstrip("/")

    def page(entry: Entry) -> str:
        if settings.public_url:
            return f"{settings.public_url.rstrip('/')}/{entry.incident_id}"
        return f"{base}/v1/incidents/{entry.incident_id}?format=html&revision={entry.revision}"

    home = settings.public_url or f"{base}/"
    return Feed(settings.site_name, service.store.installation(), home, f"{base}/v1/", page)
